use quantscope::view::learn::exhibits::numbers::{nine, signed};

#[test]
fn numbers_are_written_to_nine_places_and_errors_with_their_sign() {
    assert_eq!((nine(0.847_291_736), nine(0.85), nine(-1.0)), ("0.847291736".into(), "0.85".into(), "−1".into()));
    assert_eq!((signed(0.002_7), signed(-0.124), signed(0.0)), ("+0.00270".into(), "−0.124".into(), "0".into()));
}
