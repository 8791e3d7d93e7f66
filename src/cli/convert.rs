//! `quantscope convert`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::mix::{Mixing, Wanted};
use super::progress::Progress;
use super::refusal::Refusal;
use super::weights::open_model;
use crate::engine::format::Format;
use crate::export::convert::{Conversion, Target, Written, convert};
use crate::export::recipe::{self, Rule};
use crate::export::safetensors::FloatType;
use crate::export::table::{NOT_MEASURED, db_status};
use crate::export::weights_report::{bytes_text, stand_ins_line};
use crate::run::mix::{Duty, Plan};
use crate::source::imatrix::Importance;
use crate::source::model::{Container, Model};
use crate::source::naming::Naming;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// A .safetensors file (or the index of several) or a GGUF
    #[arg(value_name = "IN")]
    input: PathBuf,

    #[command(flatten)]
    wanted: Wanted,

    /// Formats by tensor: lines as 'weights --recipe' prints them; --format is for what no line matches
    #[arg(long, value_name = "FILE", conflicts_with_all = ["budget", "budget_gb", "locks"])]
    recipe_file: Option<PathBuf>,

    /// What to write: a name that ends in .gguf for the quantized bytes, or in .safetensors for the weights that they
    /// decode to
    #[arg(long, short, value_name = "OUT")]
    output: PathBuf,

    /// Replace the file where there is one of that name
    #[arg(long)]
    force: bool,

    /// The type of the weights in a .safetensors: f32, f16 or bf16
    #[arg(long, value_name = "TYPE", default_value = "f32", value_parser = float_type)]
    dtype: FloatType,

    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Refusal> {
    let target = Target::of(&arguments.output, arguments.dtype).map_err(|e| Refusal::from(e).usage())?;
    arguments.check_usage()?;
    let model = open_model(&arguments.input)?;
    super::files::check_free(&arguments.output, arguments.force)?;
    let named = |why: Refusal| why.about(arguments.input.display());
    let (formats, importance) = formats(arguments, &model).map_err(named)?;
    let what = Conversion { model: &model, formats: &formats, importance: importance.as_ref() };
    check_importance(what, arguments.wanted.has_budget()).map_err(named)?;
    let progress = Progress::new("writing", 1);
    let tell = |share: f32| progress.share(share);
    let control = super::interrupt::with_progress(&tell);
    let written = convert(target, &arguments.output, what, &control);
    drop(progress);
    let written = written?;
    let text = if arguments.json { as_json(&model, &written) } else { as_text(arguments, target, &model, &written) };
    super::files::deliver(&text, None)
}

