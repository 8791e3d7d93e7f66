//! Blue noise by void-and-cluster: a square of ranks whose first k places are spread evenly for every
//! k, without a pattern to be seen.
//!
//! Source: Ulichney, "The void-and-cluster method for dither array generation", Proc. SPIE 1913 (1993).
//! The set places are blurred with a Gaussian; the set place of the greatest density sits in the
//! tightest cluster, the free one of the least in the largest void. Flipping a place changes the density of
//! its neighbours and nothing else, so that a whole mask costs a few million additions.

use crate::engine::random::Random;

/// Places on a side of the square.
pub const SIDE: usize = 64;
const PLACES: usize = SIDE * SIDE;

/// e^(−1/(2σ²)) for Ulichney's σ = 1.5: the Gaussian at squared distance d is this to the power d. By powers
/// alone the ranks come out the same on every machine, which no library's `exp` promises.
pub const FALL: f64 = 0.800_737_402_916_808_1;
/// The Gaussian's height in whole numbers: sums stay exact, so that what is taken away leaves no trace.
pub const HEIGHT: f64 = (1u64 << 56) as f64;
/// How many places away along an axis the Gaussian is still felt: beyond, it has fallen to less than one.
pub const REACH: usize = 13;
/// The share of places that are set at first. Any minority does; Ulichney's choice is a tenth.
const FIRST: usize = PLACES / 10;
/// Below the Gaussian's smallest steps: decides only between places that are otherwise equal.
const TIE_BREAK: u64 = 0xff;

/// The density of the set places around every place of the square.
pub struct Field {
    set: Vec<bool>,
    density: Vec<u64>,
    /// The Gaussian's quarter, by distance down and across.
    gaussian: [[u64; REACH + 1]; REACH + 1],
}

impl Field {
    /// No place is set; what each feels is a small random number that decides between equals.
    pub fn new(random: &mut Random) -> Self {
        let mut powers = vec![HEIGHT];
        for d in 1..=2 * REACH * REACH {
            powers.push(powers[d - 1] * FALL);
        }
        let gaussian = std::array::from_fn(|y| std::array::from_fn(|x| powers[x * x + y * y] as u64));
        let density = (0..PLACES).map(|_| random.next_u64() & TIE_BREAK).collect();
        Self { set: vec![false; PLACES], density, gaussian }
    }

    /// Sets a free place, frees a set one. The field has no edges: what leaves on one side comes back
    /// on the other, so that copies of the mask fit together.
    pub fn flip(&mut self, place: usize) {
        self.set[place] = !self.set[place];
        let (set, wrap) = (self.set[place], |i: usize| (i + SIDE - REACH) % SIDE);
        for dy in 0..=2 * REACH {
            let row = wrap(place / SIDE + dy) * SIDE;
            let gaussian = &self.gaussian[dy.abs_diff(REACH)];
            for dx in 0..=2 * REACH {
                let density = &mut self.density[row + wrap(place % SIDE + dx)];
                let change = gaussian[dx.abs_diff(REACH)];
                *density = if set { *density + change } else { *density - change };
            }
        }
    }

    /// The density of the set places around each place, row by row, in parts of the Gaussian's height.
    pub fn density(&self) -> &[u64] {
        &self.density
    }

    fn tightest_cluster(&self) -> usize {
        (0..PLACES).filter(|&i| self.set[i]).max_by_key(|&i| self.density[i]).unwrap_or(0)
    }

    fn largest_void(&self) -> usize {
        (0..PLACES).filter(|&i| !self.set[i]).min_by_key(|&i| self.density[i]).unwrap_or(0)
    }

    /// Moves set places from clusters to voids until the one taken is the one to put back.
    fn relax(&mut self) {
        // Each move lowers what the set places feel of each other, so that this ends by itself; the
        // bound only says so.
        for _ in 0..PLACES {
            let from = self.tightest_cluster();
            self.flip(from);
            let to = self.largest_void();
            self.flip(to);
            if from == to {
                return;
            }
        }
    }
}

/// The rank of each place, row by row: every number below 64² once. The seed decides which where.
pub fn ranks(seed: u64) -> Vec<u16> {
    let mut random = Random::seeded(seed);
    let mut field = Field::new(&mut random);
    let mut count = 0;
    while count < FIRST {
        let place = (random.next_u64() >> 32) as usize % PLACES;
        if !field.set[place] {
            field.flip(place);
            count += 1;
        }
    }
    field.relax();
    let mut ranks = vec![0; PLACES];
    let first: Vec<usize> = (0..PLACES).filter(|&i| field.set[i]).collect();
    for rank in (0..FIRST).rev() {
        let place = field.tightest_cluster();
        field.flip(place);
        ranks[place] = rank as u16;
    }
    first.into_iter().for_each(|place| field.flip(place));
    // Ulichney ends with the tightest clusters of free places; what all places together feel being the
    // same everywhere, those are the largest voids.
    for rank in FIRST..PLACES {
        let place = field.largest_void();
        field.flip(place);
        ranks[place] = rank as u16;
    }
    ranks
}
