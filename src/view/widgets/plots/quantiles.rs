//! A Q–Q plot: the weights' quantiles over a Gaussian's, and what they decode to as steps beside them.

use egui::{Color32, Ui};
use egui_plot::{HLine, HoverPosition, Legend, Line, LineStyle, PlotPoints, Points};

use super::still_plot;
use crate::figures;
use crate::run::spread::Quantile;
use crate::view::theme;

/// `mark` is the weight under the pointer elsewhere, in standard deviations.
pub fn quantiles_ui(ui: &mut Ui, quantiles: &[Quantile], format: &str, color: Color32, mark: Option<f64>, height: f32) {
    let Some(most) = quantiles.iter().map(|q| q.gaussian).reduce(f64::max) else {
        ui.weak("All weights of this tensor are the same.");
        return;
    };
    let dark = ui.visuals().dark_mode;
    let weak = ui.visuals().weak_text_color();
    let far = quantiles.iter().map(|q| q.original.abs()).fold(most, f64::max) * 1.08;
    let of = |pick: &dyn Fn(&Quantile) -> f64| -> Vec<[f64; 2]> {
        quantiles.iter().map(|q| [q.gaussian, pick(q)]).collect()
    };
    still_plot(ui, "quantiles")
        .height(height)
        .x_axis_label("a Gaussian's quantile, σ")
        .y_axis_label("weights, σ")
        .y_grid_spacer(egui_plot::uniform_grid_spacer(move |_| if far < 12.0 { [5.0; 3] } else { [20.0; 3] }))
        .label_formatter(|at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } if !plot_name.is_empty() => Some(format!(
                "{plot_name}\nGaussian {} σ, here {} σ",
                figures::significant(position.x),
                figures::significant(position.y)
            )),
            _ => None,
        })
        .legend(
            Legend::default().follow_insertion_order(true).position(egui_plot::Corner::LeftTop).background_alpha(0.6),
        )
        .show(ui, |plot| {
            plot.set_plot_bounds_x(-most * 1.05..=most * 1.05);
            plot.set_plot_bounds_y(-far..=far);
            let diagonal = PlotPoints::from(vec![[-most, -most], [most, most]]);
            plot.line(Line::new("Gaussian", diagonal).color(weak).width(1.2).style(LineStyle::dashed_dense()));
            plot.line(Line::new(format, PlotPoints::from(of(&|q| q.decoded))).color(color).width(1.4));
            let original = Points::new("original", PlotPoints::from(of(&|q| q.original)));
            plot.points(original.color(ui_color(dark)).radius(1.8));
            if let Some(y) = mark.filter(|y| y.is_finite()) {
                plot.hline(HLine::new("", y).color(theme::accent(dark)).width(1.5));
            }
        });
}

fn ui_color(dark: bool) -> Color32 {
    theme::on_cloud(dark)
}
