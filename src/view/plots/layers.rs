//! The error of every layer at each width, in the order of the file.

use egui::Ui;
use egui_plot::{GridMark, HoverPosition, Legend, MarkerShape, PlotPoint, PlotPoints, Points, VLine};

use super::still_plot;
use crate::engine::format::Format;
use crate::view::{figures, theme};

pub struct Layers<'a> {
    /// (format, what it is called, points of (tensor, SQNR dB)), one a format of the table.
    pub series: &'a [(Format, String, &'a [PlotPoint])],
    pub tensors: usize,
    pub selected: usize,
    pub name_of: &'a dyn Fn(usize) -> String,
}

/// When colours come round again, they come in another shape.
const SHAPES: [MarkerShape; 4] = [MarkerShape::Circle, MarkerShape::Square, MarkerShape::Diamond, MarkerShape::Up];

/// The width whose colour each format takes: its own, or where that is taken the next that is free.
fn colors_of(series: &[(Format, String, &[PlotPoint])]) -> Vec<u8> {
    let mut free: Vec<u8> = Vec::new();
    let mut taken = |own: u8| {
        if free.is_empty() {
            free = vec![8, 4, 2, 5, 3, 1, 6];
        }
        let at = free.iter().position(|&bits| bits == own).unwrap_or(0);
        free.remove(at)
    };
    series.iter().map(|(format, ..)| taken(format.bits)).collect()
}

/// Returns the tensor that was clicked.
pub fn layers_ui(ui: &mut Ui, layers: &Layers<'_>, height: f32) -> Option<usize> {
    let dark = ui.visuals().dark_mode;
    let accent = theme::accent(dark);
    let name_of = layers.name_of;
    let last = layers.tensors.saturating_sub(1) as f64;
    let radius = if layers.tensors > 400 { 1.5 } else { 2.6 };
    let top = layers.series.iter().flat_map(|s| s.2).map(|p| p.y).fold(30.0, f64::max);
    let response = still_plot(ui, "error-per-layer")
        .height(height)
        .y_axis_label("SQNR, dB")
        .x_axis_label("tensor, in the order of the file")
        .y_grid_spacer(|input| {
            // No mark beyond the plot: its label would stand outside.
            let marks = (0..=10).map(|k| GridMark { value: f64::from(k) * 20.0, step_size: 20.0 });
            marks.filter(|mark| mark.value <= input.bounds.1).collect()
        })
        .x_axis_formatter(|mark, _| if mark.value.fract() == 0.0 { format!("{}", mark.value) } else { String::new() })
        .label_formatter(move |at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } if !plot_name.is_empty() => {
                let tensor = position.x.round().max(0.0) as usize;
                Some(format!("{}\n{plot_name}: {}", name_of(tensor), figures::db(position.y)))
            }
            _ => None,
        })
        .legend(
            Legend::default().follow_insertion_order(true).position(egui_plot::Corner::RightTop).background_alpha(0.6),
        )
        .show(ui, |plot| {
            // Room for the legend on the right and for the uppermost label.
            plot.set_plot_bounds_x(-1.0..=last * 1.09 + 1.0);
            plot.set_plot_bounds_y(0.0..=(top / 20.0).ceil() * 22.5);
            plot.vline(VLine::new("", layers.selected as f64).color(accent.gamma_multiply(0.7)).width(1.5));
            for (i, ((_, name, points), bits)) in layers.series.iter().zip(colors_of(layers.series)).enumerate() {
                plot.points(
                    Points::new(name, PlotPoints::Borrowed(points))
                        .color(theme::bits_color(dark, bits))
                        .shape(SHAPES[i / crate::run::DIAL.len() % SHAPES.len()])
                        .radius(radius),
                );
            }
            plot.pointer_coordinate()
        });
    let at = response.inner.filter(|_| response.response.clicked())?;
    let tensor = at.x.round().max(0.0) as usize;
    (tensor < layers.tensors).then_some(tensor)
}
