//! The text before and after, words that differ marked, and the figures of the model beside those of its weights.

use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Layout, RichText, Stroke, Ui, vec2};

use super::speaking::{Speaking, Talk};
use crate::figures;
use crate::language::generate::{Choice, Word};
use crate::run::model::generation::{Ask, Generation, Prompt};
use crate::view::theme;
use crate::view::widgets::figure_rows::{Figure, figures_ui};

/// The figures' column.
const FIGURES: f32 = 236.0;
/// How freely tokens are drawn by chance.
const TEMPERATURE_PERCENT: u16 = 80;

/// How the text begins and how it goes on, in one row.
pub(crate) fn ask_ui(ui: &mut Ui, ask: &mut Ask) {
    for prompt in Prompt::ALL {
        let label = if prompt == Prompt::Nothing { "Begins by itself" } else { "“Once upon a time”" };
        if ui.selectable_label(ask.prompt == prompt, label).on_hover_text("How the text begins").clicked() {
            ask.prompt = prompt;
        }
    }
    ui.separator();
    let greedy = ask.choice == Choice::Greedy;
    if ui
        .selectable_label(greedy, "Likeliest word")
        .on_hover_text("Always the token the model thinks likeliest")
        .clicked()
    {
        ask.choice = Choice::Greedy;
    }
    let hint = "Tokens drawn by chance, as likely as the model says; the same seed for both texts";
    if ui.selectable_label(!greedy, "By chance").on_hover_text(hint).clicked() && greedy {
        ask.choice = by_chance(1);
    }
    if let Choice::Sampled { seed, .. } = &mut ask.choice {
        if ui.button("Another").on_hover_text("The next seed").clicked() {
            *seed = seed.wrapping_add(1);
        }
        ui.weak(format!("seed {seed}"));
    }
}

/// Tokens drawn by chance from this seed.
pub(crate) fn by_chance(seed: u64) -> Choice {
    Choice::Sampled { seed, temperature_percent: TEMPERATURE_PERCENT }
}

/// Fills what there is: both texts and, at the right, the figures.
pub(crate) fn says_ui(ui: &mut Ui, talk: &Talk, speaking: Option<Speaking<'_>>, failure: Option<&str>, size: f32) {
    if let Some(why) = talk.error().or(failure) {
        ui.label(RichText::new(why).color(theme::error(ui.visuals().dark_mode)));
        return;
    }
    let Some((generation, current)) = speaking.and_then(|s| talk.generation(s.document)) else {
        ui.weak("The model takes a breath…");
        return;
    };
    let instead = speaking.and_then(|s| s.loaded.instead.as_deref().map(|why| (why, &s.loaded.model.name)));
    let (height, gap) = (ui.available_height(), ui.spacing().item_spacing.x);
    let text = ((ui.available_width() - FIGURES - 4.0 * gap) / 2.0).max(120.0);
    ui.horizontal_top(|ui| {
        let column = |ui: &mut Ui, width: f32, add: &mut dyn FnMut(&mut Ui)| {
            ui.allocate_ui_with_layout(vec2(width, height), Layout::top_down(Align::Min), |ui| {
                ui.set_width(width);
                add(ui);
            });
        };
        column(ui, text, &mut |ui| full_ui(ui, generation, size));
        column(ui, text, &mut |ui| quantized_ui(ui, generation, current, size));
        column(ui, FIGURES, &mut |ui| {
            figures_ui(ui, &figure_rows(generation));
            if let Some((why, name)) = instead {
                ui.add_space(3.0);
                ui.label(RichText::new(format!("Here {name} speaks: {why}.")).small().weak());
            }
        });
    });
}

/// Both texts, one above the other.
pub(crate) fn texts_ui(ui: &mut Ui, generation: &Generation, current: bool, size: f32) {
    full_ui(ui, generation, size);
    ui.add_space(size * 0.8);
    quantized_ui(ui, generation, current, size);
}

fn full_ui(ui: &mut Ui, generation: &Generation, size: f32) {
    ui.label(RichText::new("Full precision").strong());
    ui.label(RichText::new(&generation.text.full).size(size));
}

fn quantized_ui(ui: &mut Ui, generation: &Generation, current: bool, size: f32) {
    if !current {
        ui.multiply_opacity(0.5);
    }
    let (kept, of) = generation.kept();
    ui.horizontal(|ui| {
        let color = theme::bits_color(ui.visuals().dark_mode, generation.format.bits);
        ui.label(RichText::new(generation.format.to_string()).strong().color(color));
        ui.weak(format!("{kept} of {of} words the same"));
    });
    ui.label(story_job(ui, &generation.text.words, size));
}

/// The words of a text; those that full precision did not write are underlined. They keep their colour, since another
/// word is not a wrong one.
pub(crate) fn story_job(ui: &Ui, words: &[Word], size: f32) -> LayoutJob {
    let font = egui::FontId::proportional(size);
    let same = TextFormat::simple(font, ui.visuals().text_color());
    let line = Stroke::new(1.0, theme::accent(ui.visuals().dark_mode));
    let other = TextFormat { underline: line, ..same.clone() };
    let mut job = LayoutJob::default();
    job.wrap.break_anywhere = false;
    for word in words {
        let bare = word.text.trim_end();
        job.append(bare, 0.0, if word.differs { other.clone() } else { same.clone() });
        job.append(&word.text[bare.len()..], 0.0, same.clone());
    }
    job
}

/// The model's figures first, the weights' below, with full precision's in brackets.
pub(crate) fn figure_rows(generation: &Generation) -> Vec<Figure> {
    let beside = |now: Option<f64>, full: f64, unit: &str| {
        let now = now.map_or("…".to_owned(), figures::significant);
        format!("{now}{unit}  (full {})", figures::significant(full))
    };
    let (e, full) = (generation.evaluation.as_ref(), &generation.full);
    let scored = figures::count(full.scored as u64);
    let alone = |x: Option<f64>, unit: &str| x.map_or("…".to_owned(), |x| figures::significant(x) + unit);
    vec![
        Figure::new("perplexity", beside(e.map(|e| e.perplexity()), full.perplexity(), "")).with_hint(format!(
            "e to the cross-entropy, over {scored} tokens of a text the model never saw: among how many tokens it \
             seems to hesitate"
        )),
        Figure::new("cross-entropy, nats", beside(e.map(|e| e.cross_entropy), full.cross_entropy, ""))
            .with_hint("Mean −ln of the chance given to the token that really came"),
        Figure::new("same first choice", alone(e.map(|e| e.agreement * 100.0), " %"))
            .with_hint("Top-1 agreement: where both think the same token likeliest"),
        Figure::new("token KL, nats", alone(e.map(|e| e.kl), ""))
            .with_hint("Mean Σ p·ln(p/q): how far its chances q are from full precision's p"),
        Figure::new("weight error ρ", figures::rho(generation.error.relative_error()))
            .with_hint("‖error‖ / ‖weights‖ of all matrices: not a figure of the model"),
        Figure::new("bits per weight", figures::bits(generation.rate.bits_per_sample()))
            .with_hint("Everything counted, scales included"),
    ]
}
