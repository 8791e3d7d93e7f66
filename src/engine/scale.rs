//! The scale (and zero point) of a group: from its range, or searched for the least squared error.
//!
//! Without the search the largest value decides; with it, ever smaller scales are tried, the large
//! values are clipped, and the best is polished by least squares. On weights that is worth about
//! 1 dB at 4 bits, 2 to 4 at 3 and 5 to 7 at 2. Cost of the search: some 20 times the plain rule.

use half::f16;

use super::assign::nearest;
use super::assign::tries::TRIES;
use super::codebook::Codebook;
use super::quantized::Affine;

/// How a group's scale follows from its samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScaleRule {
    pub range: Range,
    /// Search for the clipping that gives the least squared error.
    pub clip: bool,
    pub stored: StoredScale,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// scale = max|x| ÷ top, no offset; `top` is the largest level.
    AbsMax { top: f32 },
    /// scale = mean|x|: the least-squares scale of the two levels ±1 (Rastegari et al., XNOR-Net, 2016).
    MeanAbs,
    /// scale = (max − min) ÷ steps with 0 inside the range, zero point z = round(−min ÷ scale) in
    /// 0..=steps; offset = −scale · z.
    MinMax { steps: f32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredScale {
    /// Rounded to nearest even; held within ±65504.
    F16,
    F32,
}

impl StoredScale {
    pub fn bits(self) -> u32 {
        match self {
            StoredScale::F16 => 16,
            StoredScale::F32 => 32,
        }
    }

    fn round(self, scale: f32) -> f32 {
        match self {
            StoredScale::F16 => to_f16(scale),
            StoredScale::F32 => scale,
        }
    }
}

/// To the nearest f16, ties to even; what is beyond the largest finite f16 becomes that.
pub fn to_f16(x: f32) -> f32 {
    f16::from_f32(x.clamp(-65504.0, 65504.0)).to_f32()
}

/// The samples of one group; those of weight 0 have no say.
#[derive(Clone, Copy)]
pub struct Members<'a, const D: usize> {
    pub values: &'a [[f32; D]],
    pub weights: Option<&'a [f32]>,
}

/// The least clip that is tried: small groups hold no far outliers, a whole tensor may.
const LEAST_OF_SMALL: f64 = 0.25;
const LEAST_OF_LARGE: f64 = 0.02;
const SMALL: usize = 1024;
/// The search ends when the error has grown to this many times the least so far.
const HOPELESS: f64 = 2.0;

/// Each further try clips at this part of the one before: the more levels, the finer.
fn shrink(levels: usize) -> f64 {
    match levels {
        0..=4 => 0.92,
        5..=8 => 0.95,
        _ => 0.97,
    }
}

impl ScaleRule {
    /// The bits that a group's scale and zero point take.
    pub fn side_bits(&self) -> u32 {
        let zero_point = match self.range {
            Range::MinMax { steps } => (steps + 1.0).log2().ceil() as u32,
            _ => 0,
        };
        self.stored.bits() + zero_point
    }

    pub fn fit<const D: usize>(&self, members: Members<'_, D>, book: &Codebook<D>) -> Affine<D> {
        let extent = Extent::of(members);
        let plain = self.affine(extent, 1.0);
        if !self.clip || extent.is_nothing() || self.range == Range::MeanAbs {
            return plain;
        }
        let searched = match self.range {
            Range::AbsMax { .. } => self.search_by_least_squares(extent, members, book),
            _ => self.search_by_error(extent, members, book),
        };
        let error = |a: &Affine<D>| nearest::squared_error(members.values, members.weights, a, book);
        if error(&searched) < error(&plain) { searched } else { plain }
    }

