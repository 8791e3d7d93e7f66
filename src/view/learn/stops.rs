//! Places where a dial of the arrow keys rests.

/// The colours that palettes are tried with.
pub const COLORS: [u16; 8] = [2, 4, 8, 16, 32, 64, 128, 256];

/// The stop above (`step` > 0) or below; the same where there is none. `stops` rise.
pub fn next<T: Copy + PartialOrd>(stops: &[T], now: T, step: i32) -> T {
    let stop = match step > 0 {
        true => stops.iter().find(|&&s| s > now),
        false => stops.iter().rev().find(|&&s| s < now),
    };
    stop.copied().unwrap_or(now)
}
