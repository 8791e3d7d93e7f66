//! The panel of the budget: settings above, what each tensor got below.

use egui::{Align, Layout, RichText, Sense, Slider, Ui};
use egui_extras::{Column, TableBuilder};

use super::size::size_ui;
use super::write::{ENDINGS, is_known};
use super::{Desk, Outcome, Preset, Settings, Unit, Wish};
use crate::engine::format::{Family, Format, Row, table};
use crate::export::weights_report::{bytes_text, decided_by};
use crate::figures;
use crate::run::mix::{self, Duty, Lock};
use crate::source::model::Model;
use crate::view::command::Command;
use crate::view::theme;
use crate::view::work::ModelDocument;

const ROW: f32 = 22.0;
/// A matrix that formats' bits per weight are told for.
const LARGE: usize = 4096;

pub fn budget_ui(ui: &mut Ui, desk: &mut Desk, document: &ModelDocument, selected: usize, commands: &mut Vec<Command>) {
    let mut settings = desk.settings.clone();
    budget_row_ui(ui, &mut settings, desk.outcome(document.id).map(|(outcome, _)| outcome), document);
    formats_ui(ui, &mut settings);
    locks_ui(ui, desk, &mut settings);
    if settings != desk.settings {
        commands.push(Command::Budget(Wish::Set(settings)));
    }
    ui.separator();
    state_ui(ui, desk, commands);
    let outcome = desk.outcome(document.id);
    if let Some((outcome, current)) = outcome {
        ui.scope(|ui| {
            if !current {
                ui.multiply_opacity(0.45);
            }
            summary_ui(ui, outcome, document);
        });
    }
    let writable = outcome.is_some_and(|(_, current)| current);
    write_ui(ui, &mut desk.destination, desk.writing.progress(), writable, commands);
    egui::CollapsingHeader::new("How large is a model of … parameters").id_salt("size-calculator").show(ui, |ui| {
        size_ui(ui, &mut desk.parameters);
    });
    if let Some((outcome, _)) = desk.outcome(document.id) {
        rows_ui(ui, &outcome.mix, &document.model, selected, commands);
    }
}

fn budget_row_ui(ui: &mut Ui, settings: &mut Settings, outcome: Option<&Outcome>, document: &ModelDocument) {
    let values = document.model.total_values().max(1) as f64;
    let (low, high) = match outcome {
        Some(outcome) => (outcome.range.0 as f64 / values, outcome.range.1 as f64 / values),
        None => (1.0, 9.0),
    };
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new("Budget").strong());
        let slider = match settings.unit {
            Unit::BitsPerWeight => {
                Slider::new(&mut settings.bits_per_weight, (low - 0.3).max(0.5)..=high.max(low + 0.1))
                    .step_by(0.01)
                    .clamping(egui::SliderClamping::Never)
            }
            Unit::Megabytes => {
                let of = |bits: f64| bits * values / 8e6;
                Slider::new(&mut settings.megabytes, of((low - 0.3).max(0.5))..=of(high.max(low + 0.1)))
                    .max_decimals(3)
                    .clamping(egui::SliderClamping::Never)
            }
        };
        ui.spacing_mut().slider_width = (ui.available_width() - 260.0).clamp(80.0, 260.0);
        ui.add(slider).labelled_by(label.id).on_hover_text("What all tensors together may take, everything counted");
        let before = settings.unit;
        for (unit, label) in [(Unit::BitsPerWeight, "bits per weight"), (Unit::Megabytes, "MB")] {
            ui.selectable_value(&mut settings.unit, unit, label);
        }
        match (before, settings.unit) {
            (Unit::BitsPerWeight, Unit::Megabytes) => settings.megabytes = settings.bits_per_weight * values / 8e6,
            (Unit::Megabytes, Unit::BitsPerWeight) => settings.bits_per_weight = settings.megabytes * 8e6 / values,
            _ => {}
        }
    });
}

