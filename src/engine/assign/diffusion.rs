//! Errors that travel: a sample is coded after its share of the errors of those before it was added to it. Nearest,
//! Floyd–Steinberg and GPTQ are this one loop with another filter.
//!
//! Choose the filter by who reads the result. An eye at a distance averages neighbours, whatever the photo: a
//! [`Kernel`] hands the error to them in fixed shares, and it moves to high frequencies. A layer multiplies with its
//! inputs, and its rows do not meet: a [`RowFilter`] hands the error to the later weights of the row, in shares that
//! were worked out from the inputs (see [`super::gptq`]). Raw squared error grows; what grows smaller is the error after
//! the reader's own filter, and only if the filter fits the reader.
//!
//! Cost: one search a sample, in order, and one addition for each share.
//! Sources: Floyd and Steinberg, "An adaptive algorithm for spatial greyscale", Proc. SID 17 (1976);
//! Frantar, Ashkboos, Hoefler and Alistarh, "GPTQ: Accurate post-training quantization for generative
//! pre-trained transformers" (2022).

use super::feedback::RowFilter;
use super::hull::{Hulls, guard_of};
use super::kernel::{Kernel, KernelName, Tap};
use super::rows::{Rows, Sample};
use crate::engine::control::{Control, Stopped};

/// How errors travel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diffusion {
    /// Which samples receive the error, and in which shares.
    pub kernel: KernelName,
    /// Odd rows are walked from right to left with the kernel mirrored: what error drags along then
    /// goes both ways, and regular textures (worms) show less.
    pub serpentine: bool,
    /// The share of each error that is passed on, 0 to 1; 1 is the classic. Less leaves flat areas
    /// quieter and their mean less true.
    pub strength: f32,
}

impl Diffusion {
    /// The kernel as published: all of each error, every row from left to right.
    pub fn classic(kernel: KernelName) -> Self {
        Self { kernel, serpentine: false, strength: 1.0 }
    }

    /// The taps as they are used, for even rows and for odd ones.
    fn taps(&self) -> [Vec<Tap>; 2] {
        let strength = self.strength.clamp(0.0, 1.0);
        let ahead = self.kernel.row().taps.iter().map(|tap| Tap { share: tap.share * strength, ..*tap });
        let there: Vec<Tap> = ahead.filter(|tap| tap.share > 0.0).collect();
        let back = there.iter().map(|tap| Tap { right: if self.serpentine { -tap.right } else { tap.right }, ..*tap });
        let back = back.collect();
        [there, back]
    }
}

/// Who gets which share of a sample's error.
#[derive(Clone, Copy)]
pub(super) enum Filter<'a> {
    /// Neighbours, and none of what no level can mend: a sample that no mixture of its list's levels comes to is replaced
    /// by the nearest that does, and corrected values stay within a guard.
    Kernel(Diffusion),
    /// Later samples of the row.
    Row(&'a RowFilter),
}

const ANYWHERE: (f32, f32) = (f32::NEG_INFINITY, f32::INFINITY);

/// The codes of all samples, row by row from the top.
pub(super) fn diffuse<const D: usize, R: Rows<D>>(
    rows: &mut R,
    filter: Filter<'_>,
    control: &Control<'_>,
) -> Result<Vec<u16>, Stopped> {
    let ((width, len), (lists_of_a_row, lists)) = (rows.size(), rows.lists());
    let (taps, serpentine, bounds) = match filter {
        Filter::Kernel(how) => {
            let bounds = guard_of((0..lists as u32).flat_map(|list| rows.levels(list)));
            (how.taps(), how.serpentine, bounds)
        }
        Filter::Row(_) => ([Vec::new(), Vec::new()], false, [ANYWHERE; D]),
    };
    let replaces = matches!(filter, Filter::Kernel(_)) && !rows.are_mixtures();
    let mut hulls = replaces.then(|| Hulls::new(lists_of_a_row));
    let (mut codes, mut line) = (vec![0; len], Vec::with_capacity(width));
    // A ring of rows of errors; more columns on each side take what falls off the edges.
    let (ring, stride) = (Kernel::ROWS + 1, width + 2 * Kernel::COLUMNS);
    let mut errors = vec![[0.0f32; D]; ring * stride];
    let mut receivers = Vec::new();
    for (row, codes) in codes.chunks_mut(width.max(1)).enumerate() {
        control.check()?;
        control.progress((row * width) as f32 / len as f32);
        read(rows, row * width..row * width + codes.len(), hulls.as_mut(), &mut line);
        // Where column 0 finds its own error and leaves it to others; column c does so c further on.
        let place = |down: usize| (row + down) % ring * stride + Kernel::COLUMNS;
        let own = place(0);
        receivers.clear();
        receivers.extend(taps[row % 2].iter().map(|tap| (place(tap.down).wrapping_add_signed(tap.right), tap.share)));
        let mut take = |column: usize| {
            let Some(Sample { value, list }) = line[column] else { return };
            let error = errors[own + column];
            let x = std::array::from_fn(|c| (value[c] + error[c]).clamp(bounds[c].0, bounds[c].1));
            let (k, back) = rows.nearest_next(list, x);
            codes[column] = k;
            let rest: [f32; D] = std::array::from_fn(|c| x[c] - back[c]);
            if let Filter::Row(filter) = filter {
                let later = (own + 1..own + line.len() - column).zip(filter.after(column).iter().copied());
                receivers.clear();
                receivers.extend(later.filter(|(_, share)| *share != 0.0));
            }
            for &(receiver, share) in &receivers {
                let cell = &mut errors[receiver + column];
                for c in 0..D {
                    cell[c] += rest[c] * share;
                }
            }
        };
        if serpentine && row % 2 == 1 {
            (0..line.len()).rev().for_each(&mut take);
        } else {
            (0..line.len()).for_each(&mut take);
        }
        errors[own - Kernel::COLUMNS..][..stride].fill([0.0; D]);
    }
    Ok(codes)
}

/// A row's samples, from left to right whichever way it is walked: a hull begins with the sample before.
fn read<const D: usize, R: Rows<D>>(
    rows: &R,
    range: std::ops::Range<usize>,
    mut hulls: Option<&mut Hulls<D>>,
    line: &mut Vec<Option<Sample<D>>>,
) {
    line.clear();
    line.extend(range.map(|i| {
        let Sample { value, list } = rows.sample(i)?;
        let value = match &mut hulls {
            Some(hulls) => hulls.of(list, || rows.levels(list)).nearest(value),
            None => value,
        };
        Some(Sample { value, list })
    }));
}
