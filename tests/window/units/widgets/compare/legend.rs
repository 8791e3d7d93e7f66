use quantscope::view::widgets::compare::legend::tick_text;

#[test]
fn figures_of_the_scale_are_whole_where_they_can_be() {
    assert_eq!((tick_text(0.0), tick_text(20.0), tick_text(250.0)), ("0".into(), "20".into(), "250".into()));
    assert_eq!((tick_text(0.0123), tick_text(2.5)), ("0.0123".into(), "2.50".into()));
}
