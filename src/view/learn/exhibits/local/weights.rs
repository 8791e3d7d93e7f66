//! A row of weights with an outlier: what each format keeps of the others.

use egui::{Align2, Color32, Rect, RichText, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::LocalExhibit;
use crate::figures;
use crate::lesson::exhibits::local::outlier::{CASES, Case, Outlier};
use crate::view::learn::drawing::{row_ui, text};
use crate::view::learn::exhibit::Inputs;
use crate::view::theme;

const ROW: f32 = 21.0;
const NAME: f32 = 150.0;
const FIGURES: f32 = 250.0;
const AXIS: f32 = 58.0;

impl LocalExhibit {
    pub(super) fn weights_ui(&mut self, ui: &mut Ui, inputs: &Inputs) {
        let Some((_, outlier)) = self.outlier.shown() else {
            if inputs.tensor_original.is_none() {
                ui.label(inputs.no_weights().unwrap_or("Open a model."));
            }
            return;
        };
        let outlier = outlier.clone();
        ui.spacing_mut().item_spacing.y = 1.0;
        let below = (ROW + 1.0) * (CASES.len() + 1) as f32 + 26.0;
        let size = vec2(ui.available_width(), (ui.available_height() - below).max(100.0));
        let (area, response) = ui.allocate_exact_size(size, Sense::hover());
        let chosen = outlier.cases.iter().find(|c| c.name == self.settings.format);
        let label = format!("One row of {} weights and the levels of {}", outlier.row.len(), self.settings.format);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &label));
        if let Some(case) = chosen {
            row_plot(ui, area, &outlier, case);
        }
        self.cases_ui(ui, &outlier);
        let line = "Grey: the weights. Blue: what is read back. Lines: the numbers that can be stored.";
        ui.label(RichText::new(line).weak());
    }

    fn cases_ui(&mut self, ui: &mut Ui, outlier: &Outlier) {
        let dark = ui.visuals().dark_mode;
        let (heading, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let right = heading.right() - 4.0;
        let columns = [right - 170.0, right - 84.0, right];
        for (x, name) in columns.into_iter().zip(["bits a weight", "error, all", "this row"]) {
            text(ui, pos2(x, heading.center().y), Align2::RIGHT_CENTER, name, false);
        }
        let words = "Weight error of all, the outlier left out";
        text(ui, pos2(heading.left() + 4.0, heading.center().y), Align2::LEFT_CENTER, words, false);
        let mut chosen = None;
        for (name, title) in CASES {
            let is_chosen = self.settings.format == name;
            let Some(case) = outlier.cases.iter().find(|c| c.name == name) else { continue };
            let (all, row) = (percent(case.error.relative_error()), percent(case.row_error.relative_error()));
            let bits = format!("{:.3}", case.rate.bits_per_sample());
            let label = format!("{title}: {bits} bits a weight, weight error {all}, of this row {row}");
            let line = row_ui(ui, ROW, is_chosen, &label);
            if line.clicked() {
                chosen = Some(name);
            }
            let rect = line.rect;
            text(ui, pos2(rect.left() + 4.0, rect.center().y), Align2::LEFT_CENTER, title, is_chosen);
            let track = Rect::from_min_max(rect.min + vec2(NAME, 4.0), rect.max - vec2(FIGURES, 4.0));
            let share = case.error.relative_error().clamp(0.0, 1.0) as f32;
            ui.painter().rect_filled(track, 2.0, theme::picture_ground(dark));
            let bar = track.with_max_x(track.left() + (track.width() * share).max(1.0));
            ui.painter().rect_filled(bar, 2.0, theme::weights_color(dark));
            for (x, figure) in columns.into_iter().zip([bits, all, row]) {
                text(ui, pos2(x, rect.center().y), Align2::RIGHT_CENTER, &figure, is_chosen);
            }
        }
        if let Some(name) = chosen {
            self.settings.format = name.to_owned();
        }
    }
}

