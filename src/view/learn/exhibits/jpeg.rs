//! A photo before and after JPEG. Beside or below: one block on its way, the zeros, the bytes, or the picture that
//! rounded pixels make of as many bytes.

use std::sync::Arc;
use std::time::Duration;

use egui::{Align2, DragValue, Rect, RichText, Slider, Stroke, Ui, UiBuilder, pos2, vec2};

use super::jpeg_block::{block_ui, cell_side, shares_ui, squares_width, waves_ui};
use crate::figures;
use crate::jobs::{self, Running, Slot, Wake};
use crate::lesson::exhibits::jpeg::compute::{
    JpegReport, JpegSpec, RoundedPixels, Transformed, pixels_in_as_many_bytes,
};
use crate::lesson::exhibits::jpeg::{JpegSeen, JpegShow};
use crate::signal::jpeg::cells::SIDE;
use crate::view::command_table::ORIGINAL;
use crate::view::document::DocumentId;
use crate::view::learn::drawing::{bar_ui, caption, hairline, image_area};
use crate::view::learn::exhibit::{Exhibit, Inputs, PLAY, settings_of, turned};
use crate::view::learn::stops;
use crate::view::theme;
use crate::view::widgets::compare::comparison::{CompareState, Comparison, Marks, PaneContent};
use crate::view::widgets::compare::draw::compare_ui;
use crate::view::widgets::plots::histogram::area_of;

