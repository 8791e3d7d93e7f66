//! A photo reduced so that it looks best: palette and codes found together (see [`crate::engine::assign::eye`]).
//!
//! What the eye's method does not know is done here: translucent and hidden pixels, given and locked colours, colours that
//! fill an area, and the order of the palette.

use std::borrow::Cow;

use super::fitted::{Codes, Mapped, OfColours, map_colours};
use super::locked::darkness;
use crate::engine::assign::dithering::Dithering;
use crate::engine::assign::eye::{self, Effort, Request};
use crate::engine::colour::Space;
use crate::engine::control::{Control, Stopped};
use crate::palette::MOST_COLORS;
use crate::picture::image::Image;
use crate::spec::{Entries, FittedPalette, PaletteSpec};

/// Fits a palette, or takes the given one, and maps all pixels.
///
/// Opaque pixels take opaque entries, as everywhere. The others, edges of what is cut out, are fitted and mapped without
/// dither.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub(super) fn fit_and_map(
    image: &Image,
    spec: &PaletteSpec,
    effort: Effort,
    control: &Control<'_>,
) -> Result<Mapped, Stopped> {
    let nearest = PaletteSpec { space: Space::Oklab, dither: Dithering::NONE, ..spec.clone() };
    let mut base = match spec.fitted() {
        Some(palette) if !image.has_translucency() && image.colours().len() > room(image, palette) => {
            Base::of_opaque(image, palette)
        }
        // Translucent entries, or a photo of so few colours that each is an entry.
        _ => Base::of(image, map_colours(image, image.colours(), &nearest, control)?),
    };
    let is_exact = spec.fitted().is_some_and(|palette| image.colours().len() <= room(image, palette));
    let opaque: Vec<usize> = (0..base.palette.len()).filter(|&k| base.palette[k][3] == 255).collect();
    if is_exact || opaque.is_empty() {
        return Ok(base.mapped());
    }
    let given: Vec<[u8; 4]> = opaque.iter().map(|&k| base.palette[k]).collect();
    let (locked, flat): (Vec<[u8; 4]>, Vec<[u8; 4]>) = match spec.fitted() {
        Some(palette) => (different(palette.locked_colors().filter(|c| c[3] == 255)), lone_flats(image)),
        None => (Vec::new(), Vec::new()),
    };
    let colours = match spec.entries {
        Entries::Fitted(_) => {
            eye::Colours::Fitted { count: opaque.len(), kept: &locked, flat: &flat, grey: image.is_grey() }
        }
        Entries::Given(_) => eye::Colours::Given(&given),
    };
    let (grain, rate_weight) = (spec.dither.strength(), f32::from(spec.dither.rate_weight_percent) / 100.0);
    let blocks = Blocks::of(image);
    let (pixels, width) = (blocks.pixels(image), blocks.across(image.width as usize));
    let request = Request { pixels: &pixels, width, colours, grain, rate_weight, effort };
    let mut found = eye::reduce(request, control)?;
    found.codes = blocks.spread(found.codes, image);
    base.take(image, &opaque, &found);
    if spec.fitted().is_some() {
        base.sort();
    }
    Ok(base.mapped())
}

/// The squares of one colour that a picture is made of, as pixel art is that was enlarged: they take the place of pixels,
/// so that none is dithered within.
struct Blocks {
    /// Pixels a side; 1 for photos.
    side: usize,
}

impl Blocks {
    fn of(image: &Image) -> Self {
        let (width, pixels) = (image.width as usize, image.rgba.as_slice());
        let mut side = 0;
        for (y, row) in pixels.chunks(width.max(1)).enumerate() {
            let above = y.checked_sub(1).and_then(|above| pixels.get(above * width..y * width));
            if above.is_some_and(|above| above != row) {
                side = common(side, y);
            }
            // The first column of each colour in a row.
            let starts = row.windows(2).enumerate().filter(|(_, two)| two[0] != two[1]).map(|(x, _)| x + 1);
            for x in starts {
                side = common(side, x);
                if side == 1 {
                    return Self { side };
                }
            }
        }
        Self { side: side.max(1) }
    }

    fn across(&self, pixels: usize) -> usize {
        pixels.div_ceil(self.side)
    }

