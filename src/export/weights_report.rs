//! What there is to report of a model's weights: the tables, the sentences and the plots that the command
//! line, the files and the window all show.

use std::fmt::Display;

use rayon::prelude::*;

use super::document::Document;
use super::svg::{Mark, Plot, Series};
use super::table::{Cell, NOT_MEASURED, Table, db_status};
use crate::engine::control::{Control, Stopped};
use crate::engine::format::Format;
use crate::engine::metric::Moments;
use crate::engine::theory::allocate::Objective;
use crate::engine::theory::gaussian;
use crate::run::error::RunError;
use crate::run::mix::{Budget, Duty, Measurements, Mix, Plan, Total, stands_in};
use crate::run::model::kl_report::KlReport;
use crate::run::statistics::{Statistics, statistics};
use crate::run::tensor::{self, Measured};
use crate::source::imatrix::Importance;
use crate::source::model::Model;
use crate::source::order::natural_order;
use crate::source::tensor::Tensor;
use crate::spec::TensorSpec;

/// Points on the line of best mixes.
const FRONTIER: usize = 24;
/// The histogram's reach in σ, and its bins a σ.
const REACH: f64 = 10.0;
const BINS_A_SIGMA: f64 = 5.0;
const BINS: usize = (2.0 * REACH * BINS_A_SIGMA) as usize;

/// A model with what was measured of it.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The model that was measured.
    pub model: &'a Model,
    /// Which tensors may take which formats, and what is made least.
    pub plan: &'a Plan,
    /// Error and bits of each tensor under each format that was measured.
    pub measured: &'a Measurements,
    /// The importance matrix by which columns were weighed; none: every column counts alike.
    pub importance: Option<&'a Importance>,
    /// What the mix does to the model's predictions, where they were measured; or why they could not be.
    pub kl_report: Result<Option<&'a KlReport>, &'a RunError>,
}

fn kind_cell(tensor: &Tensor) -> Cell {
    let place = tensor.place();
    match tensor.packed {
        Some(packed) => Cell::text(packed.what),
        None if place.bias => Cell::Text(format!("{}, bias", place.role.label())),
        None => Cell::text(place.role.label()),
    }
}

fn layer_cell(tensor: &Tensor) -> Cell {
    tensor.place().layer.map(|layer| Cell::Int(layer.into())).unwrap_or_default()
}

/// A figure of what was found of a tensor; missing where nothing was.
fn number<T>(outcome: &Result<T, RunError>, figure: impl FnOnce(&T) -> f64) -> Cell {
    outcome.as_ref().map_or(Cell::Missing, |found| Cell::Number(figure(found)))
}

fn count<T>(outcome: &Result<T, RunError>, figure: impl FnOnce(&T) -> u64) -> Cell {
    outcome.as_ref().map_or(Cell::Missing, |found| Cell::Int(figure(found)))
}

/// The tensors in the order in which they are listed: layer after layer, with norms, biases and the like, which stay as
/// they are stored, after the matrices.
pub fn listed(model: &Model) -> Vec<usize> {
    let mut order = natural_order(&model.tensors);
    // A stable sort.
    order.sort_by_key(|&t| model.tensors[t].kept_because().is_some());
    order
}

