//! What the formats that are lines of text share.

use std::borrow::Cow;

use crate::palette::error::FileFault;
use crate::palette::one_line::excerpt;

/// A text of 256 colours takes some 10 kB; what is far beyond is something else.
const MOST_BYTES: usize = 4 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Without the mark of its encoding.
pub(super) fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

/// Text without any byte that text does not use; letters beyond ASCII are taken for such letters.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| matches!(b, b'\t' | b'\n' | b'\r' | 0x20..=0x7e | 0x80..))
}

/// UTF-8, or else Latin-1, in which no text can be wrong; lines end in a line feed.
///
/// # Errors
/// It is too long.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, FileFault> {
    if bytes.len() > MOST_BYTES {
        return Err(FileFault::TooLarge(format!("has {} bytes of text, too many for a palette", bytes.len())));
    }
    let bytes = unmarked(bytes);
    let text = str::from_utf8(bytes)
        .map_or_else(|_| bytes.iter().map(|&b| char::from(b)).collect::<String>().into(), Cow::from);
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text })
}

/// Numbered as an editor does it, without the blanks around them.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(i, line)| (i + 1, line.trim())).filter(|(_, line)| !line.is_empty())
}

/// The palette's name in a comment, as sites that list palettes write it.
pub(super) fn name_in(comment: &str) -> Option<String> {
    comment.trim_start().strip_prefix("Palette Name:").map(|name| name.trim().to_owned())
}

/// Red, green, blue (and alpha) at the beginning of a line.
pub(super) fn numbers(number: usize, line: &str, has_alpha: bool) -> Result<[u8; 4], FileFault> {
    let mut parts = line.split_whitespace().map(|part| part.parse::<u8>().ok());
    let mut part = || parts.next().flatten();
    let rgb = [part(), part(), part()];
    let alpha = if has_alpha { part() } else { Some(u8::MAX) };
    match (rgb, alpha) {
        ([Some(r), Some(g), Some(b)], Some(alpha)) => Ok([r, g, b, alpha]),
        _ => {
            let count = if has_alpha { "four" } else { "three" };
            let line = excerpt(line);
            Err(format!("has in line {number} no colour: '{line}'; it takes {count} numbers from 0 to 255").into())
        }
    }
}
