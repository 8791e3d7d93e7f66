//! One tensor under one format, a part at a time: what all parts share is found first, then parts are coded side
//! by side and merged in order.

use std::cell::Cell;
use std::ops::Range;

use rayon::prelude::*;

use super::reading::Matrix;
use super::sketch::{Extent, extent, rows_of, sketch};
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::format::{Format, Unit};
use crate::engine::grouping::Grouping;
use crate::engine::metric::{ScalarError, WeighedError};
use crate::engine::quantized::{Affine, Quantized};
use crate::engine::rate::Rate;
use crate::engine::samples::Samples;
use crate::run::coding::{Encoded, Encoder, PART, finite_points};
use crate::run::error::RunError;
use crate::run::report::{Histogram, LevelAxis, Levels};
use crate::source::imatrix::Columns;

/// Bins of a histogram: about the square root of the number of weights, so that few weights do not look ragged.
const BINS: std::ops::RangeInclusive<usize> = 32..=256;

thread_local! {
    /// What a part is read into, again and again: new memory for each would be as slow as some formats are.
    static READ: Cell<Vec<f32>> = const { Cell::new(Vec::new()) };
}

/// Gets what a part decodes to.
pub(super) type HandOn<'a, E> = dyn FnMut(&[f32]) -> Result<(), E> + 'a;

/// What to hold on to beside the error.
#[derive(Clone, Copy)]
pub(super) struct Keep {
    /// Codes, scales and codebooks of about this many first weights.
    pub(super) codes: usize,
    /// Histogram and use of the levels.
    pub(super) levels: bool,
}

/// One matrix under one format, with what its parts share already found.
pub(super) struct TensorRun<'a> {
    matrix: &'a dyn Matrix,
    row: usize,
    pub(super) encoder: Encoder,
    extent: Extent,
    bins: usize,
    importance: Option<&'a Columns>,
}

/// The sum of parts, in order.
pub(super) struct Outcome {
    pub(super) error: ScalarError,
    pub(super) weighed: Option<WeighedError>,
    pub(super) rate: Rate,
    pub(super) decoded: Vec<f32>,
    pub(super) codes: Vec<u16>,
    pub(super) affines: Vec<Affine<1>>,
    pub(super) codebooks: Vec<Codebook<1>>,
    pub(super) levels: Levels,
    pub(super) histogram: Histogram,
}

struct Part {
    quantized: Quantized<1>,
    decoded: Vec<f32>,
    rate: Rate,
    error: ScalarError,
    weighed: Option<WeighedError>,
    bins: Vec<u64>,
    counts: Vec<u64>,
    /// Sums of the k-th levels over the groups, for their means.
    level_sums: Vec<f64>,
}

impl<'a> TensorRun<'a> {
    pub(super) fn new(
        matrix: &'a dyn Matrix,
        format: Format,
        keep: Keep,
        importance: Option<&'a Columns>,
        control: &Control<'_>,
    ) -> Result<Self, RunError> {
        let row = matrix.row_under(format).max(1);
        let mut encoder = Encoder::new(format, row);
        let mut extent_found = None;
        if let Encoder::Recipe { recipe, shared } = &mut encoder {
            let whole = recipe.grouping == Grouping::Whole;
            let unit = recipe.scale.is_some_and(|s| s.stored.needs_unit());
            if whole || unit || recipe.scale.is_none() {
                let extent = *extent_found.insert(extent(matrix, control)?);
                // What a unit comes from is the range alone.
                // What a clipping is searched for is the plain error: the search of all weights is long enough.
                let weighting = importance.filter(|_| recipe.scale.is_none());
                let (points, weights) = match whole {
                    true => sketch(matrix, &extent, weighting),
                    false => (vec![[extent.low], [extent.high]], None),
                };
                let samples = Samples { weights: weights.as_deref(), ..Samples::new(&points, row) };
                *shared = recipe.prepare(samples, control)?;
            }
        } else if keep.levels && matches!(encoder, Encoder::Coder { .. } | Encoder::Blocks { levels: None, .. }) {
            extent_found = Some(extent(matrix, control)?);
        }
        if let Encoder::Coder { coder, plan } = &mut encoder
            && coder.unit == Unit::PlannedRows
        {
            let (rows, weights) = rows_of(matrix, importance);
            let (rows, weights) = finite_points(&rows, weights.as_deref());
            *plan = coder.plan(Samples { values: &rows, width: row, weights: weights.as_deref() }, control)?;
        }
        let extent = extent_found.unwrap_or_default();
        let bins = (matrix.values() as f64).sqrt() as usize;
        let bins = bins.clamp(*BINS.start(), *BINS.end());
        Ok(Self { matrix, row, encoder, extent, bins, importance })
    }

