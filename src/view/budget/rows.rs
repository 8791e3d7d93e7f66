//! What each tensor got: the table below the settings.

use egui::{Align, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};

use super::Wish;
use crate::export::weights_report::{decided_by, slope_unit};
use crate::figures;
use crate::run::mix::{self, Duty};
use crate::source::model::Model;
use crate::view::command::Command;
use crate::view::theme;

const ROW: f32 = 22.0;

/// What each tensor got.
pub fn rows_ui(ui: &mut Ui, mix: &mix::Mix, model: &Model, selected: usize, commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing = egui::vec2(5.0, 1.0);
    let builder = TableBuilder::new(ui)
        .id_salt("budget-table")
        .min_scrolled_height(0.0)
        .striped(true)
        .sense(Sense::click())
        .cell_layout(Layout::right_to_left(Align::Center))
        .auto_shrink(false)
        .column(Column::remainder().at_least(120.0).clip(true))
        .column(Column::exact(84.0).clip(true))
        .column(Column::exact(76.0).clip(true))
        .column(Column::exact(42.0).clip(true))
        .column(Column::exact(52.0).clip(true))
        .column(Column::exact(72.0).clip(true))
        .column(Column::exact(30.0).clip(true));
    let unit = slope_unit(mix.objective);
    let slope = format!("The slope that decided, {unit}: the error that its last bit took away");
    let rows = builder.header(ROW, |mut header| {
        for (title, hint) in [
            ("Tensor", "In the order of the file"),
            ("Kind", "Told from the name"),
            ("Format", "What it deserves under this budget"),
            ("bpw", "Bits per weight, everything counted"),
            ("SQNR", "Weight error"),
            ("Slope", slope.as_str()),
            ("", ""),
        ] {
            header.col(|ui| {
                let side = if title == "Tensor" { Layout::left_to_right } else { Layout::right_to_left };
                ui.with_layout(side(Align::Center), |ui| {
                    ui.label(RichText::new(title).small().strong()).on_hover_text(hint);
                });
            });
        }
    });
    rows.body(|body| {
        body.rows(ROW, mix.rows.len(), |mut row| {
            let tensor = row.index();
            let (info, got) = (&model.tensors[tensor], &mix.rows[tensor]);
            row.set_selected(tensor == selected);
            let small = |ui: &mut Ui, text: String| ui.add(egui::Label::new(RichText::new(text).small()).truncate());
            row.col(|ui| {
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    small(ui, info.name.strip_suffix(".weight").unwrap_or(&info.name).to_owned())
                        .on_hover_text(&info.name);
                });
            });
            row.col(|ui| {
                small(ui, info.place().role.label().to_owned());
            });
            row.col(|ui| format_cell(ui, got, &info.dtype.name()));
            row.col(|ui| {
                small(ui, figures::bits(got.bits as f64 / info.values.max(1) as f64));
            });
            row.col(|ui| {
                small(ui, got.measured.map_or_else(|| figures::NONE.to_owned(), |m| figures::db(m.error.sqnr_db())));
            });
            row.col(|ui| slope_cell(ui, got, unit));
            row.col(|ui| lock_cell(ui, got, &info.name, commands));
            let response = row.response();
            response.widget_info(|| {
                let named = format!("Mix {}", info.name);
                egui::WidgetInfo::selected(egui::accesskit::Role::Row, true, tensor == selected, named)
            });
            if response.clicked() {
                commands.push(Command::SelectTensor(tensor));
            }
        });
    });
}

fn format_cell(ui: &mut Ui, row: &mix::Row, stored: &str) {
    let dark = ui.visuals().dark_mode;
    let text = match row.format {
        Some(format) => RichText::new(format.to_string()).small().strong().color(theme::bits_color(dark, format.bits)),
        None => RichText::new(stored).small().weak(),
    };
    let mut hint = decided_by(row);
    if let Some(note) = &row.note {
        hint += &format!("\n{note}");
    }
    let mark = if row.note.is_some() { "*" } else { "" };
    ui.add(egui::Label::new(text).truncate()).on_hover_text(&hint);
    if !mark.is_empty() {
        ui.label(RichText::new(mark).small().weak()).on_hover_text(hint);
    }
}

fn slope_cell(ui: &mut Ui, row: &mix::Row, unit: &str) {
    let scientific = |x: f64| format!("{x:.1e}");
    match (row.slopes.taken, row.slopes.refused) {
        (Some(taken), refused) => {
            let next = refused
                .map_or("nothing better is left".to_owned(), |r| format!("the next step would take {}", scientific(r)));
            ui.label(RichText::new(scientific(taken)).small()).on_hover_text(format!("{unit}; {next}"));
        }
        (None, Some(refused)) => {
            let text = RichText::new(format!("< {}", scientific(refused))).small().weak();
            ui.label(text)
                .on_hover_text("Its cheapest: the next step takes this much away for a bit, and others take more");
        }
        (None, None) => {
            ui.label(RichText::new(figures::NONE).small().weak());
        }
    }
}

fn lock_cell(ui: &mut Ui, row: &mix::Row, name: &str, commands: &mut Vec<Command>) {
    let locked = matches!(row.duty, Duty::Locked(_));
    if matches!(row.duty, Duty::Kept(_)) {
        return;
    }
    let (icon, hint) =
        if locked { ("🔒", "Locked; click to free it") } else { ("🔓", "Lock it to what it has now") };
    let button = ui.add(egui::Button::new(RichText::new(icon).small()).frame(false)).on_hover_text(hint);
    button.widget_info(|| {
        egui::WidgetInfo::selected(egui::accesskit::Role::CheckBox, true, locked, format!("Lock {name}"))
    });
    if button.clicked() {
        commands.push(Command::Budget(Wish::ToggleLock { name: name.to_owned(), format: row.format }));
    }
}
