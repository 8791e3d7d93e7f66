use quantscope::language::generate::*;

fn marked(text: &str, other: &str) -> Vec<String> {
    compare_words(text, other).into_iter().filter(|w| w.differs).map(|w| w.text.trim_end().to_owned()).collect()
}

#[test]
fn only_words_that_differ_are_marked() {
    assert!(marked("a b c", "a b c").is_empty());
    assert_eq!(marked("a x c", "a b c"), ["x"]);
    assert!(marked("a c d", "a b c d").is_empty());
    assert_eq!(marked("a b b c", "a b c").len(), 1);
    assert_eq!(marked("", "a b"), [""; 0]);
    assert_eq!(marked("p q", ""), ["p", "q"]);
}

#[test]
fn the_words_joined_are_the_text() {
    let text = " Once upon\n\na time,  there was";
    let joined: String = compare_words(text, "Once a time").into_iter().map(|w| w.text).collect();
    assert_eq!(joined, text);
}
