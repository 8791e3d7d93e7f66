//! `quantscope formats`

use clap::Args;

use serde_json::json;

use crate::engine::format::{Family, PATTERNS, Row, read_only, table};

/// The matrix that bits per weight are told for.
const SHAPE: (usize, usize) = (4096, 4096);

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Print a JSON array of objects
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), super::refusal::Refusal> {
    if arguments.json {
        let only = read_only().map(|row| {
            json!({
                "name": row.name, "family": Family::Gguf, "purpose": row.purpose, "layout": row.layout,
                "bits_per_weight": row.bits_per_weight, "encoder": null, "source": row.source,
            })
        });
        let rows: Vec<serde_json::Value> = table().into_iter().map(as_json).chain(only).collect();
        let text = serde_json::to_string_pretty(&rows)?;
        return super::files::deliver(&(text + "\n"), None);
    }
    let mut text = String::from("Number formats. Bits per weight are those of a matrix of 4096 x 4096.\n");
    for family in Family::ALL {
        let rows: Vec<&Row> = table().into_iter().filter(|row| row.family == family).collect();
        if !rows.is_empty() {
            text += &format!("\n{}\n", family.label());
        }
        for row in rows {
            text += &format!("  {:<22}{:>8.4}  {}\n", row.name, bits(row), row.purpose);
            text += &format!("  {:<32}{} [{}]\n", "", row.layout, row.source);
        }
    }
    text += "\nRead from GGUF files, and not written\n";
    for row in read_only() {
        text += &format!("  {:<22}{:>8.4}  {}\n", row.name, row.bits_per_weight, row.layout);
    }
    text += "\nNames that are made of parts\n";
    for pattern in PATTERNS.iter() {
        text += &format!("  {}, as in {}\n      {}\n", pattern.name, pattern.example, pattern.purpose);
        text += &format!("      bits per weight: {}\n", pattern.bits_per_weight);
    }
    text += "\nA file of further formats is read where QUANTSCOPE_FORMATS names one.\n";
    super::files::deliver(&text, None)
}

fn bits(row: &Row) -> f64 {
    row.format.bits_per_weight(SHAPE.0, SHAPE.1)
}

fn as_json(row: &Row) -> serde_json::Value {
    json!({
        "name": row.name, "family": row.family, "purpose": row.purpose, "layout": row.layout,
        "side_information": row.format.side_information(), "bits_per_weight": bits(row),
        "code_bits": row.format.bits, "encoder": row.encoder(), "source": row.source,
    })
}
