//! `quantscope weights`

use std::path::PathBuf;

use rayon::prelude::*;

use clap::Args;

use crate::engine::control::Control;
use crate::engine::format::Format;
use crate::export::table::{Cell, Column, Table};
use crate::run::tensor::{self, Fault};
use crate::source::open::Source;
use crate::source::safetensors::Model;
use crate::spec::{TensorSpec, WeightSettings};

#[derive(Args, Debug)]
pub struct Arguments {
    /// A .safetensors file
    #[arg(value_name = "IN")]
    input: PathBuf,

    /// A number format, as 'quantscope formats' lists them; may be given again [default: the window's 8, 4 and 2 bits]
    #[arg(long = "format", short, value_name = "NAME")]
    formats: Vec<Format>,

    /// Only tensors whose name matches this pattern (* and ?); may be given again
    #[arg(long = "tensor", short, value_name = "GLOB")]
    tensors: Vec<String>,

    /// Print a JSON array of objects
    #[arg(long, conflicts_with = "csv")]
    json: bool,

    /// Print comma-separated values
    #[arg(long)]
    csv: bool,

    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<(), String> {
    let name = arguments.input.display();
    let model = match super::open(&arguments.input)? {
        Source::Model(model) => model,
        Source::Photo(_) => return Err(format!("{name}: this is a photo; use 'quantscope image'")),
    };
    let formats = match arguments.formats.as_slice() {
        [] => [8, 4, 2].map(|bits| WeightSettings::default().format(bits)).to_vec(),
        named => named.to_vec(),
    };
    let chosen = chosen_tensors(&model, &arguments.tensors).map_err(|why| format!("{name}: {why}"))?;
    let rows = chosen
        .par_iter()
        .flat_map_iter(|&tensor| formats.iter().map(move |&format| TensorSpec { tensor, format }))
        .map(|spec| row(&model, spec))
        .collect();
    let table = Table { columns: columns(), rows };
    let text = match (arguments.json, arguments.csv) {
        (true, _) => table.to_json(),
        (_, true) => table.to_csv(),
        _ => table.to_text(),
    };
    super::deliver(&text, arguments.output.as_deref())
}

fn chosen_tensors(model: &Model, patterns: &[String]) -> Result<Vec<usize>, String> {
    let patterns: Vec<glob::Pattern> = patterns
        .iter()
        .map(|p| glob::Pattern::new(p).map_err(|e| format!("the pattern '{p}' cannot be read: {e}")))
        .collect::<Result<_, _>>()?;
    let chosen: Vec<usize> = (0..model.tensors.len())
        .filter(|&t| patterns.is_empty() || patterns.iter().any(|p| p.matches(&model.tensors[t].name)))
        .collect();
    match (chosen.is_empty(), patterns.first()) {
        (true, Some(first)) => Err(format!("no tensor matches '{first}'")),
        _ => Ok(chosen),
    }
}

fn columns() -> Vec<Column> {
    let plain = ["tensor", "shape", "dtype", "format", "bits_per_weight", "rmse", "relative_error"];
    let more = ["cosine", "max_abs_error", "values", "nan", "infinite", "note"];
    let column = |name, unit| Column { name, unit };
    let mut columns: Vec<Column> = plain.map(|name| column(name, "")).into();
    columns.push(column("sqnr_db", "dB"));
    columns.extend(more.map(|name| column(name, "")));
    columns
}

fn row(model: &Model, spec: TensorSpec) -> Vec<Cell> {
    let info = &model.tensors[spec.tensor];
    let mut row = vec![
        Cell::Text(info.name.clone()),
        Cell::Shape(info.shape.clone()),
        Cell::Text(info.dtype.name().to_owned()),
        Cell::Text(spec.format.to_string()),
    ];
    match tensor::measure(model, spec, &Control::unwatched()) {
        Ok((error, rate)) => {
            row.extend(
                [
                    rate.bits_per_sample(),
                    error.rmse(),
                    error.relative_error(),
                    error.sqnr_db(),
                    error.cosine(),
                    f64::from(error.max_abs),
                ]
                .map(Cell::Number),
            );
            row.extend([info.values as u64, error.nan, error.infinite].map(Cell::Int));
            let note = tensor::note(info, spec.format).or_else(|| tensor::overflow_note(&error).map(str::to_owned));
            row.push(note.map_or(Cell::Missing, Cell::Text));
        }
        Err(fault) => {
            row.extend((0..6).map(|_| Cell::Missing));
            row.extend([Cell::Int(info.values as u64), Cell::Missing, Cell::Missing]);
            row.push(match fault {
                Fault::Message(why) => Cell::Text(why),
                Fault::Stopped => Cell::Missing,
            });
        }
    }
    row
}
