//! Plots of the chosen tensor, below the weights: rows, tails and quantiles.

use crate::support::{Window, shows, wait_until_idle, window};
use eframe::egui::{Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, Theme, TouchPhase, pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use quantscope::view::weights::tensor_plot_state::{Pointed, TensorPlot};
use quantscope::view::widgets::plots::tails::Part;

fn open() -> Window {
    let mut w = window([1280.0, 800.0], Theme::Dark, Vec::new());
    wait_until_idle(&mut w);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    w.run_steps(3);
    wait_until_idle(&mut w);
    w
}

fn click(w: &mut Window, label: &str) {
    w.get_all_by_label(label).next().unwrap_or_else(|| panic!("no {label}")).click();
    w.run_steps(3);
    wait_until_idle(w);
    w.run_steps(3);
}

#[test]
fn the_key_walks_round_through_all_plots() {
    let mut w = open();
    let mut seen = Vec::new();
    for step in 0..5 {
        w.key_press(Key::P);
        w.run_steps(3);
        wait_until_idle(&mut w);
        w.run_steps(2);
        assert_eq!(w.state().state().table.by_depth, step == 0);
        seen.push(w.state().state().tensor_plots.shown);
        assert!(!shows(&w, "Measuring the rows…") && !shows(&w, "Sorting the weights…"));
    }
    let all = [None].into_iter().chain(TensorPlot::ALL.map(Some)).chain([None]);
    assert_eq!(seen, all.collect::<Vec<_>>());
}

#[test]
fn the_histogram_shows_a_tail_zooms_and_comes_back() {
    let mut w = open();
    click(&mut w, "Histogram and tails");
    let whole = w.render().unwrap();
    click(&mut w, "Right tail");
    assert_eq!(w.state().state().tensor_plots.tails.part, Part::RightTail);
    assert_ne!(w.render().unwrap(), whole);
    click(&mut w, "All");
    let at = w.get_by_label("Histogram of the weights").rect().center();
    w.hover_at(at);
    w.run_steps(2);
    w.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, 200.0),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    w.run_steps(10);
    let Part::Free(low, high) = w.state().state().tensor_plots.tails.part else { panic!("zoomed in") };
    assert!(high > low);
    w.key_press(Key::Num1);
    w.run_steps(3);
    wait_until_idle(&mut w);
    w.run_steps(3);
    assert_eq!(w.state().state().tensor_plots.tails.part, Part::Whole, "another format has another axis");
}

#[test]
fn the_quantiles_come_with_mean_and_spread() {
    let mut w = open();
    click(&mut w, "Q–Q plot");
    assert!(shows(&w, "σ") && shows(&w, "weights,") && shows(&w, "mean "));
    click(&mut w, "Every tensor");
    assert_eq!(w.state().state().tensor_plots.shown, None);
}

/// The pixels of a pane's picture as they stand on screen.
fn picture(w: &mut Window, pane: &str) -> Vec<u8> {
    let rect = w.get_all_by_label_contains(pane).next().unwrap().rect();
    let image = w.render().unwrap();
    let (x, y) = (rect.left() as u32 + 2, rect.top() as u32 + 2);
    let (width, height) = (rect.width() as u32 - 4, rect.height() as u32 - 4);
    image::imageops::crop_imm(&image, x, y, width, height).to_image().into_raw()
}

#[test]
fn a_bin_or_a_row_under_the_pointer_is_marked_in_the_heat_maps_and_unmarked_when_it_leaves() {
    let mut w = open();
    click(&mut w, "Rows of this tensor");
    w.hover_at(pos2(640.0, 4.0));
    w.run_steps(3);
    let plain = picture(&mut w, "Picture Original");
    let lit = |w: &mut Window, at: Pos2, what: &str| {
        w.hover_at(at);
        w.run_steps(3);
        wait_until_idle(w);
        w.run_steps(2);
        assert!(picture(w, "Picture Original") != plain, "{what} is not marked");
        let pointed = w.state().state().pointed;
        w.hover_at(pos2(640.0, 4.0));
        w.run_steps(3);
        assert!(picture(w, "Picture Original") == plain, "{what} stays marked");
        pointed
    };
    let bins = w.get_all_by_label("Weight histogram with levels").next().unwrap().rect();
    let of_bin = lit(&mut w, bins.center(), "a bin");
    assert!(matches!(of_bin, Some(Pointed::Bin(0, range)) if range.low < range.high), "{of_bin:?}");
    let of_row = lit(&mut w, pos2(400.0, 700.0), "a row");
    assert!(matches!(of_row, Some(Pointed::Row(row)) if row < 64), "{of_row:?}");
    click(&mut w, "Histogram and tails");
    let tails = w.get_by_label("Histogram of the weights").rect().center();
    let of_tail = lit(&mut w, tails, "a bin of the tails");
    assert!(matches!(of_tail, Some(Pointed::Bin(1, _))), "{of_tail:?}");
}
