//! The size of a model of any number of parameters under the usual formats, and the memory that fits.

use egui::{Grid, RichText, ScrollArea, Ui};

use crate::engine::theory::size::{COMMON, MARGIN_GIB, MEMORIES_GIB, Size, parameters};
use crate::figures;
use crate::view::theme;

pub(super) fn size_ui(ui: &mut Ui, text: &mut String) {
    ui.horizontal(|ui| {
        let label = ui.label("Parameters");
        ui.add(egui::TextEdit::singleline(text).desired_width(90.0).hint_text("70b")).labelled_by(label.id);
        ui.weak("70b, 1.1b, 350m or a plain number");
    });
    let count = match parameters(text) {
        Ok(count) => count,
        Err(why) => {
            ui.colored_label(theme::error(ui.visuals().dark_mode), why.to_string());
            return;
        }
    };
    ScrollArea::vertical().id_salt("sizes").max_height(190.0).show(ui, |ui| {
        Grid::new("sizes").striped(true).num_columns(5).spacing([18.0, 2.0]).show(ui, |ui| {
            for heading in ["Format", "bpw", "GB", "GiB", "Fits in"] {
                ui.label(RichText::new(heading).small().strong());
            }
            ui.end_row();
            for row in COMMON {
                let size = Size::new(count, row.bits);
                ui.label(row.format);
                ui.label(format!("{:.3}", row.bits));
                ui.label(figures::significant(size.gigabytes()));
                ui.label(figures::significant(size.gibibytes()));
                let largest = MEMORIES_GIB.into_iter().max().unwrap_or_default();
                ui.label(size.fits_in().map_or_else(|| format!("more than {largest} GiB"), |gib| format!("{gib} GiB")));
                ui.end_row();
            }
        });
    });
    ui.weak(format!(
        "Weights only. What fits leaves {MARGIN_GIB} GiB and more for the key-value cache and the runtime."
    ));
}
