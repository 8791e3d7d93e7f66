//! The error against depth, kind by kind: which layers, and what in them, a format hurts most.

use egui::Ui;
use egui_plot::{AxisHints, HoverPosition, Legend, Line, MarkerShape, PlotPoint, PlotPoints, Points};

use super::{decibel_axis, still_plot};
use crate::figures;
use crate::source::role::Group;
use crate::view::theme;

/// A kind's points of (layer, SQNR dB of all its tensors in the layer).
pub type Depths = Vec<(Group, Vec<PlotPoint>)>;

const SHAPES: [MarkerShape; 6] = [
    MarkerShape::Circle,
    MarkerShape::Square,
    MarkerShape::Diamond,
    MarkerShape::Up,
    MarkerShape::Down,
    MarkerShape::Cross,
];

/// `format` is what the errors are of.
pub fn depth_ui(ui: &mut Ui, depths: &[(Group, Vec<PlotPoint>)], format: &str, height: f32) {
    if depths.iter().all(|(_, points)| points.is_empty()) {
        ui.weak(format!("No tensor of a numbered layer is measured under {format}: is it a column of the table?"));
        return;
    }
    let dark = ui.visuals().dark_mode;
    let points = || depths.iter().flat_map(|(_, points)| points);
    let last = points().map(|p| p.x).fold(1.0, f64::max);
    let (low, high) = points().fold((f64::INFINITY, 0.0f64), |(l, h), p| (l.min(p.y), h.max(p.y)));
    let margin = ((high - low) * 0.15).max(1.0);
    decibel_axis(still_plot(ui, "error-by-depth"), "SQNR, dB", height)
        .height(height)
        .custom_x_axes(vec![
            AxisHints::new_x()
                .label(format!("layer; errors under {format}"))
                .formatter(|mark, _| if mark.value.fract() == 0.0 { format!("{}", mark.value) } else { String::new() }),
        ])
        .label_formatter(|at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } if !plot_name.is_empty() => {
                Some(format!("{plot_name}, layer {}: {}", position.x, figures::db(position.y)))
            }
            _ => None,
        })
        .legend(
            Legend::default().follow_insertion_order(true).position(egui_plot::Corner::RightTop).background_alpha(0.6),
        )
        .show(ui, |plot| {
            plot.set_plot_bounds_x(-0.5..=last * 1.09 + 0.5);
            plot.set_plot_bounds_y(low - margin..=high + margin);
            for (i, (group, points)) in depths.iter().enumerate().filter(|(_, (_, points))| !points.is_empty()) {
                let color = theme::part_color(dark, i);
                plot.line(Line::new(group.label(), PlotPoints::Borrowed(points)).color(color).width(1.2));
                let marks = Points::new(group.label(), PlotPoints::Borrowed(points));
                plot.points(marks.color(color).shape(SHAPES[i % SHAPES.len()]).radius(3.0));
            }
        });
}
