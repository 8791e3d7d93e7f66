use quantscope::source::family::*;

#[test]
fn lessons_are_told_from_other_texts() {
    assert!(begins_lesson(b"# mine\n\nquantscope_lesson = 1\n"));
    assert!(begins_lesson("\u{feff}quantscope_lesson = 7".as_bytes()));
    for other in [b"".as_slice(), b"[package]\nname = \"x\"", b"\x89PNG", b"JASC-PAL"] {
        assert!(!begins_lesson(other));
    }
}
