//! The photo: original and three reductions, each over its palette, histogram and figures.

use egui::{CentralPanel, ComboBox, CursorIcon, DragValue, Layout, Panel, RichText, Ui};

use super::edits::Gesture;
use super::palette::palette_menu_ui;
use super::palette_panel::palette_panel_ui;
use super::{cloud, error_map, meaning, size_truth};
use crate::engine::assign::dithering::{Dithering, Pattern};
use crate::engine::colour::Space;
use crate::engine::fit::Method;
use crate::engine::metric::{ColourError, EyeError};
use crate::figures;
use crate::jobs::Running;
use crate::palette::edit::Edit;
use crate::picture::image::Image;
use crate::run::numbers::sharing;
use crate::run::report::{NumberReport, PhotoCoding, PhotoReport};
use crate::spec::PhotoSpec;
use crate::view::command::Command;
use crate::view::command_table::{CLOSE, ERROR_MAP, KEEP, KEPT_AFTER, KEPT_BEFORE, ORIGINAL, SHELF};
use crate::view::document::{PhotoDocument, PhotoKey};
use crate::view::photo::error_kind::ErrorKind;
use crate::view::photo::palette::LOOKS;
use crate::view::photo::pane::{
    caption, color_at, entry_and_color_at, entry_at, eye_caption, joined, lens_text, pixel_text, shown_report,
    ssimulacra2_caption, stale, title,
};
use crate::view::photo::save_menu::save_menu_ui;
use crate::view::photo::settings::{PhotoSettings, TILES};
use crate::view::photo::shelf::kept::Action;
use crate::view::photo::shelf::panel::panel_ui;
use crate::view::photo::shelf::versus::versus_ui;
use crate::view::results::Results;
use crate::view::shell::drops::Drops;
use crate::view::state::State;
use crate::view::theme;
use crate::view::widgets::compare::comparison::{Comparison, HoveredPixel, Marks, PaneContent};
use crate::view::widgets::compare::draw::compare_ui;
use crate::view::widgets::compare::mode::Mode;
use crate::view::widgets::controls::{MODES_OF_PHOTO, ViewControls, view_controls_ui};
use crate::view::widgets::figure_rows::{Figure, figures_ui};
use crate::view::widgets::frames::{content_frame, controls_frame, empty_ui};
use crate::view::widgets::plots::histogram;
use crate::view::widgets::receipt::thin_receipt_ui;

