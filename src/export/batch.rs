//! Many reductions written into one folder, one after the other: each whole or not at all, and one that fails is named
//! and holds the others up no more than that.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::packed::{OfReduced, PngFile, Reduced};
use super::{destination, write_whole};
use crate::engine::control::{Control, Failure, Stopped};
use crate::picture;
use crate::run::photo;
use crate::source::photo::Photo;
use crate::spec::{PhotoSpec, Stage};

/// Reads a photo when its turn has come.
pub type Read = Box<dyn Fn(&Control<'_>) -> Result<Arc<Photo>, Failure> + Send + Sync>;

/// One reduction of a batch.
pub struct Item {
    /// The photo's name, for the report.
    pub name: String,
    /// The photo.
    pub read: Read,
    /// How it is reduced.
    pub spec: PhotoSpec,
    /// What its file is called, without the ending; where two would be the same, the later one gets a number.
    pub stem: String,
}

/// What is to be written.
pub struct Batch {
    /// In the order in which they are written.
    pub items: Vec<Item>,
    /// As what.
    pub kind: &'static OfReduced,
    /// Where to; it is made if it is not there.
    pub folder: PathBuf,
    /// Files that are never written to: the photos themselves.
    pub sources: Vec<PathBuf>,
    /// Whether files that are there may be replaced.
    pub replace: bool,
}

/// What became of a part of a batch.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// These files are there already, and nothing was written.
    Taken(Vec<PathBuf>),
    /// A file was written.
    Written {
        /// The length of the photo's own file; 0 where there is none.
        source_bytes: u64,
        /// The length of the file that was written.
        bytes: u64,
    },
    /// A photo was not written: its name and why.
    Failed(String),
}

impl Batch {
    /// Writes the files one by one; `emit` is told of each.
    ///
    /// # Errors
    /// `Stopped` between two files; those that were written stay.
    pub fn write(&self, emit: &dyn Fn(Outcome), control: &Control<'_>) -> Result<(), Stopped> {
        let made = if self.folder.is_dir() { Ok(()) } else { fs::create_dir_all(&self.folder) };
        if let Err(why) = made {
            emit(Outcome::Failed(format!("{}: the folder cannot be made: {why}", self.folder.display())));
            return Ok(());
        }
        let paths = self.paths();
        let taken: Vec<PathBuf> = paths.iter().filter(|path| destination::is_taken(path)).cloned().collect();
        if !self.replace && !taken.is_empty() {
            emit(Outcome::Taken(taken));
            return Ok(());
        }
        for (i, (item, path)) in self.items.iter().zip(&paths).enumerate() {
            control.check()?;
            let share = |done: f32| control.progress((i as f32 + done) / self.items.len() as f32);
            share(0.0);
            emit(match self.write_one(item, path, &control.with_progress(&share)) {
                Ok(outcome) => outcome,
                Err(Failure::Stopped) => return Err(Stopped),
                Err(Failure::Message(why)) => Outcome::Failed(format!("{}: {why}", item.name)),
            });
        }
        Ok(())
    }

    fn write_one(&self, item: &Item, path: &Path, control: &Control<'_>) -> Result<Outcome, Failure> {
        let photo = (item.read)(control)?;
        let report = photo::reduce(&photo.image, item.spec.clone(), Stage::Full, control)?;
        let png = PngFile::quick(picture::png::of_picture(&report.written(), control)?);
        let bytes = (self.kind.write)(&Reduced { picture: report.written(), png, pack: true }, control)?;
        write_whole(path, &bytes)?;
        Ok(Outcome::Written { source_bytes: photo.file_bytes, bytes: bytes.len() as u64 })
    }

    /// Where each goes: no two to one file, and none to a photo's own.
    fn paths(&self) -> Vec<PathBuf> {
        let resolved = |path: &PathBuf| fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        let mut names: HashSet<PathBuf> = self.sources.iter().map(resolved).collect();
        let folder = resolved(&self.folder);
        let mut path = |item: &Item| {
            let numbered = (1..).map(|n| if n == 1 { item.stem.clone() } else { format!("{} {n}", item.stem) });
            let mut files = numbered.map(|stem| folder.join(format!("{stem}.{}", self.kind.ending)));
            // There are more numbers than names.
            files.find(|file| names.insert(file.clone())).unwrap_or_default()
        };
        self.items.iter().map(&mut path).collect()
    }
}