    /// For symmetric rules: each clip gives codes, the codes their least-squares scale Σx·q ÷ Σq², and
    /// Σx² − (Σx·q)² ÷ Σq² is the error it leaves: one pass a try. Where the levels reach one further on
    /// the negative side (the spare code of b-bit integers), both signs of the scale are tried.
    fn search_by_least_squares<const D: usize>(
        &self,
        extent: Extent,
        members: Members<'_, D>,
        book: &Codebook<D>,
    ) -> Affine<D> {
        let power = nearest::power(members.values, members.weights);
        let lopsided = book.first_integer().is_some_and(|first| first + (book.len() as f32 - 1.0) != -first);
        let signs: &[f32] = if lopsided { &[1.0, -1.0] } else { &[1.0] };
        let mut best = (f64::INFINITY, self.affine(extent, 1.0));
        let plain = extent.abs_max() / self.top();
        let smallest = (plain * least_clip(members.values.len()) as f32).max(f32::MIN_POSITIVE);
        for sign in signs {
            let shrink = shrink(book.len()) as f32;
            let mut scale = plain * sign;
            while scale.abs() >= smallest {
                let mut scales = [0.0; TRIES];
                for tried in &mut scales {
                    *tried = scale;
                    scale *= shrink;
                }
                let mut least = f64::INFINITY;
                for (xq, qq) in nearest::correlations(members.values, members.weights, scales, book) {
                    let error = if qq > 0.0 { (power - xq * xq / qq).max(0.0) } else { power };
                    least = least.min(error);
                    if error < best.0 && qq > 0.0 {
                        best = (error, self.symmetric((xq / qq) as f32));
                    }
                }
                if least > best.0 * HOPELESS {
                    break;
                }
            }
        }
        best.1
    }

    fn search_by_error<const D: usize>(
        &self,
        extent: Extent,
        members: Members<'_, D>,
        book: &Codebook<D>,
    ) -> Affine<D> {
        let mut best = (f64::INFINITY, self.affine(extent, 1.0));
        for clip in clips(members.values.len(), book.len()) {
            let candidate = self.affine(extent, clip);
            let error = nearest::squared_error(members.values, members.weights, &candidate, book);
            if error < best.0 {
                best = (error, candidate);
            } else if error > best.0 * HOPELESS {
                break;
            }
        }
        best.1
    }

    fn affine<const D: usize>(&self, extent: Extent, clip: f64) -> Affine<D> {
        let clip = clip as f32;
        match self.range {
            Range::AbsMax { .. } => self.symmetric(extent.abs_max() / self.top() * clip),
            Range::MeanAbs => self.symmetric(extent.mean_abs),
            Range::MinMax { steps } => {
                let (low, high) = (extent.low.min(0.0) * clip, extent.high.max(0.0) * clip);
                // Divided first: the difference of two finite values can overflow.
                let scale = self.stored.round(high / steps - low / steps);
                let zero = if scale > 0.0 { (-low / scale).round_ties_even().clamp(0.0, steps) } else { 0.0 };
                Affine { scale, offset: [-scale * zero; D] }
            }
        }
    }

    /// The largest level, of symmetric rules.
    fn top(&self) -> f32 {
        match self.range {
            Range::AbsMax { top } => top,
            _ => 1.0,
        }
    }

    fn symmetric<const D: usize>(&self, scale: f32) -> Affine<D> {
        Affine { scale: self.stored.round(scale), offset: [0.0; D] }
    }
}

fn least_clip(members: usize) -> f64 {
    if members <= SMALL { LEAST_OF_SMALL } else { LEAST_OF_LARGE }
}

fn clips(members: usize, levels: usize) -> impl Iterator<Item = f64> {
    let least = least_clip(members);
    std::iter::successors(Some(1.0), move |clip| Some(clip * shrink(levels))).take_while(move |clip| *clip >= least)
}

#[derive(Clone, Copy)]
struct Extent {
    low: f32,
    high: f32,
    mean_abs: f32,
}

