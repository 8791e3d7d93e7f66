//! The scale (and zero point) of a group: from its range, or searched for the least squared error.
//!
//! Without the search the largest value decides; with it, ever smaller scales are tried, the large
//! values are clipped, and the best is polished by least squares. On weights that is worth about
//! 1 dB at 4 bits, 2 to 4 at 3 and 5 to 7 at 2. Cost of the search: some 20 times the plain rule.

use half::{bf16, f16};

use super::assign::nearest;
use super::assign::tries::TRIES;
use super::block::E4M3;
use super::codebook::Codebook;
use super::quantized::Affine;

/// How a group's scale follows from its samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScaleRule {
    /// How the scale follows from the values that count.
    pub range: Range,
    /// Which values count.
    pub clip: Clip,
    /// How the scale is rounded and stored.
    pub stored: StoredScale,
}

/// Which values count when a range is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clip {
    /// All.
    None,
    /// The clipping that gives the least squared error is searched for.
    Searched,
    /// Those up to this percentile of the sizes |x|, in hundredths of a percent.
    Percentile(u16),
}

/// How a scale, and an offset where there is one, follow from the values of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// scale = max|x| ÷ top, no offset.
    AbsMax {
        /// The largest level.
        top: f32,
    },
    /// scale = mean|x|: the least-squares scale of the two levels ±1 (Rastegari et al., XNOR-Net, 2016).
    MeanAbs,
    /// scale = (max − min) ÷ steps with 0 inside the range, zero point z = round(−min ÷ scale) in
    /// 0..=steps; offset = −scale · z.
    MinMax {
        /// The largest level; the least is 0.
        steps: f32,
    },
}

/// How the scale of a group is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoredScale {
    /// Four bytes, not rounded.
    F32,
    /// Rounded to nearest even; held within ±65504.
    F16,
    /// Rounded to nearest even.
    Bf16,
    /// A power of two. From a range as the OCP Microscaling Formats have it: the exponent of the largest
    /// value less that of the largest level, so that values of up to a third above the level saturate.
    E8m0,
    /// An 8-bit float of sign, 4 bits of exponent and 3 of mantissa, counted in an f32 scale of the tensor.
    E4m3,
}

impl StoredScale {
    /// All ways, from the most bits to the fewest.
    pub const ALL: [Self; 5] = [Self::F32, Self::F16, Self::Bf16, Self::E8m0, Self::E4m3];

    /// Bits of a stored scale.
    pub const fn bits(self) -> u32 {
        match self {
            StoredScale::F32 => 32,
            StoredScale::F16 | StoredScale::Bf16 => 16,
            StoredScale::E8m0 | StoredScale::E4m3 => 8,
        }
    }

    /// Its usual name; in lower case, as a part of a format's name.
    pub fn label(self) -> &'static str {
        match self {
            StoredScale::F32 => "f32",
            StoredScale::F16 => "f16",
            StoredScale::Bf16 => "bf16",
            StoredScale::E8m0 => "E8M0",
            StoredScale::E4m3 => "E4M3",
        }
    }

    /// Whether a scale can be negative.
    pub fn has_sign(self) -> bool {
        self != StoredScale::E8m0
    }

    /// Whether it counts in a scale of the whole tensor.
    pub fn needs_unit(self) -> bool {
        self == StoredScale::E4m3
    }

    fn round(self, scale: f32, unit: f32) -> f32 {
        match self {
            StoredScale::F32 => scale,
            StoredScale::F16 => to_f16(scale),
            StoredScale::Bf16 => bf16::from_f32(scale).to_f32().clamp(f32::MIN, f32::MAX),
            StoredScale::E8m0 => nearest_power_of_two(scale),
            StoredScale::E4m3 if unit > 0.0 => E4M3.decode(E4M3.encode(scale / unit)) * unit,
            StoredScale::E4m3 => 0.0,
        }
    }
}

/// The power of two that is nearest by ratio, within 2^±126.
pub fn nearest_power_of_two(x: f32) -> f32 {
    let exponent = floor_log2(x);
    let above = x / power_of_two(exponent) > std::f32::consts::SQRT_2;
    power_of_two(exponent + i32::from(above))
}

/// 2^e, held within the normal numbers.
fn power_of_two(e: i32) -> f32 {
    f32::from_bits(((e.clamp(-126, 126) + 127) as u32) << 23)
}

/// ⌊log2 |x|⌋ of a normal number; −126 of what is smaller.
fn floor_log2(x: f32) -> i32 {
    ((x.to_bits() >> 23 & 0xFF) as i32).max(1) - 127
}

/// To the nearest f16, ties to even; what is beyond the largest finite f16 becomes that.
pub fn to_f16(x: f32) -> f32 {
    f16::from_f32(x.clamp(-65504.0, 65504.0)).to_f32()
}

