use std::path::PathBuf;

use quantscope::picture::image::Image;
use quantscope::view::shell::clipboard::{Board, Fault, Pasted, colours_in, files_in, read};

/// A clipboard that holds what it is told to.
struct Held {
    files: Result<Vec<PathBuf>, Fault>,
    text: Result<String, Fault>,
    picture: Result<(), Fault>,
}

const EMPTY: Held = Held { files: Err(Fault::Absent), text: Err(Fault::Absent), picture: Err(Fault::Absent) };

impl Board for Held {
    fn files(&self) -> Result<Vec<PathBuf>, Fault> {
        self.files.clone()
    }

    fn text(&self) -> Result<String, Fault> {
        self.text.clone()
    }

    fn picture(&self) -> Result<Image, Fault> {
        self.picture.clone().map(|()| Image::new(2, 1, vec![[1, 2, 3, 255], [4, 5, 6, 0]]))
    }

    fn set_picture(&self, _: u32, _: u32, _: Vec<[u8; 4]>) -> Result<(), Fault> {
        Ok(())
    }
}

fn text(text: &str) -> Held {
    Held { text: Ok(text.to_owned()), picture: Ok(()), ..EMPTY }
}

#[test]
fn colours_are_known_from_words_however_they_are_set_apart() {
    let colours = |text: &str| colours_in(text).map(|found| found.unwrap().colors);
    let two = vec![[0xff, 0x88, 0, 255], [0, 0x44, 0xff, 255]];
    for text in ["#ff8800\n#0044ff\n", "ff8800\r\n0044ff", "#f80, #04f", "\"#ff8800\"; '#0044ff'", "  #ff8800 #0044ff"]
    {
        assert_eq!(colours(text), Some(two.clone()), "{text:?}");
    }
    assert_eq!(colours("#ff880080"), Some(vec![[0xff, 0x88, 0, 0x80]]));
    assert_eq!(colours("GIMP Palette\nName: x\n1 2 3\n"), Some(vec![[1, 2, 3, 255]]));
    for text in
        ["", "  \n", "add face", "fff", "colour: #ff8800", "https://a.example/ff8800", "#", "é".repeat(384).as_str()]
    {
        assert!(colours_in(text).is_none(), "{text:?}");
    }
    let many: String = (0..300).map(|i| format!("#{:06x}\n", i * 7)).collect();
    assert!(colours_in(&many).unwrap().unwrap_err().contains("at most 256"));
}

#[test]
fn paths_are_files_only_when_all_of_them_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, spaced) = (folder.path().join("a.png"), folder.path().join("my photo é.png"));
    for path in [&plain, &spaced] {
        std::fs::write(path, b"x").unwrap();
    }
    let address = format!("file://{}", spaced.display()).replace(' ', "%20").replace('é', "%C3%A9");
    assert_eq!(files_in(&format!("{}\r\n{address}\n", plain.display())), Some(vec![plain.clone(), spaced]));
    assert_eq!(files_in(&format!("{}\nand some words", plain.display())), None);
    assert_eq!(files_in(&folder.path().display().to_string()), None, "a folder");
    assert!(files_in("").is_none() && files_in("a.png").is_none());
}

#[test]
fn files_go_before_colours_colours_before_a_picture_and_words_open_nothing() {
    let files = vec![PathBuf::from("a.png")];
    let all = Held { files: Ok(files.clone()), ..text("#ff8800") };
    assert!(matches!(read(&all, false), Ok(Pasted::Files(found)) if found == files));
    assert!(matches!(read(&text("#ff8800"), false), Ok(Pasted::Palette(_))));
    assert!(matches!(read(&text("some words"), false), Ok(Pasted::Picture(_))));
    let words = Held { picture: Err(Fault::Absent), ..text("some words") };
    assert!(read(&words, false).unwrap_err().contains("neither a list of colours nor the path of a file"));
    assert!(read(&EMPTY, false).unwrap_err().contains("holds nothing that can be opened"));
}

#[test]
fn a_text_field_is_given_text_and_nothing_else() {
    assert!(matches!(read(&text("a\r\n#ff8800"), true), Ok(Pasted::Text(t)) if t == "a\n#ff8800"));
    let picture = Held { picture: Ok(()), ..EMPTY };
    assert_eq!(read(&picture, true).unwrap_err(), "The clipboard holds no text.");
}

#[test]
fn a_failure_is_told_only_where_nothing_was_found() {
    let failed = || Err(Fault::Failed("nobody is there".to_owned()));
    let half = Held { files: failed(), ..text("#ff8800") };
    assert!(matches!(read(&half, false), Ok(Pasted::Palette(_))));
    let none = Held { files: failed(), ..EMPTY };
    assert_eq!(read(&none, false).unwrap_err(), "The clipboard cannot be read: nobody is there");
}
