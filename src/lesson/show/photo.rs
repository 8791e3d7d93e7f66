//! A photo beside its reduction, with the palette, the sizes, or one pixel followed on its way.

use serde::{Deserialize, Serialize};

use crate::engine::assign::dithering::Dithering;
use crate::engine::fit::Method;
use crate::spec::{PhotoSpec, Space};

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PhotoShow {
    /// Entries of the palette, 1 to 256.
    pub colors: u16,
    pub method: Method,
    pub space: Space,
    pub dither: Dithering,
    pub seen: Seen,
}

/// What stands below the pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    #[default]
    Palette,
    /// Raw and PNG bytes before and after.
    Sizes,
    /// The pixel under the pointer, its nearest entries and their distances.
    NearestEntry,
}

impl Default for PhotoShow {
    fn default() -> Self {
        let PhotoSpec { method, space, dither, .. } = PhotoSpec::default();
        Self { colors: 256, method, space, dither, seen: Seen::default() }
    }
}

impl PhotoShow {
    pub fn spec(&self) -> PhotoSpec {
        let dither = self.dither.canonical();
        PhotoSpec { colors: self.colors, method: self.method, space: self.space, dither, ..PhotoSpec::default() }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if (1..=256).contains(&self.colors) {
            Ok(())
        } else {
            Err(format!("{} colours; 1 to 256 can be shown", self.colors))
        }
    }
}
