//! The photo: original and reductions, each over its palette, histogram and figures.

use std::sync::Arc;

use egui::{Button, CentralPanel, CursorIcon, Layout, Panel, Popup, Rect, RichText, Ui, pos2, vec2};

use super::edits::Gesture;
use super::palette_panel::{keep_ui, palette_panel_ui};
use super::target::target_window_ui;
use super::toolbar::toolbar_ui;
use super::{cloud, error_map, meaning, size_truth};
use crate::engine::metric::{ColourError, EyeError};
use crate::figures;
use crate::jobs::{Running, Slot};
use crate::palette::edit::Edit;
use crate::picture::Picture;
use crate::picture::image::Image;
use crate::run::numbers::sharing;
use crate::run::report::{NumberReport, PhotoCoding, PhotoReport};
use crate::spec::PhotoSpec;
use crate::view::command::Command;
use crate::view::command_table::{ADD_PANE, CLOSE, CLOSE_PANE, ORIGINAL, Row};
use crate::view::document::PhotoKey;
use crate::view::photo::error_kind::ErrorKind;
use crate::view::photo::palette::LOOKS;
use crate::view::photo::pane::{
    caption, color_at, entry_and_color_at, entry_at, eye_caption, joined, lens_text, pixel_text, shown_report, stale,
};
use crate::view::photo::pane_menu::pane_menu_ui;
use crate::view::photo::photo_views::DraftKey;
use crate::view::photo::settings::MOST_PANES;
use crate::view::photo::shelf::panel::panel_ui;
use crate::view::photo::shelf::versus::versus_ui;
use crate::view::results::Results;
use crate::view::shell::drops::Drops;
use crate::view::state::State;
use crate::view::theme;
use crate::view::widgets::codebook;
use crate::view::widgets::compare::comparison::{Comparison, HoveredPixel, Marks, PaneContent};
use crate::view::widgets::compare::draw::{TITLE_HEIGHT, compare_ui};
use crate::view::widgets::compare::mode::Mode;
use crate::view::widgets::figure_rows::{Figure, figures_ui};
use crate::view::widgets::frames::{content_frame, controls_frame, empty_ui};
use crate::view::widgets::plots::histogram;
use crate::view::widgets::receipt::thin_receipt_ui;

pub(crate) fn photo_ui(state: &mut State, results: &Results, drops: &Drops, ui: &mut Ui, commands: &mut Vec<Command>) {
    if !state.panels_hidden {
        Panel::top("photo-controls").frame(controls_frame(ui)).show(ui, |ui| {
            toolbar_ui(ui, state, results, commands);
        });
    }
    if state.target.is_open {
        target_window_ui(state, results, ui, commands);
    }
    let Some(document) = results.photos.current().cloned() else {
        CentralPanel::default().show(ui, |ui| {
            empty_ui(ui, &drops.invitation("a photo"));
        });
        return;
    };
    state.photo_places.clear();
    if !state.panels_hidden {
        let mut is_unfolded = !state.figures_folded;
        let panel = Panel::bottom("photo-figures").frame(controls_frame(ui)).resizable(true);
        let most = (ui.available_height() * 0.7).max(BOTTOM);
        let sized = panel.default_size(BOTTOM + more_height(ui)).size_range(BOTTOM - LESS..=most);
        sized.show_collapsible(ui, &mut is_unfolded, |ui| foot_ui(ui, state, results, commands));
        state.figures_folded = !is_unfolded;
    }
    CentralPanel::default().frame(content_frame(ui)).show(ui, |ui| {
        state.pictures_end = Some(ui.max_rect().bottom());
        if versus_ui((&document, &results.work), state, ui) {
            return;
        }
        let in_space = state.photo_mode == Mode::Cloud;
        let mut beside = in_space.then(|| cloud::beside_ui(ui, (&document, &results.work), state, commands));
        let ui = beside.as_mut().unwrap_or(ui);
        let extent = (document.photo.image.width, document.photo.image.height);
        let places = 0..state.photo.panes.len();
        let key = |pane| PhotoKey { document: document.id, spec: state.pane_spec(pane) };
        let wanted: Vec<PhotoKey> = places.clone().map(key).collect();
        let reports: Vec<_> = results.work.photo_panes.iter().map(|p| shown_report(p, document.id)).collect();
        let titles = titles(state, &reports, &wanted);
        let words = |pane| pane_words(state, results, pane, reports[pane]);
        let details: Vec<String> = places.clone().map(words).collect();
        let caption = |pane| pane_caption(results, pane, reports[pane]);
        let captions: Vec<String> = places.clone().map(caption).collect();
        let original =
            results.work.photo_original.shown().filter(|(id, _)| **id == document.id).map(|(_, o)| o.clone());
        let original_caption = format!("{} × {}", extent.0, extent.1);
        let any_allocated = reports.iter().flatten().any(|report| report.tile_allocation().is_some());
        let views = &results.work.photo_views;
        // Tiles may have gone since it was chosen.
        let kind = Some(state.photo_error).filter(|kind| any_allocated || *kind != ErrorKind::Bits).unwrap_or_default();
        let on_screen = if in_space { vec![0, state.photo_pane + 1] } else { (0..=places.len()).collect() };
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
                caption: &captions[i],
                picture: drafted(&views.draft, state, &wanted[i])
                    .filter(|_| i == state.photo_pane)
                    .or(report.map(|r| &r.picture)),
                error_map: error_map::map_of(kind, *report, &views.maps[i], document.id),
                error_scale: Some(kind.scale_of(*report)),
                stale: stale(&results.work.photo_panes[i], &wanted[i])
                    .or_else(|| error_map::stale(kind, &views.maps[i], &wanted[i])),
                message: results.work.photo_panes[i].report.error(),
                room: room(state),
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
            // Who takes a colour sees which pixel it is of, and how opaque that is.
            lens: (state.lens || state.palette.gesture == Gesture::Pick).then_some(&lens),
            marks: Marks::default(),
        };
        let response = compare_ui(ui, &mut state.compare_photo, &comparison);
        let pane_of = |&(i, rect): &(usize, egui::Rect)| Some((on_screen[i].checked_sub(1)?, rect));
        let on_show: Vec<_> = response.places.iter().filter_map(pane_of).collect();
        pane_buttons_ui(ui, state, &on_show, commands);
        state.photo_places.extend(on_show);
        state.menu_pixel = response.menu_pixel.or(state.menu_pixel);
        for (i, picture) in &response.pictures {
            let pane = on_screen[*i].checked_sub(1);
            Popup::context_menu(picture).show(|ui| pane_menu_ui(ui, (state, results), pane, commands));
        }
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

/// Below the panes, always as high as the panel: the kept results, or palette, histogram and figures of each pane.
fn foot_ui(ui: &mut Ui, state: &mut State, results: &Results, commands: &mut Vec<Command>) {
    if state.shelf.is_open {
        panel_ui(&results.photos, state, ui, commands);
        return;
    }
    let taller = ui.available_height() + controls_frame(ui).total_margin().sum().y - BOTTOM;
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        state.photo_places = columns_ui(ui, state, results, taller, commands);
    });
}

