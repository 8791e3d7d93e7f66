//! The receipt of a format's bits: what each part of them is for, as a stacked bar with its figures.

use egui::{Color32, Rect, RichText, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::engine::rate::Rate;
use crate::figures;
use crate::view::theme;

const BAR: f32 = 14.0;
const THIN_BAR: f32 = 5.0;
/// What the whole receipt takes.
pub(crate) const HEIGHT: f32 = 92.0;

/// Bar and legend under a title.
pub(crate) fn receipt_ui(ui: &mut Ui, title: &str, rate: &Rate) {
    let bytes = rate.total_bits().div_ceil(8);
    ui.horizontal(|ui| {
        ui.label(RichText::new(format!("Receipt of {title}")).strong());
        let total = format!("{} bits per weight, {} bytes", exact(rate.bits_per_sample()), figures::count(bytes));
        ui.label(RichText::new(total).small());
    });
    bar_ui(ui, rate, BAR);
    egui::Grid::new("receipt").num_columns(3).spacing([18.0, 2.0]).show(ui, |ui| {
        for (i, (name, bits)) in parts(rate).enumerate() {
            part_ui(ui, rate, name, bits);
            if i % 3 == 2 {
                ui.end_row();
            }
        }
    });
}

/// The bar alone, thin, with the figures in its tooltip.
pub(crate) fn thin_receipt_ui(ui: &mut Ui, rate: &Rate) {
    let response = bar_ui(ui, rate, THIN_BAR);
    response.on_hover_ui(|ui| {
        ui.strong(format!("{} bits per weight", exact(rate.bits_per_sample())));
        for (name, bits) in parts(rate) {
            ui.horizontal(|ui| part_ui(ui, rate, name, bits));
        }
    });
}

/// The parts that take any bits.
fn parts(rate: &Rate) -> impl Iterator<Item = (&'static str, u64)> {
    rate.parts().into_iter().filter(|(_, bits)| *bits > 0)
}

fn bar_ui(ui: &mut Ui, rate: &Rate, height: f32) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let shares: Vec<String> =
        parts(rate).map(|(name, bits)| format!("{name} {}", exact(a_weight(rate, bits)))).collect();
    let name = format!("Receipt: {}", shares.join(", "));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &name));
    let total = rate.total_bits().max(1) as f32;
    let dark = ui.visuals().dark_mode;
    let mut left = rect.left();
    for (name, bits) in parts(rate) {
        let width = rect.width() * bits as f32 / total;
        let part = Rect::from_min_max(pos2(left, rect.top()), pos2(left + width, rect.bottom()));
        ui.painter().rect_filled(part, 0.0, color(dark, name));
        left += width;
    }
    let line = ui.visuals().widgets.noninteractive.bg_stroke.color;
    ui.painter().rect_stroke(rect, 1.0, Stroke::new(1.0, line), StrokeKind::Inside);
    response
}

fn part_ui(ui: &mut Ui, rate: &Rate, name: &str, bits: u64) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        let (square, _) = ui.allocate_exact_size(vec2(9.0, 9.0), Sense::hover());
        ui.painter().rect_filled(square, 2.0, color(ui.visuals().dark_mode, name));
        let bytes = figures::count(bits.div_ceil(8));
        ui.label(RichText::new(format!("{name} {}", exact(a_weight(rate, bits)))).small());
        ui.label(RichText::new(format!("{bytes} B")).small().weak());
    });
}

fn a_weight(rate: &Rate, bits: u64) -> f64 {
    bits as f64 / rate.samples.max(1) as f64
}

/// Parts are small: three places.
fn exact(bits: f64) -> String {
    format!("{bits:.3}")
}

fn color(dark: bool, part: &str) -> Color32 {
    let place = Rate::default().parts().iter().position(|(name, _)| *name == part).unwrap_or(0);
    theme::part_color(dark, place)
}
