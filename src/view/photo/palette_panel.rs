//! A pane's palette as it is worked on: its swatches, what can be done with the chosen one, and colours
//! taken from the photo. Edits are offered of a finished result only: the colours of one that is on its
//! way are not known yet.

use egui::color_picker::{Alpha, color_picker_color32};
use egui::{
    Align, Button, Color32, Key, Label, Layout, Popup, PopupCloseBehavior, Rect, RectAlign, RichText, TextEdit, Ui,
    vec2,
};

use super::edits::{Gesture, OF_TILES};
use crate::figures;
use crate::palette::edit::Edit;
use crate::palette::order::arranged;
use crate::palette::{Entry, NamedPalette, parse_hex};
use crate::run::report::{PhotoCoding, PhotoReport};
use crate::view::command::Command;
use crate::view::command_table::{DELETE_SWATCH, KEEP};
use crate::view::photo::shelf::kept::Action;
use crate::view::results::Results;
use crate::view::state::State;
use crate::view::theme;
use crate::view::widgets::codebook::{self, Swatches, hex};
use crate::view::widgets::swatch::entry_words;

type Rgba = [u8; 4];

/// The list that was given.
fn list_of(report: &PhotoReport) -> Option<&NamedPalette> {
    report.spec.given().map(|given| &**given.list())
}

/// Heading and swatches of one pane; `highlighted` is the entry of the pixel under the pointer.
pub(crate) fn palette_panel_ui(
    ui: &mut Ui,
    state: &State,
    results: &Results,
    (pane, report): (usize, &PhotoReport),
    height: f32,
    highlighted: Option<usize>,
    commands: &mut Vec<Command>,
) {
    ui.horizontal(|ui| heading_ui(ui, state, results, pane, report, commands));
    let palette = &state.palette;
    let is_chosen = pane == state.photo_pane;
    let chosen = palette.chosen.filter(|_| is_chosen).and_then(|c| report.palette.iter().position(|e| e.rgba == c));
    let locked: Vec<Rgba> = report.spec.locked_colors().collect();
    let mut entries = report.palette.clone();
    if let (Some((_, draft)), Some(entry)) = (palette.draft(), chosen.and_then(|k| entries.get_mut(k))) {
        entry.rgba = draft;
    }
    let swatches = Swatches {
        entries: &entries,
        arranged: &arranged(palette.order, &report.palette),
        locked: &locked,
        given: list_of(report),
        highlighted,
        chosen,
        look: palette.look,
    };
    let response = codebook::swatches_ui(ui, &swatches, height);
    if let Some(entry) = response.clicked.and_then(|k| report.palette.get(k)) {
        commands.push(clicked(state, pane, entry.rgba));
    }
    // Above the heading: no swatch may be covered that it could be merged with.
    let above = response.chosen.map(|at| at.with_min_y(ui.min_rect().top()));
    if let (Some(entry), Some(above)) = (chosen, above)
        && popup_ui(ui, state, results, report, (entry, above), commands)
        && !commands.iter().any(is_of_palettes)
    {
        commands.push(Command::ChooseSwatch(pane, None));
    }
}

/// Whether the click that closes the popup already has a purpose here or in a pane further left.
fn is_of_palettes(command: &Command) -> bool {
    matches!(command, Command::ChooseSwatch(..) | Command::SetGesture(_) | Command::EditPalette(_))
}

fn heading_ui(
    ui: &mut Ui,
    state: &State,
    results: &Results,
    pane: usize,
    report: &PhotoReport,
    commands: &mut Vec<Command>,
) {
    let is_chosen = pane == state.photo_pane;
    let color = if is_chosen { theme::accent(ui.visuals().dark_mode) } else { ui.visuals().strong_text_color() };
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if is_chosen {
            buttons_ui(ui, state, results, pane, commands);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let (text, hint) = heading(report);
            let label = ui.add(Label::new(RichText::new(text).color(color).strong()).truncate());
            if let Some(hint) = hint {
                label.on_hover_text(hint);
            }
        });
    });
}

/// With less room than this, the heading of a palette has shorter buttons: its number of colours is to be read.
const NARROW: f32 = 250.0;

/// From right to left.
fn buttons_ui(ui: &mut Ui, state: &State, results: &Results, pane: usize, commands: &mut Vec<Command>) {
    let palette = &state.palette;
    ui.spacing_mut().item_spacing.x = 4.0;
    let reset = ui.add_enabled(palette.is_edited(&state.photo, pane), Button::new("Reset").small());
    if reset.on_hover_text("Clear all edits of this palette").clicked() {
        commands.push(Command::ResetPalette(pane));
    }
    let picking = palette.gesture == Gesture::Pick;
    let text = if ui.available_width() < NARROW { "Pick" } else { "Pick from photo" };
    let pick = Button::new(text).small().selected(picking);
    let hint = "The next click on a pixel, in any pane, forces its colour into this palette";
    if ui.add_enabled(picking || results.editable(state, pane).is_some(), pick).on_hover_text(hint).clicked() {
        commands.push(Command::SetGesture(if picking { Gesture::Choose } else { Gesture::Pick }));
    }
    keep_ui(ui, state, results, commands);
}

