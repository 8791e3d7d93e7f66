use quantscope::picture::Window;
use quantscope::view::widgets::compare::viewport::{MOST_ZOOM, Viewport, fit_zoom, pixel_at};

const PANE: (f64, f64) = (400.0, 300.0);
const EXTENT: (f64, f64) = (1000.0, 500.0);

#[test]
fn fit_shows_all_of_the_picture_and_follows_the_pane() {
    let mut v = Viewport::default();
    assert_eq!(v.window(PANE, EXTENT).zoom, 0.4);
    assert_eq!(v.window((800.0, 300.0), EXTENT).zoom, 0.6);
    assert_eq!(fit_zoom(PANE, (64.0, 64.0)), 4.0);
}

#[test]
fn above_100_percent_the_zoom_is_whole_by_wheel_by_key_and_by_fit() {
    for pane in [500.0, 710.0, 999.9, 1550.0, 3170.0] {
        let zoom = fit_zoom((pane, pane), (500.0, 400.0));
        assert!(zoom.fract() == 0.0 && zoom <= pane / 500.0, "{pane}: {zoom}");
    }
    let mut v = Viewport::default();
    v.window(PANE, EXTENT);
    let mut seen = Vec::new();
    for factor in std::iter::repeat_n(1.03, 300).chain(std::iter::repeat_n(1.0 / 1.03, 300)) {
        v.zoom_about((100.0, 70.0), factor);
        let zoom = v.window(PANE, EXTENT).zoom;
        assert!(zoom < 1.0 || zoom.fract() == 0.0, "{zoom}");
        seen.push(zoom);
    }
    assert_eq!(seen[299], MOST_ZOOM, "small turns add up");
    assert!([1.0, 2.0, 3.0, 4.0, 7.0].iter().all(|zoom| seen.contains(zoom)));
    assert!(seen[599] < 1.0, "and back below 100 %");
    v.set_zoom(3.17);
    assert_eq!(v.zoom(), 3.0);
    v.zoom_by(0.5);
    assert_eq!(v.zoom().fract(), 0.0);
}

#[test]
fn the_point_under_the_pointer_stays_there_when_zooming() {
    let mut v = Viewport::default();
    v.window(PANE, EXTENT);
    v.set_zoom(1.0);
    for factor in [2.0, 1.3, 4.0] {
        let at = (123.0, 200.0);
        let before = v.window(PANE, EXTENT);
        v.zoom_about(at, factor);
        let after = v.window(PANE, EXTENT);
        let x = |w: Window| w.left + at.0 / w.zoom;
        assert!((x(before) - x(after)).abs() <= 1.0 / before.zoom, "{factor}");
    }
}

#[test]
fn a_hundred_percent_is_one_and_starts_at_a_whole_pixel() {
    let mut v = Viewport::default();
    v.window(PANE, EXTENT);
    v.pan((33.3, -7.7));
    v.set_zoom(1.0);
    let w = v.window(PANE, EXTENT);
    assert_eq!((w.zoom, w.left.fract(), w.top.fract()), (1.0, 0.0, 0.0));
}

#[test]
fn the_picture_cannot_be_dragged_out_of_sight() {
    let mut v = Viewport::default();
    v.window(PANE, EXTENT);
    v.set_zoom(1.0);
    for by in [1e6, -1e6] {
        v.pan((by, by));
        let w = v.window(PANE, EXTENT);
        assert!(w.left >= 0.0 && w.left + 400.0 <= 1000.0 && w.top >= 0.0 && w.top + 300.0 <= 500.0);
    }
}

#[test]
fn the_pixel_under_a_point_is_the_one_drawn_there() {
    let window = Window { left: 10.0, top: 20.0, zoom: 4.0 };
    assert_eq!(pixel_at(window, (0.0, 0.0), (100, 100)), Some((10, 20)));
    assert_eq!(pixel_at(window, (7.9, 8.0), (100, 100)), Some((11, 22)));
    assert_eq!(pixel_at(window, (400.0, 0.0), (100, 100)), None);
}
