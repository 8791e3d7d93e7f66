//! One to four panes of the photo, each with settings of its own, and the toolbar that sets them.

use crate::support::{Window, nearest_one_by_one, shows, wait_until_idle, window_with_slope};
use eframe::egui::{Key, Rect};
use egui_kittest::kittest::Queryable as _;
use quantscope::view::photo::settings::Goal;

fn settle(w: &mut Window) {
    w.run_steps(3);
    wait_until_idle(w);
    w.run_steps(2);
}

fn press(w: &mut Window, key: Key) {
    w.key_press(key);
    settle(w);
}

fn click(w: &mut Window, label: &str) {
    w.get_by_label(label).click();
    settle(w);
}

fn choose(w: &mut Window, from: &str, to: &str) {
    w.get_by_value(from).click();
    w.run_steps(2);
    click(w, to);
}

fn undo(w: &mut Window) {
    w.key_press_modifiers(eframe::egui::Modifiers::COMMAND, Key::Z);
    settle(w);
}

fn counts(w: &Window) -> Vec<u16> {
    w.state().state().photo.panes.iter().map(|pane| pane.source.count).collect()
}

fn goals(w: &Window) -> Vec<Goal> {
    w.state().state().photo.panes.iter().map(|pane| pane.goal()).collect()
}

fn places(w: &Window) -> Vec<Rect> {
    w.query_all_by_label_contains("Picture ").map(|picture| picture.rect()).collect()
}

#[test]
fn each_pane_takes_a_dither_of_its_own_and_says_so() {
    let mut w = window_with_slope();
    nearest_one_by_one(&mut w);
    assert!(shows(&w, "Pane 16 colours  "), "all are alike: the number of colours is enough");
    click(&mut w, "All panes");
    choose(&mut w, "No dither", "Atkinson");
    press(&mut w, Key::Num3);
    choose(&mut w, "No dither", "Bayer 8 × 8");
    assert!(shows(&w, "Pane 256 colours, no dither"));
    assert!(shows(&w, "Pane 16 colours, Atkinson") && shows(&w, "Pane 4 colours, Bayer 8 × 8"));
    undo(&mut w);
    assert!(shows(&w, "Pane 16 colours, Atkinson") && shows(&w, "Pane 4 colours, no dither"));
    click(&mut w, "All panes");
    choose(&mut w, "sRGB", "Oklab");
    assert!(shows(&w, "Pane 16 colours, Atkinson"), "space is all panes', dither stays each one's");
}

#[test]
fn panes_are_added_and_closed_by_key_and_by_button_and_undo_brings_them_back() {
    let mut w = window_with_slope();
    click(&mut w, "Add a pane");
    assert_eq!((counts(&w), w.state().state().photo_pane), (vec![256, 16, 4, 16], 3));
    assert_eq!(places(&w).len(), 5);
    assert!(w.query_by_label("Add a pane").is_none(), "four are the most");
    press(&mut w, Key::N);
    assert_eq!(counts(&w).len(), 4);
    press(&mut w, Key::Num1);
    press(&mut w, Key::Num4);
    assert_eq!(w.state().state().photo_pane, 3);
    click(&mut w, "Close pane 1");
    assert_eq!((counts(&w), w.state().state().photo_pane), (vec![16, 4, 16], 2), "the chosen one stays chosen");
    press(&mut w, Key::X);
    press(&mut w, Key::X);
    assert_eq!((counts(&w), places(&w).len()), (vec![16], 2));
    press(&mut w, Key::X);
    assert!(w.query_by_label_contains("Close pane").is_none(), "the last one stays");
    for wanted in [vec![16, 4], vec![16, 4, 16], vec![256, 16, 4, 16], vec![256, 16, 4]] {
        undo(&mut w);
        assert_eq!(counts(&w), wanted);
        assert_eq!(places(&w).len(), wanted.len() + 1);
        assert!(shows(&w, &format!("Pane {} colours", wanted[0])));
    }
}

#[test]
fn what_is_kept_and_edited_stays_with_its_pane_when_another_is_closed() {
    let mut w = window_with_slope();
    press(&mut w, Key::Num3);
    press(&mut w, Key::K);
    press(&mut w, Key::CloseBracket);
    assert!(shows(&w, "Pane Kept 1: 4 colours"));
    click(&mut w, "Close pane 1");
    assert!(shows(&w, "Pane Kept 1: 4 colours") && shows(&w, "Pane 16 colours"));
    assert_eq!(w.state().state().photo_pane, 1);
    undo(&mut w);
    assert!(shows(&w, "Pane Kept 1: 4 colours") && shows(&w, "Pane 256 colours"));
}

#[test]
fn a_goal_is_one_click_and_custom_shows_the_settings() {
    let mut w = window_with_slope();
    assert_eq!(goals(&w), [Goal::Eye; 3]);
    assert!(w.query_by_value("k-means").is_none(), "settings are shown where they are wanted");
    click(&mut w, "Nearest colours");
    assert_eq!(goals(&w), [Goal::Nearest; 3]);
    click(&mut w, "Custom");
    assert_eq!(goals(&w), [Goal::Nearest; 3], "to show them changes nothing");
    choose(&mut w, "k-means", "Octree");
    assert_eq!(goals(&w), [Goal::Custom; 3]);
    click(&mut w, "All panes");
    click(&mut w, "Best for the eye");
    assert_eq!(goals(&w), [Goal::Custom, Goal::Eye, Goal::Custom]);
    assert!(w.query_by_value("k-means").is_some(), "another pane's settings are its own");
    undo(&mut w);
    assert_eq!(goals(&w), [Goal::Custom; 3]);
}

#[test]
fn nothing_in_the_toolbar_moves_when_something_is_chosen() {
    let mut w = window_with_slope();
    nearest_one_by_one(&mut w);
    let labels = ["Palette ⏷", "Undo", "Side by side", "Save ⏷", "Serpentine", "Linear", "Allocate bits", "Tiles"];
    let place = |w: &Window| labels.map(|label| w.get_by_label(label).rect());
    let before = (place(&w), places(&w));
    for (from, to) in [("No dither", "Floyd–Steinberg"), ("k-means", "Median cut"), ("No tiles", "32 px tiles")] {
        choose(&mut w, from, to);
        assert_eq!((place(&w), places(&w)), before, "{to}");
    }
    press(&mut w, Key::K);
    assert_eq!((place(&w), places(&w)), before, "a kept result");
}
