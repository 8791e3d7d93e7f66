use quantscope::engine::control::Control;
use quantscope::lesson::exhibits::numbers::number_line::*;

fn all(value: f64) -> Vec<Reading> {
    read(&ROWS, value, &Control::unwatched()).unwrap()
}

fn of<'a>(readings: &'a [Reading], name: &str) -> &'a Reading {
    readings.iter().find(|r| r.row.name == name).unwrap_or_else(|| panic!("{name}"))
}

/// FACTS: one number in every format.
#[test]
fn the_number_of_the_books_is_stored_as_they_say() {
    let readings = all(0.847_291_736);
    assert_eq!(readings.len(), ROWS.len());
    for (name, expected) in [
        ("decimals-2", 0.85),
        ("fp32", 0.847_291_708),
        ("fp16", 0.847_167_969),
        ("bf16", 0.847_656_25),
        ("int8", 108.0 / 127.0),
        ("int4", 6.0 / 7.0),
        ("e4m3", 0.875),
        ("e5m2", 0.875),
        ("nf4", 0.722_957),
        ("mxfp4", 0.75),
    ] {
        let stored = of(&readings, name).stored;
        assert!((stored - expected).abs() < 5e-7, "{name}: {stored}");
    }
    let (level, scale) = of(&readings, "int8").product.unwrap();
    assert!(level == 108.0 && (scale - 1.0 / 127.0).abs() < 1e-9);
}

#[test]
fn what_is_stored_is_a_mark_and_no_other_mark_is_nearer() {
    for value in [-0.99, -0.37, -0.031_25, 0.0, 0.003, 0.2, 0.5, 0.847_291_736, 1.0] {
        for reading in all(value) {
            let (low, high) = (reading.stored.min(value) - 1e-9, reading.stored.max(value) + 1e-9);
            assert!(reading.count(reading.stored - 1e-7, reading.stored + 1e-7) >= 1, "{value} {reading:?}");
            let Some(marks) = reading.marks(2.0 * low - high, 2.0 * high - low, 100_000) else { continue };
            let least = marks.iter().map(|m| (m - value).abs()).fold(f64::INFINITY, f64::min);
            // The scale of two bits and more is rounded to f16, the codes to the exact one's nearest.
            let slack = if reading.product.is_some() { 1e-3 } else { 1e-12 };
            assert!((reading.stored - value).abs() <= least + slack, "{value} {}", reading.row.name);
        }
    }
}

#[test]
fn marks_are_counted_without_listing_them() {
    for reading in all(0.3) {
        for (low, high) in [(-1.0, 1.0), (0.29, 0.31), (-0.011, 0.0101), (0.3, 0.300_001)] {
            let Some(marks) = reading.marks(low, high, 70_000) else { continue };
            assert_eq!(marks.len() as u64, reading.count(low, high), "{} {low} {high}", reading.row.name);
            assert!(marks.windows(2).all(|w| w[0] < w[1]), "{}", reading.row.name);
            assert!(marks.iter().all(|m| (low..=high).contains(m)), "{}", reading.row.name);
            let (below, above) = reading.beyond(low, high);
            assert!(below.is_none_or(|b| b < low) && above.is_none_or(|a| a > high), "{}", reading.row.name);
        }
    }
}

#[test]
fn two_bits_with_a_sign_have_three_levels() {
    let readings = all(0.3);
    assert_eq!(of(&readings, "int2").marks(-2.0, 2.0, 9), Some(vec![-1.0, 0.0, 1.0]));
    assert_eq!(of(&readings, "int4").count(-2.0, 2.0), 15);
    assert_eq!(of(&readings, "nf4").count(-2.0, 2.0), 16);
    assert_eq!(of(&readings, "int8").count(-2.0, 2.0), 255);
}
