//! Nearest entries of many points at once, exactly: points are sorted into small boxes, and for each box
//! only those entries are looked at that can be nearest to some point in it.
//!
//! With 256 entries in R³ some ten are left of them; on the colours of a photo that is five times faster
//! than looking at all.

use super::codebook::{Codebook, LANES};
use super::simd::{Kernel, widest};

/// Below this many entries, looking at all of them is as fast.
const FEWEST_ENTRIES: usize = 48;
const FEWEST_POINTS: usize = 2048;
/// Boxes of a grid, at most.
const MOST_BOXES: usize = 1 << 15;

/// Points with the boxes that they lie in, for one search after another.
pub struct Boxes<'a, const D: usize> {
    values: &'a [[f32; D]],
    /// `None` where boxes would not pay.
    sorted: Option<Sorted>,
}

impl<'a, const D: usize> Boxes<'a, D> {
    /// For codebooks of about `entries`.
    pub fn new(values: &'a [[f32; D]], entries: usize) -> Self {
        let pays = D > 1 && entries >= FEWEST_ENTRIES && values.len() >= FEWEST_POINTS;
        let grid = if pays { Grid::new(values, entries) } else { None };
        Self { values, sorted: grid.map(|grid| Sorted::new(values, &grid)) }
    }

    /// Writes the nearest entry of each point to `out`, as [`Codebook::nearest`] finds it.
    pub fn nearest(&self, book: &Codebook<D>, out: &mut [u16]) {
        match &self.sorted {
            Some(sorted) => widest(Search { book, values: self.values, sorted, out }),
            None => book.nearest_of_all(self.values, out),
        }
    }
}

/// Boxes of equal sides over the points' bounds.
struct Grid<const D: usize> {
    low: [f32; D],
    per_unit: f32,
    counts: [usize; D],
}

impl<const D: usize> Grid<D> {
    /// About four boxes an entry if the points filled their bounds evenly; `None` for a single spot.
    fn new(values: &[[f32; D]], entries: usize) -> Option<Self> {
        let (mut low, mut high) = ([f32::INFINITY; D], [f32::NEG_INFINITY; D]);
        for p in values {
            for c in 0..D {
                low[c] = low[c].min(p[c]);
                high[c] = high[c].max(p[c]);
            }
        }
        let sides: [f32; D] = std::array::from_fn(|c| high[c] - low[c]);
        let longest = sides.iter().copied().fold(0.0, f32::max);
        if !(longest > 0.0 && longest.is_finite()) {
            return None;
        }
        let mut steps = (16.0 * entries as f32).powf(1.0 / D as f32).max(2.0);
        loop {
            let per_unit = steps / longest;
            let counts = sides.map(|s| (s * per_unit) as usize + 1);
            if counts.iter().product::<usize>() <= MOST_BOXES {
                return Some(Self { low, per_unit, counts });
            }
            steps /= 1.25;
        }
    }

    #[inline(always)]
    fn box_of(&self, p: &[f32; D]) -> usize {
        (0..D).fold(0, |key, c| {
            let step = ((p[c] - self.low[c]) * self.per_unit) as usize;
            key * self.counts[c] + step.min(self.counts[c] - 1)
        })
    }
}

/// The points' numbers, box after box.
pub struct Sorted {
    order: Vec<u32>,
    starts: Vec<u32>,
}

impl Sorted {
    fn new<const D: usize>(values: &[[f32; D]], grid: &Grid<D>) -> Self {
        let boxes: usize = grid.counts.iter().product();
        let keys: Vec<u16> = values.iter().map(|p| grid.box_of(p) as u16).collect();
        let mut starts = vec![0u32; boxes + 1];
        keys.iter().for_each(|&k| starts[usize::from(k) + 1] += 1);
        for b in 0..boxes {
            starts[b + 1] += starts[b];
        }
        let mut next = starts.clone();
        let mut order = vec![0; values.len()];
        for (i, &key) in keys.iter().enumerate() {
            let place = &mut next[usize::from(key)];
            order[*place as usize] = i as u32;
            *place += 1;
        }
        Self { order, starts }
    }
}

struct Search<'a, const D: usize> {
    book: &'a Codebook<D>,
    values: &'a [[f32; D]],
    sorted: &'a Sorted,
    out: &'a mut [u16],
}

