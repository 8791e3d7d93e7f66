//! Pixels as 8-bit sRGB codes with straight alpha.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::coarse::Coarse;
use super::colours::Colours;
use super::flats::{self, Flat};
use crate::engine::tasks;

/// A picture of 8-bit sRGB codes, with what is worked out from its pixels once and kept.
#[derive(Debug)]
pub struct Image {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// sRGB and straight alpha, row by row from the top.
    pub rgba: Vec<[u8; 4]>,
    colours: OnceLock<Colours>,
    coarse: OnceLock<Coarse>,
    small: OnceLock<Arc<Image>>,
    flats: OnceLock<Vec<Flat>>,
    palettes: Mutex<Vec<(String, Vec<[u8; 4]>)>>,
    traits: Traits,
}

/// Palettes that are kept: those of the panes, and of the settings that were tried last.
const MOST_PALETTES: usize = 12;

/// What is shown while the whole is worked on is made of no more pixels than this.
pub const PREVIEW_PIXELS: usize = 110_000;

#[derive(Debug, Clone, Copy)]
struct Traits {
    grey: bool,
    hidden: bool,
    translucent: bool,
}

/// Pixels that one task maps.
const BAND: usize = 1 << 16;

impl Traits {
    fn of(rgba: &[[u8; 4]]) -> Self {
        // Whole-word arithmetic that the compiler turns into vectors: (any channels differ, any alpha
        // is neither 0 nor 255, the least alpha).
        let pixel = |c: &[u8; 4]| {
            let x = u32::from_le_bytes(*c);
            let alpha = x >> 24;
            ((x ^ (x >> 8)) & 0xffff, (alpha + 1) & 0xfe, alpha)
        };
        let both = |a: (u32, u32, u32), b: (u32, u32, u32)| (a.0 | b.0, a.1 | b.1, a.2.min(b.2));
        let none = (0, 0, 255);
        let band = |b: &[[u8; 4]]| b.iter().map(pixel).fold(none, both);
        let (differ, between, least) =
            tasks::map(rgba.chunks(BAND), |_, pixels| band(pixels)).into_iter().fold(none, both);
        Traits { grey: differ == 0 && least == 255, hidden: least == 0, translucent: between != 0 }
    }
}

impl Image {
    /// A picture of `width · height` pixels, row by row from the top.
    ///
    /// # Panics
    /// In debug builds, when there are not `width · height` pixels.
    pub fn new(width: u32, height: u32, rgba: Vec<[u8; 4]>) -> Self {
        debug_assert_eq!(rgba.len(), width as usize * height as usize);
        let traits = Traits::of(&rgba);
        Self {
            width,
            height,
            rgba,
            colours: OnceLock::new(),
            coarse: OnceLock::new(),
            small: OnceLock::new(),
            flats: OnceLock::new(),
            palettes: Mutex::default(),
            traits,
        }
    }

    /// Every pixel opaque with equal channels: such a picture is a table of numbers.
    pub fn is_grey(&self) -> bool {
        self.traits.grey
    }

    /// Whether any pixel has an alpha between 0 and 255.
    pub fn has_translucency(&self) -> bool {
        self.traits.translucent
    }

    /// Whether any pixel has alpha 0.
    pub fn has_hidden(&self) -> bool {
        self.traits.hidden
    }

    /// Whether every pixel has alpha 255.
    pub fn is_opaque(&self) -> bool {
        !self.traits.translucent && !self.traits.hidden
    }

    /// The different colours; counted at the first call (off the window's thread), then kept.
    pub fn colours(&self) -> &Colours {
        self.colours.get_or_init(|| Colours::of(&self.rgba, self.has_translucency()))
    }

    /// The coarse cells of the colour space with pixels of any alpha but 0; counted at the first call, then kept.
    pub fn coarse(&self) -> &Coarse {
        self.coarse.get_or_init(|| match self.colours.get() {
            Some(colours) => Coarse::of_cubes(colours.placed_cubes()),
            None => Coarse::of(&self.rgba),
        })
    }

    /// Pixels of each different colour, in the order of its keys; counted at the first call, then kept.
    pub fn colour_counts(&self) -> &[u32] {
        self.colours().counts(&self.rgba)
    }

    /// The colours that fill a large share of the photo; found at the first call, then kept.
    pub fn flats(&self) -> &[Flat] {
        self.flats.get_or_init(|| flats::of(&self.rgba))
    }

    /// The palette that was fitted to this photo under these settings, told as text, if it is still kept.
    pub fn kept_palette(&self, settings: &str) -> Option<Vec<[u8; 4]>> {
        let mut kept = self.palettes.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(of, _)| of == settings)?;
        let palette = kept.remove(at);
        let colors = palette.1.clone();
        kept.push(palette);
        Some(colors)
    }

    /// Keeps a palette for when only something else changes, in place of the one that has not been asked for longest.
    pub fn keep_palette(&self, settings: String, colors: Vec<[u8; 4]>) {
        let mut kept = self.palettes.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(of, _)| *of != settings);
        let surplus = (kept.len() + 1).saturating_sub(MOST_PALETTES);
        kept.drain(..surplus);
        kept.push((settings, colors));
    }

    /// The photo in [`PREVIEW_PIXELS`]; made at the first call, then kept with its colours.
    pub fn small(&self) -> Arc<Image> {
        self.small.get_or_init(|| Arc::new(self.preview(PREVIEW_PIXELS))).clone()
    }

    /// A subsample of at most about `pixels` pixels: every k-th of every k-th row, each a colour of the photo.
    pub fn preview(&self, pixels: usize) -> Image {
        let step = (self.rgba.len() as f64 / pixels.max(1) as f64).sqrt().ceil().max(1.0) as usize;
        let (width, height) = (self.width as usize, self.height as usize);
        let rows = (step / 2..height.max(step / 2 + 1)).step_by(step).map(|y| y.min(height - 1));
        let columns = || (step / 2..width.max(step / 2 + 1)).step_by(step).map(|x| x.min(width - 1));
        let rgba: Vec<[u8; 4]> = rows.flat_map(|y| columns().map(move |x| self.rgba[y * width + x])).collect();
        let small_width = columns().count();
        Image::new(small_width as u32, (rgba.len() / small_width) as u32, rgba)
    }
}