pub(crate) fn photo_ui(state: &mut State, results: &Results, drops: &Drops, ui: &mut Ui, commands: &mut Vec<Command>) {
    let settings = state.photo.clone();
    Panel::top("photo-controls").frame(controls_frame(ui)).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            let mut new = settings.clone();
            settings_ui(ui, &mut new);
            ui.separator();
            ui.label("Colours");
            for (pane, was) in new.panes.iter_mut().zip(&settings.panes) {
                if let Some(format) = pane.format {
                    ui.label(RichText::new(format.to_string()).strong()).on_hover_text(sharing(format));
                    continue;
                }
                if let Some(palette) = &pane.source.given {
                    ui.label(RichText::new(palette.name()).strong()).on_hover_text("Given colours: see Palette");
                    continue;
                }
                let field = DragValue::new(&mut pane.source.count).range(2..=256).speed(0.5);
                let response =
                    ui.add(field).on_hover_text("Entries of this pane's palette, 2 to 256: drag or click and type");
                response.widget_info(|| egui::WidgetInfo::drag_value(true, f64::from(was.source.count)));
            }
            palette_menu_ui(ui, state, results, &mut new, commands);
            if new != settings {
                commands.push(Command::SetPhoto(new));
            }
            let controls = ViewControls {
                name: "photo views",
                mode: state.photo_mode,
                modes: &MODES_OF_PHOTO,
                lens: state.lens,
                viewport: &state.compare_photo.viewport,
            };
            view_controls_ui(ui, &controls, commands, |ui, commands| save_menu_ui(ui, (state, results), commands));
        });
    });
    let Some(document) = results.photo.clone() else {
        CentralPanel::default().show(ui, |ui| {
            empty_ui(ui, &drops.invitation("a photo"));
        });
        return;
    };
    let taller = more_height(ui);
    state.photo_places.clear();
    Panel::bottom("photo-figures").frame(controls_frame(ui)).exact_size(BOTTOM + taller).show(ui, |ui| {
        if state.shelf.is_open {
            panel_ui(&document.photo, state, ui, commands);
        } else {
            state.photo_places = columns_ui(ui, state, results, taller, commands);
        }
    });
    CentralPanel::default().frame(content_frame(ui)).show(ui, |ui| {
        if versus_ui((&document, &results.work), state, ui) {
            return;
        }
        let in_space = state.photo_mode == Mode::Cloud;
        let mut beside = in_space.then(|| cloud::beside_ui(ui, (&document, &results.work), state, commands));
        let ui = beside.as_mut().unwrap_or(ui);
        let extent = (document.photo.image.width, document.photo.image.height);
        let wanted = [0, 1, 2].map(|pane| PhotoKey { document: document.id, spec: state.pane_spec(pane) });
        let reports: Vec<_> = results.work.photo_panes.iter().map(|p| shown_report(p, document.id)).collect();
        let titles: Vec<String> =
            (0..3).map(|pane| pane_title(state, results, pane, reports[pane], &wanted[pane].spec)).collect();
        let details: Vec<String> = (0..3).map(|pane| pane_words(state, results, pane, reports[pane])).collect();
        let captions: Vec<[String; 2]> =
            (0..3).map(|pane| pane_captions(state, results, &document, pane, reports[pane])).collect();
        let original =
            results.work.photo_original.shown().filter(|(id, _)| **id == document.id).map(|(_, o)| o.clone());
        let original_caption = format!("{} × {}", extent.0, extent.1);
        let any_allocated = reports.iter().flatten().any(|report| report.tile_allocation().is_some());
        let views = &results.work.photo_views;
        // Tiles may have gone since it was chosen.
        let kind = Some(state.photo_error).filter(|kind| any_allocated || *kind != ErrorKind::Bits).unwrap_or_default();
        let on_screen = if in_space { vec![0, state.photo_pane + 1] } else { vec![0, 1, 2, 3] };
        let mut panes = vec![PaneContent {
            title: "Original",
            detail: &document.photo.name,
            caption: &original_caption,
            picture: original.as_ref().map(|o| &o.picture),
            stale: original.is_none().then(|| results.work.photo_original.progress().unwrap_or(0.0)),
            ..PaneContent::default()
        }];
        for (i, report) in reports.iter().enumerate().filter(|(i, _)| on_screen.contains(&(i + 1))) {
            panes.push(PaneContent {
                title: &titles[i],
                detail: &details[i],
                caption: &captions[i][0],
                short_caption: &captions[i][1],
                picture: report.map(|r| &r.picture),
                error_map: error_map::map_of(kind, *report, &views.maps[i], document.id),
                error_scale: Some(kind.scale_of(*report)),
                stale: stale(&results.work.photo_panes[i], &wanted[i])
                    .or_else(|| error_map::stale(kind, &views.maps[i], &wanted[i])),
                message: results.work.photo_panes[i].report.error(),
            });
        }
        let lens = |pane: usize, at| lens_text(&document.photo.image, &reports, on_screen[pane], at);
        let comparison = Comparison {
            name: "photo",
            panes: &panes,
            extent,
            mode: state.photo_mode,
            base: 0,
            selected: if in_space { 1 } else { state.photo_pane + 1 },
            show_original: ORIGINAL.is_held(ui.ctx()),
            transparent: !document.photo.image.is_opaque(),
            lens: state.lens.then_some(&lens),
            marks: Marks::default(),
        };
        let response = compare_ui(ui, &mut state.compare_photo, &comparison);
        let pane_of = |&(i, rect): &(usize, egui::Rect)| Some((on_screen[i].checked_sub(1)?, rect));
        state.photo_places.extend(response.places.iter().filter_map(pane_of));
        let picking = state.palette.gesture == Gesture::Pick;
        if let Some(color) =
            response.clicked_pixel.filter(|_| picking).and_then(|at| color_at(&document.photo.image, at))
        {
            commands.push(Command::EditPalette(Edit::Force(color)));
        } else if let Some(pane) = response.clicked.and_then(|p| on_screen[p].checked_sub(1)) {
            commands.push(Command::SelectPane(pane));
        }
        if picking && response.hovered.is_some() {
            ui.ctx().set_cursor_icon(CursorIcon::Crosshair);
        } else if picking {
            state.hover =
                format!("Click a pixel in any pane: its colour in the original is forced in. {CLOSE} leaves.");
        }
        let in_error_map = state.photo_mode == Mode::ErrorMap;
        if in_error_map && response.hovered.is_none() {
            state.hover = "Hover a pixel: its error is marked on each scale.".to_owned();
        }
        if let Some(at) = response.beside_scales {
            error_map::choice_ui(ui, at, kind, any_allocated, commands);
        }
        let shown = response.hovered.map(|hovered| HoveredPixel {
            pane: on_screen[hovered.pane].checked_sub(1).unwrap_or(state.photo_pane),
            ..hovered
        });
        state.photo_hover = shown;
        if let Some(HoveredPixel { pane, pixel: (x, y) }) = shown {
            state.hover = pixel_text(&document.photo.image, reports[pane], x, y);
            match kind {
                ErrorKind::Squared if in_error_map => {
                    state.hover += &squared_text(&document.photo.image, reports[pane], (x, y));
                }
                ErrorKind::Bits if in_error_map => state.hover += &tile_text(reports[pane], (x, y)),
                _ => {}
            }
        }
    });
}

