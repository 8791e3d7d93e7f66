//! The system's clipboard, both ways: pictures, palettes, paths of files, and text for the fields.
//!
//! What lies there belongs to another program, which may take seconds to hand it over, so it is asked on threads
//! beside the window. Text that egui copies goes its own way.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use crate::jobs::Wake;
use crate::palette::{self, NamedPalette, parse_hex};
use crate::picture::image::Image;

/// Why the clipboard did not give what it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// It holds nothing of that kind.
    Absent,
    /// It could not be read or written: why, as the system says it.
    Failed(String),
}

/// A clipboard; each call may take seconds.
pub trait Board: Send + Sync {
    /// The paths of copied files.
    ///
    /// # Errors
    /// Where it holds no files, or cannot be read.
    fn files(&self) -> Result<Vec<PathBuf>, Fault>;
    /// Copied text, as it was copied.
    ///
    /// # Errors
    /// Where it holds no text, or cannot be read.
    fn text(&self) -> Result<String, Fault>;
    /// A copied picture, of straight alpha.
    ///
    /// # Errors
    /// Where it holds no picture, or cannot be read.
    fn picture(&self) -> Result<Image, Fault>;
    /// Puts a picture of straight alpha there.
    ///
    /// # Errors
    /// Where it cannot be reached.
    fn set_picture(&self, width: u32, height: u32, rgba: Vec<[u8; 4]>) -> Result<(), Fault>;
}

/// The desktop's clipboard. It is opened anew each time, which costs nothing beside egui's own.
struct Desktop;

impl Desktop {
    fn with<T>(act: impl FnOnce(&mut arboard::Clipboard) -> Result<T, arboard::Error>) -> Result<T, Fault> {
        arboard::Clipboard::new().and_then(|mut clipboard| act(&mut clipboard)).map_err(|error| match error {
            arboard::Error::ContentNotAvailable => Fault::Absent,
            other => Fault::Failed(other.to_string()),
        })
    }
}

impl Board for Desktop {
    fn files(&self) -> Result<Vec<PathBuf>, Fault> {
        Self::with(|clipboard| clipboard.get().file_list())
    }

    fn text(&self) -> Result<String, Fault> {
        Self::with(arboard::Clipboard::get_text)
    }

    fn picture(&self) -> Result<Image, Fault> {
        let picture = Self::with(arboard::Clipboard::get_image)?;
        let rgba = picture.bytes.as_chunks::<4>().0.to_vec();
        match (u32::try_from(picture.width), u32::try_from(picture.height)) {
            (Ok(width), Ok(height)) if !rgba.is_empty() => Ok(Image::new(width, height, rgba)),
            _ => Err(Fault::Absent),
        }
    }

    fn set_picture(&self, width: u32, height: u32, rgba: Vec<[u8; 4]>) -> Result<(), Fault> {
        let bytes = rgba.into_flattened().into();
        let picture = arboard::ImageData { width: width as usize, height: height as usize, bytes };
        Self::with(|clipboard| clipboard.set_image(picture))
    }
}

/// What a paste brings.
#[derive(Debug)]
pub enum Pasted {
    /// Files to be opened.
    Files(Vec<PathBuf>),
    /// Colours, from a text.
    Palette(NamedPalette),
    /// A picture, of straight alpha.
    Picture(Arc<Image>),
    /// For the text field that has the keyboard.
    Text(String),
}

/// What came of asking the clipboard.
pub(crate) enum Answer {
    Pasted(Result<Pasted, String>),
    /// What was copied, in words.
    Copied(Result<String, String>),
}

/// What is being asked of the clipboard.
pub struct Clipboard {
    board: Arc<dyn Board>,
    pub(crate) waiting: Vec<Receiver<Answer>>,
    /// Goes into the text field that has the keyboard, with the next frame.
    pub(crate) typed: Option<String>,
    /// Pictures pasted so far: each is a photo of its own.
    pub(crate) pictures: usize,
}

impl Default for Clipboard {
    fn default() -> Self {
        Self::of(Arc::new(Desktop))
    }
}

impl Clipboard {
    /// Nothing asked yet of this board.
    pub fn of(board: Arc<dyn Board>) -> Self {
        Self { board, waiting: Vec::new(), typed: None, pictures: 0 }
    }

    /// Whether an answer of the board is still awaited.
    pub fn is_busy(&self) -> bool {
        !self.waiting.is_empty()
    }

