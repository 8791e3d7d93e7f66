//! Nearest entries of many points at once, exactly: points are sorted into small boxes, and for each box
//! only those entries are looked at that can be nearest to some point in it.
//!
//! With 256 entries in R³ some ten are left of them; on the colours of a photo that is five times faster
//! than looking at all. [`Boxes`] sorts points that come in any order; [`nearest_on_paths`] takes them in an order
//! that keeps neighbours together, such as [`halving_order`].

use super::codebook::{Codebook, LANES, least_of, nearest_to_each};
use super::simd::{Kernel, widest};
use super::tasks;

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
        let sorted = |grid: Grid<D>| {
            let keys: Vec<u16> = values.iter().map(|p| grid.box_of(p) as u16).collect();
            Sorted::new(&keys, grid.counts.iter().product())
        };
        Self { values, sorted: grid.map(sorted) }
    }

    /// Whether the points are sorted into boxes: with few points or entries, or in a single spot, that would not pay.
    pub fn are_sorted(&self) -> bool {
        self.sorted.is_some()
    }

    /// Writes the nearest entry of each point to `out`, as [`Codebook::nearest`] finds it.
    pub fn nearest(&self, book: &Codebook<D>, out: &mut [u16]) {
        match &self.sorted {
            Some(sorted) => widest(Search { book, values: self.values, sorted, out }),
            None => book.nearest_of_all(self.values, out),
        }
    }
}

impl<const D: usize> Codebook<D> {
    /// The nearest point of each of `values`; `codes` is as long.
    pub fn nearest_each(&self, values: &[[f32; D]], codes: &mut [u16]) {
        Boxes::new(values, self.len()).nearest(self, codes);
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
        let Bounds { low, high } = Bounds::of(values);
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

/// The numbers of points by their keys: boxes that they lie in, entries that they belong to.
pub(super) struct Sorted {
    order: Vec<u32>,
    starts: Vec<u32>,
}

impl Sorted {
    /// Keys are below `count`.
    pub(super) fn new(keys: &[u16], count: usize) -> Self {
        let mut starts = vec![0u32; count + 1];
        keys.iter().for_each(|&k| starts[usize::from(k) + 1] += 1);
        (0..count).for_each(|k| starts[k + 1] += starts[k]);
        let (mut next, mut order) = (starts.clone(), vec![0; keys.len()]);
        for (i, &key) in keys.iter().enumerate() {
            let place = &mut next[usize::from(key)];
            order[*place as usize] = i as u32;
            *place += 1;
        }
        Self { order, starts }
    }

    /// How many keys there can be.
    pub(super) fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// The numbers of the points of a key, in ascending order.
    #[inline(always)]
    pub(super) fn of(&self, key: usize) -> &[u32] {
        &self.order[self.starts[key] as usize..self.starts[key + 1] as usize]
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
        let (all, mut near) = (Near::all(self.book), Near::default());
        for members in (0..self.sorted.count()).map(|key| self.sorted.of(key)) {
            if members.len() < 4 {
                members.iter().for_each(|&i| self.out[i as usize] = self.book.nearest(self.values[i as usize]));
                continue;
            }
            near.collect(&all, &Bounds::of(members.iter().map(|&i| &self.values[i as usize])), 0.0);
            members.iter().for_each(|&i| self.out[i as usize] = near.nearest(self.values[i as usize]));
        }
    }
}

/// Writes the nearest entry of each of `values` to `out`, as [`Codebook::nearest`] finds it. The values lie in the
/// order of `paths`, one a value: those whose paths are the same above the lowest `levels[0]` bits are near each
/// other, those above the lowest `levels[1]` nearer still.
pub fn nearest_on_paths<const D: usize>(
    book: &Codebook<D>,
    values: &[[f32; D]],
    paths: &[u32],
    levels: [u32; 2],
    out: &mut [u16],
) {
    widest(OnPaths { book, values, paths, levels, out });
}

struct OnPaths<'a, const D: usize> {
    book: &'a Codebook<D>,
    values: &'a [[f32; D]],
    paths: &'a [u32],
    levels: [u32; 2],
    out: &'a mut [u16],
}

impl<const D: usize> Kernel for OnPaths<'_, D> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        /// Up to so many blocks of entries, looking at all of them is as fast as finding out which can be left out.
        const FEW_BLOCKS: usize = 2;
        let all = Near::all(self.book);
        let (mut near, mut nearer) = (Near::default(), Near::default());
        let [coarse, fine] = self.levels;
        let (mut values, mut out) = (self.values, self.out);
        for region in self.paths.chunk_by(|a, b| a >> coarse == b >> coarse) {
            let many = all.blocks.len() > FEW_BLOCKS;
            if many {
                near.collect(&all, &Bounds::of(&values[..region.len()]), 0.0);
            }
            let near = if many { &near } else { &all };
            for run in region.chunk_by(|a, b| a >> fine == b >> fine) {
                let (here, others) = values.split_at(run.len());
                let (codes, rest) = out.split_at_mut(run.len());
                let many = near.blocks.len() > FEW_BLOCKS;
                if many {
                    nearer.collect(near, &Bounds::of(here), 0.0);
                }
                let near = if many { &nearer } else { near };
                match near.entries[..] {
                    [only] => codes.fill(only),
                    _ => near.nearest_each(here, codes),
                }
                (values, out) = (others, rest);
            }
        }
    }
}