fn formats_ui(ui: &mut Ui, settings: &mut Settings) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("Formats").strong());
        for preset in Preset::ALL {
            let formats = preset.formats();
            if ui.selectable_label(settings.formats == formats, preset.label).on_hover_text(preset.hint).clicked() {
                settings.formats = formats;
            }
        }
        ui.menu_button("Choose ⏷", |ui| {
            for family in Family::ALL {
                let rows: Vec<&Row> = table().into_iter().filter(|row| row.family == family).collect();
                if !rows.is_empty() {
                    ui.menu_button(family.label(), |ui| family_ui(ui, &rows, &mut settings.formats));
                }
            }
        })
        .response
        .on_hover_text("Any set of formats");
        let names: Vec<String> = settings.formats.iter().map(Format::to_string).collect();
        ui.add(egui::Label::new(RichText::new(names.join(", ")).small().weak()).wrap());
    });
}

fn family_ui(ui: &mut Ui, rows: &[&Row], formats: &mut Vec<Format>) {
    egui::ScrollArea::vertical().max_height(480.0).show(ui, |ui| {
        ui.set_min_width(250.0);
        for row in rows {
            let mut chosen = formats.contains(&row.format);
            let text = format!("{}   {} bits", row.name, figures::bits(row.format.bits_per_weight(LARGE, LARGE)));
            if ui.checkbox(&mut chosen, text).on_hover_text(row.purpose).changed() {
                match chosen {
                    true => formats.push(row.format),
                    // One has to stay.
                    false if formats.len() > 1 => formats.retain(|f| *f != row.format),
                    false => {}
                }
            }
        }
    });
}

fn locks_ui(ui: &mut Ui, desk: &mut Desk, settings: &mut Settings) {
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(RichText::new("Lock").strong());
        let field = egui::TextEdit::singleline(&mut desk.lock_pattern).hint_text("*attn_v*").desired_width(120.0);
        ui.add(field).labelled_by(label.id).on_hover_text("Tensors whose name matches: * and ?");
        let name = |format: Option<Format>| format.map_or_else(|| "as stored".to_owned(), |f| f.to_string());
        egui::ComboBox::from_id_salt("lock-format").width(96.0).selected_text(name(desk.lock_format)).show_ui(
            ui,
            |ui| {
                for format in [None].into_iter().chain(settings.formats.iter().map(|f| Some(*f))) {
                    ui.selectable_value(&mut desk.lock_format, format, name(format));
                }
            },
        );
        let typed = !desk.lock_pattern.trim().is_empty();
        if ui.add_enabled(typed, egui::Button::new("Add lock")).clicked() {
            let pattern = std::mem::take(&mut desk.lock_pattern).trim().to_owned();
            settings.locks.insert(0, Lock { pattern, format: desk.lock_format });
        }
        let mut gone = None;
        for (at, lock) in settings.locks.iter().enumerate() {
            let text = format!("{} = {}  ✖", unescaped(&lock.pattern), name(lock.format));
            if ui.small_button(text).on_hover_text("Take the lock away").clicked() {
                gone = Some(at);
            }
        }
        if let Some(at) = gone {
            settings.locks.remove(at);
        }
    });
}

/// A pattern that was made from a name has its special characters in brackets.
fn unescaped(pattern: &str) -> String {
    let mut text = pattern.to_owned();
    for c in ["*", "?", "[", "]"] {
        text = text.replace(&format!("[{c}]"), c);
    }
    text
}

/// What is in the way, or still to come.
fn state_ui(ui: &mut Ui, desk: &Desk, commands: &mut Vec<Command>) {
    if let Some(why) = desk.problem() {
        let text = RichText::new(sentence(why)).color(theme::error(ui.visuals().dark_mode));
        ui.add(egui::Label::new(text).wrap());
    } else if let Some(progress) = desk.measuring() {
        ui.horizontal(|ui| {
            ui.add(egui::ProgressBar::new(progress).desired_width(120.0).desired_height(8.0));
            ui.weak("Measuring every tensor under every format");
        });
    } else if desk.is_cancelled() {
        ui.horizontal(|ui| {
            ui.weak("The measuring was cancelled; what was measured is kept.");
            if ui.button("Go on").clicked() {
                commands.push(Command::Budget(Wish::Measure));
            }
        });
    }
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).chain(['.']).collect())
}

