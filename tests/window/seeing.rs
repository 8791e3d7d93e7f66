//! What the photo's views show: the magnifier, error maps with their scales, the colours in space.

use std::sync::Arc;

use crate::support::{Window, shows, wait_until, wait_until_idle, window, window_with_slope};
use eframe::egui::{
    self, Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, Theme, TouchPhase, vec2,
};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use quantscope::engine::colour::linear_from_srgb8;
use quantscope::picture::Picture;
use quantscope::run::cloud::CloudSpace;
use quantscope::view::widgets::compare::comparison::{CompareState, Comparison, Marks, PaneContent};
use quantscope::view::widgets::compare::draw::compare_ui;
use quantscope::view::widgets::compare::mode::Mode;

fn count(w: &Window, text: &str) -> usize {
    w.query_all_by_label_contains(text).count()
}

fn press(w: &mut Window, key: Key) {
    w.key_press(key);
    w.run_steps(3);
    wait_until_idle(w);
    w.run_steps(2);
}

fn click(w: &mut Window, label: &str) {
    w.get_all_by_label(label).next().unwrap_or_else(|| panic!("no {label}")).click();
    w.run_steps(3);
    wait_until_idle(w);
    w.run_steps(2);
}

fn middle(w: &Window, label: &str) -> Pos2 {
    w.query_all_by_label_contains(label).next().unwrap_or_else(|| panic!("no {label}")).rect().center()
}

fn hover(w: &mut Window, at: Pos2) {
    w.hover_at(at);
    w.run_steps(3);
}

#[test]
fn m_shows_the_spot_of_all_panes_in_every_mode_and_takes_it_away() {
    let mut w = window_with_slope();
    let at = middle(&w, "Picture Original");
    hover(&mut w, at);
    assert!(!shows(&w, "Magnifier 8×"));
    press(&mut w, Key::M);
    assert!(shows(&w, "Magnifier 8×"));
    for key in [Key::D, Key::V, Key::E, Key::C, Key::S] {
        press(&mut w, key);
        let at = middle(&w, "Picture");
        hover(&mut w, at);
        assert!(shows(&w, "Magnifier 8×"), "{key:?}");
    }
    hover(&mut w, Pos2::new(640.0, 10.0));
    assert!(!shows(&w, "Magnifier 8×"), "only over a picture");
    let at = middle(&w, "Picture Original");
    hover(&mut w, at);
    press(&mut w, Key::M);
    assert!(!shows(&w, "Magnifier 8×"));
}

#[test]
fn the_magnifier_shows_each_pixel_as_eight_screen_pixels_a_side() {
    let mut w = window_with_slope();
    press(&mut w, Key::M);
    let at = middle(&w, "Picture Original");
    hover(&mut w, at);
    let lens = w.query_all_by_label_contains("Magnifier 8×").next().unwrap();
    let (rect, label) = (lens.rect(), lens.accesskit_node().label().unwrap_or_default());
    let (x, y) = label.split_once('(').unwrap().1.trim_end_matches(')').split_once(", ").unwrap();
    let (x, y): (u32, u32) = (x.parse().unwrap(), y.parse().unwrap());
    let picture = w.render().unwrap();
    // The original is the first part, below its title, 15 pixels a side: the middle one is the eighth.
    let corner = (rect.left().round() as u32, rect.top().round() as u32 + 16);
    for (dx, dy) in [(-3i32, 0i32), (0, 2), (4, -5), (7, 7), (-7, -7)] {
        let square = (corner.0 as i32 + (7 + dx) * 8, corner.1 as i32 + (7 + dy) * 8);
        let of_photo = ((x as i32 + dx) as u32, (y as i32 + dy) as u32);
        let wanted = [(of_photo.0 * 2) as u8, (of_photo.1 * 3) as u8, (of_photo.0 + of_photo.1) as u8];
        for (i, j) in [(0, 0), (7, 0), (0, 7), (7, 7)] {
            let found = picture.get_pixel((square.0 + i) as u32, (square.1 + j) as u32).0;
            let off = found.iter().zip(wanted).map(|(a, b)| a.abs_diff(b)).max().unwrap();
            assert!(off <= 1, "({dx}, {dy}) + ({i}, {j}): {found:?}, not {wanted:?}");
        }
    }
}

#[test]
fn the_magnifier_works_on_weights_and_on_the_bridge() {
    let mut w = window([1280.0, 800.0], Theme::Light, Vec::new());
    wait_until_idle(&mut w);
    press(&mut w, Key::M);
    for at in ["Picture Photo", "Picture Original"] {
        let at = middle(&w, at);
        hover(&mut w, at);
        assert!(shows(&w, "Magnifier 8×"), "{at:?}");
    }
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    w.run_steps(3);
    wait_until_idle(&mut w);
    let at = middle(&w, "Picture q4_k");
    hover(&mut w, at);
    assert!(shows(&w, "Magnifier 8×"));
    click(&mut w, "Magnifier");
    assert!(!w.state().state().lens);
}

