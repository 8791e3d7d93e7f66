//! What a row is stored as whose length is no multiple of the block.
//!
//! Converters to GGUF choose another type by this table (llama.cpp, `llama-quantize`), and f16 where that
//! does not fit either. Formats that no such converter writes fill up the last block of a row with zeros.

use crate::engine::block::{Fallback, Kind};

/// How the rows of a tensor are stored when a block format is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// Whole blocks of this kind: the one that was asked for, or what stands in for it.
    Whole(Kind),
    /// The last block of a row is filled up.
    Padded(Kind),
    /// One run over the ends of rows; only the tensor's last block is filled up.
    Flat(Kind),
    /// Sixteen bits a weight: no block fits.
    F16,
}

/// How rows of `row` weights are stored when `kind` is asked for.
pub fn stored_as(kind: Kind, row: usize) -> Stored {
    let fits = |kind: &Kind| row.is_multiple_of(kind.block_len());
    match kind.row().fallback {
        Fallback::Flat => Stored::Flat(kind),
        _ if fits(&kind) => Stored::Whole(kind),
        Fallback::Padded => Stored::Padded(kind),
        Fallback::F16 => Stored::F16,
        Fallback::Format(name) => Kind::from_name(name).filter(fits).map_or(Stored::F16, Stored::Whole),
    }
}

impl Stored {
    /// What there is to say to who asked for `kind` and got this, for rows of `row` weights.
    pub fn note(self, kind: Kind, row: usize) -> Option<String> {
        let block = kind.block_len();
        match self {
            Stored::Whole(used) if used == kind => None,
            Stored::Whole(used) => {
                Some(format!("row of {row} is no multiple of {block}: {} used, as converters do", used.name()))
            }
            Stored::F16 => Some(format!("row of {row} fits no block of {}: f16 used, as converters do", kind.name())),
            Stored::Padded(_) => Some(format!("row of {row} is no multiple of {block}: its last block is filled up")),
            Stored::Flat(_) if !row.is_multiple_of(block) => {
                Some(format!("row of {row} is no multiple of {block}: blocks run on over the ends of rows"))
            }
            Stored::Flat(_) => None,
        }
    }
}
