use quantscope::engine::block::number::{
    clamped, extreme, greatest_size, integer, least_and_greatest, nearest, nearest_away, whole,
};

#[test]
fn roundings_agree_with_the_standard_library() {
    for step in -4_000i32..=4_000 {
        let at = step as f32 / 16.0;
        for x in [at, at.next_up(), at.next_down()] {
            assert_eq!(nearest(x), x.round_ties_even(), "{x:?}");
            assert_eq!(nearest_away(x), x.round(), "{x:?}");
            assert_eq!(integer(nearest(x)), x.round_ties_even() as i32, "{x:?}");
            if x >= 0.0 {
                assert_eq!(whole(x), x.trunc(), "{x:?}");
            }
        }
    }
    assert_eq!(nearest_away(0.499_999_97), 0.0);
}

#[test]
fn not_a_number_is_put_within_bounds() {
    assert_eq!(clamped(f32::NAN, -3.0, 4.0), -3.0);
    assert_eq!(clamped(f32::INFINITY, -3.0, 4.0), 4.0);
    let _ = (integer(f32::NAN), integer(f32::NEG_INFINITY), integer(f32::MAX));
}

#[test]
fn the_extreme_is_the_first_of_equals() {
    let mut x = [0.0f32; 32];
    assert_eq!(extreme(&x), 0.0);
    x[7] = -2.0;
    x[9] = 2.0;
    assert_eq!(extreme(&x), -2.0);
    x[3] = 2.0;
    assert_eq!(extreme(&x), 2.0);
    x[30] = -3.0;
    assert_eq!(extreme(&x), -3.0);
    assert_eq!((greatest_size(&x), least_and_greatest(&x)), (3.0, (-3.0, 2.0)));
}