/// Keeps what the chosen pane shows.
pub(crate) fn keep_ui(ui: &mut Ui, state: &State, results: &Results, commands: &mut Vec<Command>) {
    let ready = results.work.photo_panes.get(state.photo_pane).is_some_and(|pane| pane.file().is_some());
    if ui.add_enabled(ready, Button::new(KEEP.text).small()).on_hover_text(KEEP.tip()).clicked() {
        commands.push(Command::Shelf(Action::Keep));
    }
}

/// How many colours there are; with tiles, what of them is shown.
fn heading(report: &PhotoReport) -> (String, Option<String>) {
    if let PhotoCoding::TrueColour { colors } = report.coding {
        let hint = format!("More than a palette holds; the {} most used are shown", report.palette.len());
        return (format!("true colour, {}", figures::colours(colors as u64)), Some(hint));
    }
    let Some(tiles) = report.tiles() else {
        let asked = report.spec.fitted().filter(|_| report.fewer_colors().is_some());
        let asked = asked.map_or_else(String::new, |palette| format!(" of {}", palette.colors));
        let is_measured = report.spec.given().is_some_and(|given| given.list().is_measured());
        let notes = report.notes();
        let measured = if is_measured { ", as measured" } else { "" };
        let text = figures::colours(report.palette.len() as u64) + &asked + measured;
        return (text, (!notes.is_empty()).then(|| notes.join("\n")));
    };
    let hint = format!(
        "{} tiles of {} px with up to {} colours each; the {} most used of all are shown",
        figures::count(tiles.count as u64),
        tiles.side,
        tiles.entries,
        report.palette.len(),
    );
    let Some(tile_allocation) = &tiles.allocation else {
        return (figures::colours(tiles.colors as u64), Some(hint));
    };
    let rungs = tile_allocation.rungs.iter().filter(|(_, tiles)| *tiles > 0);
    let each: Vec<String> = rungs.map(|(colors, tiles)| format!("{tiles} of {colors}")).collect();
    let slope = tile_allocation
        .slope
        .map(|s| format!("\nThe last step took away {} of squared error a bit", figures::significant(s)));
    let hint = format!("{hint}\nTiles by their colours: {}{}", each.join(", "), slope.unwrap_or_default());
    (format!("{}, allocated", figures::colours(tiles.colors as u64)), Some(hint))
}

fn clicked(state: &State, pane: usize, color: Rgba) -> Command {
    let palette = &state.palette;
    let first = palette.chosen.filter(|&c| pane == state.photo_pane && c != color);
    match (palette.gesture, first) {
        (Gesture::Merge, Some(first)) => Command::EditPalette(Edit::Merge(first, color)),
        _ if pane == state.photo_pane && palette.chosen == Some(color) => Command::ChooseSwatch(pane, None),
        _ => Command::ChooseSwatch(pane, Some(color)),
    }
}

/// What the chosen entry is and what can be done with it; returns whether a click elsewhere closes it.
fn popup_ui(
    ui: &Ui,
    state: &State,
    results: &Results,
    report: &PhotoReport,
    (entry, at): (usize, Rect),
    commands: &mut Vec<Command>,
) -> bool {
    let mut open = true;
    Popup::new(ui.scope_id().with("swatch"), ui.ctx().clone(), at, ui.layer_id())
        .align(RectAlign::TOP)
        .align_alternatives(&[RectAlign::TOP_START, RectAlign::TOP_END])
        .gap(6.0)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .open_bool(&mut open)
        .show(|ui| {
            entry_ui(ui, entry, report);
            ui.horizontal(|ui| actions_ui(ui, state, results, report, report.palette[entry].rgba, commands));
            match state.palette.gesture {
                Gesture::Merge => {
                    ui.label("Click the swatch to merge it with. Their mean by use takes their place.");
                }
                Gesture::Change(draft) => mixer_ui(ui, state, results, report.palette[entry].rgba, draft, commands),
                Gesture::Choose | Gesture::Pick => {}
            }
        });
    !open
}

fn entry_ui(ui: &mut Ui, k: usize, report: &PhotoReport) {
    let total: u64 = report.palette.iter().map(|e| e.count).sum();
    let Entry { rgba, count } = report.palette[k];
    ui.horizontal(|ui| {
        codebook::swatch_ui(ui, rgba, vec2(24.0, 24.0));
        ui.strong(hex(rgba));
        ui.weak(format!("entry {k}   {} pixels, {}", figures::count(count), figures::percent(count, total)));
        ui.label(entry_words(list_of(report), k));
    });
}

