//! Viterbi's search for the path of least squared error, several runs side by side: lane k works on run k.
//!
//! A cost is an f32 whose lowest bits are given up to hold which symbol would leave the register next:
//! then one integer minimum finds the best predecessor and remembers it. (Floats that are not negative
//! compare as their bits do.) Costs are made small again every `REBASE` steps, so the bits given up
//! weigh nothing. Source: Viterbi, IEEE Trans. Inf. Theory 13 (1967).

use super::values::Values;
use crate::engine::control::{Control, Stopped};
use crate::engine::simd::{Kernel, widest};

/// Runs that are searched at once.
pub const LANES: usize = 8;
/// Steps between looks at the stop flag and at the size of the costs.
const REBASE: usize = 64;
/// No path leads here yet.
const UNREACHED: f32 = 1e30;

/// What the best path to a state costs in each of the runs, with the symbol that leaves the register next.
pub type Costs = [u32; LANES];

/// A search, with the memory that it needs for one set of runs after another.
pub struct Search<'a> {
    code: &'a Values,
    costs: Vec<Costs>,
    next: Vec<Costs>,
    /// For each step and each state without its newest symbol: the symbol that the best predecessor lost.
    lost: Vec<[u8; LANES]>,
}

impl<'a> Search<'a> {
    /// For the paths of a code.
    pub fn new(code: &'a Values) -> Self {
        let states = code.levels.len();
        Self { code, costs: vec![[0; LANES]; states], next: vec![[0; LANES]; states], lost: Vec::new() }
    }

    /// The best symbols for each run, which starts from state 0. Missing runs are empty.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn follow<'b>(
        &mut self,
        runs: &[&[f32]; LANES],
        out: impl Iterator<Item = &'b mut [u8]>,
        control: &Control<'_>,
    ) -> Result<(), Stopped> {
        let steps = runs.iter().map(|run| run.len()).max().unwrap_or(0);
        self.begin(steps);
        let mut ends = [0; LANES];
        for from in (0..steps).step_by(REBASE) {
            control.check()?;
            let to = (from + REBASE).min(steps);
            let at = |t: usize| std::array::from_fn(|k| runs[k].get(t).copied().unwrap_or(0.0));
            for t in from..to {
                self.advance(t, at(t));
                // A run takes its best state where it ends.
                for k in (0..LANES).filter(|&k| runs[k].len() == t + 1) {
                    ends[k] = self.best_state(k);
                }
            }
            widest(Rebase { costs: &mut self.costs, symbol_bits: self.code.symbol_bits });
        }
        for (k, out) in out.enumerate().take(LANES) {
            self.trace_back(k, ends[k], out);
        }
        Ok(())
    }

    fn begin(&mut self, steps: usize) {
        let groups = self.groups();
        if self.lost.len() < steps * groups {
            self.lost.resize(steps * groups, [0; LANES]);
        }
        for (state, costs) in self.costs.iter_mut().enumerate() {
            let cost = if state == 0 { 0.0 } else { UNREACHED };
            *costs = [tagged(cost, (state / groups) as u32, self.code.symbol_bits); LANES];
        }
    }

    /// States without their newest symbol.
    fn groups(&self) -> usize {
        self.code.levels.len() >> self.code.symbol_bits
    }

    fn advance(&mut self, t: usize, targets: [f32; LANES]) {
        let groups = self.groups();
        let (costs, next) = (&self.costs, &mut self.next);
        let lost = &mut self.lost[t * groups..][..groups];
        let levels = &self.code.levels;
        match self.code.symbol_bits {
            1 => Step::<2> { costs, next, lost, levels, targets }.run(),
            2 => Step::<4> { costs, next, lost, levels, targets }.run(),
            3 => Step::<8> { costs, next, lost, levels, targets }.run(),
            _ => Step::<16> { costs, next, lost, levels, targets }.run(),
        }
        std::mem::swap(&mut self.costs, &mut self.next);
    }

    /// The first of least cost.
    fn best_state(&self, lane: usize) -> usize {
        let costs = self.costs.iter().enumerate();
        costs.min_by_key(|(state, costs)| (costs[lane] >> self.code.symbol_bits, *state)).map_or(0, |(state, _)| state)
    }

    fn trace_back(&self, lane: usize, end: usize, out: &mut [u8]) {
        let (groups, bits) = (self.groups(), self.code.symbol_bits);
        let mut state = end;
        for (t, symbol) in out.iter_mut().enumerate().rev() {
            *symbol = (state & ((1 << bits) - 1)) as u8;
            let group = state >> bits;
            state = group + usize::from(self.lost[t * groups + group][lane]) * groups;
        }
    }
}

#[inline(always)]
fn tagged(cost: f32, tag: u32, bits: u32) -> u32 {
    cost.to_bits() & !((1 << bits) - 1) | tag
}

