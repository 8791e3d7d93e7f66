//! The photo with one palette and with one a tile; the dark photo with its bright pixel.

use egui::{RichText, Slider, Ui, vec2};

use super::{LocalExhibit, SIDES};
use crate::engine::rate::Rate;
use crate::figures;
use crate::jobs::Running;
use crate::lesson::exhibits::local::dark_photo::CASES;
use crate::palette::Entry;
use crate::picture::Pixels;
use crate::run::report::PhotoReport;
use crate::view::learn::exhibit::{Inputs, PLAY, turned};
use crate::view::photo::pane::title;
use crate::view::widgets::codebook;
use crate::view::widgets::compare::comparison::{Comparison, Marks, PaneContent};
use crate::view::widgets::compare::draw::compare_ui;

const BELOW: f32 = 66.0;
const PALETTE: f32 = 24.0;

impl LocalExhibit {
    pub(super) fn tiles_ui(&mut self, ui: &mut Ui, inputs: &Inputs) {
        let Some(document) = &inputs.photo else { return };
        self.tile_controls_ui(ui);
        let shown = |slot: usize| {
            let slot = &self.reports[slot];
            slot.shown().filter(|(key, _)| key.document == document.id).map(|(_, report)| report.clone())
        };
        let reports = [shown(0), shown(1)];
        let specs = [self.settings.one_palette(), self.settings.palette_a_tile()];
        let texts = [0, 1].map(|k| {
            let caption = reports[k].as_ref().map(|r| figures::db(r.error.psnr_db)).unwrap_or_default();
            (title(reports[k].as_deref(), &specs[k]), caption)
        });
        let original = inputs.photo_original.as_ref();
        let pane = |k: usize| PaneContent {
            title: &texts[k].0,
            caption: &texts[k].1,
            picture: reports[k].as_ref().map(|r| &r.picture),
            error_map: reports[k].as_ref().map(|r| &r.error_map),
            stale: self.reports[k].is_busy().then(|| self.reports[k].progress().unwrap_or(0.0)),
            message: self.reports[k].error(),
            ..PaneContent::default()
        };
        let panes = [
            PaneContent {
                title: "Original",
                picture: original.map(|o| &o.picture),
                stale: original.is_none().then_some(0.0),
                ..PaneContent::default()
            },
            pane(0),
            pane(1),
        ];
        let image = &document.photo.image;
        let extent = (image.width, image.height);
        let comparison = Comparison {
            selected: 2,
            transparent: !image.is_opaque(),
            ..Comparison::side_by_side("lesson-tiles", &panes, extent)
        };
        let height = (ui.available_height() - BELOW - 2.0 * ui.spacing().item_spacing.y).max(80.0);
        let size = vec2(ui.available_width(), height);
        let compare = &mut self.compare;
        let hovered = ui.allocate_ui(size, |ui| compare_ui(ui, compare, &comparison)).inner.hovered;
        self.pixel = hovered.map(|hovered| hovered.pixel).or(self.pixel);
        let at = self.pixel.unwrap_or((image.width / 2, image.height / 2));
        palettes_ui(ui, &reports, at, extent);
    }

