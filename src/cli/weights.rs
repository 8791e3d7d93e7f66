//! `quantscope weights`

use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use clap::Args;

use super::mix::{Mixing, Wanted};
use super::progress::Progress;
use super::refusal::Refusal;
use crate::engine::control::{Control, Stopped};
use crate::engine::format::Format;
use crate::export::destination::{self, listed_endings};
use crate::export::document::{Document, HTML, MARKDOWN, OfDocument};
use crate::export::exporters::{DOCUMENTS, TABLES};
use crate::export::recipe::recipe;
use crate::export::table::{CSV, JSON, OfTable, Table, db_status};
use crate::export::weights_report::{self, Subject};
use crate::run::error::RunError;
use crate::run::mix::{Budget, Duty, Mix, Plan, Total};
use crate::run::statistics::statistics;
use crate::run::tensor::{Measured, measure_weighed};
use crate::source::imatrix::Importance;
use crate::source::open::{Source, open_path};
use crate::source::pattern::NamePattern;
use crate::source::safetensors::Model;
use crate::spec::{TensorSpec, usual_formats};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// A .safetensors file (or the index of several) or a GGUF
    #[arg(value_name = "IN")]
    input: PathBuf,

    #[command(flatten)]
    wanted: Wanted,

    /// Only tensors whose name matches this pattern (* any characters, ? any one, [ab] one of these); may be
    /// given again
    #[arg(long = "tensor", short, value_name = "GLOB", conflicts_with_all = ["budget", "budget_gb"])]
    tensors: Vec<String>,

    /// Statistics of the weights (range, mean, spread, kurtosis, outliers, zeros, NaN) instead of errors
    #[arg(long, conflicts_with_all = ["formats", "budget", "budget_gb", "imatrix", "markdown", "html", "recipe"])]
    stats: bool,

    /// With a budget: print llama.cpp's '--tensor-type' options for the chosen mix
    #[arg(long, group = "form", requires = "any_budget")]
    recipe: bool,

    /// Print JSON: an array of objects; with a budget an object with "summary" and "tensors"
    #[arg(long, group = "form")]
    json: bool,

    /// Print comma-separated values
    #[arg(long, group = "form")]
    csv: bool,

    /// Print a report in Markdown
    #[arg(long, group = "form")]
    markdown: bool,

    /// Print a report as one HTML page with plots, which needs nothing beside it
    #[arg(long, group = "form")]
    html: bool,

    #[arg(long, short, value_name = "FILE", help = output_help())]
    output: Option<PathBuf>,

    /// Replace the file where there is one of that name
    #[arg(long, requires = "output")]
    force: bool,
}

/// How a result is written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Text,
    Recipe,
    Table(&'static OfTable),
    Document(&'static OfDocument),
}

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Form::Text | Form::Recipe => "txt",
            Form::Table(kind) => kind.ending,
            Form::Document(kind) => kind.ending,
        }
    }

    /// The forms that an ending alone can ask for; statistics make no document.
    fn by_ending(stats: bool) -> Vec<(&'static str, Form)> {
        let tables = TABLES.iter().copied().map(Form::Table);
        let documents = DOCUMENTS.iter().copied().filter(|_| !stats).map(Form::Document);
        [Form::Text].into_iter().chain(tables).chain(documents).map(|form| (form.ending(), form)).collect()
    }
}

