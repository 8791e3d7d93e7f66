//! Colour profiles (ICC): codes of another colour space become sRGB's, relative colorimetrically.
//!
//! A profile that moves no colour by more than 2 codes is sRGB itself under some name, and then the codes
//! stay as they are in the file. Source: ICC.1:2022; the arithmetic is the `moxcms` crate's.

use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, CmsError, ColorPrimaries, ColorProfile, DataColorSpace, Layout,
    MatrixCoefficients, ProfileText, RenderingIntent, ToneReprCurve, TransferCharacteristics, TransformOptions, XyY,
};
use rayon::prelude::*;
use thiserror::Error;

use super::decode::raster::Model;

type Rgba = [u8; 4];

/// How far a colour may move before the profile counts as another space.
const SAME: u8 = 2;
/// Pixels that one task converts.
const BAND: usize = 1 << 16;

/// Why a profile is not applied, as in "its colour profile is not applied (it is damaged: …)": the file's fault, or a kind
/// of profile that is not read here.
#[derive(Debug, Error)]
pub enum ProfileError {
    /// The profile breaks the rules of ICC.
    #[error("it is damaged: {0}")]
    Damaged(CmsError),
    /// A profile of inks, which the decoder has turned into RGB without it.
    #[error("it is for CMYK, which was converted by the usual formula")]
    Cmyk,
    /// A profile of neither RGB nor grey codes.
    #[error("it is for neither RGB nor grey")]
    OtherSpace,
    /// A profile of RGB codes for a grey picture.
    #[error("it is for RGB, and the picture is grey")]
    RgbForGrey,
    /// A profile of grey codes for a picture in colours.
    #[error("it is for grey, and the picture has colours")]
    GreyForRgb,
    /// A profile of RGB or grey codes for a picture in inks.
    #[error("it is for another colour model than the picture's CMYK")]
    NotForCmyk,
    /// Code points of ITU-T H.273 that stand for no space that is known here.
    #[error("{}/{}/{}/{} is no space that is known here", .0[0], .0[1], .0[2], .0[3])]
    UnknownCodePoints([u8; 4]),
    /// A transfer function of high dynamic range.
    #[error("{0}, high dynamic range, is not tone-mapped")]
    HighDynamicRange(&'static str),
    /// Primaries on one line or of no light.
    #[error("its primaries span no space")]
    Primaries,
    /// A profile that the arithmetic does not take.
    #[error("it is of a kind that cannot be applied: {0}")]
    Unusable(CmsError),
}

/// A profile that can be applied.
pub struct Profile {
    profile: ColorProfile,
    /// What the profile calls itself, in at most 40 characters; may be empty.
    pub name: String,
}

impl Profile {
    /// An ICC profile.
    ///
    /// # Errors
    /// It is damaged, or for codes other than RGB or grey.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProfileError> {
        let profile = ColorProfile::new_from_slice(bytes).map_err(ProfileError::Damaged)?;
        let name = profile.description.as_ref().map(name_of).unwrap_or_default();
        match profile.color_space {
            DataColorSpace::Rgb | DataColorSpace::Gray => Ok(Self { profile, name }),
            DataColorSpace::Cmyk => Err(ProfileError::Cmyk),
            _ => Err(ProfileError::OtherSpace),
        }
    }

    /// The profile for a picture of this colour model.
    ///
    /// # Errors
    /// Where it is for another; but grey codes mean the same under an RGB profile that is sRGB's.
    pub fn for_model(self, model: Model) -> Result<Self, ProfileError> {
        match model {
            Model::Grey if self.is_grey() || self.is_srgb() => Ok(self),
            Model::Rgb if !self.is_grey() => Ok(self),
            Model::Grey => Err(ProfileError::RgbForGrey),
            Model::Rgb => Err(ProfileError::GreyForRgb),
            Model::Cmyk => Err(ProfileError::NotForCmyk),
        }
    }

