//! `quantscope formats`

use clap::Args;

use crate::engine::format::FORMATS;

#[derive(Args, Debug)]
pub struct Arguments {
    /// Print a JSON array of objects
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<(), String> {
    if arguments.json {
        let text = serde_json::to_string_pretty(FORMATS).map_err(|e| e.to_string())?;
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
    super::deliver(&text, None)
}