/// The table of errors: a row for each tensor and format.
pub fn error_table(model: &Model, rows: &[(TensorSpec, Result<Measured, RunError>)]) -> Table {
    struct Row<'a> {
        info: &'a Tensor,
        format: Format,
        outcome: &'a Result<Measured, RunError>,
        weighed_db: Option<f64>,
    }
    fn note(row: &Row<'_>) -> Option<String> {
        match row.outcome {
            Ok(Measured { error, rate, .. }) => tensor::remarks(row.info, row.format, error, rate),
            Err(why) => Some(why.to_string()),
        }
    }
    let rows = rows.iter().map(|(spec, outcome)| {
        let weighed = outcome.as_ref().ok().and_then(|measured| measured.weighed);
        let weighed_db = weighed.map(|error| error.sqnr_db());
        Row { info: &model.tensors[spec.tensor], format: spec.format, outcome, weighed_db }
    });
    Table::of(
        rows,
        &[
            ("tensor", "", |row| Cell::text(&row.info.name)),
            ("shape", "", |row| Cell::Shape(row.info.shape.clone())),
            ("dtype", "", |row| Cell::Text(row.info.dtype.name())),
            ("format", "", |row| Cell::Text(row.format.to_string())),
            ("bits_per_weight", "", |row| number(row.outcome, |m| m.rate.bits_per_sample())),
            ("rmse", "", |row| number(row.outcome, |m| m.error.rmse())),
            ("relative_error", "", |row| number(row.outcome, |m| m.error.relative_error())),
            ("sqnr_db", "dB", |row| number(row.outcome, |m| m.error.sqnr_db())),
            ("cosine", "", |row| number(row.outcome, |m| m.error.cosine())),
            ("max_abs_error", "", |row| number(row.outcome, |m| m.error.max_abs.into())),
            ("values", "", |row| Cell::Int(row.info.values as u64)),
            ("nan", "", |row| count(row.outcome, |m| m.error.nan)),
            ("infinite", "", |row| count(row.outcome, |m| m.error.infinite)),
            ("note", "", |row| note(row).map(Cell::Text).unwrap_or_default()),
            ("kind", "", |row| kind_cell(row.info)),
            ("layer", "", |row| layer_cell(row.info)),
            ("weighed_sqnr_db", "dB", |row| row.weighed_db.map(Cell::Number).unwrap_or_default()),
            ("stored_as", "", |row| stored_cell(row.info, row.outcome.is_ok().then_some(row.format))),
            ("status", "", |row| status_cell(row.outcome.as_ref().ok())),
            ("weighed_status", "", |row| Cell::text(row.weighed_db.map_or(NOT_MEASURED, db_status))),
            ("original", "", |row| original_cell(row.info)),
        ],
    )
}

/// What the decibels are, or that there are none.
fn status_cell(measured: Option<&Measured>) -> Cell {
    let error = measured.map(|m| m.error).filter(|error| error.values > 0);
    Cell::Text(error.map_or(NOT_MEASURED, |error| db_status(error.sqnr_db())).to_owned())
}

/// The type that is stored under a format; nothing where there is none.
fn stored_cell(info: &Tensor, format: Option<Format>) -> Cell {
    format.map_or(Cell::Missing, |format| Cell::Text(tensor::stored_type(info, format)))
}

/// Whether errors are told against plain weights or against what was quantized already.
fn original_cell(info: &Tensor) -> Cell {
    match (info.unreadable(), info.dtype.is_quantized()) {
        (Some(_), _) => Cell::Missing,
        (None, true) => Cell::Text(format!("itself quantized ({})", info.dtype.name())),
        (None, false) => Cell::Text("plain".to_owned()),
    }
}

/// The statistics of tensors.
pub fn statistics_table(model: &Model, rows: &[(usize, Result<Statistics, RunError>)]) -> Table {
    Table::of(
        rows.iter().map(|(t, outcome)| (&model.tensors[*t], outcome)),
        &[
            ("tensor", "", |(info, _)| Cell::text(&info.name)),
            ("kind", "", |(info, _)| kind_cell(info)),
            ("layer", "", |(info, _)| layer_cell(info)),
            ("shape", "", |(info, _)| Cell::Shape(info.shape.clone())),
            ("dtype", "", |(info, _)| Cell::Text(info.dtype.name())),
            ("stored_bits_per_weight", "", |(info, _)| Cell::Number(info.stored_bits())),
            ("min", "", |(_, outcome)| number(outcome, |s| s.moments.min.into())),
            ("max", "", |(_, outcome)| number(outcome, |s| s.moments.max.into())),
            ("mean", "", |(_, outcome)| number(outcome, |s| s.moments.mean)),
            ("std", "", |(_, outcome)| number(outcome, |s| s.moments.std())),
            ("kurtosis", "", |(_, outcome)| number(outcome, |s| s.moments.kurtosis())),
            ("outliers_6_sigma", "", |(_, outcome)| count(outcome, |s| s.outliers)),
            ("sparsity", "", |(_, outcome)| number(outcome, |s| s.moments.sparsity())),
            ("nan", "", |(_, outcome)| count(outcome, |s| s.moments.nan)),
            ("infinite", "", |(_, outcome)| count(outcome, |s| s.moments.infinite)),
            ("note", "", |(_, outcome)| {
                outcome.as_ref().map_or_else(|why| Cell::Text(why.to_string()), |_| Cell::Missing)
            }),
        ],
    )
}

