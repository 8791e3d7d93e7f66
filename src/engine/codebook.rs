//! A codebook: a short list of points in R^D and the exact search for the nearest of them.
//!
//! At D = 1 the points are sorted and the search is over the cuts between neighbours; above that it
//! looks at every point, eight at a time. Both give the same answer as the naive search: the nearest
//! point, and of equally near ones the one with the lowest index.

use super::simd::{Kernel, widest};

/// Sizes within which an f32 has eighths, and rounds to integers in two additions.
const EXACT: f32 = (1 << 20) as f32;

/// Points that are looked at together.
pub const LANES: usize = 8;

/// At most 65,536 points. At D = 1 they are in ascending order.
#[derive(Clone, Debug, PartialEq)]
pub struct Codebook<const D: usize> {
    points: Vec<[f32; D]>,
    /// D = 1: `cuts[k]` is the largest value nearer to (or as near to) point k than to point k + 1.
    cuts: Vec<f32>,
    /// D > 1: coordinate-major blocks of eight points, the last one filled up with far points.
    blocks: Vec<[[f32; LANES]; D]>,
    integers: bool,
}

impl<const D: usize> Codebook<D> {
    /// Takes 1 to 65,536 different, finite points; sorts them when D = 1.
    pub fn new(mut points: Vec<[f32; D]>) -> Self {
        debug_assert!(!points.is_empty() && points.len() <= 1 << 16);
        let (mut cuts, mut blocks, mut integers) = (Vec::new(), Vec::new(), false);
        if D == 1 {
            points.sort_by(|a, b| a[0].total_cmp(&b[0]));
            cuts = points.windows(2).map(|p| cut_between(p[0][0], p[1][0])).collect();
            let integer = |(k, p): (usize, &[f32; D])| p[0] == points[0][0].round() + k as f32 && p[0].abs() < EXACT;
            integers = points.iter().enumerate().all(integer);
        } else {
            blocks = points.chunks(LANES).map(block_of).collect();
        }
        Self { points, cuts, blocks, integers }
    }

    /// The points by their codes; at D = 1 in ascending order.
    pub fn points(&self) -> &[[f32; D]] {
        &self.points
    }

    /// How many points there are, 1 to 65,536.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there are no points, which no codebook is made with.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// For levels that are consecutive integers: the first of them. Their search is plain arithmetic.
    pub fn first_integer(&self) -> Option<f32> {
        if self.integers { self.points.first().map(|p| p[0]) } else { None }
    }

    /// The index of the point nearest to `x` (squared distance in f32); the lowest on a tie.
    #[inline(always)]
    pub fn nearest(&self, x: [f32; D]) -> u16 {
        if D == 1 {
            self.cuts.partition_point(|&c| c < x[0]) as u16
        } else {
            nearest_in_blocks(&self.blocks, x).min(self.points.len() as u32 - 1) as u16
        }
    }

    /// The nearest entry of each value by distances to all entries, without boxes.
    pub fn nearest_of_all(&self, values: &[[f32; D]], out: &mut [u16]) {
        widest(NearestEach { book: self, values, out });
    }

    /// The nearest point and how far it and the second nearest are. Not for D = 1.
    #[inline(always)]
    pub fn nearest_two(&self, x: [f32; D]) -> NearestTwo {
        let mut best = [f32::INFINITY; LANES];
        let mut second = [f32::INFINITY; LANES];
        let mut best_block = [0u32; LANES];
        for (b, block) in self.blocks.iter().enumerate() {
            let mut distance = [0.0f32; LANES];
            for (c, plane) in block.iter().enumerate() {
                for (d, p) in distance.iter_mut().zip(plane) {
                    let e = x[c] - p;
                    *d += e * e;
                }
            }
            for lane in 0..LANES {
                let d = distance[lane];
                let nearer = d < best[lane];
                let worse = if nearer { best[lane] } else { d };
                second[lane] = if worse < second[lane] { worse } else { second[lane] };
                best[lane] = if nearer { d } else { best[lane] };
                best_block[lane] = if nearer { b as u32 } else { best_block[lane] };
            }
        }
        let mut nearest = NearestTwo { index: u32::MAX, squared: f32::INFINITY, second_squared: f32::INFINITY };
        for lane in 0..LANES {
            let index = best_block[lane] * LANES as u32 + lane as u32;
            let d = best[lane];
            if d < nearest.squared || (d == nearest.squared && index < nearest.index) {
                nearest.second_squared = nearest.second_squared.min(nearest.squared).min(second[lane]);
                (nearest.squared, nearest.index) = (d, index);
            } else {
                nearest.second_squared = nearest.second_squared.min(d);
            }
        }
        nearest
    }
}