    /// The colour space of four code points: primaries, transfer function, matrix, and 1 for the full range.
    /// Source: ITU-T H.273, tables 2 to 4.
    ///
    /// # Errors
    /// It is not applied.
    pub fn of_cicp([primaries, transfer, matrix, full_range]: [u8; 4]) -> Result<Self, ProfileError> {
        const RGB: u8 = 0;
        let unknown = || ProfileError::UnknownCodePoints([primaries, transfer, matrix, full_range]);
        let color_primaries = CicpColorPrimaries::try_from(primaries).map_err(|_| unknown())?;
        let transfer_characteristics = TransferCharacteristics::try_from(transfer).map_err(|_| unknown())?;
        match transfer_characteristics {
            TransferCharacteristics::Smpte2084 => return Err(ProfileError::HighDynamicRange("PQ")),
            TransferCharacteristics::Hlg => return Err(ProfileError::HighDynamicRange("HLG")),
            _ if (matrix, full_range) != (RGB, 1) => return Err(unknown()),
            _ => {}
        }
        let profile = ColorProfile::new_from_cicp(CicpProfile {
            color_primaries,
            transfer_characteristics,
            matrix_coefficients: MatrixCoefficients::Identity,
            full_range: true,
        });
        // The crate leaves out the curves of what it does not know.
        if profile.red_trc.is_none() {
            return Err(unknown());
        }
        Self::checked(profile).map_err(|_| unknown())
    }

    /// The colour space of a display whose light is the code to the power of 1/gamma: by sRGB's curve and primaries
    /// where they are not given. All are in units of 1/100000; x and y of white, red, green and blue.
    /// Source: Portable Network Graphics, third edition, section 11.3.2.
    ///
    /// # Errors
    /// It is not applied.
    pub fn of_measures(gamma: Option<u32>, chromaticities: Option<[u32; 8]>) -> Result<Self, ProfileError> {
        const UNIT: f64 = 100_000.0;
        let mut profile = ColorProfile::new_srgb();
        profile.cicp = None;
        if let Some(gamma) = gamma {
            let curve = ToneReprCurve::Parametric(vec![(UNIT / f64::from(gamma)) as f32]);
            profile.red_trc = Some(curve.clone());
            profile.green_trc = Some(curve.clone());
            profile.blue_trc = Some(curve);
        }
        if let Some([wx, wy, rx, ry, gx, gy, bx, by]) = chromaticities.map(|all| all.map(|v| f64::from(v) / UNIT)) {
            let point = |x: f64, y: f64| Chromaticity::new(x as f32, y as f32);
            let primaries = ColorPrimaries { red: point(rx, ry), green: point(gx, gy), blue: point(bx, by) };
            profile.update_rgb_colorimetry(XyY { x: wx, y: wy, yb: 1.0 }, primaries);
        }
        profile.description = None;
        Self::checked(profile)
    }

    /// Adobe RGB (1998), as cameras have it.
    pub fn adobe_rgb() -> Self {
        Self { profile: ColorProfile::new_adobe_rgb(), name: String::new() }
    }

    fn checked(profile: ColorProfile) -> Result<Self, ProfileError> {
        match profile.colorant_matrix().v.iter().flatten().all(|v| v.is_finite()) {
            true => Ok(Self { profile, name: String::new() }),
            false => Err(ProfileError::Primaries),
        }
    }

    /// Whether codes mean what they mean in sRGB, as far as a grid of colours shows.
    pub fn is_srgb(&self) -> bool {
        let steps = [0, 36, 73, 109, 146, 182, 219, 255];
        let grid = steps.iter().flat_map(|&r| steps.iter().flat_map(move |&g| steps.map(|b| [r, g, b, 255])));
        let grid: Vec<Rgba> = match self.is_grey() {
            true => steps.iter().map(|&v| [v, v, v, 255]).collect(),
            false => grid.collect(),
        };
        let mut moved = grid.clone();
        self.convert(&mut moved).is_ok()
            && grid.as_flattened().iter().zip(moved.as_flattened()).all(|(a, b)| a.abs_diff(*b) <= SAME)
    }

