//! A mix to a file: what it is, the file's ending says.

use std::path::{Path, PathBuf};

use super::outcome::Outcome;
use crate::engine::control::{Control, Failure};
use crate::engine::format::Format;
use crate::export::convert::{Conversion, Target, convert};
use crate::export::document::Document;
use crate::export::exporter::Exporter;
use crate::export::recipe::recipe;
use crate::export::safetensors::FloatType;
use crate::export::table::Table;
use crate::export::weights_report::{Subject, bytes_text, mix_document, mix_table, objective_line};
use crate::export::{destination, write_whole};
use crate::run::mix::Measurements;
use crate::run::model::kl_report::compare_kl;
use crate::source::model::Model;

/// What it is called is what it holds; says in a sentence what was written.
type OfMix = Exporter<fn(&Writing<'_>) -> Result<String, Failure>>;

/// The kinds of files that a mix is written as.
#[rustfmt::skip]
pub(super) static FILES: &[OfMix] = &[
    Exporter { ending: "html", label: "report as one page with plots", write: |w| w.text(&w.document()?.to_html()) },
    Exporter { ending: "md", label: "report in Markdown", write: |w| w.text(&w.document()?.to_markdown()) },
    Exporter { ending: "csv", label: "table of all tensors", write: |w| w.text(&w.table().to_csv()) },
    Exporter { ending: "json", label: "the same as JSON", write: |w| w.text(&w.table().to_json()) },
    Exporter { ending: "txt", label: "recipe: llama-quantize's --tensor-type options", write: |w| w.recipe() },
    Exporter { ending: "gguf", label: "the quantized tensors", write: |w| w.model(Target::Gguf) },
    Exporter { ending: "safetensors", label: "the weights that they decode to", write: |w| w.model(Target::Safetensors(FloatType::F32)) },
];

/// A mix on its way to a file.
pub(super) struct Writing<'a> {
    path: &'a Path,
    model: &'a Model,
    outcome: &'a Outcome,
    measured: &'a Measurements,
    control: &'a Control<'a>,
}

/// What became of a file that was to be written.
#[derive(Clone, Debug)]
pub(crate) enum Written {
    /// In a sentence.
    Done(String),
    /// There is a file of that name: it is replaced when that is asked for once more.
    Taken(PathBuf),
}

/// Whether the path's ending is one of [`FILES`].
pub(super) fn is_known(path: &str) -> bool {
    let ending = Path::new(path).extension().unwrap_or_default();
    FILES.iter().any(|file| ending.eq_ignore_ascii_case(file.ending))
}

/// Writes the mix; a file that is there only where it may be replaced.
///
/// # Errors
/// A sentence for people; then the file is as it was before.
pub(super) fn write_mix(
    path: PathBuf,
    replace: bool,
    model: &Model,
    outcome: &Outcome,
    measured: &Measurements,
    control: &Control<'_>,
) -> Result<Written, Failure> {
    match !replace && destination::is_taken(&path) {
        true => Ok(Written::Taken(path)),
        false => {
            let rows = FILES.iter().map(|file| (file.ending, file));
            let file = destination::find(&path, "a mix", rows)?;
            (file.write)(&Writing { path: &path, model, outcome, measured, control }).map(Written::Done)
        }
    }
}

impl Writing<'_> {
    fn formats(&self) -> Vec<Option<Format>> {
        self.outcome.mix.rows.iter().map(|row| row.format).collect()
    }

    fn table(&self) -> Table {
        mix_table(self.model, &self.outcome.mix)
    }

    fn document(&self) -> Result<Document, Failure> {
        let Self { model, outcome, measured, control, .. } = *self;
        let importance = outcome.importance.as_deref();
        let kl_report = compare_kl(model, &outcome.mix, importance, control)?;
        let subject = Subject { model, plan: &outcome.plan, measured, importance, kl_report: Ok(kl_report.as_ref()) };
        Ok(mix_document(subject, &outcome.mix, control)?)
    }

    fn text(&self, text: &str) -> Result<String, Failure> {
        write_whole(self.path, text.as_bytes())?;
        Ok(format!("Wrote {}: {}", self.path.display(), bytes_text(text.len() as u64)))
    }

    fn recipe(&self) -> Result<String, Failure> {
        let recipe = recipe(self.model, &self.formats());
        if let (true, Some(why)) = (recipe.lines.is_empty(), recipe.left_out.first()) {
            return Err(Failure::Message(format!("no line can be written for {why}")));
        }
        let note = match recipe.left_out.as_slice() {
            [] => String::new(),
            [first, ..] => format!("; {} tensors have no line ({first})", recipe.left_out.len()),
        };
        write_whole(self.path, recipe.to_text(objective_line(self.outcome.mix.objective)).as_bytes())?;
        Ok(format!("Wrote {}: {} lines{note}", self.path.display(), recipe.lines.len()))
    }

    fn model(&self, target: Target) -> Result<String, Failure> {
        let (formats, importance) = (self.formats(), self.outcome.importance.as_deref());
        let what = Conversion { model: self.model, formats: &formats, importance };
        let written = convert(target, self.path, what, self.control)?;
        Ok(format!("Wrote {}: {}", self.path.display(), bytes_text(written.file_bytes)))
    }
}
