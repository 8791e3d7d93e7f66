//! How the photo's colours in space are looked at.

use egui::TextureHandle;

use crate::run::cloud::CloudSpace;
use crate::view::widgets::orbit::Orbit;

/// How it is looked at.
pub struct CloudState {
    /// From where the cloud is seen.
    pub orbit: Orbit,
    /// The colour space whose axes the cloud is drawn on.
    pub space: CloudSpace,
    /// The entry of the palette under the pointer, from the last frame.
    pub hovered: Option<usize>,
    /// A white disc, of which all points are drawn.
    pub(crate) disc: Option<TextureHandle>,
}

impl Default for CloudState {
    fn default() -> Self {
        Self { orbit: Orbit::default(), space: CloudSpace::Rgb, hovered: None, disc: None }
    }
}

/// What keys and buttons do with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CloudMove {
    /// Steps to the right and up.
    Turn(f32, f32),
    /// Multiplies the zoom: above 1 is nearer.
    Zoom(f32),
    /// Back to the first view.
    Reset,
    /// Draws the cloud on the axes of this colour space.
    Space(CloudSpace),
}

impl CloudState {
    /// Carries out a move; the zoom stays within its bounds.
    pub fn apply(&mut self, act: CloudMove) {
        match act {
            CloudMove::Turn(right, up) => self.orbit.turn(right * STEP, up * STEP),
            CloudMove::Zoom(factor) => self.orbit.zoom_by(factor),
            CloudMove::Reset => self.orbit = Orbit::default(),
            CloudMove::Space(space) => self.space = space,
        }
    }
}

/// A key's turn, in radians.
pub(crate) const STEP: f32 = 0.1;
