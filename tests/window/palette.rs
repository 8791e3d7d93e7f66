//! Palettes edited by hand in the window: locked, deleted, merged, picked from the photo, taken back.

use crate::support::{Window, nearest_one_by_one, shows, slope_color, wait_until, wait_until_idle, window_with_slope};
use eframe::egui::{Key, Modifiers, Pos2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use quantscope::palette::BUILTIN;
use quantscope::view::photo::error_kind::ErrorKind;

/// The chosen pane's swatches: labels without "Swatch", from left to right and from top to bottom.
fn swatches(w: &Window) -> Vec<String> {
    let right = w.get_by_label("Reset").rect().right();
    let column = right - 300.0..=right;
    let mut found: Vec<(Pos2, String)> = w
        .query_all_by_label_contains("Swatch #")
        .filter(|n| column.contains(&n.rect().center().x))
        .map(|n| (n.rect().min, n.accesskit_node().label().unwrap_or_default()))
        .collect();
    found.sort_by(|a, b| a.0.y.total_cmp(&b.0.y).then(a.0.x.total_cmp(&b.0.x)));
    found.into_iter().map(|(_, label)| label.trim_start_matches("Swatch ").to_owned()).collect()
}

/// Clicks the first of that label, and lets the window and its workers come to rest.
fn click(w: &mut Window, label: &str) {
    w.get_all_by_label(label).next().unwrap_or_else(|| panic!("no {label}")).click();
    w.run_steps(4);
    wait_until_idle(w);
    w.run_steps(2);
}

fn choose(w: &mut Window, swatch: &str) {
    click(w, &format!("Swatch {swatch}"));
}

#[test]
fn a_locked_colour_survives_another_method_byte_for_byte() {
    let mut w = window_with_slope();
    nearest_one_by_one(&mut w);
    let before = swatches(&w);
    assert_eq!(before.len(), 16);
    choose(&mut w, &before[5]);
    assert!(shows(&w, "Unlock") || shows(&w, "Lock"), "what can be done with it is shown");
    click(&mut w, "Lock");
    let locked = format!("{}, locked", before[5]);
    assert!(swatches(&w).contains(&locked));
    w.get_by_value("k-means").click();
    w.run_steps(2);
    click(&mut w, "Median cut");
    let after = swatches(&w);
    assert_eq!(after.len(), 16);
    assert!(after.contains(&locked), "{locked} is not among {after:?}");
    let others = |list: &[String]| list.iter().filter(|s| !s.starts_with(&before[5])).cloned().collect::<Vec<_>>();
    assert_ne!(others(&before), others(&after), "the others were fitted anew");
}

#[test]
fn a_deleted_colour_is_gone_undo_brings_it_back_and_reset_clears_all() {
    let mut w = window_with_slope();
    let before = swatches(&w);
    choose(&mut w, &before[3]);
    click(&mut w, "Delete");
    let after = swatches(&w);
    assert_eq!(after.len(), 15);
    let kept = before.iter().filter(|&s| *s != before[3]).map(|s| format!("{s}, locked"));
    assert_eq!(after, kept.collect::<Vec<_>>(), "the others stay as they were");
    assert!(shows(&w, "Pane 15 colours") && shows(&w, "Palette of 15 colours"));
    w.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    w.step();
    wait_until_idle(&mut w);
    assert_eq!(swatches(&w), before);
    for _ in 0..2 {
        let first = swatches(&w)[0].clone();
        choose(&mut w, &first);
        click(&mut w, "Delete");
    }
    assert_eq!(swatches(&w).len(), 14);
    click(&mut w, "Reset");
    assert_eq!(swatches(&w), before);
}

#[test]
fn two_swatches_merge_into_one() {
    let mut w = window_with_slope();
    let before = swatches(&w);
    choose(&mut w, &before[3]);
    click(&mut w, "Merge with…");
    assert!(shows(&w, "Click the swatch to merge it with"));
    choose(&mut w, &before[4]);
    let after = swatches(&w);
    assert_eq!(after.len(), 15);
    assert!(after.iter().all(|s| !s.starts_with(&before[3]) && !s.starts_with(&before[4])), "{after:?}");
}

#[test]
fn a_swatch_of_another_pane_is_chosen_with_its_pane_and_escape_puts_it_down() {
    let mut w = window_with_slope();
    let first = swatches(&w)[0].clone();
    choose(&mut w, &first);
    // Panes stand from left to right: the first swatch is the one of 256 colours at the left.
    let swatches = w.get_all_by_label_contains("Swatch #").map(|n| n.rect().center());
    let leftmost = swatches.min_by(|a, b| a.x.total_cmp(&b.x)).unwrap();
    click_at(&mut w, leftmost);
    assert_eq!(w.state().state().photo_pane, 0);
    assert!(shows(&w, "Merge with…"));
    w.key_press(Key::Escape);
    w.run_steps(3);
    assert!(!shows(&w, "Merge with…"));
}

#[test]
fn a_colour_picked_from_the_photo_is_forced_in() {
    let mut w = window_with_slope();
    let first = swatches(&w)[0].clone();
    choose(&mut w, &first);
    click(&mut w, "Pick from photo");
    assert!(!shows(&w, "Merge with…"), "the chosen swatch is put down");
    let at = w.get_by_label("Picture Original").rect().center();
    click_at(&mut w, at);
    let given = w.state().state().photo.panes[1].source.locked.clone().unwrap();
    let [locked] = given.colors() else { panic!("one colour is locked") };
    // The middle of the pane is the middle of the photo, give or take a pixel.
    let middle = (46..50).flat_map(|x| (30..34).map(move |y| slope_color(x, y)));
    assert!(middle.into_iter().any(|c| c[..] == locked[..3]), "{locked:?}");
    let found = swatches(&w);
    let hex = format!("#{:02x}{:02x}{:02x}, locked", locked[0], locked[1], locked[2]);
    assert!(found.len() == 16 && found.contains(&hex), "{found:?}");
    // The toggle is up again: the next click chooses a pane.
    let at = w.get_by_label("Picture 4 colours").rect().center();
    click_at(&mut w, at);
    assert_eq!(w.state().state().photo_pane, 2);
    assert!(w.state().state().photo.panes[2].source.locked.is_none());
}

fn click_at(w: &mut Window, at: Pos2) {
    w.hover_at(at);
    w.step();
    w.drag_at(at);
    w.step();
    w.drop_at(at);
    w.run_steps(3);
    wait_until_idle(w);
    w.run_steps(2);
}

#[test]
fn swatches_are_sorted_as_asked() {
    let mut w = window_with_slope();
    let before = swatches(&w);
    for label in ["Palette ⏷", "Sort swatches", "Hue"] {
        w.get_by_label(label).click();
        w.run_steps(4);
    }
    let mut after = swatches(&w);
    assert_ne!(after, before);
    after.sort();
    let mut same = before;
    same.sort();
    assert_eq!(after, same, "the same colours");
}

#[test]
fn tiles_have_palettes_of_their_own() {
    let mut w = window_with_slope();
    nearest_one_by_one(&mut w);
    w.get_by_value("No tiles").click();
    w.run_steps(2);
    click(&mut w, "8 px tiles");
    assert!(w.state().state().photo.panes.iter().all(|pane| pane.tile == Some(8)));
    assert!(shows(&w, "Pane 16 colours a tile") && shows(&w, "Pane 4 colours a tile"));
    assert!(swatches(&w).len() > 16, "96 tiles of 16 colours");
    let before = w.state().state().photo.clone();
    let first = swatches(&w)[0].clone();
    choose(&mut w, &first);
    w.get_by_label("Delete").click();
    w.run_steps(3);
    assert_eq!(w.state().state().photo, before, "no entry of one palette to delete");
}

#[test]
fn bits_are_allocated_to_tiles_and_a_map_shows_which_got_how_many() {
    let mut w = window_with_slope();
    nearest_one_by_one(&mut w);
    assert!(w.get_by_label("Allocate bits").accesskit_node().is_disabled(), "there are no tiles yet");
    w.get_by_value("No tiles").click();
    w.run_steps(2);
    click(&mut w, "8 px tiles");
    click(&mut w, "Allocate bits");
    assert!(shows(&w, "Pane 4 colours a tile, allocated"));
    wait_until(&mut w, "the palettes", |w| shows(w, "colours, allocated"));
    w.key_press(Key::E);
    w.run_steps(3);
    click(&mut w, "Bits of tiles");
    assert_eq!(w.state().state().photo_error, ErrorKind::Bits);
    click(&mut w, "Allocate bits");
    assert!(!shows(&w, "Bits of tiles"), "nothing is allocated");
}

#[test]
fn a_given_palette_is_chosen_by_its_strip_of_colours_and_says_what_is_measured() {
    let mut w = window_with_slope();
    for (list, shown) in [("BBC Micro and teletext", "8 colours"), ("E Ink Spectra 6", "6 colours, as measured")] {
        for label in ["Palette ⏷", "Given colours"] {
            w.get_by_label(label).click();
            w.run_steps(4);
        }
        for list in BUILTIN {
            assert!(shows(&w, &format!("{}  ({})", list.label, list.colors.len())), "{}", list.name);
        }
        // Rows below the fold are out of the pointer's reach.
        w.get_by_label(&format!("Colours of {list}")).click_accesskit();
        w.run_steps(4);
        wait_until_idle(&mut w);
        w.run_steps(2);
        assert!(shows(&w, shown), "{list}");
    }
}

#[test]
fn a_colour_typed_as_hex_is_mixed_and_taken_with_enter() {
    let mut w = window_with_slope();
    let first = swatches(&w)[0].clone();
    choose(&mut w, &first);
    click(&mut w, "Change…");
    w.get_by_label("Colour as hex").focus();
    w.run_steps(2);
    w.key_press_modifiers(Modifiers::COMMAND, Key::A);
    w.step();
    w.get_by_label("Colour as hex").type_text("#12345");
    w.run_steps(2);
    assert!(!shows(&w, "Change to #12345"), "it is no colour yet");
    w.get_by_label("Colour as hex").type_text("6");
    w.run_steps(2);
    assert!(shows(&w, "Change to #123456") && swatches(&w).contains(&"#123456".to_owned()), "seen before it is taken");
    let whole = w.state().state().history.can_undo();
    assert!(!whole, "nothing is changed yet");
    w.key_press(Key::Enter);
    w.run_steps(2);
    wait_until_idle(&mut w);
    assert!(swatches(&w).contains(&"#123456, locked".to_owned()), "{:?}", swatches(&w));
}

#[test]
fn the_chosen_swatch_goes_with_the_delete_key() {
    let mut w = window_with_slope();
    let before = swatches(&w);
    choose(&mut w, &before[3]);
    w.key_press(Key::Delete);
    w.run_steps(2);
    wait_until_idle(&mut w);
    assert!(swatches(&w).len() == 15 && !shows(&w, "Merge with…"));
}

#[test]
fn who_picks_a_colour_sees_the_pixels_around_it_enlarged() {
    let mut w = window_with_slope();
    let at = w.get_by_label("Picture Original").rect().center();
    w.hover_at(at);
    w.run_steps(2);
    assert!(!shows(&w, "Magnifier 8×"));
    click(&mut w, "Pick from photo");
    w.hover_at(at);
    w.run_steps(2);
    assert!(shows(&w, "Magnifier 8×"));
}
