//! `quantscope formats`

use clap::Args;

use serde_json::json;

use crate::engine::block::Kind;
use crate::engine::format::{FORMATS, Format};

#[derive(Args, Debug)]
pub struct Arguments {
    /// Print a JSON array of objects
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<(), String> {
    if arguments.json {
        let blocks = blocks().map(|kind| {
            json!({
                "name": kind.name(), "bits": [Format::block(kind).bits], "purpose": kind.purpose(), "layout": kind.layout(),
                "bits_per_weight": kind.bits_per_weight().to_string(), "block": kind.block_len(), "example": kind.name(),
                "source": kind.source(),
            })
        });
        let families = FORMATS.iter().map(|family| json!(family));
        let all: Vec<serde_json::Value> = families.chain(blocks).collect();
        let text = serde_json::to_string_pretty(&all).map_err(|e| e.to_string())?;
        return super::deliver(&(text + "\n"), None);
    }
    let mut text =
        String::from("Number formats (B: bits of a code; GROUP: tensor, row, or gN for N weights of a row)\n");
    for family in FORMATS {
        let bits = match family.bits {
            [only] => format!("{only}"),
            [first, .., last] => format!("{first}-{last}"),
            [] => String::new(),
        };
        text += &format!(
            "\n{}\n    {}\n    bits       {bits}\n    layout     {}\n    per weight {}\n    example    {}\n    source     {}\n",
            family.name, family.purpose, family.layout, family.bits_per_weight, family.example, family.source
        );
    }
    text += "\nBlock formats, to the byte\n";
    for kind in blocks() {
        text += &format!(
            "\n{}\n    {}\n    layout     {} weights in {} bytes: {}\n    per weight {}\n    source     {}\n",
            kind.name(),
            kind.purpose(),
            kind.block_len(),
            kind.block_bytes(),
            kind.layout(),
            kind.bits_per_weight(),
            kind.source()
        );
    }
    super::deliver(&text, None)
}

/// NF4 stands among the families, where it has a choice of groups.
fn blocks() -> impl Iterator<Item = Kind> {
    Kind::ALL.into_iter().filter(|kind| *kind != Kind::Nf4)
}
