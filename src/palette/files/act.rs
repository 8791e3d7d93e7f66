//! Adobe's colour table: 256 colours, and in the longer form how many of them count and which is transparent.
//!
//! Source: Adobe, *Photoshop File Formats Specification*, "Color Table".

use super::gather::Gather;
use super::kind::{Alphas, Evidence, FileKind, Write};
use super::text::is_plain;
use crate::palette::error::{FileFault, PaletteError};
use crate::palette::named::{MOST_COLORS, NamedPalette};

pub(super) static KIND: FileKind = FileKind {
    label: "Adobe colour table",
    known_as: "Adobe .act",
    ending: "act",
    evidence: |bytes| fits(bytes).then_some(Evidence::Fits),
    read,
    write: Some(Write { alphas: Alphas::OneClear, names: false, bytes: write }),
};

const TABLE_BYTES: usize = 3 * MOST_COLORS;

/// No table of 256 colours is all letters, but a text may have that length.
fn fits(bytes: &[u8]) -> bool {
    let is_table = bytes.len() == TABLE_BYTES || bytes.len() == TABLE_BYTES + 4;
    is_table && !(bytes.is_ascii() && is_plain(bytes))
}

/// 256 colours of three bytes. The longer form goes on with the number of colours in use and the one
/// among them that is transparent; as no number above 255 is an index, 0xffff says that none is.
fn read(bytes: &[u8], gather: &mut Gather) -> Result<Option<String>, FileFault> {
    let (table, tail) = bytes.split_at_checked(TABLE_BYTES).ok_or("is cut short")?;
    let (count, clear) = match *tail {
        [a, b, c, d] => (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])),
        _ => (MOST_COLORS as u16, u16::MAX),
    };
    let mut count = usize::from(count);
    if count > MOST_COLORS {
        return Err(format!("says that it has {count} colours; a palette holds at most {MOST_COLORS}").into());
    }
    let (colors, _) = table.as_chunks::<3>();
    if tail.is_empty() {
        // Without a number, what repeats to the end fills the table up.
        while count > 1 && colors[count - 1] == colors[count - 2] {
            count -= 1;
        }
    }
    for (i, &[r, g, b]) in colors.iter().take(count).enumerate() {
        let alpha = if i == usize::from(clear) { 0 } else { u8::MAX };
        gather.push_entry([r, g, b, alpha], "")?;
    }
    Ok(None)
}

/// The longer form, which says how many of its 256 colours count.
fn write(_name: &str, palette: &NamedPalette) -> Result<Vec<u8>, PaletteError> {
    let colors = palette.written();
    let mut bytes: Vec<u8> = colors.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    bytes.resize(3 * MOST_COLORS, 0);
    let clear = colors.iter().position(|c| c[3] == 0).map_or(u16::MAX, |i| i as u16);
    bytes.extend((colors.len() as u16).to_be_bytes());
    bytes.extend(clear.to_be_bytes());
    Ok(bytes)
}
