//! The shelf as a table, in the place of palettes and figures: a row a kept result.

use egui::{Align, Button, ColorImage, Label, Layout, RichText, Sense, TextureOptions, Ui, vec2};
use egui_extras::{Column, TableBuilder, TableRow};

use crate::engine::metric::EyeError;
use crate::export::exporters::TABLES;
use crate::export::packed::PNG;
use crate::figures;
use crate::view::command::Command;
use crate::view::command_table::{CLOSE, KEEP, KEPT_AFTER, KEPT_BEFORE, SHELF};
use crate::view::photo::meaning;
use crate::view::photo::photos::Photos;
use crate::view::photo::shelf::kept::{Action, MOST_BYTES, Pinned, Shelf, SortBy};
use crate::view::shell::savable::Savable;
use crate::view::state::State;
use crate::view::theme;
use crate::view::widgets::compare::pane::paint_squares;

const ROW: f32 = 40.0;
const HEADER: f32 = 24.0;

/// Draws the bar of buttons and the table of kept results; those of photos that are not open cannot be shown.
pub(crate) fn panel_ui(photos: &Photos, state: &mut State, ui: &mut Ui, commands: &mut Vec<Command>) {
    bar_ui(&state.shelf, state.photo_pane, ui, commands);
    if state.shelf.is_empty() {
        ui.add_space(30.0);
        let text =
            format!("Nothing kept yet. {KEEP} keeps what the chosen pane shows: settings, figures and file size.");
        ui.vertical_centered(|ui| ui.weak(text));
        return;
    }
    let shown_by_others: Vec<u64> =
        state.shelf.results.iter().filter(|r| is_of_other(r, photos, state)).map(|r| r.number).collect();
    table_ui(ui, &mut state.shelf, (photos, &shown_by_others), commands);
}

/// Whether the result is of a photo that is open and not on show, as that is edited now.
fn is_of_other(result: &Pinned, photos: &Photos, state: &State) -> bool {
    photos.list().iter().any(|photo| result.is_of_open(photo) && state.has_edits(photo.id, result.edits()))
}

fn bar_ui(shelf: &Shelf, pane: usize, ui: &mut Ui, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("Kept results").strong());
        ui.label(RichText::new(held_text(shelf)).small().weak()).on_hover_text(held_hint());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let mut act = |ui: &mut Ui, enabled: bool, text: &str, hint: &str, action: Action| {
                if ui.add_enabled(enabled, Button::new(text).small()).on_hover_text(hint).clicked() {
                    commands.push(Command::Shelf(action));
                }
            };
            act(ui, true, "Close", &SHELF.tip_for("Palettes and figures again"), Action::Toggle);
            let showing = shelf.shown_in(pane).is_some();
            act(ui, showing, "Back to the settings", "The chosen pane shows again what the settings say", Action::Hide);
            let hint = CLOSE.tip_for("Take A and B away");
            act(ui, shelf.is_marked(), "End comparison", &hint, Action::EndComparison);
            act(ui, true, KEEP.text, &KEEP.tip(), Action::Keep);
            ui.add_enabled_ui(!shelf.is_empty(), |ui| {
                ui.menu_button("Save table ⏷", |ui| {
                    for kind in TABLES {
                        if ui.button(format!("{}…", kind.label)).clicked() {
                            commands.push(Command::Save(Savable::Shelf(kind)));
                            ui.close();
                        }
                    }
                });
            });
            ui.label(RichText::new(format!("{KEPT_BEFORE} {KEPT_AFTER} flick through")).small().weak());
        });
    });
}

fn held_hint() -> String {
    format!(
        "Settings, figures and a small picture of every result are kept. Pixels are held up to {} MB; a result without \
         them is reduced anew when it is shown, to the same bytes.",
        MOST_BYTES / 1_000_000
    )
}

