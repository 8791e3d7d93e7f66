//! The palette of colours above, the palette of numbers below: every code has its place, and one that no weight can
//! take is an empty frame.

use egui::{Align2, RichText, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::engine::format::LevelRule;
use crate::figures;
use crate::run::report::{PhotoReport, TensorReport};
use crate::view::theme;
use crate::view::widgets::codebook;

pub(super) fn levels_ui(ui: &mut Ui, photo: Option<&PhotoReport>, tensor: Option<&TensorReport>) {
    let half = (ui.available_height() - 2.0 * 28.0 - 24.0) / 2.0;
    let dark = ui.visuals().dark_mode;
    if let Some(report) = photo {
        let text = format!("{} colours: every code names an entry of the palette", report.palette.len());
        ui.label(RichText::new(text).strong().color(theme::photo_color(dark)));
        codebook::palette_ui(ui, &report.palette, half.max(40.0), None);
    } else {
        ui.add_space(half.max(40.0) + 24.0);
    }
    ui.add_space(10.0);
    let Some(report) = tensor else { return };
    let format = report.spec.format;
    let bits = format.bits;
    let (codes, used) = (1usize << bits, report.levels.points.len());
    let spare = match codes.saturating_sub(used) {
        0 => String::new(),
        1 => ", one code stays unused".to_owned(),
        n => format!(", {n} codes stay unused"),
    };
    let unit = if bits == 1 { "bit" } else { "bits" };
    let text = format!("{bits} {unit} a weight: {codes} codes, {used} levels{spare}");
    ui.label(RichText::new(text).strong().color(theme::weights_color(dark)));
    codes_ui(ui, report, half.max(40.0));
}

/// The code each level has, as an integer; at one bit the two levels are −1 and 1.
fn first_code(report: &TensorReport) -> i32 {
    let bits = report.spec.format.bits;
    match report.spec.format.rule {
        LevelRule::Symmetric if bits > 1 => -(1 << (bits - 1)),
        _ => 0,
    }
}

fn codes_ui(ui: &mut Ui, report: &TensorReport, height: f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let name = format!("{} levels of {} codes", report.levels.points.len(), 1u32 << report.spec.format.bits);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &name));
    let (bits, first) = (report.spec.format.bits, first_code(report));
    let codes = 1usize << bits;
    let step = rect.width() / codes as f32;
    let spare = codes.saturating_sub(report.levels.points.len());
    let total: u64 = report.levels.counts.iter().sum();
    let most = report.levels.counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    let labelled = codes <= 16;
    let line = rect.bottom() - if labelled { 38.0 } else { 6.0 };
    let (weak, color) = (ui.visuals().weak_text_color(), theme::bits_color(ui.visuals().dark_mode, bits));
    ui.painter().line_segment([pos2(rect.left(), line), pos2(rect.right(), line)], Stroke::new(1.0, weak));
    let text = |x: f32, y: f32, text: String, size: f32, color| {
        ui.painter().text(pos2(x, y), Align2::CENTER_TOP, text, egui::FontId::proportional(size), color);
    };
    for place in 0..codes {
        let middle = rect.left() + step * (place as f32 + 0.5);
        let wide = (step * 0.62).clamp(1.0, 90.0);
        let of = |tall: f32| {
            egui::Rect::from_min_max(pos2(middle - wide / 2.0, line - tall), pos2(middle + wide / 2.0, line))
        };
        // The codes that are left over are the lowest: −2 at two bits.
        let level = place.checked_sub(spare);
        match level.and_then(|k| report.levels.counts.get(k)) {
            Some(&count) => {
                let tall = 3.0 + (line - rect.top() - 6.0) * (count as f32 / most).sqrt();
                ui.painter().rect_filled(of(tall), 1.0, color);
            }
            None => {
                let frame = Stroke::new(1.0, weak);
                ui.painter().rect_stroke(of((line - rect.top()) * 0.35), 1.0, frame, StrokeKind::Inside);
            }
        }
        if labelled {
            let value = if bits == 1 && first == 0 { 2 * place as i32 - 1 } else { first + place as i32 };
            let affine = report.spec.format.rule == LevelRule::Affine;
            let value = if affine { place as i32 } else { value };
            text(middle, line + 3.0, format!("{value}").replace('-', "−"), theme::BODY, ui.visuals().text_color());
            let share = match level.and_then(|k| report.levels.counts.get(k)) {
                Some(&count) if codes <= 8 => figures::percent(count, total),
                Some(_) => String::new(),
                None if codes <= 8 => "unused".to_owned(),
                None => "–".to_owned(),
            };
            text(middle, line + 20.0, share, theme::SMALL, weak);
        }
    }
}
