//! The bridge: a photo and a model under one dial, and what each bit buys for both.

use egui::{CentralPanel, Panel, RichText, Ui, UiBuilder, pos2, vec2};

use super::talk::speaking::Talk;
use crate::figures;
use crate::jobs::Running;
use crate::run::report::SizeTruth;
use crate::source::tensor::{Tensor, requantizing};
use crate::view::bridge::below::Below;
use crate::view::bridge::photo::photo_spec;
use crate::view::bridge::talk::layers::layers_ui;
use crate::view::bridge::talk::says::{ask_ui, says_ui};
use crate::view::command::Command;
use crate::view::command_table::{BELOW_ERROR, BELOW_LAYERS, BELOW_SAYS, NEXT_BELOW, ORIGINAL};
use crate::view::document::{ModelDocument, PhotoDocument, PhotoKey};
use crate::view::photo::pane::{caption, entry_at, lens_text, pixel_text, shown_report, stale, title};
use crate::view::results::Results;
use crate::view::state::State;
use crate::view::theme;
use crate::view::weights::pane::{
    TensorPanes, levels_and_histogram_ui, shown_tensor_report, tensor_panes_ui, weight_text,
};
use crate::view::widgets::codebook;
use crate::view::widgets::compare::comparison::{Comparison, Marks, PaneContent};
use crate::view::widgets::compare::draw::compare_ui;
use crate::view::widgets::compare::mode::Mode;
use crate::view::widgets::dial::dial_ui;
use crate::view::widgets::figure_rows::{rho, sqnr};
use crate::view::widgets::frames::{content_frame, controls_frame, empty_ui};
use crate::view::widgets::plots::histogram;
use crate::view::widgets::plots::rate_distortion::{Series, rate_distortion_ui};
use crate::view::work::Work;

const DIAL_WIDTH: f32 = 176.0;
const PALETTE: f32 = 40.0;
const HISTOGRAM: f32 = 78.0;
/// Palette, histogram, figures and the gaps between them.
const BELOW: f32 = PALETTE + HISTOGRAM + 46.0;

/// Draws the tab: the photo on the left, the dial, the tensor on the right, and the choice of three below.
pub(crate) fn bridge_ui(
    state: &mut State,
    results: &Results,
    talk: &mut Talk,
    ui: &mut Ui,
    commands: &mut Vec<Command>,
) {
    Panel::bottom("bridge-plot")
        .frame(controls_frame(ui))
        .resizable(true)
        .default_size((ui.available_height() * 0.33).clamp(244.0, 420.0))
        .size_range(140.0..=420.0)
        .show(ui, |ui| below_ui(state, results, talk, ui, commands));
    CentralPanel::default().frame(content_frame(ui)).show(ui, |ui| {
        let area = ui.available_rect_before_wrap();
        let side = (area.width() - DIAL_WIDTH) / 2.0;
        let column =
            |left: f32, width: f32| egui::Rect::from_min_size(pos2(left, area.top()), vec2(width, area.height()));
        let mut scope = |rect: egui::Rect, name: &str, add: &mut dyn FnMut(&mut Ui)| {
            ui.scope_builder(UiBuilder::new().max_rect(rect).id_salt(name), |ui| add(ui));
        };
        scope(column(area.left(), side), "bridge-photo", &mut |ui| {
            photo_side(results.photos.current(), &results.work, state, ui);
        });
        scope(column(area.right() - side, side), "bridge-weights", &mut |ui| {
            weights_side(results.model.as_ref(), &results.work, state, ui);
        });
        let middle = column(area.left() + side + 8.0, DIAL_WIDTH - 16.0);
        scope(middle, "bridge-dial", &mut |ui| dial_column(state, ui, commands));
    });
}

