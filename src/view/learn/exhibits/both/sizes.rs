//! What is saved: of 24 bits a pixel and of 16 bits a weight. The levels are alike, the ratios are not.

use egui::{Align, Align2, Layout, RichText, Sense, Ui, pos2, vec2};

use crate::figures;
use crate::run::report::{PhotoReport, TensorReport};
use crate::view::theme;

/// Bits of a pixel of a photo in full colour.
const PIXEL_BITS: f64 = 24.0;
/// Bits of a weight as models are published.
const WEIGHT_BITS: f64 = 16.0;
const STOPS: [u8; 3] = [8, 4, 2];

pub(super) fn sizes_ui(ui: &mut Ui, bits: u8, photo: Option<&PhotoReport>, tensor: Option<&TensorReport>) {
    let dark = ui.visuals().dark_mode;
    let height = ui.available_height() - 70.0;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height.max(120.0)), Sense::hover());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(
            egui::accesskit::Role::Image,
            true,
            "Bits before and after, of colours and of weights",
        )
    });
    let rows = 2.0 * (STOPS.len() as f32 + 1.0);
    let each = rect.height() / (rows + 1.0);
    let (name, figure) = (104.0, 64.0);
    let scale = (rect.width() - name - figure) / PIXEL_BITS as f32;
    let mut y = rect.top();
    for (what, full, color) in
        [("pixel", PIXEL_BITS, theme::photo_color(dark)), ("weight", WEIGHT_BITS, theme::weights_color(dark))]
    {
        for now in [None].into_iter().chain(STOPS.map(Some)) {
            let here = now.map_or(full, f64::from);
            let chosen = now.is_none_or(|now| now == bits);
            let middle = y + each / 2.0;
            let ink = if chosen { ui.visuals().strong_text_color() } else { ui.visuals().text_color() };
            let text = |x: f32, align: Align2, text: String| {
                ui.painter().text(pos2(x, middle), align, text, theme::body_font(), ink);
            };
            text(rect.left(), Align2::LEFT_CENTER, format!("{here:.0} bits a {what}"));
            let bar = egui::Rect::from_min_max(
                pos2(rect.left() + name, y + each * 0.14),
                pos2(rect.left() + name + here as f32 * scale, y + each * 0.86),
            );
            ui.painter().rect_filled(bar, 2.0, color.gamma_multiply(if chosen { 1.0 } else { 0.45 }));
            if now.is_some() {
                text(bar.right() + 8.0, Align2::LEFT_CENTER, format!("{:.0} × less", full / here));
            }
            y += each;
        }
        y += each;
    }
    ui.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.label(RichText::new("Everything counted, at this stop of the dial").strong());
        let less =
            |full: f64, now: f64| format!("{} bits, {} × less", figures::bits(now), figures::significant(full / now));
        if let Some(report) = photo {
            let text = format!("a pixel, palette included: {}", less(PIXEL_BITS, report.rate.bits_per_sample()));
            ui.label(RichText::new(text).color(theme::photo_color(dark)));
        }
        if let Some(report) = tensor {
            let text = format!("a weight, scales included: {}", less(WEIGHT_BITS, report.rate.bits_per_sample()));
            ui.label(RichText::new(text).color(theme::weights_color(dark)));
        }
    });
}
