//! One matrix quantized at a time: what the model makes of it, above, and the matrix's own weight error, below. If
//! the one followed from the other, the two halves would mirror each other.

use egui::{Align2, Color32, Pos2, Rect, Response, RichText, Sense, Stroke, Ui, pos2, vec2};

use super::speaking::{LayerSensitivities, Speaking, Talk};
use crate::figures;
use crate::language::architecture::Matrix;
use crate::language::model::matrix_label;
use crate::language::rank::rank_correlation;
use crate::run::model::runnable::Sensitivity;
use crate::view::theme;

/// Names of layers between the halves.
const MIDDLE: f32 = 18.0;
const LEFT: f32 = 6.0;

struct Bars<'a> {
    matrices: &'a [Matrix],
    sensitivities: &'a [Sensitivity],
    rect: Rect,
}

pub(crate) fn layers_ui(ui: &mut Ui, talk: &Talk, speaking: Option<Speaking<'_>>, failure: Option<&str>) {
    if let Some(why) = talk.error().or(failure) {
        ui.label(RichText::new(why).color(theme::error(ui.visuals().dark_mode)));
        return;
    }
    let Some((speaking, layers)) = speaking.and_then(|s| Some((s, talk.layers(s.document)?))) else {
        ui.weak("Each matrix is quantized alone…");
        return;
    };
    let LayerSensitivities { format, matrices: sensitivities, is_current } = layers;
    let matrices = &speaking.loaded.runnable.architecture.matrices;
    ui.horizontal(|ui| {
        let color = theme::bits_color(ui.visuals().dark_mode, format.bits);
        ui.label(RichText::new(format!("One matrix at a time in {format}")).strong().color(color));
        let pairs: Vec<_> = sensitivities.iter().map(|s| (s.error.relative_error(), s.evaluation.kl)).collect();
        let text = match rank_correlation(&pairs).filter(|_| sensitivities.len() == matrices.len()) {
            Some(r) => format!("rank correlation of the two {r:.2}"),
            None => format!("{} of {} measured", sensitivities.len(), matrices.len()),
        };
        ui.label(RichText::new(text).strong()).on_hover_text(
            "Spearman's, over all matrices: 1 if the larger weight error always hurt more, 0 if it told nothing",
        );
        if let Some(why) = &speaking.loaded.instead {
            let text = format!("Here {} speaks: {why}.", speaking.loaded.model.name);
            ui.add(egui::Label::new(RichText::new(text).small().weak()).truncate());
        }
    });
    let size = ui.available_size();
    let square = size.y.min(size.x * 0.36);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, "Sensitivity and weight error of each matrix")
    });
    let fade = if is_current { 1.0 } else { 0.5 };
    let bars = Bars { matrices, sensitivities, rect: rect.with_max_x(rect.right() - square - 14.0) };
    let hovered = bars.paint(ui, &response, fade);
    let scatter = rect.with_min_x(rect.right() - square);
    let hovered = scatter_ui(ui, scatter, sensitivities, &response, hovered, fade);
    if let Some(one) = hovered.and_then(|place| sensitivities.iter().find(|s| s.place == place)) {
        let Some(m) = matrices.get(one.place) else { return };
        response.on_hover_ui_at_pointer(|ui| {
            ui.strong(matrix_label(m.layer, m.part));
            ui.label(format!("token KL {} nats if only this is quantized", figures::significant(one.evaluation.kl)));
            ui.label(format!("its weight error ρ {}", figures::rho(one.error.relative_error())));
        });
    }
}

fn kl_color(ui: &Ui) -> Color32 {
    theme::accent(ui.visuals().dark_mode)
}

fn error_color(ui: &Ui) -> Color32 {
    theme::photo_color(ui.visuals().dark_mode)
}

fn largest(sensitivities: &[Sensitivity], of: impl Fn(&Sensitivity) -> f64) -> f64 {
    sensitivities.iter().map(of).fold(0.0, f64::max).max(f64::MIN_POSITIVE)
}

