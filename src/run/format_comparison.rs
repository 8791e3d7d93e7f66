//! One tensor under every format of the table: the points of the format comparison.
//!
//! Cheap formats come first, so that the plot fills at once. What searches or learns for long is measured on
//! rows spread over a large tensor instead of on all of them, and says so: its bits are the tensor's, with a
//! codebook counted once for all weights.

use super::tensor::{self, readable};
use crate::engine::control::{Control, Stopped};
use crate::engine::format::{Clip, Coder, Encoder, Format, LevelRule, Row, table};
use crate::engine::theory::frontier::Point;
use crate::run::error::RunError;
use crate::source::model::Model;
use crate::spec::TensorSpec;

/// One format of the table, measured.
#[derive(Clone, Debug)]
pub struct Rank {
    /// The format's line in the table of formats.
    pub row: &'static Row,
    /// Or what is wrong with this tensor under this format.
    pub outcome: Result<Place, RunError>,
}

/// Size and error of a tensor under one format.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Bits a weight of the whole tensor, side information included and a codebook counted once.
    pub bits: f64,
    /// 10·log10(Σx²/Σe²) over the measured weights; infinite when exact.
    pub sqnr_db: f64,
    /// √(Σe²/Σx²) over the measured weights.
    pub relative_error: f64,
    /// The weights that were measured, where those are not all.
    pub of_sample: Option<usize>,
}

impl Place {
    /// Where the format stands in a plot of SQNR against bits a weight.
    pub fn point(self) -> Point {
        Point { bits: self.bits, db: self.sqnr_db }
    }
}

/// How long a format takes, in steps that matter to who waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pace {
    /// A pass or two over the weights.
    Fast,
    /// A search for each group.
    Search,
    /// Levels or paths found for the tensor as a whole.
    Slow,
}

impl Pace {
    /// The pace of a format, told from how it finds its levels and codes.
    pub fn of(format: Format) -> Self {
        match format.rule {
            LevelRule::Coded(Coder { encoder: Encoder::Coding(_), .. }) => Pace::Slow,
            LevelRule::Coded(_) | LevelRule::Fitted(_) => Pace::Search,
            LevelRule::Block(_) | LevelRule::Symmetric | LevelRule::Affine | LevelRule::Table(_) => match format.clip {
                Clip::Searched => Pace::Search,
                _ => Pace::Fast,
            },
        }
    }

    /// Weights that are measured at most.
    fn most(self) -> usize {
        match self {
            Pace::Fast => 1 << 23,
            Pace::Search => 1 << 22,
            Pace::Slow => 1 << 19,
        }
    }
}

/// The formats in the order in which they are measured.
pub fn candidates() -> Vec<&'static Row> {
    let mut rows = table();
    // A stable sort: at the same pace as the table lists them.
    rows.sort_by_key(|row| Pace::of(row.format));
    rows
}

/// Measures the tensor under these rows, one after another; `emit` gets each as soon as it is there.
///
/// # Errors
/// `Stopped` when the work was cancelled; what was emitted stands.
pub fn measure(
    model: &Model,
    tensor: usize,
    rows: &[&'static Row],
    emit: &dyn Fn(Rank),
    control: &Control<'_>,
) -> Result<(), Stopped> {
    let unwatched = |_: f32| {};
    let quiet = control.with_progress(&unwatched);
    for (i, &row) in rows.iter().enumerate() {
        control.check()?;
        let outcome = RunError::of_item(place(model, TensorSpec { tensor, format: row.format }, &quiet))?;
        emit(Rank { row, outcome });
        control.progress((i + 1) as f32 / rows.len() as f32);
    }
    Ok(())
}

/// Where a format stands for a tensor.
///
/// # Errors
/// `Stopped`, or what is wrong with the tensor.
pub fn place(model: &Model, spec: TensorSpec, control: &Control<'_>) -> Result<Place, RunError> {
    let values = readable(model, spec.tensor)?.values;
    let sampled = tensor::measure_sample(model, spec, Pace::of(spec.format).most(), control)?;
    let (error, rate) = (sampled.error, sampled.rate);
    let once = rate.codebook_bits + rate.table_bits;
    let bits = (rate.total_bits() - once) as f64 / rate.samples.max(1) as f64 + once as f64 / values.max(1) as f64;
    Ok(Place {
        bits,
        sqnr_db: error.sqnr_db(),
        relative_error: error.relative_error(),
        of_sample: (sampled.values < values).then_some(sampled.values),
    })
}