fn actions_ui(
    ui: &mut Ui,
    state: &State,
    results: &Results,
    report: &PhotoReport,
    color: Rgba,
    commands: &mut Vec<Command>,
) {
    let gesture = state.palette.gesture;
    let blocked = why_blocked(state, results, color);
    let (given, tiled) = (report.spec.given().is_some(), report.tiles().is_some());
    let mut action = |name: &str, selected: bool, hint: &str, why_not: Option<&str>, command: Command| {
        let why_not = blocked.or(why_not);
        let response = ui.add_enabled(why_not.is_none(), Button::new(name).selected(selected));
        if response.on_hover_text(hint).on_disabled_hover_text(why_not.unwrap_or_default()).clicked() {
            commands.push(command);
        }
    };
    if report.spec.locked_colors().any(|c| c == color) {
        action("Unlock", false, "Let a fit replace this colour", None, Command::EditPalette(Edit::Unlock(color)));
    } else {
        let all_stay = given.then_some("Given colours all stay as they are.");
        action("Lock", false, "Keep this colour whatever is fitted", all_stay, Command::EditPalette(Edit::Lock(color)));
    }
    let of_tiles = tiled.then_some(OF_TILES);
    let toggled = |is: bool, to: Gesture| Command::SetGesture(if is { Gesture::Choose } else { to });
    let (changing, merging) = (matches!(gesture, Gesture::Change(_)), gesture == Gesture::Merge);
    action("Change…", changing, "Mix a colour to take its place", of_tiles, toggled(changing, Gesture::Change(color)));
    let delete = Command::EditPalette(Edit::Delete(color));
    action(DELETE_SWATCH.text, false, &DELETE_SWATCH.tip(), of_tiles, delete);
    action("Merge with…", merging, "One entry for this and another", of_tiles, toggled(merging, Gesture::Merge));
}

fn why_blocked(state: &State, results: &Results, color: Rgba) -> Option<&'static str> {
    match results.editable(state, state.photo_pane) {
        None if state.shelf.shown_in(state.photo_pane).is_some() => {
            Some("A kept result is shown: restore its settings to work on its palette.")
        }
        None if state.pane_spec(state.photo_pane).candidate().is_some() => {
            Some("The palette of a picture from elsewhere can be saved, not edited.")
        }
        None => Some("The palette is being fitted."),
        Some(_) if color[3] == 0 => Some("Fully transparent: there is no colour to edit."),
        Some(_) => None,
    }
}

/// Mixes the colour that takes the place of `from`; its alpha stays.
fn mixer_ui(ui: &mut Ui, state: &State, results: &Results, from: Rgba, draft: Rgba, commands: &mut Vec<Command>) {
    let [r, g, b, alpha] = draft;
    let mut color = Color32::from_rgb(r, g, b);
    // The picker's square and sliders are as wide as a slider: smaller, so that the photo stays in sight.
    ui.spacing_mut().slider_width = 200.0;
    let changed = color_picker_color32(ui, &mut color, Alpha::Opaque);
    let to = [color.r(), color.g(), color.b(), alpha];
    if changed && to != draft {
        commands.push(Command::SetGesture(Gesture::Change(to)));
    }
    let usable = draft != from && why_blocked(state, results, from).is_none();
    ui.horizontal(|ui| {
        codebook::swatch_ui(ui, from, vec2(24.0, 24.0));
        codebook::swatch_ui(ui, draft, vec2(24.0, 24.0));
        let (typed, entered) = hex_field_ui(ui, draft);
        if let Some(to) = typed {
            commands.push(Command::SetGesture(Gesture::Change(to)));
        }
        let clicked = ui.add_enabled(usable, Button::new(format!("Change to {}", hex(draft)))).clicked();
        if clicked || (entered && usable) {
            commands.push(Command::EditPalette(Edit::Change { from, to: draft }));
        }
    });
}

/// The colour as hex, to be typed: what was typed if it is another colour, and whether Enter was pressed. The text stays
/// as it is typed while it is no colour yet.
fn hex_field_ui(ui: &mut Ui, draft: Rgba) -> (Option<Rgba>, bool) {
    let id = ui.scope_id().with("hex");
    let typed: Option<(String, Rgba)> = ui.data(|d| d.get_temp(id));
    let mut text = typed.filter(|(_, of)| *of == draft).map_or_else(|| hex(draft), |(text, _)| text);
    let response = ui.add(TextEdit::singleline(&mut text).desired_width(76.0).char_limit(9));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::TextInput, true, "Colour as hex"));
    let entered = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    if !response.changed() {
        return (None, entered);
    }
    // The alpha is not what is mixed here.
    let colour = parse_hex(&text).ok().map(|[r, g, b, _]| [r, g, b, draft[3]]);
    ui.data_mut(|d| d.insert_temp(id, (text, colour.unwrap_or(draft))));
    (colour.filter(|colour| *colour != draft), entered)
}