    /// One of each square.
    fn pixels<'a>(&self, image: &'a Image) -> Cow<'a, [[u8; 4]]> {
        if self.side == 1 {
            return Cow::Borrowed(&image.rgba);
        }
        let rows = image.rgba.chunks(image.width as usize).step_by(self.side);
        rows.flat_map(|row| row.iter().copied().step_by(self.side)).collect()
    }

    /// The codes of all pixels of the squares.
    fn spread(&self, codes: Vec<u8>, image: &Image) -> Vec<u8> {
        if self.side == 1 {
            return codes;
        }
        let (width, across) = (image.width as usize, self.across(image.width as usize));
        let code = |i: usize| codes[i / width / self.side * across + i % width / self.side];
        (0..image.rgba.len()).map(code).collect()
    }
}

/// The greatest common divisor; of 0 and a number that number.
fn common(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common(b, a % b) }
}

/// Entries for pixels that can be seen.
fn room(image: &Image, palette: &FittedPalette) -> usize {
    let reserved = usize::from(image.has_hidden());
    usize::from(palette.colors).clamp(1 + reserved, MOST_COLORS) - reserved
}

fn different(colors: impl Iterator<Item = [u8; 4]>) -> Vec<[u8; 4]> {
    let mut list: Vec<[u8; 4]> = Vec::new();
    colors.for_each(|color| {
        if !list.contains(&color) {
            list.push(color);
        }
    });
    list
}

/// Opaque colours that fill a good part of the picture each, as those of a logo do, and weigh more than all that are near
/// them: in the slope of a sky neighbouring codes weigh as much.
fn lone_flats(image: &Image) -> Vec<[u8; 4]> {
    /// Codes a channel within which others are near.
    const NEAR: u8 = 8;
    let flats = image.flats().iter().filter(|flat| flat.color[3] == 255);
    let colours = image.colours();
    let is_alone = |color: [u8; 4]| {
        let near = |other: &[u8; 4]| (0..3).all(|c| other[c].abs_diff(color[c]) <= NEAR);
        let around = colours.keys.iter().zip(image.colour_counts()).filter(|(key, _)| near(key));
        let (own, others) = around.fold((0, 0), |(own, others), (key, &n)| match *key == color {
            true => (own + u64::from(n), others),
            false => (own, others + u64::from(n)),
        });
        own > others
    };
    flats.map(|flat| flat.color).filter(|&color| is_alone(color)).collect()
}

/// Codes of all pixels and the palette that they point into.
struct Base {
    codes: Vec<u8>,
    palette: Vec<[u8; 4]>,
    hidden: u8,
}

impl Base {
    /// Entries yet to be found for opaque pixels, behind a transparent one where there are hidden pixels.
    fn of_opaque(image: &Image, palette: &FittedPalette) -> Self {
        let mut entries = vec![[0; 4]; usize::from(image.has_hidden())];
        entries.resize(entries.len() + room(image, palette), [0, 0, 0, 255]);
        Self { codes: vec![0; image.rgba.len()], palette: entries, hidden: 0 }
    }

    fn of(image: &Image, OfColours { codes, palette, hidden }: OfColours) -> Self {
        Self { codes: image.colours().map_pixels(&image.rgba, &codes, hidden), palette, hidden }
    }

    /// Opaque pixels take what was found for them, which may be fewer entries than there was room for.
    fn take(&mut self, image: &Image, opaque: &[usize], found: &eye::Reduced) {
        for (&place, &color) in opaque.iter().zip(&found.palette) {
            self.palette[place] = color;
        }
        let opaque_pixels = self.codes.iter_mut().zip(&image.rgba).zip(&found.codes).filter(|((_, p), _)| p[3] == 255);
        opaque_pixels.for_each(|((code, _), &found)| *code = opaque.get(usize::from(found)).map_or(0, |&k| k as u8));
        let spare = opaque.get(found.palette.len()..).unwrap_or_default();
        if !spare.is_empty() {
            self.reorder((0..self.palette.len()).filter(|k| !spare.contains(k)).collect());
        }
    }

    /// The order in which palettes are written.
    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.palette.len()).collect();
        order.sort_by(|&a, &b| darkness(self.palette[a]).total_cmp(&darkness(self.palette[b])));
        self.reorder(order);
    }

    /// Entries in another order, or some of them.
    fn reorder(&mut self, order: Vec<usize>) {
        let mut places = [0u8; MOST_COLORS];
        order.iter().zip(0..=u8::MAX).for_each(|(&k, place)| places[k] = place);
        self.palette = order.iter().map(|&k| self.palette[k]).collect();
        self.codes.iter_mut().for_each(|code| *code = places[usize::from(*code)]);
        self.hidden = places[usize::from(self.hidden)];
    }

    fn mapped(self) -> Mapped {
        let Self { codes, palette, hidden } = self;
        Mapped { codes: Codes::OfPixels(codes), palette, hidden, tiles: None, tile_allocation: None }
    }
}
