//! A codebook: a short list of points in R^D and the exact search for the nearest of them.
//!
//! At D = 1 the points are sorted and the search is over the cuts between neighbours; above that it
//! looks at every point, eight at a time. Both give the same answer as the naive search: the nearest
//! point, and of equally near ones the one with the lowest index.

const LANES: usize = 8;

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
            integers = points.iter().enumerate().all(|(k, p)| p[0] == points[0][0].round() + k as f32);
        } else {
            blocks = points.chunks(LANES).map(block_of).collect();
        }
        Self { points, cuts, blocks, integers }
    }

    pub fn points(&self) -> &[[f32; D]] {
        &self.points
    }

    pub fn len(&self) -> usize {
        self.points.len()
    }

    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// For levels that are consecutive integers: the first of them. Their search is plain arithmetic.
    pub fn first_integer(&self) -> Option<f32> {
        if self.integers { self.points.first().map(|p| p[0]) } else { None }
    }

    /// The index of the point nearest to `x` (squared distance in f32); the lowest on a tie.
    #[inline]
    pub fn nearest(&self, x: [f32; D]) -> u16 {
        if D == 1 { self.nearest_by_cuts(x[0]) } else { self.nearest_by_blocks(x) }
    }

    #[inline]
    fn nearest_by_cuts(&self, x: f32) -> u16 {
        if self.cuts.len() <= 16 {
            // Short lists: counting the cuts below is branch-free and beats a binary search.
            self.cuts.iter().map(|&c| u16::from(c < x)).sum()
        } else {
            self.cuts.partition_point(|&c| c < x) as u16
        }
    }

    #[inline]
    fn nearest_by_blocks(&self, x: [f32; D]) -> u16 {
        let mut best = [f32::INFINITY; LANES];
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
                let nearer = distance[lane] < best[lane];
                best[lane] = if nearer { distance[lane] } else { best[lane] };
                best_block[lane] = if nearer { b as u32 } else { best_block[lane] };
            }
        }
        let mut winner = (f32::INFINITY, u32::MAX);
        for lane in 0..LANES {
            let candidate = (best[lane], best_block[lane] * LANES as u32 + lane as u32);
            if candidate.0 < winner.0 || (candidate.0 == winner.0 && candidate.1 < winner.1) {
                winner = candidate;
            }
        }
        winner.1.min(self.points.len() as u32 - 1) as u16
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

fn block_of<const D: usize>(points: &[[f32; D]]) -> [[f32; LANES]; D] {
    std::array::from_fn(|c| std::array::from_fn(|lane| points.get(lane).map_or(f32::INFINITY, |p| p[c])))
}

/// Squared Euclidean distance.
#[inline]
pub fn distance_squared<const D: usize>(a: [f32; D], b: [f32; D]) -> f32 {
    (0..D).map(|c| (a[c] - b[c]) * (a[c] - b[c])).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    fn naive<const D: usize>(points: &[[f32; D]], x: [f32; D]) -> u16 {
        let mut best = 0;
        for k in 1..points.len() {
            let (d, least) = (distance_f64(points[k], x), distance_f64(points[best], x));
            if d < least {
                best = k;
            }
        }
        best as u16
    }

    fn distance_f64<const D: usize>(a: [f32; D], b: [f32; D]) -> f64 {
        (0..D).map(|c| (f64::from(a[c]) - f64::from(b[c])).powi(2)).sum()
    }

    fn agrees_with_naive<const D: usize>(count: usize) {
        let mut random = Random::seeded(count as u64 + D as u64);
        // Coordinates on a coarse grid make exact ties common.
        let mut point = || std::array::from_fn(|_| (random.next_f32() * 16.0).round() / 4.0);
        let mut points: Vec<[f32; D]> = (0..count).map(|_| point()).collect();
        points.sort_by(|a, b| a.partial_cmp(b).unwrap());
        points.dedup();
        let book = Codebook::new(points);
        for _ in 0..2000 {
            let x = point();
            assert_eq!(book.nearest(x), naive(book.points(), x), "{D} {count} {x:?}");
        }
    }

    #[test]
    fn the_fast_search_agrees_with_the_naive_one_ties_included() {
        for count in [1, 2, 7, 8, 9, 16, 17, 33, 100, 256] {
            agrees_with_naive::<1>(count);
            agrees_with_naive::<2>(count);
            agrees_with_naive::<3>(count);
            agrees_with_naive::<4>(count);
        }
    }

    #[test]
    fn a_value_exactly_between_two_levels_takes_the_lower_one() {
        let book = Codebook::new(vec![[3.0], [1.0], [2.0]]);
        assert_eq!(book.points(), [[1.0], [2.0], [3.0]]);
        assert_eq!(book.nearest([1.5]), 0);
        assert_eq!(book.nearest([1.5f32.next_up()]), 1);
        assert_eq!(book.nearest([-9.0]), 0);
        assert_eq!(book.nearest([9.0]), 2);
    }
}
