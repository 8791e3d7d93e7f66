//! A photo file: decoded upright to 8-bit sRGB codes, with notes of what was done on the way.

use std::path::PathBuf;
use std::sync::Arc;

use image::metadata::Orientation;
use image::{DynamicImage, RgbaImage};

use super::decode::exif;
use super::decode::raster::{CodesMean, Model, Raster};
use super::profile::Profile;
use crate::engine::control::Control;
use crate::picture::edited::edited;
use crate::picture::edits::PhotoEdits;
use crate::picture::error::EditError;
use crate::picture::image::Image;

/// An opened photo, upright and in sRGB.
#[derive(Debug)]
pub struct Photo {
    /// The file's name without its folder, or what a pasted picture is called.
    pub name: String,
    /// The file that was opened; none where the picture came without one.
    pub path: Option<PathBuf>,
    /// 0 where there is no file.
    pub file_bytes: u64,
    /// "PNG", "JPEG", …
    pub format: &'static str,
    /// Pixels as 8-bit sRGB codes with straight alpha.
    pub image: Arc<Image>,
    /// The file's own palette in its order, in sRGB with straight alpha; empty where it has none.
    pub palette: Vec<[u8; 4]>,
    /// What was done to the pixels since the photo was opened.
    pub edits: PhotoEdits,
    /// What the reader of the figures should know: sentences without a full stop.
    pub notes: Vec<String>,
}

impl Photo {
    /// A picture that came without a file, and without a colour profile.
    pub fn without_file(name: String, image: Arc<Image>) -> Self {
        let notes = vec!["pasted: codes are taken as sRGB".to_owned()];
        let (palette, edits) = (Vec::new(), PhotoEdits::default());
        Self { name, path: None, file_bytes: 0, format: "no file", image, palette, edits, notes }
    }

    /// Turns a decoded picture upright and converts it to sRGB.
    pub(super) fn of_raster(
        name: String,
        path: Option<PathBuf>,
        format: &'static str,
        raster: Raster,
        file_bytes: u64,
    ) -> Self {
        let codes_mean = match (raster.codes_mean, &raster.exif) {
            (CodesMean::Unsaid, Some(exif)) => exif::codes_mean(exif),
            (said, _) => said,
        };
        let (mut pixels, mut notes) = (raster.pixels, raster.notes);
        if raster.orientation != Orientation::NoTransforms {
            pixels.apply_orientation(raster.orientation);
            notes.push("turned upright as its EXIF orientation says".to_owned());
        }
        let (width, height) = (pixels.width(), pixels.height());
        let (rgba, of_colours) = srgb_of(pixels, raster.model, &codes_mean);
        // A palette is a picture of a line.
        let entries = RgbaImage::from_raw(raster.palette.len() as u32, 1, raster.palette.into_flattened());
        let entries = entries.map(|entries| srgb_of(DynamicImage::ImageRgba8(entries), raster.model, &codes_mean).0);
        notes.extend(of_colours);
        let image = Image::new(width, height, rgba);
        if image.rgba.iter().all(|c| c[3] == 0) {
            notes.push("every pixel is fully transparent".to_owned());
        }
        let (palette, edits) = (entries.unwrap_or_default(), PhotoEdits::default());
        Self { name, path, file_bytes, format, image: Arc::new(image), palette, edits, notes }
    }

    /// This photo, as it was opened, with edits carried out: figures are then against the edited picture.
    ///
    /// # Errors
    /// Why the edits have no result, and [`EditError::Stopped`].
    pub fn edited(&self, edits: PhotoEdits, control: &Control<'_>) -> Result<Self, EditError> {
        let image = edited(&self.image, &edits, control)?;
        let words = edits.words(self.image.width, self.image.height);
        let note = format!("edited before it is reduced ({words}): figures are against the edited picture");
        Ok(Self {
            name: self.name.clone(),
            path: self.path.clone(),
            image: Arc::new(image),
            palette: Vec::new(),
            edits,
            notes: self.notes.iter().cloned().chain([note]).collect(),
            ..*self
        })
    }
}

/// The pixels as sRGB codes, and what is to be said of what the file says of its colours.
fn srgb_of(pixels: DynamicImage, model: Model, codes_mean: &CodesMean) -> (Vec<[u8; 4]>, Option<String>) {
    let taken_as_srgb = |why: String| Some(format!("{why}: codes are taken as sRGB"));
    let (profile, source) = match profile_of(model, codes_mean) {
        Ok(None) => return (rgba_of(pixels), None),
        Ok(Some(named_profile)) => named_profile,
        Err(why) => return (rgba_of(pixels), taken_as_srgb(why)),
    };
    let converted = Some(format!("converted to sRGB from {source}"));
    let unusable = |why| taken_as_srgb(format!("{source} is not applied ({why})"));
    use DynamicImage::{ImageLuma8, ImageLumaA8, ImageRgb8, ImageRgba8};
    if !matches!(pixels, ImageLuma8(_) | ImageLumaA8(_) | ImageRgb8(_) | ImageRgba8(_)) {
        return match profile.convert_wide(pixels.to_rgba16().into_raw().as_chunks().0) {
            Ok(rgba) => (rgba, converted),
            Err(why) => (rgba_of(pixels), unusable(why)),
        };
    }
    let mut rgba = rgba_of(pixels);
    match profile.convert(&mut rgba) {
        Ok(()) => (rgba, converted),
        Err(why) => (rgba, unusable(why)),
    }
}

/// The profile to apply, with what it comes from; none where codes are sRGB's.
///
/// # Errors
/// Why what the file says of its colours is not applied.
fn profile_of(model: Model, codes_mean: &CodesMean) -> Result<Option<(Profile, String)>, String> {
    let (profile, source) = match codes_mean {
        CodesMean::Unsaid | CodesMean::Srgb => return Ok(None),
        CodesMean::Uncalibrated => {
            return Err("its EXIF data say that its colours are not sRGB's, and not what they are".to_owned());
        }
        CodesMean::AdobeRgb => (Ok(Profile::adobe_rgb()), "Adobe RGB, the space its EXIF data name"),
        CodesMean::Icc(bytes) => (Profile::parse(bytes).and_then(|p| p.for_model(model)), "its colour profile"),
        CodesMean::Cicp(code) => (Profile::of_cicp(*code), "the colour space that its code points name"),
        CodesMean::Measured { gamma, chromaticities } => {
            let source = if chromaticities.is_some() { "its gamma and chromaticities" } else { "its gamma" };
            (Profile::of_measures(*gamma, *chromaticities), source)
        }
    };
    let profile = profile.map_err(|why| format!("{source} is not applied ({why})"))?;
    let name = if profile.name.is_empty() { String::new() } else { format!(" ({})", profile.name) };
    Ok((!profile.is_srgb()).then(|| (profile, format!("{source}{name}"))))
}

fn rgba_of(decoded: DynamicImage) -> Vec<[u8; 4]> {
    match decoded {
        // The common case without a second full copy in between.
        DynamicImage::ImageRgb8(rgb) => rgb.pixels().map(|p| [p.0[0], p.0[1], p.0[2], 255]).collect(),
        other => other.into_rgba8().pixels().map(|p| p.0).collect(),
    }
}
