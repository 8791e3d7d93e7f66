//! Whole numbers by size class: the class says how many amplitude bits follow, and is what an entropy coder
//! codes. 0 has none, ±1 have one, ±2 and ±3 have two, and so on. Source: ITU-T T.81 (1992), §F.1.2.

/// Bits of a number's amplitude.
pub fn size_of(x: i32) -> u32 {
    u32::BITS - x.unsigned_abs().leading_zeros()
}

/// Σ n·log2(total ÷ n): what symbols of these counts take, each coded at its share.
pub fn entropy_bits(counts: &[u64]) -> f64 {
    let total: u64 = counts.iter().sum();
    counts.iter().filter(|&&n| n > 0).map(|&n| n as f64 * (total as f64 / n as f64).log2()).sum()
}