/// Qualities that the arrow keys walk through.
const STOPS: [u8; 12] = [1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
/// A line of figures below everything.
const LINE: f32 = 22.0;
/// Palettes are tried for a size that will still be wanted in a moment.
const SETTLED: Duration = Duration::from_millis(250);

/// A photo as JPEG with these settings.
#[derive(Clone, Copy, PartialEq)]
struct JpegKey {
    document: DocumentId,
    spec: JpegSpec,
}

/// The transform of a photo, before anything is rounded.
#[derive(Clone, Copy, PartialEq)]
struct TransformKey {
    document: DocumentId,
    /// Whether colour differences are kept at half the resolution.
    half_colour: bool,
}

pub(crate) struct JpegExhibit {
    settings: JpegShow,
    transformed: Slot<TransformKey, Transformed>,
    report: Slot<JpegKey, JpegReport>,
    rounded: Slot<JpegKey, RoundedPixels>,
    compare: CompareState,
    /// The block's pixels as they come back.
    after: bool,
    /// The frequency pointed at.
    lit: Option<usize>,
}

impl JpegExhibit {
    pub(crate) fn new(wake: &Wake) -> Self {
        Self {
            settings: JpegShow::default(),
            transformed: Slot::new("Turning pixels into waves", wake.clone()),
            report: Slot::new("Rounding waves", wake.clone()),
            rounded: Slot::new("Trying palettes", wake.clone()),
            compare: CompareState::default(),
            after: false,
            lit: None,
        }
    }

    /// The last report of this photo, which may be of another quality.
    fn report_of(&self, document: DocumentId) -> Option<&Arc<JpegReport>> {
        self.report.shown().filter(|(key, _)| key.document == document).map(|(_, report)| report)
    }

    fn waves_of(&self, document: DocumentId) -> Option<&Arc<Transformed>> {
        let key = TransformKey { document, half_colour: self.settings.half_colour };
        self.transformed.shown().filter(|(k, _)| **k == key).map(|(_, waves)| waves)
    }

    fn rounded_of(&self, document: DocumentId) -> Option<&Arc<RoundedPixels>> {
        self.rounded.shown().filter(|(key, _)| key.document == document).map(|(_, pixels)| pixels)
    }
}

impl Exhibit for JpegExhibit {
    settings_of!(Jpeg);

    fn reset(&mut self) {
        self.compare = CompareState::default();
        (self.after, self.lit) = (false, None);
    }

    fn update(&mut self, inputs: &Inputs) {
        let Some(document) = &inputs.photo else { return };
        let (image, half_colour, spec) =
            (document.photo.image.clone(), self.settings.half_colour, self.settings.spec());
        let source = image.clone();
        let key = TransformKey { document: document.id, half_colour };
        self.transformed.request_value(key, move |control| Transformed::new(source, half_colour, control));
        let Some(waves) = self.waves_of(document.id).cloned() else { return };
        let key = JpegKey { document: document.id, spec };
        self.report.request_value(key, move |control| waves.quantize(spec.quality, control));
        let report = self.report.shown().filter(|(k, _)| **k == key).map(|(_, report)| report.clone());
        if let Some(report) = report.filter(|_| self.settings.seen == JpegSeen::Pixels) {
            self.rounded.request_value(key, move |control| {
                jobs::settle(SETTLED, control)?;
                pixels_in_as_many_bytes(&image, report.file.len() as u64, control)
            });
        }
    }

    fn ui(&mut self, ui: &mut Ui, inputs: &Inputs) {
        let Some(document) = &inputs.photo else { return };
        let extent = (document.photo.image.width, document.photo.image.height);
        ui.horizontal(|ui| self.controls_ui(ui, extent));
        let area = ui.available_rect_before_wrap();
        let (main, line) = (area.with_max_y(area.bottom() - LINE), area.with_min_y(area.bottom() - LINE));
        match self.settings.seen {
            JpegSeen::Block | JpegSeen::Waves => self.block_ui(ui, main, inputs),
            JpegSeen::Zeros => self.zeros_ui(ui, main, inputs),
            JpegSeen::Sizes => self.sizes_ui(ui, main, inputs),
            JpegSeen::Pixels => self.pixels_ui(ui, main, inputs),
        }
        ui.scope_builder(UiBuilder::new().max_rect(line), |ui| {
            let Some(report) = self.report_of(document.id) else { return };
            ui.label(line_of(report, self.settings.seen));
        });
        ui.advance_cursor_after_rect(area);
    }

    fn turn(&mut self, step: i32) {
        self.settings.quality = stops::next(&STOPS, self.settings.quality, step);
    }

    fn play(&mut self) {
        self.after = !self.after;
    }

    fn jobs(&mut self) -> Vec<&mut dyn Running> {
        vec![&mut self.transformed, &mut self.report, &mut self.rounded]
    }
}

impl JpegExhibit {
    fn controls_ui(&mut self, ui: &mut Ui, extent: (u32, u32)) {
        let settings = &mut self.settings;
        let label = ui.label("Quality");
        ui.spacing_mut().slider_width = (ui.available_width() * 0.25).clamp(90.0, 300.0);
        ui.add(Slider::new(&mut settings.quality, 1..=100))
            .on_hover_text(turned("100: steps of 1"))
            .labelled_by(label.id);
        ui.checkbox(&mut settings.half_colour, "Half the colours")
            .on_hover_text("Colour differences at half the width and height, as cameras store them");
        if !matches!(settings.seen, JpegSeen::Block | JpegSeen::Waves) {
            return;
        }
        let mut at = settings.at.unwrap_or([extent.0 / 2, extent.1 / 2]);
        let label = ui.label("Pixel");
        for (value, size) in at.iter_mut().zip([extent.0, extent.1]) {
            let response = ui.add(DragValue::new(value).range(0..=size.saturating_sub(1)).speed(SIDE as f32 / 4.0));
            let changed = response.on_hover_text("Of the block: point at a picture, or drag").labelled_by(label.id);
            if changed.changed() {
                settings.at = None;
            }
        }
        if settings.at.is_none() && at != [extent.0 / 2, extent.1 / 2] {
            settings.at = Some(at);
        }
        if settings.seen == JpegSeen::Waves {
            return;
        }
        ui.checkbox(&mut self.after, "Come back").on_hover_text(PLAY.tip_for("The block's pixels after it all"));
    }

    fn block_ui(&mut self, ui: &mut Ui, area: Rect, inputs: &Inputs) {
        let Some(document) = &inputs.photo else { return };
        let waves = self.settings.seen == JpegSeen::Waves;
        let across = if waves { 1 } else { 2 };
        let cell = cell_side(area.width() * 0.66, area.height(), across);
        let squares = squares_width(cell, across);
        let left = area.with_max_x(area.right() - squares - 10.0);
        if let Some((x, y)) = self.pictures_ui(ui, left, inputs, false) {
            self.settings.at = Some([x, y]);
        }
        let image = &document.photo.image;
        let [x, y] = self.settings.at.unwrap_or([image.width / 2, image.height / 2]);
        let at = (x.min(image.width.saturating_sub(1)) as usize, y.min(image.height.saturating_sub(1)) as usize);
        let block = self.waves_of(document.id).and_then(|waves| waves.block_at(at, self.settings.quality));
        if let Some(block) = block {
            let corner = pos2(left.right() + 10.0, area.top());
            self.lit = match waves {
                true => waves_ui(ui, corner, cell, &block, self.lit),
                false => block_ui(ui, corner, cell, &block, self.lit, self.after),
            };
        }
    }

    fn zeros_ui(&mut self, ui: &mut Ui, area: Rect, inputs: &Inputs) {
        let (above, below) = area.split_top_bottom_at_fraction(0.5);
        self.pictures_ui(ui, above, inputs, false);
        let Some(report) = inputs.photo.as_ref().and_then(|d| self.report_of(d.id)).cloned() else { return };
        let below = below.with_min_y(below.top() + 4.0);
        let (left, right) = below.split_left_right_at_x(below.left() + below.height().min(below.width() * 0.45));
        shares_ui(ui, left, &report.zero_shares);
        spread_ui(ui, right.with_min_x(right.left() + 12.0), &report);
    }

    fn sizes_ui(&mut self, ui: &mut Ui, area: Rect, inputs: &Inputs) {
        let room = 4.0 * (theme::BODY + 6.0 + ui.spacing().item_spacing.y) + 6.0;
        let below = area.with_min_y(area.bottom() - room);
        self.pictures_ui(ui, area.with_max_y(below.top() - 4.0), inputs, false);
        let Some(report) = inputs.photo.as_ref().and_then(|d| self.report_of(d.id)) else { return };
        let raw = 3 * report.pixels;
        let mut bars = vec![("Pixels, raw", raw)];
        bars.extend(inputs.full_png.map(|size| ("PNG, nothing lost", size.packed.unwrap_or(size.quick))));
        bars.push(("JPEG, estimated", (report.estimated_bits / 8.0).round() as u64));
        bars.push(("JPEG, the real file", report.file.len() as u64));
        let color = theme::photo_color(ui.visuals().dark_mode);
        ui.scope_builder(UiBuilder::new().max_rect(below), |ui| {
            for (name, bytes) in bars {
                let text = format!("{}  {}", figures::kilobytes(bytes), figures::percent(bytes, raw));
                bar_ui(ui, (name, &text), (140.0, 150.0), bytes as f32 / raw.max(1) as f32, color);
            }
        });
    }

    fn pixels_ui(&mut self, ui: &mut Ui, area: Rect, inputs: &Inputs) {
        let room = 2.0 * (theme::BODY + 6.0 + ui.spacing().item_spacing.y) + 4.0;
        let below = area.with_min_y(area.bottom() - room);
        self.pictures_ui(ui, area.with_max_y(below.top() - 4.0), inputs, true);
        let Some(document) = &inputs.photo else { return };
        let Some((report, rounded)) = self.report_of(document.id).zip(self.rounded_of(document.id)) else { return };
        let top = report.psnr_db.max(rounded.report.error.psnr_db).max(1.0);
        let dark = ui.visuals().dark_mode;
        let bars = [
            ("JPEG", report.psnr_db, theme::photo_color(dark)),
            ("Rounded pixels", rounded.report.error.psnr_db, theme::bits_color(dark, 1)),
        ];
        ui.scope_builder(UiBuilder::new().max_rect(below), |ui| {
            for (name, psnr, color) in bars {
                let share = if psnr.is_finite() { (psnr / top) as f32 } else { 1.0 };
                bar_ui(ui, (name, &format!("PSNR {}", figures::db(psnr))), (140.0, 150.0), share, color);
            }
        });
    }

    /// Original, JPEG, and where asked for the rounded pixels; the pixel under the pointer.
    fn pictures_ui(&mut self, ui: &mut Ui, area: Rect, inputs: &Inputs, with_rounded: bool) -> Option<(u32, u32)> {
        let document = inputs.photo.as_ref()?;
        let original = inputs.photo_original.as_ref();
        let report = self.report_of(document.id).cloned();
        let rounded = self.rounded_of(document.id).filter(|_| with_rounded).cloned();
        let wanted = JpegKey { document: document.id, spec: self.settings.spec() };
        let title = format!("JPEG {}", report.as_ref().map_or(self.settings.quality, |r| r.spec.quality));
        let size = |bytes: u64, db: f64| format!("{}, {}", figures::kilobytes(bytes), figures::db(db));
        let captions = [
            report.as_ref().map(|r| size(r.file.len() as u64, r.psnr_db)).unwrap_or_default(),
            rounded.as_ref().map(|r| size(r.png_bytes, r.report.error.psnr_db)).unwrap_or_default(),
        ];
        let colours = rounded.as_ref().map_or("Rounded pixels".to_owned(), |r| {
            format!("{} colours{}", r.report.palette.len(), if r.fits { "" } else { ", and yet larger" })
        });
        let stale = |is: bool, progress: Option<f32>| is.then_some(progress.unwrap_or(0.0));
        let pane =
            |title, caption, picture, stale| PaneContent { title, caption, picture, stale, ..PaneContent::default() };
        let fresh = self.report.shown().is_some_and(|(key, _)| *key == wanted);
        let mut panes = vec![
            pane("Original", "", original.map(|o| &o.picture), None),
            pane(&title, &captions[0], report.as_ref().map(|r| &r.picture), stale(!fresh, self.report.progress())),
        ];
        if self.settings.seen == JpegSeen::Waves {
            // Nothing is rounded yet.
            panes.truncate(1);
        }
        if with_rounded {
            let fresh = self.rounded.shown().is_some_and(|(key, _)| *key == wanted);
            let picture = rounded.as_ref().map(|r| &r.report.picture);
            panes.push(pane(&colours, &captions[1], picture, stale(!fresh, self.rounded.progress())));
        }
        let looked_at: Vec<(u32, u32)> = match self.settings.at {
            Some([x, y]) if matches!(self.settings.seen, JpegSeen::Block | JpegSeen::Waves) => vec![(x, y)],
            _ => Vec::new(),
        };
        let comparison = Comparison {
            selected: panes.len().saturating_sub(1).min(1),
            show_original: !matches!(self.settings.seen, JpegSeen::Block | JpegSeen::Waves)
                && ORIGINAL.is_held(ui.ctx()),
            marks: Marks { pixels: &looked_at, ..Marks::default() },
            ..Comparison::side_by_side("lesson-jpeg", &panes, (document.photo.image.width, document.photo.image.height))
        };
        let compare = &mut self.compare;
        ui.scope_builder(UiBuilder::new().max_rect(area), |ui| compare_ui(ui, compare, &comparison))
            .inner
            .hovered
            .map(|hovered| hovered.pixel)
    }
}

fn line_of(report: &JpegReport, seen: JpegSeen) -> RichText {
    let zeros = figures::percent(report.zeros, report.coefficients);
    let text = match seen {
        JpegSeen::Block => {
            "Point at a picture to choose a block; at a number to see its wave. Zeros in the whole photo: ".to_owned()
                + &zeros
        }
        JpegSeen::Waves => "Point at the photo to choose a block; at a number to see its wave.".to_owned(),
        JpegSeen::Zeros => format!(
            "{} of {} codes are zero: {zeros}.",
            figures::count(report.zeros),
            figures::count(report.coefficients)
        ),
        JpegSeen::Sizes | JpegSeen::Pixels if report.file.is_empty() => {
            "No JPEG file can have a side of more than 65 535 pixels.".to_owned()
        }
        JpegSeen::Sizes | JpegSeen::Pixels => {
            format!(
                "JPEG: {} bits a pixel, all told. PSNR {}.",
                figures::bits(report.bits_per_pixel()),
                figures::db(report.psnr_db)
            )
        }
    };
    RichText::new(text).weak()
}

/// Where the frequencies lie between the whole numbers, and how many go to each: as the weights have it.
fn spread_ui(ui: &mut Ui, rect: Rect, report: &JpegReport) {
    caption(ui, rect.left_top(), Align2::LEFT_TOP, "All waves but the first, divided by their steps", true);
    let plot = Rect::from_min_max(rect.min + vec2(0.0, 18.0), rect.max - vec2(0.0, 16.0));
    image_area(ui, plot, "Histogram of waves in steps, with the whole numbers they are rounded to");
    ui.painter().rect_filled(plot, 2.0, ui.visuals().extreme_bg_color);
    let (histogram, levels) = (&report.histogram, &report.levels);
    let most = histogram.counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    // Square roots, or nothing but the zeros would be seen.
    let heights: Vec<f32> = histogram.counts.iter().map(|&n| (n as f32 / most).sqrt()).collect();
    let painter = ui.painter().with_clip_rect(plot.intersect(ui.clip_rect()));
    area_of(&painter, plot, &heights, ui.visuals().text_color().gamma_multiply(0.45));
    let color = theme::photo_color(ui.visuals().dark_mode);
    let most = levels.counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    let x_of = |x: f32| plot.left() + (x - histogram.low) / (histogram.high - histogram.low) * plot.width();
    for (point, &count) in levels.points.iter().zip(&levels.counts) {
        let top = pos2(x_of(*point), plot.bottom() - 0.94 * plot.height() * (count as f32 / most).sqrt());
        painter.line_segment([top, pos2(top.x, plot.bottom())], Stroke::new(2.0, color));
        painter.circle_filled(top, 3.0, color);
        if point.rem_euclid(2.0) == 0.0 {
            caption(ui, pos2(top.x, plot.bottom() + 1.0), Align2::CENTER_TOP, &format!("{point:.0}"), false);
        }
    }
    ui.painter().line_segment([plot.left_bottom(), plot.right_bottom()], hairline(ui));
    caption(ui, plot.right_top() + vec2(-4.0, 2.0), Align2::RIGHT_TOP, "heights: square roots of counts", false);
}
