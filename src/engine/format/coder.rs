//! Formats whose encoder is a function of its own: samples in, what they decode to and the bits out.

use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::family::Family;
use crate::engine::coding::{Coding, TensorPlan, named};
use crate::engine::control::{Control, Stopped};
use crate::engine::rate::Rate;
use crate::engine::samples::Samples;

/// A row of the table names one of these: the function, and what is known of it beforehand.
#[derive(Clone, Copy)]
pub struct Coder {
    /// In lower case: the format's whole name.
    pub name: &'static str,
    /// Bits per weight that a large matrix takes, everything counted; the receipt has those of the
    /// tensor at hand.
    pub bits: f64,
    /// What one call of the encoder takes.
    pub unit: Unit,
    /// What it is shown under.
    pub family: Family,
    /// Whether it takes notice of importances.
    pub takes_importance: bool,
    /// What turns samples into bits.
    pub encoder: Encoder,
}

/// Samples of weight 0 (what is not a finite number) decode to anything finite.
#[derive(Clone, Copy)]
pub enum Encoder {
    /// A function that codes what [`Coder::unit`] says, without a plan.
    Function(fn(Samples<'_, 1>, &Control<'_>) -> Result<Coded, Stopped>),
    /// One of the codings of our own.
    Coding(&'static dyn Coding),
}

/// What is coded in one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Rows stand alone: a call gets any number of whole ones.
    Rows,
    /// A row at a time, after what the rows share was found ([`Coder::plan`]); a long row can be cut.
    PlannedRows,
    /// The whole tensor at once.
    Tensor,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Coded {
    /// What each sample decodes to.
    pub values: Vec<f32>,
    /// Bits of these samples, without those of a plan that was given.
    pub rate: Rate,
}

impl Coder {
    /// The coder of a coding's name in lower case, the same for as long as the program runs: each is leaked once,
    /// however often it is named.
    pub fn named(name: &str) -> Option<&'static Coder> {
        static KNOWN: LazyLock<Mutex<HashMap<String, &'static Coder>>> = LazyLock::new(Mutex::default);
        let (row, coding) = named(name)?;
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        Some(known.entry(coding.name()).or_insert_with_key(|name| {
            Box::leak(Box::new(Coder {
                name: name.clone().leak(),
                bits: coding.bits_per_weight(),
                unit: if row.is_planned { Unit::PlannedRows } else { Unit::Rows },
                family: row.family,
                takes_importance: row.takes_importance,
                encoder: Encoder::Coding(Box::leak(coding)),
            }))
        }))
    }

    /// What the parts of a tensor share, from all of its rows or from a good sample of them.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn plan(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Option<Box<dyn TensorPlan>>, Stopped> {
        let Encoder::Coding(coding) = self.encoder else { return Ok(None) };
        coding.plan(samples, control).map(Some)
    }

    /// The bits of the plan are not among those of the part: they count once for the tensor. Without one the part is
    /// coded as if it were all.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn encode_part(
        &self,
        plan: Option<&dyn TensorPlan>,
        samples: Samples<'_, 1>,
        control: &Control<'_>,
    ) -> Result<Coded, Stopped> {
        let coded = match (self.encoder, plan) {
            (Encoder::Function(encode), _) => return encode(samples, control),
            (_, Some(plan)) => plan.encode_part(samples, control)?,
            (Encoder::Coding(coding), None) => coding.encode(samples, control)?,
        };
        let shared = plan.map_or(Rate::default(), TensorPlan::rate);
        Ok(Coded { values: coded.decoded, rate: coded.rate.without(shared) })
    }
}

known_by_name!(Coder);

impl fmt::Debug for Coder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Coder({})", self.name)
    }
}
