//! The window as a person uses it: files dropped, the dial turned, tables sorted, work cancelled.

use std::path::{Path, PathBuf};

use crate::support::{
    Window, drop_files, nearest_one_by_one, shows, wait_until, wait_until_idle, window, write_slope_named,
};
use eframe::egui::{self, Key, Modifiers, Theme, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

const SIZE: [f32; 2] = [1280.0, 800.0];

fn open(theme: Theme) -> Window {
    let mut w = window(SIZE, theme, Vec::new());
    wait_until_idle(&mut w);
    w
}

/// A photo of 96 × 64 pixels with 6144 colours.
/// Two matrices and a vector in one file.
fn write_model(folder: &Path) -> PathBuf {
    let path = folder.join("tiny.safetensors");
    let header = r#"{"a.weight":{"dtype":"F32","shape":[32,64],"data_offsets":[0,8192]},"b.weight":{"dtype":"F32","shape":[16,64],"data_offsets":[8192,12288]},"c.bias":{"dtype":"F32","shape":[8],"data_offsets":[12288,12320]}}"#;
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    (0..3080).for_each(|i| bytes.extend(((i as f32 * 0.37).sin() * (1.0 + (i % 7) as f32)).to_le_bytes()));
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn the_bridge_is_first_and_shows_a_photo_and_a_model_already_reduced() {
    let w = open(Theme::Dark);
    assert!(shows(&w, "parrots.png") && shows(&w, "stories260K.safetensors"));
    assert!(shows(&w, "Pane 16 colours") && shows(&w, "Pane 4 bits"));
    assert!(shows(&w, "Palette of 16 colours") && shows(&w, "16 levels on a number line"));
    assert!(shows(&w, "26.7 dB") && shows(&w, "4.50 bits per weight"));
}

#[test]
fn the_dial_moves_both_worlds_by_key_and_by_value() {
    let mut w = open(Theme::Dark);
    w.key_press(Key::ArrowLeft);
    w.step();
    wait_until_idle(&mut w);
    assert!(shows(&w, "Pane 8 colours") && shows(&w, "Pane 3 bits"));
    w.key_press(Key::Num2);
    w.step();
    wait_until_idle(&mut w);
    assert!(shows(&w, "Pane 4 colours") && shows(&w, "Pane 2 bits") && shows(&w, "4 levels on a number line"));
    w.get_by_role_and_label(Role::Slider, "Dial: bits").set_value_accesskit(8.0);
    w.step();
    wait_until_idle(&mut w);
    assert!(shows(&w, "Pane 256 colours") && shows(&w, "Pane 8 bits"));
    assert_eq!(w.state().state().dial, 8);
}

#[test]
fn a_dropped_photo_shows_its_three_reductions_with_no_click() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_slope_named(folder.path(), "holiday é.png", 0);
    let mut w = open(Theme::Light);
    drop_files(&mut w, &[&path]);
    wait_until(&mut w, "the photo", |w| shows(w, "holiday é.png"));
    wait_until_idle(&mut w);
    for pane in ["Pane Original", "Pane 256 colours", "Pane 16 colours", "Pane 4 colours"] {
        assert!(shows(&w, pane), "{pane}");
    }
    assert!(shows(&w, "Pane 16 colours  SSIMULACRA2 "), "the eye's figure comes first");
    for figure in
        ["SSIMULACRA2", "butteraugli, max", "from afar", "PSNR", "ΔE2000", "bits a pixel", "indexed PNG", "24-bit PNG"]
    {
        assert!(shows(&w, figure), "{figure}");
    }
    assert!(shows(&w, "Palette of 256 colours") && shows(&w, "Palette of 4 colours"));
}

#[test]
fn a_dropped_model_shows_its_table_and_both_together_the_bridge() {
    let folder = tempfile::tempdir().unwrap();
    let (photo, model) = (write_slope_named(folder.path(), "holiday é.png", 0), write_model(folder.path()));
    let mut w = open(Theme::Dark);
    drop_files(&mut w, &[&model]);
    wait_until(&mut w, "the model", |w| shows(w, "tiny.safetensors"));
    wait_until_idle(&mut w);
    assert!(shows(&w, "Tensor a.weight") && shows(&w, "Tensor c.bias") && shows(&w, "3 of 3"));
    assert!(shows(&w, "Pane q8_0") && shows(&w, "Pane q4_k") && shows(&w, "Pane q2_k"));
    drop_files(&mut w, &[&photo, &model]);
    wait_until(&mut w, "the bridge", |w| w.query_by_role_and_label(Role::Slider, "Dial: bits").is_some());
    assert!(shows(&w, "holiday é.png"));
}

#[test]
fn bad_files_get_a_notice_and_what_was_open_stays_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.safetensors");
    std::fs::write(&path, b"\xff\xff\xff\xff\xff\xff\xff\x7f{}").unwrap();
    let mut w = open(Theme::Dark);
    let places = |w: &Window| {
        ["Pane 16 colours", "Palette of 16 colours", "Dial: bits"]
            .map(|label| w.get_all_by_label_contains(label).next().map(|node| node.rect()))
    };
    let before = places(&w);
    drop_files(&mut w, &[&path, &folder.path().join("gone.png")]);
    wait_until(&mut w, "the notices", |w| shows(w, "header longer than 100 MB") && shows(w, "there is no such file"));
    wait_until_idle(&mut w);
    assert!(shows(&w, "parrots.png") && shows(&w, "Pane 16 colours"));
    // Two lines over the foot of the view, and everything else where it was: a click on its way hits what it was for.
    let highest = w.query_all_by_label("Dismiss").map(|n| n.rect().top()).fold(f32::MAX, f32::min);
    assert!(before.iter().all(Option::is_some) && places(&w) == before, "{before:?} {:?}", places(&w));
    assert!(highest > w.ctx.content_rect().bottom() - 160.0, "{highest}");
    for _ in 0..2 {
        w.get_all_by_label("Dismiss").next().unwrap().click();
        w.run_steps(4);
    }
    assert!(!shows(&w, "no such file"));
}

