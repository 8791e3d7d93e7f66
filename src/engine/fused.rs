//! Integers by rows or by runs of a row, coded and decoded in one pass: range, scale, nearest level and what it
//! decodes to while a group is in the registers. For who wants no codes: the values are those of
//! [`Recipe::encode_with`] and [`Quantized::decode`](super::quantized::Quantized::decode), at five times their speed.

use super::assign::dithering::Dithering;
use super::assign::nearest::IntegerLine;
use super::block::least_and_greatest;
use super::grouping::Grouping;
use super::quantized::Affine;
use super::rate::Rate;
use super::recipe::{Levels, Recipe};
use super::samples::all_finite;
use super::scale::{Clip, Range, ScaleRule};
use super::simd::{Kernel, widest};

impl Recipe<1> {
    /// What rows of `width` values decode to, and their part of the receipt. None where a scale is searched or
    /// counts in one of the tensor, where levels are no integers, or where a value is not finite.
    pub fn decoded(&self, values: &[f32], width: usize) -> Option<(Vec<f32>, Rate)> {
        let run = match self.grouping {
            Grouping::Rows => width,
            Grouping::Runs(n) => n,
            Grouping::Whole | Grouping::Tiles { .. } => return None,
        };
        let rule = self.scale.filter(|rule| rule.clip == Clip::None && rule.range != Range::MeanAbs)?;
        let Levels::Fixed { book, .. } = &self.levels else { return None };
        let first = book.first_integer()?;
        if rule.stored.needs_unit() || self.dither != Dithering::NONE || width == 0 || !all_finite(values) {
            return None;
        }
        let mut out = vec![0.0; values.len()];
        widest(Groups { rule, first, levels: book.len(), values, width, run, out: &mut out });
        Some((out, self.rate_of(values.len(), self.grouping.count(values.len(), width))))
    }
}

struct Groups<'a> {
    rule: ScaleRule,
    /// The first of the levels, and how many there are.
    first: f32,
    levels: usize,
    values: &'a [f32],
    width: usize,
    run: usize,
    out: &'a mut [f32],
}

impl Kernel for Groups<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let rows = self.values.chunks(self.width).zip(self.out.chunks_mut(self.width));
        for (row, out) in rows {
            for (group, out) in row.chunks(self.run).zip(out.chunks_mut(self.run)) {
                let (low, high) = least_and_greatest(group);
                let affine: Affine<1> = self.rule.of_range(low, high);
                if affine.scale == 0.0 {
                    out.fill(affine.offset[0]);
                    continue;
                }
                let line = IntegerLine::new(&affine, self.first, self.levels);
                for (y, &x) in out.iter_mut().zip(group) {
                    *y = line.nearest(x);
                }
            }
        }
    }
}
