//! What it costs: receipts of bits on the open tensor, the size of a model in every format, the usual mistake about
//! it, and the memories that hold it.

use egui::{Align2, Color32, Rect, RichText, Sense, Slider, Stroke, StrokeKind, Ui, pos2, vec2};

use super::super::exhibit::{Exhibit, Inputs, settings_of, turned};
use crate::engine::theory::size::{COMMON, MARGIN_GIB, MEMORIES_GIB, Size};
use crate::figures;
use crate::jobs::{Running, Sweep, Wake};
use crate::lesson::exhibits::cost::receipts::{Receipt, receipts};
use crate::lesson::exhibits::cost::{CostShow, LEAST_BILLIONS, MOST_BILLIONS, SeenCost};
use crate::view::document::TensorId;
use crate::view::learn::drawing::{row_ui, text};
use crate::view::learn::stops;
use crate::view::theme;
use crate::view::widgets::receipt;

/// Sizes of models that people know, in 10⁹ parameters.
const STOPS: [f64; 9] = [1.0, 3.0, 8.0, 14.0, 32.0, 70.0, 123.0, 405.0, 671.0];
/// What has a memory of each size, in words short enough for a room's columns. The best card at home has had 32 GB
/// since 2025.
const MACHINES: [&str; 7] = ["small card", "card", "laptop", "large card", "best card", "workstation", "server"];

pub(crate) struct CostExhibit {
    settings: CostShow,
    sweep: Sweep<TensorId, Receipt>,
    receipts: Vec<Receipt>,
}

impl CostExhibit {
    pub(crate) fn new(wake: &Wake) -> Self {
        let sweep = Sweep::new("Measuring the formats", wake.clone());
        Self { settings: CostShow::default(), sweep, receipts: Vec::new() }
    }

    fn choose(&mut self, by: isize) {
        let formats = self.settings.formats();
        let at = formats.iter().position(|f| *f == self.settings.format).unwrap_or(0);
        let next = (at as isize + by).rem_euclid(formats.len().max(1) as isize) as usize;
        self.settings.format = formats.get(next).map_or(String::new(), |f| (*f).to_owned());
    }

    fn size(&self, bits: f64) -> Size {
        Size::new(self.settings.billions * 1e9, bits)
    }
}

impl Exhibit for CostExhibit {
    settings_of!(Cost);

    fn update(&mut self, inputs: &Inputs) {
        let Some(document) = inputs.model.as_ref().filter(|_| self.settings.seen == SeenCost::Receipts) else { return };
        let (model, tensor) = (document.model.clone(), inputs.tensor);
        let key = document.tensor_id(tensor);
        if self.sweep.wanted() != Some(&key) {
            self.receipts.clear();
        }
        self.sweep.request(key, move |emit, control| {
            receipts(&model, tensor, &|receipt| emit.emit(receipt), control)?;
            Ok(())
        });
        self.receipts.extend(self.sweep.drain());
    }

    fn ui(&mut self, ui: &mut Ui, inputs: &Inputs) {
        if self.settings.seen == SeenCost::Receipts {
            receipts_ui(self, ui, inputs);
            return;
        }
        parameters_ui(ui, &mut self.settings.billions);
        match self.settings.seen {
            SeenCost::Sizes => sizes_ui(self, ui),
            SeenCost::Mistake => mistake_ui(self, ui),
            SeenCost::Memories => memories_ui(self, ui),
            SeenCost::Receipts => {}
        }
    }

    fn turn(&mut self, step: i32) {
        match self.settings.seen {
            // The list stands with its first at the top.
            SeenCost::Receipts => self.choose(-(step.signum() as isize)),
            _ => self.settings.billions = stops::next(&STOPS, self.settings.billions, step),
        }
    }

    fn play(&mut self) {
        self.choose(1);
    }

    fn jobs(&mut self) -> Vec<&mut dyn Running> {
        vec![&mut self.sweep]
    }
}

/// The model's size: a slider, and three that people know.
fn parameters_ui(ui: &mut Ui, billions: &mut f64) {
    ui.horizontal(|ui| {
        ui.label("Parameters");
        ui.spacing_mut().slider_width = (ui.available_width() * 0.35).clamp(120.0, 320.0);
        let slider = Slider::new(billions, LEAST_BILLIONS..=MOST_BILLIONS).logarithmic(true).max_decimals(1);
        ui.add(slider.suffix(" billion")).on_hover_text(turned("Numbers in the model"));
        for known in [8.0, 70.0, 405.0] {
            if ui.selectable_label(*billions == known, format!("{known}")).on_hover_text("Billion parameters").clicked()
            {
                *billions = known;
            }
        }
    });
}

