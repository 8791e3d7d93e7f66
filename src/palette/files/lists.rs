//! Lists of hexadecimal colours, one a line: the plain one with alpha last, and Paint.NET's with alpha first.
//!
//! Source: Paint.NET documentation, "Working with Palettes".

use super::gather::Gather;
use super::kind::{Alphas, Evidence, FileKind, Write};
use super::text::{decode, is_plain, lines, name_in, unmarked};
use crate::palette::error::{FileFault, PaletteError};
use crate::palette::hex::parse_hex;
use crate::palette::named::NamedPalette;
use crate::palette::one_line::{bare_hex, excerpt};

pub(super) static HEX: FileKind = FileKind {
    label: "Hex list",
    known_as: ".hex",
    ending: "hex",
    evidence: |bytes| (begins(bytes) == Some(Alpha::Last)).then_some(Evidence::Looks),
    read: |bytes, gather| read(Alpha::Last, bytes, gather),
    write: Some(Write { alphas: Alphas::All, names: false, bytes: write }),
};

pub(super) static PAINT_NET: FileKind = FileKind {
    label: "Paint.NET palette",
    known_as: "Paint.NET .txt",
    ending: "txt",
    evidence: |bytes| (begins(bytes) == Some(Alpha::First)).then_some(Evidence::Looks),
    read: |bytes, gather| read(Alpha::First, bytes, gather),
    write: None,
};

/// Where the alpha of eight digits stands.
#[derive(Clone, Copy, PartialEq)]
enum Alpha {
    First,
    Last,
}

/// A list has no magic number: it must begin as lists do, and be text to its end.
fn begins(bytes: &[u8]) -> Option<Alpha> {
    let bytes = unmarked(bytes);
    let mut lines = bytes.split(|b| matches!(b, b'\n' | b'\r')).map(<[u8]>::trim_ascii).filter(|l| !l.is_empty());
    let first = lines.next()?;
    if first.starts_with(b";") && is_plain(bytes) {
        return Some(Alpha::First);
    }
    let mut colors = std::iter::once(first).chain(lines).filter(|l| !is_comment(l));
    let color = str::from_utf8(colors.next()?).ok()?;
    (listed(without_comment(color), Alpha::Last).is_some() && is_plain(bytes)).then_some(Alpha::Last)
}

fn read(alpha: Alpha, bytes: &[u8], gather: &mut Gather) -> Result<Option<String>, FileFault> {
    let mut name = None;
    for (number, line) in lines(&decode(bytes)?) {
        if is_comment(line.as_bytes()) {
            name = name.or_else(|| name_in(line.trim_start_matches([';', '/', '#'])));
            continue;
        }
        let color = listed(without_comment(line), alpha)
            .ok_or_else(|| format!("has in line {number} no colour: '{}'; it takes one as a0b1c2", excerpt(line)))?;
        let comment = line.split_once([';', '/']).map_or("", |(_, comment)| comment.trim_start_matches('/'));
        gather.push_entry(color, comment)?;
    }
    Ok(name)
}

/// A number sign begins colours as well; what follows it decides.
fn is_comment(line: &[u8]) -> bool {
    let after_sign = line.strip_prefix(b"#").map(<[u8]>::first);
    line.starts_with(b";")
        || line.starts_with(b"//")
        || after_sign.is_some_and(|b| !b.is_some_and(u8::is_ascii_hexdigit))
}

fn without_comment(line: &str) -> &str {
    line.split([';', '/']).next().unwrap_or_default().trim_end()
}

/// A colour of a list. Without a number sign only whole bytes are taken: "add" and "face" are words.
fn listed(text: &str, alpha: Alpha) -> Option<[u8; 4]> {
    let color = parse_hex(text).ok()?;
    match text.len() {
        _ if text.starts_with('#') => Some(color),
        8 if alpha == Alpha::First => {
            let [a, r, g, b] = color;
            Some([r, g, b, a])
        }
        6 | 8 => Some(color),
        _ => None,
    }
}

/// Six digits a line; where any colour is not opaque, a number sign and eight, which no program takes for another order.
fn write(_name: &str, palette: &NamedPalette) -> Result<Vec<u8>, PaletteError> {
    let opaque = palette.colors.iter().all(|c| c[3] == u8::MAX);
    let line = |&c: &[u8; 4]| if opaque { bare_hex(c) } else { format!("#{}{:02x}", bare_hex(c), c[3]) };
    Ok(palette.written().iter().map(|c| line(c) + "\n").collect::<String>().into_bytes())
}
