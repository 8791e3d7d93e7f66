//! What is known of a format of palette files, and what its row makes of a palette.

use super::gather::Gather;
use crate::palette::error::{FileFault, PaletteError};
use crate::palette::named::{MOST_COLORS, NamedPalette};
use crate::palette::one_line::tidy_name;

/// A format of palette files: all that is known of it. Each has a file here and a line in [`FileKind::ALL`].
#[derive(Debug)]
pub struct FileKind {
    /// Where it is chosen.
    pub label: &'static str,
    /// In a list of all that can be read: whose it is, with its ending.
    pub(super) known_as: &'static str,
    /// Without the dot.
    pub ending: &'static str,
    /// Whether a file's content is of this format.
    pub(super) evidence: fn(&[u8]) -> Option<Evidence>,
    /// Collects the colours; the name that the file gives itself. An error says what the file does: "is empty".
    pub(super) read: fn(&[u8], &mut Gather) -> Result<Option<String>, FileFault>,
    /// None for what is read only.
    pub(super) write: Option<Write>,
}

/// Why a file is taken for what it is, from the weakest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Its name says so, and nothing contradicts it.
    Named,
    /// It has the right size.
    Fits,
    /// It begins as such files do.
    Looks,
    /// It has the mark that only such files have.
    Marked,
}

/// What makes a file of a palette of 1 to [`MOST_COLORS`] colours.
#[derive(Debug)]
pub(super) struct Write {
    /// Which alphas survive.
    pub alphas: Alphas,
    /// Whether colours have names, and with these what they are measured as.
    pub names: bool,
    /// With the palette's name in one line.
    pub bytes: fn(&str, &NamedPalette) -> Result<Vec<u8>, PaletteError>,
}

/// Which alphas a format of palette files has a place for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphas {
    /// Every colour's.
    All,
    /// One colour is fully transparent, all others are opaque.
    OneClear,
    /// All colours are opaque.
    None,
}

impl Alphas {
    /// How many of the colours are written with another alpha.
    fn lost(self, colors: &[[u8; 4]]) -> usize {
        let count = |of: fn(u8) -> bool| colors.iter().filter(|c| of(c[3])).count();
        match self {
            Self::All => 0,
            Self::OneClear => count(|a| (1..u8::MAX).contains(&a)) + count(|a| a == 0).saturating_sub(1),
            Self::None => count(|a| a < u8::MAX),
        }
    }
}

impl PartialEq for FileKind {
    fn eq(&self, other: &Self) -> bool {
        self.label == other.label
    }
}

impl FileKind {
    /// The bytes of the file.
    ///
    /// # Errors
    /// There are no colours, or more than a palette holds, or the format is read only.
    pub fn write(&self, palette: &NamedPalette) -> Result<Vec<u8>, PaletteError> {
        match palette.colors.len() {
            0 => return Err(PaletteError::NoColors),
            1..=MOST_COLORS => {}
            count => return Err(PaletteError::TooManyForAFile(count)),
        }
        let name = tidy_name(&palette.name).unwrap_or_else(|| "Palette".to_owned());
        let write = self.write.as_ref().ok_or(PaletteError::ReadOnly(self.label))?;
        (write.bytes)(&name, palette)
    }

    /// What of the palette the file will not hold, for people; nothing where it holds all but the palette's own name.
    pub fn lost(&self, palette: &NamedPalette) -> Option<String> {
        let write = self.write.as_ref()?;
        let named = (0..palette.colors.len()).filter(|&place| palette.name_of(place).is_some()).count();
        let measured = if palette.is_measured() { palette.colors.len() } else { 0 };
        let lost = [
            (write.alphas.lost(&palette.colors), "alpha"),
            (if write.names { 0 } else { named }, "names"),
            (if write.names { 0 } else { measured }, "measured colours"),
        ];
        let lost = lost.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| {
            let colours = if count == 1 { "1 colour is".to_owned() } else { format!("{count} colours are") };
            format!("no place for {what}: {colours} written without")
        });
        let lost: Vec<String> = lost.collect();
        (!lost.is_empty()).then(|| format!("a .{} file has {}", self.ending, lost.join(", and ")))
    }
}
