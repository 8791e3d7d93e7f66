//! The formats that are lines of text: GIMP's and JASC's palettes, and lists of hexadecimal colours.
//!
//! Sources: GIMP developer documentation, "GIMP Palette Format Version 2 (.gpl)"; Paint.NET
//! documentation, "Working with Palettes"; the JASC form as Paint Shop Pro writes it.

use std::borrow::Cow;

use super::gather::Gather;
use super::own_name::own_name;
use crate::palette::one_line::excerpt;
use crate::palette::parse_hex;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Gimp,
    Jasc,
    /// One colour a line, alpha last.
    Hex,
    /// One colour a line, alpha first.
    PaintNet,
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What text this is, if it is one of those that are read.
pub fn kind_of(bytes: &[u8]) -> Option<Kind> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    if bytes.starts_with(b"GIMP Palette") {
        return Some(Kind::Gimp);
    }
    if bytes.starts_with(b"JASC-PAL") {
        return Some(Kind::Jasc);
    }
    // A list has no magic number: it must begin as lists do, and be text to its end.
    let mut lines = bytes.split(|b| matches!(b, b'\n' | b'\r')).map(<[u8]>::trim_ascii).filter(|l| !l.is_empty());
    let first = lines.next()?;
    if first.starts_with(b";") && is_plain(bytes) {
        return Some(Kind::PaintNet);
    }
    let mut colors = std::iter::once(first).chain(lines).filter(|l| !is_comment(l));
    let color = str::from_utf8(colors.next()?).ok()?;
    (listed(without_comment(color), Kind::Hex).is_some() && is_plain(bytes)).then_some(Kind::Hex)
}

/// Text without any byte that text does not use; letters beyond ASCII are taken for such letters.
pub fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| matches!(b, b'\t' | b'\n' | b'\r' | 0x20..=0x7e | 0x80..))
}

/// UTF-8, or else Latin-1, in which no text can be wrong; lines end in a line feed.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let text = str::from_utf8(bytes)
        .map_or_else(|_| bytes.iter().map(|&b| char::from(b)).collect::<String>().into(), Cow::from);
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text }
}

/// The name that the text gives the palette.
pub fn read(kind: Kind, text: &str, gather: &mut Gather) -> Result<Option<String>, String> {
    match kind {
        Kind::Gimp => gimp(text, gather),
        Kind::Jasc => jasc(text, gather).map(|()| None),
        Kind::Hex | Kind::PaintNet => list(kind, text, gather),
    }
}

/// Numbered as an editor does it, without the blanks around them.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(i, line)| (i + 1, line.trim())).filter(|(_, line)| !line.is_empty())
}

fn gimp(text: &str, gather: &mut Gather) -> Result<Option<String>, String> {
    let mut name = None;
    let mut has_alpha = false;
    for (number, line) in lines(text).skip(1) {
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
                let color = numbers(number, line, has_alpha)?;
                gather.push_entry(color, own_name(after_numbers(line, has_alpha), color))?;
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

/// The palette's name in a comment, as sites that list palettes write it.
fn name_in(comment: &str) -> Option<String> {
    comment.trim_start().strip_prefix("Palette Name:").map(|name| name.trim().to_owned())
}

fn jasc(text: &str, gather: &mut Gather) -> Result<(), String> {
    let mut lines = lines(text).skip(1);
    let (_, version) = lines.next().ok_or("is cut short after its first line")?;
    if version != "0100" {
        return Err(format!("is a JASC palette of version '{}'; 0100 can be read", excerpt(version)));
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
    if held == count { Ok(()) } else { Err(format!("says that {count} is its number of colours, but holds {held}")) }
}

/// Red, green, blue (and alpha) at the beginning of a line.
fn numbers(number: usize, line: &str, has_alpha: bool) -> Result<[u8; 4], String> {
    let mut parts = line.split_whitespace().map(|part| part.parse::<u8>().ok());
    let mut part = || parts.next().flatten();
    let rgb = [part(), part(), part()];
    let alpha = if has_alpha { part() } else { Some(u8::MAX) };
    match (rgb, alpha) {
        ([Some(r), Some(g), Some(b)], Some(alpha)) => Ok([r, g, b, alpha]),
        _ => {
            let count = if has_alpha { "four" } else { "three" };
            Err(format!("has in line {number} no colour: '{}'; it takes {count} numbers from 0 to 255", excerpt(line)))
        }
    }
}

fn list(kind: Kind, text: &str, gather: &mut Gather) -> Result<Option<String>, String> {
    let mut name = None;
    for (number, line) in lines(text) {
        if is_comment(line.as_bytes()) {
            name = name.or_else(|| name_in(line.trim_start_matches([';', '/', '#'])));
            continue;
        }
        let color = listed(without_comment(line), kind)
            .ok_or_else(|| format!("has in line {number} no colour: '{}'; it takes one as a0b1c2", excerpt(line)))?;
        let comment = line.split_once([';', '/']).map_or("", |(_, comment)| comment.trim_start_matches('/'));
        gather.push_entry(color, own_name(comment, color))?;
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
fn listed(text: &str, kind: Kind) -> Option<[u8; 4]> {
    let color = parse_hex(text).ok()?;
    match text.len() {
        _ if text.starts_with('#') => Some(color),
        8 if kind == Kind::PaintNet => {
            let [a, r, g, b] = color;
            Some([r, g, b, a])
        }
        6 | 8 => Some(color),
        _ => None,
    }
}
