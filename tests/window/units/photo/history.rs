use quantscope::view::photo::history::{History, MOST_STEPS, Snapshot};
use quantscope::view::photo::settings::PhotoSettings;

fn colors(n: u16) -> Snapshot {
    let mut settings = PhotoSettings::default();
    settings.panes[1].source.count = n;
    Snapshot { settings, ..Snapshot::default() }
}

fn showing(number: u64) -> Snapshot {
    Snapshot { shown: [None, Some(number), None, None], ..colors(16) }
}

#[test]
fn what_was_undone_is_redone_until_something_else_is_done() {
    let mut history = History::new(colors(16));
    for n in [20, 30, 40] {
        history.record(colors(n), false);
    }
    assert_eq!(history.undo(), Some(&colors(30)));
    assert_eq!(history.undo(), Some(&colors(20)));
    assert_eq!(history.redo(), Some(&colors(30)));
    history.record(colors(30), false);
    assert!(history.can_redo(), "a frame in which nothing was done keeps what can be redone");
    history.record(colors(99), false);
    assert_eq!((history.can_redo(), history.redo()), (false, None));
    assert_eq!(history.undo(), Some(&colors(30)));
}

#[test]
fn one_drag_is_one_act_and_a_drag_back_to_its_start_is_none() {
    let mut history = History::new(colors(16));
    for n in [17, 18, 19] {
        history.record(colors(n), true);
    }
    // The last step falls into the frame in which the button is let go.
    history.record(colors(20), false);
    history.record(colors(21), false);
    assert_eq!(history.undo(), Some(&colors(20)));
    assert_eq!(history.undo(), Some(&colors(16)));
    assert!(!history.can_undo());
    history.record(colors(17), true);
    history.record(colors(16), true);
    history.record(colors(16), false);
    assert!(!history.can_undo() && history.undo().is_none());
}

#[test]
fn a_press_that_changes_nothing_does_not_join_two_acts() {
    let mut history = History::new(colors(16));
    history.record(colors(20), false);
    history.record(colors(20), true);
    history.record(colors(30), true);
    assert_eq!(history.undo(), Some(&colors(20)));
}

#[test]
fn flicking_through_kept_results_is_one_act() {
    let mut history = History::new(colors(16));
    history.record(colors(20), false);
    history.record(colors(16), false);
    for number in [1, 2, 3, 1] {
        history.record(showing(number), false);
    }
    assert_eq!(history.undo(), Some(&colors(16)));
    assert_eq!(history.undo(), Some(&colors(20)));
}

#[test]
fn the_way_back_is_bounded() {
    let mut history = History::new(colors(2));
    for n in 0..3 * MOST_STEPS as u16 {
        history.record(colors(3 + n), false);
    }
    let mut steps = 0;
    while history.undo().is_some() {
        steps += 1;
    }
    assert_eq!(steps, MOST_STEPS);
}