/// The place of the nearest point among blocks of them; the lowest on a tie.
#[inline(always)]
pub(super) fn nearest_in_blocks<const D: usize>(blocks: &[[[f32; LANES]; D]], x: [f32; D]) -> u32 {
    let mut best = [f32::INFINITY; LANES];
    let mut best_block = [0u32; LANES];
    for (b, block) in blocks.iter().enumerate() {
        let mut distance = [0.0f32; LANES];
        for (c, plane) in block.iter().enumerate() {
            for (d, p) in distance.iter_mut().zip(plane) {
                let e = x[c] - p;
                *d += e * e;
            }
        }
        for lane in 0..LANES {
            let nearer = distance[lane] < best[lane];
            best[lane] = if nearer { distance[lane] } else { best[lane] };
            best_block[lane] = if nearer { b as u32 } else { best_block[lane] };
        }
    }
    let least = least_of(best);
    let mut index = [u32::MAX; LANES];
    for lane in 0..LANES {
        let place = best_block[lane] * LANES as u32 + lane as u32;
        index[lane] = if best[lane] == least { place } else { u32::MAX };
    }
    index.into_iter().fold(u32::MAX, u32::min)
}

/// By halves: one after another would wait for each.
#[inline(always)]
pub fn least_of(values: [f32; LANES]) -> f32 {
    let less = |a: f32, b: f32| if a < b { a } else { b };
    let four: [f32; 4] = std::array::from_fn(|i| less(values[i], values[i + 4]));
    less(less(four[0], four[2]), less(four[1], four[3]))
}

/// The nearest of a few entries to each of eight points, lane by lane; the first of `entries` on a tie. Bit for bit the
/// distances of [`Codebook::nearest`].
#[inline(always)]
pub fn nearest_to_each<const D: usize>(
    points: &[[f32; LANES]; D],
    entries: impl Iterator<Item = (u16, [f32; D])>,
) -> [u16; LANES] {
    let (mut best, mut nearest) = ([f32::INFINITY; LANES], [0u32; LANES]);
    for (entry, at) in entries {
        let mut distance = [0.0f32; LANES];
        for c in 0..D {
            for lane in 0..LANES {
                let e = points[c][lane] - at[c];
                distance[lane] += e * e;
            }
        }
        for lane in 0..LANES {
            let nearer = distance[lane] < best[lane];
            best[lane] = if nearer { distance[lane] } else { best[lane] };
            nearest[lane] = if nearer { u32::from(entry) } else { nearest[lane] };
        }
    }
    nearest.map(|entry| entry as u16)
}

/// See [`Codebook::nearest_two`]; distances are squared.
#[derive(Clone, Copy, Debug)]
pub struct NearestTwo {
    /// The code of the nearest point.
    pub index: u32,
    /// Squared distance to the nearest point.
    pub squared: f32,
    /// Squared distance to the second nearest; infinite where there is one point only.
    pub second_squared: f32,
}

struct NearestEach<'a, const D: usize> {
    book: &'a Codebook<D>,
    values: &'a [[f32; D]],
    out: &'a mut [u16],
}

/// Up to this many cuts, counting those below beats a binary search.
const FEW_CUTS: usize = 32;

impl<const D: usize> Kernel for NearestEach<'_, D> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        if D > 1 || self.book.cuts.len() > FEW_CUTS {
            for (code, &x) in self.out.iter_mut().zip(self.values) {
                *code = self.book.nearest(x);
            }
            return;
        }
        // Cut by cut over a block of values: no branches, and the block stays in registers and cache.
        for (codes, values) in self.out.chunks_mut(256).zip(self.values.chunks(256)) {
            codes.fill(0);
            for &cut in &self.book.cuts {
                for (code, x) in codes.iter_mut().zip(values) {
                    *code += u16::from(cut < x[0]);
                }
            }
        }
    }
}

/// The largest f32 that is at least as near to `a` as to `b` (a ≤ b), judged in f32 as a naive
/// search would judge it.
fn cut_between(a: f32, b: f32) -> f32 {
    // The midpoint in f64 is exact; the naive rule (x−a)² ≤ (x−b)² with a ≤ b is x ≤ midpoint.
    let middle = (f64::from(a) + f64::from(b)) / 2.0;
    let rounded = middle as f32;
    if f64::from(rounded) > middle { rounded.next_down() } else { rounded }
}

pub(super) fn block_of<const D: usize>(points: &[[f32; D]]) -> [[f32; LANES]; D] {
    std::array::from_fn(|c| std::array::from_fn(|lane| points.get(lane).map_or(f32::INFINITY, |p| p[c])))
}

/// Squared Euclidean distance.
#[inline]
pub fn distance_squared<const D: usize>(a: [f32; D], b: [f32; D]) -> f32 {
    (0..D).map(|c| (a[c] - b[c]) * (a[c] - b[c])).sum()
}
