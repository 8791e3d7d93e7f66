//! What leaves the program: one exporter a file, and the one way in which a file is written.

pub mod batch;
pub mod command_line;
pub mod convert;
pub mod destination;
pub mod document;
pub mod error;
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
pub mod webp;
pub mod weights_report;

use std::error::Error;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;

pub use error::{Broken, ExportError};

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

/// Writes what `make` makes, whole or not at all as [`write_whole`] does, without holding all of it in memory.
///
/// # Errors
/// As [`write_whole`], and whatever `make` fails with.
pub fn write_streamed(path: &Path, make: Make<'_>) -> Result<(), ExportError> {
    let fail = |cause: String| ExportError::File { path: path.to_owned(), cause };
    let failed = |broken| match broken {
        Broken::Io(e) => fail(cause_of(&e)),
        Broken::Export(error) => error,
    };
    match fs::metadata(path) {
        Ok(old) if old.is_dir() => Err(fail("it is a folder".into())),
        Ok(old) if !old.is_file() => write_through(path, make).map_err(failed),
        Ok(old) if old.permissions().readonly() => Err(fail("the file is read-only".into())),
        Ok(old) => {
            let target = fs::canonicalize(path).map_err(|e| fail(cause_of(&e)))?;
            replace(&target, make, Some(old.permissions())).map_err(failed)
        }
        Err(_) if path.file_name().is_none() => Err(fail("it does not name a file".into())),
        Err(_) => replace(path, make, None).map_err(failed),
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
