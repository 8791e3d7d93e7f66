//! Error against bits: what each further bit buys, for the photo and for the tensor, beside what is
//! possible on a Gaussian source.

use egui::{Rangef, Ui};
use egui_plot::{AxisHints, GridMark, HoverPosition, Legend, Line, MarkerShape, PlotPoints, Points};

use super::{decibel_axis, still_plot, theory_lines};
use crate::figures;
use crate::run::report::RatePoint;
use crate::view::theme;

/// What the plot of error against bits draws.
pub struct Series<'a> {
    /// The photo's curve, one point a position of the dial; empty until it is measured.
    pub photo: &'a [RatePoint],
    /// The chosen tensor's curve, one point a position of the dial; empty until it is measured.
    pub tensor: &'a [RatePoint],
    /// (bits per weight, SQNR dB) of all layers at the table's widths.
    pub layers: &'a [[f64; 2]],
    /// The dial's position, drawn large.
    pub dial: u8,
}

const MOST_BITS: f64 = 10.0;
const MOST_DB: f64 = 55.0;

/// Draws the plot, `height` points of the screen high.
pub fn rate_distortion_ui(ui: &mut Ui, series: &Series<'_>, height: f32) {
    let dark = ui.visuals().dark_mode;
    let (photo_color, tensor_color) = (theme::photo_color(dark), theme::weights_color(dark));
    let top = all_points(series).map(|p| p[1]).fold(MOST_DB, f64::max);
    decibel_axis(still_plot(ui, "rate-distortion"), "SQNR, dB", height)
        .height(height)
        .custom_x_axes(vec![bits_axis()])
        .label_formatter(|at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } if !plot_name.is_empty() => {
                Some(format!("{plot_name}\n{} bits, {}", figures::bits(position.x), figures::db(position.y)))
            }
            _ => None,
        })
        .legend(
            Legend::default()
                .follow_insertion_order(true)
                .position(egui_plot::Corner::RightBottom)
                .background_alpha(0.6),
        )
        .show(ui, |plot| {
            plot.set_plot_bounds_x(0.0..=MOST_BITS);
            plot.set_plot_bounds_y(0.0..=top * 1.04);
            let style = plot.ctx().global_style();
            for line in theory_lines(&style.visuals, |bits, db| [bits, db]) {
                plot.line(line);
            }
            let layers = Points::new("all layers", PlotPoints::from(series.layers.to_vec()));
            plot.points(layers.radius(1.8).color(tensor_color.gamma_multiply(0.55)));
            for (name, points, color, shape) in [
                ("photo", series.photo, photo_color, MarkerShape::Circle),
                ("this tensor", series.tensor, tensor_color, MarkerShape::Square),
            ] {
                let places = finite(points);
                plot.line(Line::new(name, PlotPoints::from(places.clone())).color(color).width(1.6));
                plot.points(Points::new(name, PlotPoints::from(places)).shape(shape).radius(4.0).color(color));
                let here: Vec<RatePoint> = points.iter().copied().filter(|p| p.bits == series.dial).collect();
                plot.points(Points::new(name, PlotPoints::from(finite(&here))).shape(shape).radius(8.0).color(color));
            }
        });
}

/// A label of a digit or two needs little room: in a room's few points there is one for every bit.
fn bits_axis() -> AxisHints<'static> {
    let whole = |mark: GridMark, _: &_| match mark.value.fract().abs() < 1e-6 {
        true => format!("{:.0}", mark.value),
        false => String::new(),
    };
    let axis = AxisHints::new_x().label("bits per pixel or weight, everything counted");
    axis.label_spacing(Rangef::new(14.0, 24.0)).formatter(whole)
}

/// An exact result lies nowhere on the plot.
fn finite(points: &[RatePoint]) -> Vec<[f64; 2]> {
    points.iter().filter(|p| p.sqnr_db.is_finite()).map(|p| [p.bits_per_sample, p.sqnr_db]).collect()
}

fn all_points<'a>(series: &'a Series<'_>) -> impl Iterator<Item = [f64; 2]> + 'a {
    finite(series.photo).into_iter().chain(finite(series.tensor))
}
