//! Why a run has no report: the work was stopped, or something is wrong, and whose fault that is.

use thiserror::Error;

use crate::engine::control::{Stopped, stoppable};
use crate::engine::format::Format;
use crate::language::error::LanguageError;
use crate::source::error::PatternError;

/// Why a run has no report; its text is one line for people.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RunError {
    /// The work was superseded or cancelled; nothing is wrong.
    #[error("the work was stopped")]
    Stopped,
    /// The caller's fault: the model has no tensor of this number.
    #[error("there is no such tensor")]
    NoTensor,
    /// The file's fault: the tensor is stored in a way that is not read here.
    #[error("{0}")]
    Unreadable(&'static str),
    /// The file's fault: the tensor is empty.
    #[error("it has no values")]
    NoValues,
    /// The file's fault: it is no language model that is run here.
    #[error("{model} cannot be run: {why}")]
    NotRunnable {
        /// The model's name.
        model: String,
        /// What is in the way.
        why: LanguageError,
    },
    /// The program's own fault: its sample model cannot be opened; a test holds that it can.
    #[error("{0}")]
    Sample(String),
    /// The caller's fault: no GGUF holds this number format or type of values.
    #[error("GGUF has no type for {0}")]
    NoGgufType(String),
    /// The caller's fault: the format is not made of bytes that a file could hold.
    #[error("'{tensor}': {format} has no bytes of its own to be written")]
    NoBytes {
        /// The tensor's name.
        tensor: String,
        /// The format that was asked for.
        format: Format,
    },
    /// The caller's fault: the plan has no format.
    #[error("there is no format to choose from")]
    NoFormats,
    /// The caller's fault: a lock's pattern cannot be read.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// The caller's fault: a lock's pattern matches nothing.
    #[error("no tensor matches '{0}'")]
    NoMatch(String),
    /// The caller's fault: a lock on what cannot be quantized.
    #[error("'{tensor}' cannot be given a format: {why}")]
    NotQuantizable {
        /// The tensor's name.
        tensor: String,
        /// Why the tensor stays as it is stored.
        why: &'static str,
    },
    /// The file's fault: none of the plan's formats takes the tensor.
    #[error("'{tensor}' can be stored in none of these formats{}", .why.as_ref().map_or(String::new(), |why| format!(": {why}")))]
    NoChoice {
        /// The tensor's name.
        tensor: String,
        /// What was wrong with the first of them, where that was measured.
        why: Option<Box<RunError>>,
    },
    /// The caller's fault: the budget is less than what the plan takes at least.
    #[error(transparent)]
    UnderFloor(UnderFloor),
    /// The caller's fault: pictures are compared pixel by pixel.
    #[error(transparent)]
    SizesDiffer(#[from] SizesDiffer),
}

/// Two pictures that are not of one size.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{} is {} × {} pixels and {} is {} × {}: only pictures of one size can be compared{}",
    .candidate.name, .candidate.width, .candidate.height, .original.name, .original.width, .original.height, self.advice()
)]
pub struct SizesDiffer {
    /// What is compared with.
    pub original: Extent,
    /// What is compared.
    pub candidate: Extent,
}

/// A picture's name and size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The name of its file, for people.
    pub name: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl SizesDiffer {
    /// Pixels that were repeated lose nothing when they are taken once.
    fn advice(&self) -> String {
        let (small, large) = (&self.original, &self.candidate);
        let times = large.width / small.width.max(1);
        let is_multiple = times > 1
            && [(small.width, large.width), (small.height, large.height)]
                .iter()
                .all(|&(small, large)| u64::from(small) * u64::from(times) == u64::from(large));
        if !is_multiple {
            return String::new();
        }
        let (width, height) = (small.width, small.height);
        format!(
            "; it is exactly {times} times as large: if each pixel was repeated {times} × {times} times, scale it to \
             {width} × {height} without smoothing (nearest neighbour), which loses nothing"
        )
    }
}

/// A budget that is less than what the formats and locks of a plan take at least.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "the budget of {} is under the floor: these formats and locks take at least {}{}; raise the budget, add smaller \
     formats or remove locks",
    self.size(*.budget_bits),
    self.size(*.floor_bits),
    self.stand_ins_text()
)]
pub struct UnderFloor {
    /// Bits that the data of all tensors may take.
    pub budget_bits: u64,
    /// Bits that they take at least.
    pub floor_bits: u64,
    /// All weights of the model.
    pub values: u64,
    /// Tensors whose rows fit no block of a format of the plan.
    pub stand_ins: usize,
}

impl UnderFloor {
    fn size(&self, bits: u64) -> String {
        format!("{:.3} bits per weight ({:.2} MB)", bits as f64 / self.values.max(1) as f64, bits as f64 / 8e6)
    }

    fn stand_ins_text(&self) -> String {
        match self.stand_ins {
            0 => String::new(),
            n => {
                format!(" ({n} tensors have rows that fit no block of a format here, so that a larger type stands in)")
            }
        }
    }
}

impl RunError {
    /// Keeps what is wrong with one of many items, which is shown in its place, apart from a stop, which ends the work on
    /// all of them.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn of_item<T>(outcome: Result<T, Self>) -> Result<Result<T, Self>, Stopped> {
        match outcome {
            Err(Self::Stopped) => Err(Stopped),
            outcome => Ok(outcome),
        }
    }
}

stoppable!(RunError);
