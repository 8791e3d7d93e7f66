//! The whole model with nearest and with GPTQ's codes: what both write, and four figures of both.

use egui::{RichText, Ui, UiBuilder};

use crate::figures;
use crate::lesson::exhibits::feedback::compute::{ModelFeedback, ModelWay};
use crate::run::model::runnable::GeneratedText;
use crate::view::bridge::talk::says::story_job;
use crate::view::learn::drawing::bar_ui;
use crate::view::theme;

const BELOW: f32 = 152.0;

/// A model with nearest and with GPTQ's codes, and what both write.
pub(crate) struct ModelComparison {
    /// The errors of the quantized model with either kind of codes.
    pub feedback: ModelFeedback,
    /// What the model writes with nearest codes, then with GPTQ's.
    pub speeches: [GeneratedText; 2],
    /// Full precision's perplexity on the held-out text.
    pub full_perplexity: f64,
    /// The memory that both models take, in bytes.
    pub bytes: usize,
}

pub(super) fn model_ui(ui: &mut Ui, comparison: &ModelComparison) {
    let area = ui.available_rect_before_wrap();
    let below = area.with_min_y(area.bottom() - BELOW);
    let (left, right) = area.with_max_y(below.top() - 6.0).split_left_right_at_fraction(0.5);
    let sides = [(left.with_max_x(left.right() - 10.0), "Nearest"), (right.with_min_x(right.left() + 10.0), "GPTQ")];
    for ((rect, title), speech) in sides.into_iter().zip(&comparison.speeches) {
        ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
            ui.label(RichText::new(title).strong().size(theme::HEADING));
            let size = if rect.height() > 300.0 { theme::HEADING + 2.0 } else { theme::BODY };
            ui.label(story_job(ui, &speech.words, size));
            ui.add_space(2.0);
            ui.label(RichText::new("Underlined: words that full precision does not write there.").small().weak());
        });
    }
    let (left, right) = below.split_left_right_at_fraction(0.5);
    let (nearest, gptq) = (&comparison.feedback.nearest, &comparison.feedback.gptq);
    let pair = |of: &dyn Fn(&ModelWay) -> f64| [of(nearest), of(gptq)];
    let full =
        format!("Perplexity (full precision {}), shorter is better", figures::significant(comparison.full_perplexity));
    ui.scope_builder(UiBuilder::new().max_rect(left.with_max_x(left.right() - 10.0)), |ui| {
        pair_ui(ui, "Of the weights: error ρ, shorter is better", pair(&|w| w.raw.relative_error()), 4, &figures::rho);
        pair_ui(ui, "Of the layers' outputs: error ρ, shorter is better", pair(&|w| w.output), 8, &figures::rho);
    });
    ui.scope_builder(UiBuilder::new().max_rect(right.with_min_x(right.left() + 10.0)), |ui| {
        pair_ui(
            ui,
            "Of the next word: KL in nats, shorter is better",
            pair(&|w| w.evaluation.kl),
            8,
            &figures::significant,
        );
        pair_ui(ui, &full, pair(&|w| w.evaluation.perplexity()), 8, &figures::significant);
    });
}

fn pair_ui(ui: &mut Ui, title: &str, values: [f64; 2], color: u8, text: &dyn Fn(f64) -> String) {
    ui.spacing_mut().item_spacing.y = 3.0;
    ui.strong(title);
    let top = values.into_iter().filter(|x| x.is_finite()).fold(f64::MIN_POSITIVE, f64::max);
    let color = theme::bits_color(ui.visuals().dark_mode, color);
    for (name, value) in ["Nearest", "GPTQ"].into_iter().zip(values) {
        let share = if value.is_finite() { (value / top) as f32 } else { 1.0 };
        bar_ui(ui, (name, &text(value)), (64.0, 74.0), share, color);
    }
    ui.add_space(4.0);
}
