//! Plots of the chosen tensor, below the weights: rows, tails and quantiles.

mod support;

use eframe::egui::{Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, Theme, TouchPhase, vec2};
use egui_kittest::kittest::Queryable as _;
use quantscope::view::plots::tails::Part;
use quantscope::view::tensor_plots::TensorPlot;
use support::{Window, shows, wait_until_idle, window};

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
