//! A histogram that can be looked into: all of it, either tail, or any part by wheel and drag, with the
//! levels on it; counted anew from the sorted weights, so that no zoom is too far.

use egui::{Align2, Color32, RichText, Sense, Stroke, Ui, pos2, vec2};

use super::histogram::area_of;
use crate::figures;
use crate::run::bin_members::Range;
use crate::run::spread::Spread;
use crate::spec::TensorSpec;
use crate::view::theme;
use crate::view::widgets::bounds::between;
use crate::view::widgets::codebook::axis_label;

/// Which part is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Part {
    /// All weights.
    #[default]
    Whole,
    /// The lowest weights, [`crate::run::spread::TAIL`] of all.
    LeftTail,
    /// The highest weights, [`crate::run::spread::TAIL`] of all.
    RightTail,
    /// The weights between the first and the second value, on the levels' axis.
    Free(f32, f32),
}

/// What is on show of a tensor's histogram.
#[derive(Default)]
pub struct TailView {
    /// The part that is looked at.
    pub part: Part,
    /// A free part is of this.
    of: Option<TensorSpec>,
}

/// Points of screen a bin.
const BIN: f32 = 2.0;
const LABELS: f32 = 15.0;

impl TailView {
    fn range(&mut self, spread: &Spread) -> (f32, f32) {
        if self.of != Some(spread.spec) {
            self.of = Some(spread.spec);
            if let Part::Free(..) = self.part {
                self.part = Part::Whole;
            }
        }
        match self.part {
            Part::Whole => spread.whole(),
            Part::LeftTail => spread.tail(false),
            Part::RightTail => spread.tail(true),
            Part::Free(low, high) => (low, high),
        }
    }

    /// From the part `(low, high)` that is on show, zooms by `factor` about a share of its width and pans by the share
    /// `pan` of it; never beyond the `whole`, never nearer than a float tells.
    pub fn move_by(&mut self, (low, high): (f32, f32), about: f32, factor: f32, pan: f32, whole: (f32, f32)) {
        let (span, most) = (high - low, whole.1 - whole.0);
        let least = (whole.0.abs().max(whole.1.abs()) * 1e-5).max(f32::MIN_POSITIVE);
        let new_span = between(span / factor, least.min(most), most);
        let fixed = low + span * about;
        let start = between(fixed - new_span * about - pan * span, whole.0, whole.1 - new_span);
        self.part = if new_span >= most { Part::Whole } else { Part::Free(start, start + new_span) };
    }
}

/// `mark` is the weight under the pointer elsewhere, on the levels' axis. Returns the bin under the pointer here.
pub fn tails_ui(
    ui: &mut Ui,
    spread: &Spread,
    view: &mut TailView,
    (log, color): (bool, Color32),
    mark: Option<f32>,
    share: &str,
) -> Option<Range> {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().button_padding.y = 0.0;
        ui.spacing_mut().interact_size.y = 18.0;
        for (part, label) in [(Part::Whole, "All"), (Part::LeftTail, "Left tail"), (Part::RightTail, "Right tail")] {
            if ui.selectable_label(view.part == part, RichText::new(label).small()).clicked() {
                view.part = part;
            }
        }
        ui.add_space(8.0);
        let text = format!("{share}.  Wheel zooms, drag pans, double click shows all.");
        ui.add(egui::Label::new(RichText::new(text).small().weak()).truncate());
    });
    let size = vec2(ui.available_width(), ui.available_height().max(40.0));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, "Histogram of the weights"));
    ui.painter().rect_filled(rect, 2.0, ui.visuals().extreme_bg_color);
    let plot = rect.shrink2(vec2(4.0, 2.0)).with_max_y(rect.bottom() - LABELS);
    let (low, high) = view.range(spread);
    let bins = ((plot.width() / BIN) as usize).clamp(16, 1024);
    let counts = spread.histogram((low, high), bins);
    let tall = |n: u64| if log { (n as f32).ln_1p() } else { n as f32 };
    let most = counts.iter().map(|&n| tall(n)).fold(1.0, f32::max);
    let heights: Vec<f32> = counts.iter().map(|&n| tall(n) / most * 0.96).collect();
    let painter = ui.painter().with_clip_rect(plot.intersect(ui.clip_rect()));
    let x_of = |v: f32| plot.left() + (v - low) / (high - low) * plot.width();
    let levels = spread.levels.points.iter().filter(|l| (low..=high).contains(*l));
    let alpha = (28.0 / levels.clone().count().max(1) as f32).clamp(0.25, 1.0);
    for level in levels {
        let line = [pos2(x_of(*level), plot.top()), pos2(x_of(*level), plot.bottom())];
        painter.line_segment(line, Stroke::new(1.2, color.gamma_multiply(alpha)));
    }
    area_of(&painter, plot, &heights, ui.visuals().text_color().gamma_multiply(0.6));
    if let Some(x) = mark.map(x_of) {
        let accent = theme::accent(ui.visuals().dark_mode);
        painter.line_segment([pos2(x, plot.top()), pos2(x, plot.bottom())], Stroke::new(2.0, accent));
    }
    let weak = ui.visuals().weak_text_color();
    let number = |v: f32| figures::significant(f64::from(v));
    let y = plot.bottom() + 1.0;
    for (x, align, text) in [
        (plot.left(), Align2::LEFT_TOP, number(low)),
        (plot.center().x, Align2::CENTER_TOP, axis_label(spread.levels.axis, false).to_owned()),
        (plot.right(), Align2::RIGHT_TOP, number(high)),
    ] {
        ui.painter().text(pos2(x, y), align, text, theme::small_font(), weak);
    }
    if response.double_clicked() {
        view.part = Part::Whole;
    } else if response.dragged() && response.drag_delta().x != 0.0 {
        view.move_by((low, high), 0.0, 1.0, response.drag_delta().x / plot.width(), spread.whole());
    }
    let pointer = response.hover_pos()?;
    let about = ((pointer.x - plot.left()) / plot.width()).clamp(0.0, 1.0);
    let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta.y, input.zoom_delta()));
    let factor = pinch * (scroll / 160.0).exp2();
    if factor != 1.0 {
        view.move_by((low, high), about, factor, 0.0, spread.whole());
        ui.ctx().request_repaint();
    }
    let bin = ((about * bins as f32) as usize).min(bins - 1);
    let edge = |k: usize| number(low + (high - low) * k as f32 / bins as f32);
    let count = counts[bin];
    response.on_hover_ui_at_pointer(|ui| {
        ui.strong(format!("{} to {}", edge(bin), edge(bin + 1)));
        ui.label(format!("{} weights", figures::count(count)));
    });
    let edge = |k: usize| low + (high - low) * k as f32 / bins as f32;
    Some(Range { low: edge(bin), high: edge(bin + 1) })
}
