//! What EXIF data say of the colours. Source: Exif 2.32, section 4.6.5, and DCF 2.0, section 5.6.

use super::directory::Tagged;
use super::raster::CodesMean;

const EXIF_DIRECTORY: u16 = 0x8769;
const COLOR_SPACE: u16 = 0xa001;
const INTEROPERABILITY_DIRECTORY: u16 = 0xa005;
const INTEROPERABILITY_INDEX: u16 = 1;

/// What the codes of a file mean that has no colour profile.
pub(crate) fn codes_mean(exif: &[u8]) -> CodesMean {
    /// A value outside of the standard that cameras of several makers write for Adobe RGB.
    const ADOBE_RGB: u32 = 2;
    const UNCALIBRATED: u32 = 0xffff;
    let tagged = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let space = Tagged::new(tagged).and_then(|tagged| {
        let directory = tagged.directory(tagged.directories().next()?.number(EXIF_DIRECTORY)?)?;
        let index = directory.number(INTEROPERABILITY_DIRECTORY).and_then(|at| tagged.directory(at));
        let index = index.and_then(|d| d.values(INTEROPERABILITY_INDEX));
        Some((directory.number(COLOR_SPACE)?, index.is_some_and(|text| text.starts_with(b"R03"))))
    });
    match space {
        Some((UNCALIBRATED, true) | (ADOBE_RGB, _)) => CodesMean::AdobeRgb,
        Some((UNCALIBRATED, false)) => CodesMean::Uncalibrated,
        _ => CodesMean::Unsaid,
    }
}