    fn tile_controls_ui(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            ui.label("Tile");
            for side in SIDES {
                let label = ui.selectable_label(self.settings.tile == side, format!("{side}"));
                if label.on_hover_text(turned(&format!("{side} × {side} pixels"))).clicked() {
                    self.settings.tile = side;
                }
            }
            ui.separator();
            ui.label("colours each");
            for colors in [2, 4, 8] {
                let label = ui.selectable_label(self.settings.tile_colors == colors, format!("{colors}"));
                if label.on_hover_text(PLAY.tip_for("In each tile's palette")).clicked() {
                    self.settings.tile_colors = colors;
                }
            }
            ui.separator();
            ui.label("one palette");
            ui.spacing_mut().slider_width = (ui.available_width() - 50.0).clamp(40.0, 120.0);
            ui.add(Slider::new(&mut self.settings.colors, 2..=64).logarithmic(true))
                .on_hover_text("Colours of the one palette");
        });
    }

    pub(super) fn dark_photo_ui(&mut self, ui: &mut Ui) {
        let Some((_, dark_photo)) = self.dark_photo.shown() else {
            ui.label("Coding the dark photo…");
            return;
        };
        let dark_photo = dark_photo.clone();
        let stale = self.dark_photo.is_busy().then(|| self.dark_photo.progress().unwrap_or(0.0));
        let captions: Vec<String> = dark_photo
            .cases
            .iter()
            .map(|c| format!("{:.3} bits  {}", c.rate.bits_per_sample(), figures::db(c.psnr_db)))
            .collect();
        let title = |name: &str| CASES.iter().find(|(n, _)| *n == name).map_or("", |(_, title)| *title);
        let plain = |title, caption, picture| PaneContent {
            title,
            caption,
            picture: Some(picture),
            stale,
            ..PaneContent::default()
        };
        let mut panes = vec![plain("Dark photo, brightened", "8 bits", &dark_photo.original)];
        panes.extend(dark_photo.cases.iter().zip(&captions).map(|(c, text)| plain(title(c.name), text, &c.picture)));
        let bright: Vec<_> = (self.settings.strength > 1.0).then_some(dark_photo.pixel).into_iter().collect();
        let comparison = Comparison {
            selected: 1,
            marks: Marks { pixels: &bright, ..Marks::default() },
            ..Comparison::side_by_side("lesson-dark-photo", &panes, (dark_photo.width, dark_photo.height))
        };
        let height = (ui.available_height() - 24.0).max(80.0);
        let size = vec2(ui.available_width(), height);
        let compare = &mut self.compare;
        ui.allocate_ui(size, |ui| compare_ui(ui, compare, &comparison));
        let greys = dark_photo.cases.first().map_or(0, |c| c.greys);
        let (x, y) = dark_photo.pixel;
        let line = match self.settings.strength > 1.0 {
            true => format!("Of 16 greys, one scale now uses {greys}. The bright pixel is at {x}, {y}."),
            false => format!("No bright pixel: one scale uses {greys} of its 16 greys."),
        };
        ui.label(RichText::new(line).weak());
    }
}

/// The palettes that the pixel was given its colour from, and what the bits are for.
fn palettes_ui(
    ui: &mut Ui,
    reports: &[Option<std::sync::Arc<PhotoReport>>; 2],
    (x, y): (u32, u32),
    (width, height): (u32, u32),
) {
    ui.columns(2, |columns| {
        for (ui, report) in columns.iter_mut().zip(reports) {
            let Some(report) = report else { continue };
            let here;
            let (palette, name) = match report.tiles() {
                Some(_) => {
                    here = palette_at(report, (x.min(width.max(1) - 1), y.min(height.max(1) - 1)));
                    (&here[..], "this tile")
                }
                None => (&report.palette[..], "everywhere"),
            };
            codebook::palette_ui(ui, palette, PALETTE, None);
            let text = egui::RichText::new(format!("{name}: {}", bits(&report.rate)));
            let text = if ui.available_width() < 340.0 { text.size(crate::view::theme::SMALL) } else { text };
            ui.add(egui::Label::new(text).truncate());
        }
    });
}

/// The entries of the tile that a pixel lies in, each once; their pixels are not counted.
fn palette_at(report: &PhotoReport, (x, y): (u32, u32)) -> Vec<Entry> {
    let Pixels::Indexed { palette, tiles: Some(tiles), .. } = &report.picture.pixels else { return Vec::new() };
    let scale = |v: u32, full: u32| v.min(full.saturating_sub(1)) as usize;
    let first = tiles.first(scale(x, report.picture.width), scale(y, report.picture.height));
    let entries = palette.get(first..first + tiles.entries).unwrap_or_default();
    let mut entries: Vec<Entry> = entries.iter().map(|&rgba| Entry { rgba, count: 1 }).collect();
    entries.dedup_by_key(|e| e.rgba);
    entries
}

fn bits(rate: &Rate) -> String {
    let of = |bits: u64| figures::bits(bits as f64 / rate.samples.max(1) as f64);
    let total = figures::bits(rate.bits_per_sample());
    format!("{total} bits a pixel = codes {} + palette {}", of(rate.index_bits), of(rate.codebook_bits))
}
