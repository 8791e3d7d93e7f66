use quantscope::source::split::Numbered;

#[test]
fn only_names_that_count_their_files_are_parts() {
    let numbered = Numbered::of("a-b-00002-of-00003.gguf").unwrap();
    assert_eq!((numbered.stem, numbered.number, numbered.count), ("a-b", 2, 3));
    assert_eq!(numbered.sibling(3), "a-b-00003-of-00003.gguf");
    for name in ["a.gguf", "a-2-of-3.gguf", "a-00004-of-00003.gguf", "a-00000-of-00003.gguf", "00001-of-00002"] {
        assert_eq!(Numbered::of(name), None, "{name}");
    }
}
