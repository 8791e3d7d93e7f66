use std::path::Path;

use quantscope::engine::control::Control;
use quantscope::picture::png::indexed_png;
use quantscope::source::palette::*;

fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn strip(width: u32, height: u32) -> Vec<u8> {
    let palette = [[1, 2, 3, 255], [9, 8, 7, 255]];
    let codes: Vec<u8> = (0..width * height).map(|i| (i % 2) as u8).collect();
    indexed_png(width, height, &codes, &palette, &Control::unwatched()).unwrap()
}

#[test]
fn a_png_is_a_palette_only_as_a_strip() {
    for (width, height, expected) in [(1, 1, false), (2, 1, true), (256, 1, true), (257, 1, false), (16, 2, false)] {
        let (_folder, path) = file("a.png", &strip(width, height));
        assert_eq!(is_strip(&path), expected, "{width} × {height}");
    }
    let (_folder, path) = file("a.png", b"\x89PNG\r\n");
    assert!(!is_strip(&path));
}

#[test]
fn what_cannot_be_a_palette_is_refused_with_its_name_and_the_cause() {
    let many: String = (0..10_000).map(|i| format!("{:06x}\n", i * 7)).collect();
    for (bytes, cause) in [
        (b"".as_slice(), "is empty"),
        (b"GIMP Palette\nName: none\n#\n", "holds no colours"),
        (many.as_bytes(), "has 10000 colours; a palette holds at most 256"),
        (b"\0\x01garbage\xff", "is no palette of a kind that can be read"),
    ] {
        let (_folder, path) = file("odd.gpl", bytes);
        let message = open(&path).unwrap_err().to_string();
        assert!(message.contains("odd.gpl") && message.contains(cause), "{message}");
        assert_eq!(message.lines().count(), 1);
    }
    assert!(open(Path::new("/nonexistent/a.gpl")).unwrap_err().to_string().contains("there is no such file"));
    let (_folder, path) = file("vast.hex", b"ff8800\n");
    std::fs::File::options().write(true).open(&path).unwrap().set_len(MOST_BYTES + 1).unwrap();
    assert!(open(&path).unwrap_err().to_string().ends_with("vast.hex: it is larger than 64 MiB: no palette is"));
    let (_folder, path) = file("one.hex", b"ff8800\n");
    assert_eq!(open(&path).unwrap().colors(), [[255, 136, 0, 255]]);
}