/// What each tensor got under a budget. Gains are what a bit takes away of what is made least: by the last step that
/// was taken, and by the next, which was not.
pub fn mix_table(model: &Model, mix: &Mix) -> Table {
    fn counted(info: &Tensor, cell: Cell) -> Cell {
        if info.packed.is_some() { Cell::Missing } else { cell }
    }
    let slope = slope_unit(mix.objective);
    Table::of(
        listed(model).into_iter().map(|t| (&model.tensors[t], &mix.rows[t])),
        &[
            ("tensor", "", |(info, _)| Cell::text(&info.name)),
            ("kind", "", |(info, _)| kind_cell(info)),
            ("layer", "", |(info, _)| layer_cell(info)),
            ("shape", "", |(info, _)| Cell::Shape(info.shape.clone())),
            ("format", "", |(info, row)| {
                Cell::Text(row.format.map_or_else(|| info.dtype.name().to_lowercase(), |f| f.to_string()))
            }),
            ("bits_per_weight", "", |(info, row)| {
                counted(info, Cell::Number(row.bits as f64 / info.values.max(1) as f64))
            }),
            ("bytes", "", |(info, row)| counted(info, Cell::Int(row.bits.div_ceil(8)))),
            ("sqnr_db", "dB", |(_, row)| row.measured.map(|m| Cell::Number(m.error.sqnr_db())).unwrap_or_default()),
            ("gain_per_bit", slope, |(_, row)| row.slopes.taken.map(Cell::Number).unwrap_or_default()),
            ("next_gain_per_bit", slope, |(_, row)| row.slopes.refused.map(Cell::Number).unwrap_or_default()),
            ("decided_by", "", |(_, row)| Cell::Text(decided_by(row))),
            ("note", "", |(_, row)| row.note.clone().map(Cell::Text).unwrap_or_default()),
            ("stored_as", "", |(info, row)| stored_cell(info, row.format)),
            ("status", "", |(_, row)| status_cell(row.measured.as_ref())),
            ("original", "", |(info, _)| original_cell(info)),
        ],
    )
}

/// The unit of a mix's gains: what a bit takes away of the objective.
pub fn slope_unit(objective: Objective) -> &'static str {
    match objective {
        Objective::WeightError => "Σe²/bit",
        Objective::Kl => "KL/bit",
    }
}

/// Why a tensor is stored as it is, in a few words.
pub fn decided_by(row: &crate::run::mix::Row) -> String {
    match (row.duty, row.slopes) {
        (Duty::Kept(why), _) => format!("kept: {why}"),
        (Duty::Locked(_), _) => "locked".to_owned(),
        (Duty::LockedByDefault(_), _) => "locked by default".to_owned(),
        (Duty::Free, slopes) => match (slopes.taken, slopes.refused) {
            (None, Some(_)) => "its smallest: a step up buys too little".to_owned(),
            (Some(_), None) => "its best".to_owned(),
            (Some(_), Some(_)) => "gain per bit".to_owned(),
            (None, None) => "the only choice".to_owned(),
        },
    }
}

