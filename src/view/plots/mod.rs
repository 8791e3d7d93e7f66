//! The plots that more than one panel shows.

pub mod depth;
pub mod histogram;
pub mod layers;
pub mod quantiles;
pub mod rate_distortion;
pub mod rows;
pub mod tails;

use egui::Ui;
use egui_plot::{GridMark, Plot};

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

/// Round values between two others, three to eight of them: for plots too low for the usual ones.
pub fn few_marks((low, high): (f64, f64)) -> Vec<GridMark> {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return Vec::new();
    }
    let power = 10f64.powf((span / 3.0).log10().floor());
    let step_size = [5.0, 2.0, 1.0].map(|k| k * power).into_iter().find(|step| span / step >= 3.0).unwrap_or(power);
    let (first, last) = ((low / step_size).ceil() as i64, (high / step_size).floor() as i64);
    (first..=last).map(|k| GridMark { value: k as f64 * step_size, step_size }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_within_the_range_and_few() {
        for range in [(0.0, 1.0), (19.3, 31.2), (-4.0, 95.0), (21.7, 21.74), (3.0, 3000.0), (0.0, 6.0)] {
            let marks = few_marks(range);
            assert!((3..=7).contains(&marks.len()), "{range:?}: {}", marks.len());
            for mark in marks {
                let rounding = mark.step_size * 1e-6;
                assert!(mark.value >= range.0 - rounding && mark.value <= range.1 + rounding);
                let leading = mark.step_size / 10f64.powf((mark.step_size * 1.000001).log10().floor());
                assert!([1.0, 2.0, 5.0].iter().any(|k| (leading - k).abs() < 1e-9), "{leading}");
            }
        }
        assert!(few_marks((1.0, 1.0)).is_empty() && few_marks((0.0, f64::NAN)).is_empty());
    }
}
