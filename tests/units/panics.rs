use std::panic::catch_unwind;
use std::process::Command;

use quantscope::panics::{caught, in_sources};

/// What the test of this name prints in a process of its own, in which this variable is set.
const ALONE: &str = "QUANTSCOPE_TEST_ALONE";

fn printed_by(test: &str) -> String {
    let mut process = Command::new(std::env::current_exe().unwrap());
    let output = process.args(["--exact", test, "--nocapture"]).env(ALONE, "1").output().unwrap();
    assert!(output.status.success(), "{test} fails on its own");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_panic_becomes_one_line_and_the_next_call_works() {
    let panic = caught(|| -> u8 { panic!("index {} of\n3", 7) });
    assert_eq!(panic.map_err(|panic| panic.text), Err("index 7 of 3".to_owned()));
    assert_eq!(caught(|| 3), Ok(3));
    if std::env::var_os(ALONE).is_some() {
        assert!(catch_unwind(|| panic!("outside")).is_err());
        return;
    }
    let printed = printed_by("panics::a_panic_becomes_one_line_and_the_next_call_works");
    assert!(!printed.contains("index 7"), "{printed}");
    assert!(printed.contains("outside"), "panics outside are printed again: {printed}");
}

#[test]
fn a_caught_panic_inside_another_call_ends_with_it() {
    let outer = caught(|| {
        let inner = caught(|| panic!("inner"));
        assert_eq!(inner.map_err(|panic| panic.text), Err::<(), _>("inner".to_owned()));
        panic!("outer")
    });
    assert_eq!(outer.map_err(|panic| panic.text), Err::<(), _>("outer".to_owned()));
    if std::env::var_os(ALONE).is_some() {
        return;
    }
    let printed = printed_by("panics::a_caught_panic_inside_another_call_ends_with_it");
    assert!(!printed.contains("inner") && !printed.contains("outer"), "{printed}");
}

#[test]
fn a_place_is_named_without_the_machine_it_was_built_on() {
    assert_eq!(in_sources("src/view/dial.rs"), "src/view/dial.rs");
    assert_eq!(in_sources("/home/me/.cargo/registry/src/index-1/image-0.25.1/src/ui.rs"), "image-0.25.1/src/ui.rs");
    assert_eq!(in_sources("/rustc/1a2b/library/core/src/num/f32.rs"), "core/src/num/f32.rs");
}