/// What reduces: method, space, dither and tiles.
pub(crate) fn settings_ui(ui: &mut Ui, settings: &mut PhotoSettings) {
    ComboBox::from_id_salt("photo-method")
        .selected_text(settings.method.row().palette_label)
        .show_ui(ui, |ui| {
            for method in Method::ALL {
                let row = method.row();
                ui.selectable_value(&mut settings.method, method, row.palette_label).on_hover_text(row.hint);
            }
        })
        .response
        .on_hover_text("How the palette is found");
    ComboBox::from_id_salt("photo-space")
        .width(64.0)
        .selected_text(settings.space.label())
        .show_ui(ui, |ui| {
            for space in Space::ALL {
                ui.selectable_value(&mut settings.space, space, space.label());
            }
        })
        .response
        .on_hover_text("Where colours are compared: sRGB for the least squared error, Oklab for the eye");
    dither_ui(ui, &mut settings.dither);
    tile_ui(ui, &mut settings.tile);
    if settings.tile.is_some() {
        ui.checkbox(&mut settings.tile_budget, "Allocate bits").on_hover_text(format!("{ALLOCATE_HINT} ({ERROR_MAP})"));
    }
}

const ALLOCATE_HINT: &str = "Each tile gets as many colours as it deserves, 1, 2, 4, 8 …, and all together take as many bits \
                         as the same number for each would. Which tile got how many is in the error map";

fn tile_ui(ui: &mut Ui, tile: &mut Option<u16>) {
    let name = |tile: Option<u16>| tile.map_or("No tiles".to_owned(), |side| format!("{side} px tiles"));
    ComboBox::from_id_salt("photo-tile")
        .selected_text(name(*tile))
        .show_ui(ui, |ui| {
            for side in [None].into_iter().chain(TILES.map(Some)) {
                ui.selectable_value(tile, side, name(side));
            }
        })
        .response
        .on_hover_text("One palette a tile: what the scale of a block is to weights, for pictures");
}

fn dither_ui(ui: &mut Ui, dither: &mut Dithering) {
    ComboBox::from_id_salt("photo-dither")
        .width(110.0)
        .height(400.0)
        .selected_text(dither.pattern.label())
        .show_ui(ui, |ui| {
            for pattern in Pattern::ALL {
                ui.selectable_value(&mut dither.pattern, pattern, pattern.label()).on_hover_text(pattern_hint(pattern));
            }
        })
        .response
        .on_hover_text("Dither: more raw error, less of it seen from afar");
    if dither.pattern == Pattern::None {
        return;
    }
    ui.add(DragValue::new(&mut dither.strength_percent).range(0..=dither.pattern.most_percent()).suffix(" %"))
        .on_hover_text("Strength of the dither: drag or click and type");
    if matches!(dither.pattern, Pattern::Diffusion(_)) {
        ui.checkbox(&mut dither.serpentine, "Serpentine").on_hover_text("Every other row runs from right to left");
        ui.checkbox(&mut dither.linear, "Linear").on_hover_text("Errors are added up in linear light, as the eye does");
    }
}

fn pattern_hint(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::None => "Every pixel takes its nearest entry: the least raw error",
        Pattern::Eye => "Palette and codes are found together so that the picture looks best",
        Pattern::Diffusion(_) => "Each pixel's error is passed on to its neighbours",
        Pattern::Ordered(_) => "An entry is chosen by the threshold of its place: an even grain that stays where it is",
    }
}

fn shelf_ui(ui: &mut Ui, state: &State, results: &Results, commands: &mut Vec<Command>) {
    let shelf = &state.shelf;
    let ready = results.work.photo_panes[state.photo_pane].file().is_some();
    ui.spacing_mut().item_spacing.x = 4.0;
    if ui.add_enabled(ready, egui::Button::new(KEEP.text).small()).on_hover_text(KEEP.tip()).clicked() {
        commands.push(Command::Shelf(Action::Keep));
    }
    let text = if shelf.is_empty() { SHELF.text.to_owned() } else { format!("{} {}", SHELF.text, shelf.len()) };
    let hint = format!("{}; {KEPT_BEFORE} and {KEPT_AFTER} flick through them", SHELF.tip());
    if ui.add(egui::Button::new(text).small()).on_hover_text(hint).clicked() {
        commands.push(Command::Shelf(Action::Toggle));
    }
}

