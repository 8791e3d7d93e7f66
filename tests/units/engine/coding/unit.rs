use quantscope::engine::coding::unit::Scaled;

#[test]
fn dividing_by_the_unit_and_back_is_exact_at_every_size() {
    for size in [1e-45f32, 1e-38, 1e-10, 1.0, 3.7, 1e10, 3e38] {
        let values = [size, -size, 0.5 * size, 0.0];
        let scaled = Scaled::new(&values, None);
        assert!(scaled.values.iter().all(|x| x.abs() < 4.0), "{size} {:?}", scaled.values);
        let mut back = scaled.values.clone();
        scaled.unit.multiply(&mut back);
        assert_eq!(back, values);
    }
}

#[test]
fn what_is_not_finite_counts_as_zero_and_weighs_nothing() {
    let scaled = Scaled::new(&[f32::NAN, 2.0, f32::INFINITY], Some(&[5.0, 6.0, 7.0]));
    assert_eq!((scaled.values[0], scaled.values[2]), (0.0, 0.0));
    assert_eq!(scaled.weights.as_deref(), Some([0.0, 6.0, 0.0].as_slice()));
}