fn gb(x: f64) -> String {
    if x < 99.95 { format!("{x:.1}") } else { format!("{x:.0}") }
}

fn sizes_ui(exhibit: &mut CostExhibit, ui: &mut Ui) {
    const NAME: f32 = 142.0;
    const FIGURES: f32 = 190.0;
    let dark = ui.visuals().dark_mode;
    let height = ((ui.available_height() - 46.0) / COMMON.len() as f32 - 1.0).clamp(14.0, 52.0);
    ui.spacing_mut().item_spacing.y = 1.0;
    let most = exhibit.size(COMMON[0].bits).gigabytes();
    headings_ui(ui, &[("Format", NAME)], &[("GB", 134.0), ("GiB", 78.0), ("fits in", 0.0)]);
    let mut chosen = None;
    for common in COMMON {
        let size = exhibit.size(common.bits);
        let is_chosen = exhibit.settings.format == common.format;
        let fits = size.fits_in().map_or("none".to_owned(), |memory| format!("{memory} GiB"));
        let name = format!("{}: {} GB, fits in {fits}", common.format, gb(size.gigabytes()));
        let row = row_ui(ui, height, is_chosen, &name);
        if row.clicked() {
            chosen = Some(common.format);
        }
        let rect = row.rect;
        text(ui, pos2(rect.left() + 4.0, rect.center().y), Align2::LEFT_CENTER, common.format, is_chosen);
        let track = Rect::from_min_max(
            pos2(rect.left() + NAME, rect.top() + 2.0),
            pos2(rect.right() - FIGURES, rect.bottom() - 2.0),
        );
        let width = track.width() * (size.gigabytes() / most) as f32;
        let color = theme::bits_color(dark, rounded_bits(common.bits));
        ui.painter().rect_filled(track.with_max_x(track.left() + width.max(1.0)), 2.0, color);
        let figures = [(134.0, gb(size.gigabytes())), (78.0, gb(size.gibibytes())), (4.0, fits)];
        for (from_right, figure) in figures {
            text(ui, pos2(rect.right() - from_right, rect.center().y), Align2::RIGHT_CENTER, &figure, is_chosen);
        }
    }
    if let Some(format) = chosen {
        exhibit.settings.format = format.to_owned();
    }
    ui.add_space(4.0);
    let at = COMMON.iter().find(|c| c.format == exhibit.settings.format).unwrap_or(&COMMON[1]);
    ui.label(format!(
        "{} billion × {} bits ÷ 8 = {} GB of 10⁹ bytes. Weights only.",
        exhibit.settings.billions.round(),
        plain(at.bits),
        gb(exhibit.size(at.bits).gigabytes())
    ));
}

/// Three places where there are so many.
fn plain(bits: f64) -> String {
    let text = format!("{bits:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The width whose colour it has.
fn rounded_bits(bits: f64) -> u8 {
    // What is above a width belongs to it: scales come on top of the codes.
    [8u8, 6, 5, 4, 3].into_iter().find(|width| f64::from(*width) <= bits).unwrap_or(2)
}

/// Left ones by where they end, right ones by how far from the right edge they end.
fn headings_ui(ui: &mut Ui, left: &[(&str, f32)], right: &[(&str, f32)]) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 17.0), Sense::hover());
    let mut x = rect.left() + 4.0;
    for (name, width) in left {
        text(ui, pos2(x, rect.center().y), Align2::LEFT_CENTER, name, false);
        x += width;
    }
    for (name, from_right) in right {
        let at = pos2(rect.right() - from_right.max(4.0), rect.center().y);
        text(ui, at, Align2::RIGHT_CENTER, name, false);
    }
}