    /// Converts pixels in place; alphas stay.
    ///
    /// # Errors
    /// The profile is of a kind that cannot be applied.
    pub fn convert(&self, pixels: &mut [Rgba]) -> Result<(), ProfileError> {
        let srgb = ColorProfile::new_srgb();
        if self.is_grey() {
            let table = self.grey_table(&srgb)?;
            pixels.par_chunks_mut(BAND).flatten().for_each(|p| {
                let [r, g, b] = table[usize::from(p[0])];
                *p = [r, g, b, p[3]];
            });
            return Ok(());
        }
        let transform = self.profile.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgba, options());
        let transform = transform.map_err(ProfileError::Unusable)?;
        let neutral = self.keeps_greys_neutral();
        let convert = |band: &mut [Rgba]| {
            let before = band.to_vec();
            transform.transform(before.as_flattened(), band.as_flattened_mut()).map_err(ProfileError::Unusable)?;
            for (after, before) in band.iter_mut().zip(&before) {
                if neutral && before[0] == before[1] && before[1] == before[2] {
                    *after = neutral_of(*after);
                }
                after[3] = before[3];
            }
            Ok(())
        };
        pixels.par_chunks_mut(BAND).try_for_each(convert)
    }

    /// From 16 bits a channel straight to 8, so that nothing is rounded twice.
    ///
    /// # Errors
    /// As of [`Profile::convert`].
    pub fn convert_wide(&self, pixels: &[[u16; 4]]) -> Result<Vec<Rgba>, ProfileError> {
        let srgb = ColorProfile::new_srgb();
        let layout = if self.is_grey() { Layout::GrayAlpha } else { Layout::Rgba };
        let transform = self.profile.create_transform_16bit(layout, &srgb, Layout::Rgba, options());
        let transform = transform.map_err(ProfileError::Unusable)?;
        let neutral = self.keeps_greys_neutral();
        let convert = |band: &[[u16; 4]]| {
            let mut after = vec![[0u16; 4]; band.len()];
            let grey: Vec<[u16; 2]> = band.iter().filter(|_| self.is_grey()).map(|&[v, _, _, a]| [v, a]).collect();
            let from = if self.is_grey() { grey.as_flattened() } else { band.as_flattened() };
            transform.transform(from, after.as_flattened_mut()).map_err(ProfileError::Unusable)?;
            let narrow = |v: u16| ((u32::from(v) + 128) / 257) as u8;
            let pixel = |(after, from): (&[u16; 4], &[u16; 4])| {
                let narrowed = [after[0], after[1], after[2], from[3]].map(narrow);
                if neutral && from[0] == from[1] && from[1] == from[2] { neutral_of(narrowed) } else { narrowed }
            };
            Ok(after.iter().zip(band).map(pixel).collect::<Vec<_>>())
        };
        let bands: Result<Vec<Vec<Rgba>>, ProfileError> = pixels.par_chunks(BAND).map(convert).collect();
        Ok(bands?.concat())
    }

    /// Whether equal channels make greys, but for the rounding of the arithmetic, which tints some of them by a code.
    fn keeps_greys_neutral(&self) -> bool {
        let mut ramp: Vec<Rgba> = (0..=u8::MAX).map(|v| [v, v, v, u8::MAX]).collect();
        let transform =
            self.profile.create_transform_8bit(Layout::Rgba, &ColorProfile::new_srgb(), Layout::Rgba, options());
        let before = ramp.clone();
        let outcome = transform.and_then(|t| t.transform(before.as_flattened(), ramp.as_flattened_mut()));
        let spread = |[r, g, b, _]: &Rgba| r.max(g).max(b).abs_diff(*r.min(g).min(b));
        !self.is_grey() && outcome.is_ok() && ramp.iter().all(|color| spread(color) <= 1)
    }

    fn is_grey(&self) -> bool {
        self.profile.color_space == DataColorSpace::Gray
    }

    fn grey_table(&self, srgb: &ColorProfile) -> Result<Vec<[u8; 3]>, ProfileError> {
        let codes: Vec<u8> = (0..=u8::MAX).collect();
        let mut table = vec![[0; 3]; codes.len()];
        let transform = self.profile.create_transform_8bit(Layout::Gray, srgb, Layout::Rgb, options());
        let outcome = transform.and_then(|t| t.transform(&codes, table.as_flattened_mut()));
        outcome.map(|()| table).map_err(ProfileError::Unusable)
    }
}

/// The grey of a colour that should have been one: the middle of its channels.
fn neutral_of([r, g, b, alpha]: Rgba) -> Rgba {
    let middle = r.max(g).min(r.min(g).max(b));
    [middle, middle, middle, alpha]
}

fn options() -> TransformOptions {
    TransformOptions { rendering_intent: RenderingIntent::RelativeColorimetric, ..TransformOptions::default() }
}

/// In one short line.
fn name_of(text: &ProfileText) -> String {
    const MOST_CHARS: usize = 40;
    let raw = match text {
        ProfileText::PlainString(text) => text.as_str(),
        ProfileText::Localizable(texts) => texts.first().map_or("", |t| t.value.as_str()),
        ProfileText::Description(text) => text.ascii_string.as_str(),
    };
    raw.trim().chars().filter(|c| !c.is_control()).take(MOST_CHARS).collect()
}
