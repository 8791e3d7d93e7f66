//! Where a file may go. Its ending says what is written, so that no file is of another kind than its name says;
//! what is there already is replaced only where that was asked for.

use std::fs;
use std::path::Path;

use super::name_of;

/// Which of the endings (in lower case, without the dot) a path has.
pub fn find_ending(path: &Path, endings: &[&'static str]) -> Option<&'static str> {
    let own = path.extension()?.to_str()?;
    endings.iter().copied().find(|ending| own.eq_ignore_ascii_case(ending))
}

/// The ending of a file to be written, which must be one of `endings`; `what` is written, for the refusal. A device
/// or a pipe (`/dev/stdout`) has no ending and takes the first.
///
/// # Errors
/// One line that names the path and what is written.
pub fn ending(path: &Path, what: &str, endings: &[&'static str]) -> Result<&'static str, String> {
    let of_device = || endings.first().copied().filter(|_| is_device(path));
    find_ending(path, endings)
        .or_else(of_device)
        .ok_or_else(|| format!("{}: {what} is written as {}; give a name that ends so", name_of(path), listed(endings)))
}

/// Whether writing there would replace a file. Through a link, the file it leads to; a device is no file.
pub fn is_taken(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|info| info.is_file())
}

fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|info| !info.is_file() && !info.is_dir())
}

/// ".csv, .json or .txt".
fn listed(endings: &[&str]) -> String {
    let dotted: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
    match dotted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_is_one_that_is_written_or_the_refusal_names_those() {
        let endings = ["png", "gif"];
        assert_eq!(ending(Path::new("a.b/photo.GIF"), "a picture", &endings), Ok("gif"));
        for name in ["photo.jpg", "photo", ".png", "photo.png.webp", "png"] {
            let why = ending(Path::new(name), "a picture", &endings).unwrap_err();
            assert_eq!(why, format!("{name}: a picture is written as .png or .gif; give a name that ends so"));
        }
        let why = ending(Path::new("x"), "a table", &["csv", "json", "txt"]).unwrap_err();
        assert!(why.contains(".csv, .json or .txt"), "{why}");
    }

    #[test]
    fn a_file_is_taken_through_a_link_too_and_a_folder_or_nothing_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.png");
        assert!(!is_taken(&file) && !is_taken(folder.path()));
        fs::write(&file, b"x").unwrap();
        assert!(is_taken(&file));
        #[cfg(unix)]
        {
            let link = folder.path().join("b.png");
            std::os::unix::fs::symlink(&file, &link).unwrap();
            assert!(is_taken(&link));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_device_takes_the_first_ending_and_is_no_file_that_is_replaced() {
        assert_eq!(ending(Path::new("/dev/null"), "a picture", &["png", "gif"]), Ok("png"));
        assert!(!is_taken(Path::new("/dev/null")));
    }
}
