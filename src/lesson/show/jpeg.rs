//! A photo as JPEG keeps it: one block on its way, the zeros, the bytes, or what rounding pixels makes of as many.

use serde::{Deserialize, Serialize};

use crate::lab::jpeg::JpegSpec;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JpegShow {
    /// 1 to 100.
    pub quality: u8,
    /// The colours at half the width and height, as most cameras store them.
    pub half_colour: bool,
    pub seen: JpegSeen,
    /// A pixel of the block that is looked at; none: in the middle of the photo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<[u32; 2]>,
}

/// What stands beside or below the pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JpegSeen {
    /// One block: pixels, frequencies, steps, codes.
    #[default]
    Block,
    /// How many codes of each frequency are zero, and where the others lie.
    Zeros,
    /// Estimated and real bytes.
    Sizes,
    /// The picture that pixels rounded to a palette make of no more bytes.
    Pixels,
}

impl Default for JpegShow {
    fn default() -> Self {
        let JpegSpec { quality, half_colour } = JpegSpec::default();
        Self { quality, half_colour, seen: JpegSeen::default(), at: None }
    }
}

impl JpegShow {
    pub fn spec(&self) -> JpegSpec {
        JpegSpec { quality: self.quality, half_colour: self.half_colour }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if (1..=100).contains(&self.quality) {
            Ok(())
        } else {
            Err(format!("a quality of {}; 1 to 100 can be shown", self.quality))
        }
    }
}
