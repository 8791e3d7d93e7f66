//! One pass over all pixels: each takes the entry that lowers the energy most while all others stay as they are.
//!
//! ```text
//! F = K ∗ (√w·l)                                        the filtered errors of all pixels
//! for each pixel x, along the row and back on the next:
//!     k(x) ← argmin_k Σ_c ω_c·[ α_c·w_c·e_k² + w_c·K(0)·l_k² + 2·√w_c·l_k·(F(x) − K(0)·√w_c·l_now) ]
//!     F   ← F + K(· − x)·√w·(l_new − l_now)
//! ```
//!
//! Started with no errors at all the first pass is an error diffusion that knows masks and filter; later ones polish it.
//! Rows above and below do not change while a row is walked, so what they add to F is worked out for the whole row, by
//! filtering down and then across, and only the row's own changes are handed on pixel by pixel: the result is that of the
//! loop above.
//!
//! Bands of rows are walked side by side, first every second one, then those between: the filter does not reach from one
//! band across the next, so the result is the same with any number of threads.

use super::blur::add_tap;
use super::energy::{Energy, PLANES};
use super::filter::{Filters, REACH, SPAN};
use super::near::{LANES, Near, error_of_light};
use super::site::{Site, Sites};
use crate::engine::assign::descent::{Reader, descend};
use crate::engine::control::{Control, Stopped};
use crate::engine::simd::{Kernel, widest};
use crate::engine::tasks;

/// Rows of a band, more than [`REACH`].
const BAND: usize = 32;

/// √w·l of all pixels, a plane for each of Y, X and B.
pub(super) type Errors = [Vec<f32>; 3];

/// Some rows of each plane.
type Rows<'a> = [&'a [f32]; 3];

/// How a pass goes.
#[derive(Clone, Copy)]
pub(super) struct Way {
    /// No pixel has an error until it is visited.
    pub first: bool,
    /// Rows of a band are walked from its bottom.
    pub up: bool,
    /// How much more than the least energy a code may cost that makes the file smaller: the one that followed the same two
    /// codes the last time, or the one at its left. Rows are then all walked from the left.
    pub allowance: Option<f32>,
}

/// Changes codes, and errors with them.
///
/// # Errors
/// `Stopped` when the work was cancelled; codes and errors are then of the part that was walked.
pub(super) fn pass(
    sites: &Sites,
    (near, filters, energy): (&Near, &Filters, Energy),
    (codes, errors): (&mut [u8], &mut Errors),
    way: Way,
    control: &Control<'_>,
) -> Result<(), Stopped> {
    let (width, band) = (sites.width, BAND * sites.width);
    for parity in 0..2 {
        let (mut walked, mut between) = (Vec::new(), Vec::new());
        let [y, x, b] = &mut *errors;
        let bands = y.chunks_mut(band).zip(x.chunks_mut(band).zip(b.chunks_mut(band)));
        for (i, (y, (x, b))) in bands.enumerate() {
            match i % 2 == parity {
                true => walked.push([y, x, b]),
                false => between.push([&*y, &*x, &*b]),
            }
        }
        let of_parity = |i: &usize| i % 2 == parity;
        let codes = codes.chunks_mut(band).zip(sites.all.chunks(band)).enumerate().filter(|(i, _)| of_parity(i));
        let bands: Vec<_> = walked.into_iter().zip(codes.map(|(_, band)| band)).collect();
        let done = tasks::map(bands.into_iter(), |i, (errors, (codes, sites))| {
            control.check()?;
            let above = (i + parity).checked_sub(1).and_then(|above| between.get(above));
            let above = above.map_or([&[][..]; 3], |rows| rows.map(|r| &r[r.len().saturating_sub(REACH * width)..]));
            let below = between.get(i + parity);
            let below = below.map_or([&[][..]; 3], |rows| rows.map(|r| &r[..r.len().min(REACH * width)]));
            widest(Walk { sites, width, near, filters, energy, codes, errors, above, below, way });
            Ok(())
        });
        done.into_iter().collect::<Result<(), Stopped>>()?;
    }
    Ok(())
}