impl Arguments {
    /// What can be seen to be wrong without the model.
    fn check_usage(&self) -> Result<(), Refusal> {
        let budget = self.wanted.has_budget();
        match self.wanted.formats.as_slice() {
            [_, _, ..] if !budget => {
                Err(Refusal::Usage("several formats need a --budget to choose between them".to_owned()))
            }
            [] if !budget && self.recipe_file.is_none() => {
                Err(Refusal::Usage("say what to write: --format, --budget or --recipe-file".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

type Formats = (Vec<Option<Format>>, Option<Importance>);

fn formats(arguments: &Arguments, model: &Model) -> Result<Formats, Refusal> {
    let wanted = &arguments.wanted;
    if let Some(budget) = wanted.budget(model)? {
        let mixing = Mixing::new(wanted, model)?;
        let mix = mixing.mix(model, budget)?;
        return Ok((mix.rows.iter().map(|row| row.format).collect(), mixing.importance));
    }
    let importance = wanted.importance(model)?;
    let base = wanted.formats.first().copied();
    if let Some(path) = &arguments.recipe_file {
        let rules = || Ok(recipe::parse(&std::fs::read_to_string(path)?)?);
        let formats = rules().and_then(|rules| by_rules(model, &rules, base));
        return Ok((formats.map_err(|why: Refusal| why.about(path.display()))?, importance));
    }
    let plan = Plan::new(model, &wanted.formats, &[])?;
    let of_duty = |duty: &Duty| base.filter(|_| *duty == Duty::Free);
    Ok((plan.duties.iter().map(of_duty).collect(), importance))
}

/// Refuses an importance matrix that would change nothing: no encoder heeds it, and no budget is spent by it.
fn check_importance(what: Conversion<'_>, has_budget: bool) -> Result<(), Refusal> {
    let Some(importance) = what.importance.filter(|_| !has_budget && what.weighed() == 0) else { return Ok(()) };
    let why = if what.formats.iter().flatten().any(|format| format.takes_importance()) {
        "it knows none of the tensors whose encoders heed one".to_owned()
    } else {
        let mut names: Vec<String> = what.formats.iter().flatten().map(Format::to_string).collect();
        names.sort();
        names.dedup();
        format!(
            "the encoder of {} heeds none; those of the + formats (q4_k+), of -clip, kmeans, learned and ec do",
            names.join(", ")
        )
    };
    Err(Refusal::Input(format!("the importance matrix {} would change nothing: {why}", importance.name)))
}

/// The first rule that matches llama.cpp's name or the file's own decides; what converters leave alone stays.
fn by_rules(model: &Model, rules: &[Rule], base: Option<Format>) -> Result<Vec<Option<Format>>, Refusal> {
    let naming = Naming::of(model);
    let mut matched = vec![false; rules.len()];
    let mut formats = Vec::with_capacity(model.tensors.len());
    for tensor in &model.tensors {
        let own = naming.gguf_name(&tensor.name);
        let matches = |rule: &Rule| own.as_deref().is_some_and(|n| rule.matches(n)) || rule.matches(&tensor.name);
        let matching = rules.iter().position(matches);
        if let Some(at) = matching {
            matched[at] = true;
        }
        let format = matching.map_or(base, |at| rules[at].format);
        formats.push(format.filter(|_| tensor.kept_because().is_none()));
    }
    match matched.iter().any(|m| *m) {
        true => Ok(formats),
        false => Err(Refusal::input("no line matches a tensor of this model")),
    }
}

fn as_text(arguments: &Arguments, target: Target, model: &Model, w: &Written) -> String {
    let mut lines = vec![format!(
        "{}: {}, {} tensors quantized, {} as they were stored",
        arguments.output.display(),
        bytes_text(w.file_bytes),
        w.quantized,
        w.kept
    )];
    lines.extend(stand_ins_line(w.stand_ins));
    if w.error.values > 0 {
        let db = w.error.sqnr_db();
        let error = if db == f64::INFINITY { "none, they are exact".to_owned() } else { format!("{db:.2} dB SQNR") };
        lines.push(format!("weight error of the quantized tensors: {error}"));
    }
    if arguments.wanted.imatrix.is_some() {
        let heeded = format!("heeded in encoding {} of the {} quantized tensors", w.weighed, w.quantized);
        let chosen = if arguments.wanted.has_budget() { ", and in choosing their formats" } else { "" };
        lines.push(format!("the importance matrix was {heeded}{chosen}"));
    }
    if w.infinite > 0 {
        let (count, float) = (w.infinite, arguments.dtype.label());
        lines.push(format!("{count} weights are beyond what {float} can hold and became infinite"));
    }
    if w.long_names > 0 {
        lines.push(format!("{} tensors have names of 64 bytes or more, which llama.cpp does not read", w.long_names));
    }
    if target == Target::Gguf && !matches!(model.container, Container::Gguf { .. }) {
        lines.push(
            "the file holds the tensors under their own names, without vocabulary and configuration: tools can read and \
             dequantize it, llama.cpp cannot run it; for that, convert with llama.cpp and use --recipe"
                .to_owned(),
        );
    }
    lines.extend(model.caveats.lines().map(str::to_owned));
    lines.into_iter().map(|line| line + "\n").collect()
}

fn as_json(model: &Model, w: &Written) -> String {
    let object = json!({
        "model": model.name, "file_bytes": w.file_bytes, "quantized": w.quantized, "kept": w.kept,
        "stand_ins": w.stand_ins, "infinite": w.infinite, "long_names": w.long_names,
        "tensors_by_importance": w.weighed,
        "sqnr_db": (w.error.values > 0).then(|| w.error.sqnr_db()),
        "status": if w.error.values > 0 { db_status(w.error.sqnr_db()) } else { NOT_MEASURED },
        "caveats": model.caveats.lines().collect::<Vec<_>>(),
    });
    format!("{object}\n")
}

fn float_type(text: &str) -> Result<FloatType, String> {
    let float = FloatType::ALL.into_iter().find(|f| f.label().eq_ignore_ascii_case(text));
    float.ok_or_else(|| "write f32, f16 or bf16".to_owned())
}
