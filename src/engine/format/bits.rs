//! Bits per weight as a function of the shape, everything counted, before anything is encoded.

use super::fallback::{Stored, stored_as};
use super::layout::{Format, LevelRule};
use super::levels::Group;
use crate::engine::grouping::Grouping;

impl Format {
    /// For a matrix; 0 for one without values. What a coder of its own takes depends on the weights: for
    /// those it is the figure of a large matrix.
    pub fn bits_per_weight(self, rows: usize, columns: usize) -> f64 {
        let weights = (rows * columns) as f64;
        if weights == 0.0 {
            return 0.0;
        }
        match self.rule {
            LevelRule::Coded(coder) => coder.bits,
            LevelRule::Block(kind) => match stored_as(kind, columns) {
                Stored::F16 => 16.0,
                Stored::Whole(kind) => kind.bits_per_weight(),
                Stored::Padded(kind) => {
                    let padded = columns.next_multiple_of(kind.block_len());
                    kind.bits_per_weight() * padded as f64 / columns as f64
                }
                Stored::Flat(kind) => {
                    kind.bits_per_weight() * (rows * columns).next_multiple_of(kind.block_len()) as f64 / weights
                }
            },
            LevelRule::Symmetric | LevelRule::Affine | LevelRule::Table(_) | LevelRule::Fitted(_) => {
                f64::from(self.bits) + self.side_bits(rows, columns) / weights
            }
        }
    }

    /// Of scales, zero points and learned levels.
    fn side_bits(self, rows: usize, columns: usize) -> f64 {
        let groups = self.grouping().count(rows * columns, columns) as f64;
        let a_group = match self.rule {
            LevelRule::Fitted(_) => 16.0 * f64::from(1u32 << self.bits),
            LevelRule::Affine => f64::from(self.scale.bits()) + f64::from(self.bits),
            _ => f64::from(self.scale.bits()),
        };
        let of_tensor = if self.has_tensor_scale() { 32.0 } else { 0.0 };
        groups * a_group + of_tensor
    }

    /// Scales of little range count in a scale of the whole tensor.
    pub fn has_tensor_scale(self) -> bool {
        let scaled = matches!(self.rule, LevelRule::Symmetric | LevelRule::Affine | LevelRule::Table(_));
        scaled && self.grouping() != Grouping::Whole && self.scale.needs_unit()
    }

    /// The side information in words: `f16 scale and 4-bit zero point a group of 32`.
    pub fn side_information(self) -> String {
        let group = match self.group {
            Group::Tensor => "a tensor".to_owned(),
            Group::Row => "a row".to_owned(),
            Group::Run(n) => format!("a group of {n}"),
            Group::Tile(n) => format!("a tile of {n} × {n}"),
        };
        let scale = self.scale.label();
        let tensor = if self.has_tensor_scale() { ", f32 scale a tensor" } else { "" };
        match self.rule {
            LevelRule::Symmetric | LevelRule::Table(_) => format!("{scale} scale {group}{tensor}"),
            LevelRule::Affine => format!("{scale} scale and {}-bit zero point {group}{tensor}", self.bits),
            LevelRule::Fitted(_) => format!("{} f16 levels {group}", 1u32 << self.bits),
            LevelRule::Block(kind) => {
                let side = kind.bits_per_weight() - kind.code_bits() as f64 / kind.block_len() as f64;
                if side == 0.0 { "none".to_owned() } else { format!("{side} bits a weight") }
            }
            LevelRule::Coded(_) => "counted as it is written".to_owned(),
        }
    }
}