fn output_help() -> String {
    let endings = listed_endings(Form::by_ending(false).iter().map(|(ending, _)| *ending));
    format!("Write to this file instead of standard output; its ending ({endings}) says the form where no option does")
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Refusal> {
    let form = arguments.form().map_err(Refusal::usage)?;
    let model = open_model(&arguments.input)?;
    if let Some(path) = &arguments.output {
        super::files::check_free(path, arguments.force)?;
    }
    let text = match arguments.wanted.budget(&model)? {
        _ if arguments.stats => plain(form, &stats(arguments, &model)?, &model),
        Some(budget) => with_budget(arguments, &model, budget, form)?,
        None => errors(arguments, &model, form)?,
    };
    if matches!(form, Form::Table(_) | Form::Recipe) {
        // There is no room for words in these.
        model.caveats.lines().for_each(|line| eprintln!("quantscope: {}: {line}", arguments.input.display()));
    }
    super::files::deliver(&text, arguments.output.as_deref())
}

pub(super) fn open_model(input: &std::path::Path) -> Result<Arc<Model>, Refusal> {
    match open_path(input)? {
        Source::Model(model) => Ok(model),
        Source::Photo(_) => Err(Refusal::input("this is a photo; use 'quantscope image'").about(input.display())),
    }
}

impl Arguments {
    /// As the options say, or else the ending of the file; the two must agree.
    fn form(&self) -> Result<Form, Refusal> {
        let asked = [
            (self.recipe, Form::Recipe),
            (self.json, Form::Table(&JSON)),
            (self.csv, Form::Table(&CSV)),
            (self.markdown, Form::Document(&MARKDOWN)),
            (self.html, Form::Document(&HTML)),
        ];
        let asked = asked.into_iter().find_map(|(asked, form)| asked.then_some(form));
        match (&self.output, asked) {
            (None, asked) => Ok(asked.unwrap_or(Form::Text)),
            (Some(path), Some(form)) => Ok(destination::find(path, "what is asked for", [(form.ending(), form)])?),
            (Some(path), None) => Ok(destination::find(path, "a table", Form::by_ending(self.stats))?),
        }
    }

    fn named(&self, why: impl Into<Refusal>) -> Refusal {
        why.into().about(self.input.display())
    }
}

fn plain(form: Form, table: &Table, model: &Model) -> String {
    match form {
        Form::Table(kind) => (kind.write)(table),
        _ => model.caveats.lines().fold(table.to_text(), |text, line| text + line + "\n"),
    }
}

fn with_budget(arguments: &Arguments, model: &Model, budget: Budget, form: Form) -> Result<String, Refusal> {
    let mixing = Mixing::new(&arguments.wanted, model).map_err(|why| arguments.named(why))?;
    let mix = mixing.mix(model, budget).map_err(|why| arguments.named(why))?;
    // A recipe and plain tables have no room for words, and need no wait for them.
    let is_summary = form == Form::Table(&JSON);
    let has_words = is_summary || !matches!(form, Form::Recipe | Form::Table(_));
    let kl_report = if has_words { mixing.kl_report(model, &mix)? } else { Ok(None) };
    let subject = mixing.subject(model, kl_report.as_ref().map(Option::as_ref));
    let table = weights_report::mix_table(model, &mix);
    let lines = weights_report::mix_lines(subject, &mix);
    let document = || weights_report::mix_document(subject, &mix, &super::interrupt::control());
    if form == Form::Recipe {
        let formats: Vec<Option<Format>> = mix.rows.iter().map(|row| row.format).collect();
        let recipe = recipe(model, &formats);
        recipe.left_out.iter().for_each(|why| eprintln!("quantscope: no line for {why}"));
        if recipe.lines.is_empty() {
            return Err(arguments.named(Refusal::input("no tensor of this mix can be written as a recipe")));
        }
        return Ok(recipe.to_text(weights_report::objective_line(mix.objective)));
    }
    Ok(match form {
        Form::Table(_) if is_summary => summary_json(subject, &mix, &table),
        Form::Table(kind) => (kind.write)(&table),
        Form::Document(kind) => (kind.write)(&document()?),
        Form::Text | Form::Recipe => {
            format!("{}\n{}", table.to_text(), lines.into_iter().map(|line| line + "\n").collect::<String>())
        }
    })
}

fn summary_json(subject: Subject<'_>, mix: &Mix, table: &Table) -> String {
    let Subject { model, kl_report, .. } = subject;
    let each = |bits: u64| bits as f64 / mix.values.max(1) as f64;
    let total = |t: &Total| {
        serde_json::json!({
            "bits_per_weight": each(t.bits), "bytes": t.bits.div_ceil(8),
            "sqnr_db": t.error.sqnr_db(), "counted_sqnr_db": t.counted_db(),
            "mean_tensor_sqnr_db": t.mean_db(), "relative_db": t.relative_db(), "status": db_status(t.error.sqnr_db()),
        })
    };
    let uniform = mix.uniform.as_ref().map(|uniform| {
        let mut object = total(&uniform.total);
        object["format"] = serde_json::Value::from(uniform.format.to_string());
        object["divisible_gain_db"] = serde_json::Value::from(uniform.divisible_gain_db);
        object
    });
    let kl = kl_report.ok().flatten().map(|v| {
        serde_json::json!({
            "mix": v.mix.kl, "uniform": v.uniform.map(|c| c.one.kl), "mix_at_the_same_size": v.uniform.map(|c| c.same_size.kl),
        })
    });
    let summary = serde_json::json!({
        "model": model.name, "values": mix.values, "objective": mix.objective.name(), "mix": total(&mix.total),
        "uniform": uniform, "mix_at_the_same_size": mix.uniform.as_ref().map(|u| total(&u.same_size_total)),
        "kl_nats_a_token": kl, "kl_error": kl_report.err().map(RunError::to_string),
        "budget_bits_per_weight": each(mix.budget_bits), "floor_bits_per_weight": each(mix.floor_bits),
        "kept": mix.kept, "stand_ins": mix.stand_ins, "caveats": model.caveats.lines().collect::<Vec<_>>(),
    });
    format!("{{\"summary\": {summary}, \"tensors\": {}}}\n", table.to_json().trim_end())
}

fn errors(arguments: &Arguments, model: &Model, form: Form) -> Result<String, Refusal> {
    let formats = match arguments.wanted.formats.as_slice() {
        [] => usual_formats().to_vec(),
        named => named.to_vec(),
    };
    let chosen = chosen_tensors(model, &arguments.tensors).map_err(|why| arguments.named(why))?;
    let importance = arguments.wanted.importance(model)?;
    if let Some(importance) = importance.as_ref().filter(|i| chosen.iter().all(|&t| i.of(t).is_none())) {
        let name = &importance.name;
        let why = format!("the importance matrix {name} would change nothing: it knows none of the chosen tensors");
        return Err(Refusal::Input(why));
    }
    let rows = measure(model, &chosen, &formats, importance.as_ref(), &super::interrupt::control())?;
    Ok(match form {
        Form::Document(kind) => (kind.write)(&document(model, &chosen, &formats, importance.as_ref(), &rows)?),
        _ => plain(form, &weights_report::error_table(model, &rows), model),
    })
}

/// A tensor under a format, and what was found or why nothing was.
pub type Row = (TensorSpec, Result<Measured, RunError>);

/// Measures each of the tensors under each of the formats, tensor by tensor; `importance` weighs the errors.
///
/// # Errors
/// The work was stopped.
pub fn measure(
    model: &Model,
    tensors: &[usize],
    formats: &[Format],
    importance: Option<&Importance>,
    control: &Control<'_>,
) -> Result<Vec<Row>, Stopped> {
    let specs: Vec<TensorSpec> =
        tensors.iter().flat_map(|&tensor| formats.iter().map(move |&format| TensorSpec { tensor, format })).collect();
    let progress = Progress::new("measuring", specs.len());
    let rows = specs.par_iter().map(|&spec| {
        let columns = importance.and_then(|i| i.of(spec.tensor)).map(AsRef::as_ref);
        let outcome = RunError::of_item(measure_weighed(model, spec, columns, control))?;
        progress.one_more();
        Ok((spec, outcome))
    });
    rows.collect()
}

/// The report on them; totals are of these tensors.
///
/// # Errors
/// The formats make no plan, or the work was stopped.
pub(super) fn document(
    model: &Model,
    tensors: &[usize],
    formats: &[Format],
    importance: Option<&Importance>,
    rows: &[Row],
) -> Result<Document, RunError> {
    // What is not among the chosen tensors has no part in the totals either.
    let mut plan = Plan::new(model, formats, &[])?;
    let left_out = (0..plan.duties.len()).filter(|t| !tensors.contains(t));
    left_out.for_each(|t| plan.duties[t] = Duty::Kept("not chosen"));
    let measured = rows.iter().cloned().collect();
    let subject = Subject { model, plan: &plan, measured: &measured, importance, kl_report: Ok(None) };
    Ok(weights_report::error_document(subject, rows, &super::interrupt::control())?)
}

fn stats(arguments: &Arguments, model: &Model) -> Result<Table, Refusal> {
    let chosen = chosen_tensors(model, &arguments.tensors).map_err(|why| arguments.named(why))?;
    let control = super::interrupt::control();
    let of = |t: &usize| Ok((*t, RunError::of_item(statistics(model, *t, &control))?));
    let rows = chosen.par_iter().map(of).collect::<Result<Vec<_>, Stopped>>();
    Ok(weights_report::statistics_table(model, &rows?))
}

fn chosen_tensors(model: &Model, patterns: &[String]) -> Result<Vec<usize>, RunError> {
    let wanted: Vec<NamePattern> = patterns.iter().map(|p| NamePattern::new(p)).collect::<Result<_, _>>()?;
    let chosen: Vec<usize> = weights_report::listed(model)
        .into_iter()
        .filter(|&t| wanted.is_empty() || wanted.iter().any(|p| p.matches(&model.tensors[t].name)))
        .collect();
    match (chosen.is_empty(), patterns.first()) {
        (true, Some(first)) => Err(RunError::NoMatch(first.clone())),
        _ => Ok(chosen),
    }
}
