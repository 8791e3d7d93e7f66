//! Which entries of a palette with alpha are opaque.
//!
//! A fit in four dimensions knows no opaque: an entry that an outline's blends share with what it outlines comes out at
//! 254 of 255, and the whole area with it. So an entry most of whose pixels are opaque becomes opaque, at their mean; and
//! so does any other whose opaque pixels would lose more by going to an opaque entry elsewhere than its translucent ones
//! by losing their alpha. Where any pixel is opaque, one entry is.

use super::axes::Axes;
use crate::engine::codebook::{Codebook, distance_squared};
use crate::engine::fit::cloud::Cloud;

/// Samples of one entry.
#[derive(Clone, Default)]
struct Members {
    opaque: Vec<usize>,
    others: Vec<usize>,
    opaque_weight: f64,
    other_weight: f64,
}

/// Makes entries opaque that are to be. `kept` ones stay as they are; `clear` is the transparent entry, which is not among
/// them; `cloud` has the photo's colours.
pub(super) fn make_opaque<const D: usize>(
    entries: &mut [[f32; D]],
    kept: &[[f32; D]],
    clear: Option<[f32; D]>,
    cloud: &Cloud<D>,
    axes: Axes<D>,
) {
    let is_opaque = |p: &[f32; D]| (axes.colour)(*p)[3] == 255;
    if entries.is_empty() || entries.iter().all(is_opaque) {
        return;
    }
    let members = members_of(entries, clear, cloud, is_opaque);
    let mut order: Vec<usize> = (0..entries.len()).filter(|&k| !members[k].opaque.is_empty()).collect();
    order.sort_by(|&a, &b| members[b].opaque_weight.total_cmp(&members[a].opaque_weight));
    for k in order {
        let of = &members[k];
        if is_opaque(&entries[k]) || kept.contains(&entries[k]) {
            continue;
        }
        let mean = (axes.stored)(mean_of(cloud, of)).map(|x| x + 0.0);
        let opaque: Vec<[f32; D]> = entries.iter().copied().filter(is_opaque).collect();
        if opaque.contains(&mean) {
            continue;
        }
        if of.opaque_weight > of.other_weight || gains(cloud, of, entries[k], mean, &opaque) {
            entries[k] = mean;
        }
    }
}

fn members_of<const D: usize>(
    entries: &[[f32; D]],
    clear: Option<[f32; D]>,
    cloud: &Cloud<D>,
    is_opaque: impl Fn(&[f32; D]) -> bool,
) -> Vec<Members> {
    let book = Codebook::new(entries.iter().copied().chain(clear).collect());
    let mut codes = vec![0; cloud.len()];
    book.nearest_each(&cloud.points, &mut codes);
    let mut members = vec![Members::default(); book.len()];
    for (i, code) in codes.into_iter().enumerate() {
        let (of, weight) = (&mut members[usize::from(code)], f64::from(cloud.weights[i]));
        if is_opaque(&cloud.points[i]) {
            of.opaque.push(i);
            of.opaque_weight += weight;
        } else {
            of.others.push(i);
            of.other_weight += weight;
        }
    }
    members
}

/// The mean of the opaque ones; where one colour has most of their weight, that colour.
fn mean_of<const D: usize>(cloud: &Cloud<D>, of: &Members) -> [f32; D] {
    let weight = |i: usize| f64::from(cloud.weights[i]);
    if let Some(&most) = of.opaque.iter().find(|&&i| weight(i) > of.opaque_weight / 2.0) {
        return cloud.points[most];
    }
    let sum = |c: usize| of.opaque.iter().map(|&i| f64::from(cloud.points[i][c]) * weight(i)).sum::<f64>();
    std::array::from_fn(|c| (sum(c) / of.opaque_weight) as f32)
}

/// Whether the squared error is less with `mean` in place of `entry` than with the opaque members at other entries.
fn gains<const D: usize>(cloud: &Cloud<D>, of: &Members, entry: [f32; D], mean: [f32; D], opaque: &[[f32; D]]) -> bool {
    let sum = |members: &[usize], from: &dyn Fn([f32; D]) -> f32| -> f64 {
        members.iter().map(|&i| f64::from(cloud.weights[i]) * f64::from(from(cloud.points[i]))).sum()
    };
    let to_others = |p: [f32; D]| opaque.iter().map(|&q| distance_squared(p, q)).fold(f32::INFINITY, f32::min);
    let stays = sum(&of.opaque, &to_others) + sum(&of.others, &|p| distance_squared(p, entry));
    let changes = sum(&of.opaque, &|p| distance_squared(p, mean)) + sum(&of.others, &|p| distance_squared(p, mean));
    changes < stays
}
