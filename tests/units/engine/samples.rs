use quantscope::engine::samples::all_finite;

#[test]
fn one_value_that_is_not_finite_is_seen_wherever_it_is() {
    assert!(all_finite(&[]) && all_finite(&[f32::MAX, f32::MIN, -1e-45, 0.0]));
    for len in [1usize, 7, 8, 9, 1024, 2500] {
        for bad in [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            for at in [0, len / 2, len - 1] {
                let mut values = vec![1.0; len];
                assert!(all_finite(&values));
                values[at] = bad;
                assert!(!all_finite(&values), "{len} {at} {bad}");
            }
        }
    }
}
