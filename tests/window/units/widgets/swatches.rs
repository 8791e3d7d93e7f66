use eframe::egui::{Rect, pos2, vec2};
use quantscope::palette::Entry;
use quantscope::view::widgets::swatches::{Lines, strip_cells};

fn entry(rgba: [u8; 4], count: u64) -> Entry {
    Entry { rgba, count }
}

#[test]
fn a_strip_fills_its_place_in_the_order_of_the_swatches_and_hides_no_colour() {
    let rect = Rect::from_min_max(pos2(10.0, 5.0), pos2(210.0, 25.0));
    let entries = [entry([1, 1, 1, 255], 30), entry([2, 2, 2, 255], 0), entry([3, 3, 3, 255], 70)];
    let cells = strip_cells(&entries, &[2, 0, 1], rect);
    assert_eq!((cells[0].left(), cells[2].right()), (10.0, 210.0));
    assert!(cells.windows(2).all(|pair| (pair[0].right() - pair[1].left()).abs() < 1e-3));
    let widths: Vec<f32> = cells.iter().map(Rect::width).collect();
    assert_eq!(widths.iter().map(|w| w.round()).collect::<Vec<_>>(), [136.0, 60.0, 4.0]);
    let unused: Vec<Entry> = (0..=255).map(|v| entry([v, v, v, 255], 0)).collect();
    let order: Vec<u8> = (0..=255).collect();
    assert!(strip_cells(&unused, &order, rect).iter().all(|cell| (cell.width() - 200.0 / 256.0).abs() < 1e-3));
    assert!(strip_cells(&[], &[], rect).is_empty());
}

#[test]
fn the_nearest_tick_of_the_line_under_the_pointer_is_found() {
    let lines = Lines { rect: Rect::from_min_size(pos2(0.0, 0.0), vec2(273.0, 45.0)), row: 15.0 };
    let entries = [entry([0, 200, 9, 255], 1), entry([250, 100, 9, 255], 1), entry([120, 100, 0, 0], 1)];
    let at = |channel, value| lines.place(channel, value);
    assert_eq!(lines.nearest(&entries, at(0, 252)), Some(1));
    assert_eq!(lines.nearest(&entries, at(1, 198)), Some(0));
    assert_eq!(lines.nearest(&entries, at(0, 120)), None, "what cannot be seen has no tick");
    assert_eq!(lines.nearest(&entries, at(1, 150)), None);
}
