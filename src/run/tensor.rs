//! A tensor through the engine: pictures, histogram with levels, and figures; and the sweep over all
//! tensors of a model.
//!
//! Work goes in parts of whole rows (or whole runs of a very long row), read from the mapped file one
//! at a time, so memory does not grow with the file. What all parts share (a tensor-wide scale or
//! codebook) is found first, from a sketch. Parts are merged in order: the result does not depend on
//! how many threads there are.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;

use super::coding::{Encoded, Encoder, PART, finite_points};
use super::{DIAL, Steps};
use crate::colourmap;
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::format::{Format, LevelRule, Unit, stored_as};
use crate::engine::grouping::Grouping;
use crate::engine::metric::{ScalarError, WeighedError};
use crate::engine::quantized::{Affine, Quantized};
use crate::engine::random::Random;
use crate::engine::rate::Rate;
use crate::engine::samples::Samples;
use crate::picture::Picture;
use crate::report::{Histogram, LevelAxis, Levels, RatePoint, SweepCell, TensorOriginal, TensorReport};
use crate::source::imatrix::Columns;
use crate::source::safetensors::Model;
use crate::source::tensor::Tensor;
use crate::spec::{Stage, TensorSpec, WeightSettings};

/// A shared scale or codebook is found from all weights of a tensor up to this size, and from a
/// spread-out sketch of about this many (the extremes always among them) of a larger one.
const SKETCH: usize = 1 << 20;
/// Weights, about, that lie together in a sketch of whole rows.
const PIECE: usize = 1 << 12;
/// Pictures and hover read-outs hold at most this many weights of a tensor: its first rows.
pub const PICTURED: usize = 1 << 22;
/// A preview looks at rows spread over the pictured ones, about this many weights.
const PREVIEW: usize = 1 << 18;
/// Bins of a histogram: about the square root of the number of weights, so that few weights do not look ragged.
const BINS: std::ops::RangeInclusive<usize> = 32..=256;
/// A tensor of one row is drawn in lines of about the square root of its length.
const ONE_ROW_AT_MOST: usize = 64;

/// The tensor itself, ready to be shown.
///
/// # Errors
/// A sentence for people when the tensor has no values or they cannot be read.
pub fn original(model: &Model, tensor: usize, control: &Control<'_>) -> Result<TensorOriginal, Fault> {
    let info = readable(model, tensor)?;
    let values = read_all(model, tensor, 0..pictured(info));
    let extent = extent(model, tensor, control)?;
    let top = typical_top(&values);
    let width = picture_width(info);
    let codes = values.par_iter().map(|&x| diverging_code(x, top)).collect();
    Ok(TensorOriginal {
        tensor,
        picture: Arc::new(map_picture(codes, width, colourmap::diverging())),
        values: values.into(),
        picture_width: width,
        top,
        nan_count: extent.nan,
        infinite_count: extent.infinite,
    })
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    Stopped,
    /// For people: what is wrong with this tensor.
    Message(String),
}

impl From<Stopped> for Fault {
    fn from(_: Stopped) -> Self {
        Fault::Stopped
    }
}

