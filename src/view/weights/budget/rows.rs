//! What each tensor got: the table below the settings.

use egui::{Align, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};

use super::settings::BudgetAction;
use crate::export::weights_report::{decided_by, slope_unit};
use crate::figures;
use crate::run::mix::{self, Duty};
use crate::source::model::Model;
use crate::view::command::Command;
use crate::view::theme;
use crate::view::widgets::figure_rows::sqnr;
use crate::view::widgets::names::fitted_name;

const ROW: f32 = 22.0;

/// What each tensor got, in a table of so many points of height.
pub(super) fn rows_ui(
    ui: &mut Ui,
    mix: &mix::Mix,
    model: &Model,
    (selected, order): (usize, &[usize]),
    height: f32,
    commands: &mut Vec<Command>,
) {
    let kept = |t: &usize| mix.rows.get(*t).is_some_and(|row| matches!(row.duty, Duty::Kept(_)));
    // Norms, biases and the like, which there is nothing to choose for, after the matrices.
    let (apart, matrices): (Vec<usize>, Vec<usize>) = order.iter().copied().partition(kept);
    let order = [matrices, apart].concat();
    ui.spacing_mut().item_spacing = egui::vec2(5.0, 1.0);
    let builder = TableBuilder::new(ui)
        .id_salt("budget-table")
        .min_scrolled_height(height - ROW)
        .max_scroll_height(height - ROW)
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
    let gain = format!("What decided, {unit}: how much of what is made least its last bit took away");
    let rows = builder.header(ROW, |mut header| {
        for (title, hint) in [
            ("Tensor", "Layer after layer; norms, biases and the like last"),
            ("Kind", "Told from the name"),
            ("Format", "What it deserves under this budget"),
            ("bpw", "Bits per weight, everything counted"),
            ("SQNR", "Weight error"),
            ("Gain/bit", gain.as_str()),
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
        body.rows(ROW, order.len(), |mut row| {
            let tensor = order[row.index()];
            let (Some(info), Some(got)) = (model.tensors.get(tensor), mix.rows.get(tensor)) else { return };
            row.set_selected(tensor == selected);
            let small = |ui: &mut Ui, text: String| ui.add(egui::Label::new(RichText::new(text).small()).truncate());
            row.col(|ui| {
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let name = fitted_name(ui, &info.name, ui.available_width() - 2.0);
                    small(ui, name).on_hover_text(&info.name);
                });
            });
            row.col(|ui| {
                small(ui, info.packed.map_or(info.place().role.label(), |p| p.what).to_owned());
            });
            row.col(|ui| format_cell(ui, got, &info.dtype.name()));
            row.col(|ui| {
                let bits = || figures::bits(got.bits as f64 / info.values.max(1) as f64);
                small(ui, if info.packed.is_some() { figures::NONE.to_owned() } else { bits() });
            });
            row.col(|ui| {
                small(ui, got.measured.map_or_else(|| figures::NONE.to_owned(), |m| sqnr(&m.error)));
            });
            row.col(|ui| gain_cell(ui, got, unit));
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

fn gain_cell(ui: &mut Ui, row: &mix::Row, unit: &str) {
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
    let (icon, hint) = match row.duty {
        Duty::Kept(_) => return,
        Duty::Locked(_) => ("🔒", "Locked; click to free it"),
        Duty::LockedByDefault(_) => ("🔒", "Locked by default; click to free it"),
        Duty::Free => ("🔓", "Lock it to what it has now"),
    };
    let locked = row.duty != Duty::Free;
    let button = ui.add(egui::Button::new(RichText::new(icon).small()).frame(false)).on_hover_text(hint);
    button.widget_info(|| {
        egui::WidgetInfo::selected(egui::accesskit::Role::CheckBox, true, locked, format!("Lock {name}"))
    });
    if button.clicked() {
        commands.push(Command::Budget(match row.duty {
            Duty::LockedByDefault(_) => BudgetAction::Free(name.to_owned()),
            _ => BudgetAction::ToggleLock { name: name.to_owned(), format: row.format },
        }));
    }
}
