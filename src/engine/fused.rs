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

#[cfg(test)]
mod tests {
    use crate::engine::control::Control;
    use crate::engine::format::Format;
    use crate::engine::random::Random;
    use crate::engine::samples::Samples;

    #[test]
    fn one_pass_gives_the_values_and_the_bits_of_coding_and_decoding() {
        let mut random = Random::seeded(31);
        let mut values: Vec<f32> = (0..3000).map(|_| random.next_gaussian()).collect();
        values[64..160].fill(0.0);
        values[300..332].iter_mut().for_each(|x| *x *= 1e-9);
        values[400..432].iter_mut().for_each(|x| *x = x.abs() * 1e30);
        values[500..600].iter_mut().for_each(|x| *x = (*x * 4.0).round() * 0.25);
        let names =
            ["int8-g32", "int4-g32", "int4-g32-affine", "int3-g128-affine-bf16", "int2-row", "mxint8", "int4-g7"];
        for name in names {
            let format: Format = name.parse().unwrap();
            let recipe = format.recipe().unwrap();
            for width in [3000, 500, 96, 33] {
                let (decoded, rate) = recipe.decoded(&values, width).unwrap();
                let points: Vec<[f32; 1]> = values.iter().map(|&x| [x]).collect();
                let plain = recipe.encode(Samples::new(&points, width), &Control::unwatched()).unwrap();
                assert_eq!(decoded, plain.decode().as_flattened(), "{name} {width}");
                assert_eq!(rate, plain.rate, "{name} {width}");
            }
        }
    }

    #[test]
    fn what_one_pass_cannot_do_is_left_to_the_searches() {
        let refuses = |name: &str, x: f32| {
            let format: Format = name.parse().unwrap();
            format.recipe().unwrap().decoded(&[1.0, x], 2).is_none()
        };
        for name in ["int4-g32-clip", "int4-tensor", "int4-t128", "nf4-g32", "int4-g16-e4m3", "int1-g32", "int4-g32-sr"]
        {
            assert!(refuses(name, 2.0), "{name}");
        }
        assert!(refuses("int4-g32", f32::NAN) && !refuses("int4-g32", 2.0));
    }
}