#[test]
fn error_maps_name_their_unit_and_the_most_that_they_show() {
    let mut w = window_with_slope();
    assert!(!shows(&w, "Error scale"));
    press(&mut w, Key::E);
    assert_eq!(count(&w, "Error scale: 0 to 20 and more, ΔE2000"), 3);
    let of_delta_e = w.render().unwrap();
    click(&mut w, "Squared error");
    assert_eq!(count(&w, "Error scale: 0 to 1000 and more, squared error"), 3);
    let of_squares = w.render().unwrap();
    click(&mut w, "From afar");
    assert_eq!(count(&w, "Error scale: 0 to 5 and more, Oklab distance × 100, from afar"), 3);
    let of_afar = w.render().unwrap();
    let map = w.get_by_label("Picture 16 colours").rect();
    let part = |picture: &image::RgbaImage| {
        let (x, y, width, height) = (map.left(), map.top(), map.width(), map.height());
        image::imageops::crop_imm(picture, x as u32, y as u32, width as u32, height as u32).to_image()
    };
    assert_ne!(part(&of_delta_e), part(&of_squares), "another error, another map");
    assert!(part(&of_afar) != part(&of_squares) && part(&of_afar) != part(&of_delta_e));
    let at = map.center();
    hover(&mut w, at);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    w.run_steps(3);
    wait_until_idle(&mut w);
    press(&mut w, Key::E);
    assert_eq!(count(&w, "and more, |error|"), 3, "those of weights, too");
}

#[test]
fn the_figures_hold_mean_most_and_maximum_of_the_colour_difference() {
    let w = window_with_slope();
    assert_eq!(count(&w, "ΔE2000, 95 %, max"), 3);
}

fn cloud() -> Window {
    let mut w = window_with_slope();
    press(&mut w, Key::C);
    assert_eq!(w.state().state().photo_mode, Mode::Cloud);
    w
}

fn drag(w: &mut Window, from: Pos2, by: egui::Vec2) {
    w.hover_at(from);
    w.step();
    w.drag_at(from);
    w.step();
    w.hover_at(from + by * 0.5);
    w.step();
    w.hover_at(from + by);
    w.step();
    w.drop_at(from + by);
    w.run_steps(2);
}

#[test]
fn the_cloud_turns_with_the_pointer_and_the_keys_zooms_with_the_wheel_and_resets() {
    let mut w = cloud();
    assert!(shows(&w, "Colour cloud of 16 colours in RGB") && shows(&w, "points for 6\u{2009}144 colours"));
    let rect = w.get_by_label_contains("Colour cloud").rect();
    let (start, before) = (w.state().state().cloud.orbit, w.render().unwrap());
    drag(&mut w, rect.left_top() + vec2(20.0, 20.0), vec2(80.0, 30.0));
    let dragged = w.state().state().cloud.orbit;
    assert_ne!(dragged, start);
    assert_ne!(w.render().unwrap(), before, "it looks turned");
    press(&mut w, Key::ArrowRight);
    press(&mut w, Key::ArrowDown);
    assert_ne!(w.state().state().cloud.orbit, dragged);
    let zoom = w.state().state().cloud.orbit.zoom();
    w.hover_at(rect.center());
    let delta = vec2(0.0, 120.0);
    w.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta,
        phase: TouchPhase::Move,
        source: MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    w.run_steps(10);
    assert!(w.state().state().cloud.orbit.zoom() > zoom * 1.1);
    press(&mut w, Key::Home);
    assert_eq!(w.state().state().cloud.orbit, start);
    drag(&mut w, rect.left_top() + vec2(20.0, 20.0), vec2(40.0, 0.0));
    assert_ne!(w.state().state().cloud.orbit, start);
    let at = rect.left_top() + vec2(15.0, 15.0);
    hover(&mut w, at);
    // In one frame: between two of the harness's frames too much time goes by.
    let button =
        |pressed| Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
    w.input_mut().events.extend([true, false, true, false].map(button));
    w.run_steps(2);
    assert_eq!(w.state().state().cloud.orbit, start, "a double click resets");
}

