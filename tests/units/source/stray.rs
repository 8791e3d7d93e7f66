use quantscope::source::stray::what_it_is;

#[test]
fn what_a_failed_download_leaves_is_named() {
    for (text, words) in [
        ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 4976698672\n", "git lfs pull"),
        ("<!DOCTYPE html><html><head></head></html>", "a web page"),
        ("\n  <HTML>", "a web page"),
        ("<?xml version=\"1.0\"?><Error><Message>Access Denied</Message></Error>", "it says \"Access Denied\""),
        (r#"{"error": "Repository not found"}"#, "it says \"Repository not found\""),
        (r#"{"error": {"message": "no access", "code": 403}}"#, "it says \"no access\""),
        (r#"{"hidden_size": 64}"#, "a JSON text"),
        ("[1, 2]", "a JSON text"),
    ] {
        let what = what_it_is(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
        assert!(what.contains(words), "'{words}' in '{what}'");
    }
    for other in [b"".as_slice(), b"plain words", b"{ not json", b"\x10\0\0\0\0\0\0\0{\"a\":{}}", b"\x89PNG\r\n\x1a\n"]
    {
        assert_eq!(what_it_is(other), None);
    }
}