/// What a budget bought, in sentences.
pub fn mix_lines(subject: Subject<'_>, mix: &Mix) -> Vec<String> {
    let Subject { model, plan, importance, kl_report, .. } = subject;
    let each = |bits: u64| bits as f64 / mix.values.max(1) as f64;
    let size = |bits: u64| format!("{:.4} bits per weight, {}", each(bits), bytes_text(bits.div_ceil(8)));
    let weighed = if importance.is_some() { "weighed " } else { "" };
    let quantized = mix.rows.len() - mix.kept;
    let mut lines = vec![
        format!("{}: {}", model.name, stored_line(model, mix.values)),
        format!("budget {}; floor of these formats and locks {}", size(mix.budget_bits), size(mix.floor_bits)),
        format!("mix: {}; {}", size(mix.total.bits), errors_text(&mix.total, weighed, quantized)),
        objective_line(mix.objective).to_owned(),
    ];
    lines.extend(default_locks_line(model, mix));
    match &mix.uniform {
        Some(uniform) => {
            let (total, same) = (&uniform.total, &uniform.same_size_total);
            let all = for_all(uniform.format, mix);
            let errors = errors_text(total, weighed, quantized);
            lines.push(format!("{all} instead: {}; {errors}", size(total.bits)));
            lines.push(format!(
                "a mix within the bytes of {all}: {}; {}: it gains {:+.2} dB over all weights, where \
                 6.02 dB a bit would allow {:+.2}, and {:+.2} dB in the mean of the tensors",
                size(same.bits),
                errors_text(same, weighed, quantized),
                uniform.gain_db(Total::counted_db),
                uniform.divisible_gain_db,
                uniform.gain_db(Total::mean_db)
            ));
        }
        None => lines.push("no single one of these formats fits the budget".to_owned()),
    }
    lines.push(format!(
        "{} tensors stay as they are stored, {}: norms, biases and other vectors by default, and what is locked so",
        mix.kept,
        bytes_text(mix.kept_bits / 8)
    ));
    lines.extend(stand_ins_line(mix.stand_ins));
    if let Some(importance) = importance {
        let free = plan.duties.iter().filter(|d| **d == Duty::Free).count();
        lines.push(format!(
            "importance from {}: {} tensors; what it does not know of the {free} free ones counts with its mean",
            importance.name, importance.matched
        ));
        let deaf: Vec<String> = plan.formats.iter().filter(|f| !f.takes_importance()).map(Format::to_string).collect();
        if !deaf.is_empty() {
            lines.push(format!(
                "the encoders of {} take no notice of it (the + formats do); their error is weighed all the same",
                deaf.join(", ")
            ));
        }
    }
    lines.push(kl_line(kl_report.map_err(|why| why as &dyn Display)));
    lines.extend(model.caveats.lines().map(str::to_owned));
    lines
}

fn stored_line(model: &Model, weights: u64) -> String {
    let (tensors, bytes) = (model.tensors.len(), bytes_text(model.total_bytes()));
    format!("{tensors} tensors, {weights} weights, stored in {bytes}")
}

fn errors_text(total: &Total, weighed: &str, tensors: usize) -> String {
    format!(
        "{weighed}weight error of the {tensors} quantized tensors {:.2} dB SQNR over all weights, {:.2} dB in their mean",
        total.counted_db(),
        total.mean_db()
    )
}

/// What the mix is chosen by, and what that is worth, in a sentence.
pub fn objective_line(objective: Objective) -> &'static str {
    match objective {
        Objective::WeightError => {
            "chosen by weight error (the squared error of all weights), which does not predict the model"
        }
        Objective::Kl => {
            "chosen by the KL that the tensors' errors are expected to cost, measured on the model with one tensor \
             quantized at a time"
        }
    }
}

