use quantscope::view::command::{Command, without_stale};
use quantscope::view::photo::settings::PhotoSettings;

#[test]
fn settings_that_were_drawn_before_the_panes_changed_are_not_set() {
    let set = || Command::SetPhoto(PhotoSettings::default());
    let left = |commands: Vec<Command>| -> Vec<String> { without_stale(commands).map(|c| format!("{c:?}")).collect() };
    assert_eq!(left(vec![set(), Command::AddPane]).len(), 2);
    assert_eq!(left(vec![Command::AddPane, set()]), ["AddPane"]);
    assert_eq!(left(vec![Command::ToggleLens, set()]).len(), 2);
}