/// One tensor under one format, with pictures and every figure.
///
/// [`Stage::Preview`] codes some of the rows only; for a tensor small enough it is `None`.
pub fn reduce(
    model: &Model,
    original: &TensorOriginal,
    format: Format,
    stage: Stage,
    control: &Control<'_>,
) -> Result<Option<TensorReport>, Fault> {
    let info = readable(model, original.tensor)?;
    let spec = TensorSpec { tensor: original.tensor, format };
    let start = Instant::now();
    let keep = Keep { codes: pictured(info), levels: true };
    let run = TensorRun::new(model, spec, keep, None, control)?;
    let (source, step) = match stage {
        Stage::Full => (PartSource::File(0..info.values), 1),
        Stage::Preview => match preview_rows(info, &original.values) {
            Some((rows, step)) => (PartSource::Memory(rows), step),
            None => return Ok(None),
        },
    };
    let outcome = run.over(&source, keep, control)?;
    let quantize_time = start.elapsed();
    let quantized = Quantized {
        width: run.encoder.width(info.row_len().max(1)),
        codes: outcome.codes,
        grouping: run.encoder.grouping(),
        affines: outcome.affines,
        codebooks: outcome.codebooks,
        rate: outcome.rate,
    };
    let shown: Vec<f32> = match &source {
        PartSource::Memory(rows) => rows.clone(),
        PartSource::File(_) => original.values.to_vec(),
    };
    let decoded = outcome.decoded;
    let error_top = error_top(&shown, &decoded);
    let width = if step == 1 { original.picture_width } else { info.row_len() };
    let codes = decoded.par_iter().zip(&shown).map(|(&y, &x)| kept_hole(x, diverging_code(y, original.top))).collect();
    let errors = decoded.par_iter().zip(&shown).map(|(&y, &x)| error_code(x, y, error_top)).collect();
    Ok(Some(TensorReport {
        spec,
        stage,
        picture: Arc::new(map_picture(codes, width, colourmap::diverging())),
        error_map: Arc::new(map_picture(errors, width, colourmap::sequential())),
        error_top,
        quantized: Arc::new(quantized),
        decoded: decoded.into(),
        note: note(info, format),
        error: outcome.error,
        rate: outcome.rate,
        levels: outcome.levels,
        histogram: outcome.histogram,
        quantize_time,
    }))
}

/// The error and the bits of one tensor under one format: what `reduce` reports, without pictures.
pub fn measure(model: &Model, spec: TensorSpec, control: &Control<'_>) -> Result<(ScalarError, Rate), Fault> {
    let found = measure_weighed(model, spec, None, control)?;
    Ok((found.error, found.rate))
}

/// A tensor under a format: its error, also as an importance matrix counts it, and its bits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    pub error: ScalarError,
    pub rate: Rate,
    /// None where nothing is known of the columns' importance.
    pub weighed: Option<WeighedError>,
}

/// The same with each column's error counting as much as is told, in the encoder (where it takes that) and
/// in the sum.
pub fn measure_weighed(
    model: &Model,
    spec: TensorSpec,
    importance: Option<&Columns>,
    control: &Control<'_>,
) -> Result<Measured, Fault> {
    decode_in_parts(model, spec, importance, &mut |_| Ok(()), control)
}

/// All that a tensor decodes to, a part at a time and in order, and its figures: memory does not grow with
/// the tensor, except under formats that need all of it at once.
pub fn decode_in_parts(
    model: &Model,
    spec: TensorSpec,
    importance: Option<&Columns>,
    each: &mut dyn FnMut(&[f32]) -> Result<(), Stopped>,
    control: &Control<'_>,
) -> Result<Measured, Fault> {
    let info = readable(model, spec.tensor)?;
    let keep = Keep { codes: 0, levels: false };
    let run = TensorRun::new(model, spec, keep, importance, control)?;
    let outcome = run.over_each(&PartSource::File(0..info.values), keep, each, control)?;
    Ok(Measured { error: outcome.error, rate: outcome.rate, weighed: outcome.weighed })
}

/// What was found of some of a tensor's weights.
pub struct Sampled {
    pub error: ScalarError,
    pub rate: Rate,
    /// How many were looked at.
    pub values: usize,
}

/// The same as [`measure`], of bands of whole rows spread over a tensor of more than `most` weights.
///
/// # Errors
/// `Stopped`, or what is wrong with the tensor.
pub fn measure_sample(model: &Model, spec: TensorSpec, most: usize, control: &Control<'_>) -> Result<Sampled, Fault> {
    let info = readable(model, spec.tensor)?;
    if info.values <= most {
        let (error, rate) = measure(model, spec, control)?;
        return Ok(Sampled { error, rate, values: info.values });
    }
    let mut sample = Vec::new();
    for range in bands(info, most) {
        control.check()?;
        model.read(spec.tensor, range, &mut sample);
    }
    let values = sample.len();
    let keep = Keep { codes: 0, levels: false };
    let outcome = TensorRun::new(model, spec, keep, None, control)?.over(&PartSource::Memory(sample), keep, control)?;
    Ok(Sampled { error: outcome.error, rate: outcome.rate, values })
}

