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

/// Whether a tensor's blocks of this kind lie along the last dimension as a GGUF has it, and another type stands in where
/// they do not fit. All others go over a row however many dimensions it has.
pub(super) fn lies_along_file_rows(kind: Kind) -> bool {
    matches!(stored_as(kind, 1), Stored::F16)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converters_fall_back_by_their_table_and_then_to_f16() {
        for (kind, row, stored) in [
            (Kind::Q4K, 512, Stored::Whole(Kind::Q4K)),
            (Kind::Q4K, 96, Stored::Whole(Kind::Q5_0)),
            (Kind::Q5K, 96, Stored::Whole(Kind::Q5_1)),
            (Kind::Q6K, 96, Stored::Whole(Kind::Q8_0)),
            (Kind::Q3K, 96, Stored::Whole(Kind::Iq4Nl)),
            (Kind::Tq1_0, 96, Stored::Whole(Kind::Q4_0)),
            (Kind::Q4K, 172, Stored::F16),
            (Kind::Q8_0, 172, Stored::F16),
            (Kind::Mxfp8E4m3, 172, Stored::Padded(Kind::Mxfp8E4m3)),
            (Kind::Nf4, 172, Stored::Flat(Kind::Nf4)),
        ] {
            assert_eq!(stored_as(kind, row), stored, "{kind:?} {row}");
        }
    }

    #[test]
    fn what_stands_in_is_a_format_whose_blocks_are_shorter() {
        for kind in Kind::ALL {
            if let Fallback::Format(name) = kind.row().fallback {
                assert!(Kind::from_name(name).unwrap().block_len() < kind.block_len(), "{kind:?}");
            }
        }
    }

    #[test]
    fn only_types_that_converters_write_lie_along_the_rows_of_the_file() {
        for kind in Kind::ALL {
            let written = kind.row().source.starts_with("ggml") && kind != Kind::Nvfp4;
            assert_eq!(lies_along_file_rows(kind), written, "{kind:?}");
        }
    }

    #[test]
    fn what_was_asked_for_and_got_is_not_worth_a_word_and_everything_else_is() {
        assert_eq!(stored_as(Kind::Q4K, 512).note(Kind::Q4K, 512), None);
        let note = stored_as(Kind::Q4K, 96).note(Kind::Q4K, 96).unwrap();
        assert_eq!(note, "row of 96 is no multiple of 256: q5_0 used, as converters do");
        assert!(stored_as(Kind::Q4K, 172).note(Kind::Q4K, 172).unwrap().contains("f16"));
    }
}
