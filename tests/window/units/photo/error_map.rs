use quantscope::view::photo::error_map::squared;

#[test]
fn the_squared_error_is_the_mean_over_three_channels() {
    assert_eq!(squared([10, 20, 30, 255], [13, 20, 34, 255]), 25.0 / 3.0);
    assert_eq!(squared([0; 4], [255; 4]), 0.0, "nothing lies over white");
}
