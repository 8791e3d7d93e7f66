//! The weights that lie in a bin of a histogram: which cells of the heat map they are.
//!
//! On the axis of the histogram: the weights themselves, or in units of their groups' scales. An end bin
//! also holds what lies beyond it. Cost: one pass over the pictured weights.

use std::sync::Arc;

use rayon::prelude::*;

use crate::engine::control::{Control, Stopped};
use crate::picture::Picture;
use crate::run::report::{LevelAxis, TensorOriginal, TensorReport};

/// So few weights, at most, are marked one by one: they would not be seen among the others.
pub const FEW: usize = 200;
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

    /// Whether a place on the axis lies in the range.
    pub fn holds(self, x: f32) -> bool {
        x >= self.low && (x < self.high || self.high == f32::INFINITY)
    }
}

/// The pictured weights that lie in a range.
#[derive(Clone, Debug)]
pub struct BinMembers {
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
pub fn bin_members(
    original: &TensorOriginal,
    report: &TensorReport,
    range: Range,
    control: &Control<'_>,
) -> Result<BinMembers, Stopped> {
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
    Ok(BinMembers { count, few, veil: Arc::new(Picture::new_indexed(width, height, codes, vec![VEIL, clear])) })
}
