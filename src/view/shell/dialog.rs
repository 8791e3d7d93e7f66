//! The system's file dialog, kept off the UI thread and behind a seam, so that tests open none.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

use crate::jobs::Wake;
use crate::source::family::Family;
use crate::view::photo::destination::Destination;
use crate::view::shell::savable::Savable;

/// What a dialog was opened for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// Files of one family, or of any.
    Open(Option<Family>),
    /// A picture to be compared with the photo, in the pane at this place.
    Compare(usize),
    /// A file to be written, or the folder for several.
    Save {
        /// What is saved.
        what: Savable,
        /// A name for the file.
        suggested: String,
    },
    /// Where the mix of formats is written to.
    SaveMix {
        /// A name for the file.
        suggested: String,
    },
}

impl Purpose {
    /// Where what is opened goes.
    pub fn destination(&self) -> Destination {
        match self {
            Self::Compare(pane) => Destination::Compare(*pane),
            Self::Open(_) | Self::Save { .. } | Self::SaveMix { .. } => Destination::Chosen,
        }
    }
}

/// A dialog that is open.
pub struct Dialog {
    purpose: Purpose,
    answer: Receiver<(Vec<PathBuf>, Duration)>,
    /// The keyboard has left the window since it was opened.
    took_focus: bool,
}

/// The answer of a dialog.
pub struct Answer {
    /// None when it was cancelled or could not be had.
    pub paths: Vec<PathBuf>,
    /// How long it was open.
    pub took: Duration,
    /// Whether the keyboard left the window meanwhile.
    pub took_focus: bool,
}

impl Answer {
    /// A cancel that comes faster than this is not a person's: there was no dialog. (Without a portal the answer is that
    /// of a cancel.)
    const FASTEST_CANCEL: Duration = Duration::from_millis(150);

    /// Whether no dialog was shown: an empty answer that came too fast, or while the window had the keyboard.
    pub fn is_no_dialog(&self) -> bool {
        self.paths.is_empty() && (self.took < Self::FASTEST_CANCEL || !self.took_focus)
    }

    /// Whether the next one need not be tried. A busy machine takes its time to say that there is none, and then only
    /// the keyboard's focus shows it, which some desktops leave where it was.
    pub fn is_never_a_dialog(&self) -> bool {
        self.is_no_dialog() && self.took < Self::FASTEST_CANCEL
    }
}

impl Dialog {
    /// A dialog whose answer, paths and how long it was open, comes by this channel.
    pub fn answered_by(purpose: Purpose, answer: Receiver<(Vec<PathBuf>, Duration)>) -> Self {
        Self { purpose, answer, took_focus: false }
    }

    /// Opens the dialog on a thread of its own.
    pub(crate) fn open(purpose: Purpose, frame: &eframe::Frame, wake: Wake) -> Self {
        let (send, answer) = channel();
        let dialog = rfd::AsyncFileDialog::new().set_parent(frame);
        let asked = purpose.clone();
        let thread = std::thread::Builder::new().name("file-dialog".to_owned());
        // Without a thread there is no dialog: the channel closes, which reads as a cancel.
        let opened = Instant::now();
        let _ = thread.spawn(move || {
            let paths = match asked {
                Purpose::Open(family) => pollster::block_on(open_future(dialog, family)),
                Purpose::Compare(_) => pollster::block_on(open_future(dialog, Some(Family::Photo))),
                Purpose::SaveMix { suggested } => pollster::block_on(save_future(dialog, &suggested)),
                Purpose::Save { what, .. } if what.of_folder().is_some() => pollster::block_on(folder_future(dialog)),
                Purpose::Save { what, suggested } => {
                    let dialog = dialog.add_filter(what.label(), &[what.extension()]);
                    pollster::block_on(save_future(dialog, &suggested))
                }
            };
            let _ = send.send((paths, opened.elapsed()));
            wake();
        });
        Self::answered_by(purpose, answer)
    }

    /// The answer, once there is one. To be asked in every frame: `focused` is whether the window has the keyboard.
    pub fn poll(&mut self, focused: bool) -> Option<(Purpose, Answer)> {
        self.took_focus |= !focused;
        let (paths, took) = match self.answer.try_recv() {
            Ok(answer) => answer,
            Err(TryRecvError::Disconnected) => (Vec::new(), Duration::ZERO),
            Err(TryRecvError::Empty) => return None,
        };
        Some((self.purpose.clone(), Answer { paths, took, took_focus: self.took_focus }))
    }
}

async fn open_future(dialog: rfd::AsyncFileDialog, family: Option<Family>) -> Vec<PathBuf> {
    let (name, families) = match &family {
        Some(Family::Photo) => ("Pictures", std::slice::from_ref(&Family::Photo)),
        Some(Family::Palette) => ("Palettes", std::slice::from_ref(&Family::Palette)),
        Some(Family::Importance) => ("Importance matrices", std::slice::from_ref(&Family::Importance)),
        _ => ("Photos, models and palettes", [Family::Photo, Family::Model, Family::Palette].as_slice()),
    };
    let endings: Vec<_> = families.iter().flat_map(|family| family.endings()).collect();
    let dialog = dialog.add_filter(name, &endings).add_filter("All files", &["*"]);
    let picked = dialog.pick_files().await.unwrap_or_default();
    // A broken dialog helper has been seen to answer with its error text as a path.
    picked.iter().map(|file| file.path().to_owned()).filter(|path| path.is_file()).collect()
}

async fn folder_future(dialog: rfd::AsyncFileDialog) -> Vec<PathBuf> {
    let picked = dialog.pick_folder().await;
    picked.map(|folder| folder.path().to_owned()).filter(|path| path.is_dir()).into_iter().collect()
}

async fn save_future(dialog: rfd::AsyncFileDialog, suggested: &str) -> Vec<PathBuf> {
    let picked = dialog.set_file_name(suggested).save_file().await;
    let folder_exists = |path: &PathBuf| path.parent().is_some_and(|p| p.is_dir());
    picked.map(|file| file.path().to_owned()).filter(folder_exists).into_iter().collect()
}