#[test]
fn the_cloud_is_of_the_chosen_pane_and_in_the_chosen_space() {
    let mut w = cloud();
    click(&mut w, "Oklab");
    assert_eq!(w.state().state().cloud.space, CloudSpace::Oklab);
    assert!(shows(&w, "Colour cloud of 16 colours in Oklab"));
    press(&mut w, Key::Num3);
    assert!(shows(&w, "Colour cloud of 4 colours in Oklab") && shows(&w, "Picture 4 colours"));
    assert!(!shows(&w, "Picture 256 colours"), "beside it: the original and the chosen one");
}

#[test]
fn an_entry_under_the_pointer_says_what_it_is_and_is_outlined_in_the_palette() {
    let mut w = cloud();
    press(&mut w, Key::Num3);
    let rect = w.get_by_label_contains("Colour cloud").rect();
    // Somewhere in the cloud there is a point, and it belongs to an entry.
    let mut places = (0..400).map(|k| rect.center() + vec2((k % 20) as f32 * 8.0 - 80.0, (k / 20) as f32 * 8.0 - 80.0));
    let found = places.find(|&at| {
        w.hover_at(at);
        w.run_steps(2);
        w.state().state().cloud.hovered.is_some()
    });
    assert!(found.is_some());
    w.run_steps(40);
    let entry = w.state().state().cloud.hovered.unwrap();
    assert!(entry < 4);
    wait_until(&mut w, "the hint", |w| shows(w, &format!("entry {entry}")) && shows(w, " points"));
}

/// Yellow and blue in the proportion of `level` to 64, by the 8 × 8 matrix of Bayer: from afar an even grey.
fn bayer_grey(width: u32, height: u32, level: u32) -> Picture {
    let bits = |x: u32, y: u32, bit: u32| (((x ^ y) >> bit & 1) << 1 | (y >> bit & 1)) << (2 * (2 - bit));
    let threshold = |x, y| (0..3).map(|bit| bits(x, y, bit)).sum::<u32>();
    let codes = (0..width * height).map(|i| u8::from(threshold(i % width % 8, i / width % 8) < level)).collect();
    Picture::new_indexed(width, height, codes, vec![[40, 70, 150, 255], [210, 190, 90, 255]])
}

#[test]
fn a_bayer_dithered_grey_is_an_even_grey_at_46_51_61_and_90_percent() {
    let picture = Arc::new(bayer_grey(800, 600, 27));
    let mut states: Vec<CompareState> = [0.46, 0.51, 0.61, 0.9].map(state_at).into();
    let mut w = Harness::builder()
        .with_size(vec2(800.0, 600.0))
        .with_theme(Theme::Dark)
        .renderer(crate::support::soft_renderer::SoftRenderer::default())
        .build_ui(move |ui| {
            let names = ["46 %", "51 %", "61 %", "90 %"];
            for ((k, state), name) in states.iter_mut().enumerate().zip(names) {
                let corner = egui::pos2(400.0 * (k % 2) as f32, 300.0 * (k / 2) as f32);
                let room = egui::Rect::from_min_size(corner, vec2(390.0, 290.0));
                let panes = [PaneContent { title: name, picture: Some(&picture), ..PaneContent::default() }];
                let comparison = Comparison {
                    name,
                    panes: &panes,
                    extent: (picture.width, picture.height),
                    mode: Mode::SideBySide,
                    base: 0,
                    selected: 0,
                    show_original: false,
                    transparent: false,
                    lens: None,
                    marks: Marks::default(),
                };
                ui.scope_builder(egui::UiBuilder::new().max_rect(room), |ui| compare_ui(ui, state, &comparison));
            }
        });
    w.run_steps(3);
    w.snapshot("bayer_zooms");
    let image = w.render().unwrap();
    for (k, name) in ["46 %", "51 %", "61 %", "90 %"].into_iter().enumerate() {
        let (left, top) = (400 * (k as u32 % 2) + 60, 300 * (k as u32 / 2) + 70);
        for (x, y) in (0..6).flat_map(|x| (0..4).map(move |y| (left + 40 * x, top + 40 * y))) {
            let mean = |c: usize| {
                let lights = (0..1600).map(|i| linear_from_srgb8(image.get_pixel(x + i % 40, y + i / 40)[c]));
                lights.sum::<f32>() / 1600.0
            };
            for (c, (yellow, blue)) in [(210, 40), (190, 70), (90, 150)].into_iter().enumerate() {
                let right = (linear_from_srgb8(yellow) * 27.0 + linear_from_srgb8(blue) * 37.0) / 64.0;
                assert!((mean(c) - right).abs() < 0.03 * right, "{name} at {x}, {y}: {} for {right}", mean(c));
            }
        }
    }
}

fn state_at(zoom: f64) -> CompareState {
    let mut state = CompareState::default();
    state.viewport.set_zoom(zoom);
    state
}
