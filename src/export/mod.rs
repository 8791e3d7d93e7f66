//! Files out: one exporter a file. Whatever is written is written whole or not at all.

pub mod png;
pub mod table;

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file that was not written, and why: one line.
#[derive(Debug)]
pub struct ExportError {
    pub path: PathBuf,
    pub cause: String,
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.cause)
    }
}

impl std::error::Error for ExportError {}

/// Writes a file by way of a temporary one beside it, which is renamed when all of it is on disk: at
/// every moment the path holds the old file or the new one.
///
/// # Errors
/// Names the path and the cause; nothing is left behind.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    let refuse = |cause: String| ExportError { path: path.to_owned(), cause };
    if path.is_dir() {
        return Err(refuse("this is a folder; give the name of a file".to_owned()));
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(refuse("its folder does not exist".to_owned()));
    }
    let explain = |e: std::io::Error| refuse(explained(&e));
    let mut file = tempfile::Builder::new().prefix(".quantscope-").tempfile_in(folder).map_err(explain)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(explain)?;
    set_permissions(&file, path).map_err(explain)?;
    file.persist(path).map_err(|e| explain(e.error))?;
    Ok(())
}

/// The permissions of the file that is replaced, or those that a new file usually gets.
fn set_permissions(file: &tempfile::NamedTempFile, path: &Path) -> std::io::Result<()> {
    if let Ok(old) = std::fs::metadata(path) {
        return file.as_file().set_permissions(old.permissions());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}

fn explained(error: &std::io::Error) -> String {
    use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem, StorageFull};
    match error.kind() {
        PermissionDenied => "no permission to write there".to_owned(),
        ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        StorageFull => "the disk is full".to_owned(),
        _ => format!("it cannot be written ({error})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_in(folder: &Path) -> Vec<String> {
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        for content in [b"first".as_slice(), b"the second", b""] {
            write_whole(&path, content).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), content);
        }
        assert_eq!(names_in(folder.path()), ["a.png"]);
    }

    #[test]
    fn what_cannot_be_written_is_named_with_the_cause_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let missing = write_whole(&folder.path().join("no/where.png"), b"x").unwrap_err().to_string();
        assert!(missing.contains("where.png") && missing.contains("folder does not exist"), "{missing}");
        let directory = write_whole(folder.path(), b"x").unwrap_err().to_string();
        assert!(directory.contains("this is a folder"), "{directory}");
        assert!(names_in(folder.path()).is_empty());
    }
}
