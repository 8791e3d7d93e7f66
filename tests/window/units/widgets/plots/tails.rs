use quantscope::view::widgets::plots::tails::{Part, TailView};

const WHOLE: (f32, f32) = (-2.0, 2.0);

#[test]
fn zooming_keeps_what_is_under_the_pointer_and_stays_within_all() {
    let mut view = TailView::default();
    view.move_by(WHOLE, 0.75, 4.0, 0.0, WHOLE);
    let Part::Free(low, high) = view.part else { panic!("a part") };
    assert!((high - low - 1.0).abs() < 1e-6 && (low + 0.75 - 1.0).abs() < 1e-6, "{low} {high}");
    view.move_by((low, high), 0.0, 1.0, -10.0, WHOLE);
    assert_eq!(view.part, Part::Free(1.0, 2.0), "panning ends at the end");
    view.move_by((1.0, 2.0), 0.5, 0.1, 0.0, WHOLE);
    assert_eq!(view.part, Part::Whole);
    view.move_by(WHOLE, 0.5, 1e30, 0.0, WHOLE);
    let Part::Free(low, high) = view.part else { panic!("a part") };
    assert!(high > low);
}