/// A band that is walked, with the rows of errors around it.
struct Walk<'a> {
    sites: &'a [Site],
    width: usize,
    near: &'a Near,
    filters: &'a Filters,
    energy: Energy,
    codes: &'a mut [u8],
    errors: [&'a mut [f32]; 3],
    above: Rows<'a>,
    below: Rows<'a>,
    way: Way,
}

impl Kernel for Walk<'_> {
    type Out = ();

    #[inline(always)]
    fn run(mut self) {
        let (rows, width) = (self.codes.len() / self.width, self.width);
        let mut down = vec![0.0; width + 2 * REACH];
        let mut followed = vec![0; if self.way.allowance.is_some() { 1 << 16 } else { 0 }];
        let mut pull: Pull = std::array::from_fn(|_| vec![0.0; width + REACH + SPAN]);
        for i in 0..rows {
            let y = if self.way.up { rows - 1 - i } else { i };
            (0..3).for_each(|c| self.filter_row(y, c, &mut down, &mut pull[c]));
            let forward = i % 2 == 0 || self.way.allowance.is_some();
            let (walk, followed) = (&mut self, &mut followed);
            let mut row = RowOfPixels { walk, first: y * width, pull: &mut pull, followed };
            if forward { descend(&mut row, 0..width) } else { descend(&mut row, (0..width).rev()) }
        }
    }
}

/// F along the row that is walked: `F_c(x)` stands at `REACH + x`.
type Pull = [Vec<f32>; 3];

impl Walk<'_> {
    /// F of a row as it is before the row is walked.
    #[inline(always)]
    fn filter_row(&self, y: usize, c: usize, down: &mut [f32], pull: &mut [f32]) {
        let (width, taps) = (self.width, self.filters.taps[c].0.as_slice());
        let column = &mut down[REACH..REACH + width];
        match self.row(y as isize, c) {
            Some(own) => column.iter_mut().zip(own).for_each(|(out, e)| *out = taps[0] * e),
            None => column.fill(0.0),
        }
        for (i, &tap) in taps.iter().enumerate().skip(1) {
            add_tap(column, tap, [self.row(y as isize - i as isize, c), self.row(y as isize + i as isize, c)]);
        }
        let pull = &mut pull[REACH..REACH + width];
        pull.iter_mut().zip(&down[REACH..]).for_each(|(out, d)| *out = taps[0] * d);
        for (i, &tap) in taps.iter().enumerate().skip(1) {
            add_tap(pull, tap, [Some(&down[REACH - i..][..width]), Some(&down[REACH + i..][..width])]);
        }
    }

    /// Errors of a row, counted from the band's first; none above and below the picture.
    #[inline(always)]
    fn row(&self, y: isize, c: usize) -> Option<&[f32]> {
        let (width, own) = (self.width as isize, self.errors[c].len() as isize);
        let at = y * width;
        let (rows, at): (&[f32], isize) = match at {
            at if at < 0 => (self.above[c], self.above[c].len() as isize + at),
            at if at < own => (&*self.errors[c], at),
            at => (self.below[c], at - own),
        };
        let at = usize::try_from(at).ok()?;
        rows.get(at..at + self.width)
    }
}

/// A row that is walked.
struct RowOfPixels<'r, 'w> {
    walk: &'r mut Walk<'w>,
    /// The row's first pixel in the band.
    first: usize,
    pull: &'r mut Pull,
    /// The code that followed each two codes the last time.
    followed: &'r mut [u8],
}

impl RowOfPixels<'_, '_> {
    /// The codes that would make the file smaller at this place, the better first.
    #[inline(always)]
    fn likely(&self, x: usize) -> [Option<u8>; 2] {
        let left = x.checked_sub(1).map(|left| self.walk.codes[self.first + left]);
        [self.context(x).and_then(|at| self.followed.get(at).copied()), left]
    }

