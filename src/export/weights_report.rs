//! What there is to report of a model's weights: the tables, the sentences and the plots that the command
//! line, the files and the window all show.

use std::fmt::Display;
use std::sync::Mutex;

use rayon::prelude::*;

use super::document::Document;
use super::svg::{Mark, Plot, Series};
use super::table::{Cell, Column, NOT_MEASURED, Table, db_status};
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

fn columns(names: &[(&'static str, &'static str)]) -> Vec<Column> {
    names.iter().map(|&(name, unit)| Column { name, unit }).collect()
}

fn place_cells(tensor: &Tensor) -> [Cell; 2] {
    if let Some(packed) = tensor.packed {
        return [
            Cell::Text(packed.what.to_owned()),
            tensor.place().layer.map_or(Cell::Missing, |l| Cell::Int(l.into())),
        ];
    }
    let place = tensor.place();
    let kind = if place.bias { format!("{}, bias", place.role.label()) } else { place.role.label().to_owned() };
    [Cell::Text(kind), place.layer.map_or(Cell::Missing, |layer| Cell::Int(u64::from(layer)))]
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
    let names = [
        ("tensor", ""),
        ("shape", ""),
        ("dtype", ""),
        ("format", ""),
        ("bits_per_weight", ""),
        ("rmse", ""),
        ("relative_error", ""),
        ("sqnr_db", "dB"),
        ("cosine", ""),
        ("max_abs_error", ""),
        ("values", ""),
        ("nan", ""),
        ("infinite", ""),
        ("note", ""),
        ("kind", ""),
        ("layer", ""),
        ("weighed_sqnr_db", "dB"),
        ("stored_as", ""),
        ("status", ""),
        ("weighed_status", ""),
        ("original", ""),
    ];
    let rows = rows.iter().map(|(spec, outcome)| error_row(&model.tensors[spec.tensor], *spec, outcome)).collect();
    Table { columns: columns(&names), rows }
}

fn error_row(info: &Tensor, spec: TensorSpec, outcome: &Result<Measured, RunError>) -> Vec<Cell> {
    let mut row = vec![
        Cell::Text(info.name.clone()),
        Cell::Shape(info.shape.clone()),
        Cell::Text(info.dtype.name()),
        Cell::Text(spec.format.to_string()),
    ];
    let values = Cell::Int(info.values as u64);
    let weighed = match outcome {
        Ok(Measured { error, rate, weighed }) => {
            let figures = [
                rate.bits_per_sample(),
                error.rmse(),
                error.relative_error(),
                error.sqnr_db(),
                error.cosine(),
                f64::from(error.max_abs),
            ];
            row.extend(figures.map(Cell::Number));
            row.extend([values, Cell::Int(error.nan), Cell::Int(error.infinite)]);
            row.push(tensor::remarks(info, spec.format, error, rate).map_or(Cell::Missing, Cell::Text));
            *weighed
        }
        Err(why) => {
            row.extend((0..6).map(|_| Cell::Missing));
            row.extend([values, Cell::Missing, Cell::Missing, Cell::Text(why.to_string())]);
            None
        }
    };
    row.extend(place_cells(info));
    let weighed = weighed.map(|w| w.sqnr_db());
    row.push(weighed.map_or(Cell::Missing, Cell::Number));
    row.push(stored_cell(info, outcome.is_ok().then_some(spec.format)));
    row.push(status_cell(outcome.as_ref().ok()));
    row.push(Cell::Text(weighed.map_or(NOT_MEASURED, db_status).to_owned()));
    row.push(original_cell(info));
    row
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
    let names = [
        ("tensor", ""),
        ("kind", ""),
        ("layer", ""),
        ("shape", ""),
        ("dtype", ""),
        ("stored_bits_per_weight", ""),
        ("min", ""),
        ("max", ""),
        ("mean", ""),
        ("std", ""),
        ("kurtosis", ""),
        ("outliers_6_sigma", ""),
        ("sparsity", ""),
        ("nan", ""),
        ("infinite", ""),
        ("note", ""),
    ];
    let row = |(t, outcome): &(usize, Result<Statistics, RunError>)| {
        let info = &model.tensors[*t];
        let mut row = vec![Cell::Text(info.name.clone())];
        row.extend(place_cells(info));
        row.extend([Cell::Shape(info.shape.clone()), Cell::Text(info.dtype.name()), Cell::Number(info.stored_bits())]);
        match outcome {
            Ok(Statistics { moments: m, outliers }) => {
                let figures = [f64::from(m.min), f64::from(m.max), m.mean, m.std(), m.kurtosis()];
                row.extend(figures.map(Cell::Number));
                row.extend([Cell::Int(*outliers), Cell::Number(m.sparsity()), Cell::Int(m.nan), Cell::Int(m.infinite)]);
                row.push(Cell::Missing);
            }
            Err(why) => {
                row.extend((0..9).map(|_| Cell::Missing));
                row.push(Cell::Text(why.to_string()));
            }
        }
        row
    };
    Table { columns: columns(&names), rows: rows.iter().map(row).collect() }
}