/// The chosen pane with the colour that is being mixed, as it came last.
fn drafted<'a>(draft: &'a Slot<DraftKey, Arc<Picture>>, state: &State, wanted: &PhotoKey) -> Option<&'a Arc<Picture>> {
    let (from, _) = state.palette.draft()?;
    draft.shown().filter(|(key, _)| key.of == *wanted && key.from == from).map(|(_, picture)| &**picture)
}

/// The side of a button in the title of a pane.
const BUTTON: f32 = 18.0;

/// What the buttons in the title of a pane take: one that closes it, and one that adds another.
fn room(state: &State) -> f32 {
    let panes = state.photo.panes.len();
    BUTTON * [panes > 1, panes < MOST_PANES].map(f32::from).into_iter().sum::<f32>()
}

/// At the right of each pane's title, what closes it; at the last one's, what adds another.
fn pane_buttons_ui(ui: &mut Ui, state: &State, on_show: &[(usize, Rect)], commands: &mut Vec<Command>) {
    let panes = state.photo.panes.len();
    for (at, &(pane, place)) in on_show.iter().enumerate() {
        let mut right = place.right();
        let mut button_ui = |row: &Row, hint: &str, name: String, command: Command| {
            let size = vec2(BUTTON, TITLE_HEIGHT - 2.0);
            let rect = Rect::from_min_size(pos2(right - BUTTON, place.top()), size);
            right -= BUTTON;
            let response = ui
                .put(rect, Button::new(RichText::new(row.text).size(theme::BODY + 2.0)).frame(false).min_size(size))
                .on_hover_text(hint);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, &name));
            if response.clicked() {
                commands.push(command);
            }
        };
        if panes < MOST_PANES && at + 1 == on_show.len() {
            button_ui(&ADD_PANE, &ADD_PANE.tip(), "Add a pane".to_owned(), Command::AddPane);
        }
        if panes > 1 {
            let hint = if pane == state.photo_pane { CLOSE_PANE.tip() } else { CLOSE_PANE.hint.to_owned() };
            button_ui(&CLOSE_PANE, &hint, format!("Close pane {}", pane + 1), Command::ClosePane(pane));
        }
    }
}

/// The titles of the panes by the settings that made their pictures: how many colours, and what tells them apart. That
/// of a kept result has its number before it.
fn titles(state: &State, reports: &[Option<&PhotoReport>], wanted: &[PhotoKey]) -> Vec<String> {
    let shown = reports.iter().zip(wanted).map(|(report, wanted)| report.map_or(&wanted.spec, |r| &r.spec));
    let specs: Vec<&PhotoSpec> = shown.collect();
    let title = |(pane, spec): (usize, &&PhotoSpec)| {
        let title = spec.title_among(&specs);
        let kept = state.shelf.shown_in(pane).filter(|kept| kept.figures.spec == **spec);
        kept.map_or(title.clone(), |kept| format!("Kept {}: {title}", kept.number))
    };
    specs.iter().enumerate().map(title).collect()
}

