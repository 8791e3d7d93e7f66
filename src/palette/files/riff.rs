//! Microsoft's RIFF palette: a LOGPALETTE in a chunk.
//!
//! Source: Microsoft and IBM, *Multimedia Programming Interface and Data Specifications 1.0*, 1991, "Palette File
//! Format", and LOGPALETTE.

use super::gather::Gather;
use super::kind::{Evidence, FileKind};
use crate::palette::error::FileFault;

pub(super) static KIND: FileKind = FileKind {
    label: "RIFF palette",
    known_as: "RIFF .pal",
    ending: "pal",
    evidence: |bytes| (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"PAL ")).then_some(Evidence::Marked),
    read,
    write: None,
};

/// Chunks of a four-letter name, a length and content padded to an even length; the one called "data"
/// is a LOGPALETTE. All numbers are little-endian.
fn read(bytes: &[u8], gather: &mut Gather) -> Result<Option<String>, FileFault> {
    let mut rest = bytes.get(12..).unwrap_or_default();
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let [n0, n1, n2, n3, l0, l1, l2, l3] = *head;
        let len = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        if [n0, n1, n2, n3] == *b"data" {
            let content = after.get(..len).ok_or_else(|| {
                format!("is cut short: its data should have {len} bytes and there are {}", after.len())
            })?;
            return log_palette(content, gather).map(|()| None);
        }
        rest = after.get(len.saturating_add(len % 2)..).unwrap_or_default();
    }
    Err("is a RIFF palette without its data".into())
}

/// A version, the number of entries, and entries of red, green, blue and flags. The flags tell Windows
/// how to share the entry with other programs; they are not an alpha.
fn log_palette(content: &[u8], gather: &mut Gather) -> Result<(), FileFault> {
    let (&[_, _, low, high], entries) =
        content.split_first_chunk::<4>().ok_or("is cut short before its first colour")?;
    let count = usize::from(u16::from_le_bytes([low, high]));
    let (entries, _) = entries.as_chunks::<4>();
    if entries.len() < count {
        return Err(format!("is cut short: of {count} colours it holds {}", entries.len()).into());
    }
    entries.iter().take(count).try_for_each(|&[r, g, b, _]| gather.push_entry([r, g, b, u8::MAX], ""))
}
