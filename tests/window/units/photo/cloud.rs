use quantscope::run::cloud::CloudSpace;
use quantscope::view::photo::cloud_state::{CloudMove, CloudState};

#[test]
fn keys_turn_zoom_and_reset() {
    let mut state = CloudState::default();
    let start = state.orbit;
    state.apply(CloudMove::Turn(1.0, 0.0));
    assert_ne!(state.orbit, start);
    state.apply(CloudMove::Zoom(2.0));
    assert_eq!(state.orbit.zoom(), 2.0);
    state.apply(CloudMove::Reset);
    assert_eq!(state.orbit, start);
    state.apply(CloudMove::Space(CloudSpace::Oklab));
    assert_eq!((state.space, state.orbit), (CloudSpace::Oklab, start));
}

#[test]
fn the_places_of_a_space_are_found_under_its_number() {
    for (k, space) in CloudSpace::ALL.into_iter().enumerate() {
        assert_eq!(space as usize, k);
    }
}
