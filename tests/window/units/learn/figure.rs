use eframe::egui::{Color32, ColorImage, Rect, pos2};
use quantscope::view::learn::figure::cut;

#[test]
fn the_figure_is_the_part_of_the_window_it_stands_in() {
    let pixels = (0..60u8).map(Color32::from_gray).collect();
    let window = ColorImage::new([10, 6], pixels);
    let place = Rect::from_min_max(pos2(1.0, 1.0), pos2(3.0, 2.0));
    let figure = cut(&window, place, 2.0);
    assert_eq!(figure.size, [4, 2]);
    assert_eq!(figure.pixels[0], Color32::from_gray(22));
    assert_eq!(figure.pixels[7], Color32::from_gray(35));
    assert_eq!(cut(&window, Rect::from_min_max(pos2(4.0, 4.0), pos2(99.0, 99.0)), 2.0).size, [2, 0]);
}
