//! The plots that more than one panel shows.

pub mod depth;
pub mod histogram;
pub mod layers;
pub mod quantiles;
pub mod rate_distortion;
pub mod rows;
pub mod tails;

use egui::Ui;
use egui_plot::Plot;

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
