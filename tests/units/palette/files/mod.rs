mod act;
mod ase;
mod gather;
mod riff;

use quantscope::palette::{kind_of, read};

#[test]
fn the_kind_is_told_from_the_content_and_not_from_the_name() {
    assert_eq!(read("wrong.act", b"GIMP Palette\n1 2 3\n").unwrap().colors, [[1, 2, 3, 255]]);
    let kind = |bytes: &[u8]| kind_of(bytes).map(|(_, kind)| kind.ending);
    assert_eq!((kind(&[0; 768]), kind(&[0; 769])), (Some("act"), None));
    // 96 lines of eight bytes each are as long as a colour table.
    let lines = b"0a0b0c\r\n".repeat(96);
    assert_eq!((lines.len(), kind(&lines)), (768, Some("hex")));
    assert_eq!(kind(&b"word ".repeat(154)[..768]), None);
    // A table of light colours, and one that begins as a list does.
    assert_eq!(kind(&[0xc8; 772]), Some("act"));
    assert_eq!(kind(&[b";;;\n\n\n".as_slice(), &[0; 762]].concat()), Some("act"));
}

#[test]
fn a_palette_is_named_by_itself_or_by_its_file() {
    let name_of = |file: &str, text: &str| read(file, text.as_bytes()).unwrap().name;
    assert_eq!(name_of("folder/warm.v2.gpl", "GIMP Palette\n1 2 3\n"), "warm.v2");
    assert_eq!(name_of("a.gpl", "GIMP Palette\nName:  Two words \n1 2 3\n"), "Two words");
    assert_eq!(name_of("a.gpl", "GIMP Palette\nName:\n1 2 3\n"), "a");
    assert_eq!(name_of("", "ffffff"), "palette");
    assert_eq!(name_of(&"n".repeat(300), "ffffff").len(), 64);
}

#[test]
fn what_is_no_palette_is_told_in_one_line() {
    let message = |name: &str, bytes: &[u8]| read(name, bytes).unwrap_err().to_string();
    assert_eq!(message("x.gpl", b""), "'x.gpl' is empty");
    assert_eq!(message("x.act", &[0; 700]), "'x.act' has 700 bytes; an Adobe colour table (.act) has 768 or 772");
    assert!(message("x.pal", b"\0\x01\x02").starts_with("'x.pal' is no palette of a kind that can be read"));
    assert!(message("x.txt", b"Some words\nand more").starts_with("'x.txt' is no palette"));
    assert_eq!(message("x.ase", b"\0\0\0\0\xe0\xa5\0\0"), "'x.ase' is a sprite of Aseprite, not a palette");
    assert!(message("x.jpg", b"\xff\xd8\xff\xe0").starts_with("'x.jpg' is a JPEG picture"));
    assert_eq!(message("a\nb", b""), "'a\u{fffd}b' is empty");
    let long = [b"GIMP Palette\n".as_slice(), &b"#\n".repeat(3 << 20)].concat();
    assert_eq!(message("x.gpl", &long), "'x.gpl' has 6291469 bytes of text, too many for a palette");
}
