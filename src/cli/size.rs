//! `quantscope size`

use clap::Args;

use crate::engine::format::Format;
use crate::engine::theory::size::{COMMON, MARGIN_GIB, MEMORIES_GIB, Size, parameters};
use crate::export::table::{Cell, Table};

/// The matrix that a format's bits per weight are told for.
const SIDE: usize = 4096;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// How many parameters: 70e9, 70b, 1.1B, 350m or a plain number
    #[arg(value_name = "PARAMETERS", value_parser = parameters)]
    parameters: f64,

    /// Number formats, with commas between or given again [default: the usual ones]
    #[arg(long = "format", short, visible_alias = "formats", value_name = "NAME", value_delimiter = ',')]
    formats: Vec<Format>,

    /// Print a JSON array of objects
    #[arg(long, conflicts_with = "csv")]
    json: bool,

    /// Print comma-separated values
    #[arg(long)]
    csv: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), super::refusal::Refusal> {
    let table = table(arguments.parameters, &arguments.formats);
    let text = match (arguments.json, arguments.csv) {
        (true, _) => table.to_json(),
        (_, true) => table.to_csv(),
        _ => format!(
            "{}\nWeights only, every scale counted. Memories of {} GiB, in which {MARGIN_GIB} GiB and more stay free for the \
             key-value cache and the runtime.\n",
            table.to_text(),
            MEMORIES_GIB.map(|gib| gib.to_string()).join(", ")
        ),
    };
    super::files::deliver(&text, None)
}

fn table(parameters: f64, formats: &[Format]) -> Table {
    let rows: Vec<(String, f64)> = match formats {
        [] => COMMON.iter().map(|b| (b.format.to_owned(), b.bits)).collect(),
        named => named.iter().map(|f| (f.to_string(), f.bits_per_weight(SIDE, SIDE))).collect(),
    };
    Table::of(
        rows.into_iter().map(|(format, bits)| (format, bits, Size::new(parameters, bits))),
        &[
            ("format", "", |(format, ..)| Cell::text(format)),
            ("bits_per_weight", "", |(_, bits, _)| Cell::Number(*bits)),
            ("gb", "10^9 bytes", |(.., size)| Cell::Number(size.gigabytes())),
            ("gib", "2^30 bytes", |(.., size)| Cell::Number(size.gibibytes())),
            ("fits_in_gib", "2^30 bytes", |(.., size)| size.fits_in().map_or(Cell::Missing, |n| Cell::Int(n.into()))),
        ],
    )
}
