//! A small seeded generator: every random choice of the engine can be repeated.

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator whose numbers follow from the seed alone.
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// Uniform over all numbers of 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub fn next_f32(&mut self) -> f32 {
        (self.next_u64() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Standard normal, by Box and Muller (1958).
    pub fn next_gaussian(&mut self) -> f32 {
        let u = 1.0 - f64::from(self.next_f32());
        let v = f64::from(self.next_f32());
        ((-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()) as f32
    }
}

/// One item of each of equal stretches, at places that follow from the seed and the lengths alone.
pub(super) fn one_of_each<T: Clone>(items: &[T], stretch: usize, seed: u64) -> Vec<T> {
    let mut random = Random::seeded(seed);
    items.chunks(stretch).map(|among| among[(random.next_u64() % among.len() as u64) as usize].clone()).collect()
}
