//! A window with less room than the views need is drawn smaller, as long as that can be read.

use egui::{Context, Vec2};
use serde::{Deserialize, Serialize};

/// Points that every view has room in.
const NEEDED: Vec2 = Vec2::new(1180.0, 720.0);
/// Smaller than this, text is not readable any more.
const LEAST_ZOOM: f32 = 0.75;

/// How the window is drawn when no lesson is presented. Kept between sessions.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Fitting {
    /// The zoom that was chosen here last; someone who zooms by hand has it their way.
    chosen: f32,
    zoom: f32,
}

impl Default for Fitting {
    fn default() -> Self {
        Self { chosen: 1.0, zoom: 1.0 }
    }
}

impl Fitting {
    /// At the start, whatever the window was drawn at when it was closed: a lesson may have been on.
    pub fn restore(&self, ctx: &Context) {
        ctx.set_zoom_factor(self.zoom);
    }

    /// Once a frame, unless a lesson is presented.
    pub fn update(&mut self, ctx: &Context) {
        self.zoom = ctx.zoom_factor();
        let wanted = zoom_for(ctx.content_rect().size() * self.zoom);
        let is_chosen = (self.zoom - self.chosen).abs() < 1e-3;
        if is_chosen && (wanted - self.zoom).abs() > 0.01 {
            (self.chosen, self.zoom) = (wanted, wanted);
            ctx.set_zoom_factor(wanted);
        }
    }
}

/// For a window with so many points at zoom 1.
pub fn zoom_for(points: Vec2) -> f32 {
    (points.x / NEEDED.x).min(points.y / NEEDED.y).clamp(LEAST_ZOOM, 1.0)
}
