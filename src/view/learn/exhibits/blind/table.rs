//! The whole course in one table.

use egui::{Grid, RichText, Ui};

use super::super::super::exhibit::Given;
use crate::lab::summary::Line;
use crate::view::figure_rows::right;
use crate::view::{figures, theme};

pub fn table_ui(ui: &mut Ui, lines: &[Line], given: &Given) {
    let dark = ui.visuals().dark_mode;
    let names =
        (given.photo.as_ref().map(|d| d.photo.name.clone()), given.voice.as_ref().map(|v| v.model.name.clone()));
    ui.horizontal(|ui| {
        ui.label(RichText::new(names.0.unwrap_or_default()).strong().color(theme::photo_color(dark)));
        ui.label("and");
        ui.label(RichText::new(names.1.unwrap_or_default()).strong().color(theme::weights_color(dark)));
    });
    if let Some(why) = given.voice.as_ref().and_then(|v| v.instead.as_deref()) {
        ui.label(RichText::new(format!("Not the open model: {why}.")).small().weak());
    }
    ui.add_space(6.0);
    let room = ui.available_height() - 60.0;
    let row = (room / 9.0).clamp(22.0, 44.0);
    let size = (ui.available_width() / 54.0).clamp(theme::SMALL, 17.0);
    let column = ui.available_width() / 9.0 - 14.0;
    Grid::new("lesson-summary").num_columns(9).min_row_height(row).min_col_width(column.max(40.0)).striped(true).show(
        ui,
        |ui| {
            let photo = theme::photo_color(dark);
            let weights = theme::weights_color(dark);
            let head = [
                ("bits", ui.visuals().strong_text_color()),
                ("colours", photo),
                ("bits/pixel", photo),
                ("PSNR", photo),
                ("ΔE", photo),
                ("bits/weight", weights),
                ("error ρ", weights),
                ("perplexity", weights),
                ("words", weights),
            ];
            for (name, color) in head {
                right(ui, RichText::new(name).size(size).strong().color(color));
            }
            ui.end_row();
            for line in lines {
                let said = &line.said;
                let perplexity =
                    said.evaluation.map_or(figures::NONE.to_owned(), |e| figures::significant(e.perplexity()));
                let (kept, of) = said.kept();
                let cells = [
                    line.bits.to_string(),
                    line.photo.colors.to_string(),
                    figures::bits(line.photo.rate.bits_per_sample()),
                    figures::db(line.photo.error.psnr_db),
                    figures::delta_e(line.photo.error.delta_e_mean),
                    figures::bits(said.rate.bits_per_sample()),
                    figures::rho(said.error.relative_error()),
                    perplexity,
                    format!("{kept} of {of}"),
                ];
                for cell in cells {
                    right(ui, RichText::new(cell).size(size));
                }
                ui.end_row();
            }
        },
    );
    if let Some(line) = lines.first() {
        ui.add_space(6.0);
        let full = figures::significant(line.said.full.perplexity());
        ui.label(format!(
            "Before: 24 bits a pixel; perplexity {full} at full precision. Everything is counted: palettes and scales, too."
        ));
    } else {
        ui.weak("Measuring…");
    }
}
