//! The model that speaks on the bridge.

use crate::support::{Window, shows, wait_until, wait_until_idle, window};
use eframe::egui::{Key, Theme};

fn open() -> Window {
    let mut w = window([1280.0, 800.0], Theme::Dark, Vec::new());
    wait_until_idle(&mut w);
    w
}

fn press(w: &mut Window, key: Key) {
    w.key_press(key);
    w.step();
    wait_until_idle(w);
}

#[test]
fn one_key_goes_from_the_plot_to_the_text_to_the_layers_and_back() {
    let mut w = open();
    assert!(!shows(&w, "Full precision"));
    press(&mut w, Key::O);
    assert!(shows(&w, "Full precision") && shows(&w, "Once upon a time, there was"));
    assert!(shows(&w, "perplexity") && shows(&w, "token KL, nats") && shows(&w, "weight error ρ"));
    press(&mut w, Key::O);
    assert!(shows(&w, "rank correlation of the two"));
    assert!(shows(&w, "Sensitivity and weight error of each matrix"));
    press(&mut w, Key::O);
    assert!(!shows(&w, "rank correlation") && !shows(&w, "Full precision"));
}

#[test]
fn the_text_follows_the_dial() {
    let mut w = open();
    press(&mut w, Key::O);
    press(&mut w, Key::Num8);
    assert!(shows(&w, "int8-g32-clip"));
    press(&mut w, Key::Num2);
    wait_until(&mut w, "the text at two bits", |w| shows(w, "int2-g32-clip"));
    assert!(!shows(&w, "int8-g32-clip"));
}
