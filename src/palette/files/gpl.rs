//! GIMP's palette: lines of red, green and blue with their names. Aseprite's extension of it adds alpha.
//!
//! Sources: GIMP developer documentation, "GIMP Palette Format Version 2 (.gpl)"; Aseprite (the line "Channels").

use super::gather::Gather;
use super::kind::{Alphas, Evidence, FileKind, Write};
use super::text::{decode, lines, name_in, numbers, unmarked};
use crate::palette::error::{FileFault, PaletteError};
use crate::palette::named::NamedPalette;

pub(super) static KIND: FileKind = FileKind {
    label: "GIMP palette",
    known_as: "GIMP .gpl",
    ending: "gpl",
    evidence: |bytes| unmarked(bytes).starts_with(b"GIMP Palette").then_some(Evidence::Marked),
    read,
    write: Some(Write { alphas: Alphas::All, names: true, bytes: write }),
};

fn read(bytes: &[u8], gather: &mut Gather) -> Result<Option<String>, FileFault> {
    let mut name = None;
    let mut has_alpha = false;
    for (number, line) in lines(&decode(bytes)?).skip(1) {
        if let Some(comment) = line.strip_prefix('#') {
            name = name.or_else(|| name_in(comment));
            continue;
        }
        match line.split_once(':') {
            Some((key, value)) if !line.starts_with(|c: char| c.is_ascii_digit() || c == '-') => match key.trim_end() {
                "Name" => name = Some(value.trim().to_owned()),
                // An extension of Aseprite: a fourth number.
                "Channels" => has_alpha = value.trim() == "RGBA",
                // Columns say how an editor lays the palette out.
                _ => {}
            },
            _ => {
                gather.push_entry(numbers(number, line, has_alpha)?, after_numbers(line, has_alpha))?;
            }
        }
    }
    Ok(name)
}

/// What stands behind the numbers of a colour.
fn after_numbers(line: &str, has_alpha: bool) -> &str {
    (0..if has_alpha { 4 } else { 3 }).fold(line, |rest, _| {
        rest.find(char::is_whitespace).map_or("", |end| rest.get(end..).unwrap_or_default().trim_start())
    })
}

/// The fourth number stands only where any colour is not opaque.
fn write(name: &str, palette: &NamedPalette) -> Result<Vec<u8>, PaletteError> {
    let colors = palette.written();
    // As many columns as make a square of a full palette.
    let columns = colors.len().min(16);
    let opaque = colors.iter().all(|c| c[3] == u8::MAX);
    let channels = if opaque { "" } else { "Channels: RGBA\n" };
    let mut text = format!("GIMP Palette\n{channels}Name: {name}\nColumns: {columns}\n#\n");
    for (place, &color) in colors.iter().enumerate() {
        let [r, g, b, a] = color;
        let alpha = if opaque { String::new() } else { format!(" {a:3}") };
        text.push_str(&format!("{r:3} {g:3} {b:3}{alpha}\t{}\n", palette.called(place, color)));
    }
    Ok(text.into_bytes())
}
