//! The toolbar of the photo's tab: what the chosen pane is made for and of which colours, then how panes are viewed.
//! Each control has a place of its own, which no choice moves.

use egui::{Button, Checkbox, ComboBox, DragValue, Label, RichText, Slider, Ui, vec2};

use super::edit_photo::edit_menu_ui;
use super::palette::palette_menu_ui;
use crate::engine::assign::dithering::{Dithering, Pattern};
use crate::engine::colour::Space;
use crate::engine::fit::Method;
use crate::run::numbers::sharing;
use crate::spec::Candidate;
use crate::view::command::Command;
use crate::view::command_table::{
    ALL_PANES, ERROR_MAP, GOAL_CUSTOM, GOAL_EYE, GOAL_NEAREST, KEPT_AFTER, KEPT_BEFORE, REDO, Row, SHELF, TARGET, UNDO,
};
use crate::view::photo::save_menu::save_menu_ui;
use crate::view::photo::settings::{Goal, PaneSettings, TILES};
use crate::view::photo::shelf::kept::Action;
use crate::view::photo::target_state::TargetAct;
use crate::view::results::Results;
use crate::view::state::State;
use crate::view::widgets::bounds::between;
use crate::view::widgets::controls::{MODES_OF_PHOTO, ViewControls, view_controls_ui};

/// The goals with their rows in the table of commands, in the order of their buttons.
const GOALS: [(Goal, &Row); 3] = [(Goal::Eye, &GOAL_EYE), (Goal::Nearest, &GOAL_NEAREST), (Goal::Custom, &GOAL_CUSTOM)];

/// Points that the number of colours has, or the name of what stands in its place.
const COLORS: f32 = 84.0;

/// Draws the toolbar; what is set goes to the chosen pane, or to all where all are chosen.
pub(crate) fn toolbar_ui(ui: &mut Ui, state: &State, results: &Results, commands: &mut Vec<Command>) {
    let (settings, chosen) = (&state.photo, state.photo_pane);
    let mut pane = settings.panes[chosen].clone();
    ui.horizontal_wrapped(|ui| {
        // A picture from elsewhere was made for none of them.
        let goal = if state.custom { Goal::Custom } else { pane.goal() };
        goals_ui(ui, pane.candidate.is_none().then_some(goal), commands);
        ui.add_space(4.0);
        let mut all = state.all_panes;
        if ui.checkbox(&mut all, ALL_PANES.text).on_hover_text(ALL_PANES.tip()).changed() {
            commands.push(Command::ToggleAllPanes);
        }
        ui.separator();
        ui.label("Colours");
        colors_ui(ui, &mut pane);
        let mut with_palette = settings.clone();
        edit_menu_ui(ui, results, &mut with_palette.edits);
        palette_menu_ui(ui, state, results, &mut with_palette, commands);
        if with_palette != *settings {
            commands.push(Command::SetPhoto(with_palette));
        }
        ui.separator();
        history_ui(ui, state, commands);
        let controls = ViewControls {
            name: "photo views",
            mode: state.photo_mode,
            modes: &MODES_OF_PHOTO,
            lens: state.lens,
            viewport: &state.compare_photo.viewport,
        };
        view_controls_ui(ui, &controls, commands, |ui, commands| {
            if ui.button(TARGET.text).on_hover_text(TARGET.tip()).clicked() {
                commands.push(Command::Target(TargetAct::Toggle));
            }
            shelf_ui(ui, state, commands);
            save_menu_ui(ui, (state, results), commands);
        });
    });
    if state.custom || settings.panes.iter().any(|pane| pane.goal() == Goal::Custom) {
        ui.horizontal(|ui| custom_ui(ui, &mut pane));
    }
    let new = settings.with_pane(chosen, pane, state.all_panes);
    if new != *settings {
        commands.push(Command::SetPhoto(new));
    }
}

fn goals_ui(ui: &mut Ui, current: Option<Goal>, commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.x = 2.0;
    for (goal, row) in GOALS {
        if ui.selectable_label(Some(goal) == current, row.text).on_hover_text(row.tip()).clicked() {
            commands.push(Command::SetGoal(goal));
        }
    }
    ui.spacing_mut().item_spacing.x = 8.0;
}

/// How many colours the chosen pane has, or what it has in place of a fitted palette.
fn colors_ui(ui: &mut Ui, pane: &mut PaneSettings) {
    let size = vec2(COLORS, ui.spacing().interact_size.y);
    let name = |ui: &mut Ui, text: String, hint: &str| {
        ui.add_sized(size, Label::new(RichText::new(text).strong()).truncate()).on_hover_text(hint);
    };
    if let Some(Candidate(picture)) = &pane.candidate {
        let close = Button::new(RichText::new(format!("× {}", picture.name)).strong()).truncate();
        let hint = format!("Close {}, a picture from elsewhere: the pane's reduction is back", picture.name);
        if ui.add_sized(size, close).on_hover_text(hint).clicked() {
            pane.candidate = None;
        }
    } else if let Some(format) = pane.format {
        name(ui, format.to_string(), &sharing(format));
    } else if let Some(palette) = &pane.source.given {
        name(ui, palette.name().to_owned(), "Given colours: see Palette");
    } else {
        let field = DragValue::new(&mut pane.source.count).range(2..=256).speed(0.5);
        let response = ui
            .add_sized(size, field)
            .on_hover_text("Entries of the chosen pane's palette, 2 to 256: drag or click and type");
        let count = f64::from(pane.source.count);
        response.widget_info(|| egui::WidgetInfo::drag_value(true, count));
    }
}