/// An order in which neighbours lie together: by the halves of the points' bounds, the halves of these, and so on. Of
/// each point its path, by which they are sorted, and its number. Equally many lowest bits of all paths left out leave
/// the boxes of one level.
pub fn halving_order<const D: usize>(points: &[[f32; D]]) -> Vec<(u32, u32)> {
    const HALF: u32 = 5;
    let bits = path_bits(D) / D as u32;
    let Origin { low, per_unit } = origin_of(&Bounds::of(points), bits);
    let last = (1u32 << bits) - 1;
    // The bits of a small number, D places apart.
    let apart: [u32; 1 << HALF] = std::array::from_fn(|v| {
        (0..bits.min(HALF)).fold(0, |out, bit| out | (v as u32 >> bit & 1) << (bit * D as u32))
    });
    let path = |p: &[f32; D]| {
        (0..D).fold(0, |path, c| {
            let step = (((p[c] - low[c]) * per_unit) as u32).min(last);
            let lower = apart[(step & 31) as usize];
            let spread =
                if bits > HALF { apart[(step >> HALF & 31) as usize] << (HALF * D as u32) | lower } else { lower };
            path | spread << (D - 1 - c)
        })
    };
    // Both in one number, which is sorted in half the time of a pair.
    let mut order: Vec<u64> = points.iter().zip(0..).map(|(p, i)| u64::from(path(p)) << 32 | i).collect();
    tasks::sort(&mut order);
    order.into_iter().map(|both| ((both >> 32) as u32, both as u32)).collect()
}

/// Bits of a path.
pub fn path_bits(dimensions: usize) -> u32 {
    (32 / dimensions as u32).clamp(1, 10) * dimensions as u32
}

struct Origin<const D: usize> {
    low: [f32; D],
    per_unit: f32,
}

/// A cube around the bounds with 2^bits steps a side. Where it can be the cube is one of a grid of powers of two, so that
/// what is sorted by the bits of its coordinates is found sorted.
fn origin_of<const D: usize>(Bounds { low, high }: &Bounds<D>, bits: u32) -> Origin<D> {
    // Halved first: the difference of two finite numbers can overflow.
    let half = (0..D).map(|c| high[c] / 2.0 - low[c] / 2.0).fold(f32::MIN_POSITIVE, f32::max);
    let steps = (1u32 << bits) as f32;
    for doubled in [4.0, 8.0] {
        let side = half.log2().floor().exp2() * doubled;
        let corner = low.map(|x| (x / side).floor() * side);
        if side.is_finite() && (0..D).all(|c| high[c] - corner[c] < side) {
            return Origin { low: corner, per_unit: steps / side };
        }
    }
    Origin { low: *low, per_unit: steps / 2.0 / half }
}

/// The smallest box around points.
#[derive(Clone, Copy, Debug)]
pub struct Bounds<const D: usize> {
    /// The least coordinate on each axis.
    pub low: [f32; D],
    /// The greatest coordinate on each axis.
    pub high: [f32; D],
}

impl<const D: usize> Bounds<D> {
    pub(super) const NONE: Self = Self { low: [f32::INFINITY; D], high: [f32::NEG_INFINITY; D] };

    #[inline(always)]
    pub(super) fn of<'a>(points: impl IntoIterator<Item = &'a [f32; D]>) -> Self {
        points.into_iter().fold(Self::NONE, |bounds, p| bounds.joined(Self { low: *p, high: *p }))
    }

    /// From the box to a point.
    #[inline(always)]
    pub(super) fn distance(&self, p: &[f32; D]) -> f32 {
        let outside = |c: usize| (self.low[c] - p[c]).max(p[c] - self.high[c]).max(0.0);
        (0..D).map(|c| outside(c) * outside(c)).sum::<f32>().sqrt()
    }

    #[inline(always)]
    pub(super) fn joined(self, other: Self) -> Self {
        Self {
            low: std::array::from_fn(|c| self.low[c].min(other.low[c])),
            high: std::array::from_fn(|c| self.high[c].max(other.high[c])),
        }
    }
}

/// Entries that can be nearest to a point of one box, in the codebook's order.
#[derive(Default)]
pub struct Near<const D: usize> {
    blocks: Vec<[[f32; LANES]; D]>,
    entries: Vec<u16>,
    /// The least squared distance to the box of each entry that was looked at, and bits for those within reach.
    least: Vec<[f32; LANES]>,
    in_reach: Vec<u32>,
}

impl<const D: usize> Near<D> {
    /// Every entry of a codebook.
    pub fn all(book: &Codebook<D>) -> Self {
        let entries = (0..book.len()).map(|k| k as u16).collect();
        // A codebook on a line keeps cuts and has no blocks of its own.
        let blocks = book.points().chunks(LANES).map(super::codebook::block_of).collect();
        Self { blocks, entries, ..Self::default() }
    }