/// 8 and 4 bits as a popular telling has them, and as they are.
fn mistake_ui(exhibit: &CostExhibit, ui: &mut Ui) {
    const LEFT: f32 = 128.0;
    const RIGHT: f32 = 64.0;
    let dark = ui.visuals().dark_mode;
    let (weak, error) = (ui.visuals().weak_text_color(), theme::error(dark));
    let (full, half) = (exhibit.size(32.0).gigabytes(), exhibit.size(16.0).gigabytes());
    let rows = [(32.0, "FP32"), (16.0, "FP16, BF16"), (8.0, "8 bits"), (4.0, "4 bits")];
    let height = ((ui.available_height() - 74.0) / rows.len() as f32).clamp(40.0, 170.0);
    for (bits, name) in rows {
        let size = exhibit.size(bits);
        let label = format!("{name}: {} GB", gb(size.gigabytes()));
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height - 5.0), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &label));
        let track = Rect::from_min_max(pos2(rect.left() + LEFT, rect.top()), pos2(rect.right() - RIGHT, rect.bottom()));
        let bar = |y: f32, tall: f32, gigabytes: f64| {
            Rect::from_min_size(
                pos2(track.left(), track.top() + y),
                vec2((track.width() * (gigabytes / full) as f32).max(1.0), tall),
            )
        };
        let has_claim = bits < 16.0;
        let tall = if has_claim { track.height() * 0.48 } else { track.height() * 0.7 };
        let truth = bar(0.0, tall, size.gigabytes());
        ui.painter().rect_filled(truth, 2.0, theme::bits_color(dark, rounded_bits(bits)));
        text(ui, pos2(rect.left(), truth.center().y), Align2::LEFT_CENTER, name, true);
        let figure = |at: Rect, words: &str, color: Color32| {
            ui.painter().text(
                at.right_center() + vec2(6.0, 0.0),
                Align2::LEFT_CENTER,
                words,
                theme::body_font(),
                color,
            );
        };
        figure(truth, &format!("{} GB", gb(size.gigabytes())), ui.visuals().strong_text_color());
        if has_claim {
            let claim = bar(tall + 2.0, track.height() * 0.36, size.mistaken_gigabytes());
            ui.painter().rect_stroke(claim, 2.0, Stroke::new(1.5, error), StrokeKind::Inside);
            text(ui, pos2(rect.left(), claim.center().y), Align2::LEFT_CENTER, "as it is told", false);
            figure(claim, &format!("{} GB: half of the truth", gb(size.mistaken_gigabytes())), error);
        }
    }
    let line = format!(
        "The mistake: 8 bits are a quarter of FP32 ({} GB), so the quarter is taken of FP16's {} GB. From 16 bits to 8 is a \
         half.",
        gb(full),
        gb(half)
    );
    ui.add(egui::Label::new(line).wrap());
    ui.label(RichText::new("FP32 and FP16 store every number in 32 and 16 bits.").small().color(weak));
}

/// A row a format, a column a memory: what stays free.
fn memories_ui(exhibit: &mut CostExhibit, ui: &mut Ui) {
    const NAME: f32 = 142.0;
    const HEADING: f32 = 36.0;
    let dark = ui.visuals().dark_mode;
    ui.spacing_mut().item_spacing.y = 1.0;
    let (heading, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADING), Sense::hover());
    let column = (heading.width() - NAME) / MEMORIES_GIB.len() as f32;
    for (k, (memory, machine)) in MEMORIES_GIB.iter().zip(MACHINES).enumerate() {
        let x = heading.left() + NAME + column * (k as f32 + 0.5);
        text(ui, pos2(x, heading.top() + 9.0), Align2::CENTER_CENTER, &format!("{memory} GiB"), true);
        text(ui, pos2(x, heading.top() + 26.0), Align2::CENTER_CENTER, machine, false);
    }
    let height = ((ui.available_height() - 28.0) / COMMON.len() as f32 - 1.0).clamp(14.0, 54.0);
    let mut chosen = None;
    for common in COMMON {
        let size = exhibit.size(common.bits);
        let is_chosen = exhibit.settings.format == common.format;
        let fits = size.fits_in().map_or("fits in none of these".to_owned(), |m| format!("fits from {m} GiB"));
        let row = row_ui(ui, height, is_chosen, &format!("{}: {} GB, {fits}", common.format, gb(size.gigabytes())));
        if row.clicked() {
            chosen = Some(common.format);
        }
        let rect = row.rect;
        text(ui, pos2(rect.left() + 4.0, rect.center().y), Align2::LEFT_CENTER, common.format, is_chosen);
        for (k, memory) in MEMORIES_GIB.into_iter().enumerate() {
            let left = rect.left() + NAME + column * k as f32;
            let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(column, rect.height())).shrink2(vec2(2.0, 1.0));
            if let Some(free) = size.free_gibibytes(memory) {
                let share = (size.gibibytes() / f64::from(memory)) as f32;
                let color = theme::accent(dark);
                ui.painter().rect_filled(cell, 2.0, color.gamma_multiply(0.14));
                ui.painter().rect_filled(
                    cell.with_max_x(cell.left() + cell.width() * share),
                    2.0,
                    color.gamma_multiply(0.3),
                );
                text(ui, cell.center(), Align2::CENTER_CENTER, &format!("{} free", gb(free)), true);
            } else {
                text(ui, cell.center(), Align2::CENTER_CENTER, figures::NONE, false);
            }
        }
    }
    if let Some(format) = chosen {
        exhibit.settings.format = format.to_owned();
    }
    ui.add_space(4.0);
    let line =
        format!("GiB free beside the weights, {MARGIN_GIB} at the least: the context's cache and the program need it.");
    ui.label(RichText::new(line).weak());
}

