//! Writing palette files, each in the form that most programs read.
//!
//! GIMP's palette, the list of hexadecimal colours and the PNG strip hold every alpha (the first two in longer lines,
//! where any colour is not opaque). The colour table holds one transparent entry (alpha 0). The others hold none: [`lost`]
//! says so. GIMP's palette and the swatch exchange hold the palette's name and those of its colours.
//! Source of the line "Channels": Aseprite's extension of GIMP's palette.

use std::path::Path;

use super::named::{MOST_COLORS, NamedPalette};
use super::one_line::tidy_name;
use crate::engine::control::Control;
use crate::picture::png::indexed_png;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// GIMP's palette.
    Gpl,
    /// A line a colour.
    Hex,
    /// Adobe's colour table.
    Act,
    /// The palette of Paint Shop Pro.
    JascPal,
    /// Adobe's swatch exchange.
    Ase,
    /// An indexed PNG of one row, a pixel a colour.
    PngStrip,
}

impl FileKind {
    pub const ALL: [Self; 6] = [Self::Gpl, Self::Hex, Self::Act, Self::JascPal, Self::Ase, Self::PngStrip];

    /// Without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Gpl => "gpl",
            Self::Hex => "hex",
            Self::Act => "act",
            Self::JascPal => "pal",
            Self::Ase => "ase",
            Self::PngStrip => "png",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Gpl => "GIMP palette",
            Self::Hex => "Hex list",
            Self::Act => "Adobe colour table",
            Self::JascPal => "JASC palette",
            Self::Ase => "Adobe swatch exchange",
            Self::PngStrip => "PNG strip",
        }
    }

    /// The kind that the extension of a file to be written asks for.
    pub fn of_path(path: impl AsRef<Path>) -> Option<Self> {
        let extension = path.as_ref().extension()?;
        Self::ALL.into_iter().find(|kind| extension.eq_ignore_ascii_case(kind.extension()))
    }
}

/// What of the palette the file will not hold, for people; nothing where it holds all but names.
pub fn lost(kind: FileKind, palette: &NamedPalette) -> Option<String> {
    let held = |c: &[u8; 4]| match kind {
        FileKind::Gpl | FileKind::Hex | FileKind::PngStrip => true,
        FileKind::Act => c[3] == u8::MAX || c[3] == 0,
        FileKind::JascPal | FileKind::Ase => c[3] == u8::MAX,
    };
    let count = palette.colors.iter().filter(|c| !held(c)).count();
    let colours = if count == 1 { "1 colour is".to_owned() } else { format!("{count} colours are") };
    (count > 0).then(|| format!("a .{} file has no place for alpha: {colours} written without", kind.extension()))
}

/// The bytes of the file.
///
/// # Errors
/// One line, when there are no colours or more than a palette holds.
pub fn write(kind: FileKind, palette: &NamedPalette) -> Result<Vec<u8>, String> {
    let colors = palette.colors.as_slice();
    match colors.len() {
        0 => return Err("the palette holds no colours".to_owned()),
        1..=MOST_COLORS => {}
        count => return Err(format!("the palette has {count} colours; a palette file holds at most {MOST_COLORS}")),
    }
    let name = tidy_name(&palette.name).unwrap_or_else(|| "Palette".to_owned());
    match kind {
        FileKind::Gpl => Ok(gpl(&name, palette).into_bytes()),
        FileKind::Hex => Ok(hex(colors).into_bytes()),
        FileKind::Act => Ok(act(colors)),
        FileKind::JascPal => Ok(jasc(colors).into_bytes()),
        FileKind::Ase => Ok(ase(&name, palette)),
        FileKind::PngStrip => png_strip(colors),
    }
}

fn bare_hex([r, g, b, _]: [u8; 4]) -> String {
    format!("{r:02x}{g:02x}{b:02x}")
}

fn is_opaque(colors: &[[u8; 4]]) -> bool {
    colors.iter().all(|c| c[3] == u8::MAX)
}