impl Bars<'_> {
    /// Returns the matrix under the pointer.
    fn paint(&self, ui: &Ui, response: &Response, fade: f32) -> Option<usize> {
        ui.painter().rect_filled(self.rect, 2.0, ui.visuals().extreme_bg_color);
        let half = (self.rect.height() - MIDDLE) / 2.0;
        let (top, bottom) = (self.rect.top() + half, self.rect.bottom() - half);
        let step = (self.rect.width() - 2.0 * LEFT) / self.matrices.len().max(1) as f32;
        let left_of = |place: usize| self.rect.left() + LEFT + step * place as f32;
        let at = response.hover_pos().filter(|p| self.rect.contains(*p));
        let hovered = at.map(|p| ((p.x - self.rect.left() - LEFT) / step).max(0.0) as usize);
        let (most_kl, most_error) = (
            largest(self.sensitivities, |s| s.evaluation.kl),
            largest(self.sensitivities, |s| s.error.relative_error()),
        );
        let room = half - 17.0;
        for one in self.sensitivities {
            let (l, r) = (left_of(one.place) + 1.0, left_of(one.place + 1) - 1.0);
            let tall = |x: f64, most: f64| (x / most) as f32 * room;
            let strong = if hovered.is_none_or(|h| h == one.place) { fade } else { fade * 0.5 };
            let up = Rect::from_min_max(pos2(l, top - tall(one.evaluation.kl, most_kl).max(1.0)), pos2(r, top));
            ui.painter().rect_filled(up, 0.0, kl_color(ui).gamma_multiply(strong));
            let deep = tall(one.error.relative_error(), most_error).max(1.0);
            let down = Rect::from_min_max(pos2(l, bottom), pos2(r, bottom + deep));
            ui.painter().rect_filled(down, 0.0, error_color(ui).gamma_multiply(strong));
        }
        self.names(ui, left_of, (top, bottom));
        let corner = |at: Pos2, align: Align2, text: String, color: Color32| {
            ui.painter().text(at, align, text, theme::small_font(), color);
        };
        let inner = self.rect.shrink2(vec2(6.0, 2.0));
        let kl = format!("what the model minds: token KL, nats (largest {})", figures::significant(most_kl));
        corner(inner.right_top(), Align2::RIGHT_TOP, kl, kl_color(ui));
        let error = format!("what the weights show: weight error ρ (largest {})", figures::rho(most_error));
        corner(inner.right_bottom(), Align2::RIGHT_BOTTOM, error, error_color(ui));
        hovered.filter(|&h| h < self.matrices.len())
    }

    /// The embedding, then a name a layer, with a line before each.
    fn names(&self, ui: &Ui, left_of: impl Fn(usize) -> f32, (top, bottom): (f32, f32)) {
        let weak = ui.visuals().weak_text_color();
        let mut start = 0;
        while start < self.matrices.len() {
            let key = |m: &Matrix| (m.part == crate::language::architecture::Part::Embedding, m.layer);
            let same = self.matrices[start..].iter().take_while(|m| key(m) == key(&self.matrices[start])).count();
            let (l, r) = (left_of(start), left_of(start + same));
            let line = Stroke::new(1.0, ui.visuals().widgets.noninteractive.bg_stroke.color);
            ui.painter().line_segment([pos2(l, top), pos2(l, bottom)], line);
            let embedding = key(&self.matrices[start]).0;
            let text = if embedding { "emb".to_owned() } else { format!("layer {}", self.matrices[start].layer + 1) };
            let middle =
                pos2(if embedding { l.max(self.rect.left() + 2.0) } else { (l + r) / 2.0 }, (top + bottom) / 2.0);
            let align = if embedding { Align2::LEFT_CENTER } else { Align2::CENTER_CENTER };
            if !embedding || r - l > 24.0 {
                ui.painter().text(middle, align, text, theme::small_font(), weak);
            }
            start += same.max(1);
        }
    }
}

/// Each matrix as a point, its weight error across and its token KL upwards: if they agreed, the points would climb.
fn scatter_ui(
    ui: &Ui,
    rect: Rect,
    sensitivities: &[Sensitivity],
    response: &Response,
    marked: Option<usize>,
    fade: f32,
) -> Option<usize> {
    ui.painter().rect_filled(rect, 2.0, ui.visuals().extreme_bg_color);
    let plot = Rect::from_min_max(rect.min + vec2(10.0, 20.0), rect.max - vec2(10.0, 20.0));
    let (most_kl, most_error) =
        (largest(sensitivities, |s| s.evaluation.kl), largest(sensitivities, |s| s.error.relative_error()));
    let least = sensitivities.iter().map(|s| s.error.relative_error()).fold(most_error, f64::min);
    let span = (most_error - least).max(f64::MIN_POSITIVE);
    let place = |s: &Sensitivity| {
        let x = ((s.error.relative_error() - least) / span) as f32;
        pos2(plot.left() + x * plot.width(), plot.bottom() - (s.evaluation.kl / most_kl) as f32 * plot.height())
    };
    let near = response.hover_pos().filter(|p| rect.contains(*p)).and_then(|p| {
        let distance = |s: &&Sensitivity| place(s).distance(p);
        sensitivities.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).filter(|s| distance(s) < 14.0)
    });
    let marked = marked.or(near.map(|s| s.place));
    for one in sensitivities {
        let here = marked == Some(one.place);
        let (radius, color) = if here { (5.0, ui.visuals().strong_text_color()) } else { (3.2, kl_color(ui)) };
        ui.painter().circle_filled(place(one), radius, color.gamma_multiply(fade));
    }
    let text = |at: Pos2, align: Align2, text: &str, color: Color32| {
        ui.painter().text(at, align, text, theme::small_font(), color);
    };
    text(rect.left_top() + vec2(6.0, 2.0), Align2::LEFT_TOP, "↑ token KL", kl_color(ui));
    text(rect.right_bottom() - vec2(6.0, 2.0), Align2::RIGHT_BOTTOM, "weight error →", error_color(ui));
    marked
}
