use eframe::egui::{Pos2, Rect, pos2, vec2};
use quantscope::view::shell::desktop::back_on_screen;

fn window(x: f32, y: f32) -> Rect {
    Rect::from_min_size(pos2(x, y), vec2(1280.0, 800.0))
}

#[test]
fn a_window_that_no_screen_shows_comes_back_whole_and_others_stay() {
    let one = [Rect::from_min_size(Pos2::ZERO, vec2(1920.0, 1080.0))];
    assert_eq!(back_on_screen(window(5000.0, 5000.0), &one), Some(pos2(640.0, 280.0)));
    assert_eq!(back_on_screen(window(-4000.0, 100.0), &one), Some(pos2(0.0, 100.0)));
    assert_eq!(back_on_screen(window(100.0, -780.0), &one), Some(pos2(100.0, 0.0)), "its title is above the screen");
    for (x, y) in [(0.0, 0.0), (640.0, 280.0), (1800.0, 1000.0), (-1100.0, 40.0), (100.0, -8.0)] {
        assert_eq!(back_on_screen(window(x, y), &one), None, "{x}, {y}");
    }
}

#[test]
fn the_screen_at_the_right_counts_while_it_is_there() {
    let left = Rect::from_min_size(Pos2::ZERO, vec2(1920.0, 1080.0));
    let right = Rect::from_min_size(pos2(1920.0, 0.0), vec2(2560.0, 1440.0));
    assert_eq!(back_on_screen(window(2500.0, 300.0), &[left, right]), None);
    assert_eq!(back_on_screen(window(2500.0, 300.0), &[left]), Some(pos2(640.0, 280.0)));
    assert_eq!(back_on_screen(window(9000.0, 300.0), &[left, right]), Some(pos2(3200.0, 300.0)));
}

#[test]
fn a_window_larger_than_every_screen_shows_its_corner_and_no_screen_moves_nothing() {
    let small = [Rect::from_min_size(pos2(10.0, 20.0), vec2(800.0, 600.0))];
    assert_eq!(back_on_screen(window(5000.0, 5000.0), &small), Some(pos2(10.0, 20.0)));
    assert_eq!(back_on_screen(window(5000.0, 5000.0), &[]), None);
}
