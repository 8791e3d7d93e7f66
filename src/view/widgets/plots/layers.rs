//! The error of every tensor under each format, layer after layer.

use egui::Ui;
use egui_plot::{HoverPosition, Legend, MarkerShape, PlotPoint, PlotPoints, Points, VLine};

use super::{decibel_axis, still_plot};
use crate::engine::format::Format;
use crate::figures;
use crate::view::theme;

/// The points of (place in the list, SQNR dB) under one format.
pub struct LayerSeries<'a> {
    /// The format whose bits decide the colour of the points.
    pub format: Format,
    /// What it is called.
    pub name: String,
    /// Points of matrices: drawn filled.
    pub matrices: &'a [PlotPoint],
    /// Norms, biases and the like: drawn as rings.
    pub apart: &'a [PlotPoint],
}

/// What the plot of all tensors draws.
pub struct Layers<'a> {
    /// One a format of the table.
    pub series: &'a [LayerSeries<'a>],
    /// How many places the list has.
    pub tensors: usize,
    /// The place of the chosen tensor in the list.
    pub selected: usize,
    /// The name of the tensor at a place.
    pub name_of: &'a dyn Fn(usize) -> String,
}

/// When colours come round again, they come in another shape.
const SHAPES: [MarkerShape; 4] = [MarkerShape::Circle, MarkerShape::Square, MarkerShape::Diamond, MarkerShape::Up];

/// The width whose colour each format takes: its own, or where that is taken the next that is free.
fn colors_of(series: &[LayerSeries<'_>]) -> Vec<u8> {
    let mut free: Vec<u8> = Vec::new();
    let mut taken = |own: u8| {
        if free.is_empty() {
            free = vec![8, 4, 2, 5, 3, 1, 6];
        }
        let at = free.iter().position(|&bits| bits == own).unwrap_or(0);
        free.remove(at)
    };
    series.iter().map(|s| taken(s.format.bits)).collect()
}

/// Returns the place that was clicked.
pub fn layers_ui(ui: &mut Ui, layers: &Layers<'_>, height: f32) -> Option<usize> {
    let dark = ui.visuals().dark_mode;
    let accent = theme::accent(dark);
    let name_of = layers.name_of;
    let last = layers.tensors.saturating_sub(1) as f64;
    let radius = if layers.tensors > 400 { 1.5 } else { 2.6 };
    let top = layers.series.iter().flat_map(|s| s.matrices.iter().chain(s.apart)).map(|p| p.y).fold(30.0, f64::max);
    let response = decibel_axis(still_plot(ui, "error-per-layer"), "SQNR, dB", height)
        .x_axis_label("tensor, layer after layer; rings: norms, biases and other vectors")
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
            for (i, (series, bits)) in layers.series.iter().zip(colors_of(layers.series)).enumerate() {
                let color = theme::bits_color(dark, bits);
                let matrices = Points::new(&series.name, PlotPoints::Borrowed(series.matrices)).color(color);
                let apart = Points::new(&series.name, PlotPoints::Borrowed(series.apart)).color(color);
                plot.points(matrices.shape(SHAPES[i / crate::run::DIAL.len() % SHAPES.len()]).radius(radius));
                plot.points(apart.shape(MarkerShape::Circle).filled(false).radius(radius * 0.8));
            }
            plot.pointer_coordinate()
        });
    let at = response.inner.filter(|_| response.response.clicked())?;
    let tensor = at.x.round().max(0.0) as usize;
    (tensor < layers.tensors).then_some(tensor)
}
