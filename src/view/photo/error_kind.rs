//! What the photo's error maps show.

use crate::run::report::{ERROR_MAP_DELTA_E, ERROR_MAP_SQUARED, PhotoReport};
use crate::view::widgets::compare::legend::ErrorScale;

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
        match (self, report.and_then(PhotoReport::tile_allocation)) {
            (ErrorKind::Bits, Some(tile_allocation)) => ErrorScale { top: f32::from(tile_allocation.top), ..scale },
            _ => scale,
        }
    }
}
