use quantscope::view::learn::stops::{COLORS, next};

#[test]
fn a_dial_goes_to_the_next_stop_from_wherever_it_is_and_stays_at_the_ends() {
    assert_eq!([next(&COLORS, 16, 1), next(&COLORS, 17, 1), next(&COLORS, 17, -1)], [32, 32, 16]);
    assert_eq!([next(&COLORS, 256, 1), next(&COLORS, 2, -1), next(&[], 5, 1)], [256, 2, 5]);
}
