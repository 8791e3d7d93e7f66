//! One pan and zoom for all panes: which part of the picture is looked at, and how large.
//!
//! Zoom is in physical screen pixels a picture pixel, so 100 % is exact on every screen. Above 100 % it is a whole
//! number: every pixel of the picture is then as large as the next.

use crate::picture::Window;
use crate::view::widgets::bounds::between;

pub(super) const LEAST_ZOOM: f64 = 1.0 / 64.0;
pub(super) const MOST_ZOOM: f64 = 64.0;
/// Fitting a small picture enlarges it to even squares, at most this large.
const MOST_FIT: f64 = 32.0;

type Size = (f64, f64);

/// The zoom and the middle of the part of the picture on show; at first the whole picture.
#[derive(Clone, Copy, Debug)]
pub struct Viewport {
    /// Whole picture, as large as the pane allows.
    fit: bool,
    zoom: f64,
    /// The zoom that the wheel has come to, between those that are drawn.
    wished: f64,
    /// The picture point in the middle of the pane.
    center: (f64, f64),
    /// The pane (physical pixels) and the picture (pixels) of the last frame.
    last: Option<(Size, Size)>,
}

impl Default for Viewport {
    fn default() -> Self {
        Self { fit: true, zoom: 1.0, wished: 1.0, center: (0.0, 0.0), last: None }
    }
}

impl Viewport {
    /// The window for a pane of `pane` physical pixels onto a picture of `extent` pixels.
    pub fn window(&mut self, pane: Size, extent: Size) -> Window {
        self.last = Some((pane, extent));
        if self.fit {
            self.zoom = fit_zoom(pane, extent);
            self.wished = self.zoom;
            self.center = (extent.0 / 2.0, extent.1 / 2.0);
        }
        let zoom = self.zoom;
        self.center = (held(self.center.0, pane.0 / zoom, extent.0), held(self.center.1, pane.1 / zoom, extent.1));
        // Snapped to whole screen pixels, so that at whole zooms every picture pixel is as large as the next.
        let snap = |start: f64| (start * zoom).round() / zoom;
        Window { left: snap(self.center.0 - pane.0 / zoom / 2.0), top: snap(self.center.1 - pane.1 / zoom / 2.0), zoom }
    }

    /// Shows the whole picture, as large as the pane allows, from the next frame on.
    pub fn fit(&mut self) {
        self.fit = true;
    }

    /// Whether the whole picture is shown, whatever the size of the pane.
    pub fn is_fit(&self) -> bool {
        self.fit
    }

    /// Physical screen pixels a picture pixel, as last drawn or set.
    pub fn zoom(&self) -> f64 {
        self.zoom
    }

    /// To a zoom, or to the whole multiple next to it, the middle staying where it is.
    pub fn set_zoom(&mut self, zoom: f64) {
        self.fit = false;
        self.wished = zoom.clamp(LEAST_ZOOM, MOST_ZOOM);
        self.zoom = if self.wished > 1.0 { self.wished.round() } else { self.wished };
    }

    /// Multiplies the zoom, the middle staying where it is; the result is rounded as in [`Viewport::set_zoom`].
    pub fn zoom_by(&mut self, factor: f64) {
        self.set_zoom(self.zoom * factor);
    }

    /// Zooms so that the picture point at `at` (physical pixels from the pane's corner) stays there.
    pub fn zoom_about(&mut self, at: (f64, f64), factor: f64) {
        let Some((pane, _)) = self.last else { return };
        let from_middle = (at.0 - pane.0 / 2.0, at.1 - pane.1 / 2.0);
        let before = self.zoom;
        // Small turns of the wheel add up to the next whole multiple.
        self.set_zoom(self.wished * factor);
        let shift = |offset: f64| offset / before - offset / self.zoom;
        self.center = (self.center.0 + shift(from_middle.0), self.center.1 + shift(from_middle.1));
    }

    /// Moves the picture with the pointer, by physical pixels.
    pub fn pan(&mut self, by: (f64, f64)) {
        self.fit = false;
        self.center = (self.center.0 - by.0 / self.zoom, self.center.1 - by.1 / self.zoom);
    }
}

/// The largest zoom that shows all of the picture, whole above 100 %.
pub(super) fn fit_zoom(pane: Size, extent: Size) -> f64 {
    let zoom = (pane.0 / extent.0.max(1.0)).min(pane.1 / extent.1.max(1.0)).clamp(LEAST_ZOOM, MOST_FIT);
    if zoom > 1.0 { zoom.floor() } else { zoom }
}

/// A picture smaller than the pane stays in its middle; a larger one leaves no margin.
fn held(center: f64, visible: f64, extent: f64) -> f64 {
    if visible >= extent { extent / 2.0 } else { between(center, visible / 2.0, extent - visible / 2.0) }
}

/// The picture pixel under a point of the pane (physical pixels from its corner).
pub(super) fn pixel_at(window: Window, at: (f64, f64), extent: (u32, u32)) -> Option<(u32, u32)> {
    let (x, y) = (window.left + at.0 / window.zoom, window.top + at.1 / window.zoom);
    let inside = x >= 0.0 && y >= 0.0 && x < f64::from(extent.0) && y < f64::from(extent.1);
    inside.then_some((x as u32, y as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANE: Size = (400.0, 300.0);
    const EXTENT: Size = (1000.0, 500.0);

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
}