fn held_text(shelf: &Shelf) -> String {
    let (held, bytes) = shelf.held();
    let all = shelf.len();
    let megabytes = bytes as f64 / 1e6;
    match all {
        0 => String::new(),
        _ if held == all => format!("{all}, all with their pixels ({megabytes:.1} MB)"),
        _ => format!("{all}, {held} of them with their pixels ({megabytes:.1} MB)"),
    }
}

const COLUMNS: [(SortBy, &str, &str, f32); 9] = [
    (SortBy::Colors, "Colours", "Different colours of the result", 62.0),
    (SortBy::Ssimulacra2, "SSIMULACRA2", meaning::SSIMULACRA2, 88.0),
    (SortBy::Butteraugli, "butteraugli", meaning::BUTTERAUGLI, 74.0),
    (SortBy::Afar, "From afar", meaning::AFAR, 64.0),
    (SortBy::Psnr, "PSNR", meaning::PSNR, 66.0),
    (SortBy::DeltaE, "ΔE2000", meaning::DELTA_E, 62.0),
    (SortBy::DeltaE95, "ΔE 95 %", "95 % of the pixels differ by no more than this", 62.0),
    (SortBy::Bytes, "PNG", "Length of the file that is written, and that against the photo's own file", 112.0),
    (SortBy::Number, "Kept", "In the order of keeping", 44.0),
];

fn table_ui(ui: &mut Ui, shelf: &mut Shelf, photos: (&Photos, &[u64]), commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
    let order = shelf.ordered();
    let mut builder = TableBuilder::new(ui)
        .striped(true)
        .sense(Sense::click())
        .cell_layout(Layout::right_to_left(Align::Center))
        .auto_shrink(false)
        .min_scrolled_height(0.0)
        .column(Column::exact(60.0).clip(true))
        .column(Column::remainder().at_least(140.0).clip(true));
    for (.., width) in COLUMNS {
        builder = builder.column(Column::exact(width).clip(true));
    }
    builder = builder.column(Column::exact(246.0).clip(true));
    let (sort, descending) = (shelf.sort, shelf.descending);
    let table = builder.header(HEADER, |mut header| {
        let mut heading = |ui: &mut Ui, by: SortBy, text: &str, hint: &str| {
            let arrow = if sort == by { if descending { " ⏷" } else { " ⏶" } } else { "" };
            let text = RichText::new(format!("{text}{arrow}")).small();
            let text = if sort == by { text.strong() } else { text };
            let hint = format!("{hint}. Click to sort, again for the other way round");
            if ui.add(Label::new(text).sense(Sense::click())).on_hover_text(hint).clicked() {
                commands.push(Command::Shelf(Action::Sort(by)));
            }
        };
        header.col(|_| {});
        header.col(|ui| {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                heading(ui, SortBy::Settings, "Settings", "What makes the result");
            });
        });
        for (by, text, hint, _) in COLUMNS {
            header.col(|ui| heading(ui, by, text, hint));
        }
        header.col(|_| {});
    });
    table.body(|body| {
        body.rows(ROW, order.len(), |mut row| {
            let number = order[row.index()];
            let (is_shown, marks) = (shelf.is_shown(number), shelf.mark_of(number));
            let Some(result) = shelf.results.iter_mut().find(|r| r.number == number) else { return };
            row.set_selected(is_shown);
            row_ui(&mut row, result, photos, marks, commands);
        });
    });
}