fn dial_column(state: &State, ui: &mut Ui, commands: &mut Vec<Command>) {
    let spare = (ui.available_height() - DIAL_WIDTH - 90.0).max(0.0) / 2.0;
    ui.vertical_centered(|ui| {
        ui.add_space(spare);
        ui.label(RichText::new("One dial for both").weak());
        let diameter = ui.available_width();
        if let Some(bits) = dial_ui(ui, state.dial, diameter) {
            commands.push(Command::SetDial(bits));
        }
        let colors = 1u32 << state.dial;
        ui.label(RichText::new(format!("{colors} colours a photo")).color(theme::photo_color(ui.visuals().dark_mode)));
        let unit = if state.dial == 1 { "bit" } else { "bits" };
        let text = format!("{} {unit} a weight", state.dial);
        ui.label(RichText::new(text).color(theme::weights_color(ui.visuals().dark_mode)));
    });
}

fn photo_side(photo: Option<&PhotoDocument>, work: &Work, state: &mut State, ui: &mut Ui) {
    let Some(document) = photo else {
        empty_ui(ui, "Opening the photo…");
        return;
    };
    let key = PhotoKey { document: document.id, spec: photo_spec(state.dial) };
    let extent = (document.photo.image.width, document.photo.image.height);
    let original = work.photo_original.shown().filter(|(id, _)| **id == document.id).map(|(_, o)| o.clone());
    let pane = &work.bridge_photo;
    let report = shown_report(pane, document.id);
    let (title, caption) = (title(report, &key.spec), report.map(caption).unwrap_or_default());
    let panes = [
        PaneContent {
            title: "Photo",
            caption: &document.photo.name,
            picture: original.as_ref().map(|o| &o.picture),
            stale: original.is_none().then_some(0.0),
            ..PaneContent::default()
        },
        PaneContent {
            title: &title,
            caption: &caption,
            picture: report.map(|r| &r.picture),
            error_map: report.map(|r| &r.error_map),
            stale: stale(pane, &key),
            message: pane.report.error(),
            ..PaneContent::default()
        },
    ];
    let size = vec2(ui.available_width(), (ui.available_height() - BELOW).max(60.0));
    let mut hovered = None;
    let reports = [report];
    let lens = |pane: usize, at| lens_text(&document.photo.image, &reports, pane, at);
    ui.allocate_ui(size, |ui| {
        let comparison = Comparison {
            name: "bridge-photo",
            panes: &panes,
            extent,
            mode: Mode::SideBySide,
            base: 0,
            selected: 1,
            show_original: ORIGINAL.is_held(ui.ctx()),
            transparent: !document.photo.image.is_opaque(),
            lens: state.lens.then_some(&lens),
            marks: Marks::default(),
        };
        hovered = compare_ui(ui, &mut state.bridge_photo, &comparison).hovered.map(|hovered| hovered.pixel);
    });
    if let Some((x, y)) = hovered {
        state.hover = pixel_text(&document.photo.image, report, x, y);
    }
    let Some(report) = report else { return };
    let entry = hovered.and_then(|(x, y)| entry_at(report, extent, x, y));
    codebook::palette_ui(ui, &report.palette, PALETTE, entry);
    if let Some(original) = &original {
        histogram::channels_ui(ui, &original.histogram, Some(&report.histogram), HISTOGRAM);
    }
    let full = work.full_png.shown().filter(|(id, _)| **id == document.id).map(|(_, b)| **b);
    let png = pane.file().map(|f| f.size);
    figures_line(
        ui,
        &[
            figures::db(report.error.psnr_db),
            format!("ΔE {}", figures::delta_e(report.error.delta_e_mean)),
            format!("{} bits a pixel", figures::bits(report.rate.bits_per_sample())),
            match (png, full) {
                (Some(png), Some(full)) => {
                    let truth =
                        SizeTruth::new(&document.photo, (&report.spec, report.rate), full.alike(png), png.bytes());
                    format!("PNG {}, {} against the file", figures::kilobytes(png.bytes()), truth.against_file())
                }
                (Some(png), None) => format!("PNG {}", figures::kilobytes(png.bytes())),
                _ => "PNG …".to_owned(),
            },
        ],
    );
}