    /// The numbers of these entries in the codebook, in ascending order.
    pub fn entries(&self) -> &[u16] {
        &self.entries
    }

    /// Only what is looked at, for keeping.
    pub(super) fn listed(&self) -> Self {
        Self { blocks: self.blocks.clone(), entries: self.entries.clone(), ..Self::default() }
    }

    #[inline(always)]
    pub(super) fn nearest(&self, x: [f32; D]) -> u16 {
        let nearest = super::codebook::nearest_in_blocks(&self.blocks, x);
        self.entries[(nearest as usize).min(self.entries.len() - 1)]
    }

    /// The entries without one of them.
    pub fn without(&self, entry: usize) -> Self {
        let mut others = self.listed();
        if let Some(block) = others.blocks.get_mut(entry / LANES) {
            block.iter_mut().for_each(|plane| plane[entry % LANES] = f32::INFINITY);
        }
        others
    }

    /// The squared distance from a point to the nearest of them.
    #[inline(always)]
    pub fn least(&self, x: [f32; D]) -> f32 {
        let mut least = [f32::INFINITY; LANES];
        for block in &self.blocks {
            let mut distance = [0.0f32; LANES];
            for (c, plane) in block.iter().enumerate() {
                for (d, p) in distance.iter_mut().zip(plane) {
                    let e = x[c] - p;
                    *d += e * e;
                }
            }
            for lane in 0..LANES {
                least[lane] = if distance[lane] < least[lane] { distance[lane] } else { least[lane] };
            }
        }
        least_of(least)
    }

    /// Eight points at a time.
    #[inline(always)]
    fn nearest_each(&self, points: &[[f32; D]], codes: &mut [u16]) {
        for (points, codes) in points.chunks(LANES).zip(codes.chunks_mut(LANES)) {
            let mut block = [[0.0; LANES]; D];
            for (lane, point) in points.iter().enumerate() {
                (0..D).for_each(|c| block[c][lane] = point[c]);
            }
            let at = |(k, &entry): (usize, &u16)| {
                let block = &self.blocks[k / LANES];
                (entry, std::array::from_fn(|c| block[c][k % LANES]))
            };
            let nearest = nearest_to_each(&block, self.entries.iter().enumerate().map(at));
            codes.copy_from_slice(&nearest[..codes.len()]);
        }
    }

    /// Collects the entries of `among` that can be nearest to a point of the box, or could be if the distances were
    /// off by `slack` in all.
    #[inline(always)]
    pub fn collect(&mut self, among: &Self, bounds: &Bounds<D>, slack: f32) {
        self.measure(among, bounds, slack);
        self.entries.clear();
        self.blocks.clear();
        for (block, in_reach) in self.in_reach.iter().enumerate() {
            let mut in_reach = *in_reach;
            while in_reach != 0 {
                let lane = in_reach.trailing_zeros() as usize;
                in_reach &= in_reach - 1;
                let place = self.entries.len() % LANES;
                if place == 0 {
                    self.blocks.push([[f32::INFINITY; LANES]; D]);
                }
                self.entries.push(among.entries[block * LANES + lane]);
                if let Some(last) = self.blocks.last_mut() {
                    (0..D).for_each(|c| last[c][place] = among.blocks[block][c][lane]);
                }
            }
        }
    }

    /// Adds the numbers of the entries that [`Self::collect`] takes to `out`; gives the distance within which they all are.
    #[inline(always)]
    pub(super) fn list(&mut self, among: &Self, bounds: &Bounds<D>, slack: f32, out: &mut Vec<u16>) -> f32 {
        let reach = self.measure(among, bounds, slack);
        for (block, in_reach) in self.in_reach.iter().enumerate() {
            let mut in_reach = *in_reach;
            while in_reach != 0 {
                out.push(among.entries[block * LANES + in_reach.trailing_zeros() as usize]);
                in_reach &= in_reach - 1;
            }
        }
        reach
    }

    /// Marks the entries that can be nearest; gives the distance within which they all are.
    #[inline(always)]
    fn measure(&mut self, among: &Self, bounds: &Bounds<D>, slack: f32) -> f32 {
        let Bounds { low, high } = bounds;
        self.least.clear();
        let mut most = [f32::INFINITY; LANES];
        for block in &among.blocks {
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
                most[lane] = if farthest[lane] < most[lane] { farthest[lane] } else { most[lane] };
            }
        }
        // Some entry is no farther than this from every point of the box; a little is added for rounding.
        let reach = (least_of(most).sqrt() + slack) * 1.0001;
        let squared = reach * reach;
        self.in_reach.clear();
        for least in &self.least {
            let mut in_reach = 0u32;
            for (lane, &d) in least.iter().enumerate() {
                in_reach |= u32::from(d <= squared) << lane;
            }
            // Lanes behind the last entry are infinitely far, which is within reach where nothing is nearer.
            let left = among.entries.len() - LANES * self.in_reach.len();
            self.in_reach.push(if left < LANES { in_reach & ((1 << left) - 1) } else { in_reach });
        }
        reach
    }
}
