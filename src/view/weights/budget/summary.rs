//! What the budget bought: size and error beside one format for all, and what the model makes of it.

use egui::{RichText, Ui};

use super::outcome::{KlState, Outcome};
use crate::export::weights_report::{bytes_text, for_all, kl_line, objective_line};
use crate::figures;
use crate::run::mix::{Mix, Total};
use crate::view::document::ModelDocument;
use crate::view::weights::table::draw::caveats_ui;
use crate::view::widgets::figure_rows::right;

pub(super) fn summary_ui(ui: &mut Ui, outcome: &Outcome, kl_state: KlState<'_>, document: &ModelDocument) {
    let mix = &outcome.mix;
    grid_ui(ui, outcome, document);
    let basis = sentence(objective_line(mix.objective));
    for text in [basis, gain_text(mix), kl_text(kl_state)] {
        ui.add(egui::Label::new(RichText::new(text).small().weak()).wrap());
    }
    caveats_ui(ui, document.model.caveats.lines());
}

fn grid_ui(ui: &mut Ui, outcome: &Outcome, document: &ModelDocument) {
    let mix = &outcome.mix;
    let each = |bits: u64| format!("{:.3}", bits as f64 / mix.values.max(1) as f64);
    let size = |bits: u64| bytes_text(bits.div_ceil(8));
    // The room is the table's below.
    let grid = egui::Grid::new("budget-summary").num_columns(6).spacing([16.0, 1.0]).min_row_height(16.0);
    grid.show(ui, |ui| {
        let sqnr = if outcome.importance.is_some() { "SQNR, all weights, weighed" } else { "SQNR, all weights" };
        ui.label("");
        for heading in ["bits per weight", "size", sqnr, "mean of the tensors"] {
            right(ui, RichText::new(heading).small().weak());
        }
        // The last column takes all the width that is left.
        ui.label("");
        ui.end_row();
        let row = |ui: &mut Ui, name: String, total: &Total, strong: bool| {
            let styled = |text: String| if strong { RichText::new(text).strong() } else { RichText::new(text) };
            let cells =
                [each(total.bits), size(total.bits), figures::db(total.counted_db()), figures::db(total.mean_db())];
            ui.label(styled(name)).on_hover_text(rest_text(mix));
            for text in cells {
                right(ui, styled(text));
            }
            ui.end_row();
        };
        row(ui, "This mix".to_owned(), &mix.total, true);
        match &mix.uniform {
            Some(uniform) => {
                row(ui, for_all(uniform.format, mix), &uniform.total, false);
                row(ui, "A mix of that size".to_owned(), &uniform.same_size_total, false);
            }
            None => {
                ui.weak("One for all");
                ui.weak("none fits");
                ui.end_row();
            }
        }
        let stored = document.model.total_bytes() * 8;
        ui.weak("As stored");
        right(ui, RichText::new(each(stored)).weak());
        right(ui, RichText::new(size(stored)).weak());
        ui.end_row();
    });
}

fn gain_text(mix: &Mix) -> String {
    let Some(uniform) = &mix.uniform else {
        return "No single one of these formats fits the budget.".to_owned();
    };
    format!(
        "At the same size as {} the mix gains {:+.2} dB over all weights ({:+.2} is what 6 dB a bit would allow) and {:+.2} dB in the mean of the tensors.",
        for_all(uniform.format, mix),
        uniform.gain_db(Total::counted_db),
        uniform.divisible_gain_db,
        uniform.gain_db(Total::mean_db)
    )
}

fn rest_text(mix: &Mix) -> String {
    let stand_ins = match mix.stand_ins {
        0 => String::new(),
        n => format!("{n} tensors have rows that fit no block of their format: another type stands in. "),
    };
    format!(
        "{stand_ins}{} tensors stay as they are stored ({}): norms, biases and other vectors.",
        mix.kept,
        bytes_text(mix.kept_bits.div_ceil(8))
    )
}

fn kl_text(kl_state: KlState<'_>) -> String {
    let text = match kl_state {
        KlState::Pending => "measuring what the model itself makes of it".to_owned(),
        KlState::Cancelled => "measuring what the model itself makes of it was cancelled".to_owned(),
        KlState::Failed(why) => kl_line(Err(&why)),
        KlState::NotRunnable => kl_line(Ok(None)),
        KlState::Measured(kl_report) => kl_line(Ok(Some(kl_report))),
    };
    sentence(&text)
}

pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).chain(['.']).collect())
}