/// The samples of one group; those of weight 0 have no say.
#[derive(Clone, Copy)]
pub struct Members<'a, const D: usize> {
    /// The group's samples.
    pub values: &'a [[f32; D]],
    /// One a sample, not negative; none: every sample counts once.
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
    /// Bits of a group's zero point.
    pub fn zero_bits(&self) -> u32 {
        match self.range {
            Range::MinMax { steps } => (steps + 1.0).log2().ceil() as u32,
            _ => 0,
        }
    }

    /// What E4M3 scales count in: the largest scale that a group of these samples can have is the largest
    /// that is stored.
    pub fn unit<const D: usize>(&self, all: Members<'_, D>) -> Option<f32> {
        let exact = ScaleRule { stored: StoredScale::F32, ..*self };
        let largest = exact.affine::<D>(Extent::of(all), 1.0, 1.0).scale;
        self.stored.needs_unit().then_some(largest / E4M3.greatest)
    }

    /// Without a search, of members between these two; for scales that stand for themselves.
    #[inline(always)]
    pub fn of_range<const D: usize>(&self, low: f32, high: f32) -> Affine<D> {
        self.affine(Extent { low, high, mean_abs: 0.0 }, 1.0, 1.0)
    }

    /// `unit`: what the stored scale counts in, 1 where it stands for itself.
    pub fn fit<const D: usize>(&self, members: Members<'_, D>, book: &Codebook<D>, unit: f32) -> Affine<D> {
        let extent = match self.clip {
            Clip::Percentile(hundredths) => Extent::of_percentile(members, f64::from(hundredths) / 1e4),
            _ => Extent::of(members),
        };
        let plain = self.affine(extent, 1.0, unit);
        if self.clip != Clip::Searched || extent.abs_max() == 0.0 || self.range == Range::MeanAbs {
            return plain;
        }
        let searched = match self.range {
            Range::AbsMax { .. } if self.stored != StoredScale::E8m0 => {
                self.search_by_least_squares(extent, members, book, unit)
            }
            _ => self.search_by_error(extent, members, book, unit),
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
        unit: f32,
    ) -> Affine<D> {
        let power = nearest::power(members.values, members.weights);
        let lopsided = book.first_integer().is_some_and(|first| first + (book.len() as f32 - 1.0) != -first);
        let signs: &[f32] = if lopsided { &[1.0, -1.0] } else { &[1.0] };
        let mut best = (f64::INFINITY, self.affine(extent, 1.0, unit));
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
                        best = (error, self.symmetric((xq / qq) as f32, unit));
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
        unit: f32,
    ) -> Affine<D> {
        let mut best = (f64::INFINITY, self.affine(extent, 1.0, unit));
        let least = least_clip(members.values.len());
        let clips = std::iter::successors(Some(1.0), |clip| Some(clip * shrink(book.len())));
        for clip in clips.take_while(|clip| *clip >= least) {
            let candidate = self.affine(extent, clip, unit);
            let error = nearest::squared_error(members.values, members.weights, &candidate, book);
            if error < best.0 {
                best = (error, candidate);
            } else if error > best.0 * HOPELESS {
                break;
            }
        }
        best.1
    }

    fn affine<const D: usize>(&self, extent: Extent, clip: f64, unit: f32) -> Affine<D> {
        let clip = clip as f32;
        match self.range {
            Range::AbsMax { top } if self.stored == StoredScale::E8m0 => {
                let largest = extent.abs_max() * clip;
                let scale = if largest > 0.0 { power_of_two(floor_log2(largest) - floor_log2(top)) } else { 0.0 };
                Affine { scale, offset: [0.0; D] }
            }
            Range::AbsMax { .. } => self.symmetric(extent.abs_max() / self.top() * clip, unit),
            Range::MeanAbs => self.symmetric(extent.mean_abs, unit),
            Range::MinMax { steps } => {
                let (low, high) = (extent.low.min(0.0) * clip, extent.high.max(0.0) * clip);
                // Divided first: the difference of two finite values can overflow.
                let scale = self.stored_scale(high / steps - low / steps, unit);
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

    fn symmetric<const D: usize>(&self, scale: f32, unit: f32) -> Affine<D> {
        Affine { scale: self.stored_scale(scale, unit), offset: [0.0; D] }
    }

    /// As it is read back. No scale at all stays none: a group of zeros is exact.
    fn stored_scale(&self, scale: f32, unit: f32) -> f32 {
        if scale == 0.0 { 0.0 } else { self.stored.round(scale, unit) }
    }
}

fn least_clip(members: usize) -> f64 {
    if members <= SMALL { LEAST_OF_SMALL } else { LEAST_OF_LARGE }
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

    /// The range cut at the size that this share of the members stay within: nearest rank, all with the same say.
    fn of_percentile<const D: usize>(members: Members<'_, D>, share: f64) -> Self {
        let all = Self::of(members);
        let counts = |i: usize| members.weights.is_none_or(|w| w[i] > 0.0);
        let kept = members.values.iter().enumerate().filter(|(i, _)| counts(*i)).flat_map(|(_, x)| x);
        let mut sizes: Vec<f32> = kept.map(|x| x.abs()).collect();
        if sizes.is_empty() {
            return all;
        }
        let rank = ((sizes.len() as f64 * share).ceil() as usize).clamp(1, sizes.len()) - 1;
        let top = *sizes.select_nth_unstable_by(rank, f32::total_cmp).1;
        Self { low: all.low.max(-top), high: all.high.min(top), ..all }
    }

    fn abs_max(self) -> f32 {
        self.high.max(-self.low)
    }
}
