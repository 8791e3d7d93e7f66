use quantscope::lesson::{builtin, read, write};

#[test]
fn a_lesson_written_and_read_is_the_same() {
    for lesson in builtin::all() {
        let lesson = lesson.unwrap();
        assert_eq!(read(write(&lesson).unwrap().as_bytes()).unwrap(), lesson);
    }
}

#[test]
fn a_fault_is_named_with_its_line() {
    let good = builtin::TEXTS[0];
    let bad = good.replacen("[[steps]]", "[[steps]]\ncolour = 3", 1);
    let line = bad.lines().position(|l| l == "colour = 3").unwrap() + 1;
    let why = read(bad.as_bytes()).unwrap_err().to_string();
    assert!(why.contains(&format!("line {line}")) && why.contains("colour"), "{why}");
    let why = read(b"quantscope_lesson = 1\ntitle = \"x\nsummary = 3").unwrap_err().to_string();
    assert!(why.starts_with("line 2"), "{why}");
    let why = read(b"quantscope_lesson = 1\n\xff").unwrap_err().to_string();
    assert!(why.starts_with("line 2"), "{why}");
}

#[test]
fn a_fault_in_a_claim_is_named_with_its_line() {
    let good = builtin::TEXTS[0];
    assert!(good.contains("[[steps.claims]]"));
    let with = |claim: &str| {
        let text = format!("{good}\n[[steps.claims]]\n{claim}\n");
        let line = text.lines().count() - claim.lines().count();
        (read(text.as_bytes()), format!("line {line}"))
    };
    let own = "says = \"both files below are really written\"\n";
    let sound = format!("{own}figure = \"palette.png-bytes\"\nis = \"above\"\nbound = 1");
    assert!(with(&sound).0.is_ok(), "{:?}", with(&sound).0);
    for (from, to, word) in [
        ("really written", "never written", "does not say"),
        ("png-bytes", "png-bites", "palette.png-bytes"),
        ("\nbound = 1", "", "bound"),
        ("above", "about", "within"),
        ("above", "rising", "no bound"),
        ("bound = 1", "bound = 1\nat = [999]", "999"),
        ("bound = 1", "bound = 1\ncolour = 3", "colour"),
        ("above", "larger", "larger"),
    ] {
        let (read, _) = with(&sound.replacen(from, to, 1));
        let why = read.unwrap_err().to_string();
        assert!(why.starts_with("line ") && why.contains(word), "{why}");
    }
    let (read, line) = with(&sound.replacen("png-bytes", "png-bites", 1));
    assert!(read.unwrap_err().to_string().starts_with(&line));
}

#[test]
fn no_prefix_of_a_lesson_file_is_taken_for_a_panic() {
    let text = builtin::TEXTS[0].as_bytes();
    for end in (0..text.len()).step_by(37) {
        let _ = read(&text[..end]);
    }
}