    pub(crate) fn ask(&mut self, wake: &Wake, act: impl FnOnce(&dyn Board) -> Answer + Send + 'static) {
        let (send, answer) = channel();
        let (board, wake) = (self.board.clone(), wake.clone());
        // Without a thread the channel closes, which reads as a failure.
        let _ = std::thread::Builder::new().name("clipboard".to_owned()).spawn(move || {
            let _ = send.send(act(&*board));
            wake();
        });
        self.waiting.push(answer);
    }

    pub(crate) fn answers(&mut self) -> Vec<Answer> {
        let mut answers = Vec::new();
        self.waiting.retain(|waiting| match waiting.try_recv() {
            Ok(answer) => {
                answers.push(answer);
                false
            }
            Err(TryRecvError::Empty) => true,
            Err(TryRecvError::Disconnected) => {
                answers.push(Answer::Pasted(Err("The clipboard gave no answer.".to_owned())));
                false
            }
        });
        answers
    }
}

/// Asks for what can be opened here: files, colours and paths in a text, a picture, in this order, since programs
/// that copy a file or a cell often offer a picture of it as well. For a text field, text alone.
///
/// # Errors
/// A line for people when it holds nothing of use, or cannot be read.
pub fn read(board: &dyn Board, into_text: bool) -> Result<Pasted, String> {
    let mut failure = None;
    let mut note = |fault: Fault| match fault {
        Fault::Absent => {}
        Fault::Failed(why) => failure = Some(why),
    };
    if !into_text {
        match board.files() {
            Ok(files) if !files.is_empty() => return Ok(Pasted::Files(files)),
            Ok(_) => {}
            Err(fault) => note(fault),
        }
    }
    let text = board.text().map_err(&mut note).ok();
    if into_text {
        let text = text.map(|text| Pasted::Text(text.replace("\r\n", "\n")));
        return text.ok_or_else(|| explain(failure, "The clipboard holds no text."));
    }
    if let Some(meant) = text.as_deref().and_then(meaning) {
        return meant;
    }
    match board.picture() {
        Ok(picture) => return Ok(Pasted::Picture(Arc::new(picture))),
        Err(fault) => note(fault),
    }
    Err(explain(
        failure,
        match text {
            Some(_) => "The clipboard holds a text that is neither a list of colours nor the path of a file.",
            None => "The clipboard holds nothing that can be opened: no picture, no colours, no file.",
        },
    ))
}

fn explain(failure: Option<String>, otherwise: &str) -> String {
    failure.map_or(otherwise.to_owned(), |why| format!("The clipboard cannot be read: {why}"))
}

/// What a text stands for: colours or files.
fn meaning(text: &str) -> Option<Result<Pasted, String>> {
    colours_in(text)
        .map(|palette| palette.map(Pasted::Palette))
        .or_else(|| files_in(text).map(|f| Ok(Pasted::Files(f))))
}

/// The colours of a text, at most 256: that of a palette file, or nothing but colours with blanks, commas or quotes between them.
/// None where it is another text.
pub fn colours_in(text: &str) -> Option<Result<NamedPalette, String>> {
    const NAME: &str = "Pasted colours";
    if text.starts_with("GIMP Palette") || text.starts_with("JASC-PAL") {
        return Some(palette::read(NAME, text.as_bytes()).map_err(|why| why.to_string()));
    }
    // Without a number sign only whole bytes are taken: "add" and "face" are words.
    let is_colour = |word: &str| parse_hex(word).is_ok() && (word.starts_with('#') || matches!(word.len(), 6 | 8));
    let words = text.split(|c: char| c.is_whitespace() || ",;\"'".contains(c)).filter(|word| !word.is_empty());
    let lines = words.map(|word| is_colour(word).then_some(word)).collect::<Option<Vec<&str>>>()?;
    (!lines.is_empty()).then(|| palette::read(NAME, lines.join("\n").as_bytes()).map_err(|why| why.to_string()))
}

/// Files that are there, a line each, as paths or as addresses.
pub fn files_in(text: &str) -> Option<Vec<PathBuf>> {
    let path = |line: &str| {
        let decoded = line.strip_prefix("file://").map(|rest| percent_encoding::percent_decode_str(rest).decode_utf8());
        let path = match decoded {
            Some(decoded) => PathBuf::from(decoded.ok()?.into_owned()),
            None => PathBuf::from(line),
        };
        (path.is_absolute() && path.is_file()).then_some(path)
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(path).collect::<Option<Vec<_>>>().filter(|paths| !paths.is_empty())
}
