//! TQ1_0 and TQ2_0: the exact answer. Whatever the scale, the weights that are not 0 are the largest ones, so
//! that there are 256 cases: with k weights taken, the best scale is their weighted mean size, and what is
//! won is (Σ w·|x|)² ÷ Σ w.

use super::super::number::{f16_bytes, f16_value};
use super::super::ternary;
use super::block::Block;

pub(crate) fn tq1_0(block: &Block<256>) -> [u8; 54] {
    let (scale, trits) = best(block);
    ternary::write_tq1_0(scale, &trits)
}

pub(crate) fn tq2_0(block: &Block<256>) -> [u8; 66] {
    let (scale, trits) = best(block);
    ternary::write_tq2_0(scale, &trits)
}

/// The scale as stored, and 0, 1 or 2 for each weight.
fn best(block: &Block<256>) -> (f32, [u8; 256]) {
    let mut order: [usize; 256] = std::array::from_fn(|i| i);
    order.sort_unstable_by(|&a, &b| block.x[b].abs().total_cmp(&block.x[a].abs()));
    let (mut sum_x, mut sum_w) = (0.0f64, 0.0f64);
    let (mut scale, mut most) = (0.0, 0.0);
    for i in order {
        let w = f64::from(block.w[i]);
        sum_x += w * f64::from(block.x[i].abs());
        sum_w += w;
        if sum_w > 0.0 && sum_x * sum_x / sum_w > most {
            most = sum_x * sum_x / sum_w;
            scale = sum_x / sum_w;
        }
    }
    let stored = f16_value(f16_bytes((scale * f64::from(block.unit)).min(65504.0) as f32));
    let trits = block.original.map(|x| {
        if x.abs() <= stored / 2.0 {
            1
        } else if x > 0.0 {
            2
        } else {
            0
        }
    });
    (stored, trits)
}
