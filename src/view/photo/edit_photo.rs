//! The menu in which the photo is cut, resized, pixelated and its levels set before it is reduced.

use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{Button, DragValue, Grid, PopupCloseBehavior, RichText, Ui};

use crate::picture::area::Area;
use crate::picture::edits::{Crop, Levels, PhotoEdits, Plan, Resize};
use crate::view::results::Results;
use crate::view::theme;

/// Aspects to choose from; the last is that of handhelds with 160 × 144 pixels.
const ASPECTS: [(u32, u32); 6] = [(1, 1), (5, 4), (4, 3), (3, 2), (16, 9), (10, 9)];
/// Pixels a side that can be set here.
const SIDES: std::ops::RangeInclusive<u32> = 1..=16384;
/// Sides of blocks that can be set here; 1 is none.
const BLOCKS: std::ops::RangeInclusive<u16> = 1..=256;

pub(crate) fn edit_menu_ui(ui: &mut Ui, results: &Results, edits: &mut PhotoEdits) {
    let Some(opened) = results.photos.opened() else { return };
    let (width, height) = (opened.photo.image.width, opened.photo.image.height);
    let text = if edits.is_none() { "Edit ⏷" } else { "Edited ⏷" };
    let stays = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let (response, _) = MenuButton::new(text).config(stays).ui(ui, |ui| {
        Grid::new("photo-edits").num_columns(2).show(ui, |ui| {
            ui.label("Cut");
            ui.vertical(|ui| crop_ui(ui, (width, height), &mut edits.crop));
            ui.end_row();
            ui.label("Levels");
            ui.horizontal(|ui| levels_ui(ui, &mut edits.levels));
            ui.end_row();
            ui.label("Size");
            let uncut = Area { x: 0, y: 0, width, height };
            let part = PhotoEdits { crop: edits.crop, ..PhotoEdits::default() }.plan(width, height);
            ui.horizontal(|ui| size_ui(ui, part.map_or(uncut, |plan| plan.area), &mut edits.resize));
            ui.end_row();
            ui.label("Blocks");
            let mut side = edits.pixelate.max(1);
            ui.add(DragValue::new(&mut side).range(BLOCKS).speed(0.1).suffix(" px"))
                .on_hover_text("Each block of so many pixels a side gets its mean colour; 1: no blocks");
            edits.pixelate = if side > 1 { side } else { 0 };
            ui.end_row();
        });
        ui.separator();
        match edits.plan(width, height) {
            Ok(Plan { size, .. }) => ui.label(format!("{} × {} of {width} × {height} pixels", size.0, size.1)),
            Err(why) => ui.label(RichText::new(why.to_string()).color(theme::error(ui.visuals().dark_mode))),
        };
        ui.label(RichText::new("Figures are against the edited picture").small().weak());
        if ui.add_enabled(!edits.is_none(), Button::new("Reset edits")).clicked() {
            *edits = PhotoEdits::default();
        }
    });
    response.on_hover_text("Cut, set levels, resize and pixelate the photo before it is reduced");
}

fn crop_ui(ui: &mut Ui, (width, height): (u32, u32), crop: &mut Option<Crop>) {
    let is_area = matches!(crop, Some(Crop::Area(_)));
    ui.horizontal(|ui| {
        ui.selectable_value(crop, None, "Nothing");
        for (across, down) in ASPECTS {
            ui.selectable_value(crop, Some(Crop::Aspect(across, down)), format!("{across}:{down}"));
        }
        if ui.selectable_label(is_area, "Area").clicked() && !is_area {
            let uncut = Area { x: 0, y: 0, width, height };
            let now = PhotoEdits { crop: *crop, ..PhotoEdits::default() }.plan(width, height);
            *crop = Some(Crop::Area(now.map_or(uncut, |plan| plan.area)));
        }
    });
    let Some(Crop::Area(area)) = crop else { return };
    ui.horizontal(|ui| {
        let mut field = |name: &str, value: &mut u32, range| {
            ui.label(name);
            ui.add(DragValue::new(value).range(range));
        };
        field("from", &mut area.x, 0..=width - 1);
        field("", &mut area.y, 0..=height - 1);
        field("size", &mut area.width, 1..=width - area.x.min(width - 1));
        field("×", &mut area.height, 1..=height - area.y.min(height - 1));
    });
}

fn levels_ui(ui: &mut Ui, levels: &mut Option<Levels>) {
    let mut new = levels.unwrap_or(Levels::NONE);
    ui.add(DragValue::new(&mut new.black).range(0..=new.white.saturating_sub(1)))
        .on_hover_text("The code that becomes black");
    ui.add(DragValue::new(&mut new.white).range(new.black.saturating_add(1)..=u8::MAX))
        .on_hover_text("The code that becomes white");
    let mut gamma = f64::from(new.gamma_percent) / 100.0;
    let gammas = f64::from(*Levels::GAMMAS.start()) / 100.0..=f64::from(*Levels::GAMMAS.end()) / 100.0;
    ui.add(DragValue::new(&mut gamma).range(gammas).speed(0.01).fixed_decimals(2))
        .on_hover_text("Above 1 the middle becomes brighter, below 1 darker");
    new.gamma_percent = (gamma * 100.0).round() as u16;
    *levels = (new != Levels::NONE).then_some(new);
}

/// The size of a part of the photo: either side, which the other follows where the aspect is kept, or a share.
fn size_ui(ui: &mut Ui, part: Area, resize: &mut Option<Resize>) {
    let edits = PhotoEdits { resize: *resize, ..PhotoEdits::default() };
    let (width, height) = edits.plan(part.width, part.height).map_or((part.width, part.height), |plan| plan.size);
    let mut is_free = matches!(resize, Some(Resize::Exact(..)));
    let [mut w, mut h] = [width, height];
    let hint = "Resized in linear light; drag or click and type";
    ui.add(DragValue::new(&mut w).range(SIDES).clamp_existing_to_range(false)).on_hover_text(hint);
    ui.label("×");
    ui.add(DragValue::new(&mut h).range(SIDES).clamp_existing_to_range(false)).on_hover_text(hint);
    let mut percent = f64::from(width) / f64::from(part.width.max(1)) * 100.0;
    let share = ui.add(DragValue::new(&mut percent).range(0.01..=1600.0).max_decimals(2).suffix(" %"));
    let was_free = is_free;
    ui.checkbox(&mut is_free, "Free aspect");
    if share.changed() {
        *resize = Some(Resize::Percent((percent * 100.0).round() as u32));
    } else if is_free && (w, h, was_free) != (width, height, true) {
        *resize = Some(Resize::Exact(w, h));
    } else if !is_free && h != height {
        *resize = Some(Resize::Height(h));
    } else if !is_free && (w != width || was_free) {
        *resize = Some(Resize::Width(w));
    }
    if ui.add_enabled(resize.is_some(), Button::new("As it is").small()).clicked() {
        *resize = None;
    }
}
