//! The system's file dialog, kept off the UI thread and behind a seam, so that tests open none.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

use super::save::What;
use crate::jobs::Wake;

/// What a dialog was opened for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    Open,
    /// A palette for the chosen pane of the photo.
    OpenPalette,
    /// llama.cpp's importance matrix for the budget.
    OpenImatrix,
    /// The name is what the file might be called.
    Save {
        what: What,
        suggested: String,
    },
    /// Where the mix of formats is written to.
    SaveMix {
        suggested: String,
    },
}

pub struct Dialog {
    purpose: Purpose,
    answer: Receiver<Answer>,
}

/// What came of a dialog.
pub struct Answer {
    /// None when it was cancelled or could not be had.
    pub paths: Vec<PathBuf>,
    took: Duration,
}

impl Answer {
    /// Nobody cancels as fast as this: there was no dialog. (Without a portal the answer is that of a cancel.)
    const NOBODY: Duration = Duration::from_millis(150);

    pub fn is_no_dialog(&self) -> bool {
        self.paths.is_empty() && self.took < Self::NOBODY
    }
}

impl Dialog {
    /// Opens the dialog on a thread of its own.
    pub fn open(purpose: Purpose, frame: &eframe::Frame, wake: Wake) -> Self {
        let (send, answer) = channel();
        let dialog = rfd::AsyncFileDialog::new().set_parent(frame);
        let asked = purpose.clone();
        let thread = std::thread::Builder::new().name("file-dialog".to_owned());
        // Without a thread there is no dialog: the channel closes, which reads as a cancel.
        let opened = Instant::now();
        let _ = thread.spawn(move || {
            let paths = match asked {
                Purpose::Open => pollster::block_on(open_future(dialog)),
                Purpose::OpenPalette => {
                    let dialog = dialog.add_filter("Palettes", &["gpl", "hex", "act", "pal", "ase", "txt", "png"]);
                    pollster::block_on(files_of(dialog))
                }
                Purpose::OpenImatrix => {
                    let dialog = dialog.add_filter("Importance matrices", &["gguf", "dat", "imatrix"]);
                    pollster::block_on(files_of(dialog))
                }
                Purpose::SaveMix { suggested } => pollster::block_on(save_future(dialog, &suggested)),
                Purpose::Save { what, suggested } => {
                    let dialog = dialog.add_filter(what.label(), &[what.extension()]);
                    pollster::block_on(save_future(dialog, &suggested))
                }
            };
            let _ = send.send(Answer { paths, took: opened.elapsed() });
            wake();
        });
        Self { purpose, answer }
    }

    /// The answer, once there is one.
    pub fn poll(&self) -> Option<(Purpose, Answer)> {
        match self.answer.try_recv() {
            Ok(answer) => Some((self.purpose.clone(), answer)),
            Err(TryRecvError::Disconnected) => {
                Some((self.purpose.clone(), Answer { paths: Vec::new(), took: Duration::ZERO }))
            }
            Err(TryRecvError::Empty) => None,
        }
    }
}

async fn open_future(dialog: rfd::AsyncFileDialog) -> Vec<PathBuf> {
    let endings = ["png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff", "safetensors", "gguf", "json"];
    let palettes = ["gpl", "hex", "act", "pal", "ase"];
    files_of(dialog.add_filter("Photos, models and palettes", &[&endings[..], &palettes].concat())).await
}

async fn files_of(dialog: rfd::AsyncFileDialog) -> Vec<PathBuf> {
    let picked = dialog.add_filter("All files", &["*"]).pick_files().await.unwrap_or_default();
    // A broken dialog helper has been seen to answer with its error text as a path.
    picked.iter().map(|file| file.path().to_owned()).filter(|path| path.is_file()).collect()
}

async fn save_future(dialog: rfd::AsyncFileDialog, suggested: &str) -> Vec<PathBuf> {
    let picked = dialog.set_file_name(suggested).save_file().await;
    let folder_exists = |path: &PathBuf| path.parent().is_some_and(|p| p.is_dir());
    picked.map(|file| file.path().to_owned()).filter(folder_exists).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_answer_at_once_is_no_dialog_and_a_later_one_is_a_cancel() {
        let answer = |paths: &[&str], millis| Answer {
            paths: paths.iter().map(PathBuf::from).collect(),
            took: Duration::from_millis(millis),
        };
        assert!(answer(&[], 3).is_no_dialog());
        assert!(!answer(&[], 900).is_no_dialog() && !answer(&["a.png"], 3).is_no_dialog());
    }
}
