//! What a coding is to the rest of the program, and what there is to know of it beforehand.

use std::ops::RangeInclusive;
use std::str::FromStr;

use super::bits::{Malformed, Writer};
use crate::engine::control::{Control, Stopped};
use crate::engine::format::family::Family;
use crate::engine::rate::Rate;
use crate::engine::samples::Samples;

/// Stands in the coding's file, beside what codes.
pub struct Row {
    /// The heading that its formats are listed under.
    pub family: Family,
    /// What it is for, in one line.
    pub purpose: &'static str,
    /// What is stored, in one line.
    pub layout: &'static str,
    /// Where it comes from, in one line.
    pub source: &'static str,
    /// Names worth offering, best first.
    pub offered: &'static [&'static str],
    /// The coding of a name in lower case, if it is one of these.
    pub parse: fn(&str) -> Option<Box<dyn Coding>>,
    /// Whether parts share something that has to be found first.
    pub is_planned: bool,
    /// Whether it takes notice of importances.
    pub takes_importance: bool,
}

/// A tensor's bytes, what they decode to, and what each of their bits is for.
#[derive(Clone, Debug)]
pub struct Coded {
    /// What is stored, the plan that parts share included.
    pub bytes: Vec<u8>,
    /// One value a sample, as [`Coding::decode`] gives it.
    pub decoded: Vec<f32>,
    /// Its total is `bytes.len()` × 8.
    pub rate: Rate,
}

/// Closes the stream and decodes it.
pub(super) fn coded(out: Writer, decode: impl FnOnce(&[u8]) -> Result<Vec<f32>, Malformed>) -> Result<Coded, Stopped> {
    let (bytes, rate) = out.finish();
    let decoded = decode(&bytes);
    debug_assert!(decoded.is_ok(), "a coding cannot read what it wrote");
    Ok(Coded { decoded: decoded.unwrap_or_else(|_| vec![0.0; rate.samples as usize]), bytes, rate })
}

/// A coding with its parameters.
///
/// Values may be anything: those that are not finite are coded as 0 and have no say. A weight of a sample is an
/// importance, not negative: how much its squared error counts.
pub trait Coding: Send + Sync {
    /// In lower case, with its parameters.
    fn name(&self) -> String;

    /// Bits a weight of a large tensor, in rows as long as can be; [`Coded::rate`] has those of a given one.
    fn bits_per_weight(&self) -> f64;

    /// What the parts of a tensor share, found from whole rows of it: from all of them, or from some that are spread
    /// over it.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    fn plan(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Box<dyn TensorPlan>, Stopped>;

    /// The `len` values that were coded into these bytes.
    ///
    /// # Errors
    /// `Malformed` when this coding cannot have written the bytes.
    fn decode(&self, bytes: &[u8], len: usize, row_len: usize) -> Result<Vec<f32>, Malformed>;

    /// Codes a whole tensor.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    fn encode(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Coded, Stopped> {
        let mut plan = self.plan(samples, control)?;
        loop {
            let coded = plan.encode_part(samples, control)?;
            if !plan.tighten(coded.rate) {
                return Ok(coded);
            }
        }
    }
}

/// What all parts of a tensor share; the coding itself, where that is nothing.
pub trait TensorPlan: Send + Sync {
    /// Codes whole rows; the bytes begin with the plan.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    fn encode_part(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Coded, Stopped>;

    /// Writes what parts share, as every part's bytes begin with it; nothing where they share nothing.
    fn put(&self, _out: &mut Writer) {}

    /// Whether a rate was asked for, not a width of codes.
    fn promises_rate(&self) -> bool {
        false
    }

    /// Makes a plan for a promised rate spend less, where all that was coded under it took more; then it has
    /// to be coded again. False: it did not, or nothing was promised.
    fn tighten(&mut self, _rate: Rate) -> bool {
        false
    }

    /// Bits that every part's bytes begin with, and that count once for the tensor.
    fn rate(&self) -> Rate {
        let mut out = Writer::for_samples(0);
        self.put(&mut out);
        Rate { padding_bits: 0, ..out.finish().1 }
    }
}

/// Longer runs than this are a mistake, not a coding.
pub(super) const LONGEST_RUN: u32 = 1 << 20;

/// A parameter in a name.
pub(super) fn number<T: FromStr + PartialOrd>(digits: &str, range: RangeInclusive<T>) -> Option<T> {
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|n| plain && range.contains(n))
}
