use quantscope::view::shell::no_window::{cause_of, explained, no_display};

#[test]
fn a_display_is_one_that_is_named_and_not_empty() {
    let set = |name: &'static str, value: &'static str| {
        move |asked: &str| (asked == name).then(|| std::ffi::OsString::from(value))
    };
    assert!(no_display(|_| None).is_some_and(|why| why.contains("neither DISPLAY nor WAYLAND_DISPLAY")));
    assert!(no_display(set("DISPLAY", "")).is_some());
    assert!(no_display(set("DISPLAY", ":0")).is_none() && no_display(set("WAYLAND_DISPLAY", "wayland-0")).is_none());
}

#[test]
fn a_missing_library_is_named_and_a_place_in_foreign_code_is_not() {
    let place = "winit EventLoopError: os error at /registry/src/winit/linux/mod.rs:781: Failed to open X.";
    assert_eq!(cause_of(place, ""), "Failed to open X");
    let details = r#"LibraryOpenError(OpenError { detail: "opening failed (libXcursor.so.1: cannot open)" })"#;
    assert!(cause_of(place, details).starts_with("the library libXcursor.so.1 cannot be loaded"));
    let panic = "Library libxkbcommon-x11.so could not be loaded.";
    assert!(cause_of(panic, panic).contains("the library libxkbcommon-x11.so cannot"));
    assert!(cause_of("Found none", "NoGlutinConfigs(..)").starts_with("OpenGL cannot be used"));
    assert_eq!(cause_of("plain words", ""), "plain words");
}

#[test]
fn the_line_names_a_way_without_a_window() {
    let line = explained("why");
    assert!(line.contains("why") && line.contains("quantscope demo -o FOLDER") && line.lines().count() == 1);
}
