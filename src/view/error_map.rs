//! Which error the photo's error maps show: the choice, its scale, and the map itself.

use std::sync::Arc;

use egui::{Align, Layout, Rect, Ui, UiBuilder};

use super::command::Command;
use super::compare::ErrorScale;
use super::work::PhotoKey;
use crate::engine::metric::over_white;
use crate::jobs::{Running, Slot};
use crate::picture::Picture;
use crate::run::report::{ERROR_MAP_DELTA_E, ERROR_MAP_SQUARED, PhotoReport};

/// What the error maps of the photo's tab show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorKind {
    /// CIEDE2000 of each pixel.
    #[default]
    DeltaE,
    /// The squared difference of each pixel in 8-bit codes², mean over red, green and blue.
    Squared,
    /// No error: the bits that are allocated to each tile for its codes.
    Bits,
}

impl ErrorKind {
    /// All kinds, in the order of their buttons.
    pub const ALL: [ErrorKind; 3] = [ErrorKind::DeltaE, ErrorKind::Squared, ErrorKind::Bits];

    /// The text of the kind's button.
    pub fn label(self) -> &'static str {
        match self {
            ErrorKind::DeltaE => "ΔE2000",
            ErrorKind::Squared => "Squared error",
            ErrorKind::Bits => "Bits of tiles",
        }
    }

    /// The colour scale of the kind's maps; that of bits ends at 8 bits a code.
    pub fn scale(self) -> ErrorScale {
        match self {
            ErrorKind::DeltaE => ErrorScale {
                unit: "ΔE2000",
                hint: "CIEDE2000, the difference as the eye sees it: 1 is just visible side by side, 5 is plain",
                top: ERROR_MAP_DELTA_E,
            },
            ErrorKind::Squared => ErrorScale {
                unit: "squared error, codes²",
                hint: "Mean over red, green and blue of the squared difference in 8-bit codes, which PSNR sums up: \
                       1000 is 32 codes a channel",
                top: ERROR_MAP_SQUARED,
            },
            ErrorKind::Bits => ErrorScale {
                unit: "bits a code",
                hint: "No error: the bits allocated to each tile's codes; black tiles have one colour",
                top: 8.0,
            },
        }
    }

    /// The scale of a pane's map: that of bits ends at the most that its tiles may have.
    pub fn scale_of(self, report: Option<&PhotoReport>) -> ErrorScale {
        let scale = self.scale();
        match (self, report.and_then(|r| r.tile_allocation.as_ref())) {
            (ErrorKind::Bits, Some(tile_allocation)) => ErrorScale { top: f32::from(tile_allocation.top), ..scale },
            _ => scale,
        }
    }
}

/// The map that a pane is to show, where it is there.
pub fn map_of<'a>(
    kind: ErrorKind,
    report: Option<&'a PhotoReport>,
    squared: &'a Slot<PhotoKey, Arc<Picture>>,
    document: u64,
) -> Option<&'a Arc<Picture>> {
    match kind {
        ErrorKind::DeltaE => report.map(|r| &r.error_map),
        ErrorKind::Bits => report.and_then(|r| r.tile_allocation.as_ref()).map(|tile_allocation| &tile_allocation.map),
        ErrorKind::Squared => squared.shown().filter(|(key, _)| key.0 == document).map(|(_, map)| &**map),
    }
}

/// How far a pane's map is, where what is shown is not of the settings wanted.
pub fn stale(kind: ErrorKind, squared: &Slot<PhotoKey, Arc<Picture>>, wanted: &PhotoKey) -> Option<f32> {
    let current = squared.shown().is_some_and(|(key, _)| key == wanted);
    let coming = kind == ErrorKind::Squared && !current && squared.is_busy();
    coming.then(|| squared.progress().unwrap_or(0.0))
}

/// The choice, in the strip under the original where the maps have their scales.
/// `tiles`: whether bits were allocated to any.
pub fn choice_ui(ui: &mut Ui, at: Rect, current: ErrorKind, tiles: bool, commands: &mut Vec<Command>) {
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(at).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.label("Error as");
        ui.add_space(4.0);
        for kind in ErrorKind::ALL.into_iter().filter(|kind| tiles || *kind != ErrorKind::Bits) {
            if ui.selectable_label(kind == current, kind.label()).on_hover_text(kind.scale().hint).clicked() {
                commands.push(Command::SetErrorKind(kind));
            }
        }
    });
}

/// Mean over the channels of the squared difference, as the map has it.
pub fn squared(original: [u8; 4], reduced: [u8; 4]) -> f64 {
    let pairs = over_white(original).into_iter().zip(over_white(reduced));
    pairs.map(|(x, y)| f64::from(x.abs_diff(y)).powi(2)).sum::<f64>() / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_squared_error_is_the_mean_over_three_channels() {
        assert_eq!(squared([10, 20, 30, 255], [13, 20, 34, 255]), 25.0 / 3.0);
        assert_eq!(squared([0; 4], [255; 4]), 0.0, "nothing lies over white");
    }
}
