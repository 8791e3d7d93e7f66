//! The model under the dial: its text in full precision above, its text now below.

use egui::{Align, Layout, RichText, Ui, vec2};

use crate::language::generate::Choice;
use crate::run::model::generation::Ask;
use crate::view::bridge::talk::says::{ask_ui, by_chance, figure_rows, texts_ui};
use crate::view::bridge::talk::speaking::{Speaking, Talk};
use crate::view::theme;
use crate::view::widgets::dial::dial_ui;
use crate::view::widgets::figure_rows::figures_ui;

const SIDE: f32 = 232.0;
const DIAL: f32 = 150.0;

pub(super) fn story_ui(
    ui: &mut Ui,
    bits: &mut u8,
    talk: &mut Talk,
    speaking: Option<Speaking<'_>>,
    failure: Option<&str>,
) {
    ui.horizontal(|ui| ask_ui(ui, &mut talk.ask));
    if let Some(why) = talk.error().or(failure) {
        ui.label(RichText::new(why).color(theme::error(ui.visuals().dark_mode)));
        return;
    }
    let size = ui.available_size();
    ui.horizontal_top(|ui| {
        let left = vec2(size.x - SIDE - 12.0, size.y);
        ui.allocate_ui_with_layout(left, Layout::top_down(Align::Min), |ui| {
            ui.set_width(left.x);
            match speaking.and_then(|s| talk.generation(s.document)) {
                Some((generation, current)) => texts_ui(ui, generation, current, (left.x / 23.0).clamp(14.5, 21.0)),
                None => drop(ui.weak("The model takes a breath…")),
            }
        });
        ui.allocate_ui_with_layout(vec2(SIDE, size.y), Layout::top_down(Align::Min), |ui| {
            ui.set_width(SIDE);
            ui.vertical_centered(|ui| {
                if let Some(wanted) = dial_ui(ui, *bits, DIAL) {
                    *bits = wanted;
                }
            });
            ui.add_space(6.0);
            let Some((speaking, (generation, _))) = speaking.and_then(|s| Some((s, talk.generation(s.document)?)))
            else {
                return;
            };
            figures_ui(ui, &figure_rows(generation));
            if let Some(why) = &speaking.loaded.instead {
                ui.add_space(6.0);
                let text = format!("Here {} speaks: {why}.", speaking.loaded.model.name);
                ui.label(RichText::new(text).small().weak());
            }
        });
    });
}

/// Another story, drawn by chance.
pub(super) fn another(ask: &mut Ask) {
    ask.choice = match ask.choice {
        Choice::Greedy => by_chance(1),
        Choice::Sampled { seed, .. } => by_chance(seed.wrapping_add(1)),
    };
}
