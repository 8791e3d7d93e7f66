use quantscope::view::weights::microscope::precise;

#[test]
fn six_digits_tell_formats_apart() {
    assert_eq!((precise(0.847_167_97), precise(0.847_291_7)), ("0.847168".to_owned(), "0.847292".to_owned()));
    assert_eq!((precise(-12.5), precise(0.0)), ("-12.5000".to_owned(), "0".to_owned()));
}
