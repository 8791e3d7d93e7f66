//! The error of each row of a tensor under several formats.

use egui::Ui;
use egui_plot::{HoverPosition, Legend, MarkerShape, PlotPoint, PlotPoints, Points, VLine};

use super::{decibel_axis, still_plot};
use crate::figures;
use crate::view::theme;

/// The errors of a tensor's rows under one format.
pub struct RowSeries<'a> {
    /// The format's title, for the legend.
    pub name: String,
    /// Bits of the format's codes, which decide the colour.
    pub bits: u8,
    /// (row, SQNR dB).
    pub points: &'a [PlotPoint],
}

/// `rows`: how many are shown, of how many; `hovered` is the row under the pointer elsewhere. Returns the one under
/// the pointer here.
pub fn rows_ui(
    ui: &mut Ui,
    series: &[RowSeries<'_>],
    rows: (usize, usize),
    hovered: Option<usize>,
    height: f32,
) -> Option<usize> {
    let dark = ui.visuals().dark_mode;
    let points = || series.iter().flat_map(|s| s.points);
    let (low, high) = points().fold((f64::INFINITY, 0.0f64), |(l, h), p| (l.min(p.y), h.max(p.y)));
    let margin = ((high - low) * 0.1).max(1.0);
    let radius = if rows.0 > 400 { 1.3 } else { 2.4 };
    let label = if rows.0 < rows.1 {
        format!("row, the first {} of {}", figures::count(rows.0 as u64), figures::count(rows.1 as u64))
    } else {
        "row".to_owned()
    };
    let last = rows.0.saturating_sub(1) as f64;
    decibel_axis(still_plot(ui, "error-per-row"), "SQNR, dB", height)
        .height(height)
        .x_axis_label(label)
        .x_axis_formatter(|mark, _| if mark.value.fract() == 0.0 { format!("{}", mark.value) } else { String::new() })
        .label_formatter(|at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } if !plot_name.is_empty() => {
                Some(format!("row {}\n{plot_name}: {}", position.x, figures::db(position.y)))
            }
            _ => None,
        })
        .legend(
            Legend::default().follow_insertion_order(true).position(egui_plot::Corner::RightTop).background_alpha(0.6),
        )
        .show(ui, |plot| {
            plot.set_plot_bounds_x(-1.0..=last * 1.09 + 1.0);
            if low.is_finite() {
                plot.set_plot_bounds_y(low - margin..=high + margin);
            }
            let pointer = plot.pointer_coordinate().filter(|_| plot.response().hovered());
            let here = pointer.map(|at| at.x.round()).filter(|x| (0.0..=last).contains(x)).map(|x| x as usize);
            if let Some(row) = here.or(hovered) {
                plot.vline(VLine::new("", row as f64).color(theme::accent(dark)).width(1.5));
            }
            for s in series {
                plot.points(
                    Points::new(&s.name, PlotPoints::Borrowed(s.points))
                        .color(theme::bits_color(dark, s.bits))
                        .shape(MarkerShape::Circle)
                        .radius(radius),
                );
            }
            here
        })
        .inner
}
