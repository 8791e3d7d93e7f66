//! Where a file may go. Its ending says what is written, so that no file is of another kind than its name says;
//! what is there already is replaced only where that was asked for.

use std::fs;
use std::path::Path;

use super::ExportError;
use crate::source::formats::listed;

/// The ending of a file to be written, which must be one of `endings` (in lower case, without the dot); `what` is
/// written, for the refusal. A device or a pipe (`/dev/stdout`) has no ending and takes the first.
///
/// # Errors
/// [`ExportError::Ending`] for any other ending.
pub fn ending(path: &Path, what: &str, endings: &[&'static str]) -> Result<&'static str, ExportError> {
    let own = path.extension().unwrap_or_default();
    let named = endings.iter().find(|ending| own.eq_ignore_ascii_case(ending));
    named.or_else(|| endings.first().filter(|_| is_device(path))).copied().ok_or_else(|| ExportError::Ending {
        path: path.to_owned(),
        what: what.to_owned(),
        endings: listed_endings(endings.iter().copied()),
    })
}

/// What a file is written as, by its ending: one of `rows`, each with its ending.
///
/// # Errors
/// As of [`ending`].
pub fn find<T>(path: &Path, what: &str, rows: impl IntoIterator<Item = (&'static str, T)>) -> Result<T, ExportError> {
    let (endings, mut kinds): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let named = ending(path, what, &endings)?;
    Ok(kinds.swap_remove(endings.iter().position(|ending| *ending == named).unwrap_or(0)))
}

/// Whether writing there would replace a file. Through a link, the file it leads to; a device is no file.
pub fn is_taken(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|info| info.is_file())
}

fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|info| !info.is_file() && !info.is_dir())
}

/// ".csv, .json or .txt".
pub fn listed_endings<'a>(endings: impl IntoIterator<Item = &'a str>) -> String {
    let dotted: Vec<String> = endings.into_iter().map(|ending| format!(".{ending}")).collect();
    listed(&dotted.iter().map(String::as_str).collect::<Vec<_>>(), "or")
}
