use std::fs;
use std::path::Path;

use quantscope::export::destination::*;

#[test]
fn an_ending_is_one_that_is_written_or_the_refusal_names_those() {
    let endings = ["png", "gif"];
    assert_eq!(ending(Path::new("a.b/photo.GIF"), "a picture", &endings), Ok("gif"));
    for name in ["photo.jpg", "photo", ".png", "photo.png.webp", "png"] {
        let why = ending(Path::new(name), "a picture", &endings).unwrap_err().to_string();
        assert_eq!(why, format!("{name}: a picture is written as .png or .gif; give a name that ends so"));
    }
    let why = ending(Path::new("x"), "a table", &["csv", "json", "txt"]).unwrap_err().to_string();
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