#[test]
fn files_that_hover_get_an_overlay_and_lose_it_when_they_leave() {
    let mut w = open(Theme::Dark);
    let before = w.render().unwrap();
    w.input_mut().hovered_files.push(egui::HoveredFile { path: Some("a.png".into()), ..Default::default() });
    w.step();
    let hovering = w.render().unwrap();
    w.input_mut().hovered_files.clear();
    w.step();
    w.step();
    let after = w.render().unwrap();
    let differing =
        |a: &image::RgbaImage, b: &image::RgbaImage| a.pixels().zip(b.pixels()).filter(|(x, y)| x != y).count();
    assert!(differing(&before, &hovering) > 500_000);
    assert!(differing(&before, &after) < 5_000);
}

#[test]
fn the_table_sorts_filters_and_selects() {
    let mut w = open(Theme::Dark);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    w.step();
    wait_until_idle(&mut w);
    let first_row = |w: &Window| {
        let rows = w.query_all_by_role(Role::Row);
        rows.map(|row| (row.rect().top(), row.accesskit_node().label().unwrap_or_default()))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|row| row.1)
            .unwrap()
    };
    assert_eq!(first_row(&w), "Tensor model.embed_tokens.weight");
    w.get_by_label_contains("ρ q2_k").click();
    w.run_steps(3);
    let least = first_row(&w);
    w.get_by_label_contains("ρ q2_k").click();
    w.run_steps(3);
    let most = first_row(&w);
    assert!(least != most && [&least, &most].iter().all(|name| !name.contains("norm")), "{least} {most}");
    let field = w.get_by_role_and_label(Role::TextInput, "Filter tensors");
    field.focus();
    w.run_steps(2);
    w.get_by_role_and_label(Role::TextInput, "Filter tensors").type_text("layers.3*q_proj");
    w.run_steps(3);
    assert!(shows(&w, "1 of 47"));
    w.get_by_label_contains("Tensor model.layers.3.self_attn.q_proj").click();
    w.run_steps(2);
    wait_until_idle(&mut w);
    assert!(w.query_all_by_label("model.layers.3.self_attn.q_proj.weight").next().is_some());
}

#[test]
fn settings_change_what_is_shown_and_labels_follow_the_picture() {
    let mut w = open(Theme::Dark);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    w.step();
    wait_until_idle(&mut w);
    nearest_one_by_one(&mut w);
    assert!(shows(&w, "36.7 dB"));
    w.get_by_value("k-means").click();
    w.run_steps(2);
    w.get_by_label("Median cut").click();
    w.step();
    wait_until_idle(&mut w);
    assert!(!shows(&w, "36.7 dB"), "median cut has another error");
    assert_eq!(w.state().state().photo.panes[2].method.name(), "median-cut");
}

