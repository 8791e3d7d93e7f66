use std::sync::Arc;

use quantscope::engine::control::Control;
use quantscope::palette::builtin_palettes;
use quantscope::palette::edit::Edit;
use quantscope::picture::image::Image;
use quantscope::run::photo::reduce;
use quantscope::run::report::PhotoReport;
use quantscope::spec::Stage;
use quantscope::view::photo::edits::{OF_TILES, PaletteState};
use quantscope::view::photo::settings::{Goal, PhotoSettings};

fn report(settings: &PhotoSettings, pane: usize) -> PhotoReport {
    let rgba = (0..=255).flat_map(|v: u8| [[v, 255 - v, v / 2, 255], [v, v, v, 255]]).collect();
    let image = Arc::new(Image::new(32, 16, rgba));
    reduce(&image, settings.pane_spec(pane), Stage::Full, &Control::unwatched()).unwrap()
}

#[test]
fn all_edits_of_a_pane_are_cleared_at_once() {
    let (mut state, mut settings) = (PaletteState::default(), PhotoSettings::default());
    let start = settings.clone();
    for _ in 0..3 {
        let shown = report(&settings, 1);
        state.edit(&mut settings, 1, Edit::Delete(shown.palette[2].rgba), &shown).unwrap();
        assert_eq!(report(&settings, 1).palette.len(), shown.palette.len() - 1);
    }
    assert!(state.is_edited(&settings, 1) && !state.is_edited(&settings, 0));
    state.reset(&mut settings, 1);
    assert_eq!((&settings, state.is_edited(&settings, 1)), (&start, false));
}

#[test]
fn edits_and_locks_go_with_their_photo_and_settings_stay() {
    let mut state = PaletteState::default();
    let mut settings = PhotoSettings::default().with_goal(Goal::Nearest, 0, true);
    settings.panes[1].source.count = 20;
    settings.panes[1].tile = Some(8);
    let pico = builtin_palettes().iter().find(|p| p.name() == "PICO-8").unwrap();
    settings.panes[2].source.given = Some(pico.clone());
    let start = settings.clone();
    let shown = report(&settings, 1);
    state.edit(&mut settings, 1, Edit::Lock(shown.palette[0].rgba), &shown).unwrap();
    settings.panes[1].tile = None;
    let shown = report(&settings, 2);
    state.edit(&mut settings, 2, Edit::Delete(shown.palette[0].rgba), &shown).unwrap();
    assert_ne!(settings.panes[2].source.given.as_ref(), Some(pico));
    let shared = state.for_all_photos(&settings);
    let mut without_tiles = start;
    without_tiles.panes[1].tile = None;
    assert_eq!(shared, without_tiles);
    assert!(settings.panes[1].source.locked.is_some() && state.is_edited(&settings, 2), "this photo keeps its own");
}

#[test]
fn a_palette_that_was_edited_and_came_back_by_another_way_goes_as_well() {
    let (mut state, mut settings) = (PaletteState::default(), PhotoSettings::default());
    let pico = builtin_palettes().iter().find(|p| p.name() == "PICO-8").unwrap();
    settings.panes[1].source.given = Some(pico.clone());
    let shown = report(&settings, 1);
    state.edit(&mut settings, 1, Edit::Delete(shown.palette[0].rgba), &shown).unwrap();
    // Restored from the shelf, it comes without what it was before.
    state.unedited = Default::default();
    assert_eq!(state.for_all_photos(&settings).panes[1].source.given, None);
}

#[test]
fn a_number_of_colours_set_after_an_edit_stays_when_edits_are_cleared() {
    let (mut state, mut settings) = (PaletteState::default(), PhotoSettings::default());
    let shown = report(&settings, 1);
    state.edit(&mut settings, 1, Edit::Lock(shown.palette[0].rgba), &shown).unwrap();
    let old = settings.clone();
    settings.panes[1].source.count = 20;
    state.settings_changed(&old, &settings);
    state.reset(&mut settings, 1);
    assert_eq!((&settings.panes[1].source.locked, settings.panes[1].source.count), (&None, 20));
}

#[test]
fn a_refused_edit_changes_nothing() {
    let mut state = PaletteState::default();
    let mut settings = PhotoSettings::default().with_goal(Goal::Nearest, 0, true);
    settings.panes[2].tile = Some(8);
    let shown = report(&settings, 2);
    let color = shown.palette[0].rgba;
    assert_eq!(state.edit(&mut settings, 2, Edit::Delete(color), &shown), Err(OF_TILES.to_owned()));
    assert!(!state.is_edited(&settings, 2) && settings.panes[2].source.locked.is_none());
    assert_eq!(state.edit(&mut settings, 2, Edit::Lock(color), &shown), Ok(()));
    assert!(state.edit(&mut settings, 2, Edit::Lock(color), &shown).is_err());
}
