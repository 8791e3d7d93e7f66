use std::path::PathBuf;

use quantscope::spec::WeightSettings;
use quantscope::view::state::{Kept, MOST_RECENT, State};

#[test]
fn panes_open_on_what_people_deploy_or_on_what_was_looked_at_last() {
    let names = |state: &State| state.pane_formats().map(|format| format.to_string());
    let mut state = State::new(Kept::default());
    assert_eq!(names(&state), ["q8_0", "q4_k", "q2_k"]);
    assert_eq!(state.weights.format(4).to_string(), "int4-g32-clip", "the bridge keeps its integers");
    state.set_weights(WeightSettings { clip: false, ..state.weights });
    state.pane_formats[1] = "nf4".parse().ok();
    let kept = serde_json::to_string(&state.to_keep()).unwrap();
    let again = State::new(serde_json::from_str(&kept).unwrap());
    assert_eq!(names(&again), ["int8-g32", "nf4", "int2-g32"]);
    let strange = Kept { pane_formats: vec!["gone".to_owned(), "q5_k".to_owned()], ..Kept::default() };
    assert_eq!(names(&State::new(strange)), ["q8_0", "q5_k", "q2_k"]);
}

#[test]
fn a_file_opened_again_moves_to_the_front_and_the_list_stays_short() {
    let mut kept = Kept::default();
    for i in 0..20 {
        kept.remember(PathBuf::from(format!("{i}.png")));
    }
    kept.remember(PathBuf::from("15.png"));
    assert_eq!(kept.recent.len(), MOST_RECENT);
    assert_eq!(kept.recent[0], PathBuf::from("15.png"));
    assert_eq!(kept.recent.iter().filter(|p| p.ends_with("15.png")).count(), 1);
}

#[test]
fn one_key_hides_all_that_stands_around_the_pictures_and_brings_back_whatever_is_hidden() {
    let mut state = State::new(Kept::default());
    state.toggle_panels();
    assert!(state.panels_hidden && state.is_bare());
    state.toggle_panels();
    assert!(!state.is_bare());
    // One of them was folded up at its edge.
    state.figures_folded = true;
    state.toggle_panels();
    assert!(!state.is_bare());
}