fn summary_ui(ui: &mut Ui, outcome: &Outcome, document: &ModelDocument) {
    let mix = &outcome.mix;
    let each = |bits: u64| format!("{:.3} bits per weight", bits as f64 / mix.values.max(1) as f64);
    let size = |bits: u64| bytes_text(bits.div_ceil(8));
    egui::Grid::new("budget-summary").num_columns(4).spacing([16.0, 2.0]).show(ui, |ui| {
        ui.strong("This mix");
        ui.strong(each(mix.total.bits));
        ui.strong(size(mix.total.bits));
        ui.strong(figures::db(mix.total.counted_db()));
        ui.end_row();
        match &mix.uniform {
            Some((format, total)) => {
                ui.label(format!("{format} for all"));
                ui.label(each(total.bits));
                ui.label(size(total.bits));
                ui.label(figures::db(total.counted_db()));
            }
            None => {
                ui.weak("One for all");
                ui.weak("none of these formats fits");
            }
        }
        ui.end_row();
        ui.weak("As stored");
        ui.weak(each(document.model.total_bytes() * 8));
        ui.weak(size(document.model.total_bytes() * 8));
        ui.end_row();
    });
    let gain = mix.uniform.as_ref().map(|(format, total)| {
        let db = mix.total.counted_db() - total.counted_db();
        let larger = 100.0 * (mix.total.bits as f64 / total.bits.max(1) as f64 - 1.0);
        format!("The mix gains {db:.2} dB of weight error over {format} for all; its size is {larger:+.1} %. ")
    });
    let gain = gain.unwrap_or_default();
    let stand_ins = match mix.stand_ins {
        0 => String::new(),
        n => format!("{n} tensors have rows that fit no block of their format: another type stands in. "),
    };
    let text = format!(
        "{gain}{stand_ins}{} tensors stay as they are stored ({}): norms, biases and other vectors. \
         Weight error is not quality: on the sample model, mixes of less weight error had the larger KL.",
        mix.kept,
        size(mix.kept_bits)
    );
    ui.add(egui::Label::new(RichText::new(text).small().weak()).wrap());
}

fn write_ui(ui: &mut Ui, destination: &mut String, writing: Option<f32>, ready: bool, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new("Write to").strong());
        let hint = ENDINGS.map(|(ending, what)| format!("{ending}: {what}")).join("\n");
        let field = egui::TextEdit::singleline(destination)
            .hint_text("mix.gguf, .safetensors, .txt, .html, .md, .csv, .json")
            .desired_width((ui.available_width() - 170.0).max(80.0));
        ui.add(field).labelled_by(label.id).on_hover_text(format!("The file's ending says what is written:\n{hint}"));
        if let Some(progress) = writing {
            ui.add(egui::ProgressBar::new(progress).desired_width(60.0).desired_height(8.0));
            if ui.button("Cancel").on_hover_text("Nothing half-written stays").clicked() {
                commands.push(Command::Budget(Wish::CancelWriting));
            }
            return;
        }
        let path = destination.trim();
        let enabled = ready && is_known(path);
        let why = if ready { "Give a file name with one of the endings" } else { "There is no mix yet" };
        let button = ui.add_enabled(enabled, egui::Button::new("Write")).on_disabled_hover_text(why);
        if button.clicked() {
            commands.push(Command::Budget(Wish::Write(path.into())));
        }
        if ui.add_enabled(ready, egui::Button::new("Choose…")).on_hover_text("Choose the file in a dialog").clicked()
        {
            commands.push(Command::ChooseMixFile);
        }
    });
}

/// What each tensor got.
fn rows_ui(ui: &mut Ui, mix: &mix::Mix, model: &Model, selected: usize, commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing = egui::vec2(5.0, 1.0);
    let builder = TableBuilder::new(ui)
        .id_salt("budget-table")
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
    let rows = builder.header(ROW, |mut header| {
        for (title, hint) in [
            ("Tensor", "In the order of the file"),
            ("Kind", "Told from the name"),
            ("Format", "What it deserves under this budget"),
            ("bpw", "Bits per weight, everything counted"),
            ("SQNR", "Weight error"),
            ("Slope", "The slope that decided: squared error that its last bit took away"),
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
            row.col(|ui| slope_cell(ui, got));
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

fn slope_cell(ui: &mut Ui, row: &mix::Row) {
    let scientific = |x: f64| format!("{x:.1e}");
    match (row.slopes.taken, row.slopes.refused) {
        (Some(taken), refused) => {
            let next = refused
                .map_or("nothing better is left".to_owned(), |r| format!("the next step would take {}", scientific(r)));
            ui.label(RichText::new(scientific(taken)).small()).on_hover_text(format!("Squared error a bit; {next}"));
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
