use quantscope::engine::fit::Method;
use quantscope::palette::{Fixed, NamedPalette, builtin_palettes};
use quantscope::view::document::DocumentId;
use quantscope::view::photo::tray_state::Scope;
use quantscope::view::state::{Kept, State};

const A: DocumentId = DocumentId(1);
const B: DocumentId = DocumentId(2);

/// Photo A is on show and B was added.
fn state(scope: Scope) -> State {
    let mut state = State::new(Kept::default());
    state.tray.scope = scope;
    state.add_photo(A);
    state.change_photo(None, A);
    state.add_photo(B);
    state
}

fn locked() -> Fixed {
    Fixed::new(NamedPalette::new("locked", vec![[1, 2, 3, 255]]))
}

#[test]
fn each_photo_comes_back_with_its_settings_locks_zoom_and_way_back() {
    let mut state = state(Scope::This);
    state.photo.panes[0].method = Method::Octree;
    state.record(false);
    state.photo.panes[1].source.locked = Some(locked());
    state.photo_pane = 2;
    state.compare_photo.viewport.set_zoom(4.0);
    let of_a = state.photo.clone();
    state.change_photo(Some(A), B);
    assert_eq!((state.photo.panes[0].method, state.photo_pane), (Method::KMeans, 1), "B was opened before all that");
    assert!(state.photo.panes[1].source.locked.is_none() && !state.history.can_undo());
    state.photo.panes[0].source.count = 99;
    state.record(false);
    state.change_photo(Some(B), A);
    assert_eq!((&state.photo, state.photo_pane), (&of_a, 2));
    assert!(format!("{:?}", state.compare_photo.viewport).contains("zoom: 4.0"));
    state.undo();
    assert!(state.photo.panes[1].source.locked.is_none() && state.photo.panes[0].method == Method::Octree);
    state.undo();
    assert_eq!(state.photo.panes[0].method, Method::KMeans);
    state.change_photo(Some(A), B);
    assert_eq!(state.photo.panes[0].source.count, 99);
    state.undo();
    assert_eq!(state.photo.panes[0].source.count, 256);
}

#[test]
fn settings_for_all_reach_every_photo_and_locks_stay_with_theirs() {
    let mut state = state(Scope::All);
    state.photo.panes[1].source.locked = Some(locked());
    state.record(false);
    state.change_photo(Some(A), B);
    assert!(state.photo.panes[1].source.locked.is_none(), "a lock is of one photo");
    let pico = builtin_palettes().iter().find(|p| p.name() == "PICO-8").cloned();
    state.photo.panes[0].method = Method::Octree;
    state.photo.panes[1].source.count = 20;
    state.photo.panes[2].source.given = pico.clone();
    state.record(false);
    state.change_photo(Some(B), A);
    assert_eq!(state.photo.panes[0].method, Method::Octree);
    let source = &state.photo.panes[1].source;
    assert_eq!((source.count, &source.locked), (20, &Some(locked())));
    assert_eq!(state.photo.panes[2].source.given, pico);
    // What came from elsewhere is one step back here.
    state.record(false);
    state.undo();
    assert_eq!((state.photo.panes[0].method, state.photo.panes[1].source.count), (Method::KMeans, 16));
    assert_eq!(state.photo.panes[1].source.locked, Some(locked()));
}

#[test]
fn nothing_of_this_photo_reaches_another_unless_it_is_for_all() {
    let mut state = state(Scope::This);
    state.photo.panes[0].method = Method::Octree;
    state.record(false);
    assert_eq!(state.other_photos[&B].now.settings.panes[0].method, Method::KMeans);
    state.tray.scope = Scope::All;
    state.share_settings();
    assert_eq!(state.other_photos[&B].now.settings.panes[0].method, Method::Octree);
}