/// Which tensors are locked by default; none where none is.
pub fn default_locks_line(model: &Model, mix: &Mix) -> Option<String> {
    let locked = model.tensors.iter().zip(&mix.rows).filter_map(|(tensor, row)| match row.duty {
        Duty::LockedByDefault(format) => Some(format!("{} = {format}", tensor.name)),
        _ => None,
    });
    let locked: Vec<String> = locked.collect();
    let text = || format!("locked high by default, as llama.cpp keeps them: {}", locked.join(", "));
    (!locked.is_empty()).then(text)
}

/// How many tensors have another type than their format's; none where none has.
pub fn stand_ins_line(count: usize) -> Option<String> {
    let why = "tensors have rows that fit no block of their format: another type stands in, as converters do";
    (count > 0).then(|| format!("{count} {why}"))
}

/// "q4_k for all", or for all that is free.
pub fn for_all(format: Format, mix: &Mix) -> String {
    let locked = mix.rows.iter().any(|row| matches!(row.duty, Duty::Locked(_) | Duty::LockedByDefault(_)));
    if locked { format!("{format} for all but the locked") } else { format!("{format} for all") }
}

/// What weight error is worth: measured where it can be, or why it could not be.
pub fn kl_line(kl_report: Result<Option<&KlReport>, &dyn Display>) -> String {
    match kl_report {
        Ok(Some(kl_report)) => kl_report.sentence(),
        Err(why) => format!("weight error is not the model's quality, which could not be measured: {why}"),
        Ok(None) => {
            "weight error is not the model's quality: measure that on the model, which does not run here".to_owned()
        }
    }
}

/// The report on a mix.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn mix_document(subject: Subject<'_>, mix: &Mix, control: &Control<'_>) -> Result<Document, Stopped> {
    let chosen: Vec<Option<Format>> = mix.rows.iter().map(|r| r.format).collect();
    Ok(Document {
        title: format!("Bit budget of {}", subject.model.name),
        lines: mix_lines(subject, mix),
        pictures: Vec::new(),
        plots: plots(subject, Some(mix), &chosen, control)?,
        tables: vec![
            ("Tensors".to_owned(), mix_table(subject.model, mix)),
            ("Uniform choices".to_owned(), uniform_table(subject)),
        ],
    })
}

/// The report on formats side by side.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn error_document(
    subject: Subject<'_>,
    rows: &[(TensorSpec, Result<Measured, RunError>)],
    control: &Control<'_>,
) -> Result<Document, Stopped> {
    let model = subject.model;
    let kept = subject.plan.duties.iter().filter(|d| matches!(d, Duty::Kept(_))).count();
    let mut lines = vec![
        stored_line(model, model.total_values()),
        format!("totals leave {kept} tensors as they are stored: norms, biases and other vectors"),
        "weight error is not the model's quality: measure that on the model".to_owned(),
    ];
    lines.extend(model.caveats.lines().map(str::to_owned));
    Ok(Document {
        title: format!("Weight error of {}", model.name),
        lines,
        pictures: Vec::new(),
        plots: plots(subject, None, &[], control)?,
        tables: vec![("Totals".to_owned(), uniform_table(subject)), ("Tensors".to_owned(), error_table(model, rows))],
    })
}

