//! What formats are shown under.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    Integer,
    Float,
    Gguf,
    Learned,
    /// Codes that cannot be read one by one.
    Coded,
    /// Rows that were added to the program's own.
    Own,
}

impl Family {
    pub const ALL: [Family; 6] =
        [Family::Integer, Family::Float, Family::Gguf, Family::Learned, Family::Coded, Family::Own];

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
