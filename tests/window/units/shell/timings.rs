use quantscope::view::shell::timings::Timings;

#[test]
fn a_log_grows_and_what_is_no_log_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (log, photo) = (folder.path().join("log"), folder.path().join("photo.jpg"));
    std::fs::write(&photo, b"\xff\xd8\xff").unwrap();
    drop(Timings::new(Some(&log)).unwrap());
    drop(Timings::new(Some(&log)).unwrap());
    assert_eq!(std::fs::read_to_string(&log).unwrap().matches("\"exit\"").count(), 2);
    let why = Timings::new(Some(&photo)).err().unwrap();
    assert!(why.contains("photo.jpg") && why.contains("no log"), "{why}");
    assert_eq!(std::fs::read(&photo).unwrap(), b"\xff\xd8\xff");
}