/// How a kept result was made, since its settings are not those above, or what allocating bits to tiles gains.
fn pane_words(state: &State, _results: &Results, pane: usize, report: Option<&PhotoReport>) -> String {
    // The figures are still those without it.
    if let Some((_, draft)) = state.palette.draft().filter(|_| pane == state.photo_pane) {
        return format!("seen with {}", codebook::hex(draft));
    }
    let kept = state.shelf.shown_in(pane).map(|r| r.figures.spec.words());
    let of_file = || report?.spec.candidate().map(|file| figures::file(file.format, file.file_bytes));
    kept.or_else(of_file).or_else(|| gain_words(report?)).unwrap_or_default()
}

fn gain_words(report: &PhotoReport) -> Option<String> {
    let uniform = report.tile_allocation()?.uniform?;
    Some(format!("{:+.2} dB over {} for each, same size", uniform.gain_db, uniform.colors))
}

/// A pane's figures: those of the eye, the size of its file against the photo's own, those of the samples. Where there is
/// little room the last are left out.
fn pane_caption(results: &Results, pane: usize, report: Option<&PhotoReport>) -> String {
    let size = results.pane_sizes(pane).map(|sizes| sizes.written());
    joined([results.eye_error(pane).and_then(eye_caption), size, report.map(caption)])
}

/// Palette, histogram and figures under each pane; returns where each one's are.
fn columns_ui(
    ui: &mut Ui,
    state: &State,
    results: &Results,
    taller: f32,
    commands: &mut Vec<Command>,
) -> Vec<(usize, egui::Rect)> {
    let Some(document) = results.photos.current() else { return Vec::new() };
    let original = results.work.photo_original.shown().filter(|(id, _)| **id == document.id).map(|(_, o)| o.clone());
    ui.columns(1 + results.work.photo_panes.len(), |columns| {
        let ui = &mut columns[0];
        ui.horizontal(|ui| original_heading_ui(ui, state, commands));
        if let Some(original) = &original {
            histogram::channels_ui(ui, &original.histogram, None, HISTOGRAM + taller);
            figures_ui(ui, &size_truth::original_figures(state, results, document, original));
            notes_ui(ui, &document.photo.notes);
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
                PhotoCoding::Numbers(numbers) => numbers_ui(ui, state, results, (i, report, numbers), commands),
                _ => palette_panel_ui(ui, state, results, (i, report), PALETTE, entry, commands),
            }
            if let Some(original) = &original {
                let height = HISTOGRAM - PALETTE - 5.0 + taller;
                histogram::channels_ui(ui, &original.histogram, Some(&report.histogram), height);
            }
            size_ui(ui, results, i);
            figures_ui(ui, &pane_figures(state, results, i, report));
            if report.spec.palette().is_some() {
                notes_ui(ui, &report.notes());
            }
        }
        columns.iter().skip(1).map(Ui::max_rect).enumerate().collect()
    })
}

/// What the file takes, and that against the user's own, in type that is read from afar.
fn size_ui(ui: &mut Ui, results: &Results, pane: usize) {
    let (bytes, change) = match results.pane_sizes(pane) {
        Some(sizes) if sizes.written_bytes > 0 => (figures::kilobytes(sizes.written_bytes), sizes.against_file()),
        _ => ("…".to_owned(), String::new()),
    };
    ui.horizontal(|ui| {
        ui.label(RichText::new(bytes).size(SIZE_TYPE).strong()).on_hover_text("The file that Save writes");
        ui.label(RichText::new(change).size(SIZE_TYPE)).on_hover_text("Against the file that was opened");
    });
}

fn notes_ui(ui: &mut Ui, notes: &[String]) {
    for note in notes {
        ui.add(egui::Label::new(RichText::new(note).small().weak()).truncate()).on_hover_text(note);
    }
}

/// What stands for a palette where the channels are numbers: what shares a scale, and the receipt.
fn numbers_ui(
    ui: &mut Ui,
    state: &State,
    results: &Results,
    (pane, report, numbers): (usize, &PhotoReport, &NumberReport),
    commands: &mut Vec<Command>,
) {
    let is_chosen = pane == state.photo_pane;
    let color = if is_chosen { theme::accent(ui.visuals().dark_mode) } else { ui.visuals().strong_text_color() };
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            if is_chosen {
                keep_ui(ui, state, results, commands);
            }
            ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
                let text = format!("{}: {}", numbers.format, figures::colours(numbers.colors as u64));
                ui.add(egui::Label::new(RichText::new(text).color(color).strong()).truncate());
            });
        });
    });
    ui.allocate_ui(vec2(ui.available_width(), PALETTE), |ui| {
        ui.set_min_height(PALETTE);
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
    ((ui.ctx().content_rect().height() - 800.0) * 0.35).clamp(-LESS, 120.0).round()
}

/// By so much the panel can be lower.
const LESS: f32 = 28.0;

const PALETTE: f32 = 46.0;
const HISTOGRAM: f32 = 74.0;
/// The height of the letters that say what a file takes.
const SIZE_TYPE: f32 = 17.0;

fn original_heading_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    ui.label(RichText::new("Original").strong());
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
    results.photos.current().map_or((1, 1), |d| (d.photo.image.width, d.photo.image.height))
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
