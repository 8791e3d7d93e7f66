use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::time::Duration;

use quantscope::view::shell::dialog::{Answer, Dialog, Purpose};

#[test]
fn an_empty_answer_is_a_cancel_only_where_there_was_time_and_the_keyboard_was_taken() {
    let answer = |paths: &[&str], millis, took_focus| Answer {
        paths: paths.iter().map(PathBuf::from).collect(),
        took: Duration::from_millis(millis),
        took_focus,
    };
    assert!(answer(&[], 3, true).is_never_a_dialog() && answer(&[], 3, false).is_never_a_dialog());
    let slow = answer(&[], 900, false);
    assert!(slow.is_no_dialog() && !slow.is_never_a_dialog());
    assert!(!answer(&[], 900, true).is_no_dialog() && !answer(&["a.png"], 3, false).is_no_dialog());
}

#[test]
fn the_keyboard_that_left_the_window_once_was_taken_by_a_dialog() {
    let (send, answer) = channel();
    let mut dialog = Dialog::answered_by(Purpose::Open(None), answer);
    assert!(dialog.poll(false).is_none() && dialog.poll(true).is_none());
    send.send((Vec::new(), Duration::from_secs(2))).unwrap();
    assert!(dialog.poll(true).is_some_and(|(_, answer)| !answer.is_no_dialog()));
}
