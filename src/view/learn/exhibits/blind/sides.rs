//! A and B: two reductions of the photo, or two stories. What they are is not said until it is shown.

use egui::{Align, Layout, RichText, Ui, vec2};

use super::super::super::exhibit::Inputs;
use crate::jobs::{Running, Slot};
use crate::run::report::PhotoReport;
use crate::view::bridge::talk::says::story_job;
use crate::view::bridge::talk::speaking::Talk;
use crate::view::document::PhotoKey;
use crate::view::photo::pane::caption;
use crate::view::theme;
use crate::view::widgets::compare::comparison::{CompareState, Comparison, PaneContent};
use crate::view::widgets::compare::draw::compare_ui;

pub(super) fn photos_ui(
    ui: &mut Ui,
    compare: &mut CompareState,
    inputs: &Inputs,
    slots: &[Slot<PhotoKey, PhotoReport>; 2],
    order: [usize; 2],
    revealed: bool,
) {
    let Some(document) = &inputs.photo else { return };
    let shown = |slot: &Slot<PhotoKey, PhotoReport>| {
        slot.shown().filter(|(key, _)| key.document == document.id).map(|(_, report)| report.clone())
    };
    // Neither side is shown before both are there: the faster one would give itself away.
    let ready = slots.iter().all(|s| s.shown().is_some_and(|(key, _)| Some(key) == s.wanted()) && !s.is_busy());
    let reports = order.map(|which| shown(&slots[which]).filter(|_| ready));
    let names = ["A", "B"];
    let captions = [0, 1].map(|side| match &reports[side] {
        Some(report) if revealed => format!("{}  {}", report.spec.title(), caption(report)),
        _ => String::new(),
    });
    let panes = [0, 1].map(|side| PaneContent {
        title: names[side],
        caption: &captions[side],
        picture: reports[side].as_ref().map(|r| &r.picture),
        stale: (!ready).then_some(0.0),
        message: slots[order[side]].error(),
        ..PaneContent::default()
    });
    let comparison = Comparison {
        transparent: !document.photo.image.is_opaque(),
        ..Comparison::side_by_side("lesson-blind", &panes, (document.photo.image.width, document.photo.image.height))
    };
    compare_ui(ui, compare, &comparison);
}

pub(super) fn stories_ui(ui: &mut Ui, inputs: &Inputs, talks: &[Talk; 2], order: [usize; 2], revealed: bool) {
    if let Some(why) = inputs.load_error.as_deref().or(talks.iter().find_map(Talk::error)) {
        ui.label(RichText::new(why).color(theme::error(ui.visuals().dark_mode)));
        return;
    }
    let document = inputs.model.as_ref().map(|model| model.id);
    let generation = order.map(|which| talks[which].generation(document?).filter(|(_, current)| *current));
    let [Some((a, _)), Some((b, _))] = generation else {
        ui.weak("Two models write…");
        return;
    };
    if let Some((loaded, why)) = inputs.loaded.as_ref().and_then(|v| Some((v, v.instead.as_deref()?))) {
        ui.label(RichText::new(format!("Here {} speaks: {why}.", loaded.model.name)).small().weak());
    }
    let (width, height) = ((ui.available_width() - 28.0) / 2.0, ui.available_height());
    let size = (width / 19.0).clamp(14.5, 22.0);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 28.0;
        for (name, generation) in [("A", a), ("B", b)] {
            ui.allocate_ui_with_layout(vec2(width, height), Layout::top_down(Align::Min), |ui| {
                ui.set_width(width);
                let title = if revealed { format!("{name}: {}", generation.format) } else { name.to_owned() };
                ui.label(RichText::new(title).strong().size(theme::HEADING));
                if revealed {
                    ui.label(story_job(ui, &generation.text.words, size));
                } else {
                    let text: String = generation.text.words.iter().map(|w| w.text.as_str()).collect();
                    ui.label(RichText::new(text).size(size));
                }
            });
        }
    });
}
