use eframe::egui::{Pos2, Rect, pos2, vec2};
use quantscope::view::widgets::compare::lens::{pixels_a_side, place};

#[test]
fn the_lens_stays_on_screen_and_off_the_pointer() {
    let screen = Rect::from_min_size(Pos2::ZERO, vec2(900.0, 560.0));
    let size = vec2(500.0, 200.0);
    for x in (0..900).step_by(25) {
        for y in (0..560).step_by(20) {
            let pointer = pos2(x as f32, y as f32);
            let lens = Rect::from_min_size(place(pointer, size, screen), size);
            assert!(screen.contains_rect(lens), "{pointer:?} {lens:?}");
            assert!(!lens.contains(pointer), "{pointer:?} {lens:?}");
        }
    }
}

#[test]
fn one_pixel_is_in_the_middle_on_every_screen() {
    for per_point in [0.75, 1.0, 1.25, 2.0, 3.0] {
        assert_eq!(pixels_a_side(per_point) % 2, 1, "{per_point}");
    }
}