/// The title of a pane's settings; that of a kept result has its number before it.
fn pane_title(
    state: &State,
    _results: &Results,
    pane: usize,
    report: Option<&PhotoReport>,
    wanted: &PhotoSpec,
) -> String {
    let kept = state.shelf.shown_in(pane).filter(|r| report.is_none_or(|shown| shown.spec == r.figures.spec));
    let title = title(report, wanted);
    kept.map_or(title.clone(), |r| format!("Kept {}: {title}", r.number))
}

/// How a kept result was made, since its settings are not those above, or what allocating bits to tiles gains.
fn pane_words(state: &State, _results: &Results, pane: usize, report: Option<&PhotoReport>) -> String {
    let kept = state.shelf.shown_in(pane).map(|r| r.figures.spec.words());
    kept.or_else(|| gain_words(report?)).unwrap_or_default()
}

fn gain_words(report: &PhotoReport) -> Option<String> {
    let uniform = report.tile_allocation()?.uniform?;
    Some(format!("{:+.2} dB over {} for each, same size", uniform.gain_db, uniform.colors))
}

/// A pane's figures, those of the eye first, with the size of its file against the photo's own once there are both; and
/// what of them goes where there is little room.
fn pane_captions(
    _state: &State,
    results: &Results,
    _document: &PhotoDocument,
    pane: usize,
    report: Option<&PhotoReport>,
) -> [String; 2] {
    let (eye, size) = (results.eye_error(pane), results.pane_sizes(pane).map(|sizes| sizes.written()));
    let samples = report.map(caption);
    let first = eye.and_then(ssimulacra2_caption).or_else(|| samples.clone());
    [joined([eye.and_then(eye_caption), samples, size.clone()]), joined([first, size])]
}

/// Palette, histogram and figures under each pane; returns where each one's are.
fn columns_ui(
    ui: &mut Ui,
    state: &State,
    results: &Results,
    taller: f32,
    commands: &mut Vec<Command>,
) -> Vec<(usize, egui::Rect)> {
    let Some(document) = &results.photo else { return Vec::new() };
    let original = results.work.photo_original.shown().filter(|(id, _)| **id == document.id).map(|(_, o)| o.clone());
    ui.columns(4, |columns| {
        let ui = &mut columns[0];
        ui.horizontal(|ui| original_heading_ui(ui, state, results, commands));
        if let Some(original) = &original {
            histogram::channels_ui(ui, &original.histogram, None, HISTOGRAM + taller);
            figures_ui(ui, &size_truth::original_figures(state, results, document, original));
            for note in &document.photo.notes {
                ui.add(egui::Label::new(RichText::new(note).small().weak()).truncate()).on_hover_text(note);
            }
        }
        for (i, pane) in results.work.photo_panes.iter().enumerate() {
            let ui = &mut columns[i + 1];
            let Some(report) = shown_report(pane, document.id) else {
                ui.weak("Reducing…");
                continue;
            };
            let in_cloud = state.cloud.hovered.filter(|_| i == state.photo_pane);
            let pixel = state
                .photo_hover
                .and_then(|HoveredPixel { pixel: (x, y), .. }| entry_at(report, extent_of(state, results), x, y));
            let entry = in_cloud.or(pixel);
            match &report.coding {
                PhotoCoding::Numbers(numbers) => numbers_ui(ui, report, numbers, i == state.photo_pane, PALETTE),
                _ => palette_panel_ui(ui, state, results, (i, report), PALETTE, entry, commands),
            }
            if let Some(original) = &original {
                let height = HISTOGRAM - PALETTE - 5.0 + taller;
                histogram::channels_ui(ui, &original.histogram, Some(&report.histogram), height);
            }
            figures_ui(ui, &pane_figures(state, results, i, report));
        }
        (0..3).map(|pane| (pane, columns[pane + 1].max_rect())).collect()
    })
}

