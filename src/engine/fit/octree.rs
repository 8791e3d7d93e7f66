//! Octree: halve the cube of colours along every axis, again and again, then give up the least used
//! small cubes until few enough are left.
//!
//! Choose it to see the classic of the eighties, or for colours that lie in separate clumps: a clump
//! keeps a cube of its own however near the median of the whole it is. In R^D each cube has 2^D halves:
//! in R¹ the tree is a binary one and its levels are those of a number line halved where it is used.
//! The deepest cubes go first, whatever their use, so the error is higher than Wu's.
//! Cost: n log n for the order of the points, then a pass for each depth.
//! Source: Gervautz, Purgathofer, "A simple method for color quantization: octree quantization", New
//! Trends in Computer Graphics, 1988. There a whole cube is folded at a time, which can leave up to
//! 2^D − 2 entries too few; here the last one is folded only as far as it takes.

use super::cloud::{Cloud, LARGEST, Moments};
use super::row::{Row, Task};
use crate::engine::control::{Control, Stopped};
use crate::engine::tasks;
use crate::engine::trace::Trace;

pub(super) const ROW: Row = Row {
    name: "octree",
    palette_label: "Octree",
    levels_label: "Binary-tree levels (octree)",
    hint: "A tree of cubes, the least used of them folded: the classic of the eighties",
    source: "Gervautz, Purgathofer 1988, at one dimension",
    is_grid: false,
};

/// Halvings along each axis: the 8 bits of a channel in R³, as many as a key holds beyond R⁷.
const DEPTH: u32 = 8;
/// A number line needs finer steps than a channel of 8 bits.
const DEPTH_ON_A_LINE: u32 = 16;
const KEY_BITS: u32 = 64;

/// A cube with points in it, whose path from the root is the key's upper bits.
#[derive(Clone, Copy)]
struct Leaf<const D: usize> {
    key: u64,
    moments: Moments<D>,
}

pub(super) fn fit<const D: usize>(task: Task<'_, D>, trace: &mut Trace<D>) -> Result<Vec<[f32; D]>, Stopped> {
    let cloud = &task.cloud.condensed(LARGEST);
    Task { cloud, ..task }.beside(trace, |rest, _| fold(rest, task.free, task.control))
}

/// The means of the cubes that are left.
fn fold<const D: usize>(cloud: &Cloud<D>, count: usize, control: &Control<'_>) -> Result<Vec<[f32; D]>, Stopped> {
    let depth = if D == 1 { DEPTH_ON_A_LINE } else { DEPTH.min(KEY_BITS / D as u32).max(1) };
    let mut leaves = leaves(cloud, depth);
    // How many cubes there are at each level: two neighbours part where their keys do.
    let mut parting = vec![0usize; depth as usize + 1];
    for pair in leaves.windows(2) {
        let differ = u64::BITS - (pair[0].key ^ pair[1].key).leading_zeros();
        parting[depth as usize - (differ.max(1) as usize - 1) / D] += 1;
    }
    let cubes = |level: usize| 1 + parting[1..=level].iter().sum::<usize>();
    // All of the deepest levels are folded where that leaves too many, then some of the one above.
    let whole_to = (0..depth as usize).rev().find(|&level| cubes(level) <= count).unwrap_or(0);
    for level in [whole_to + 1, whole_to] {
        control.check()?;
        if leaves.len() > count {
            leaves = folded(leaves, D as u32 * (depth - level as u32), count);
        }
    }
    Ok(leaves.iter().map(|leaf| leaf.moments.mean()).collect())
}

/// The smallest cubes, in the order of their keys.
fn leaves<const D: usize>(cloud: &Cloud<D>, depth: u32) -> Vec<Leaf<D>> {
    let bounds = cloud.bounds();
    // The root is a cube, so that no axis is halved finer than another. Halves: a difference can overflow.
    let half = bounds.iter().map(|(low, high)| high / 2.0 - low / 2.0).fold(f32::MIN_POSITIVE, f32::max);
    let (per_unit, last) = ((1u32 << depth) as f32 / 2.0 / half, (1u32 << depth) - 1);
    let key = |p: &[f32; D]| {
        let steps: [u32; D] = std::array::from_fn(|c| (((p[c] - bounds[c].0) * per_unit) as u32).min(last));
        (0..depth)
            .rev()
            .fold(0u64, |key, bit| steps.iter().fold(key, |key, step| key << 1 | u64::from(step >> bit & 1)))
    };
    let mut order: Vec<(u64, u32)> = cloud.points.iter().zip(0..).map(|(p, i)| (key(p), i)).collect();
    tasks::sort(&mut order);
    let mut leaves: Vec<Leaf<D>> = Vec::new();
    for (key, i) in order {
        if leaves.last().is_none_or(|last| last.key != key) {
            leaves.push(Leaf { key, moments: Moments::default() });
        }
        if let Some(leaf) = leaves.last_mut() {
            leaf.moments.add(cloud.points[i as usize], cloud.weights[i as usize]);
        }
    }
    leaves
}

/// Folds the leaves of cubes that differ in no more than the lower `bits` of their keys, the least used
/// cubes first, until `count` leaves remain or every such cube is a leaf.
fn folded<const D: usize>(leaves: Vec<Leaf<D>>, bits: u32, count: usize) -> Vec<Leaf<D>> {
    let cube = |leaf: &Leaf<D>| leaf.key.checked_shr(bits).unwrap_or(0);
    let cubes: Vec<&[Leaf<D>]> = leaves.chunk_by(|a, b| cube(a) == cube(b)).collect();
    let excess = leaves.len() - count;
    if leaves.len() - cubes.len() <= excess {
        // All of them, in whatever order.
        return cubes.into_iter().map(whole).collect();
    }
    let use_of = |i: usize| cubes[i].iter().map(|leaf| leaf.moments.weight).sum::<f64>();
    let mut order: Vec<(f64, usize)> = (0..cubes.len()).map(|i| (use_of(i), i)).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (mut excess, mut given_up) = (excess, vec![0; cubes.len()]);
    for (_, i) in order {
        given_up[i] = excess.min(cubes[i].len() - 1);
        excess -= given_up[i];
    }
    let mut out = Vec::with_capacity(leaves.len());
    for (cube, given_up) in cubes.into_iter().zip(given_up) {
        match given_up {
            0 => out.extend_from_slice(cube),
            _ => out.extend(with_fewer(cube, given_up)),
        }
    }
    out
}

/// One leaf of a cube's leaves.
fn whole<const D: usize>(cube: &[Leaf<D>]) -> Leaf<D> {
    let mut folded = Leaf { key: cube[0].key, moments: Moments::default() };
    cube.iter().for_each(|leaf| folded.moments.merge(&leaf.moments));
    folded
}

/// The leaves of one cube, the `given_up` + 1 least used of them made one.
fn with_fewer<const D: usize>(cube: &[Leaf<D>], given_up: usize) -> Vec<Leaf<D>> {
    let mut kept = cube.to_vec();
    kept.sort_by(|a, b| b.moments.weight.total_cmp(&a.moments.weight).then(a.key.cmp(&b.key)));
    let rest = kept.split_off(cube.len() - given_up);
    if let Some(last) = kept.last_mut() {
        rest.iter().for_each(|leaf| last.moments.merge(&leaf.moments));
    }
    kept.sort_by_key(|leaf| leaf.key);
    kept
}
