//! A file of so many bytes that looks as good as can be, or one that looks so good in as few bytes as can be; and the
//! frontier of bytes against quality.
//!
//! Quality is SSIMULACRA2. Bytes and quality grow with the number of colours, but for small steps back, so the number is
//! found by bisection; what is returned was measured and meets the target. Cost: some ten reductions for each way to make them.

use std::cmp::Ordering;

use thiserror::Error;

use crate::engine::assign::dithering::Dithering;
use crate::engine::control::{Control, Failure, Stopped};
use crate::engine::indexed::Indexed;
use crate::engine::metric::ssimulacra2;
use crate::palette::MOST_COLORS;
use crate::picture::Picture;
use crate::picture::image::Image;
use crate::run::photo::{Reduction, quantize};
use crate::spec::{Entries, FittedPalette, PaletteSpec};

/// What a file is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// It takes at most so many bytes.
    MaxBytes(u64),
    /// Its SSIMULACRA2 is at least this.
    MinQuality(f64),
}

/// A reduction with what counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// How it is made.
    pub spec: PaletteSpec,
    /// Bytes of its file.
    pub bytes: u64,
    /// SSIMULACRA2; none where the picture is too small for it.
    pub quality: Option<f64>,
}

/// Why there is no file that meets a target; for people.
#[derive(Debug, Error)]
pub enum TargetError<E> {
    /// The work was cancelled.
    #[error("the work was stopped")]
    Stopped,
    /// The caller's fault: no file is so small.
    #[error("no file is that small: {asked} bytes are asked for, and with {colors} colours it takes {least}")]
    TooFewBytes {
        /// Bytes at most.
        asked: u64,
        /// Bytes of the smallest file that was found.
        least: u64,
        /// Its colours.
        colors: u16,
    },
    /// The caller's fault: no palette looks so good.
    #[error("no palette looks that good: SSIMULACRA2 {asked} is asked for, and with {colors} colours it is {best:.1}")]
    TooGood {
        /// SSIMULACRA2 at least.
        asked: f64,
        /// The best that was found.
        best: f64,
        /// Its colours.
        colors: u16,
    },
    /// The picture's fault: SSIMULACRA2 needs more pixels.
    #[error("its quality cannot be measured: SSIMULACRA2 needs at least 8 x 8 pixels")]
    TooSmall,
    /// The caller's fault: the palette is given, and no number of colours can be chosen.
    #[error("a given palette has one size")]
    Given,
    /// The file could not be made.
    #[error(transparent)]
    File(E),
}

impl<E: std::fmt::Display> From<TargetError<E>> for Failure {
    fn from(error: TargetError<E>) -> Self {
        match error {
            TargetError::Stopped => Self::Stopped,
            error => Self::Message(error.to_string()),
        }
    }
}