/// Rows that stay together in a sample: as many as the widest tile of the table is high.
const BAND: usize = 128;
/// Bands of a sample, at least, where it has so many rows.
const BANDS: usize = 8;

/// Bands of whole rows, evenly spread, of about `most` weights in all; of a longer row its beginning.
fn bands(info: &Tensor, most: usize) -> Vec<Range<usize>> {
    let row = info.row_len().max(1);
    let (rows, wanted) = (info.values / row, most / row);
    if wanted == 0 {
        return std::iter::once(0..most.min(info.values)).collect();
    }
    let height = BAND.min(wanted / BANDS).max(1);
    let count = wanted / height;
    let start = |band: usize| band * (rows - height) / (count - 1).max(1);
    (0..count).map(|band| start(band) * row..(start(band) + height) * row).collect()
}

/// What encodes a tensor under a format, with what all its weights share already found.
pub(super) fn encoder_of(model: &Model, spec: TensorSpec, control: &Control<'_>) -> Result<Encoder, Fault> {
    let keep = Keep { codes: 0, levels: false };
    Ok(TensorRun::new(model, spec, keep, None, control)?.encoder)
}

/// What there is to say of how this tensor is stored under a format, beside its figures.
pub fn note(info: &Tensor, format: Format) -> Option<String> {
    let LevelRule::Block(kind) = format.rule else { return None };
    let row = info.row_len().max(1);
    stored_as(kind, row).note(kind, row)
}

/// The same of an error that is infinite.
pub fn overflow_note(error: &ScalarError) -> Option<&'static str> {
    let why = "some weights decode to infinity: a scale is beyond what the format can store";
    (!error.sum_e2.is_finite()).then_some(why)
}

/// SQNR against bits for every position of the dial.
pub fn rate_curve(
    model: &Model,
    tensor: usize,
    settings: WeightSettings,
    control: &Control<'_>,
) -> Result<Vec<RatePoint>, Fault> {
    let mut points = Vec::with_capacity(DIAL.len());
    for (i, bits) in DIAL.into_iter().enumerate() {
        control.progress(i as f32 / DIAL.len() as f32);
        let (error, rate) = measure(model, TensorSpec { tensor, format: settings.format(bits) }, control)?;
        points.push(RatePoint { bits, bits_per_sample: rate.bits_per_sample(), sqnr_db: error.sqnr_db() });
    }
    Ok(points)
}

/// Every tensor under every format; `emit` gets each cell as soon as it is there, in no fixed order.
///
/// # Errors
/// `Stopped` when the work was cancelled; cells already emitted stand.
pub fn sweep(
    model: &Model,
    formats: &[Format],
    emit: &(dyn Fn(SweepCell) + Sync),
    control: &Control<'_>,
) -> Result<(), Stopped> {
    let steps = Steps::new(control, model.tensors.len() * formats.len());
    (0..model.tensors.len()).into_par_iter().try_for_each(|tensor| {
        for (column, &format) in formats.iter().enumerate() {
            let unwatched = |_: f32| {};
            let quiet = control.with_progress(&unwatched);
            let outcome = match measure(model, TensorSpec { tensor, format }, &quiet) {
                Ok(figures) => Ok(figures),
                Err(Fault::Message(why)) => Err(why),
                Err(Fault::Stopped) => return Err(Stopped),
            };
            emit(SweepCell { tensor, column, outcome });
            steps.one_more();
        }
        Ok(())
    })
}

/// Weights that the pictures hold: whole rows where the tensor is a matrix.
pub fn pictured(info: &Tensor) -> usize {
    let row = info.row_len().max(1);
    if info.values <= PICTURED || row > PICTURED { info.values.min(PICTURED) } else { PICTURED / row * row }
}

/// Cells in a line of the heat map: a row of the matrix, except that a tensor of one long row is wrapped.
pub fn picture_width(info: &Tensor) -> usize {
    let row = info.row_len().max(1);
    if row < info.values || row <= ONE_ROW_AT_MOST {
        return row;
    }
    (row as f64).sqrt().ceil() as usize
}

