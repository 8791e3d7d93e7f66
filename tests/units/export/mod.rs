mod batch;
mod command_line;
mod destination;
mod document;
mod gif;
mod packed;
mod photo_table;
mod recipe;
mod safetensors;
mod sheet;
mod svg;
mod table;
mod webp;

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::path::Path;

use quantscope::engine::control::Failure;
use quantscope::export::*;

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
    let unfit = |why: &str| Broken::Export(ExportError::Unfit(why.into()));
    for (broken, words) in
        [(full(), "the disk is full"), (unfit("why"), "why"), (Broken::Export(ExportError::Stopped), "stopped")]
    {
        let mut broken = Some(broken);
        let outcome = write_streamed(&path, &mut |out| {
            out.write_all(&[7; 200_000])?;
            Err(broken.take().unwrap_or(Broken::Export(ExportError::Stopped)))
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
