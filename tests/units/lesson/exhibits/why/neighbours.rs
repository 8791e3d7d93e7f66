use std::sync::Arc;

use quantscope::engine::control::Control;
use quantscope::lesson::exhibits::why::neighbours::*;
use quantscope::picture::image::Image;
use quantscope::source::builtin;
use quantscope::source::open::Source;

fn grey(width: u32, height: u32, luma: impl Fn(u32, u32) -> u8) -> Arc<Image> {
    let pixel = |i: u32| [luma(i % width, i / width); 3];
    let rgba = (0..width * height).map(pixel).map(|[r, g, b]| [r, g, b, 255]).collect();
    Arc::new(Image::new(width, height, rgba))
}

fn of(image: &Arc<Image>, distance: u32, shuffled: Option<u64>) -> Neighbours {
    neighbours(image, Pairs { distance, shuffled, colors: None }, &Control::unwatched()).unwrap()
}

#[test]
fn a_slope_is_all_alike_and_a_chessboard_all_opposite() {
    let slope = of(&grey(100, 3, |x, _| x as u8 * 2), 1, None);
    assert!((slope.correlation - 1.0).abs() < 1e-6 && slope.alike == 1.0 && slope.count == 297);
    let board = grey(10, 4, |x, y| if (x + y) % 2 == 0 { 0 } else { 255 });
    assert!((of(&board, 1, None).correlation + 1.0).abs() < 1e-6);
    assert!((of(&board, 2, None).correlation - 1.0).abs() < 1e-6);
    assert_eq!(of(&grey(4, 4, |_, _| 7), 1, None).correlation, 0.0);
    assert_eq!(of(&grey(1, 5, |_, y| y as u8), 1, None).count, 5, "a pixel is its own neighbour where it is alone");
}

#[test]
fn in_a_photo_neighbours_are_alike_less_so_from_afar_and_not_at_all_when_shuffled() {
    let Ok(Source::Photo(photo)) = builtin::photo() else { panic!("the sample opens") };
    let [near, far] = [1, 32].map(|d| of(&photo.image, d, None).correlation);
    let none = of(&photo.image, 1, Some(5)).correlation;
    assert!(near > 0.9 && far < near && none.abs() < 0.02, "{near} {far} {none}");
}
