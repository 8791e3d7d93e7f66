//! The panel of the budget: settings above, what each tensor got below.

use egui::{Response, RichText, Slider, Ui};

use super::budget_state::BudgetState;
use super::rows::rows_ui;
use super::settings::{BudgetAction, Preset, Settings, Unit};
use super::size::size_ui;
use super::summary::{sentence, summary_ui};
use super::write::{FILES, is_known};
use crate::engine::format::{Family, Format, Row, table};
use crate::engine::theory::allocate::Objective;
use crate::figures;
use crate::jobs::Running;
use crate::run::mix::Lock;
use crate::source::pattern;
use crate::view::command::Command;
use crate::view::document::ModelDocument;
use crate::view::shell::dialog::Purpose;
use crate::view::theme;

/// The side of the square matrix whose bits per weight stand for a format's.
const LARGE: usize = 4096;

/// The table's least height: where the panel has less left, all of it scrolls.
const LEAST_TABLE: f32 = 160.0;

/// `order` is that in which tensors are listed.
pub(crate) fn budget_ui(
    ui: &mut Ui,
    budget_state: &mut BudgetState,
    document: &ModelDocument,
    (selected, order): (usize, &[usize]),
    commands: &mut Vec<Command>,
) {
    let height = ui.available_height();
    egui::ScrollArea::vertical().id_salt("budget-panel").auto_shrink(false).show(ui, |ui| {
        settings_ui(ui, budget_state, document, commands);
        if let Some((outcome, _)) = budget_state.outcome(document.id) {
            let left = height - ui.min_rect().height() - ui.spacing().item_spacing.y;
            rows_ui(ui, &outcome.mix, &document.model, (selected, order), left.max(LEAST_TABLE), commands);
        }
    });
}

/// What is asked for, what it comes to and what is written of it.
fn settings_ui(ui: &mut Ui, budget_state: &mut BudgetState, document: &ModelDocument, commands: &mut Vec<Command>) {
    let mut settings = budget_state.settings.clone();
    let slider = budget_row_ui(ui, &mut settings, budget_state.planner.range(document.id), document);
    if std::mem::take(&mut budget_state.called_by_key) {
        slider.request_focus();
    }
    formats_ui(ui, &mut settings);
    counting_ui(ui, budget_state, &mut settings, commands);
    locks_ui(ui, budget_state, &mut settings);
    if settings != budget_state.settings {
        commands.push(Command::Budget(BudgetAction::Set(settings)));
    }
    ui.separator();
    state_ui(ui, budget_state, commands);
    let outcome = budget_state.outcome(document.id);
    if let Some((outcome, current)) = outcome {
        ui.scope(|ui| {
            if !current {
                ui.multiply_opacity(0.45);
            }
            summary_ui(ui, outcome, budget_state.kl_state(), document);
        });
    }
    let writable = outcome.is_some_and(|(_, current)| current);
    write_ui(ui, budget_state, writable, commands);
    egui::CollapsingHeader::new("How large is a model of … parameters").id_salt("size-calculator").show(ui, |ui| {
        size_ui(ui, &mut budget_state.parameters);
    });
}

/// Returns the slider.
fn budget_row_ui(
    ui: &mut Ui,
    settings: &mut Settings,
    range: Option<(u64, u64)>,
    document: &ModelDocument,
) -> Response {
    let values = document.model.total_values().max(1) as f64;
    let (low, high) = range.map_or((1.0, 9.0), |(low, high)| (low as f64 / values, high as f64 / values));
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
        let hint = "What all tensors together may take, everything counted";
        let slider = ui.add(slider).labelled_by(label.id).on_hover_text(hint);
        let before = settings.unit;
        for (unit, label) in [(Unit::BitsPerWeight, "bits per weight"), (Unit::Megabytes, "MB")] {
            ui.selectable_value(&mut settings.unit, unit, label);
        }
        match (before, settings.unit) {
            (Unit::BitsPerWeight, Unit::Megabytes) => settings.megabytes = settings.bits_per_weight * values / 8e6,
            (Unit::Megabytes, Unit::BitsPerWeight) => settings.bits_per_weight = settings.megabytes * 8e6 / values,
            _ => {}
        }
        slider
    })
    .inner
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

/// What is made least, and what errors are weighed by.
fn counting_ui(ui: &mut Ui, budget_state: &BudgetState, settings: &mut Settings, commands: &mut Vec<Command>) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("Least").strong());
        let hint = "The squared error of all weights together: large tensors, and those of large weights, count most. It \
                    does not predict the model";
        ui.selectable_value(&mut settings.objective, Objective::WeightError, "weight error").on_hover_text(hint);
        let hint = "The KL that the errors are expected to cost, measured on the model with one tensor quantized at a time";
        ui.add_enabled_ui(budget_state.can_generate(), |ui| {
            ui.selectable_value(&mut settings.objective, Objective::Kl, "expected KL")
                .on_hover_text(hint)
                .on_disabled_hover_text("This model does not run here, so that its KL cannot be measured");
        });
        ui.separator();
        ui.label(RichText::new("Importance").strong()).on_hover_text(
            "llama.cpp's imatrix file (GGUF or the older kind): how much the error of each column counts",
        );
        match budget_state.weighed_by() {
            Some(importance) => {
                let (name, count) = (short(&importance.name), importance.matched);
                ui.add(egui::Label::new(format!("{name}: {count} tensors")).truncate()).on_hover_text(&importance.name);
                if ui.small_button("✖ Remove").on_hover_text("All columns have the same importance again").clicked() {
                    commands.push(Command::Budget(BudgetAction::ForgetImportance));
                }
            }
            None => {
                ui.weak("none");
                if ui.small_button("Choose file…").on_hover_text("An imatrix of this model").clicked() {
                    commands.push(Command::OpenDialog(Purpose::Open(Some(crate::source::family::Family::Importance))));
                }
            }
        }
    });
    let deaf: Vec<String> = match budget_state.weighed_by() {
        Some(_) => settings.formats.iter().filter(|f| !f.takes_importance()).map(Format::to_string).collect(),
        None => Vec::new(),
    };
    if !deaf.is_empty() {
        let text = format!("Their errors are weighed, but the encoders take no notice of it: {}.", deaf.join(", "));
        ui.add(egui::Label::new(RichText::new(text).small().weak()).wrap());
    }
}