    /// Where in the table the two codes at the left stand.
    #[inline(always)]
    fn context(&self, x: usize) -> Option<usize> {
        let left = |by: usize| x.checked_sub(by).map(|at| usize::from(self.walk.codes[self.first + at]));
        Some(left(2)? << 8 | left(1)?)
    }

    #[inline(always)]
    fn note(&mut self, x: usize, code: u8) {
        if let Some(followed) = self.context(x).and_then(|at| self.followed.get_mut(at)) {
            *followed = code;
        }
    }
}

impl Reader for RowOfPixels<'_, '_> {
    type Code = u8;

    #[inline(always)]
    fn better(&mut self, x: usize) -> Option<u8> {
        let (walk, i) = (&*self.walk, self.first + x);
        let (site, now) = (&walk.sites[i], walk.codes[i]);
        if site.settled {
            self.note(x, now);
            return None;
        }
        // The cost of an entry is Σ close·e² + l·(square·l + linear).
        let (mut close, mut square, mut linear) = ([0.0f32; 3], [0.0f32; 3], [0.0f32; 3]);
        for c in 0..3 {
            let (root, own) = (site.root[c], walk.filters.own[c]);
            close[c] = walk.energy.close[c] * site.close * root * root;
            square[c] = PLANES[c] * root * root * own;
            linear[c] = 2.0 * PLANES[c] * root * (self.pull[c][REACH + x] - own * walk.errors[c][i]);
        }
        let list = walk.near.list(now);
        let (mut least, mut which) = ([f32::INFINITY; LANES], [0u32; LANES]);
        for (n, chunk) in list.iter().enumerate() {
            let mut cost = [0.0f32; LANES];
            for (k, cost) in cost.iter_mut().enumerate() {
                let e: [f32; 3] = std::array::from_fn(|c| chunk.point[c][k] - site.point[c]);
                let l = error_of_light(site, std::array::from_fn(|c| chunk.light[c][k]));
                *cost = close[0] * e[0] * e[0]
                    + close[1] * e[1] * e[1]
                    + close[2] * e[2] * e[2]
                    + l[0] * (square[0] * l[0] + linear[0])
                    + l[1] * (square[1] * l[1] + linear[1])
                    + l[2] * (square[2] * l[2] + linear[2]);
            }
            for k in 0..LANES {
                let is_less = cost[k] < least[k];
                least[k] = if is_less { cost[k] } else { least[k] };
                which[k] = if is_less { n as u32 } else { which[k] };
            }
        }
        let lane = (1..LANES).fold(0, |best, k| if least[k] < least[best] { k } else { best });
        let mut next = list[which[lane] as usize].codes[lane];
        if let Some(most) = walk.way.allowance.map(|allowance| least[lane] + allowance) {
            let cost = |code: u8| -> f32 {
                let (point, l) = (walk.near.point(code), walk.near.error(site, code));
                let part = |c: usize| {
                    let e = point[c] - site.point[c];
                    close[c] * e * e + l[c] * (square[c] * l[c] + linear[c])
                };
                part(0) + part(1) + part(2)
            };
            next = self.likely(x).into_iter().flatten().find(|&code| cost(code) <= most).unwrap_or(next);
            self.note(x, next);
        }
        (next != now || self.walk.way.first).then_some(next)
    }

    #[inline(always)]
    fn take(&mut self, x: usize, code: u8) {
        let (walk, i) = (&mut *self.walk, self.first + x);
        let site = &walk.sites[i];
        let error = walk.near.error(site, code);
        walk.codes[i] = code;
        for c in 0..3 {
            let error = site.root[c] * error[c];
            let change = error - std::mem::replace(&mut walk.errors[c][i], error);
            let out = &mut self.pull[c][x..][..SPAN];
            for (out, tap) in out.iter_mut().zip(&walk.filters.row[c]) {
                *out += change * tap;
            }
        }
    }
}
