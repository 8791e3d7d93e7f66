mod tails;

use quantscope::view::widgets::plots::{BELOW, BETWEEN, few_marks, marks_within};

#[test]
fn a_decibel_axis_has_two_numbers_or_more_with_room_between_them_at_every_height_of_its_panel() {
    for range in [(0.0, 45.0), (0.0, 67.5), (0.0, 157.5), (19.3, 31.2), (-4.0, 95.0), (21.7, 22.9)] {
        for height in [100.0f32, 124.0, 150.0, 184.0, 260.0, 420.0] {
            let marks = marks_within(range, height);
            assert!(marks.len() >= 2, "{range:?} {height}");
            let points = marks[0].step_size / (range.1 - range.0) * f64::from(height - BELOW);
            // From half of it on a number is drawn in full.
            assert!(points >= BETWEEN / 2.0, "{range:?} {height}: {points}");
            assert!(marks.iter().all(|m| m.value >= range.0 - 1e-9 && m.value <= range.1 + 1e-9));
        }
    }
}

#[test]
fn marks_are_round_within_the_range_and_few() {
    for range in [(0.0, 1.0), (19.3, 31.2), (-4.0, 95.0), (21.7, 21.74), (3.0, 3000.0), (0.0, 6.0)] {
        let marks = few_marks(range);
        assert!((3..=7).contains(&marks.len()), "{range:?}: {}", marks.len());
        for mark in marks {
            let rounding = mark.step_size * 1e-6;
            assert!(mark.value >= range.0 - rounding && mark.value <= range.1 + rounding);
            let leading = mark.step_size / 10f64.powf((mark.step_size * 1.000001).log10().floor());
            assert!([1.0, 2.0, 5.0].iter().any(|k| (leading - k).abs() < 1e-9), "{leading}");
        }
    }
    assert!(few_marks((1.0, 1.0)).is_empty() && few_marks((0.0, f64::NAN)).is_empty());
}