/// A file's name without its folders.
fn short(path: &str) -> String {
    std::path::Path::new(path).file_name().map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}

const DEFAULT_LOCK: &str = "Every token passes through it, and weight error does not tell what it is to the model: kept \
                            high, as llama.cpp keeps it. Click to free it";

const LOCK_HINT: &str = "Tensors whose name matches: * any characters, ? any one, [ab] one of these";

fn locks_ui(ui: &mut Ui, budget_state: &mut BudgetState, settings: &mut Settings) {
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(RichText::new("Lock").strong());
        let field =
            egui::TextEdit::singleline(&mut budget_state.lock_pattern).hint_text("*attn_v*").desired_width(120.0);
        let field = ui.add(field).labelled_by(label.id).on_hover_text(LOCK_HINT);
        let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        let name = |format: Option<Format>| format.map_or_else(|| "as stored".to_owned(), |f| f.to_string());
        egui::ComboBox::from_id_salt("lock-format").width(96.0).selected_text(name(budget_state.lock_format)).show_ui(
            ui,
            |ui| {
                for format in [None].into_iter().chain(settings.formats.iter().map(|f| Some(*f))) {
                    ui.selectable_value(&mut budget_state.lock_format, format, name(format));
                }
            },
        );
        let typed = !budget_state.lock_pattern.trim().is_empty();
        if ui.add_enabled(typed, egui::Button::new("Add lock")).clicked() || (typed && entered) {
            let pattern = std::mem::take(&mut budget_state.lock_pattern).trim().to_owned();
            settings.locks.insert(0, Lock::new(pattern, budget_state.lock_format));
        }
        let mut gone = None;
        for (at, lock) in settings.locks.iter().enumerate() {
            let text = format!("{} = {}  ✖", pattern::shown(&lock.pattern), name(lock.format));
            if ui.small_button(text).on_hover_text("Take the lock away").clicked() {
                gone = Some(at);
            }
        }
        if let Some(at) = gone {
            settings.locks.remove(at);
        }
        for lock in budget_state.planner.default_locks() {
            let text = format!("{} = {} (default)  ✖", pattern::shown(&lock.pattern), name(lock.format));
            if ui.small_button(text).on_hover_text(DEFAULT_LOCK).clicked() {
                settings.freed.push(lock.pattern.clone());
            }
        }
    });
}

/// What is in the way, or still to come.
fn state_ui(ui: &mut Ui, budget_state: &BudgetState, commands: &mut Vec<Command>) {
    if let Some(why) = budget_state.problem() {
        let text = RichText::new(sentence(why)).color(theme::error(ui.visuals().dark_mode));
        ui.add(egui::Label::new(text).wrap());
    } else if let Some(progress) = budget_state.measuring() {
        ui.horizontal(|ui| {
            ui.add(egui::ProgressBar::new(progress).desired_width(120.0).desired_height(8.0));
            ui.weak("Measuring every tensor under every format");
        });
    } else if budget_state.is_cancelled() {
        ui.horizontal(|ui| {
            ui.weak("The measuring was cancelled; what was measured is kept.");
            if ui.button("Go on").clicked() {
                commands.push(Command::Budget(BudgetAction::Measure));
            }
        });
    }
}

fn write_ui(ui: &mut Ui, budget_state: &mut BudgetState, ready: bool, commands: &mut Vec<Command>) {
    let (destination, writing) = (&mut budget_state.destination, budget_state.writing.progress());
    let taken = budget_state.taken.as_deref();
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new("Write to").strong());
        let hint: Vec<_> = FILES.iter().map(|file| format!(".{}: {}", file.ending, file.label)).collect();
        let field = egui::TextEdit::singleline(destination)
            .hint_text("mix.gguf, .safetensors, .txt, .html, .md, .csv, .json")
            .desired_width((ui.available_width() - 170.0).max(80.0));
        let hint = format!("The file's ending says what is written:\n{}", hint.join("\n"));
        let field = ui.add(field).labelled_by(label.id).on_hover_text(hint);
        let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        if let Some(progress) = writing {
            ui.add(egui::ProgressBar::new(progress).desired_width(60.0).desired_height(8.0));
            if ui.button("Cancel").on_hover_text("Nothing half-written stays").clicked() {
                commands.push(Command::Budget(BudgetAction::CancelWriting));
            }
            return;
        }
        let path = destination.trim();
        let enabled = ready && is_known(path);
        let why = if ready { "Give a file name with one of the endings" } else { "There is no mix yet" };
        // Enter does not replace what the eye may have missed.
        let replaces = taken == Some(std::path::Path::new(path));
        let text = if replaces { "Replace" } else { "Write" };
        let button = ui.add_enabled(enabled, egui::Button::new(text)).on_disabled_hover_text(why);
        if button.clicked() || (enabled && entered && !replaces) {
            commands.push(Command::Budget(BudgetAction::Write(path.into())));
        }
        if ui.add_enabled(ready, egui::Button::new("Choose…")).on_hover_text("Choose the file in a dialog").clicked()
        {
            commands.push(Command::ChooseMixFile);
        }
    });
}