/// One weight further, SYMBOLS ways out of every state.
pub struct Step<'a, const SYMBOLS: usize> {
    /// Of each state before the step.
    pub costs: &'a [Costs],
    /// Of each state after it.
    pub next: &'a mut [Costs],
    /// Of each state without its newest symbol, the symbol that the best predecessor lost.
    pub lost: &'a mut [[u8; LANES]],
    /// What each state stands for.
    pub levels: &'a [f32],
    /// The weight of each run.
    pub targets: [f32; LANES],
}

impl<const SYMBOLS: usize> Step<'_, SYMBOLS> {
    /// Fills in `next` and `lost`.
    pub fn run(self) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the feature that the function is compiled for was just found on this machine.
            return unsafe { self.run_avx2() };
        }
        self.run_anywhere();
    }

    /// The same on processors of every kind, to the bit.
    pub fn run_anywhere(self) {
        let groups = self.lost.len();
        // The state lost `p` when it came from the p-th part of the states.
        let parts: [&[Costs]; SYMBOLS] = std::array::from_fn(|p| &self.costs[p * groups..][..groups]);
        let next = self.next.as_chunks_mut::<SYMBOLS>().0;
        let levels = self.levels.as_chunks::<SYMBOLS>().0;
        let bits = SYMBOLS.trailing_zeros();
        for (g, ((lost, next), levels)) in self.lost.iter_mut().zip(next).zip(levels).enumerate() {
            let mut least = parts[0][g];
            for part in &parts[1..] {
                least.iter_mut().zip(part[g]).for_each(|(least, other)| *least = (*least).min(other));
            }
            *lost = least.map(|cost| (cost & (SYMBOLS as u32 - 1)) as u8);
            let tag = (g * SYMBOLS / groups) as u32;
            for (next, level) in next.iter_mut().zip(levels) {
                for k in 0..LANES {
                    let e = self.targets[k] - level;
                    next[k] = tagged(f32::from_bits(least[k]) + e * e, tag, bits);
                }
            }
        }
    }

    /// The loop above in intrinsics: three times as fast as what the compiler makes of it, which it
    /// vectorises across the groups.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn run_avx2(self) {
        use std::arch::x86_64::*;
        // SAFETY: both are 32 bytes for which every bit pattern is valid.
        let load = |x: &Costs| unsafe { std::mem::transmute::<Costs, __m256i>(*x) };
        let groups = self.lost.len();
        let parts: [&[Costs]; SYMBOLS] = std::array::from_fn(|p| &self.costs[p * groups..][..groups]);
        let next = self.next.as_chunks_mut::<SYMBOLS>().0;
        let levels = self.levels.as_chunks::<SYMBOLS>().0;
        let targets = _mm256_castsi256_ps(load(&self.targets.map(f32::to_bits)));
        let tags = _mm256_set1_epi32(SYMBOLS as i32 - 1);
        for (g, ((lost, next), levels)) in self.lost.iter_mut().zip(next).zip(levels).enumerate() {
            let mut least = load(&parts[0][g]);
            for part in &parts[1..] {
                least = _mm256_min_epu32(least, load(&part[g]));
            }
            let symbols = _mm256_and_si256(least, tags);
            let (low, high) = (_mm256_castsi256_si128(symbols), _mm256_extracti128_si256::<1>(symbols));
            let words = _mm_packus_epi32(low, high);
            *lost = _mm_cvtsi128_si64(_mm_packus_epi16(words, words)).to_le_bytes();
            let tag = _mm256_set1_epi32((g * SYMBOLS / groups) as i32);
            let least = _mm256_castsi256_ps(least);
            for (next, &level) in next.iter_mut().zip(levels) {
                let e = _mm256_sub_ps(targets, _mm256_set1_ps(level));
                let cost = _mm256_castps_si256(_mm256_add_ps(least, _mm256_mul_ps(e, e)));
                let cost = _mm256_or_si256(_mm256_andnot_si256(tags, cost), tag);
                // SAFETY: as above, the other way.
                *next = unsafe { std::mem::transmute::<__m256i, Costs>(cost) };
            }
        }
    }
}

/// Takes each lane's least cost off all of its costs.
struct Rebase<'a> {
    costs: &'a mut [Costs],
    symbol_bits: u32,
}

impl Kernel for Rebase<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let tags = (1u32 << self.symbol_bits) - 1;
        let mut least = [u32::MAX; LANES];
        for costs in self.costs.iter() {
            for k in 0..LANES {
                least[k] = least[k].min(costs[k] & !tags);
            }
        }
        for costs in self.costs.iter_mut() {
            for k in 0..LANES {
                let cost = f32::from_bits(costs[k] & !tags) - f32::from_bits(least[k]);
                costs[k] = tagged(cost, costs[k] & tags, self.symbol_bits);
            }
        }
    }
}
