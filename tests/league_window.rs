//! The format league in the window: every format a point, the frontier walked by keys, a click that takes.

mod support;

use eframe::egui::{Key, Modifiers, Theme, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use quantscope::engine::format::{Family, table};
use support::{Window, wait_until_idle, window};

fn open() -> Window {
    let mut w = window([1280.0, 800.0], Theme::Dark, Vec::new());
    wait_until_idle(&mut w);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    w.step();
    wait_until_idle(&mut w);
    w.key_press(Key::L);
    w.run_steps(2);
    wait_until_idle(&mut w);
    w
}

fn shows(w: &Window, text: &str) -> bool {
    w.query_all_by_label_contains(text).next().is_some()
}

/// The names of the points, as they are told to those who do not see them.
fn points(w: &Window) -> Vec<String> {
    let nodes = w.query_all_by_role(Role::GraphicsSymbol);
    nodes.filter_map(|node| node.accesskit_node().label()).collect()
}

fn point<'a>(points: &'a [String], name: &str) -> Option<&'a String> {
    points.iter().find(|text| text.starts_with(&format!("{name}: ")))
}

#[test]
fn every_format_of_the_table_becomes_a_point_with_its_bits_and_its_error() {
    let w = open();
    assert!(shows(&w, &format!("{} formats", table().len())), "all are measured");
    let points = points(&w);
    for name in ["q8_0", "q4_0", "int4-g32", "nf4", "mxfp4", "kmeans4-tensor", "learned4"] {
        assert!(point(&points, name).is_some(), "{name}: {points:?}");
    }
    assert!(point(&points, "q4_0").unwrap().starts_with("q4_0: 4.50 bits, "));
}

#[test]
fn a_click_on_a_point_puts_its_format_into_the_chosen_pane() {
    let mut w = open();
    let label = point(&points(&w), "q8_0").unwrap().clone();
    let at = w.get_by_role_and_label(Role::GraphicsSymbol, &label).rect().center();
    w.hover_at(at);
    w.run_steps(2);
    w.get_by_role_and_label(Role::GraphicsSymbol, &label).click();
    w.run_steps(3);
    wait_until_idle(&mut w);
    assert_eq!(w.state().state().pane_formats[1].map(|f| f.to_string()), Some("q8_0".to_owned()));
    assert!(shows(&w, "Pane q8_0") && shows(&w, "Receipt of q8_0") && shows(&w, "8.500 bits per weight"));
    assert!(shows(&w, "codes 8.000") && shows(&w, "scales 0.500"));
}

#[test]
fn the_arrows_walk_the_frontier_upwards_and_enter_takes_what_they_stand_on() {
    let mut w = open();
    let mut last = (0.0, f64::NEG_INFINITY);
    for _ in 0..6 {
        w.key_press(Key::ArrowRight);
        w.run_steps(2);
        let cursor = w.state().state().league.cursor.unwrap().to_string();
        let text = point(&points(&w), &cursor).unwrap().clone();
        let figures: Vec<f64> = text.split([' ', ',']).filter_map(|word| word.parse().ok()).collect();
        assert!(figures[0] >= last.0 && figures[1] >= last.1, "{text} after {last:?}");
        last = (figures[0], figures[1]);
    }
    let cursor = w.state().state().league.cursor.unwrap();
    w.key_press(Key::Enter);
    w.run_steps(2);
    wait_until_idle(&mut w);
    assert_eq!(w.state().state().pane_formats[1], Some(cursor));
    w.key_press(Key::ArrowLeft);
    w.run_steps(2);
    assert_ne!(w.state().state().league.cursor, Some(cursor));
}

#[test]
fn a_family_can_be_hidden_and_another_tensor_has_a_league_of_its_own() {
    let mut w = open();
    let before = points(&w);
    assert!(point(&before, "q4_0").is_some());
    w.get_by_label_contains("GGUF (llama.cpp)").click();
    w.run_steps(3);
    let hidden = points(&w);
    assert!(point(&hidden, "q4_0").is_none() && point(&hidden, "int4-g32").is_some());
    assert!(w.state().state().league.hides(Family::Gguf));
    w.key_press(Key::ArrowDown);
    w.run_steps(2);
    wait_until_idle(&mut w);
    let other = points(&w);
    assert_ne!(point(&other, "int4-g32"), point(&before, "int4-g32"));
    w.key_press(Key::ArrowUp);
    w.run_steps(2);
    assert_eq!(point(&points(&w), "int4-g32"), point(&before, "int4-g32"), "what was measured is there at once");
}
