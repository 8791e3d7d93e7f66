//! Signal, noise and masked threshold of each of the ear's bands.

use egui::{Ui, Vec2b};
use egui_plot::{AxisHints, GridMark, HoverPosition, Legend, Line, MarkerShape, Points};

use crate::signal::sound::bands::bark_of_hertz;
use crate::signal::sound::coder::BandLevels;
use crate::view::theme;
use crate::view::widgets::plots;

/// Frequencies that are marked.
const MARKED: [(f64, &str); 6] =
    [(100.0, "100"), (500.0, "500"), (1000.0, "1k"), (3000.0, "3k"), (6000.0, "6k"), (12_000.0, "12k Hz")];

/// More than the plot is high or wide.
const STRONG: f64 = 1000.0;

pub(super) fn spectrum_ui(ui: &mut Ui, levels: &[BandLevels]) {
    let dark = ui.visuals().dark_mode;
    let points = |of: fn(&BandLevels) -> f64| levels.iter().map(|l| [l.bark, of(l)]).collect::<Vec<_>>();
    let audible: Vec<[f64; 2]> =
        levels.iter().filter(|l| l.noise_db > l.masked_db).map(|l| [l.bark, l.noise_db]).collect();
    let named = |bark: f64| {
        let near = |(hertz, _): &&(f64, &str)| (bark_of_hertz(*hertz) - bark).abs() < 0.01;
        MARKED.iter().find(near).map(|(_, name)| (*name).to_owned()).unwrap_or_default()
    };
    plots::still_plot(ui, "sound-spectrum")
        .auto_bounds(Vec2b::FALSE)
        // Marks of few steps fade with the plot's height; these are all of one strength.
        .x_grid_spacer(|_| {
            MARKED.iter().map(|(hertz, _)| GridMark { value: bark_of_hertz(*hertz), step_size: STRONG }).collect()
        })
        .y_grid_spacer(|_| (0..=6).map(|k| GridMark { value: f64::from(k) * -20.0, step_size: STRONG }).collect())
        .show_grid(Vec2b::FALSE)
        .custom_x_axes(vec![AxisHints::new_x().formatter(move |mark, _| named(mark.value))])
        .custom_y_axes(vec![AxisHints::new_y().label("dB under full scale")])
        .label_formatter(|at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } if !plot_name.is_empty() => {
                Some(format!("{plot_name}: {:.0} dB", position.y))
            }
            _ => None,
        })
        .legend(
            Legend::default()
                .follow_insertion_order(true)
                .position(egui_plot::Corner::LeftBottom)
                .background_alpha(0.6),
        )
        .show(ui, |plot| {
            plot.set_plot_bounds_x(0.0..=25.0);
            plot.set_plot_bounds_y(-140.0..=0.0);
            let plain = theme::part_color(dark, 3);
            plot.line(Line::new("signal", points(|l| l.signal_db)).color(plain).width(2.0));
            let masked = Line::new("the ear lets pass", points(|l| l.masked_db)).color(theme::accent(dark));
            plot.line(masked.width(2.0).style(egui_plot::LineStyle::dashed_loose()));
            plot.line(Line::new("noise", points(|l| l.noise_db)).color(theme::error(dark)).width(2.0));
            let audible = Points::new("heard", audible).color(theme::error(dark));
            plot.points(audible.shape(MarkerShape::Circle).radius(3.5));
        });
}
