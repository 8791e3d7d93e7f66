//! Palette files, a file a format. What a file is, is told from its content; its name gives the palette a name where the
//! file has none, and helps to say what is wrong.

mod act;
mod ase;
pub mod gather;
mod gpl;
mod jasc;
mod kind;
mod lists;
mod png;
mod riff;
mod text;

use std::path::Path;

use super::error::{FileFault, PaletteError};
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
/// [`PaletteError::File`], which names the file and says what is wrong with it.
pub fn read(name: &str, bytes: &[u8]) -> Result<NamedPalette, PaletteError> {
    let explain = |fault| PaletteError::File { name: name.to_owned(), fault };
    let mut gather = Gather::default();
    let panicked = |panic: Panic| Err(format!("cannot be read: its decoder failed ({})", panic.text).into());
    let own_name = caught(|| read_into(&mut gather, name, bytes)).unwrap_or_else(panicked).map_err(explain)?;
    let list = gather.finish().map_err(explain)?;
    let name = own_name.as_deref().and_then(tidy_name).or_else(|| tidy_name(&stem_of(name)));
    Ok(NamedPalette { name: name.unwrap_or_else(|| "palette".to_owned()), ..list })
}

/// The name that the file gives itself. An error says what the file does: "is empty".
fn read_into(gather: &mut Gather, name: &str, bytes: &[u8]) -> Result<Option<String>, FileFault> {
    if bytes.is_empty() {
        return Err("is empty".into());
    }
    match (kind_of(bytes), other(bytes)) {
        (Some((Evidence::Marked, kind)), _) | (Some((_, kind)), None) => (kind.read)(bytes, gather),
        (_, Some(what)) => Err(format!("is {what}, not a palette").into()),
        (None, None) if has_ending(name, "act") => {
            Err(format!("has {} bytes; an Adobe colour table (.act) has 768 or 772", bytes.len()).into())
        }
        (None, None) => Err(format!("is no palette of a kind that can be read: {}", FileKind::readable()).into()),
    }
}

/// The format that a file's content speaks for most, and how strongly: the first of equals, none where no format fits.
pub fn kind_of(bytes: &[u8]) -> Option<(Evidence, &'static FileKind)> {
    let evidence = FileKind::ALL.iter().copied().rev().filter_map(|kind| Some(((kind.evidence)(bytes)?, kind)));
    evidence.max_by_key(|(evidence, _)| *evidence)
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

/// Whether a file's name ends so, in either case; the ending without the dot.
pub(crate) fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|own| own.eq_ignore_ascii_case(ending))
}

fn stem_of(name: &str) -> String {
    Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}