fn row_ui(
    row: &mut TableRow<'_, '_>,
    result: &mut Pinned,
    (photos, of_others): (&Photos, &[u64]),
    marks: [bool; 2],
    commands: &mut Vec<Command>,
) {
    let is_current = photos.current().is_some_and(|document| result.is_of(&document.photo));
    let usable = is_current || of_others.contains(&result.number);
    let number = result.number;
    row.col(|ui| thumbnail_ui(ui, result));
    row.col(|ui| {
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let title = RichText::new(result.title()).strong();
            ui.add(Label::new(title).truncate());
            let words = result.figures.spec.words();
            let words = if is_current { words } else { format!("of {}: {words}", result.photo.name) };
            ui.add(Label::new(RichText::new(words).small().weak()).truncate());
        });
    });
    let (f, e) = (&result.figures, &result.figures.error);
    let of_eye = |text: &dyn Fn(EyeError) -> String| f.eye.map_or_else(|| "…".to_owned(), text);
    let texts = [
        figures::count(f.colors as u64),
        of_eye(&|eye| figures::ssimulacra2(eye.ssimulacra2)),
        of_eye(&|eye| figures::eye_difference(eye.butteraugli_3norm)),
        of_eye(&|eye| figures::eye_difference(Some(eye.afar))),
        figures::db(e.psnr_db),
        figures::delta_e(e.delta_e_mean),
        figures::delta_e(e.delta_e_p95),
        result.size_text(),
        number.to_string(),
    ];
    for text in &texts {
        row.col(|ui| {
            let text = RichText::new(text);
            ui.label(if usable { text } else { text.weak() });
        });
    }
    row.col(|ui| actions_ui(ui, number, [is_current, usable], marks, commands));
    let response = row.response();
    let name = format!("Kept {number}: {}, {}", result.title(), result.figures.spec.words());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Row, usable, &name));
    if !usable {
        response.on_hover_text(format!(
            "A result of {}, which is not open. Its settings can be restored on this photo.",
            result.photo.name
        ));
    } else if response.on_hover_text("Click to show it in the chosen pane").clicked() {
        commands.push(Command::Shelf(Action::Show(number)));
    }
}

/// From right to left.
fn actions_ui(
    ui: &mut Ui,
    number: u64,
    [is_current, usable]: [bool; 2],
    marks: [bool; 2],
    commands: &mut Vec<Command>,
) {
    ui.spacing_mut().item_spacing.x = 4.0;
    let mut act = |enabled: bool, selected: bool, (text, name, hint): (&str, &str, &str), command: Command| {
        let response = ui.add_enabled(enabled, Button::new(text).small().selected(selected)).on_hover_text(hint);
        response.widget_info(|| {
            egui::WidgetInfo::selected(egui::accesskit::Role::Button, enabled, selected, format!("{name} {number}"))
        });
        if response.clicked() {
            commands.push(command);
        }
    };
    let shelf = Command::Shelf;
    act(true, false, ("Remove", "Remove kept", "Take it off the shelf"), shelf(Action::Remove(number)));
    let hint = "Write it as a PNG";
    act(usable, false, ("Save…", "Save kept", hint), Command::Save(Savable::Kept(number, &PNG)));
    let hint = "Make its settings those of this photo, whichever photo it is of";
    act(true, false, ("Restore", "Restore kept", hint), shelf(Action::Restore(number)));
    let hint = "Compare A with B: mark two results; split, flicker and side by side are then about these";
    act(is_current, marks[1], ("B", "Mark B kept", hint), shelf(Action::Mark(1, number)));
    act(is_current, marks[0], ("A", "Mark A kept", hint), shelf(Action::Mark(0, number)));
}

fn thumbnail_ui(ui: &mut Ui, result: &mut Pinned) {
    let small = &result.thumbnail;
    let texture = result.texture.get_or_insert_with(|| {
        let image = ColorImage::from_rgba_unmultiplied([small.width, small.height], small.rgba.as_flattened());
        ui.ctx().load_texture("kept", image, TextureOptions::LINEAR)
    });
    let (w, h) = (small.width as f32, small.height as f32);
    let scale = (56.0 / w).min((ROW - 4.0) / h);
    let (rect, _) = ui.allocate_exact_size(vec2(w, h) * scale, Sense::hover());
    if small.rgba.iter().any(|c| c[3] < 255) {
        paint_squares(ui, rect, 5.0);
    }
    let uv = egui::Rect::from_min_max(egui::Pos2::ZERO, egui::pos2(1.0, 1.0));
    ui.painter().image(texture.id(), rect, uv, theme::UNTINTED);
}
