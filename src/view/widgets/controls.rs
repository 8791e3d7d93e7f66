//! The controls of what is seen in panes side by side: how they are compared, the magnifier, the zoom.

use egui::containers::menu::MenuButton;
use egui::{Button, Ui, vec2};

use super::compare::viewport::Viewport;
use crate::view::command::{Command, Zoom};
use crate::view::command_table::{CLOUD, ERROR_MAP, EXACT, FIT, FLICKER, MAGNIFIER, Row, SIDE_BY_SIDE, SPLIT};
use crate::view::widgets::compare::draw::zoom_label;
use crate::view::widgets::compare::mode::Mode;

/// The modes for a photo with their rows in the table of commands, in the order of their buttons.
pub(crate) const MODES_OF_PHOTO: [(Mode, &Row); 5] = [
    (Mode::SideBySide, &SIDE_BY_SIDE),
    (Mode::Split, &SPLIT),
    (Mode::Flicker, &FLICKER),
    (Mode::ErrorMap, &ERROR_MAP),
    (Mode::Cloud, &CLOUD),
];
/// The modes that pictures and heat maps have in common.
pub(crate) const MODES_OF_ANY: &[(Mode, &Row)] = MODES_OF_PHOTO.split_at(4).0;

/// What the controls show.
pub(crate) struct ViewControls<'a> {
    pub name: &'a str,
    pub mode: Mode,
    pub modes: &'a [(Mode, &'static Row)],
    pub lens: bool,
    pub viewport: &'a Viewport,
}

/// In a row that wraps, with whatever else belongs to them.
pub(crate) fn view_controls_ui(
    ui: &mut Ui,
    controls: &ViewControls<'_>,
    commands: &mut Vec<Command>,
    more: impl FnOnce(&mut Ui, &mut Vec<Command>),
) {
    kept_together(ui, controls.name, |ui| {
        mode_ui(ui, controls.mode, controls.modes, commands);
        lens_toggle_ui(ui, controls.lens, commands);
        ui.separator();
        zoom_ui(ui, controls.viewport, commands);
        ui.separator();
        more(ui, commands);
    });
}

/// A group of controls in a row that wraps: behind a line where all of it has room, or else in a row of its own.
fn kept_together(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui)) {
    let id = egui::Id::unique(("kept together", name));
    let known: Option<f32> = ui.data(|d| d.get_temp(id));
    let room = ui.available_size_before_wrap().x - 6.0 - 2.0 * ui.spacing().item_spacing.x;
    let has_room = known.is_none_or(|width| width <= room);
    if has_room {
        ui.separator();
    } else {
        ui.end_row();
    }
    let start = ui.cursor().min;
    add(ui);
    let end = ui.cursor().min;
    // How wide it is shows where it stands in one row; where it was parted it is too wide for this one.
    let is_whole = end.y == start.y;
    let width = if is_whole { end.x - start.x - ui.spacing().item_spacing.x } else { room + 1.0 };
    if is_whole || has_room {
        ui.data_mut(|d| d.insert_temp(id, width));
    }
    if has_room && width > room {
        ui.ctx().request_discard("a group of controls was parted");
    }
}

fn mode_ui(ui: &mut Ui, current: Mode, modes: &[(Mode, &Row)], commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.x = 2.0;
    for &(mode, row) in modes {
        if ui.selectable_label(mode == current, row.text).on_hover_text(row.tip()).clicked() {
            commands.push(Command::SetMode(mode));
        }
    }
    ui.spacing_mut().item_spacing.x = 8.0;
}

fn lens_toggle_ui(ui: &mut Ui, on: bool, commands: &mut Vec<Command>) {
    if ui.selectable_label(on, MAGNIFIER.text).on_hover_text(MAGNIFIER.tip()).clicked() {
        commands.push(Command::ToggleLens);
    }
}

fn zoom_ui(ui: &mut Ui, viewport: &Viewport, commands: &mut Vec<Command>) {
    // As wide at any zoom, so that nothing behind it moves.
    let button = Button::new(zoom_label(viewport)).min_size(vec2(84.0, 0.0));
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        if ui.button(FIT.tip()).clicked() {
            commands.push(Command::Zoom(Zoom::Fit));
        }
        for percent in [25, 50, 100, 200, 400, 800, 1600] {
            let text = format!("{percent} %");
            if ui.button(if percent == 100 { EXACT.tip_for(&text) } else { text }).clicked() {
                commands.push(Command::Zoom(Zoom::To(f64::from(percent) / 100.0)));
            }
        }
    });
    response.on_hover_text("Zoom of all panes");
}
