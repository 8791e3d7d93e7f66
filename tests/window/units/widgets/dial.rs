use eframe::egui::{Pos2, Rect, Vec2};
use quantscope::run::DIAL;
use quantscope::view::widgets::dial::{angle_of, neighbour, power, stop_at};

#[test]
fn the_dial_steps_over_the_missing_seven_and_stops_at_its_ends() {
    assert_eq!(neighbour(8, -1), 6);
    assert_eq!(neighbour(6, 1), 8);
    assert_eq!(neighbour(8, 1), 8);
    assert_eq!(neighbour(1, -1), 1);
    assert_eq!(neighbour(4, -1), 3);
}

#[test]
fn every_stop_is_found_where_it_is_drawn() {
    let rect = Rect::from_center_size(Pos2::new(50.0, 60.0), Vec2::splat(100.0));
    for (k, bits) in DIAL.into_iter().enumerate() {
        assert_eq!(stop_at(rect, rect.center() + Vec2::angled(angle_of(k)) * 35.0), bits);
    }
}

#[test]
fn powers_are_written_out() {
    assert_eq!(power(4), "16 = 2⁴");
    assert_eq!(power(8), "256 = 2⁸");
    assert_eq!(power(1), "2 = 2¹");
}
