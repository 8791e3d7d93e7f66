//! The plots that more than one panel shows.

pub mod depth;
pub mod histogram;
pub mod layers;
pub mod quantiles;
pub mod rate_distortion;
pub mod rows;
pub mod tails;

use egui::{Ui, Visuals};
use egui_plot::{AxisHints, GridMark, Line, LineStyle, Plot, PlotPoints};

use crate::engine::theory::gaussian;

/// A plot that stays as it is drawn, with a grid that stands back behind what is plotted.
pub fn still_plot<'a>(ui: &Ui, name: &str) -> Plot<'a> {
    Plot::new(name.to_owned())
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .grid_color(ui.visuals().text_color().gamma_multiply(0.35))
}

/// Most bits that the lines of theory are drawn for.
const THEORY_BITS: u32 = 17;

/// What is possible on a Gaussian source, each line where `place` puts (bits, dB). All are grey, and a legend shows
/// colours only: their names say how each is drawn.
pub fn theory_lines(visuals: &Visuals, place: impl Fn(f64, f64) -> [f64; 2]) -> [Line<'static>; 3] {
    let line = |name: &str, rows: &[(f64, f64)], style: LineStyle| {
        let places: Vec<[f64; 2]> = rows.iter().map(|&(bits, db)| place(bits, db)).collect();
        Line::new(name, PlotPoints::from(places)).color(visuals.weak_text_color()).width(1.2).style(style)
    };
    let shannon: Vec<(f64, f64)> =
        (0..=THEORY_BITS).map(|b| (f64::from(b), gaussian::shannon_db(f64::from(b)))).collect();
    [
        line("Shannon, if Gaussian (solid)", &shannon, LineStyle::Solid),
        line("Lloyd–Max, if Gaussian (dashed)", &gaussian::LLOYD_MAX, LineStyle::dashed_dense()),
        line("best uniform, if Gaussian (dotted)", &gaussian::BEST_UNIFORM, LineStyle::dotted_dense()),
    ]
}

/// What the axis below a plot takes of its height.
pub const BELOW: f32 = 40.0;
/// Points between two numbers of an axis, at least.
pub const BETWEEN: f64 = 18.0;

/// A vertical axis of decibels that has numbers at any height of the plot.
pub fn decibel_axis<'a>(plot: Plot<'a>, label: &str, height: f32) -> Plot<'a> {
    let axis = AxisHints::new_y().label(label).label_spacing(BETWEEN as f32 / 3.0..=BETWEEN as f32 / 2.0);
    plot.custom_y_axes(vec![axis]).y_grid_spacer(move |input| marks_within(input.bounds, height))
}

/// Round values, as many as find room for their numbers in a plot of this height, two at least.
pub fn marks_within((low, high): (f64, f64), height: f32) -> Vec<GridMark> {
    let room = (f64::from(height - BELOW).max(0.0) / BETWEEN).clamp(2.0, 8.0);
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return Vec::new();
    }
    let power = 10f64.powf((span / room).log10().floor());
    let wide_enough = |step: &f64| span / step <= room;
    let step = [1.0, 2.0, 5.0, 10.0].map(|k| k * power).into_iter().find(wide_enough).unwrap_or(10.0 * power);
    let marks = marks_of((low, high), step);
    if marks.len() < 2 { few_marks((low, high)) } else { marks }
}

fn marks_of((low, high): (f64, f64), step_size: f64) -> Vec<GridMark> {
    let (first, last) = ((low / step_size).ceil() as i64, (high / step_size).floor() as i64);
    (first..=last).map(|k| GridMark { value: k as f64 * step_size, step_size }).collect()
}

/// Round values between two others, three to eight of them: for plots too low for the usual ones.
pub fn few_marks((low, high): (f64, f64)) -> Vec<GridMark> {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return Vec::new();
    }
    let power = 10f64.powf((span / 3.0).log10().floor());
    let step_size = [5.0, 2.0, 1.0].map(|k| k * power).into_iter().find(|step| span / step >= 3.0).unwrap_or(power);
    marks_of((low, high), step_size)
}
