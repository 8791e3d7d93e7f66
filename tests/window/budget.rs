//! The bit budget, in the window: the panel opens with a key, and a budget, locks, the mix, what is written of it, and the calculator of sizes.

use crate::support::{Window, drop_files, shows, wait_until, wait_until_idle, window};
use eframe::egui::{
    Key, Modifiers, Theme,
    accesskit::{Role, Toggled},
};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

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

fn type_into(w: &mut Window, field: &str, text: &str) {
    w.get_by_role_and_label(Role::TextInput, field).focus();
    w.run_steps(2);
    w.get_by_role_and_label(Role::TextInput, field).type_text(text);
    w.run_steps(2);
}

fn click(w: &mut Window, label: &str) {
    w.get_by_label(label).click();
    settle(w);
}

/// The table's rows, as they are told to those who do not see them.
fn rows(w: &Window) -> Vec<String> {
    w.query_all_by_role(Role::Row).filter_map(|node| node.accesskit_node().label()).collect()
}

#[test]
fn a_key_opens_it_and_every_tensor_gets_a_format_within_the_budget() {
    let mut w = open();
    assert!(shows(&w, "This mix") && shows(&w, "for all") && shows(&w, "the mix gains"));
    assert!(rows(&w).iter().any(|row| row.starts_with("Mix model.")), "{:?}", rows(&w));
    // The budget that it begins with can be met.
    assert!(!shows(&w, "under the floor"));
    click(&mut w, "Integers");
    assert!(shows(&w, "int2-g32-clip, int3-g32-clip"));
    assert!(shows(&w, "This mix") && shows(&w, "int8-g32") | shows(&w, "int6-g32"));
}

#[test]
fn the_budget_that_it_opens_with_stays_when_the_measurements_are_there() {
    let mut w = window([1280.0, 800.0], Theme::Dark, Vec::new());
    wait_until_idle(&mut w);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    w.step();
    wait_until_idle(&mut w);
    w.key_press(Key::B);
    w.step();
    let budget = |w: &Window| w.get_by_role_and_label(Role::Slider, "Budget").accesskit_node().numeric_value();
    w.step();
    let first = budget(&w);
    settle(&mut w);
    assert!(first.is_some() && budget(&w) == first && shows(&w, "This mix"), "{first:?} {:?}", budget(&w));
}

#[test]
fn its_key_brings_the_keyboard_to_the_budget_and_escape_gives_it_back() {
    let mut w = open();
    let budget = |w: &Window| {
        w.get_by_role_and_label(Role::Slider, "Budget").accesskit_node().numeric_value().expect("a slider has a value")
    };
    let before = budget(&w);
    for _ in 0..5 {
        w.key_press(Key::ArrowRight);
        w.run_steps(2);
    }
    settle(&mut w);
    assert!(budget(&w) > before && shows(&w, "This mix"), "{before} {}", budget(&w));
    w.key_press(Key::Escape);
    w.run_steps(2);
    w.key_press(Key::B);
    w.run_steps(2);
    assert!(w.query_by_role_and_label(Role::Slider, "Budget").is_none(), "keys are the window's again");
}

#[test]
fn a_budget_under_the_floor_is_refused_with_the_floor_named_and_a_larger_one_helps() {
    let mut w = open();
    click(&mut w, "Integers");
    w.get_by_role_and_label(Role::Slider, "Budget").set_value_accesskit(1.0);
    settle(&mut w);
    assert!(shows(&w, "under the floor") && shows(&w, "at least 2.5"), "the floor");
    w.get_by_role_and_label(Role::Slider, "Budget").set_value_accesskit(4.7);
    settle(&mut w);
    assert!(!shows(&w, "under the floor") && shows(&w, "the mix gains"));
}

#[test]
fn a_tensor_can_be_locked_and_freed_and_a_pattern_that_matches_nothing_is_told() {
    let mut w = open();
    // The first on screen that is not locked by default.
    let is_free = |n: &egui_kittest::Node<'_>| n.accesskit_node().toggled() == Some(Toggled::False);
    let free = w.query_all_by_label_contains("Lock model.").find(is_free);
    let tensor = free.and_then(|n| n.accesskit_node().label()).unwrap();
    let tensor = tensor.as_str();
    let locked = |w: &Window| w.get_by_label(tensor).accesskit_node().toggled() == Some(Toggled::True);
    w.get_by_label(tensor).scroll_to_me();
    settle(&mut w);
    assert!(!locked(&w));
    click(&mut w, tensor);
    assert!(locked(&w) && shows(&w, &format!("{} = ", &tensor["Lock ".len()..])));
    w.get_by_label(tensor).scroll_to_me();
    settle(&mut w);
    click(&mut w, tensor);
    assert!(!locked(&w));
    type_into(&mut w, "Lock", "*nothing*");
    click(&mut w, "Add lock");
    assert!(shows(&w, "No tensor matches '*nothing*'"));
    w.get_by_label_contains("*nothing* = as stored").click();
    settle(&mut w);
    assert!(!shows(&w, "No tensor matches"));
    // Enter adds a lock, as the button does.
    type_into(&mut w, "Lock", "*wq*");
    w.key_press(Key::Enter);
    settle(&mut w);
    assert!(w.query_by_label_contains("*wq* = as stored").is_some());
}

