//! One pan and zoom for all panes: which part of the picture is looked at, and how large.
//!
//! Zoom is in physical screen pixels a picture pixel, so 100 % is exact on every screen. Above 100 % it is a whole
//! number: every pixel of the picture is then as large as the next.

use crate::picture::Window;
use crate::view::widgets::bounds::between;

pub(super) const LEAST_ZOOM: f64 = 1.0 / 64.0;
/// The largest zoom, in physical pixels a pixel of the picture.
pub const MOST_ZOOM: f64 = 64.0;
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
pub fn fit_zoom(pane: Size, extent: Size) -> f64 {
    let zoom = (pane.0 / extent.0.max(1.0)).min(pane.1 / extent.1.max(1.0)).clamp(LEAST_ZOOM, MOST_FIT);
    if zoom > 1.0 { zoom.floor() } else { zoom }
}

/// A picture smaller than the pane stays in its middle; a larger one leaves no margin.
fn held(center: f64, visible: f64, extent: f64) -> f64 {
    if visible >= extent { extent / 2.0 } else { between(center, visible / 2.0, extent - visible / 2.0) }
}

/// The picture pixel under a point of the pane (physical pixels from its corner).
pub fn pixel_at(window: Window, at: (f64, f64), extent: (u32, u32)) -> Option<(u32, u32)> {
    let (x, y) = (window.left + at.0 / window.zoom, window.top + at.1 / window.zoom);
    let inside = x >= 0.0 && y >= 0.0 && x < f64::from(extent.0) && y < f64::from(extent.1);
    inside.then_some((x as u32, y as u32))
}
