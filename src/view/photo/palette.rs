//! The chosen pane's palette: fitted or given, copied, saved.

use egui::accesskit::Role;
use egui::scroll_area::ScrollBarVisibility;
use egui::style::ScrollStyle;
use egui::{Button, Rect, Response, ScrollArea, Sense, Ui, Vec2, WidgetInfo, vec2};

use crate::palette::order::{Order, listed};
use crate::palette::{BUILTIN, FileKind, Fixed, builtin_palettes};
use crate::run::report::PhotoReport;
use crate::source::family::Family;
use crate::view::command::{Command, Copied};
use crate::view::command_table::{COMPARE, GRID, LINES, Row, STRIP};
use crate::view::photo::pane::shown_report;
use crate::view::photo::settings::{PaneSettings, PhotoSettings};
use crate::view::results::Results;
use crate::view::shell::dialog::Purpose;
use crate::view::shell::savable::Savable;
use crate::view::state::State;
use crate::view::weights::formats::families_ui;
use crate::view::widgets::look::Look;
use crate::view::widgets::swatch::swatch;

/// The layouts of palettes with their rows in the table of commands, in the order of their buttons.
pub(crate) const LOOKS: [(Look, &Row); 3] = [(Look::Grid, &GRID), (Look::Strip, &STRIP), (Look::Lines, &LINES)];

pub(crate) fn palette_menu_ui(
    ui: &mut Ui,
    state: &State,
    results: &Results,
    settings: &mut PhotoSettings,
    commands: &mut Vec<Command>,
) {
    let pane = state.photo_pane;
    let response = ui.menu_button("Palette ⏷", |ui| {
        let PaneSettings { source, format, candidate, .. } = &mut settings.panes[pane];
        let number = format.filter(|_| candidate.is_none());
        let has_palette = number.is_none() && candidate.is_none();
        let chosen = source.given.clone().filter(|_| has_palette);
        let fitted = format!("{} colours fitted to the photo", source.count);
        if ui.radio(chosen.is_none() && has_palette, fitted).clicked() {
            (source.given, *format, *candidate) = (None, None, None);
            ui.close();
        }
        ui.menu_button("Given colours", |ui| {
            if let Some(palette) = given_ui(ui, &state.palette.imported, chosen.as_ref()) {
                (source.given, *format, *candidate) = (Some(palette.clone()), None, None);
                ui.close();
            }
        });
        let hint = "No palette: each channel coded as a tensor's weights are, a line of pixels a row";
        let response = ui.menu_button("Number format", |ui| {
            if let Some(chosen) = families_ui(ui, &|row| number == Some(row)) {
                (*format, *candidate) = (Some(chosen), None);
            }
        });
        response.response.on_hover_text(hint);
        if ui.radio(candidate.is_some(), COMPARE.text).on_hover_text(COMPARE.tip()).clicked() {
            commands.push(Command::OpenDialog(Purpose::Compare(pane)));
            ui.close();
        }
        if ui.button("Open palette file…").on_hover_text(FileKind::readable()).clicked() {
            commands.push(Command::OpenDialog(Purpose::Open(Some(Family::Palette))));
            ui.close();
        }
        // A fitted palette has no nominal colours.
        let lockable = chosen.as_ref().is_some_and(|palette| !palette.list().is_measured());
        if ui.add_enabled(lockable, Button::new("Lock given colours")).on_hover_text(LOCK_HINT).clicked() {
            commands.push(Command::LockGivenColours);
            ui.close();
        }
        ui.separator();
        ui.menu_button("Sort swatches", |ui| {
            for order in Order::ALL {
                let chosen = state.palette.order == order;
                if ui.radio(chosen, order.label()).on_hover_text(order.hint()).clicked() {
                    commands.push(Command::SortPalettes(order));
                    ui.close();
                }
            }
        });
        ui.menu_button("Show swatches as", |ui| {
            for (look, row) in LOOKS {
                let chosen = state.palette.look == look;
                if ui.radio(chosen, row.text).on_hover_text(row.hint).clicked() {
                    commands.push(Command::SetLook(look));
                    ui.close();
                }
            }
        });
        ui.separator();
        let report = results.photos.current().and_then(|d| shown_report(results.work.photo_panes.get(pane)?, d.id));
        ui.add_enabled_ui(report.is_some(), |ui| {
            if ui.button("Copy as hex").clicked() {
                commands.push(Command::Copy(Copied::Palette));
                ui.close();
            }
            ui.menu_button("Save palette", |ui| {
                for kind in FileKind::written() {
                    if ui.button(format!("{}…", kind.label)).clicked() {
                        commands.push(Command::Save(Savable::Palette(pane, kind)));
                        ui.close();
                    }
                }
            });
        });
    });
    response.response.on_hover_text("The palette of the chosen pane: where it comes from, copy it, save it");
}

/// The given palettes, those of files first, each with its colours and their number; returns the one that was clicked.
fn given_ui<'a>(ui: &mut Ui, imported: &'a [Fixed], chosen: Option<&Fixed>) -> Option<&'a Fixed> {
    let of_program = builtin_palettes().iter().zip(BUILTIN.iter().map(|row| row.source));
    let of_files = imported.iter().rev().map(|palette| (palette, "From a file"));
    // More than fit: the bar is to be seen before the pointer is over it.
    ui.spacing_mut().scroll = ScrollStyle::solid();
    let area = ScrollArea::vertical().max_height(500.0).scroll_bar_visibility(ScrollBarVisibility::AlwaysVisible);
    let mut clicked = None;
    area.show(ui, |ui| {
        for (palette, source) in of_files.chain(of_program) {
            let text = format!("{}  ({})", palette.name(), palette.colors().len());
            let row = ui.horizontal(|ui| strip_ui(ui, palette) | ui.radio(chosen == Some(palette), text));
            if row.inner.on_hover_text(source).clicked() {
                clicked = Some(palette);
            }
        }
    });
    clicked
}

/// The colours of a list in its order, in rows of equal length.
fn strip_ui(ui: &mut Ui, palette: &Fixed) -> Response {
    const SIZE: Vec2 = vec2(128.0, 14.0);
    const MOST_IN_A_ROW: usize = 64;
    let colors = palette.colors();
    let (rect, response) = ui.allocate_exact_size(SIZE, Sense::click());
    let name = format!("Colours of {}", palette.name());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let columns = colors.len().div_ceil(colors.len().div_ceil(MOST_IN_A_ROW).max(1)).max(1);
    let cell = SIZE / vec2(columns as f32, colors.len().div_ceil(columns).max(1) as f32);
    for (place, &color) in colors.iter().enumerate() {
        let at = rect.min + cell * vec2((place % columns) as f32, (place / columns) as f32);
        swatch(ui, Rect::from_min_size(at, cell), color);
    }
    response
}

const LOCK_HINT: &str = "They stay as they are, and others are fitted beside them up to the pane's number of colours";

/// The palette as it is copied and written.
pub(crate) fn colors_in_order(report: &PhotoReport, order: Order) -> Vec<[u8; 4]> {
    listed(order, &report.palette, report.spec.given(), String::new()).written().to_vec()
}