/// A bar a format, its parts in the receipt's colours, and the receipt of the chosen one.
fn receipts_ui(exhibit: &mut CostExhibit, ui: &mut Ui, inputs: &Inputs) {
    const NAME: f32 = 122.0;
    const FIGURES: f32 = 150.0;
    let name = inputs.model.as_ref().and_then(|d| d.model.tensors.get(inputs.tensor));
    let Some(info) = name else { return };
    ui.horizontal(|ui| {
        ui.label(RichText::new(&info.name).strong());
        ui.label(RichText::new(format!("{} weights", figures::count(info.values as u64))).weak());
    });
    ui.spacing_mut().item_spacing.y = 2.0;
    let formats = exhibit.settings.formats();
    let most = exhibit.receipts.iter().map(|r| r.rate.bits_per_sample()).fold(9.0, f64::max);
    let height = ((ui.available_height() - receipt::HEIGHT - 44.0) / formats.len() as f32 - 2.0).clamp(16.0, 66.0);
    headings_ui(ui, &[("Format", NAME)], &[("bits a weight", 70.0), ("error", 0.0)]);
    let mut chosen = None;
    for format in formats {
        let measured = exhibit.receipts.iter().find(|r| r.name == format);
        let is_chosen = exhibit.settings.format == format;
        let bits = measured.map_or("…".to_owned(), |r| format!("{:.3}", r.rate.bits_per_sample()));
        let error = measured.map_or(String::new(), |r| percent(r.error.relative_error()));
        let row = row_ui(ui, height, is_chosen, &format!("{format}: {bits} bits a weight, weight error {error}"));
        if row.clicked() {
            chosen = Some(format);
        }
        let rect = row.rect;
        text(ui, pos2(rect.left() + 4.0, rect.center().y), Align2::LEFT_CENTER, format, is_chosen);
        let track = Rect::from_min_max(rect.min + vec2(NAME, 2.0), rect.max - vec2(FIGURES, 2.0));
        if let Some(measured) = measured {
            parts_ui(ui, track, measured, most);
        }
        text(ui, pos2(rect.right() - 70.0, rect.center().y), Align2::RIGHT_CENTER, &bits, true);
        text(ui, pos2(rect.right() - 4.0, rect.center().y), Align2::RIGHT_CENTER, &error, is_chosen);
    }
    if let Some(format) = chosen {
        exhibit.settings.format = format.to_owned();
    }
    ui.add_space(4.0);
    if let Some(measured) = exhibit.receipts.iter().find(|r| r.name == exhibit.settings.format) {
        receipt::receipt_ui(ui, measured.name, &measured.rate);
    }
}

fn parts_ui(ui: &Ui, track: Rect, measured: &Receipt, most: f64) {
    let dark = ui.visuals().dark_mode;
    let samples = measured.rate.samples.max(1) as f64;
    let mut left = track.left();
    for (place, (_, bits)) in measured.rate.parts().into_iter().enumerate() {
        let width = track.width() * (bits as f64 / samples / most) as f32;
        let part = Rect::from_min_max(pos2(left, track.top()), pos2(left + width, track.bottom()));
        ui.painter().rect_filled(part, 0.0, theme::part_color(dark, place));
        left += width;
    }
}

fn percent(x: f64) -> String {
    format!("{} %", figures::significant(x * 100.0))
}
