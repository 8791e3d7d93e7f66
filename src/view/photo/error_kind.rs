//! What the photo's error maps show.

use std::sync::Arc;

use crate::engine::control::{Control, Stopped};
use crate::picture::Picture;
use crate::picture::image::Image;
use crate::run::photo;
use crate::run::report::{ERROR_MAP_AFAR, ERROR_MAP_DELTA_E, ERROR_MAP_SQUARED, PhotoReport};
use crate::view::widgets::compare::legend::ErrorScale;

/// Makes an error map of a photo and its full reduction.
type MakeMap = fn(&Image, &PhotoReport, &Control<'_>) -> Result<Arc<Picture>, Stopped>;

/// What the error maps of the photo's tab show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorKind {
    /// The Oklab distance of each pixel once both pictures are blurred as distance does.
    Afar,
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
    pub const ALL: [ErrorKind; 4] = [ErrorKind::Afar, ErrorKind::DeltaE, ErrorKind::Squared, ErrorKind::Bits];

    /// The text of the kind's button.
    pub fn label(self) -> &'static str {
        match self {
            ErrorKind::Afar => "From afar",
            ErrorKind::DeltaE => "ΔE2000",
            ErrorKind::Squared => "Squared error",
            ErrorKind::Bits => "Bits of tiles",
        }
    }

    /// The colour scale of the kind's maps; that of bits ends at 8 bits a code.
    pub fn scale(self) -> ErrorScale {
        match self {
            ErrorKind::Afar => ErrorScale {
                unit: "Oklab distance × 100, from afar",
                hint: "The colour that is off once both pictures are blurred as distance does (σ 2 pixels): 2 is just \
                       noticed side by side. Dither that averages out is dark here",
                top: ERROR_MAP_AFAR,
            },
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

    /// What makes the kind's map of a full reduction of the photo; none where the report carries it.
    pub(crate) fn computed(self) -> Option<MakeMap> {
        match self {
            ErrorKind::Afar => Some(photo::afar_map),
            ErrorKind::Squared => Some(photo::squared_map),
            ErrorKind::DeltaE | ErrorKind::Bits => None,
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
