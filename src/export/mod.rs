//! What leaves the program: one exporter a file, and the one way in which a file is written.

pub mod convert;
pub mod destination;
pub mod document;
pub mod exporter;
pub mod exporters;
pub mod gguf;
pub mod gif;
pub mod packed;
pub mod photo_table;
pub mod recipe;
pub mod safetensors;
pub mod sheet;
pub mod svg;
pub mod table;
pub mod weights_report;

use std::error::Error;
use std::fmt;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::engine::control::{Failure, Stopped};

/// Why there is no export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportError {
    /// The owner of the work cancelled it; nothing is wrong.
    Stopped,
    /// The file system refused.
    File {
        /// The file that was to be written.
        path: PathBuf,
        /// What is wrong, in words for people.
        cause: String,
    },
    /// The caller asked for a file that the format cannot hold.
    Unfit(String),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped => write!(f, "the export was stopped"),
            Self::File { path, cause } => {
                write!(f, "cannot write {}: {cause}", name_of(path))
            }
            Self::Unfit(cause) => write!(f, "cannot export: {cause}"),
        }
    }
}

/// A path for a message of one line: a file's name may hold a line break.
fn name_of(path: &Path) -> String {
    path.display().to_string().replace(char::is_control, "?")
}

impl Error for ExportError {}

impl From<Stopped> for ExportError {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Stopped => Self::Stopped,
            other => Self::Message(other.to_string()),
        }
    }
}

/// Writes the file whole or not at all.
///
/// The bytes go to a temporary file in the same folder, are synced, and take the name in one step, so
/// that a crash, a full disk or a refusal leaves the old file as it was and nothing beside it. A file
/// that is replaced keeps its permissions; through a symbolic link, the file it leads to is replaced.
/// Devices and pipes (`/dev/stdout`) have no whole to keep and are written to directly.
///
/// # Errors
/// [`ExportError::File`] with the path and the cause: no such folder, a folder of that name, a
/// read-only file or folder, a full disk.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    write_streamed(path, &mut |out| Ok(out.write_all(bytes)?))
}

/// Why the writing of a stream ended early.
#[derive(Debug)]
pub enum Broken {
    /// The owner of the work cancelled it; nothing is wrong.
    Stopped,
    /// The writer failed.
    Io(io::Error),
    /// What was to be written cannot be: a sentence for people.
    Unfit(String),
}