fn history_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let ways = [(&UNDO, state.history.can_undo(), Command::Undo), (&REDO, state.history.can_redo(), Command::Redo)];
    for (row, can, command) in ways {
        if ui.add_enabled(can, Button::new(row.text)).on_hover_text(row.tip()).clicked() {
            commands.push(command);
        }
    }
}

fn shelf_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let shelf = &state.shelf;
    let text = if shelf.is_empty() { SHELF.text.to_owned() } else { format!("{} {}", SHELF.text, shelf.len()) };
    let hint = format!("{}; {KEPT_BEFORE} and {KEPT_AFTER} flick through them", SHELF.tip());
    let button = Button::new(text).selected(shelf.is_open).min_size(vec2(68.0, 0.0));
    if ui.add(button).on_hover_text(hint).clicked() {
        commands.push(Command::Shelf(Action::Toggle));
    }
}

/// What reduces, one by one: method, space, dither and tiles.
fn custom_ui(ui: &mut Ui, pane: &mut PaneSettings) {
    // The eye's pattern has a method and a space of its own, and one palette.
    let one_by_one = !pane.is_for_eye();
    ui.label("Method");
    let method = pane.method.row().palette_label;
    choice_ui(ui, one_by_one, "photo-method", (118.0, method), "How the palette is found", |ui| {
        for method in Method::ALL {
            let row = method.row();
            ui.selectable_value(&mut pane.method, method, row.palette_label).on_hover_text(row.hint);
        }
    });
    ui.label("Colour space");
    let hint = "Where colours are compared: all of them, or their lightness alone";
    choice_ui(ui, one_by_one, "photo-space", (74.0, pane.space.label()), hint, |ui| {
        for space in Space::ALL {
            ui.selectable_value(&mut pane.space, space, space.label()).on_hover_text(space.row().hint);
        }
    });
    dither_ui(ui, &mut pane.dither);
    let name = |tile: Option<u16>| tile.map_or("No tiles".to_owned(), |side| format!("{side} px tiles"));
    ui.label("Tiles");
    let hint = "One palette a tile: what the scale of a block is to weights, for pictures";
    choice_ui(ui, one_by_one, "photo-tile", (90.0, &name(pane.tile)), hint, |ui| {
        for side in [None].into_iter().chain(TILES.map(Some)) {
            ui.selectable_value(&mut pane.tile, side, name(side));
        }
    });
    let allocate = Checkbox::new(&mut pane.tile_budget, "Allocate bits");
    let has_tiles = one_by_one && pane.tile.is_some();
    ui.add_enabled(has_tiles, allocate).on_hover_text(format!("{ALLOCATE_HINT} ({ERROR_MAP})"));
}

const ALLOCATE_HINT: &str = "Each tile gets as many colours as it deserves, 1, 2, 4, 8 …, and all together take as many bits \
                         as the same number for each would. Which tile got how many is in the error map";

fn dither_ui(ui: &mut Ui, dither: &mut Dithering) {
    ui.label("Dither");
    let hint = "Dither: more raw error, less of it seen from afar";
    let before = dither.pattern;
    choice_ui(ui, true, "photo-dither", (134.0, before.label()), hint, |ui| {
        for pattern in Pattern::ALL {
            ui.selectable_value(&mut dither.pattern, pattern, pattern.label()).on_hover_text(pattern_hint(pattern));
        }
    });
    let (name, hint, least) = match dither.pattern {
        Pattern::Eye => ("Grain", "How much neighbouring pixels make up for each other: finer or rougher", 1),
        _ => ("Strength", "How far the dither goes", 0),
    };
    let most = dither.pattern.most_percent();
    if dither.pattern != before {
        let (strength_percent, of) = (between(dither.strength_percent, least, most), Dithering::of(dither.pattern));
        *dither = Dithering { strength_percent, rate_weight_percent: of.rate_weight_percent, ..*dither };
    }
    ui.add_sized(vec2(58.0, ui.spacing().interact_size.y), Label::new(name));
    ui.add_enabled_ui(dither.pattern != Pattern::None, |ui| {
        ui.spacing_mut().slider_width = 76.0;
        ui.spacing_mut().interact_size.x = 58.0;
        ui.add(Slider::new(&mut dither.strength_percent, least..=most).suffix(" %")).on_hover_text(hint);
    });
    ui.add_enabled_ui(matches!(dither.pattern, Pattern::Diffusion(_)), |ui| {
        ui.checkbox(&mut dither.serpentine, "Serpentine").on_hover_text("Every other row runs from right to left");
        ui.checkbox(&mut dither.linear, "Linear").on_hover_text("Errors are added up in linear light, as the eye does");
    });
}

fn pattern_hint(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::None => "Every pixel takes its nearest entry: the least raw error",
        Pattern::Eye => "Palette and codes are found together so that the picture looks best",
        Pattern::Diffusion(_) => "Each pixel's error is passed on to its neighbours",
        Pattern::Ordered(_) => "An entry is chosen by the threshold of its place: an even grain that stays where it is",
    }
}

/// A list to choose from that is as wide whatever is chosen.
fn choice_ui(
    ui: &mut Ui,
    enabled: bool,
    id: &str,
    (width, chosen): (f32, &str),
    hint: &str,
    list_ui: impl FnOnce(&mut Ui),
) {
    // A list cuts its text at the end of the room that there is, not of its own width.
    ui.allocate_ui(vec2(width, ui.spacing().interact_size.y), |ui| {
        ui.add_enabled_ui(enabled, |ui| {
            let list = ComboBox::from_id_salt(id).width(width).height(400.0).truncate().selected_text(chosen);
            let response = list.show_ui(ui, list_ui).response;
            response.on_hover_text(hint).on_disabled_hover_text(OF_EYE);
        });
    });
}

const OF_EYE: &str = "Best for the eye has a method and a colour space of its own, and one palette";