impl Extent {
    fn of<const D: usize>(members: Members<'_, D>) -> Self {
        let (mut low, mut high) = (f32::INFINITY, f32::NEG_INFINITY);
        let (mut sum, mut weight) = (0.0f64, 0.0f64);
        let mut take = |x: &[f32; D], w: f32| {
            for &c in x {
                low = low.min(c);
                high = high.max(c);
                sum += f64::from(c.abs() * w);
                weight += f64::from(w);
            }
        };
        match members.weights {
            None => members.values.iter().for_each(|x| take(x, 1.0)),
            Some(weights) => {
                members.values.iter().zip(weights).filter(|(_, w)| **w > 0.0).for_each(|(x, w)| take(x, *w));
            }
        }
        if weight == 0.0 {
            return Self { low: 0.0, high: 0.0, mean_abs: 0.0 };
        }
        Self { low, high, mean_abs: (sum / weight) as f32 }
    }

    fn abs_max(self) -> f32 {
        self.high.max(-self.low)
    }

    fn is_nothing(self) -> bool {
        self.low == 0.0 && self.high == 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    fn integers(low: i32, high: i32) -> Codebook<1> {
        Codebook::new((low..=high).map(|k| [k as f32]).collect())
    }

    fn rule(range: Range, clip: bool) -> ScaleRule {
        ScaleRule { range, clip, stored: StoredScale::F16 }
    }

    #[test]
    fn the_largest_value_lands_on_the_largest_level() {
        let values = [[0.3], [-2.0], [1.0]];
        let members = Members { values: &values, weights: None };
        let a = ScaleRule { range: Range::AbsMax { top: 127.0 }, clip: false, stored: StoredScale::F32 }
            .fit(members, &integers(-127, 127));
        assert_eq!(a, Affine { scale: 2.0 / 127.0, offset: [0.0] });
    }

    #[test]
    fn min_max_keeps_zero_exact_and_the_zero_point_in_range() {
        for values in [[[1.0], [3.0]], [[-3.0], [-1.0]], [[-1.0], [2.0]]] {
            let a = rule(Range::MinMax { steps: 15.0 }, false)
                .fit(Members { values: &values, weights: None }, &integers(0, 15));
            let zero = -a.offset[0] / a.scale;
            assert_eq!(zero, zero.round());
            assert!((0.0..=15.0).contains(&zero), "{values:?} {a:?}");
        }
    }

    #[test]
    fn searching_the_clip_never_raises_the_error_and_gains_most_at_few_bits() {
        let mut random = Random::seeded(1);
        let values: Vec<[f32; 1]> = (0..4096).map(|_| [random.next_gaussian()]).collect();
        let gain = |bits: u32| {
            let top = (1 << (bits - 1)) - 1;
            let book = integers(-top, top);
            let [plain, searched] = [false, true].map(|clip| {
                values
                    .chunks(32)
                    .map(|group| {
                        let members = Members { values: group, weights: None };
                        let a = rule(Range::AbsMax { top: top as f32 }, clip).fit(members, &book);
                        nearest::squared_error(group, None, &a, &book)
                    })
                    .sum::<f64>()
            });
            10.0 * (plain / searched).log10()
        };
        let gains = [8, 4, 3, 2].map(gain);
        assert!(gains[0] >= 0.0 && gains.is_sorted(), "{gains:?}");
        assert!(gains[1] > 0.5 && gains[3] > 3.0, "{gains:?}");
    }

    #[test]
    fn zeros_and_members_without_weight_give_a_scale_that_decodes_to_zero() {
        let values = [[0.0], [9.0]];
        let members = Members { values: &values, weights: Some(&[1.0, 0.0]) };
        for clip in [false, true] {
            let a = rule(Range::AbsMax { top: 7.0 }, clip).fit(members, &integers(-7, 7));
            assert_eq!(a, Affine { scale: 0.0, offset: [0.0] });
        }
    }

    #[test]
    fn a_scale_beyond_f16_is_held_at_its_largest_value() {
        assert_eq!(to_f16(1e9), 65504.0);
        assert_eq!(to_f16(-1e9), -65504.0);
        assert_eq!(to_f16(1.0 + 1.0 / 2048.0), 1.0);
    }
}