/// Writes what `make` makes, whole or not at all as [`write_whole`] does, without holding all of it in memory.
///
/// # Errors
/// As [`write_whole`], and whatever `make` fails with.
pub fn write_streamed(
    path: &Path,
    make: &mut dyn FnMut(&mut dyn Write) -> Result<(), Broken>,
) -> Result<(), ExportError> {
    let fail = |cause: String| ExportError::File { path: path.to_owned(), cause };
    let told = |broken| match broken {
        Broken::Stopped => ExportError::Stopped,
        Broken::Io(e) => fail(cause_of(&e)),
        Broken::Unfit(why) => ExportError::Unfit(why),
    };
    match fs::metadata(path) {
        Ok(old) if old.is_dir() => Err(fail("it is a folder".into())),
        Ok(old) if !old.is_file() => write_through(path, make).map_err(told),
        Ok(old) if old.permissions().readonly() => Err(fail("the file is read-only".into())),
        Ok(old) => {
            let target = fs::canonicalize(path).map_err(|e| fail(cause_of(&e)))?;
            replace(&target, make, Some(old.permissions())).map_err(told)
        }
        Err(_) if path.file_name().is_none() => Err(fail("it does not name a file".into())),
        Err(_) => replace(path, make, None).map_err(told),
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Stopped> for Broken {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

impl From<Failure> for ExportError {
    fn from(fault: Failure) -> Self {
        match fault {
            Failure::Stopped => Self::Stopped,
            Failure::Message(why) => Self::Unfit(why),
        }
    }
}

impl From<Failure> for Broken {
    fn from(fault: Failure) -> Self {
        match fault {
            Failure::Stopped => Self::Stopped,
            Failure::Message(why) => Self::Unfit(why),
        }
    }
}

type Make<'a> = &'a mut dyn FnMut(&mut dyn Write) -> Result<(), Broken>;

fn write_through(path: &Path, make: Make<'_>) -> Result<(), Broken> {
    let mut file = BufWriter::new(OpenOptions::new().write(true).open(path)?);
    make(&mut file)?;
    Ok(file.flush()?)
}

fn replace(path: &Path, make: Make<'_>, permissions: Option<Permissions>) -> Result<(), Broken> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".quantscope-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // less what the umask takes
    let mut file = builder.tempfile_in(folder)?;
    let mut out = BufWriter::with_capacity(1 << 16, file.as_file_mut());
    make(&mut out)?;
    out.flush()?;
    drop(out);
    if let Some(permissions) = permissions {
        // Some file systems have none to set; the export matters more.
        let _ = file.as_file().set_permissions(permissions);
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(io::Error::from)?;
    Ok(())
}

/// The cause in words for people, without the name of the temporary file.
fn cause_of(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "the folder does not exist".into(),
        ErrorKind::NotADirectory => "a part of the path is a file, not a folder".into(),
        ErrorKind::PermissionDenied => "permission denied".into(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        ErrorKind::StorageFull => "the disk is full".into(),
        ErrorKind::QuotaExceeded => "the disk quota is used up".into(),
        ErrorKind::InvalidFilename => "the file name is too long or not allowed".into(),
        _ => {
            let mut innermost: &dyn Error = error;
            while let Some(source) = innermost.source() {
                innermost = source;
            }
            innermost.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_in(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_written_file_holds_the_bytes_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.bin");
        write_whole(&path, b"first, and longer").unwrap();
        write_whole(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(names_in(folder.path()), ["a.bin"]);
    }

    #[test]
    fn a_missing_folder_is_named_in_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none").join("a.bin");
        let message = write_whole(&path, b"x").unwrap_err().to_string();
        assert_eq!(message, format!("cannot write {}: the folder does not exist", path.display()));
        assert!(names_in(folder.path()).is_empty());
    }

    #[test]
    fn a_folder_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let message = write_whole(&inner, b"x").unwrap_err().to_string();
        assert!(message.ends_with("it is a folder"), "{message}");
        assert_eq!(names_in(folder.path()), ["inner"]);
        assert!(write_whole(Path::new(""), b"x").unwrap_err().to_string().ends_with("it does not name a file"));
    }

    #[test]
    fn a_path_through_a_file_is_told_apart_from_a_missing_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), b"").unwrap();
        let message = write_whole(&folder.path().join("file").join("a.bin"), b"x").unwrap_err().to_string();
        assert!(message.ends_with("a part of the path is a file, not a folder"), "{message}");
    }

    #[test]
    fn a_refused_name_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_whole(&folder.path().join("n".repeat(300)), b"x").unwrap_err();
        assert!(error.to_string().ends_with("too long or not allowed"), "{error}");
        assert!(names_in(folder.path()).is_empty());
    }

    #[test]
    fn a_read_only_file_keeps_its_contents() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.bin");
        fs::write(&path, b"old").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let message = write_whole(&path, b"new").unwrap_err().to_string();
        assert!(message.ends_with("the file is read-only"), "{message}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }

    #[test]
    fn a_stream_that_breaks_off_leaves_the_old_file_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.bin");
        fs::write(&path, b"old").unwrap();
        let full = || Broken::Io(io::Error::from(ErrorKind::StorageFull));
        for (broken, words) in
            [(full(), "the disk is full"), (Broken::Stopped, "stopped"), (Broken::Unfit("why".into()), "why")]
        {
            let mut broken = Some(broken);
            let outcome = write_streamed(&path, &mut |out| {
                out.write_all(&[7; 200_000])?;
                Err(broken.take().unwrap_or(Broken::Stopped))
            });
            assert!(outcome.unwrap_err().to_string().contains(words));
            assert_eq!(
                (fs::read(&path).unwrap().as_slice(), names_in(folder.path())),
                (b"old".as_slice(), vec!["a.bin".to_owned()])
            );
        }
        write_streamed(&path, &mut |out| Ok(out.write_all(b"new")?)).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn a_failure_that_is_not_a_stop_becomes_a_message() {
        assert_eq!(Failure::from(ExportError::Stopped), Failure::Stopped);
        let unfit = ExportError::Unfit("no pixels".into());
        assert_eq!(Failure::from(unfit), Failure::Message("cannot export: no pixels".into()));
    }

    #[test]
    fn a_message_is_one_line_whatever_the_file_is_called() {
        let error = ExportError::File { path: "a\nb".into(), cause: "why".into() };
        assert_eq!(error.to_string(), "cannot write a?b: why");
    }

    #[cfg(unix)]
    mod unix {
        use super::*;
        use std::os::unix::fs::{PermissionsExt, symlink};

        fn mode(path: &Path) -> u32 {
            fs::metadata(path).unwrap().permissions().mode() & 0o777
        }

        #[test]
        fn a_replaced_file_keeps_its_permissions_and_a_new_one_has_the_usual() {
            let folder = tempfile::tempdir().unwrap();
            let (usual, ours) = (folder.path().join("usual"), folder.path().join("ours"));
            fs::write(&usual, b"").unwrap();
            write_whole(&ours, b"x").unwrap();
            assert_eq!(mode(&ours), mode(&usual));
            fs::set_permissions(&ours, Permissions::from_mode(0o640)).unwrap();
            write_whole(&ours, b"y").unwrap();
            assert_eq!(mode(&ours), 0o640);
        }

        #[test]
        fn a_symbolic_link_stays_and_its_file_is_replaced() {
            let folder = tempfile::tempdir().unwrap();
            let (file, link) = (folder.path().join("file"), folder.path().join("link"));
            fs::write(&file, b"old").unwrap();
            symlink(&file, &link).unwrap();
            write_whole(&link, b"new").unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read(&file).unwrap(), b"new");
        }

        #[test]
        fn a_read_only_folder_refuses() {
            let folder = tempfile::tempdir().unwrap();
            fs::set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
            // The superuser is refused nothing, and then there is nothing to see.
            if fs::write(folder.path().join("probe"), b"").is_err() {
                let message = write_whole(&folder.path().join("a.bin"), b"x").unwrap_err().to_string();
                assert!(message.ends_with("permission denied"), "{message}");
                assert!(names_in(folder.path()).is_empty());
            }
            fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        }

        #[cfg(target_os = "linux")]
        #[test]
        fn a_full_device_is_told_and_a_device_stays_a_device() {
            let message = write_whole(Path::new("/dev/full"), b"x").unwrap_err().to_string();
            assert_eq!(message, "cannot write /dev/full: the disk is full");
            write_whole(Path::new("/dev/null"), b"x").unwrap();
            assert!(!fs::metadata("/dev/null").unwrap().is_file());
        }
    }
}