#[test]
fn a_pane_of_the_weights_takes_any_format_of_the_table() {
    let mut w = open(Theme::Dark);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    w.step();
    wait_until_idle(&mut w);
    for label in ["Format ⏷", "GGUF (llama.cpp)"] {
        w.get_by_label_contains(label).click();
        w.run_steps(4);
    }
    w.get_by_label_contains("q5_0+   5.50 bits").click();
    w.run_steps(4);
    wait_until_idle(&mut w);
    assert!(shows(&w, "Pane q5_0+") && shows(&w, "Pane q8_0") && shows(&w, "q5_0+: 32 levels"));
    assert!(shows(&w, "ρ q5_0+"), "the table's column goes with the pane");
    // A rule for all panes takes the place of their own formats.
    w.get_by_value("Formats of their own").click();
    w.run_steps(4);
    w.get_by_label("Affine integers").click();
    w.run_steps(4);
    wait_until_idle(&mut w);
    assert!(shows(&w, "Pane 8 bits") && shows(&w, "Pane 4 bits") && shows(&w, "Pane 2 bits"));
    assert!(shows(&w, "ρ 4 bit") && w.query_by_value("Formats of their own").is_none());
}

#[test]
fn a_pane_takes_given_colours_and_a_dither() {
    let mut w = open(Theme::Dark);
    w.get_by_label("Photo").click();
    w.run_steps(2);
    wait_until_idle(&mut w);
    for label in ["Palette ⏷", "Given colours", "CGA 16  (16)"] {
        w.get_by_label(label).click();
        w.run_steps(4);
    }
    wait_until_idle(&mut w);
    assert!(shows(&w, "Pane CGA 16") && shows(&w, "Pane 256 colours"));
    assert!(
        w.state().state().photo.panes[1]
            .source
            .given
            .as_ref()
            .is_some_and(|p| p.colors().contains(&[0xaa, 0x55, 0, 255]))
    );
}

#[test]
fn escape_cancels_what_runs_and_keeps_what_is_shown() {
    let mut w = open(Theme::Dark);
    // A photo large enough that its reductions take a while.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.bmp");
    let mut random = quantscope::engine::random::Random::seeded(1);
    image::RgbImage::from_fn(3000, 2000, |_, _| image::Rgb([0; 3].map(|_: u8| random.next_u64() as u8)))
        .save(&path)
        .unwrap();
    drop_files(&mut w, &[&path]);
    wait_until(&mut w, "a preview", |w| shows(w, "large.bmp") && shows(w, "Pane 16 colours") && shows(w, "preview"));
    w.key_press(Key::Escape);
    w.step();
    wait_until(&mut w, "the end of the work", |w| shows(w, "Cancelled"));
    assert!(shows(&w, "Pane 16 colours"), "what was shown stays");
    w.get_by_label("Resume").click();
    w.run_steps(2);
    assert!(!shows(&w, "Cancelled"));
}

#[test]
fn the_theme_changes_by_key_and_the_keys_are_listed() {
    let mut w = open(Theme::Dark);
    w.key_press(Key::T);
    w.run_steps(2);
    assert_eq!(w.ctx.theme(), Theme::Light);
    w.key_press(Key::F1);
    w.run_steps(2);
    assert!(shows(&w, "Exactly 100 %") && shows(&w, "Turn the dial"));
    w.key_press(Key::Escape);
    w.run_steps(2);
    assert!(!shows(&w, "Exactly 100 %"));
}

fn snapshot(theme: Theme, name: &str) {
    let mut w = window([1200.0, 740.0], theme, Vec::new());
    wait_until_idle(&mut w);
    w.run_steps(3);
    w.snapshot(name);
}

#[test]
fn the_bridge_looks_as_it_did_in_the_dark() {
    snapshot(Theme::Dark, "bridge_dark");
}

#[test]
fn the_bridge_looks_as_it_did_in_the_light() {
    snapshot(Theme::Light, "bridge_light");
}

#[test]
fn two_presses_of_a_key_in_one_frame_are_two() {
    let mut w = open(Theme::Dark);
    let press = egui::Event::Key {
        key: Key::ArrowLeft,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    w.input_mut().events.extend([press.clone(), press]);
    w.step();
    assert_eq!(w.state().state().dial, 2);
}