impl<const D: usize> Kernel for Search<'_, D> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let mut near = Near { blocks: Vec::new(), entries: Vec::new(), least: Vec::new() };
        for ends in self.sorted.starts.windows(2) {
            let members = &self.sorted.order[ends[0] as usize..ends[1] as usize];
            if members.len() < 4 {
                members.iter().for_each(|&i| self.out[i as usize] = self.book.nearest(self.values[i as usize]));
                continue;
            }
            near.collect(self.book, self.values, members);
            for &i in members {
                let found = super::codebook::nearest_in_blocks(&near.blocks, self.values[i as usize]);
                self.out[i as usize] = near.entries[(found as usize).min(near.entries.len() - 1)];
            }
        }
    }
}

/// The entries that can be nearest to a point of one box, in the codebook's order.
struct Near<const D: usize> {
    blocks: Vec<[[f32; LANES]; D]>,
    entries: Vec<u16>,
    /// The least squared distance of each entry to the box.
    least: Vec<[f32; LANES]>,
}

impl<const D: usize> Near<D> {
    #[inline(always)]
    fn collect(&mut self, book: &Codebook<D>, values: &[[f32; D]], members: &[u32]) {
        let (mut low, mut high) = ([f32::INFINITY; D], [f32::NEG_INFINITY; D]);
        for &i in members {
            let p = values[i as usize];
            for c in 0..D {
                low[c] = low[c].min(p[c]);
                high[c] = high[c].max(p[c]);
            }
        }
        self.least.clear();
        let mut most = [f32::INFINITY; LANES];
        for block in book.blocks() {
            let (mut nearest, mut farthest) = ([0.0f32; LANES], [0.0f32; LANES]);
            for c in 0..D {
                for lane in 0..LANES {
                    let (below, above) = (low[c] - block[c][lane], block[c][lane] - high[c]);
                    let outside = below.max(above).max(0.0);
                    let across = (-below).max(-above);
                    nearest[lane] += outside * outside;
                    farthest[lane] += across * across;
                }
            }
            self.least.push(nearest);
            for lane in 0..LANES {
                most[lane] = most[lane].min(farthest[lane]);
            }
        }
        // Some entry is no farther than this from every point of the box; a little is added for rounding.
        let reach = most.iter().copied().fold(f32::INFINITY, f32::min) * 1.0001;
        self.entries.clear();
        for (b, least) in self.least.iter().enumerate() {
            for (lane, &d) in least.iter().enumerate() {
                if d <= reach {
                    self.entries.push((b * LANES + lane) as u16);
                }
            }
        }
        self.blocks.clear();
        for entries in self.entries.chunks(LANES) {
            self.blocks.push(std::array::from_fn(|c| {
                std::array::from_fn(|lane| {
                    entries.get(lane).map_or(f32::INFINITY, |&e| book.points()[usize::from(e)][c])
                })
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    fn agrees<const D: usize>(entries: usize, whole: bool) {
        let mut random = Random::seeded(entries as u64);
        // Whole coordinates make ties common.
        let mut point = || -> [f32; D] {
            std::array::from_fn(|_| {
                let x = random.next_f32() * 40.0;
                if whole { x.round() } else { x }
            })
        };
        let mut points: Vec<[f32; D]> = (0..entries).map(|_| point()).collect();
        points.sort_by(|a, b| a.partial_cmp(b).unwrap());
        points.dedup();
        let book = Codebook::new(points);
        let values: Vec<[f32; D]> = (0..20_000).map(|_| point()).collect();
        let mut codes = vec![0; values.len()];
        let boxes = Boxes::new(&values, book.len());
        assert!(boxes.sorted.is_some());
        boxes.nearest(&book, &mut codes);
        for (x, code) in values.iter().zip(codes) {
            assert_eq!(code, book.nearest(*x));
        }
    }

    #[test]
    fn boxes_change_nothing_but_the_time() {
        for entries in [64, 256, 1000] {
            agrees::<2>(entries, false);
            agrees::<3>(entries, false);
            agrees::<3>(entries, true);
            agrees::<4>(entries, true);
        }
    }

    #[test]
    fn points_in_one_spot_and_few_points_need_no_boxes() {
        let book = Codebook::new((0..64).map(|i| [i as f32, 0.0, 0.0]).collect());
        for values in [vec![[1.0; 3]; 5000], vec![[1.0, 2.0, 3.0]; 10]] {
            let mut out = vec![9; values.len()];
            let boxes = Boxes::new(&values, 64);
            assert!(boxes.sorted.is_none());
            boxes.nearest(&book, &mut out);
            assert!(out.iter().all(|&k| k == 1));
        }
    }
}
