//! Weights ready to be coded: as they differ from the centre, with their rows sorted by spread into classes.

use crate::engine::coding::groups::row_groups;
use crate::engine::coding::unit::Scaled;

/// Weights that a stream of codes holds, and that a path runs over.
pub(super) const CHUNK: usize = 1 << 14;

/// The spread of a row is counted in quarters of octaves.
pub(super) const CLASSES: usize = 32;

pub(super) const CLASS_BITS: u32 = 5;

/// The class of rows whose root mean square is the unit.
const MIDDLE: i32 = 20;

/// 2^((class − MIDDLE) / 4), rounded the same everywhere.
pub(super) fn spread_of(class: u8) -> f32 {
    const QUARTERS: [f64; 4] = [1.0, 1.189_207_115_002_721, std::f64::consts::SQRT_2, 1.681_792_830_507_429];
    let quarters = i32::from(class) - MIDDLE;
    (QUARTERS[quarters.rem_euclid(4) as usize] * 2f64.powi(quarters.div_euclid(4))) as f32
}

fn class_of(x: &[f32]) -> u8 {
    let power: f64 = x.iter().map(|x| f64::from(*x) * f64::from(*x)).sum();
    let mean = power / x.len().max(1) as f64;
    if mean == 0.0 { 0 } else { ((mean.log2() * 2.0).round() as i32 + MIDDLE).clamp(0, CLASSES as i32 - 1) as u8 }
}

/// Weights as they differ from the centre, in steps once they are divided, with the class of each group of
/// rows.
#[derive(Clone)]
pub(super) struct Prepared {
    pub(super) targets: Vec<f32>,
    pub(super) classes: Vec<u8>,
    /// How many weights each class counts for, in order.
    group_len: Vec<usize>,
}

impl Prepared {
    pub(super) fn new(scaled: &Scaled<'_>, row_len: usize, centre: f32) -> Self {
        let mut targets: Vec<f32> = scaled.values.iter().map(|x| x - centre).collect();
        if let Some(weights) = &scaled.weights {
            // What counts for nothing is best where it costs nothing.
            targets.iter_mut().zip(weights.iter()).filter(|(_, w)| **w == 0.0).for_each(|(x, _)| *x = 0.0);
        }
        let groups = row_groups(targets.len(), row_len);
        let classes = groups.iter().map(|g| class_of(&targets[g.clone()])).collect();
        Self { targets, classes, group_len: groups.into_iter().map(|g| g.len()).collect() }
    }

    pub(super) fn divide(&mut self, by_row: bool, step: f32) {
        let mut at = 0;
        for (&class, &len) in self.classes.iter().zip(&self.group_len) {
            let step = if by_row { step * spread_of(class) } else { step };
            let inverse = if step > 0.0 { 1.0 / step } else { 0.0 };
            self.targets[at..at + len].iter_mut().for_each(|x| *x *= inverse);
            at += len;
        }
    }

    /// The class of every weight.
    pub(super) fn class_each(&self) -> Vec<u8> {
        each(&self.classes, self.group_len.iter().copied())
    }
}

pub(super) fn each(classes: &[u8], lens: impl Iterator<Item = usize>) -> Vec<u8> {
    classes.iter().zip(lens).flat_map(|(&class, len)| std::iter::repeat_n(class, len)).collect()
}