/// What stands for a palette where the channels are numbers: what shares a scale, and the receipt.
fn numbers_ui(ui: &mut Ui, report: &PhotoReport, numbers: &NumberReport, is_chosen: bool, height: f32) {
    let color = if is_chosen { theme::accent(ui.visuals().dark_mode) } else { ui.visuals().strong_text_color() };
    ui.horizontal(|ui| {
        let text = format!("{}: {}", numbers.format, figures::colours(numbers.colors as u64));
        ui.add(egui::Label::new(RichText::new(text).color(color).strong()).truncate());
    });
    ui.allocate_ui(egui::vec2(ui.available_width(), height), |ui| {
        ui.set_min_height(height);
        thin_receipt_ui(ui, &report.rate);
        let note = numbers.note.clone().map(|note| format!("; {note}")).unwrap_or_default();
        let text = RichText::new(sharing(numbers.format) + &note).small().weak();
        ui.add(egui::Label::new(text).wrap());
    });
}

/// The height of the panel below the panes.
const BOTTOM: f32 = 266.0;
/// What the histograms get of a window's height beyond the usual one, or give where it is less.
fn more_height(ui: &Ui) -> f32 {
    ((ui.ctx().content_rect().height() - 800.0) * 0.35).clamp(-28.0, 120.0).round()
}

const PALETTE: f32 = 46.0;
const HISTOGRAM: f32 = 102.0;

fn original_heading_ui(ui: &mut Ui, state: &State, results: &Results, commands: &mut Vec<Command>) {
    ui.label(RichText::new("Original").strong());
    shelf_ui(ui, state, results, commands);
    ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (look, row) in LOOKS.into_iter().rev() {
            let text = RichText::new(row.text).small();
            let response = ui.selectable_label(state.palette.look == look, text);
            if response.on_hover_text(row.hint).clicked() {
                commands.push(Command::SetLook(look));
            }
        }
    });
}

fn pane_figures(state: &State, results: &Results, pane: usize, report: &PhotoReport) -> Vec<Figure> {
    let e = &report.error;
    let eye = results.eye_error(pane);
    let of_eye = |text: fn(EyeError) -> String| eye.map_or_else(|| "…".to_owned(), text);
    let butteraugli =
        of_eye(|eye| [eye.butteraugli_3norm, eye.butteraugli_max].map(figures::eye_difference).join(", "));
    let afar = of_eye(|eye| figures::eye_difference(Some(eye.afar)));
    let for_eye = [
        Figure::new("SSIMULACRA2", of_eye(|eye| figures::ssimulacra2(eye.ssimulacra2)))
            .with_hint(meaning::of_eye(eye, meaning::SSIMULACRA2)),
        Figure::new("butteraugli, max", butteraugli).with_hint(meaning::of_eye(eye, meaning::BUTTERAUGLI)),
    ];
    let of_samples = [
        Figure::new("from afar: Oklab, PSNR", format!("{afar}, {}", figures::db(report.psnr_afar_db)))
            .with_hint(meaning::AFAR),
        Figure::new("PSNR, SSIM", format!("{}, {:.3}", figures::db(e.psnr_db), e.ssim)).with_hint(format!(
            "{}. {}",
            meaning::PSNR,
            meaning::SSIM
        )),
        Figure::new("ΔE2000, 95 %, max", delta_e_figures(e)).with_hint(meaning::DELTA_E),
    ];
    let sizes = size_truth::pane_figures(state, results, pane, report);
    for_eye.into_iter().chain(of_samples.map(|figure| figure.of_stage(report.stage))).chain(sizes).collect()
}

fn delta_e_figures(e: &ColourError) -> String {
    [e.delta_e_mean, e.delta_e_p95, e.delta_e_max].map(figures::delta_e).join(", ")
}

fn extent_of(_state: &State, results: &Results) -> (u32, u32) {
    results.photo.as_ref().map_or((1, 1), |d| (d.photo.image.width, d.photo.image.height))
}

/// The bits that the tile under the pointer got.
fn tile_text(report: Option<&PhotoReport>, (x, y): (u32, u32)) -> String {
    let found = report.and_then(PhotoReport::tiles).and_then(|tiles| Some((tiles.side, tiles.allocation.as_ref()?)));
    let Some((side, allocation)) = found.filter(|(_, found)| found.map.width > x && found.map.height > y) else {
        return String::new();
    };
    let tile = y as usize / side * (allocation.map.width as usize).div_ceil(side) + x as usize / side;
    allocation.bits.get(tile).map_or_else(String::new, |bits| format!("   tile {tile}: {bits} bits a code"))
}

fn squared_text(image: &Image, report: Option<&PhotoReport>, at: (u32, u32)) -> String {
    let reduced = report.and_then(|r| entry_and_color_at(r, (image.width, image.height), at));
    let squared = reduced.zip(color_at(image, at)).map(|((_, color), original)| error_map::squared(original, color));
    squared.map(|e| format!("   squared error {}", figures::significant(e))).unwrap_or_default()
}
