//! Palette files, a file a format. What a file is, is told from its content; its name gives the palette a name where the
//! file has none, and helps to say what is wrong.

mod act;
mod ase;
mod gather;
mod gpl;
mod jasc;
mod kind;
mod lists;
mod own_name;
mod png;
mod riff;
mod text;

use std::path::Path;

use super::named::NamedPalette;
use super::one_line::tidy_name;
use crate::panics::{Panic, caught};
use gather::Gather;

pub use kind::{Evidence, FileKind};

impl FileKind {
    /// In the order in which they are offered and named.
    pub const ALL: [&'static Self; 8] =
        [&gpl::KIND, &lists::HEX, &act::KIND, &jasc::KIND, &riff::KIND, &ase::KIND, &lists::PAINT_NET, &png::KIND];

    /// The formats that can be written, in the order of [`FileKind::ALL`].
    pub fn written() -> impl Iterator<Item = &'static Self> {
        Self::ALL.iter().copied().filter(|kind| kind.write.is_some())
    }

    /// All that can be read, for people: "GIMP .gpl, .hex, …, or a PNG".
    pub fn readable() -> String {
        let known: Vec<_> = Self::ALL.iter().map(|kind| kind.known_as).collect();
        known.split_last().map_or(String::new(), |(last, others)| format!("{}, or a {last}", others.join(", ")))
    }
}

/// The palette of a file of one of [`FileKind::ALL`]. A list keeps its order, its repetitions and its names; of the pixels
/// of a picture each colour is taken once.
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
    if bytes.is_empty() {
        return Err("is empty".to_owned());
    }
    match (kind_of(bytes), other(bytes)) {
        (Some((Evidence::Marked, kind)), _) | (Some((_, kind)), None) => (kind.read)(bytes, gather),
        (_, Some(what)) => Err(format!("is {what}, not a palette")),
        (None, None) if has_extension(name, "act") => {
            Err(format!("has {} bytes; an Adobe colour table (.act) has 768 or 772", bytes.len()))
        }
        (None, None) => Err(format!("is no palette of a kind that can be read: {}", FileKind::readable())),
    }
}

/// The format that has the most to say for it; the first of equals.
pub(super) fn kind_of(bytes: &[u8]) -> Option<(Evidence, &'static FileKind)> {
    let told = FileKind::ALL.iter().copied().rev().filter_map(|kind| Some(((kind.told)(bytes)?, kind)));
    told.max_by_key(|(evidence, _)| *evidence)
}

/// What is recognised, and not for us.
fn other(bytes: &[u8]) -> Option<&'static str> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    match () {
        () if bytes.get(4..6) == Some(b"\xe0\xa5") => Some("a sprite of Aseprite"),
        () if starts(b"\xff\xd8\xff") => Some("a JPEG picture"),
        () if starts(b"GIF87a") || starts(b"GIF89a") => Some("a GIF picture"),
        () => None,
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
        let kind = |bytes: &[u8]| kind_of(bytes).map(|(_, kind)| kind.ending);
        assert_eq!((kind(&[0; 768]), kind(&[0; 769])), (Some("act"), None));
        // 96 lines of eight bytes each are as long as a colour table.
        let lines = b"0a0b0c\r\n".repeat(96);
        assert_eq!((lines.len(), kind(&lines)), (768, Some("hex")));
        assert_eq!(kind(&b"word ".repeat(154)[..768]), None);
        // A table of light colours, and one that begins as a list does.
        assert_eq!(kind(&[0xc8; 772]), Some("act"));
        assert_eq!(kind(&[b";;;\n\n\n".as_slice(), &[0; 762]].concat()), Some("act"));
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
