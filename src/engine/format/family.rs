//! What formats are shown under.

use serde::Serialize;

/// The heading that a format is listed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Integers times a scale.
    Integer,
    /// Small floats and fixed tables of levels, with or without a scale.
    Float,
    /// Block formats of GGUF files.
    Gguf,
    /// Levels that are fitted to the weights.
    Learned,
    /// Codes that cannot be read one by one.
    Coded,
    /// Rows that were added to the program's own.
    Own,
}

impl Family {
    /// In the order in which they are listed.
    pub const ALL: [Family; 6] =
        [Family::Integer, Family::Float, Family::Gguf, Family::Learned, Family::Coded, Family::Own];

    /// The heading, as the window and the command line show it.
    pub fn label(self) -> &'static str {
        match self {
            Family::Integer => "Integers",
            Family::Float => "Small floats",
            Family::Gguf => "GGUF (llama.cpp)",
            Family::Learned => "Learned levels",
            Family::Coded => "Trellis and entropy-coded",
            Family::Own => "Your own",
        }
    }
}