/// Six digits a line; where any colour is not opaque, a number sign and eight, which no program takes for another order.
fn hex(colors: &[[u8; 4]]) -> String {
    let opaque = is_opaque(colors);
    let line = |&c: &[u8; 4]| if opaque { bare_hex(c) } else { format!("#{}{:02x}", bare_hex(c), c[3]) };
    colors.iter().map(|c| line(c) + "\n").collect()
}

/// The name of a colour, or else its code.
fn called(palette: &NamedPalette, place: usize, color: [u8; 4]) -> String {
    palette.name_of(place).and_then(tidy_name).unwrap_or_else(|| bare_hex(color))
}

fn gpl(name: &str, palette: &NamedPalette) -> String {
    let colors = &palette.colors;
    // As many columns as make a square of a full palette.
    let columns = colors.len().min(16);
    let opaque = is_opaque(colors);
    let channels = if opaque { "" } else { "Channels: RGBA\n" };
    let mut text = format!("GIMP Palette\n{channels}Name: {name}\nColumns: {columns}\n#\n");
    for (place, &color) in colors.iter().enumerate() {
        let [r, g, b, a] = color;
        let alpha = if opaque { String::new() } else { format!(" {a:3}") };
        text.push_str(&format!("{r:3} {g:3} {b:3}{alpha}\t{}\n", called(palette, place, color)));
    }
    text
}

/// With line ends of its program's system; some readers insist on them.
fn jasc(colors: &[[u8; 4]]) -> String {
    let mut text = format!("JASC-PAL\r\n0100\r\n{}\r\n", colors.len());
    for [r, g, b, _] in colors {
        text.push_str(&format!("{r} {g} {b}\r\n"));
    }
    text
}

/// The longer form, which says how many of its 256 colours count.
fn act(colors: &[[u8; 4]]) -> Vec<u8> {
    let mut bytes: Vec<u8> = colors.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    bytes.resize(3 * MOST_COLORS, 0);
    let clear = colors.iter().position(|c| c[3] == 0).map_or(u16::MAX, |i| i as u16);
    bytes.extend((colors.len() as u16).to_be_bytes());
    bytes.extend(clear.to_be_bytes());
    bytes
}

/// One group with the palette's name, and in it the colours as RGB swatches with their names, or else their codes.
fn ase(name: &str, palette: &NamedPalette) -> Vec<u8> {
    /// Neither a spot colour nor a global one.
    const NORMAL: u16 = 2;
    let mut bytes = b"ASEF\0\x01\0\0".to_vec();
    bytes.extend((palette.colors.len() as u32 + 2).to_be_bytes());
    push_block(&mut bytes, 0xc001, &ase_name(name));
    for (place, &color) in palette.colors.iter().enumerate() {
        let [r, g, b, _] = color;
        let mut content = ase_name(&called(palette, place, color));
        content.extend(b"RGB ");
        content.extend([r, g, b].iter().flat_map(|&channel| (f32::from(channel) / 255.0).to_be_bytes()));
        content.extend(NORMAL.to_be_bytes());
        push_block(&mut bytes, 0x0001, &content);
    }
    push_block(&mut bytes, 0xc002, &[]);
    bytes
}

fn push_block(bytes: &mut Vec<u8>, kind: u16, content: &[u8]) {
    bytes.extend(kind.to_be_bytes());
    bytes.extend((content.len() as u32).to_be_bytes());
    bytes.extend(content);
}

/// The number of UTF-16 units and then those, a zero at the end counted; names are tidied, thus short.
fn ase_name(name: &str) -> Vec<u8> {
    let units: Vec<u16> = name.encode_utf16().chain([0]).collect();
    [units.len() as u16].iter().chain(&units).flat_map(|unit| unit.to_be_bytes()).collect()
}

