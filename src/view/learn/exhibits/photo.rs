//! A photo beside its reduction. Below: the palette, the sizes before and after, or one pixel on its way to an entry.

use egui::{RichText, Slider, Ui, vec2};

use super::super::exhibit::{Exhibit, Inputs, settings_of, turned};
use crate::figures;
use crate::jobs::{Running, Wake};
use crate::lesson::exhibits::photo::{PhotoShow, Seen};
use crate::run::report::{PhotoReport, SizeTruth};
use crate::spec::Stage;
use crate::view::command_table::ORIGINAL;
use crate::view::document::PhotoKey;
use crate::view::learn::stops;
use crate::view::photo::pane::{caption, color_at, entry_at, shown_report, stale, title};
use crate::view::photo::pane_slots::PhotoPane;
use crate::view::theme;
use crate::view::widgets::codebook;
use crate::view::widgets::compare::comparison::{CompareState, Comparison, PaneContent};
use crate::view::widgets::compare::draw::compare_ui;

const BELOW: f32 = 92.0;
/// What the bars of sizes are of.
const NAME: f32 = 200.0;

pub(crate) struct PhotoExhibit {
    settings: PhotoShow,
    pane: PhotoPane,
    compare: CompareState,
    /// The pixel last pointed at.
    pixel: Option<(u32, u32)>,
}

impl PhotoExhibit {
    pub(crate) fn new(wake: &Wake) -> Self {
        let pane = PhotoPane::new(wake);
        Self { settings: PhotoShow::default(), pane, compare: CompareState::default(), pixel: None }
    }
}

impl Exhibit for PhotoExhibit {
    settings_of!(Photo);

    fn reset(&mut self) {
        self.compare = CompareState::default();
        self.pixel = None;
    }

    fn update(&mut self, inputs: &Inputs) {
        if let Some(document) = &inputs.photo {
            self.pane.request(document, self.settings.spec());
        }
    }

    fn ui(&mut self, ui: &mut Ui, inputs: &Inputs) {
        let Some(document) = &inputs.photo else { return };
        ui.horizontal(|ui| {
            ui.label("Colours");
            ui.spacing_mut().slider_width = (ui.available_width() * 0.4).clamp(120.0, 320.0);
            ui.add(Slider::new(&mut self.settings.colors, 2..=256).logarithmic(true))
                .on_hover_text(turned("Entries of the palette"));
        });
        let report = shown_report(&self.pane, document.id);
        let height = (ui.available_height() - BELOW - ui.spacing().item_spacing.y).max(80.0);
        let size = vec2(ui.available_width(), height);
        let hovered =
            ui.allocate_ui(size, |ui| pictures_ui(ui, &mut self.compare, inputs, &self.pane, &self.settings)).inner;
        self.pixel = hovered.or(self.pixel);
        let Some(report) = report else { return };
        match self.settings.seen {
            Seen::Palette => palette_ui(ui, report, inputs, hovered),
            Seen::Sizes => sizes_ui(ui, report, inputs, &self.pane),
            Seen::NearestEntry => nearest_ui(ui, report, inputs, self.pixel),
        }
    }

    fn turn(&mut self, step: i32) {
        self.settings.colors = stops::next(&stops::COLORS, self.settings.colors, step);
    }

    fn jobs(&mut self) -> Vec<&mut dyn Running> {
        self.pane.jobs().into()
    }
}

/// Original and reduction; the pixel under the pointer.
pub(super) fn pictures_ui(
    ui: &mut Ui,
    compare: &mut CompareState,
    inputs: &Inputs,
    pane: &PhotoPane,
    settings: &PhotoShow,
) -> Option<(u32, u32)> {
    let document = inputs.photo.as_ref()?;
    let report = shown_report(pane, document.id);
    let title = title(report, &settings.spec());
    let caption = report.map(caption).unwrap_or_default();
    let original = inputs.photo_original.as_ref();
    let panes = [
        PaneContent {
            title: "Original",
            caption: "24 bits a pixel",
            picture: original.map(|o| &o.picture),
            stale: original.is_none().then_some(0.0),
            ..PaneContent::default()
        },
        PaneContent {
            title: &title,
            caption: &caption,
            picture: report.map(|r| &r.picture),
            error_map: report.map(|r| &r.error_map),
            stale: stale(pane, &PhotoKey { document: document.id, spec: settings.spec() }),
            message: pane.report.error(),
            ..PaneContent::default()
        },
    ];
    let comparison = Comparison {
        selected: 1,
        show_original: ORIGINAL.is_held(ui.ctx()),
        transparent: !document.photo.image.is_opaque(),
        ..Comparison::side_by_side(
            "Reducing the photo",
            &panes,
            (document.photo.image.width, document.photo.image.height),
        )
    };
    compare_ui(ui, compare, &comparison).hovered.map(|hovered| hovered.pixel)
}

