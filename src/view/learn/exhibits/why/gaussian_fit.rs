//! A tensor's histogram, and the Gaussian of the same mean and spread over it.

use egui::{Align2, RichText, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::super::super::exhibit::{Inputs, TURN_DOWN, TURN_UP};
use crate::figures;
use crate::lesson::exhibits::why::gaussian_fit::{GaussianFit, REACH};
use crate::view::theme;
use crate::view::widgets::plots::histogram::area_of;

/// Returns a step to another tensor: +1 up the list.
pub(super) fn gaussian_fit_ui(ui: &mut Ui, inputs: &Inputs, shown: Option<&GaussianFit>) -> Option<i32> {
    let mut step = None;
    let info = shown.zip(inputs.model.as_ref()).and_then(|(fit, d)| d.model.tensors.get(fit.tensor));
    ui.horizontal(|ui| {
        if ui.button(TURN_UP.to_string()).on_hover_text(TURN_UP.tip_for("The matrix before")).clicked() {
            step = Some(1);
        }
        if ui.button(TURN_DOWN.to_string()).on_hover_text(TURN_DOWN.tip_for("The next matrix")).clicked() {
            step = Some(-1);
        }
        if let Some(info) = info {
            ui.label(RichText::new(&info.name).strong());
            ui.weak(format!("{} weights", figures::count(info.values as u64)));
        }
    });
    let Some(fit) = shown else { return step };
    let size = vec2(ui.available_width(), ui.available_height() - 48.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, "Histogram of the weights with a bell")
    });
    ui.painter().rect_filled(rect, 2.0, ui.visuals().extreme_bg_color);
    let plot = egui::Rect::from_min_max(rect.min + vec2(6.0, 24.0), rect.max - vec2(6.0, 22.0));
    let most = fit.counts.iter().map(|&n| n as f64).chain(fit.gaussian.iter().copied()).fold(1.0, f64::max);
    let heights: Vec<f32> = fit.counts.iter().map(|&n| (n as f64 / most) as f32).collect();
    let dark = ui.visuals().dark_mode;
    area_of(ui.painter(), plot, &heights, theme::weights_color(dark).gamma_multiply(0.7));
    let step_x = plot.width() / fit.gaussian.len().max(1) as f32;
    let place = |(k, n): (usize, &f64)| {
        pos2(plot.left() + step_x * (k as f32 + 0.5), plot.bottom() - plot.height() * (n / most) as f32)
    };
    let line: Vec<_> = fit.gaussian.iter().enumerate().map(place).collect();
    ui.painter().add(Shape::line(line, Stroke::new(2.0, ui.visuals().strong_text_color())));
    let weak = ui.visuals().weak_text_color();
    let reach = REACH as i32;
    for sigma in -reach..=reach {
        let x = plot.left() + plot.width() * (f64::from(sigma + reach) / (2.0 * REACH)) as f32;
        let align = match sigma {
            s if s == -reach => Align2::LEFT_TOP,
            s if s == reach => Align2::RIGHT_TOP,
            _ => Align2::CENTER_TOP,
        };
        let name = if sigma == 0 { "mean".to_owned() } else { format!("{sigma:+} σ").replace('-', "−") };
        ui.painter().text(pos2(x, plot.bottom() + 3.0), align, name, theme::small_font(), weak);
    }
    let legend = |x: f32, align: Align2, text: &str, color| {
        ui.painter().text(pos2(x, rect.top() + 4.0), align, text, theme::body_font(), color);
    };
    legend(plot.left(), Align2::LEFT_TOP, "the weights", theme::weights_color(dark));
    legend(plot.right(), Align2::RIGHT_TOP, "a bell of the same mean and spread", ui.visuals().strong_text_color());
    let m = &fit.moments;
    ui.label(
        RichText::new(format!(
            "{:.1} % within one σ of the mean (bell: 68.3 %)     kurtosis {:.2} (bell: 3)",
            fit.within_one * 100.0,
            m.kurtosis()
        ))
        .strong(),
    );
    ui.label(format!(
        "mean {}     spread σ {}     smallest {}     largest {}",
        figures::significant(m.mean),
        figures::significant(m.std()),
        figures::significant(f64::from(m.min)),
        figures::significant(f64::from(m.max))
    ));
    step
}
