//! NF4 with its scales quantized too (QLoRA, Dettmers et al. 2023): 4.127 bits per weight.
//!
//! Blocks of 64 over the ends of rows, a scale (max|w|) each. The scales, less their mean, go in blocks of
//! 256 through an 8-bit code of rising steps (Dettmers 2016, "8-bit approximations for parallelism in deep
//! learning": 7 decades, each with twice the steps of the one below), scaled by the block's greatest size.
//! One pass for the scales, one for the codes.

use std::sync::LazyLock;

use super::coder::{Coded, Coder, Encoder, Unit};
use super::family::Family;
use crate::engine::block::NF4;
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::rate::Rate;
use crate::engine::samples::Samples;

const BLOCK: usize = 64;
const SCALES: usize = 256;

pub(super) static NF4_DOUBLE: Coder = Coder {
    name: "nf4-dq",
    bits: 4.0 + 8.0 / 64.0 + 32.0 / (64.0 * 256.0),
    unit: Unit::Tensor,
    family: Family::Float,
    takes_importance: false,
    encoder: Encoder::Function(encode),
};

/// The code of the scales: 256 steps from −1 to 1.
pub static STEPS: LazyLock<Codebook<1>> = LazyLock::new(|| Codebook::new(rising_steps().map(|x| [x]).into()));
static LEVELS: LazyLock<Codebook<1>> = LazyLock::new(|| Codebook::new(NF4.iter().map(|&x| [x]).collect()));

/// 0, 1, and of each decade from 10^-6 to 1 the middles of 2^d equal cells of its part from a tenth up,
/// with both signs.
fn rising_steps() -> [f32; 256] {
    let mut steps = [0.0; 256];
    steps[1] = 1.0;
    let mut at = 2;
    for decade in 0..7 {
        let cells = 1 << decade;
        for cell in 0..cells {
            let middle = 0.1 + 0.9 * (f64::from(cell) + 0.5) / f64::from(cells);
            let step = (middle * 10f64.powi(decade - 6)) as f32;
            steps[at..at + 2].copy_from_slice(&[step, -step]);
            at += 2;
        }
    }
    steps
}

fn encode(samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Coded, Stopped> {
    let values = samples.values;
    let scales: Vec<f32> =
        values.chunks(BLOCK).map(|block| block.iter().fold(0.0, |top: f32, x| top.max(x[0].abs()))).collect();
    control.check()?;
    let stored = coded_scales(&scales);
    let mut decoded = Vec::with_capacity(values.len());
    let (mut scaled, mut codes) = ([[0.0f32]; BLOCK], [0u16; BLOCK]);
    for (i, block) in values.chunks(BLOCK).enumerate() {
        if i % 4096 == 0 {
            control.check()?;
        }
        // As QLoRA does, codes are chosen with the exact scale and decoded with the stored one.
        let inverse = if scales[i] > 0.0 { 1.0 / scales[i] } else { 0.0 };
        scaled.iter_mut().zip(block).for_each(|(s, x)| *s = [(x[0] * inverse).clamp(-1.0, 1.0)]);
        LEVELS.nearest_each(&scaled[..block.len()], &mut codes[..block.len()]);
        decoded.extend(codes[..block.len()].iter().map(|&k| NF4[usize::from(k)] * stored[i]));
    }
    Ok(Coded { values: decoded, rate: rate(values.len(), scales.len()) })
}

/// The scales as they are decoded.
fn coded_scales(scales: &[f32]) -> Vec<f32> {
    let mean = (scales.iter().map(|&s| f64::from(s)).sum::<f64>() / scales.len().max(1) as f64) as f32;
    let mut decoded = Vec::with_capacity(scales.len());
    for block in scales.chunks(SCALES) {
        let top = block.iter().fold(0.0, |top: f32, s| top.max((s - mean).abs()));
        for s in block {
            let at = if top > 0.0 { (s - mean) / top } else { 0.0 };
            decoded.push(STEPS.points()[usize::from(STEPS.nearest([at]))][0] * top + mean);
        }
    }
    decoded
}

fn rate(values: usize, scales: usize) -> Rate {
    let of_scales = scales as u64 * 8 + scales.div_ceil(SCALES) as u64 * 32;
    let of_mean = if scales == 0 { 0 } else { 32 };
    Rate { index_bits: values as u64 * 4, side_bits: of_scales + of_mean, samples: values as u64, ..Rate::default() }
}