/// One format for all free tensors: size and error of the whole.
pub fn uniform_table(subject: Subject<'_>) -> Table {
    struct Row {
        format: Format,
        total: Total,
        weights: u64,
        weighed_db: Option<f64>,
        stand_ins: usize,
    }
    let Subject { model, plan, measured, importance, .. } = subject;
    let row = |&format: &Format| {
        let total = plan.uniform(model, measured, importance, format);
        let free = model.tensors.iter().zip(&plan.duties).filter(|(_, duty)| **duty == Duty::Free);
        let stand_ins = free.filter(|(tensor, _)| stands_in(tensor, format)).count();
        let weighed_db = importance.map(|_| total.counted_db());
        Row { format, total, weights: model.total_values().max(1), weighed_db, stand_ins }
    };
    Table::of(
        plan.formats.iter().map(row),
        &[
            ("format", "", |row| Cell::Text(row.format.to_string())),
            ("bits_per_weight", "", |row| Cell::Number(row.total.bits as f64 / row.weights as f64)),
            ("bytes", "", |row| Cell::Int(row.total.bits.div_ceil(8))),
            ("sqnr_db", "dB", |row| Cell::Number(row.total.error.sqnr_db())),
            ("weighed_sqnr_db", "dB", |row| row.weighed_db.map(Cell::Number).unwrap_or_default()),
            ("mean_tensor_sqnr_db", "dB", |row| Cell::Number(row.total.mean_db())),
            ("tensors_with_another_type", "", |row| Cell::Int(row.stand_ins as u64)),
            ("status", "", |row| Cell::text(db_status(row.total.error.sqnr_db()))),
        ],
    )
}

fn plots(
    subject: Subject<'_>,
    mix: Option<&Mix>,
    chosen: &[Option<Format>],
    control: &Control<'_>,
) -> Result<Vec<Plot>, Stopped> {
    Ok(vec![layers_plot(subject, chosen), frontier_plot(subject, mix), histogram_plot(subject, control)?])
}

fn layers_plot(subject: Subject<'_>, chosen: &[Option<Format>]) -> Plot {
    let Subject { model, plan, measured, .. } = subject;
    let point = |place: usize, tensor: usize, format: Format| {
        let m = measured.get(&TensorSpec { tensor, format })?.as_ref().ok()?;
        Some([place as f64 + 1.0, m.error.sqnr_db()])
    };
    let shown: Vec<usize> = listed(model).into_iter().filter(|&t| !matches!(plan.duties[t], Duty::Kept(_))).collect();
    let line = |format: Format| shown.iter().enumerate().filter_map(|(place, &t)| point(place, t, format)).collect();
    let of_format = |&format: &Format| Series::new(format.to_string(), line(format), Mark::Line);
    let mut series: Vec<Series> = plan.formats.iter().map(of_format).collect();
    if !chosen.is_empty() {
        let points = shown.iter().enumerate().filter_map(|(place, &t)| point(place, t, chosen[t]?)).collect();
        series.push(Series::new("the mix", points, Mark::Dots));
    }
    Plot {
        title: "Weight error of each tensor".into(),
        x_label: "quantized tensors, layer after layer".into(),
        y_label: "SQNR, dB".into(),
        series,
    }
}

fn frontier_plot(subject: Subject<'_>, mix: Option<&Mix>) -> Plot {
    let Subject { model, plan, measured, importance, .. } = subject;
    let each = |bits: u64| bits as f64 / model.total_values().max(1) as f64;
    let point = |total: &Total| [each(total.bits), total.objective_db(plan.objective)];
    let mut series = Vec::new();
    let (low, high) = plan.range_bits(model);
    if mix.is_some() && high > low {
        let budget = |i: usize| low + ((high - low) as f64 * i as f64 / (FRONTIER - 1) as f64) as u64;
        let mixes = (0..FRONTIER).filter_map(|i| plan.mix(model, measured, importance, Budget::Bits(budget(i))).ok());
        series.push(Series::new("best mixes", mixes.map(|m| point(&m.total)).collect(), Mark::Line));
    }
    series.extend(mix.map(|mix| Series::new("this mix", vec![point(&mix.total)], Mark::Dots)));
    series.extend(plan.formats.iter().map(|&format| {
        let total = plan.uniform(model, measured, importance, format);
        Series::new(format.to_string(), vec![point(&total)], Mark::Dots)
    }));
    let span: Vec<f64> = series.iter().flat_map(|s| s.points.iter().map(|p| p[0])).filter(|x| *x <= 9.0).collect();
    let (from, to) = span.iter().fold((f64::INFINITY, 0.0f64), |(a, b), x| (a.min(*x), b.max(*x)));
    if from < to {
        let shannon = vec![[from, gaussian::shannon_db(from)], [to, gaussian::shannon_db(to)]];
        series.push(Series::new("Shannon, if Gaussian", shannon, Mark::Dashed));
        let max = gaussian::LLOYD_MAX.iter().filter(|(b, _)| (from..=to).contains(b)).map(|&(b, db)| [b, db]).collect();
        series.push(Series::new("Lloyd–Max, if Gaussian", max, Mark::Dashed));
    }
    let weighed = if importance.is_some() { "weighed " } else { "" };
    Plot {
        title: "Error against bits".into(),
        x_label: "bits per weight, everything counted".into(),
        y_label: match plan.objective {
            Objective::WeightError => format!("{weighed}SQNR over all weights, dB"),
            Objective::Kl => format!("{weighed}mean of ρ² over the tensors, dB"),
        },
        series,
    }
}

