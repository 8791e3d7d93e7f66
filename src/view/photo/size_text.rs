//! A PNG's size in words.

use crate::export::packed::PngSize;
use crate::figures;

/// "151 kB, packed from 165 kB".
pub(crate) fn size_text(size: PngSize) -> String {
    match size.packed {
        Some(packed) if packed < size.quick => {
            format!("{}, packed from {}", figures::kilobytes(packed), figures::kilobytes(size.quick))
        }
        _ => figures::kilobytes(size.quick),
    }
}