fn palette_ui(ui: &mut Ui, report: &PhotoReport, inputs: &Inputs, hovered: Option<(u32, u32)>) {
    let entry = inputs.photo.as_ref().zip(hovered).and_then(|(document, (x, y))| {
        entry_at(report, (document.photo.image.width, document.photo.image.height), x, y)
    });
    codebook::palette_ui(ui, &report.palette, 44.0, entry);
    let bits = figures::bits(report.rate.bits_per_sample());
    let before = inputs.photo_original.as_ref().map_or("…".to_owned(), |o| figures::count(o.colors as u64));
    ui.label(format!("{before} colours became {}. {bits} bits a pixel, palette included.", report.palette.len()));
}

fn sizes_ui(ui: &mut Ui, report: &PhotoReport, inputs: &Inputs, pane: &PhotoPane) {
    let (Some(document), Some(full)) = (&inputs.photo, inputs.full_png) else { return };
    let Some(file) = pane.file().filter(|_| report.stage == Stage::Full) else {
        ui.label("Writing both files…");
        return;
    };
    let sizes = SizeTruth::new(&document.photo, (&report.spec, report.rate), full.alike(file.size), file.size.bytes());
    let bars = [
        ("Pixels, raw", sizes.raw_bytes, sizes.reduced_raw_bytes),
        ("PNG files, both by one encoder", sizes.png_bytes, sizes.reduced_png_bytes),
    ];
    for (name, before, after) in bars {
        let share = figures::percent(after, before);
        let (before_text, after_text) = (figures::kilobytes(before), figures::kilobytes(after));
        ui.horizontal(|ui| {
            let place = ui.allocate_exact_size(vec2(NAME, 18.0), egui::Sense::hover()).0;
            let color = ui.visuals().text_color();
            ui.painter().text(place.left_center(), egui::Align2::LEFT_CENTER, name, theme::body_font(), color);
            let part = after as f32 / before.max(1) as f32;
            ui.add(
                egui::ProgressBar::new(part.min(1.0))
                    .desired_width((ui.available_width() - 230.0).max(60.0))
                    .desired_height(12.0),
            );
            ui.label(RichText::new(format!("{after_text} of {before_text}: {share}")).strong());
        });
    }
}

/// The pixel, the entries nearest to it, and how far each is.
fn nearest_ui(ui: &mut Ui, report: &PhotoReport, inputs: &Inputs, pixel: Option<(u32, u32)>) {
    const SHOWN: usize = 4;
    let Some(document) = &inputs.photo else { return };
    let image = &document.photo.image;
    let at = pixel.unwrap_or((image.width / 2, image.height / 2));
    let Some(color) = color_at(image, at) else { return };
    let near = report.nearest(color);
    ui.horizontal(|ui| {
        codebook::swatch_ui(ui, color, vec2(40.0, 40.0));
        ui.vertical(|ui| {
            ui.label(format!("pixel {}, {}", at.0, at.1));
            ui.label(RichText::new(codebook::hex(color)).monospace());
        });
        ui.label(RichText::new("→").size(20.0));
        for (place, (distance, rgba)) in near.iter().take(SHOWN).enumerate() {
            let side = if place == 0 { 40.0 } else { 26.0 };
            codebook::swatch_ui(ui, *rgba, vec2(side, side));
            ui.vertical(|ui| {
                let text = format!("{distance:.1} away");
                ui.label(if place == 0 { RichText::new(text).strong() } else { RichText::new(text).weak() });
                ui.label(RichText::new(codebook::hex(*rgba)).monospace());
            });
        }
    });
    ui.label(RichText::new("Point at the photo: the distance is √(ΔR² + ΔG² + ΔB²); the nearest entry wins.").weak());
}
