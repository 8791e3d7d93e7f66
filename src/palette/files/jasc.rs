//! The palette of Paint Shop Pro: a line a colour, as that program writes it.

use super::gather::Gather;
use super::kind::{Alphas, Evidence, FileKind, Write};
use super::text::{decode, lines, numbers, unmarked};
use crate::palette::error::{FileFault, PaletteError};
use crate::palette::named::NamedPalette;
use crate::palette::one_line::excerpt;

pub(super) static KIND: FileKind = FileKind {
    label: "JASC palette",
    known_as: "JASC .pal",
    ending: "pal",
    evidence: |bytes| unmarked(bytes).starts_with(b"JASC-PAL").then_some(Evidence::Marked),
    read,
    write: Some(Write { alphas: Alphas::None, names: false, bytes: write }),
};

fn read(bytes: &[u8], gather: &mut Gather) -> Result<Option<String>, FileFault> {
    let text = decode(bytes)?;
    let mut lines = lines(&text).skip(1);
    let (_, version) = lines.next().ok_or("is cut short after its first line")?;
    if version != "0100" {
        return Err(format!("is a JASC palette of version '{}'; 0100 can be read", excerpt(version)).into());
    }
    let (number, count) = lines.next().ok_or("is cut short before its number of colours")?;
    let count: u64 =
        count.parse().map_err(|_| format!("has in line {number} no number of colours: '{}'", excerpt(count)))?;
    let mut held = 0;
    for (number, line) in lines {
        let has_alpha = line.split_whitespace().count() == 4;
        gather.push_entry(numbers(number, line, has_alpha)?, "")?;
        held += 1;
    }
    match held == count {
        true => Ok(None),
        false => Err(format!("says that {count} is its number of colours, but holds {held}").into()),
    }
}

/// With line ends of its program's system; some readers insist on them.
fn write(_name: &str, palette: &NamedPalette) -> Result<Vec<u8>, PaletteError> {
    let mut text = format!("JASC-PAL\r\n0100\r\n{}\r\n", palette.colors.len());
    for [r, g, b, _] in palette.written() {
        text.push_str(&format!("{r} {g} {b}\r\n"));
    }
    Ok(text.into_bytes())
}
