//! What can be saved.

use crate::export::packed::OfReduced;
use crate::export::table::OfTable;
use crate::palette::FileKind;

/// What can be saved; panes by their numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Savable {
    /// The reduction of a pane as a picture file.
    Picture(usize, &'static OfReduced),
    /// Every photo of the tray, reduced as its chosen pane, into a folder.
    Photos(&'static OfReduced),
    /// Every pane of the photo on show, into a folder.
    Panes(&'static OfReduced),
    /// The kept result of this number.
    Kept(u64, &'static OfReduced),
    /// The palette of a pane.
    Palette(usize, &'static FileKind),
    /// Original and reductions in one picture.
    Sheet,
    /// The figures of the reductions on show.
    Figures(&'static OfTable),
    /// The figures of the kept results.
    Shelf(&'static OfTable),
    /// A step of a lesson as it stands, with photo and weights.
    Moment,
    /// The lesson as its file has it.
    Lesson,
    /// A picture of what a lesson shows.
    Figure,
    /// A sound of a lesson.
    Sound(SoundVersion),
}

/// A sound as it is, or cut to fewer bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundVersion {
    /// As it is.
    Before,
    /// Cut to fewer bits.
    After,
}

impl Savable {
    /// How it is called, its file's ending without the dot, and what the file's name says of it where that is not what
    /// the pane shows.
    pub(crate) fn facts(self) -> [&'static str; 3] {
        match self {
            Savable::Picture(_, kind) => [kind.label, kind.ending, ""],
            Savable::Photos(kind) => ["All photos", kind.ending, ""],
            Savable::Panes(kind) => ["All panes", kind.ending, ""],
            Savable::Kept(_, kind) => [kind.label, kind.ending, ""],
            Savable::Palette(_, kind) => [kind.label, kind.ending, ""],
            Savable::Sheet => ["Side-by-side sheet", "png", "sheet"],
            Savable::Figures(kind) => ["Figures", kind.ending, "figures"],
            Savable::Shelf(kind) => ["Table of kept results", kind.ending, "kept"],
            Savable::Moment => ["Moment of a lesson", "toml", "lesson"],
            Savable::Lesson => ["Lesson", "toml", "lesson"],
            Savable::Figure => ["Figure", "png", "lesson"],
            Savable::Sound(SoundVersion::Before) => ["Sound before", "wav", "lesson"],
            Savable::Sound(SoundVersion::After) => ["Sound after", "wav", "lesson"],
        }
    }

    /// What the files of a folder are written as, where there are several.
    pub fn of_folder(self) -> Option<&'static OfReduced> {
        match self {
            Savable::Photos(kind) | Savable::Panes(kind) => Some(kind),
            _ => None,
        }
    }

    /// How it is called in menus and titles.
    pub fn label(self) -> &'static str {
        self.facts()[0]
    }

    /// Without the dot.
    pub fn extension(self) -> &'static str {
        self.facts()[1]
    }
}
