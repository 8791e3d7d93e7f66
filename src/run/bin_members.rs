//! The weights that lie in a bin of a histogram: which cells of the heat map they are.
//!
//! On the axis of the histogram: the weights themselves, or in units of their groups' scales. An end bin
//! also holds what lies beyond it. Cost: one pass over the pictured weights.

use std::sync::Arc;

use rayon::prelude::*;

use crate::engine::control::{Control, Stopped};
use crate::picture::Picture;
use crate::run::report::{LevelAxis, TensorOriginal, TensorReport};

/// So few are marked one by one: they would not be seen among the others.
const FEW: usize = 200;
/// What lies elsewhere is seen through this.
const VEIL: [u8; 4] = [0, 0, 0, 190];
const PART: usize = 1 << 16;

/// A stretch of a histogram's axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The lower end, included; −∞ for the first bin.
    pub low: f32,
    /// The upper end, excluded unless it is infinite.
    pub high: f32,
}

impl Range {
    /// Bin `k` of `bins` between `low` and `high`; the outermost have no outer end.
    pub fn of_bin(k: usize, bins: usize, (low, high): (f32, f32)) -> Self {
        let per_unit = bins as f32 / (high - low);
        let edge = |k: usize| low + k as f32 / per_unit;
        Self {
            low: if k == 0 { f32::NEG_INFINITY } else { edge(k) },
            high: if k + 1 >= bins { f32::INFINITY } else { edge(k + 1) },
        }
    }

    fn holds(self, x: f32) -> bool {
        x >= self.low && (x < self.high || self.high == f32::INFINITY)
    }
}

/// The pictured weights that lie in a range.
#[derive(Clone, Debug)]
pub struct Within {
    /// How many they are.
    pub count: usize,
    /// Their columns and rows in the picture, where they are few.
    pub few: Vec<(u32, u32)>,
    /// To be laid over the heat map: dark but for these weights.
    pub veil: Arc<Picture>,
}

/// The pictured weights whose place on the axis of the report's histogram lies in `range`.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn within(
    original: &TensorOriginal,
    report: &TensorReport,
    range: Range,
    control: &Control<'_>,
) -> Result<Within, Stopped> {
    let q = &report.quantized;
    let scaled = report.levels.axis == LevelAxis::Scaled;
    let place = |i: usize, x: f32| if scaled { q.affine(q.group_of(i)).invert([x])[0] } else { x };
    let (width, height) = (original.picture.width, original.picture.height);
    let mut codes = vec![0u8; width as usize * height as usize];
    let parts = codes.par_chunks_mut(PART).zip(original.values.par_chunks(PART)).enumerate();
    parts.try_for_each(|(part, (codes, values))| {
        control.check()?;
        for (k, (code, &x)) in codes.iter_mut().zip(values).enumerate() {
            *code = u8::from(x.is_finite() && range.holds(place(part * PART + k, x)));
        }
        Ok(())
    })?;
    let count = codes.par_iter().filter(|code| **code == 1).count();
    let at = |i: usize| (i as u32 % width.max(1), i as u32 / width.max(1));
    let few = if count <= FEW { (0..codes.len()).filter(|&i| codes[i] == 1).map(at).collect() } else { Vec::new() };
    let clear = [VEIL[0], VEIL[1], VEIL[2], 0];
    Ok(Within { count, few, veil: Arc::new(Picture::new_indexed(width, height, codes, vec![VEIL, clear])) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::tensor;
    use crate::source::builtin;
    use crate::source::open::Source;
    use crate::spec::Stage;

    #[test]
    fn the_cells_of_a_bin_are_as_many_as_the_histogram_counts() {
        let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
        let control = Control::unwatched();
        let t = model.tensors.iter().position(|t| t.name.contains("q_proj")).unwrap();
        let original = tensor::original(&model, t, &control).unwrap();
        for format in ["int4-tensor", "int4-g32", "nf4", "kmeans4-row"] {
            let format = format.parse().unwrap();
            let report = tensor::reduce(&model, &original, format, Stage::Full, &control).unwrap().unwrap();
            let h = &report.histogram;
            let mut off = 0;
            for (k, &expected) in h.counts.iter().enumerate() {
                let range = Range::of_bin(k, h.counts.len(), (h.low, h.high));
                let found = within(&original, &report, range, &control).unwrap();
                off += found.count.abs_diff(expected as usize);
                assert!(found.count > FEW || found.few.len() == found.count);
            }
            // A weight that lies on an edge may be rounded to the other side of it.
            assert!(off <= original.values.len() / 200, "{format}: {off}");
        }
    }

    #[test]
    fn what_lies_beyond_the_ends_is_in_the_outermost_bins() {
        let bin = |k| Range::of_bin(k, 4, (-2.0, 2.0));
        assert!(bin(0).holds(-9.0) && bin(0).holds(-1.5) && !bin(0).holds(-1.0));
        assert!(bin(3).holds(9.0) && bin(3).holds(1.0) && !bin(2).holds(1.0) && bin(2).holds(0.0));
    }
}
