//! What each layer deserves, in the window: the panel opens with a key, and its calculator of sizes.

mod support;

use eframe::egui::{Key, Modifiers, Theme, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use support::{Window, shows, wait_until_idle, window};

fn open() -> Window {
    let mut w = window([1280.0, 800.0], Theme::Dark, Vec::new());
    wait_until_idle(&mut w);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    w.step();
    wait_until_idle(&mut w);
    w.key_press(Key::B);
    settle(&mut w);
    w
}

fn settle(w: &mut Window) {
    w.run_steps(3);
    wait_until_idle(w);
    w.run_steps(2);
    wait_until_idle(w);
}

#[test]
fn the_size_calculator_names_what_fits() {
    let mut w = open();
    w.get_by_label_contains("How large is a model").click();
    w.run_steps(20);
    assert!(shows(&w, "140") && shows(&w, "more than 80 GB") && shows(&w, "48 GB"));
    w.get_by_role_and_label(Role::TextInput, "Parameters").focus();
    w.run_steps(2);
    w.get_by_role_and_label(Role::TextInput, "Parameters").type_text("x");
    w.run_steps(3);
    assert!(shows(&w, "is no number of parameters"));
}