pub(super) fn readable(model: &Model, tensor: usize) -> Result<&Tensor, Fault> {
    let message = |why: String| Err(Fault::Message(why));
    let Some(info) = model.tensors.get(tensor) else { return message("there is no such tensor".to_owned()) };
    match info.unreadable() {
        Some(why) => message(why.to_owned()),
        None if info.values == 0 => message("it has no values".to_owned()),
        None => Ok(info),
    }
}

fn read_all(model: &Model, tensor: usize, range: Range<usize>) -> Vec<f32> {
    let mut out = Vec::with_capacity(range.len());
    model.read(tensor, range, &mut out);
    out
}

/// Where the parts' weights come from.
enum PartSource {
    File(Range<usize>),
    Memory(Vec<f32>),
}

impl PartSource {
    fn len(&self) -> usize {
        match self {
            PartSource::File(range) => range.len(),
            PartSource::Memory(values) => values.len(),
        }
    }
}

/// What to hold on to beside the error.
#[derive(Clone, Copy)]
struct Keep {
    /// Codes, scales and codebooks of about this many first weights.
    codes: usize,
    /// Histogram and use of the levels.
    levels: bool,
}

/// One tensor under one format, with what its parts share already found.
struct TensorRun<'a> {
    model: &'a Model,
    tensor: usize,
    row: usize,
    encoder: Encoder,
    extent: Extent,
    bins: usize,
    importance: Option<&'a Columns>,
}

/// The sum of parts, in order.
struct Outcome {
    error: ScalarError,
    weighed: Option<WeighedError>,
    rate: Rate,
    decoded: Vec<f32>,
    codes: Vec<u16>,
    affines: Vec<Affine<1>>,
    codebooks: Vec<Codebook<1>>,
    levels: Levels,
    histogram: Histogram,
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
    fn new(
        model: &'a Model,
        spec: TensorSpec,
        keep: Keep,
        importance: Option<&'a Columns>,
        control: &Control<'_>,
    ) -> Result<Self, Fault> {
        let info = readable(model, spec.tensor)?;
        let row = info.row_len().max(1);
        let mut encoder = Encoder::new(spec.format, row);
        let mut extent_found = None;
        if let Encoder::Recipe { recipe, shared } = &mut encoder {
            let whole = recipe.grouping == Grouping::Whole;
            let unit = recipe.scale.is_some_and(|s| s.stored.needs_unit());
            if whole || unit || recipe.scale.is_none() {
                let extent = *extent_found.insert(extent(model, spec.tensor, control)?);
                // What a unit comes from is the range alone.
                let sketch =
                    if whole { sketch(model, spec.tensor, &extent) } else { vec![[extent.low], [extent.high]] };
                *shared = recipe.prepare(Samples::new(&sketch, row), control)?;
            }
        } else if keep.levels && matches!(encoder, Encoder::Coder { .. } | Encoder::Blocks { levels: None, .. }) {
            extent_found = Some(extent(model, spec.tensor, control)?);
        }
        if let Encoder::Coder { coder, plan } = &mut encoder
            && coder.unit == Unit::PlannedRows
        {
            let (rows, weights) = rows_of(model, spec.tensor, importance);
            let (rows, weights) = finite_points(&rows, weights.as_deref());
            *plan = coder.plan(Samples { values: &rows, width: row, weights: weights.as_deref() }, control)?;
        }
        let extent = extent_found.unwrap_or_default();
        let bins = (info.values as f64).sqrt() as usize;
        let bins = bins.clamp(*BINS.start(), *BINS.end());
        Ok(Self { model, tensor: spec.tensor, row, encoder, extent, bins, importance })
    }

    fn over(&self, source: &PartSource, keep: Keep, control: &Control<'_>) -> Result<Outcome, Stopped> {
        self.over_each(source, keep, &mut |_| Ok(()), control)
    }