/// All quantized tensors' weights, each in units of its own spread, beside a Gaussian.
fn histogram_plot(subject: Subject<'_>, control: &Control<'_>) -> Result<Plot, Stopped> {
    let Subject { model, plan, .. } = subject;
    let tensors = (0..model.tensors.len()).into_par_iter().filter(|&t| !matches!(plan.duties[t], Duty::Kept(_)));
    let histograms = tensors.map(|t| match statistics(model, t, control) {
        Ok(s) => histogram(model, t, &s.moments, control),
        Err(_) => control.check().map(|()| vec![0; BINS]),
    });
    let counts = histograms.try_reduce(
        || vec![0; BINS],
        |mut sum, own| {
            sum.iter_mut().zip(own).for_each(|(sum, n)| *sum += n);
            Ok(sum)
        },
    )?;
    let total = counts.iter().sum::<u64>().max(1) as f64;
    let middle = |i: usize| (i as f64 + 0.5) / BINS_A_SIGMA - REACH;
    let density = |n: u64| (n as f64 / total * BINS_A_SIGMA).log10();
    let points = counts.iter().enumerate().filter(|(_, n)| **n > 0).map(|(i, n)| [middle(i), density(*n)]).collect();
    let gaussian = |x: f64| (-x * x / 2.0 - (2.0 * std::f64::consts::PI).ln() / 2.0) / std::f64::consts::LN_10;
    let curve = (0..BINS).map(middle).filter(|x| x.abs() < 5.5).map(|x| [x, gaussian(x)]).collect();
    Ok(Plot {
        title: "Histogram of the weights, log scale".into(),
        x_label: "(weight − mean) ÷ σ of its tensor; the outermost bins hold all beyond".into(),
        y_label: "log10 of the density".into(),
        series: vec![Series::new("weights", points, Mark::Both), Series::new("Gaussian", curve, Mark::Dashed)],
    })
}

fn histogram(model: &Model, tensor: usize, m: &Moments, control: &Control<'_>) -> Result<Vec<u64>, Stopped> {
    const PART: usize = 1 << 16;
    let mut counts = vec![0; BINS];
    let (mean, std) = (m.mean, m.std());
    if std == 0.0 {
        return Ok(counts);
    }
    let mut part = Vec::with_capacity(PART);
    for start in (0..model.tensors[tensor].values).step_by(PART) {
        control.check()?;
        part.clear();
        model.read(tensor, start..start + PART, &mut part);
        for x in part.iter().filter(|x| x.is_finite()) {
            let bin = ((f64::from(*x) - mean) / std + REACH) * BINS_A_SIGMA;
            counts[bin.clamp(0.0, BINS as f64 - 1.0) as usize] += 1;
        }
    }
    Ok(counts)
}

/// `12.3 MB`, of 10⁶ bytes.
pub fn bytes_text(bytes: u64) -> String {
    match bytes {
        0..=999_999 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..=999_999_999 => format!("{:.2} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}
