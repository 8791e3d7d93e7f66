//! A picture from elsewhere as the candidate of a photo: its figures, its palette in its file's order, its error map.

use std::time::Duration;

use crate::engine::control::Control;
use crate::engine::rate::Rate;
use crate::picture::image::Image;
use crate::run::decoded::{Decoded, rate_of_palette};
use crate::run::error::{Extent, RunError, SizesDiffer};
use crate::run::locked::darkness;
use crate::run::report::{PhotoCoding, PhotoReport};
use crate::source::photo::Photo;
use crate::spec::{Candidate, PhotoSpec};

/// Whether a picture can be compared with an original at all.
///
/// # Errors
/// Both sizes, where they differ.
pub fn check_sizes(original: &Photo, candidate: &Photo) -> Result<(), SizesDiffer> {
    check((&original.name, &original.image), candidate)
}

fn check((name, original): (&str, &Image), candidate: &Photo) -> Result<(), SizesDiffer> {
    let image = &candidate.image;
    if (original.width, original.height) == (image.width, image.height) {
        return Ok(());
    }
    let extent = |name: &str, image: &Image| Extent { name: name.to_owned(), width: image.width, height: image.height };
    Err(SizesDiffer { original: extent(name, original), candidate: extent(&candidate.name, image) })
}

/// The candidate measured against the photo, whole: nothing has to be searched for, so that it has no preview.
///
/// # Errors
/// `Stopped`, or sizes that differ.
pub(in crate::run) fn measure(
    original: &Image,
    candidate: &Candidate,
    control: &Control<'_>,
) -> Result<PhotoReport, RunError> {
    let file = &*candidate.0;
    check(("the original", original), file)?;
    let image = &file.image;
    control.check()?;
    let decoded = palettes(file).into_iter().find_map(|palette| Decoded::of_palette(image, palette));
    let (decoded, coding, rate) = match decoded {
        Some(decoded) => {
            let rate = rate_of_palette(image.rgba.len(), decoded.entries.iter().map(|entry| entry.rgba));
            (decoded, PhotoCoding::Palette, rate)
        }
        None => {
            let bits = if image.is_opaque() { 24 } else { 32 };
            let samples = image.rgba.len() as u64;
            let rate = Rate { index_bits: samples * bits, samples, ..Rate::default() };
            let coding = PhotoCoding::TrueColour { colors: image.colours().len() };
            (Decoded::of_any_colours(image), coding, rate)
        }
    };
    let spec = PhotoSpec::Candidate(candidate.clone());
    decoded.report(original, (spec, coding), (rate, Duration::ZERO), control)
}

/// The palettes that the pixels may be told in: the file's own, then their colours from dark to light.
fn palettes(file: &Photo) -> Vec<Vec<[u8; 4]>> {
    let colours = file.image.colours();
    let mut colors = vec![[0; 4]; usize::from(colours.hidden > 0)];
    if colours.len() <= crate::palette::MOST_COLORS {
        colors.extend(&colours.keys);
        colors.sort_by(|&a, &b| darkness(a).total_cmp(&darkness(b)));
    }
    vec![file.palette.clone(), colors]
}
