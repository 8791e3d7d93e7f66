//! Number formats in the window: the comparison of all on one tensor, any of them as columns of the table, one weight
//! in all of them, and the photo under them.

use crate::support::{Window, shows, wait_until_idle, window};
use eframe::egui::{Key, Modifiers, Theme, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use quantscope::engine::format::{Family, table};

fn weights() -> Window {
    let mut w = window([1280.0, 800.0], Theme::Dark, Vec::new());
    wait_until_idle(&mut w);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    w.step();
    wait_until_idle(&mut w);
    w
}

fn open() -> Window {
    let mut w = weights();
    press(&mut w, Key::L);
    w
}

fn press(w: &mut Window, key: Key) {
    w.key_press(key);
    w.run_steps(2);
    wait_until_idle(w);
}

fn click_all(w: &mut Window, labels: &[&str]) {
    for label in labels {
        // Long menus scroll.
        w.get_by_label_contains(label).scroll_to_me();
        w.run_steps(4);
        w.get_by_label_contains(label).click();
        w.run_steps(4);
    }
    wait_until_idle(w);
}

/// The labels of the lines of a table that begin like this, from the top.
fn lines(w: &Window, head: &str) -> Vec<String> {
    let rows = w.query_all_by_role(Role::Row);
    let mut rows: Vec<(f32, String)> =
        rows.map(|row| (row.rect().top(), row.accesskit_node().label().unwrap_or_default())).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|row| row.1).filter(|label| label.starts_with(head)).collect()
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
        let cursor = w.state().state().format_comparison.cursor.unwrap().to_string();
        let text = point(&points(&w), &cursor).unwrap().clone();
        let figures: Vec<f64> = text.split([' ', ',']).filter_map(|word| word.parse().ok()).collect();
        assert!(figures[0] >= last.0 && figures[1] >= last.1, "{text} after {last:?}");
        last = (figures[0], figures[1]);
    }
    let cursor = w.state().state().format_comparison.cursor.unwrap();
    w.key_press(Key::Enter);
    w.run_steps(2);
    wait_until_idle(&mut w);
    assert_eq!(w.state().state().pane_formats[1], Some(cursor));
    w.key_press(Key::ArrowLeft);
    w.run_steps(2);
    assert_ne!(w.state().state().format_comparison.cursor, Some(cursor));
}

#[test]
fn a_family_can_be_hidden_and_another_tensor_has_a_comparison_of_its_own() {
    let mut w = open();
    let before = points(&w);
    assert!(point(&before, "q4_0").is_some());
    w.get_by_label_contains("GGUF (llama.cpp)").click();
    w.run_steps(3);
    let hidden = points(&w);
    assert!(point(&hidden, "q4_0").is_none() && point(&hidden, "int4-g32").is_some());
    assert!(w.state().state().format_comparison.hides(Family::Gguf));
    w.key_press(Key::ArrowDown);
    w.run_steps(2);
    wait_until_idle(&mut w);
    let other = points(&w);
    assert_ne!(point(&other, "int4-g32"), point(&before, "int4-g32"));
    w.key_press(Key::ArrowUp);
    w.run_steps(2);
    assert_eq!(point(&points(&w), "int4-g32"), point(&before, "int4-g32"), "what was measured is there at once");
}

#[test]
fn any_format_becomes_a_column_of_the_table_and_goes_again() {
    let mut w = weights();
    assert!(shows(&w, "ρ q8_0") && shows(&w, "ρ q2_k"));
    click_all(&mut w, &["Columns ⏷", "Pane 3: q2_k"]);
    assert!(!shows(&w, "ρ q2_k"));
    click_all(&mut w, &["Columns ⏷", "Another format", "GGUF (llama.cpp)", "q4_0   4.50 bits"]);
    let column = quantscope::view::weights::table::state::Column::Of("q4_0".parse().unwrap());
    assert!(w.state().state().table.columns.contains(&column), "{:?}", w.state().state().table.columns);
    assert!(shows(&w, "ρ q4_0") && shows(&w, "ρ q8_0"));
    click_all(&mut w, &["Columns ⏷", "Error as SQNR, dB"]);
    assert!(!shows(&w, "ρ q4_0") && shows(&w, "q4_0"), "errors are in dB");
}

#[test]
fn the_table_groups_by_layer_and_by_kind_and_tells_what_the_weights_look_like() {
    let mut w = weights();
    click_all(&mut w, &["Columns ⏷", "Statistics of the weights"]);
    assert!(shows(&w, "kurtosis") && shows(&w, "> 6σ") && shows(&w, "zeros"));
    w.get_by_value("No groups").click();
    w.run_steps(3);
    click_all(&mut w, &["By kind"]);
    let groups = lines(&w, "Group ");
    assert_eq!(groups.first().map(String::as_str), Some("Group Attention"), "{groups:?}");
    let before = lines(&w, "Tensor ");
    assert!(before[0].contains("attn"), "{before:?}");
    w.get_by_role_and_label(Role::Row, "Group Attention").click();
    w.run_steps(3);
    assert!(lines(&w, "Tensor ").iter().all(|name| !name.contains("self_attn")), "folded away");
    assert!(shows(&w, "Group FFN"));
}

#[test]
fn the_weight_under_the_pointer_is_told_in_every_format() {
    let mut w = weights();
    press(&mut w, Key::I);
    assert!(shows(&w, "Point at any cell"));
    let picture = w.get_by_role_and_label(Role::Image, "Picture q4_k").rect();
    w.hover_at(picture.center());
    w.run_steps(3);
    wait_until_idle(&mut w);
    let told = lines(&w, "");
    let of = |name: &str| told.iter().find_map(|line| line.strip_prefix(&format!("{name} here: ")));
    let number = |name: &str| of(name).unwrap_or_else(|| panic!("{name}: {told:?}")).parse::<f64>().unwrap();
    let index = w.state().state().microscope.index.unwrap();
    assert!(shows(&w, &format!("column {}", index % 64)), "of a row of 64");
    assert!((number("f16") - number("f32")).abs() <= number("f32").abs() * 1e-3);
    w.get_by_label("error").click();
    w.run_steps(3);
    assert_eq!(lines(&w, "")[0], format!("f32 here: {}", of("f32").unwrap()), "nothing is nearer than the weight");
}

#[test]
fn a_pane_of_the_photo_takes_a_number_format_and_says_what_shares_a_scale() {
    let mut w = window([1280.0, 800.0], Theme::Dark, Vec::new());
    w.get_by_label("Photo").click();
    w.run_steps(2);
    wait_until_idle(&mut w);
    click_all(&mut w, &["Palette ⏷", "Number format", "GGUF (llama.cpp)", "q4_k   4.50 bits"]);
    assert!(shows(&w, "Pane q4_k") && shows(&w, "Pane 256 colours"));
    assert!(shows(&w, "each channel's values in blocks of 256 along the line") && shows(&w, "13.50"));
    assert!(shows(&w, "Receipt: codes 12.000"));
}
