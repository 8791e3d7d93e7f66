//! `quantscope weights`

use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use clap::Args;

use super::mix::{Mixing, Wanted};
use super::progress::Progress;
use crate::engine::format::Format;
use crate::export::recipe::recipe;
use crate::export::table::Table;
use crate::export::weights_report::{self, Subject};
use crate::run::mix::{Plan, pattern};
use crate::run::statistics::statistics;
use crate::run::tensor::{Fault, measure_weighed};
use crate::source::open::Source;
use crate::source::safetensors::Model;
use crate::spec::{TensorSpec, WeightSettings};

#[derive(Args, Debug)]
pub struct Arguments {
    /// A .safetensors file (or the index of several) or a GGUF
    #[arg(value_name = "IN")]
    input: PathBuf,

    #[command(flatten)]
    wanted: Wanted,

    /// Only tensors whose name matches this pattern (* and ?); may be given again
    #[arg(long = "tensor", short, value_name = "GLOB", conflicts_with_all = ["budget", "budget_gb"])]
    tensors: Vec<String>,

    /// Statistics of the weights (range, mean, spread, kurtosis, outliers, zeros, NaN) instead of errors
    #[arg(long, conflicts_with_all = ["formats", "budget", "budget_gb", "imatrix", "markdown", "html", "recipe"])]
    stats: bool,

    /// With a budget: print llama.cpp's '--tensor-type' options for the chosen mix
    #[arg(long, group = "form")]
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

    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<(), String> {
    let model = open_model(&arguments.input)?;
    let text = match arguments.wanted.budget(&model)? {
        _ if arguments.stats => arguments.as_plain(&stats(arguments, &model)?),
        Some(budget) => with_budget(arguments, &model, budget)?,
        None if arguments.recipe => return Err("--recipe needs a --budget".to_owned()),
        None => errors(arguments, &model)?,
    };
    super::deliver(&text, arguments.output.as_deref())
}

pub(super) fn open_model(input: &std::path::Path) -> Result<Arc<Model>, String> {
    match super::open(input)? {
        Source::Model(model) => Ok(model),
        Source::Photo(_) => Err(format!("{}: this is a photo; use 'quantscope image'", input.display())),
    }
}

impl Arguments {
    fn as_plain(&self, table: &Table) -> String {
        match (self.json, self.csv) {
            (true, _) => table.to_json(),
            (_, true) => table.to_csv(),
            _ => table.to_text(),
        }
    }