fn weights_side(model: Option<&ModelDocument>, work: &Work, state: &mut State, ui: &mut Ui) {
    let Some(document) = model else {
        empty_ui(ui, "Opening the model…");
        return;
    };
    let tensor = document.tensor_id(state.tensor);
    let format = state.weights.format(state.dial);
    let original = work.original_of(tensor);
    let no_weights = document.model.tensors.get(state.tensor).and_then(Tensor::unreadable);
    let size = vec2(ui.available_width(), (ui.available_height() - BELOW).max(60.0));
    let mut hovered = None;
    ui.allocate_ui(size, |ui| {
        let response = tensor_panes_ui(
            ui,
            &mut state.bridge_weights,
            &TensorPanes {
                name: "bridge-weights",
                tensor,
                original: original.map(|o| &**o),
                slots: &[&work.bridge_tensor],
                formats: &[format],
                mode: Mode::SideBySide,
                selected: 0,
                lens: state.lens,
                marks: Marks::default(),
                failure: no_weights.or(work.tensor_original.error()),
            },
        );
        hovered = response.hovered.map(|weight| weight.index);
    });
    let Some(info) = document.model.tensors.get(state.tensor) else { return };
    let report = shown_tensor_report(&work.bridge_tensor, tensor);
    if let (Some(index), Some(original)) = (hovered, &original) {
        state.hover = weight_text(info, original, report, index);
    }
    let Some(report) = report else { return };
    let hovered = hovered.and_then(|index| Some((index, *original.as_ref()?.values.get(index)?)));
    levels_and_histogram_ui(ui, report, state.log_histogram, hovered, (PALETTE, HISTOGRAM));
    figures_line(
        ui,
        &[
            sqnr(&report.error),
            format!("ρ {}", rho(&report.error)),
            format!("{} bits per weight", figures::bits(report.rate.bits_per_sample())),
            requantizing([info])
                .map_or_else(|| info.name.clone(), |generation| format!("{}     {generation}", info.name)),
        ],
    );
}

fn figures_line(ui: &mut Ui, parts: &[String]) {
    ui.add(egui::Label::new(RichText::new(parts.join("     ")).strong()).truncate());
}

/// A choice of three, and what was chosen.
fn below_ui(state: &mut State, results: &Results, talk: &mut Talk, ui: &mut Ui, commands: &mut Vec<Command>) {
    let below = state.below;
    // A few words in place of a plot must not let the panel shrink.
    ui.set_min_height(ui.available_height());
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.spacing_mut().button_padding.y = 0.0;
        ui.spacing_mut().interact_size.y = 20.0;
        let rows = [(Below::Error, &BELOW_ERROR), (Below::Says, &BELOW_SAYS), (Below::Layers, &BELOW_LAYERS)];
        for (choice, row) in rows {
            let hint = format!("{} ({NEXT_BELOW}: next)", row.hint);
            if ui.selectable_label(below == choice, row.text).on_hover_text(hint).clicked() {
                commands.push(Command::ShowBelow(choice));
            }
        }
        if below == Below::Says {
            ui.separator();
            ask_ui(ui, &mut talk.ask);
        }
    });
    let speaking = results.speaking();
    match below {
        Below::Error => plot_ui(state, results, ui),
        Below::Says => says_ui(ui, talk, speaking, results.work.loaded.error(), theme::BODY),
        Below::Layers => layers_ui(ui, talk, speaking, results.work.loaded.error()),
    }
}

fn plot_ui(state: &State, results: &Results, ui: &mut Ui) {
    let photo = results.photos.current().map(|photo| photo.id);
    let photo = results.work.photo_rate.shown().filter(|(id, _)| Some(**id) == photo);
    let tensor = results.model.as_ref().map(|model| model.tensor_id(state.tensor));
    let tensor = results.work.tensor_rate.shown().filter(|(key, _)| Some(key.tensor) == tensor);
    let series = Series {
        photo: photo.map(|(_, points)| points.as_slice()).unwrap_or_default(),
        tensor: tensor.map(|(_, points)| points.as_slice()).unwrap_or_default(),
        layers: results.table.rate_points(),
        dial: state.dial,
    };
    let height = ui.available_height();
    rate_distortion_ui(ui, &series, height);
}
