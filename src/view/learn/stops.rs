//! Places where a dial of the arrow keys rests.

/// The colours that palettes are tried with.
pub(super) const COLORS: [u16; 8] = [2, 4, 8, 16, 32, 64, 128, 256];

/// The stop above (`step` > 0) or below; the same where there is none. `stops` rise.
pub(super) fn next<T: Copy + PartialOrd>(stops: &[T], now: T, step: i32) -> T {
    let found = match step > 0 {
        true => stops.iter().find(|&&s| s > now),
        false => stops.iter().rev().find(|&&s| s < now),
    };
    found.copied().unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dial_goes_to_the_next_stop_from_wherever_it_is_and_stays_at_the_ends() {
        assert_eq!([next(&COLORS, 16, 1), next(&COLORS, 17, 1), next(&COLORS, 17, -1)], [32, 32, 16]);
        assert_eq!([next(&COLORS, 256, 1), next(&COLORS, 2, -1), next(&[], 5, 1)], [256, 2, 5]);
    }
}