    /// All parts, of `held` values where they are not to be the matrix's own; once more for as long as a promised rate is
    /// not kept.
    pub(super) fn over(&mut self, held: Option<&[f32]>, keep: Keep, control: &Control<'_>) -> Result<Outcome, Stopped> {
        loop {
            let outcome = self.over_parts::<Stopped>(held, keep, None, control)?;
            if !self.encoder.tighten(outcome.rate) {
                return Ok(outcome);
            }
        }
    }

    /// `each` gets what the parts decode to, in order; what it fails with ends the work.
    pub(super) fn over_parts<E: From<Stopped>>(
        &self,
        held: Option<&[f32]>,
        keep: Keep,
        mut each: Option<&mut HandOn<'_, E>>,
        control: &Control<'_>,
    ) -> Result<Outcome, E> {
        let decoded = each.is_some() || keep.codes > 0;
        let values = held.map_or(self.matrix.values(), <[f32]>::len);
        let ranges = self.encoder.part_ranges(values, self.row);
        let axis = self.axis();
        let (low, high) = self.histogram_range(axis);
        let mut out = Outcome {
            error: ScalarError::default(),
            weighed: None,
            rate: Rate::default(),
            decoded: Vec::with_capacity(keep.codes.min(values)),
            codes: Vec::with_capacity(keep.codes.min(values)),
            affines: Vec::new(),
            codebooks: Vec::new(),
            levels: Levels { axis, points: Vec::new(), counts: Vec::new() },
            histogram: Histogram { low, high, counts: vec![0; self.bins] },
        };
        let mut level_sums = Vec::new();
        let mut groups = 0usize;
        // A batch at a time: enough parts for all cores, which wait for each other at its end, and few enough to hold.
        let batch = if decoded || keep.levels { 4 } else { 32 } * rayon::current_num_threads();
        for (done, ranges) in ranges.chunks(batch).enumerate() {
            control.check()?;
            let parts: Vec<Part> = ranges
                .par_iter()
                .map(|range| {
                    let mut part = self.part(held, range.clone(), keep, (low, high), control)?;
                    if !decoded {
                        // The thread's next part takes the same memory, which is in its cache.
                        part.decoded = Vec::new();
                    }
                    Ok(part)
                })
                .collect::<Result<_, Stopped>>()?;
            for part in parts {
                if let Some(each) = &mut each {
                    each(&part.decoded)?;
                }
                groups += part.quantized.codebooks.len();
                add(&mut level_sums, &part.level_sums);
                add(&mut out.levels.counts, &part.counts);
                add(&mut out.histogram.counts, &part.bins);
                self.merge(&mut out, part, keep);
            }
            control.progress(((done + 1) * batch * PART) as f32 / values.max(1) as f32);
        }
        if keep.levels {
            out.levels.points = self.level_points(axis, &level_sums, groups);
        }
        Ok(out)
    }

    fn merge(&self, out: &mut Outcome, part: Part, keep: Keep) {
        let q = part.quantized;
        if out.rate.samples == 0 {
            out.rate = self.encoder.shared_rate(&q);
        }
        out.rate = out.rate + part.rate;
        out.error = out.error + part.error;
        out.weighed = part.weighed.map(|w| out.weighed.unwrap_or_default() + w).or(out.weighed);
        if out.decoded.len() < keep.codes {
            let wanted = keep.codes - out.decoded.len();
            out.decoded.extend(part.decoded.iter().take(wanted));
            out.codes.extend(q.codes.iter().take(wanted));
            if self.encoder.grouping() != Grouping::Whole || out.affines.is_empty() {
                out.affines.extend(q.affines);
            }
            if !self.encoder.shares_codebook() || out.codebooks.is_empty() {
                out.codebooks.extend(q.codebooks);
            }
        }
    }

    fn part(
        &self,
        held: Option<&[f32]>,
        range: Range<usize>,
        keep: Keep,
        histogram_range: (f32, f32),
        control: &Control<'_>,
    ) -> Result<Part, Stopped> {
        control.check()?;
        let mut read = READ.take();
        read.clear();
        let importance = self.importance.map(|columns| columns.over(range.clone(), self.matrix.values()));
        let raw: &[f32] = match held {
            Some(values) => &values[range],
            None => {
                self.matrix.read(range, &mut read);
                &read
            }
        };
        let importance = importance.as_deref();
        let Encoded { mut decoded, rate, quantized } =
            self.encoder.encode(raw, self.row, importance, keep.levels, control)?;
        // What is no number is as far off as can be.
        decoded.iter_mut().filter(|y| y.is_nan()).for_each(|y| *y = f32::INFINITY);
        let error = ScalarError::measure(raw, &decoded);
        let weighed = importance.map(|weights| WeighedError::measure(raw, &decoded, weights));
        let (bins, counts, level_sums) = (Vec::new(), Vec::new(), Vec::new());
        let mut part = Part { error, weighed, rate, decoded, quantized, bins, counts, level_sums };
        if keep.levels {
            self.tally(&mut part, raw, histogram_range);
        }
        if read.capacity() <= 2 * PART {
            READ.set(read);
        }
        Ok(part)
    }