/// The row from left to right, on the scale of its ordinary weights: the outlier is an arrow out of the picture.
fn row_plot(ui: &Ui, area: Rect, outlier: &Outlier, case: &Case) {
    let dark = ui.visuals().dark_mode;
    let painter = ui.painter_at(area);
    painter.rect_filled(area, 2.0, theme::picture_ground(dark));
    let plot = Rect::from_min_max(area.min + vec2(AXIS, 8.0), area.max - vec2(8.0, 8.0));
    let reach = outlier.others.max(f32::MIN_POSITIVE) * 1.25;
    let step = plot.width() / outlier.row.len().max(1) as f32;
    let x = |column: f32| plot.left() + step * column;
    let y = |value: f32| plot.center().y - (value / reach).clamp(-1.02, 1.02) * plot.height() / 2.0;
    let ink = ui.visuals().text_color();
    let faint = ui.visuals().weak_text_color().gamma_multiply(0.55);
    for (columns, levels) in &case.groups {
        let (left, right) = (x(columns.start as f32), x(columns.end as f32));
        for &level in levels.iter().filter(|l| l.abs() <= reach) {
            painter.line_segment([pos2(left, y(level)), pos2(right, y(level))], Stroke::new(1.0, faint));
        }
        if columns.start > 0 {
            painter.line_segment([pos2(left, plot.top()), pos2(left, plot.bottom())], Stroke::new(1.0, ink));
        }
    }
    for value in [-outlier.others, 0.0, outlier.others] {
        let words = figures::significant(f64::from(value)).replace('-', "−");
        let at = pos2(plot.left() - 6.0, y(value));
        painter.text(at, Align2::RIGHT_CENTER, words, theme::small_font(), ink);
    }
    let radius = (step * 0.38).clamp(1.2, 3.6);
    for (k, (&before, &after)) in outlier.row.iter().zip(&case.decoded).enumerate() {
        if k == outlier.column {
            continue;
        }
        let (at, to) = (pos2(x(k as f32 + 0.5), y(before)), pos2(x(k as f32 + 0.5), y(after)));
        painter.line_segment([at, to], Stroke::new(1.0, theme::error(dark).gamma_multiply(0.7)));
        painter.circle_filled(at, radius, faint_weight(ui));
        painter.circle_filled(to, radius, theme::accent(dark));
    }
    outlier_mark(ui, outlier, case, x(outlier.column as f32 + 0.5), plot, reach);
}

fn faint_weight(ui: &Ui) -> Color32 {
    ui.visuals().weak_text_color()
}

fn outlier_mark(ui: &Ui, outlier: &Outlier, case: &Case, x: f32, plot: Rect, reach: f32) {
    let (Some(&before), Some(&after)) = (outlier.row.get(outlier.column), case.decoded.get(outlier.column)) else {
        return;
    };
    let color = theme::error(ui.visuals().dark_mode);
    let up = if before >= 0.0 { -1.0 } else { 1.0 };
    let tip = if before >= 0.0 { plot.top() } else { plot.bottom() };
    if before.abs() > reach {
        let head = vec![pos2(x, tip), pos2(x - 6.0, tip - up * 11.0), pos2(x + 6.0, tip - up * 11.0)];
        ui.painter().add(Shape::convex_polygon(head, color, Stroke::NONE));
        ui.painter().line_segment([pos2(x, plot.center().y), pos2(x, tip - up * 11.0)], Stroke::new(2.0, color));
    }
    let number = |v: f32| figures::significant(f64::from(v)).replace('-', "−");
    let words = format!("{} is read back as {}", number(before), number(after));
    let (align, shift) = if x < plot.center().x { (Align2::LEFT_CENTER, 12.0) } else { (Align2::RIGHT_CENTER, -12.0) };
    let at = pos2(x + shift, tip - up * 8.0);
    let galley = ui.painter().layout_no_wrap(words, theme::body_font(), ui.visuals().strong_text_color());
    let rect = align.anchor_size(at, galley.size());
    ui.painter().rect_filled(rect.expand(2.0), 2.0, theme::picture_ground(ui.visuals().dark_mode));
    ui.painter().galley(rect.min, galley, ui.visuals().strong_text_color());
}

fn percent(x: f64) -> String {
    format!("{} %", figures::significant(x * 100.0))
}