    fn named(&self, why: String) -> String {
        format!("{}: {why}", self.input.display())
    }
}

fn with_budget(arguments: &Arguments, model: &Model, budget: crate::run::mix::Budget) -> Result<String, String> {
    let mixing = Mixing::new(&arguments.wanted, model).map_err(|why| arguments.named(why))?;
    let mix = mixing.mix(model, budget).map_err(|why| arguments.named(why))?;
    // A recipe and plain tables have no room for words, and need no wait for them.
    let verdict = if arguments.recipe || arguments.csv { None } else { mixing.verdict(model, &mix) };
    let subject = mixing.subject(model, verdict.as_ref());
    let table = weights_report::mix_table(model, &mix);
    let lines = weights_report::mix_lines(subject, &mix);
    let document =
        || weights_report::mix_document(subject, &mix, &super::interrupt::control()).map_err(|_| String::new());
    if arguments.recipe {
        let formats: Vec<Option<Format>> = mix.rows.iter().map(|row| row.format).collect();
        let recipe = recipe(model, &formats);
        recipe.left_out.iter().for_each(|why| eprintln!("quantscope: no line for {why}"));
        if recipe.lines.is_empty() {
            return Err(arguments.named("no tensor of this mix can be written as a recipe".to_owned()));
        }
        return Ok(recipe.to_text());
    }
    Ok(match () {
        _ if arguments.json => summary_json(subject, &mix, &table),
        _ if arguments.csv => table.to_csv(),
        _ if arguments.markdown => document()?.to_markdown(),
        _ if arguments.html => document()?.to_html(),
        _ => format!("{}\n{}", table.to_text(), lines.into_iter().map(|line| line + "\n").collect::<String>()),
    })
}

fn summary_json(subject: Subject<'_>, mix: &crate::run::mix::Mix, table: &Table) -> String {
    let Subject { model, verdict, .. } = subject;
    let each = |bits: u64| bits as f64 / mix.values.max(1) as f64;
    let total = |t: &crate::run::mix::Total| {
        serde_json::json!({
            "bits_per_weight": each(t.bits), "bytes": t.bits.div_ceil(8),
            "sqnr_db": t.error.sqnr_db(), "counted_sqnr_db": t.counted_db(),
            "mean_tensor_sqnr_db": t.mean_db(), "relative_db": t.relative_db(),
        })
    };
    let uniform = mix.uniform.as_ref().map(|uniform| {
        let mut object = total(&uniform.total);
        object["format"] = serde_json::Value::from(uniform.format.to_string());
        object["divisible_gain_db"] = serde_json::Value::from(uniform.divisible_gain_db);
        object
    });
    let kl = verdict.map(|v| {
        serde_json::json!({
            "mix": v.mix.kl, "uniform": v.uniform.map(|c| c.one.kl), "mix_at_the_same_size": v.uniform.map(|c| c.same_size.kl),
        })
    });
    let summary = serde_json::json!({
        "model": model.name, "values": mix.values, "objective": mix.objective.name(), "mix": total(&mix.total),
        "uniform": uniform, "mix_at_the_same_size": mix.uniform.as_ref().map(|u| total(&u.same_size_total)),
        "kl_nats_a_token": kl,
        "budget_bits_per_weight": each(mix.budget_bits), "floor_bits_per_weight": each(mix.floor_bits),
        "kept": mix.kept, "stand_ins": mix.stand_ins,
    });
    format!("{{\"summary\": {summary}, \"tensors\": {}}}\n", table.to_json().trim_end())
}

fn errors(arguments: &Arguments, model: &Model) -> Result<String, String> {
    let formats = match arguments.wanted.formats.as_slice() {
        [] => [8, 4, 2].map(|bits| WeightSettings::default().format(bits)).to_vec(),
        named => named.to_vec(),
    };
    let chosen = chosen_tensors(model, &arguments.tensors).map_err(|why| arguments.named(why))?;
    let importance = arguments.wanted.importance(model)?;
    let specs: Vec<TensorSpec> =
        chosen.iter().flat_map(|&tensor| formats.iter().map(move |&format| TensorSpec { tensor, format })).collect();
    let progress = Progress::new("measuring", specs.len());
    let rows: Vec<_> = specs
        .par_iter()
        .map(|&spec| {
            let columns = importance.as_ref().and_then(|i| i.of(spec.tensor)).map(AsRef::as_ref);
            let outcome = measure_weighed(model, spec, columns, &super::interrupt::control()).map_err(message);
            progress.one_more();
            (spec, outcome)
        })
        .collect();
    drop(progress);
    if !arguments.markdown && !arguments.html {
        return Ok(arguments.as_plain(&weights_report::error_table(model, &rows)));
    }
    // What is not among the chosen tensors has no part in the totals either.
    let mut plan = Plan::new(model, &formats, &[])?;
    let left_out = (0..plan.duties.len()).filter(|t| !chosen.contains(t));
    left_out.for_each(|t| plan.duties[t] = crate::run::mix::Duty::Kept("not chosen"));
    let measured = rows.iter().cloned().collect();
    let subject = Subject { model, plan: &plan, measured: &measured, importance: importance.as_ref(), verdict: None };
    let document =
        weights_report::error_document(subject, &rows, &super::interrupt::control()).map_err(|_| String::new())?;
    Ok(if arguments.html { document.to_html() } else { document.to_markdown() })
}

fn stats(arguments: &Arguments, model: &Model) -> Result<Table, String> {
    let chosen = chosen_tensors(model, &arguments.tensors).map_err(|why| arguments.named(why))?;
    let of = |t: &usize| (*t, statistics(model, *t, &super::interrupt::control()).map_err(message));
    Ok(weights_report::statistics_table(model, &chosen.par_iter().map(of).collect::<Vec<_>>()))
}

pub(super) fn message(fault: Fault) -> String {
    match fault {
        Fault::Message(why) => why,
        Fault::Stopped => "stopped".to_owned(),
    }
}

fn chosen_tensors(model: &Model, patterns: &[String]) -> Result<Vec<usize>, String> {
    let patterns: Vec<glob::Pattern> = patterns.iter().map(|p| pattern(p)).collect::<Result<_, _>>()?;
    let chosen: Vec<usize> = (0..model.tensors.len())
        .filter(|&t| patterns.is_empty() || patterns.iter().any(|p| p.matches(&model.tensors[t].name)))
        .collect();
    match (chosen.is_empty(), patterns.first()) {
        (true, Some(first)) => Err(format!("no tensor matches '{first}'")),
        _ => Ok(chosen),
    }
}