    /// The histogram and the use of each level.
    fn tally(&self, part: &mut Part, raw: &[f32], (low, high): (f32, f32)) {
        let q = &part.quantized;
        let scaled = self.axis() == LevelAxis::Scaled;
        part.bins = vec![0; self.bins];
        part.counts = vec![0; q.codebooks.iter().map(|b| b.len()).max().unwrap_or(0)];
        let per_unit = self.bins as f32 / (high - low);
        for (i, x) in raw.iter().enumerate().filter(|(_, x)| x.is_finite()) {
            let place = if scaled { q.affine(q.group_of(i)).invert([*x])[0] } else { *x };
            let bin = ((place - low) * per_unit).clamp(0.0, self.bins as f32 - 1.0) as usize;
            part.bins[bin] += 1;
            if let Some(code) = q.codes.get(i) {
                part.counts[usize::from(*code)] += 1;
            }
        }
        part.level_sums = vec![0.0; part.counts.len()];
        for book in &q.codebooks {
            for (k, sum) in part.level_sums.iter_mut().enumerate() {
                // A group with fewer levels repeats its last.
                *sum += book.points().get(k).or(book.points().last()).map_or(0.0, |p| f64::from(p[0]));
            }
        }
    }

    fn axis(&self) -> LevelAxis {
        match &self.encoder {
            Encoder::Coder { .. } | Encoder::Blocks { levels: None, .. } => LevelAxis::Value,
            Encoder::Blocks { .. } => LevelAxis::Scaled,
            Encoder::Recipe { recipe, .. } => match (recipe.grouping, recipe.shares_codebook()) {
                (Grouping::Whole, _) => LevelAxis::Value,
                (_, true) => LevelAxis::Scaled,
                (_, false) => LevelAxis::MeanOfGroups,
            },
        }
    }

    /// The table that all groups share, before their scales.
    fn table(&self) -> &[[f32; 1]] {
        match &self.encoder {
            Encoder::Recipe { recipe, .. } => recipe.table().map(Codebook::points).unwrap_or_default(),
            Encoder::Blocks { levels, .. } => levels.as_ref().map(Codebook::points).unwrap_or_default(),
            Encoder::Coder { .. } => &[],
        }
    }

    /// The levels' range with a margin; for groups with levels of their own, the weights' range.
    fn histogram_range(&self, axis: LevelAxis) -> (f32, f32) {
        let (low, high) = match axis {
            LevelAxis::MeanOfGroups => (self.extent.low, self.extent.high),
            _ if self.table().is_empty() && !matches!(self.encoder, Encoder::Recipe { .. }) => {
                (self.extent.low, self.extent.high)
            }
            _ => {
                let points = self.level_points(axis, &[], 0);
                (points.first().copied().unwrap_or(0.0), points.last().copied().unwrap_or(0.0))
            }
        };
        let margin = ((high - low) * 0.1).max(f32::MIN_POSITIVE).max(high.abs() * 1e-3);
        (low - margin, high + margin)
    }

    fn level_points(&self, axis: LevelAxis, sums: &[f64], groups: usize) -> Vec<f32> {
        match axis {
            LevelAxis::MeanOfGroups => sums.iter().map(|s| (s / groups.max(1) as f64) as f32).collect(),
            LevelAxis::Scaled => self.table().iter().map(|p| p[0]).collect(),
            LevelAxis::Value => {
                let Encoder::Recipe { shared, .. } = &self.encoder else { return Vec::new() };
                let affine = shared.affine().unwrap_or(Affine::IDENTITY);
                let points = shared.codebook().map(|b| b.points()).unwrap_or_default();
                points.iter().map(|&p| affine.apply(p)[0]).collect()
            }
        }
    }
}

fn add<T: Copy + Default + std::ops::AddAssign>(sums: &mut Vec<T>, more: &[T]) {
    if sums.len() < more.len() {
        sums.resize(more.len(), T::default());
    }
    for (sum, x) in sums.iter_mut().zip(more) {
        *sum += *x;
    }
}