impl<E> From<Stopped> for TargetError<E> {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// The numbers of colours of a frontier.
pub const LADDER: [u16; 13] = [256, 192, 128, 96, 64, 48, 32, 24, 16, 12, 8, 6, 4];
/// The rate weight of smaller files: at equal quality they take 6 % less.
const SMALLER: u16 = 200;
/// The fewest colours that are tried.
const FEWEST: u16 = 2;

/// Measures the bytes of a picture's file.
pub type Size<'a, E> = &'a dyn Fn(Picture, &Control<'_>) -> Result<u64, E>;

/// One reduction, measured.
///
/// # Errors
/// Why there is no file.
pub fn measure<E>(
    image: &Image,
    spec: PaletteSpec,
    size: Size<'_, E>,
    control: &Control<'_>,
) -> Result<Point, TargetError<E>> {
    let quiet = control.with_progress(&|_| {});
    let Reduction { codes, palette, tiles } = quantize(image, &spec, &quiet)?;
    let indexed = Indexed { width: image.width as usize, codes: &codes, palette: &palette, tiles };
    let quality = ssimulacra2(&image.rgba, indexed, &quiet)?;
    let picture = Picture::new_tiled(image.width, image.height, codes, palette, tiles);
    Ok(Point { spec, bytes: size(picture, &quiet).map_err(TargetError::File)?, quality })
}

/// The best file that meets a target; `base` says how palettes are made, but for their number of colours. What is best for
/// the eye is tried with larger rate weights and half the grain too, which take fewer bytes.
///
/// # Errors
/// Why there is none, with the floor or the ceiling that was found.
pub fn best<E>(
    image: &Image,
    base: &PaletteSpec,
    target: Target,
    size: Size<'_, E>,
    control: &Control<'_>,
) -> Result<Point, TargetError<E>> {
    let ways = ways(base);
    let (mut best, mut refused): (Option<Point>, Option<TargetError<E>>) = (None, None);
    for (i, way) in ways.iter().enumerate() {
        let done = |part: f32| control.progress((i as f32 + part) / ways.len() as f32);
        let at = |colors: u16| measure(image, with_colors(way, colors).ok_or(TargetError::Given)?, size, control);
        match bisected(target, &at, &done) {
            Ok(found) => {
                let is_better = best.as_ref().is_none_or(|best| order(target, &found, best) == Ordering::Less);
                best = if is_better { Some(found) } else { best };
            }
            Err(error @ (TargetError::TooFewBytes { .. } | TargetError::TooGood { .. })) => {
                refused = Some(nearer(refused, error));
            }
            Err(error) => return Err(error),
        }
    }
    best.ok_or(refused.unwrap_or(TargetError::Given))
}

/// Measures reductions of many numbers of colours, and hands out each as it comes.
///
/// # Errors
/// Why there is no file.
pub fn frontier<E>(
    image: &Image,
    base: &PaletteSpec,
    size: Size<'_, E>,
    mut found: impl FnMut(Point),
    control: &Control<'_>,
) -> Result<(), TargetError<E>> {
    let ways = ways(base);
    let specs: Vec<PaletteSpec> =
        LADDER.into_iter().flat_map(|colors| ways.iter().filter_map(move |way| with_colors(way, colors))).collect();
    for (i, spec) in specs.iter().enumerate() {
        control.progress(i as f32 / specs.len() as f32);
        found(measure(image, spec.clone(), size, control)?);
    }
    Ok(())
}

/// Of two refusals that which came nearer to what was asked for.
fn nearer<E>(before: Option<TargetError<E>>, error: TargetError<E>) -> TargetError<E> {
    let distance = |error: &TargetError<E>| match error {
        TargetError::TooFewBytes { least, .. } => *least as f64,
        TargetError::TooGood { best, .. } => -best,
        _ => f64::INFINITY,
    };
    before.filter(|before| distance(before) <= distance(&error)).unwrap_or(error)
}

/// Whether of the two the one is better under a target: less is better.
fn order(target: Target, a: &Point, b: &Point) -> Ordering {
    let better = |a: &Point, b: &Point| b.quality.unwrap_or(0.0).total_cmp(&a.quality.unwrap_or(0.0));
    match target {
        Target::MaxBytes(_) => better(a, b).then(a.bytes.cmp(&b.bytes)),
        Target::MinQuality(_) => a.bytes.cmp(&b.bytes).then(better(a, b)),
    }
}

/// What is tried beside the number of colours: where the picture is best for the eye, files that are smaller at the same
/// colours.
fn ways(base: &PaletteSpec) -> Vec<PaletteSpec> {
    let dither = base.dither;
    let smaller = Dithering { rate_weight_percent: SMALLER, ..dither };
    let finer = Dithering { strength_percent: dither.strength_percent / 2, ..smaller };
    let of_the_eye = [smaller, finer].into_iter().filter(|_| dither.grain().is_some());
    let dithers = std::iter::once(dither).chain(of_the_eye).map(Dithering::canonical);
    dithers.map(|dither| PaletteSpec { dither, ..base.clone() }).collect()
}

fn with_colors(base: &PaletteSpec, colors: u16) -> Option<PaletteSpec> {
    let palette = FittedPalette { colors, ..base.fitted()?.clone() };
    Some(PaletteSpec { entries: Entries::Fitted(palette), ..base.clone() })
}

/// The most colours that meet a limit of bytes, or the fewest that meet one of quality.
fn bisected<E>(
    target: Target,
    at: &dyn Fn(u16) -> Result<Point, TargetError<E>>,
    done: &dyn Fn(f32),
) -> Result<Point, TargetError<E>> {
    let most = MOST_COLORS as u16;
    let meets = |point: &Point| match target {
        Target::MaxBytes(bytes) => Ok(point.bytes <= bytes),
        Target::MinQuality(least) => point.quality.map(|quality| quality >= least).ok_or(TargetError::TooSmall),
    };
    // The end that meets the target if anything does, and the other.
    let (near, far) = if matches!(target, Target::MaxBytes(_)) { (FEWEST, most) } else { (most, FEWEST) };
    let mut good = at(near)?;
    if !meets(&good)? {
        return Err(match target {
            Target::MaxBytes(asked) => TargetError::TooFewBytes { asked, least: good.bytes, colors: near },
            Target::MinQuality(asked) => {
                TargetError::TooGood { asked, best: good.quality.unwrap_or(0.0), colors: near }
            }
        });
    }
    done(0.1);
    let other = at(far)?;
    if meets(&other)? {
        return Ok(other);
    }
    let (mut good_at, mut bad_at, mut steps) = (near, far, 0);
    while good_at.abs_diff(bad_at) > 1 {
        let middle = good_at.midpoint(bad_at);
        let point = at(middle)?;
        if meets(&point)? {
            (good_at, good) = (middle, point);
        } else {
            bad_at = middle;
        }
        steps += 1;
        done(0.2 + 0.1 * steps as f32);
    }
    Ok(good)
}