    /// `each` gets what the parts decode to, in order.
    fn over_each(
        &self,
        source: &PartSource,
        keep: Keep,
        each: &mut dyn FnMut(&[f32]) -> Result<(), Stopped>,
        control: &Control<'_>,
    ) -> Result<Outcome, Stopped> {
        let ranges = self.encoder.part_ranges(source.len(), self.row);
        let axis = self.axis();
        let (low, high) = self.histogram_range(axis);
        let mut out = Outcome {
            error: ScalarError::default(),
            weighed: None,
            rate: Rate::default(),
            decoded: Vec::with_capacity(keep.codes.min(source.len())),
            codes: Vec::with_capacity(keep.codes.min(source.len())),
            affines: Vec::new(),
            codebooks: Vec::new(),
            levels: Levels { axis, points: Vec::new(), counts: Vec::new() },
            histogram: Histogram { low, high, counts: vec![0; self.bins] },
        };
        let mut level_sums = Vec::new();
        let mut groups = 0usize;
        // A batch at a time: enough parts for all cores, few enough to hold.
        let batch = 4 * rayon::current_num_threads();
        for (done, ranges) in ranges.chunks(batch).enumerate() {
            control.check()?;
            let parts: Vec<Part> = ranges
                .par_iter()
                .map(|range| self.part(source, range.clone(), keep, (low, high), control))
                .collect::<Result<_, Stopped>>()?;
            for part in parts {
                each(&part.decoded)?;
                groups += part.quantized.codebooks.len();
                add(&mut level_sums, &part.level_sums);
                add(&mut out.levels.counts, &part.counts);
                add(&mut out.histogram.counts, &part.bins);
                self.merge(&mut out, part, keep);
            }
            control.progress(((done + 1) * batch * PART) as f32 / source.len().max(1) as f32);
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
        source: &PartSource,
        range: Range<usize>,
        keep: Keep,
        histogram_range: (f32, f32),
        control: &Control<'_>,
    ) -> Result<Part, Stopped> {
        control.check()?;
        let mut read = Vec::new();
        let values = self.model.tensors[self.tensor].values;
        let importance = self.importance.map(|columns| columns.over(range.clone(), values));
        let raw: &[f32] = match source {
            PartSource::File(_) => {
                self.model.read(self.tensor, range, &mut read);
                &read
            }
            PartSource::Memory(values) => &values[range],
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

#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    low: f32,
    high: f32,
    nan: u64,
    infinite: u64,
}

/// Smallest and largest finite weight, and how many are not finite: one parallel pass.
fn extent(model: &Model, tensor: usize, control: &Control<'_>) -> Result<Extent, Stopped> {
    let values = model.tensors[tensor].values;
    let none = Extent { low: f32::INFINITY, high: f32::NEG_INFINITY, nan: 0, infinite: 0 };
    let starts: Vec<usize> = (0..values).step_by(PART).collect();
    let found = starts
        .par_iter()
        .map(|&start| {
            control.check()?;
            let mut e = none;
            for x in read_all(model, tensor, start..(start + PART).min(values)) {
                if x.is_finite() {
                    e.low = e.low.min(x);
                    e.high = e.high.max(x);
                } else if x.is_nan() {
                    e.nan += 1;
                } else {
                    e.infinite += 1;
                }
            }
            Ok(e)
        })
        .try_reduce(
            || none,
            |a, b| {
                Ok(Extent {
                    low: a.low.min(b.low),
                    high: a.high.max(b.high),
                    nan: a.nan + b.nan,
                    infinite: a.infinite + b.infinite,
                })
            },
        )?;
    Ok(if found.low > found.high { Extent { low: 0.0, high: 0.0, ..found } } else { found })
}

/// All finite weights, or of a large tensor one from each of [`SKETCH`] equal stretches (at a seeded
/// random place, so that columns do not alias) together with the extremes.
fn sketch(model: &Model, tensor: usize, extent: &Extent) -> Vec<[f32; 1]> {
    let values = model.tensors[tensor].values;
    let mut points: Vec<[f32; 1]> = if values <= SKETCH {
        read_all(model, tensor, 0..values).into_iter().map(|x| [x]).collect()
    } else {
        let stretch = values / SKETCH;
        (0..values.div_ceil(PART))
            .into_par_iter()
            .flat_map_iter(|p| {
                let part = read_all(model, tensor, p * PART..((p + 1) * PART).min(values));
                let mut random = Random::seeded(p as u64);
                let picked: Vec<[f32; 1]> =
                    part.chunks(stretch).map(|s| [s[(random.next_u64() % s.len() as u64) as usize]]).collect();
                picked
            })
            .chain([[extent.low], [extent.high]])
            .collect()
    };
    points.retain(|p| p[0].is_finite());
    points
}

/// All weights, or of a large tensor whole rows (of very long ones, parts) from the middle of each of
/// equal stretches, about [`SKETCH`] weights; and their importances.
fn rows_of(model: &Model, tensor: usize, importance: Option<&Columns>) -> (Vec<f32>, Option<Vec<f32>>) {
    let info = &model.tensors[tensor];
    let row = info.row_len().max(1);
    let piece = if row > PART { PIECE } else { PIECE.div_ceil(row) * row };
    let stride = (info.values / piece).div_ceil(SKETCH.div_ceil(piece)).max(1) * piece;
    let starts = (stride / piece / 2 * piece..info.values).step_by(stride);
    let (mut rows, mut weights) = (Vec::with_capacity(SKETCH.min(info.values)), Vec::new());
    for range in starts.map(|start| start..(start + piece).min(info.values)) {
        model.read(tensor, range.clone(), &mut rows);
        if let Some(columns) = importance {
            weights.extend(columns.over(range, info.values));
        }
    }
    (rows, importance.map(|_| weights))
}

/// Rows spread over the pictured ones and the step between them, when there are enough to choose from.
fn preview_rows(info: &Tensor, pictured: &[f32]) -> Option<(Vec<f32>, usize)> {
    let row = info.row_len();
    let rows = pictured.len() / row.max(1);
    let step = (pictured.len() / PREVIEW).min(rows / 16);
    if step < 2 || picture_width(info) != row {
        return None;
    }
    Some(((0..rows).step_by(step).flat_map(|r| &pictured[r * row..(r + 1) * row]).copied().collect(), step))
}

/// The heat map's last colours: the weight that 99.5 % of weights stay under in size.
fn typical_top(values: &[f32]) -> f32 {
    let step = (values.len() / 200_000).max(1);
    let mut sizes: Vec<f32> = values.iter().step_by(step).filter(|x| x.is_finite()).map(|x| x.abs()).collect();
    if sizes.is_empty() {
        return 1.0;
    }
    let at = (sizes.len() - 1) * 199 / 200;
    let (_, top, _) = sizes.select_nth_unstable_by(at, f32::total_cmp);
    if *top > 0.0 { *top } else { sizes.iter().copied().fold(f32::MIN_POSITIVE, f32::max) }
}

/// The error map's brightest colour: the error that 99.5 % stay under.
fn error_top(x: &[f32], y: &[f32]) -> f32 {
    let errors: Vec<f32> = x.iter().zip(y).map(|(x, y)| x - y).collect();
    typical_top(&errors)
}

/// 0 … 254 for −top … +top, the middle exactly zero; 255 for what is no finite number.
fn diverging_code(x: f32, top: f32) -> u8 {
    if !x.is_finite() { 255 } else { (127.0 + (x / top).clamp(-1.0, 1.0) * 127.0).round() as u8 }
}

fn kept_hole(original: f32, code: u8) -> u8 {
    if original.is_finite() { code } else { 255 }
}

fn error_code(x: f32, y: f32, top: f32) -> u8 {
    if x.is_finite() { ((x - y).abs() / top * 255.0).clamp(0.0, 255.0) as u8 } else { 0 }
}

/// A picture of codes in lines of `width`; the last line is filled up with the map's middle.
fn map_picture(mut codes: Vec<u8>, width: usize, map: [[u8; 4]; 256]) -> Picture {
    let height = codes.len().div_ceil(width).max(1);
    codes.resize(height * width, 127);
    Picture::new_indexed(width as u32, height as u32, codes, map.to_vec())
}
