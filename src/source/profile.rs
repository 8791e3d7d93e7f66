//! Colour profiles (ICC): codes of another colour space become sRGB's, relative colorimetrically.
//!
//! A profile that moves no colour by more than 2 codes is sRGB itself under some name, and then the codes
//! stay as they are in the file. Source: ICC.1:2022; the arithmetic is the `moxcms` crate's.

use moxcms::{ColorProfile, DataColorSpace, Layout, ProfileText, RenderingIntent, TransformOptions};
use rayon::prelude::*;

type Rgba = [u8; 4];

/// How far a colour may move before the profile counts as another space.
const SAME: u8 = 2;
/// Pixels that one task converts.
const BAND: usize = 1 << 16;

/// A profile that can be applied.
pub struct Profile {
    profile: ColorProfile,
    pub name: String,
}

impl Profile {
    /// # Errors
    /// What is wrong with it, for people.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let profile = ColorProfile::new_from_slice(bytes).map_err(|_| "it is damaged".to_owned())?;
        let name = profile.description.as_ref().map(name_of).unwrap_or_default();
        match profile.color_space {
            DataColorSpace::Rgb | DataColorSpace::Gray => Ok(Self { profile, name }),
            DataColorSpace::Cmyk => Err("it is for CMYK, which was converted by the usual formula".to_owned()),
            _ => Err("it is for neither RGB nor grey".to_owned()),
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
    /// What is wrong with the profile, for people.
    pub fn convert(&self, pixels: &mut [Rgba]) -> Result<(), String> {
        let srgb = ColorProfile::new_srgb();
        if self.is_grey() {
            let table = self.grey_table(&srgb)?;
            pixels.par_chunks_mut(BAND).flatten().for_each(|p| {
                let [r, g, b] = table[usize::from(p[0])];
                *p = [r, g, b, p[3]];
            });
            return Ok(());
        }
        let transform = self
            .profile
            .create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgba, options())
            .map_err(|_| UNUSABLE.to_owned())?;
        let convert = |band: &mut [Rgba]| {
            let before = band.to_vec();
            transform.transform(before.as_flattened(), band.as_flattened_mut()).map_err(|_| UNUSABLE.to_owned())?;
            band.iter_mut().zip(&before).for_each(|(after, before)| after[3] = before[3]);
            Ok(())
        };
        pixels.par_chunks_mut(BAND).try_for_each(convert)
    }

    /// From 16 bits a channel straight to 8, so that nothing is rounded twice.
    ///
    /// # Errors
    /// As of [`Profile::convert`].
    pub fn convert_wide(&self, pixels: &[[u16; 4]]) -> Result<Vec<Rgba>, String> {
        let srgb = ColorProfile::new_srgb();
        let layout = if self.is_grey() { Layout::GrayAlpha } else { Layout::Rgba };
        let transform = self
            .profile
            .create_transform_16bit(layout, &srgb, Layout::Rgba, options())
            .map_err(|_| UNUSABLE.to_owned())?;
        let convert = |band: &[[u16; 4]]| {
            let mut after = vec![[0u16; 4]; band.len()];
            let outcome = match self.is_grey() {
                true => {
                    let grey: Vec<[u16; 2]> = band.iter().map(|&[v, _, _, a]| [v, a]).collect();
                    transform.transform(grey.as_flattened(), after.as_flattened_mut())
                }
                false => transform.transform(band.as_flattened(), after.as_flattened_mut()),
            };
            outcome.map_err(|_| UNUSABLE.to_owned())?;
            let narrow = |v: u16| ((u32::from(v) + 128) / 257) as u8;
            Ok(after.iter().zip(band).map(|(p, from)| [p[0], p[1], p[2], from[3]].map(narrow)).collect::<Vec<_>>())
        };
        let bands: Result<Vec<Vec<Rgba>>, String> = pixels.par_chunks(BAND).map(convert).collect();
        Ok(bands?.concat())
    }

    fn is_grey(&self) -> bool {
        self.profile.color_space == DataColorSpace::Gray
    }

    fn grey_table(&self, srgb: &ColorProfile) -> Result<Vec<[u8; 3]>, String> {
        let codes: Vec<u8> = (0..=u8::MAX).collect();
        let mut table = vec![[0; 3]; codes.len()];
        let transform = self.profile.create_transform_8bit(Layout::Gray, srgb, Layout::Rgb, options());
        let outcome = transform.and_then(|t| t.transform(&codes, table.as_flattened_mut()));
        outcome.map(|()| table).map_err(|_| UNUSABLE.to_owned())
    }
}

const UNUSABLE: &str = "it is of a kind that cannot be applied";

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