/// What each tensor got under a budget. Gains are what a bit takes away of what is made least: by the last step that
/// was taken, and by the next, which was not.
pub fn mix_table(model: &Model, mix: &Mix) -> Table {
    let slope = slope_unit(mix.objective);
    let names = [
        ("tensor", ""),
        ("kind", ""),
        ("layer", ""),
        ("shape", ""),
        ("format", ""),
        ("bits_per_weight", ""),
        ("bytes", ""),
        ("sqnr_db", "dB"),
        ("gain_per_bit", slope),
        ("next_gain_per_bit", slope),
        ("decided_by", ""),
        ("note", ""),
        ("stored_as", ""),
        ("status", ""),
        ("original", ""),
    ];
    let number = |x: Option<f64>| x.map_or(Cell::Missing, Cell::Number);
    let row = |t: usize| {
        let (info, row) = (&model.tensors[t], &mix.rows[t]);
        let mut cells = vec![Cell::Text(info.name.clone())];
        cells.extend(place_cells(info));
        let counted = |cell| if info.packed.is_some() { Cell::Missing } else { cell };
        cells.extend([
            Cell::Shape(info.shape.clone()),
            Cell::Text(row.format.map_or_else(|| info.dtype.name().to_lowercase(), |f| f.to_string())),
            counted(Cell::Number(row.bits as f64 / info.values.max(1) as f64)),
            counted(Cell::Int(row.bits.div_ceil(8))),
            number(row.measured.map(|m| m.error.sqnr_db())),
            number(row.slopes.taken),
            number(row.slopes.refused),
            Cell::Text(decided_by(row)),
            row.note.clone().map_or(Cell::Missing, Cell::Text),
            stored_cell(info, row.format),
            status_cell(row.measured.as_ref()),
            original_cell(info),
        ]);
        cells
    };
    Table { columns: columns(&names), rows: listed(model).into_iter().map(row).collect() }
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
        format!(
            "{}: {} tensors, {} weights, stored in {}",
            model.name,
            model.tensors.len(),
            mix.values,
            bytes_text(model.total_bytes())
        ),
        format!("budget {}; floor of these formats and locks {}", size(mix.budget_bits), size(mix.floor_bits)),
        format!("mix: {}; {}", size(mix.total.bits), errors_text(&mix.total, weighed, quantized)),
        objective_line(mix.objective).to_owned(),
    ];
    lines.extend(default_locks_line(model, mix));
    match &mix.uniform {
        Some(uniform) => {
            let (total, same) = (&uniform.total, &uniform.same_size_total);
            lines.push(format!(
                "{} instead: {}; {}",
                for_all(uniform.format, mix),
                size(total.bits),
                errors_text(total, weighed, quantized)
            ));
            lines.push(format!(
                "a mix within the bytes of {}: {}; {}: it gains {:+.2} dB over all weights, where \
                 6.02 dB a bit would allow {:+.2}, and {:+.2} dB in the mean of the tensors",
                for_all(uniform.format, mix),
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
    if mix.stand_ins > 0 {
        lines.push(format!(
            "{} tensors have rows that fit no block of their format: another type stands in, as converters do",
            mix.stand_ins
        ));
    }
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
    Ok(Document {
        title: format!("Weight error of {}", model.name),
        lines: vec![
            format!(
                "{} tensors, {} weights, stored in {}",
                model.tensors.len(),
                model.total_values(),
                bytes_text(model.total_bytes())
            ),
            format!("totals leave {kept} tensors as they are stored: norms, biases and other vectors"),
            "weight error is not the model's quality: measure that on the model".to_owned(),
        ]
        .into_iter()
        .chain(model.caveats.lines().map(str::to_owned))
        .collect(),
        pictures: Vec::new(),
        plots: plots(subject, None, &[], control)?,
        tables: vec![("Totals".to_owned(), uniform_table(subject)), ("Tensors".to_owned(), error_table(model, rows))],
    })
}

/// One format for all free tensors: size and error of the whole.
pub fn uniform_table(subject: Subject<'_>) -> Table {
    let Subject { model, plan, measured, importance, .. } = subject;
    let names = [
        ("format", ""),
        ("bits_per_weight", ""),
        ("bytes", ""),
        ("sqnr_db", "dB"),
        ("weighed_sqnr_db", "dB"),
        ("mean_tensor_sqnr_db", "dB"),
        ("tensors_with_another_type", ""),
        ("status", ""),
    ];
    let row = |&format: &Format| {
        let total = plan.uniform(model, measured, importance, format);
        let free = model.tensors.iter().zip(&plan.duties).filter(|(_, duty)| **duty == Duty::Free);
        vec![
            Cell::Text(format.to_string()),
            Cell::Number(total.bits as f64 / model.total_values().max(1) as f64),
            Cell::Int(total.bits.div_ceil(8)),
            Cell::Number(total.error.sqnr_db()),
            if importance.is_some() { Cell::Number(total.counted_db()) } else { Cell::Missing },
            Cell::Number(total.mean_db()),
            Cell::Int(free.filter(|(tensor, _)| stands_in(tensor, format)).count() as u64),
            Cell::Text(db_status(total.error.sqnr_db()).to_owned()),
        ]
    };
    Table { columns: columns(&names), rows: plan.formats.iter().map(row).collect() }
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
    let mut series: Vec<Series> = plan
        .formats
        .iter()
        .map(|&format| Series { name: format.to_string(), points: line(format), mark: Mark::Line })
        .collect();
    if !chosen.is_empty() {
        let points = shown.iter().enumerate().filter_map(|(place, &t)| point(place, t, chosen[t]?)).collect();
        series.push(Series { name: "the mix".into(), points, mark: Mark::Dots });
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
    let mut series = Vec::new();
    let (low, high) = plan.range_bits(model);
    if mix.is_some() && high > low {
        let budget = |i: usize| low + ((high - low) as f64 * i as f64 / (FRONTIER - 1) as f64) as u64;
        let mixes = (0..FRONTIER).filter_map(|i| plan.mix(model, measured, importance, Budget::Bits(budget(i))).ok());
        let points = mixes.map(|m| [each(m.total.bits), m.total.objective_db(plan.objective)]).collect();
        series.push(Series { name: "best mixes".into(), points, mark: Mark::Line });
    }
    if let Some(mix) = mix {
        series.push(Series {
            name: "this mix".into(),
            points: vec![[each(mix.total.bits), mix.total.objective_db(plan.objective)]],
            mark: Mark::Dots,
        });
    }
    for &format in &plan.formats {
        let total = plan.uniform(model, measured, importance, format);
        series.push(Series {
            name: format.to_string(),
            points: vec![[each(total.bits), total.objective_db(plan.objective)]],
            mark: Mark::Dots,
        });
    }
    let span: Vec<f64> = series.iter().flat_map(|s| s.points.iter().map(|p| p[0])).filter(|x| *x <= 9.0).collect();
    let (from, to) = span.iter().fold((f64::INFINITY, 0.0f64), |(a, b), x| (a.min(*x), b.max(*x)));
    if from < to {
        let shannon = vec![[from, gaussian::shannon_db(from)], [to, gaussian::shannon_db(to)]];
        series.push(Series { name: "Shannon, if Gaussian".into(), points: shannon, mark: Mark::Dashed });
        let max = gaussian::LLOYD_MAX.iter().filter(|(b, _)| (from..=to).contains(b)).map(|&(b, db)| [b, db]).collect();
        series.push(Series { name: "Lloyd–Max, if Gaussian".into(), points: max, mark: Mark::Dashed });
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
    let bins = (2.0 * REACH * BINS_A_SIGMA) as usize;
    let counts = Mutex::new(vec![0u64; bins]);
    (0..model.tensors.len())
        .filter(|&t| !matches!(plan.duties[t], Duty::Kept(_)))
        .collect::<Vec<_>>()
        .into_par_iter()
        .try_for_each(|t| {
            let Ok(s) = statistics(model, t, control) else { return control.check() };
            let own = histogram(model, t, &s.moments, bins, control)?;
            let mut sum = counts.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            sum.iter_mut().zip(own).for_each(|(sum, n)| *sum += n);
            Ok(())
        })?;
    let counts = counts.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    let total = counts.iter().sum::<u64>().max(1) as f64;
    let middle = |i: usize| (i as f64 + 0.5) / BINS_A_SIGMA - REACH;
    let density = |n: u64| (n as f64 / total * BINS_A_SIGMA).log10();
    let points = counts.iter().enumerate().filter(|(_, n)| **n > 0).map(|(i, n)| [middle(i), density(*n)]).collect();
    let gaussian = |x: f64| (-x * x / 2.0 - (2.0 * std::f64::consts::PI).ln() / 2.0) / std::f64::consts::LN_10;
    let curve = (0..bins).map(middle).filter(|x| x.abs() < 5.5).map(|x| [x, gaussian(x)]).collect();
    Ok(Plot {
        title: "Histogram of the weights, log scale".into(),
        x_label: "(weight − mean) ÷ σ of its tensor; the outermost bins hold all beyond".into(),
        y_label: "log10 of the density".into(),
        series: vec![
            Series { name: "weights".into(), points, mark: Mark::Both },
            Series { name: "Gaussian".into(), points: curve, mark: Mark::Dashed },
        ],
    })
}

fn histogram(
    model: &Model,
    tensor: usize,
    m: &Moments,
    bins: usize,
    control: &Control<'_>,
) -> Result<Vec<u64>, Stopped> {
    const PART: usize = 1 << 16;
    let mut counts = vec![0; bins];
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
            counts[bin.clamp(0.0, bins as f64 - 1.0) as usize] += 1;
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
