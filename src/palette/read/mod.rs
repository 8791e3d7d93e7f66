//! Reading palette files. What a file is, is told from its content; its name gives the palette a name
//! where the file has none, and helps to say what is wrong.

mod ase;
mod binary;
mod gather;
mod own_name;
mod picture;
mod text;

use std::path::Path;

use super::NamedPalette;
use super::one_line::tidy_name;
use crate::panics::{Panic, caught};
use gather::Gather;

/// A text of 256 colours takes some 10 kB; what is far beyond is something else.
const MOST_BYTES_OF_TEXT: usize = 4 << 20;

/// The palette of a file: a GIMP palette, lines of hexadecimal colours, Adobe's colour table and swatch
/// exchange, a JASC or RIFF palette, Paint.NET's text, or a PNG. A list keeps its order, its repetitions and its names; of
/// the pixels of a picture each colour is taken once.
///
/// # Errors
/// One line that names the file and what is wrong with it.
pub fn read(name: &str, bytes: &[u8]) -> Result<NamedPalette, String> {
    // A name may hold line breaks and the like, as may what the file's content brings into the message.
    let explain = |cause: String| format!("'{name}' {cause}").replace(|c: char| c.is_control(), "\u{fffd}");
    let mut gather = Gather::default();
    let panicked = |panic: Panic| Err(format!("cannot be read: its decoder failed ({})", panic.text));
    let own_name = caught(|| read_into(&mut gather, name, bytes)).unwrap_or_else(panicked).map_err(explain)?;
    let (colors, names) = gather.finish().map_err(explain)?;
    let name = own_name.as_deref().and_then(tidy_name).or_else(|| tidy_name(&stem_of(name)));
    Ok(NamedPalette { name: name.unwrap_or_else(|| "palette".to_owned()), colors, names })
}

/// The name that the file gives itself. An error says what the file does: "is empty".
fn read_into(gather: &mut Gather, name: &str, bytes: &[u8]) -> Result<Option<String>, String> {
    match kind_of(bytes) {
        Kind::Empty => Err("is empty".to_owned()),
        Kind::Png => picture::read(bytes, gather).map(|()| None),
        Kind::Ase => ase::read(bytes, gather),
        Kind::Riff => binary::riff(bytes, gather).map(|()| None),
        Kind::Act => binary::act(bytes, gather).map(|()| None),
        Kind::Text(_) if bytes.len() > MOST_BYTES_OF_TEXT => {
            Err(format!("has {} bytes of text, too many for a palette", bytes.len()))
        }
        Kind::Text(kind) => text::read(kind, &text::decode(bytes), gather),
        Kind::Other(what) => Err(format!("is {what}, not a palette")),
        Kind::Unknown if has_extension(name, "act") => {
            Err(format!("has {} bytes; an Adobe colour table (.act) has 768 or 772", bytes.len()))
        }
        Kind::Unknown => Err("is no palette of a kind that can be read: GIMP .gpl, .hex, Adobe .act or .ase, \
            JASC or RIFF .pal, Paint.NET .txt, or a PNG"
            .to_owned()),
    }
}

#[derive(Debug, PartialEq)]
enum Kind {
    Empty,
    Png,
    Ase,
    Riff,
    Act,
    Text(text::Kind),
    /// Recognised, and not for us.
    Other(&'static str),
    Unknown,
}

fn kind_of(bytes: &[u8]) -> Kind {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    // Everything that fits the size is a colour table, so that kind comes after all the others.
    match () {
        () if bytes.is_empty() => Kind::Empty,
        () if starts(b"\x89PNG\r\n\x1a\n") => Kind::Png,
        () if starts(b"ASEF") => Kind::Ase,
        () if starts(b"RIFF") && bytes.get(8..12) == Some(b"PAL ") => Kind::Riff,
        () if bytes.get(4..6) == Some(b"\xe0\xa5") => Kind::Other("a sprite of Aseprite"),
        () if starts(b"\xff\xd8\xff") => Kind::Other("a JPEG picture"),
        () if starts(b"GIF87a") || starts(b"GIF89a") => Kind::Other("a GIF picture"),
        () => match text::kind_of(bytes) {
            Some(kind) => Kind::Text(kind),
            // No table of 256 colours is all letters, but a text may have that length.
            None if binary::fits_act(bytes) && !(bytes.is_ascii() && text::is_plain(bytes)) => Kind::Act,
            None => Kind::Unknown,
        },
    }
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|e| e.eq_ignore_ascii_case(extension))
}

fn stem_of(name: &str) -> String {
    Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_told_from_the_content_and_not_from_the_name() {
        assert_eq!(read("wrong.act", b"GIMP Palette\n1 2 3\n").unwrap().colors, [[1, 2, 3, 255]]);
        assert_eq!(kind_of(&[0; 768]), Kind::Act);
        assert_eq!(kind_of(&[0; 769]), Kind::Unknown);
        // 96 lines of eight bytes each are as long as a colour table.
        let lines = b"0a0b0c\r\n".repeat(96);
        assert_eq!((lines.len(), kind_of(&lines)), (768, Kind::Text(text::Kind::Hex)));
        assert_eq!(kind_of(&b"word ".repeat(154)[..768]), Kind::Unknown);
        // A table of light colours, and one that begins as a list does.
        assert_eq!(kind_of(&[0xc8; 772]), Kind::Act);
        assert_eq!(kind_of(&[b";;;\n\n\n".as_slice(), &[0; 762]].concat()), Kind::Act);
    }

    #[test]
    fn a_palette_is_named_by_itself_or_by_its_file() {
        let name_of = |file: &str, text: &str| read(file, text.as_bytes()).unwrap().name;
        assert_eq!(name_of("folder/warm.v2.gpl", "GIMP Palette\n1 2 3\n"), "warm.v2");
        assert_eq!(name_of("a.gpl", "GIMP Palette\nName:  Two words \n1 2 3\n"), "Two words");
        assert_eq!(name_of("a.gpl", "GIMP Palette\nName:\n1 2 3\n"), "a");
        assert_eq!(name_of("", "ffffff"), "palette");
        assert_eq!(name_of(&"n".repeat(300), "ffffff").len(), 64);
    }

    #[test]
    fn what_is_no_palette_is_told_in_one_line() {
        let message = |name: &str, bytes: &[u8]| read(name, bytes).unwrap_err();
        assert_eq!(message("x.gpl", b""), "'x.gpl' is empty");
        assert_eq!(message("x.act", &[0; 700]), "'x.act' has 700 bytes; an Adobe colour table (.act) has 768 or 772");
        assert!(message("x.pal", b"\0\x01\x02").starts_with("'x.pal' is no palette of a kind that can be read"));
        assert!(message("x.txt", b"Some words\nand more").starts_with("'x.txt' is no palette"));
        assert_eq!(message("x.ase", b"\0\0\0\0\xe0\xa5\0\0"), "'x.ase' is a sprite of Aseprite, not a palette");
        assert!(message("x.jpg", b"\xff\xd8\xff\xe0").starts_with("'x.jpg' is a JPEG picture"));
        assert_eq!(message("a\nb", b""), "'a\u{fffd}b' is empty");
        let long = [b"GIMP Palette\n".as_slice(), &b"#\n".repeat(3 << 20)].concat();
        assert_eq!(message("x.gpl", &long), "'x.gpl' has 6291469 bytes of text, too many for a palette");
    }
}
