//! The codes of samples in rows. Photos, tiles and tensors, dithered or with feedback, all get theirs here; what they
//! differ in is data.
//!
//! Nearest and ordered codes depend on nothing but their sample and its place: rows go side by side. Errors that travel
//! need the rows in order: see [`super::diffusion`].

use rayon::prelude::*;

use super::diffusion::{Diffusion, Filter, diffuse};
use super::feedback::RowFilter;
use super::mask::Mask;
use super::ordered::Mix;
use super::rows::Rows;
use crate::engine::control::{Control, Stopped};

/// How codes are chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum How<'a> {
    /// Every sample takes its nearest level.
    Nearest,
    /// The mask picks among levels that, mixed, look like the sample.
    Ordered {
        /// The thresholds.
        mask: Mask,
        /// 0 to 1: how far the mean goes from the nearest level to the sample.
        strength: f32,
    },
    /// Errors go to the neighbours, for an eye that averages them.
    Diffusion(Diffusion),
    /// Errors go to the later samples of the row, for a reader with a filter of its own.
    Feedback(&'a RowFilter),
}

/// The code of each sample.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn assign<const D: usize>(
    rows: &mut impl Rows<D>,
    how: How<'_>,
    control: &Control<'_>,
) -> Result<Vec<u16>, Stopped> {
    match how {
        How::Nearest => {
            let rows = &*rows;
            let code = |_, i| rows.sample(i).map_or(0, |s| rows.nearest(s.list, s.value).0);
            side_by_side(rows.size(), &|_, first, codes| fill(codes, first, code), control)
        }
        How::Ordered { mask, strength } => {
            let (rows, above) = (&*rows, rows.rows_above());
            let pick = |threshold: f32, i: usize| match rows.mix(i) {
                Some(mix) => mix.pick(threshold),
                None => rows
                    .sample(i)
                    .map_or(0, |s| Mix::new(s.value, strength, |x| rows.nearest(s.list, x)).pick(threshold)),
            };
            let row = |y: usize, first: usize, codes: &mut [u16]| {
                let mut thresholds = vec![0.0; codes.len()];
                mask.thresholds(codes.len(), above + y, &mut thresholds);
                fill(codes, first, |x, i| pick(thresholds[x], i));
            };
            side_by_side(rows.size(), &row, control)
        }
        How::Diffusion(diffusion) => diffuse(rows, Filter::Kernel(diffusion), control),
        How::Feedback(filter) => diffuse(rows, Filter::Row(filter), control),
    }
}

/// Codes by column and number of the sample; that of the first is `first`.
#[inline(always)]
fn fill(codes: &mut [u16], first: usize, code: impl Fn(usize, usize) -> u16) {
    codes.iter_mut().enumerate().for_each(|(x, out)| *out = code(x, first + x));
}

/// Rows by their numbers and that of their first samples, each on any thread: one loop for all, as every kind of
/// parallel loop costs the compiler more than the rows do.
fn side_by_side(
    (width, len): (usize, usize),
    row: &(dyn Fn(usize, usize, &mut [u16]) + Sync),
    control: &Control<'_>,
) -> Result<Vec<u16>, Stopped> {
    let (width, mut codes) = (width.max(1), vec![0; len]);
    codes.par_chunks_mut(width).enumerate().try_for_each(|(y, codes)| {
        control.check()?;
        row(y, y * width, codes);
        Ok(())
    })?;
    Ok(codes)
}