#[test]
fn the_mix_is_written_as_what_the_files_ending_says() {
    let mut w = open();
    let folder = tempfile::tempdir().unwrap();
    let mut written = |name: &str| {
        let path = folder.path().join(name);
        w.get_by_role_and_label(Role::TextInput, "Write to").focus();
        w.run_steps(2);
        w.key_press_modifiers(Modifiers::COMMAND, Key::A);
        w.run_steps(2);
        w.get_by_role_and_label(Role::TextInput, "Write to").type_text(path.to_str().unwrap());
        w.run_steps(2);
        w.get_by_label("Write").click();
        w.run_steps(2);
        wait_until(&mut w, "the file", |w| shows(w, &format!("Wrote {}", path.display())) || shows(w, "Not written"));
        std::fs::read(&path).unwrap_or_else(|e| panic!("{name}: {e}"))
    };
    assert!(written("mix.gguf").starts_with(b"GGUF"));
    assert!(written("mix.html").starts_with(b"<!doctype html>"));
    let recipe = String::from_utf8(written("mix.txt")).unwrap();
    assert!(recipe.starts_with("# chosen by weight error") && recipe.contains("does not predict the model"));
    assert!(recipe.lines().skip(1).all(|line| line.starts_with("--tensor-type '^")));
    assert!(written("mix.csv").starts_with(b"tensor,kind,layer"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
    // A file that is there is replaced only when that is asked for once more.
    let there = folder.path().join("mix.csv");
    std::fs::write(&there, b"old").unwrap();
    assert_eq!(written("mix.csv"), b"old");
    wait_until(&mut w, "the question", |w| w.query_by_label("Replace").is_some());
    w.get_by_label("Replace").click();
    w.run_steps(2);
    wait_until(&mut w, "the file", |w| w.query_by_label("Replace").is_none());
    wait_until_idle(&mut w);
    assert!(std::fs::read(&there).unwrap().starts_with(b"tensor,kind,layer"));
    w.get_by_role_and_label(Role::TextInput, "Write to").focus();
    w.run_steps(2);
    w.key_press_modifiers(Modifiers::COMMAND, Key::A);
    w.run_steps(2);
    w.get_by_role_and_label(Role::TextInput, "Write to").type_text("/no/such/folder/mix.gguf");
    w.run_steps(2);
    // Enter does what the button does.
    w.key_press(Key::Enter);
    w.run_steps(2);
    wait_until(&mut w, "the refusal", |w| shows(w, "the folder does not exist"));
}

#[test]
fn the_size_calculator_names_what_fits() {
    let mut w = open();
    w.get_by_label_contains("How large is a model").click();
    w.run_steps(20);
    assert!(shows(&w, "140") && shows(&w, "more than 80 GiB") && shows(&w, "48 GiB"));
    w.get_by_role_and_label(Role::TextInput, "Parameters").focus();
    w.run_steps(2);
    w.get_by_role_and_label(Role::TextInput, "Parameters").type_text("x");
    w.run_steps(3);
    assert!(shows(&w, "is no number of parameters"));
}

#[test]
fn a_mix_by_weight_error_says_what_that_is_worth_and_one_by_kl_is_measured_on_the_model() {
    let mut w = open();
    click(&mut w, "Integers");
    wait_until(&mut w, "the model's own predictions", |w| shows(w, "own predictions of a held-out text"));
    assert!(shows(&w, "At the same size as") && shows(&w, "which does not predict the model"));
    assert!(!shows(&w, "every tensor"));
    click(&mut w, "expected KL");
    wait_until(&mut w, "the model's own predictions", |w| shows(w, "own predictions of a held-out text"));
    assert!(shows(&w, "A mix of that size") && !shows(&w, "which does not predict the model"));
    assert!(!shows(&w, "(default)"), "what the model was asked about needs no lock");
}

#[test]
fn the_embedding_is_locked_high_by_default_where_it_is_seen_and_can_be_freed() {
    let mut w = open();
    click(&mut w, "Integers");
    let default = "model.embed_tokens.weight = ";
    let chip = |w: &Window| {
        w.query_all_by_label_contains(default)
            .filter(|n| n.accesskit_node().label().is_some_and(|l| l.contains("(default)")))
            .count()
    };
    assert_eq!(chip(&w), 1);
    w.get_by_label_contains("(default)").click();
    settle(&mut w);
    assert_eq!(chip(&w), 0);
    assert!(shows(&w, "This mix") && !shows(&w, "all but the locked"));
}

/// llama.cpp's older layout, of one matrix.
fn imatrix(folder: &std::path::Path, name: &str, matrix: &str) -> std::path::PathBuf {
    let mut bytes = 1i32.to_le_bytes().to_vec();
    bytes.extend((matrix.len() as i32).to_le_bytes());
    bytes.extend(matrix.as_bytes());
    bytes.extend([2i32, 64].map(i32::to_le_bytes).as_flattened());
    (0..64).for_each(|c| bytes.extend((1.0 + c as f32).to_le_bytes()));
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn an_importance_matrix_is_dropped_shown_and_removed_and_one_of_another_model_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let ours = imatrix(folder.path(), "ours.dat", "blk.0.attn_q.weight");
    let theirs = imatrix(folder.path(), "theirs.dat", "blk.77.attn_q.weight");
    let mut w = window([1280.0, 800.0], Theme::Dark, Vec::new());
    wait_until_idle(&mut w);
    // Dropped anywhere, it leads to where it is of use.
    drop_files(&mut w, &[&ours]);
    wait_until(&mut w, "the importances", |w| shows(w, "ours.dat: 1 tensors"));
    settle(&mut w);
    assert!(shows(&w, ", weighed") && shows(&w, "the encoders take no notice of it"));
    click(&mut w, "✖ Remove");
    assert!(!shows(&w, "ours.dat: 1") && !shows(&w, ", weighed") && shows(&w, "Choose file…"));
    drop_files(&mut w, &[&theirs]);
    wait_until(&mut w, "the refusal", |w| shows(w, "made for another model"));
    settle(&mut w);
    assert!(shows(&w, "The importance matrix is not used") && !shows(&w, ", weighed") && shows(&w, "This mix"));
}
