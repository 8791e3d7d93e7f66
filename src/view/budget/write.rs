//! A mix to a file: what it is, the file's ending says.

use std::path::{Path, PathBuf};

use super::outcome::Outcome;
use crate::engine::control::{Control, Failure};
use crate::engine::format::Format;
use crate::export::convert::{Conversion, Target, convert};
use crate::export::document::Document;
use crate::export::recipe::recipe;
use crate::export::safetensors::FloatType;
use crate::export::weights_report::{Subject, bytes_text, mix_document, mix_table, objective_line};
use crate::export::{ExportError, destination, write_whole};
use crate::run::mix::Measurements;
use crate::run::model::kl_report::compare_kl;
use crate::source::model::Model;

/// What can be written: endings and what they hold.
pub const ENDINGS: [(&str, &str); 7] = [
    ("html", "report as one page with plots"),
    ("md", "report in Markdown"),
    ("csv", "table of all tensors"),
    ("json", "the same as JSON"),
    ("txt", "recipe: llama-quantize's --tensor-type options"),
    ("gguf", "the quantized tensors"),
    ("safetensors", "the weights that they decode to"),
];

/// What became of a file that was to be written.
#[derive(Clone, Debug)]
pub enum Written {
    /// In a sentence.
    Done(String),
    /// There is a file of that name: it is replaced when that is asked for once more.
    Taken(PathBuf),
}

/// Whether the path's ending is one of [`ENDINGS`].
pub fn is_known(path: &str) -> bool {
    destination::find_ending(Path::new(path), &ENDINGS.map(|(ending, _)| ending)).is_some()
}

/// Writes the mix; a file that is there only where it may be replaced.
///
/// # Errors
/// A sentence for people; then the file is as it was before.
pub fn write_mix(
    path: PathBuf,
    replace: bool,
    model: &Model,
    outcome: &Outcome,
    measured: &Measurements,
    control: &Control<'_>,
) -> Result<Written, Failure> {
    match !replace && destination::is_taken(&path) {
        true => Ok(Written::Taken(path)),
        false => write(&path, model, outcome, measured, control).map(Written::Done),
    }
}

/// What was written, in a sentence.
fn write(
    path: &Path,
    model: &Model,
    outcome: &Outcome,
    measured: &Measurements,
    control: &Control<'_>,
) -> Result<String, Failure> {
    let formats: Vec<Option<Format>> = outcome.mix.rows.iter().map(|row| row.format).collect();
    let importance = outcome.importance.as_deref();
    let document = || -> Result<Document, Failure> {
        let kl_report = compare_kl(model, &outcome.mix, importance, control)?;
        let subject = Subject { model, plan: &outcome.plan, measured, importance, kl_report: Ok(kl_report.as_ref()) };
        Ok(mix_document(subject, &outcome.mix, control)?)
    };
    let ending = destination::ending(path, "a mix", &ENDINGS.map(|(ending, _)| ending)).map_err(Failure::Message)?;
    let text = match ending {
        "html" => document()?.to_html(),
        "md" => document()?.to_markdown(),
        "csv" => mix_table(model, &outcome.mix).to_csv(),
        "json" => mix_table(model, &outcome.mix).to_json(),
        "txt" => {
            let recipe = recipe(model, &formats);
            if let (true, Some(why)) = (recipe.lines.is_empty(), recipe.left_out.first()) {
                return Err(Failure::Message(format!("no line can be written for {why}")));
            }
            let told = match recipe.left_out.len() {
                0 => String::new(),
                n => format!("; {n} tensors have no line ({})", recipe.left_out[0]),
            };
            write_whole(path, recipe.to_text(objective_line(outcome.mix.objective)).as_bytes())?;
            return Ok(format!("Wrote {}: {} lines{told}", path.display(), recipe.lines.len()));
        }
        _ => {
            let target = Target::of(path, FloatType::F32).map_err(ExportError::Unfit)?;
            let what = Conversion { model, formats: &formats, importance };
            let written = convert(target, path, what, control)?;
            return Ok(format!("Wrote {}: {}", path.display(), bytes_text(written.file_bytes)));
        }
    };
    write_whole(path, text.as_bytes())?;
    Ok(format!("Wrote {}: {}", path.display(), bytes_text(text.len() as u64)))
}