fn png_strip(colors: &[[u8; 4]]) -> Result<Vec<u8>, String> {
    let codes: Vec<u8> = (0..=u8::MAX).take(colors.len()).collect();
    indexed_png(colors.len() as u32, 1, &codes, colors, &Control::unwatched()).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn palette(colors: &[[u8; 4]]) -> NamedPalette {
        NamedPalette::new("Two\nlines", colors.to_vec())
    }

    fn text(kind: FileKind, alpha: u8) -> String {
        String::from_utf8(write(kind, &palette(&[[0, 9, 255, 255], [160, 177, 194, alpha]])).unwrap()).unwrap()
    }

    #[test]
    fn texts_are_exactly_these() {
        let gpl = "GIMP Palette\nName: Two lines\nColumns: 2\n#\n  0   9 255\t0009ff\n160 177 194\ta0b1c2\n";
        assert_eq!(text(FileKind::Gpl, 255), gpl);
        assert_eq!(text(FileKind::Hex, 255), "0009ff\na0b1c2\n");
        assert_eq!(text(FileKind::JascPal, 255), "JASC-PAL\r\n0100\r\n2\r\n0 9 255\r\n160 177 194\r\n");
        let gpl = "GIMP Palette\nChannels: RGBA\nName: Two lines\nColumns: 2\n#\n  0   9 255 255\t0009ff\n\
            160 177 194   7\ta0b1c2\n";
        assert_eq!(text(FileKind::Gpl, 7), gpl);
        assert_eq!(text(FileKind::Hex, 7), "#0009ffff\n#a0b1c207\n");
    }

    #[test]
    fn what_a_file_has_no_place_for_is_said() {
        let mixed = palette(&[[1, 2, 3, 255], [4, 5, 6, 7], [8, 9, 10, 0]]);
        let losses = FileKind::ALL.map(|kind| lost(kind, &mixed));
        let none = |ending: &str, count: &str| {
            Some(format!("a .{ending} file has no place for alpha: {count} written without"))
        };
        let (one, two) = ("1 colour is", "2 colours are");
        assert_eq!(losses, [None, None, none("act", one), none("pal", two), none("ase", two), None]);
        assert!(FileKind::ALL.iter().all(|&kind| lost(kind, &palette(&[[9, 9, 9, 255]])).is_none()));
    }

    #[test]
    fn a_colour_table_says_how_many_count_and_which_is_clear() {
        let tail = |colors: &[[u8; 4]]| write(FileKind::Act, &palette(colors)).unwrap()[768..].to_vec();
        assert_eq!(tail(&[[1, 2, 3, 255], [4, 5, 6, 0]]), [0, 2, 0, 1]);
        assert_eq!(tail(&[[1, 2, 3, 9]; 256]), [1, 0, 0xff, 0xff]);
    }

    #[test]
    fn swatches_are_laid_out_byte_for_byte() {
        let one = NamedPalette::new("N", vec![[255, 0, 0, 255]]);
        let group = b"\xc0\x01\0\0\0\x06\0\x02\0N\0\0";
        let color = b"\0\x01\0\0\0\x22\0\x07\0f\0f\x000\x000\x000\x000\0\0RGB \x3f\x80\0\0\0\0\0\0\0\0\0\0\0\x02";
        let end = b"\xc0\x02\0\0\0\0";
        let expected = [b"ASEF\0\x01\0\0\0\0\0\x03".as_slice(), group, color, end].concat();
        assert_eq!(write(FileKind::Ase, &one).unwrap(), expected);
    }

    #[test]
    fn none_and_too_many_are_refused() {
        for kind in FileKind::ALL {
            assert_eq!(write(kind, &palette(&[])).unwrap_err(), "the palette holds no colours");
            let expected = "the palette has 257 colours; a palette file holds at most 256";
            assert_eq!(write(kind, &palette(&[[0; 4]; 257])).unwrap_err(), expected);
        }
    }

    #[test]
    fn the_extension_tells_the_kind() {
        for kind in FileKind::ALL {
            assert_eq!(FileKind::of_path(format!("folder/a.b.{}", kind.extension().to_uppercase())), Some(kind));
            assert!(!kind.label().is_empty());
        }
        assert_eq!(FileKind::of_path("gpl"), None);
        assert_eq!(FileKind::of_path("a.txt"), None);
    }
}
