//! Edits of the photo before it is reduced.

use crate::support::{Window, shows, wait_until, wait_until_idle, window_with_slope};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use quantscope::picture::edits::{Crop, PhotoEdits};

fn settle(w: &mut Window) {
    w.run_steps(3);
    wait_until_idle(w);
    w.run_steps(2);
}

fn click(w: &mut Window, label: &str) {
    w.get_all_by_label(label).next().unwrap_or_else(|| panic!("no {label}")).click();
    settle(w);
}

fn edits(w: &Window) -> PhotoEdits {
    w.state().state().photo.edits
}

const NOTE: &str = "edited before it is reduced (cut to 64 × 64 pixels at (16, 0))";

#[test]
fn a_cut_photo_is_reduced_everywhere_and_undo_and_reset_bring_the_whole_one_back() {
    let mut w = window_with_slope();
    click(&mut w, "Edit ⏷");
    click(&mut w, "1:1");
    assert_eq!(edits(&w).crop, Some(Crop::Aspect(1, 1)));
    assert!(shows(&w, "64 × 64 of 96 × 64 pixels"), "the menu stays open and says what comes of it");
    wait_until(&mut w, "the note", |w| shows(w, NOTE));
    click(&mut w, "Edited ⏷");
    assert!(!shows(&w, "64 × 64 of 96 × 64 pixels"));
    w.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut w);
    assert!(edits(&w).is_none() && !shows(&w, NOTE));
    w.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    settle(&mut w);
    wait_until(&mut w, "the note", |w| shows(w, NOTE));
    click(&mut w, "Edited ⏷");
    click(&mut w, "Reset edits");
    assert!(edits(&w).is_none() && !shows(&w, NOTE));
}
