//! Choosing the palette: colours in space at the left, weights on a line at the right, one method for both, snapshot by
//! snapshot.

mod line;
mod space;

use std::time::Duration;

use egui::{Rect, RichText, Slider, Ui, pos2, vec2};

use super::super::exhibit::{Exhibit, Inputs, PLAY, settings_of, turned};
use crate::engine::fit::Method;
use crate::engine::trace::Phase;
use crate::figures;
use crate::jobs::{Running, Slot, Sweep, Wake};
use crate::lesson::exhibits::choosing::compute::{Choosing, Ending, METHODS, Moment, choose, endings};
use crate::lesson::exhibits::choosing::{COUNTS, ChoosingShow};
use crate::view::document::{DocumentId, TensorId};
use crate::view::learn::drawing::text;
use crate::view::photo::cloud_state::CloudState;
use crate::view::theme;

/// The whole timeline takes about so long.
const PLAYED: f32 = 9.0;
const CHART: f32 = 74.0;

/// What is fitted: the colours of a photo and the weights of a tensor.
#[derive(Clone, Copy, PartialEq)]
struct Subjects {
    photo: DocumentId,
    tensor: TensorId,
}

/// A fit by one method.
#[derive(Clone, Copy, PartialEq)]
struct FitKey {
    subjects: Subjects,
    method: Method,
    /// The number of colours and of levels.
    count: u16,
}

/// The results of all methods.
#[derive(Clone, Copy, PartialEq)]
struct EndingsKey {
    subjects: Subjects,
    /// The number of colours and of levels.
    count: u16,
}

pub(crate) struct ChoosingExhibit {
    settings: ChoosingShow,
    slot: Slot<FitKey, Choosing>,
    sweep: Sweep<EndingsKey, Ending>,
    endings: Vec<Ending>,
    cloud: CloudState,
    /// When the moment on show came, in the window's seconds.
    since: f64,
}

impl ChoosingExhibit {
    pub(crate) fn new(wake: &Wake) -> Self {
        Self {
            settings: ChoosingShow::default(),
            slot: Slot::new("Choosing colours and levels", wake.clone()),
            sweep: Sweep::new("Comparing the methods", wake.clone()),
            endings: Vec::new(),
            cloud: CloudState::default(),
            since: 0.0,
        }
    }

    /// What is shown is of other settings than those chosen.
    fn is_stale(&self) -> bool {
        self.slot.is_busy() && self.slot.shown().map(|(key, _)| key) != self.slot.wanted()
    }

    /// Back to the first moment, as another method or number begins anew.
    fn restart(&mut self) {
        self.settings.moment = 0;
        self.settings.play = true;
    }
}

impl Exhibit for ChoosingExhibit {
    settings_of!(Choosing);

    fn update(&mut self, inputs: &Inputs) {
        let (Some(photo), Some(model), Some(tensor)) = (&inputs.photo, &inputs.model, &inputs.tensor_original) else {
            return;
        };
        let subjects = Subjects { photo: photo.id, tensor: model.tensor_id(inputs.tensor) };
        let ChoosingShow { method, count, .. } = self.settings;
        let (image, weights) = (photo.photo.image.clone(), tensor.values.clone());
        self.slot.request_value(FitKey { subjects, method, count }, move |control| {
            choose(&image, &weights, method, usize::from(count), control)
        });
        let key = EndingsKey { subjects, count };
        if self.sweep.wanted() != Some(&key) {
            self.endings.clear();
        }
        // After what is looked at.
        if !self.slot.is_busy() {
            let (image, weights) = (photo.photo.image.clone(), tensor.values.clone());
            self.sweep.request(key, move |emit, control| {
                endings(&image, &weights, usize::from(count), &|ending| emit.emit(ending), control)?;
                Ok(())
            });
        }
        self.endings.extend(self.sweep.drain());
    }

    fn ui(&mut self, ui: &mut Ui, inputs: &Inputs) {
        let shown = self.slot.shown().map(|(key, choosing)| (*key, choosing.clone()));
        let last = shown.as_ref().map_or(0, |(_, choosing)| choosing.timeline.len().saturating_sub(1));
        self.choices_ui(ui);
        self.player_ui(ui, shown.as_ref().map(|(_, choosing)| &**choosing), last);
        let Some((_, choosing)) = shown else {
            let text = if inputs.photo.is_some() { "Fitting…" } else { "Open a photo and a model." };
            ui.label(inputs.no_weights().unwrap_or(text));
            return;
        };
        self.advance(ui, last);
        let Some(&moment) = choosing.timeline.get(usize::from(self.settings.moment).min(last)) else { return };
        let before = usize::from(self.settings.moment).min(last).checked_sub(1).and_then(|k| choosing.timeline.get(k));
        let room = ui.available_rect_before_wrap();
        let body = room.with_max_y(room.bottom() - CHART - 6.0);
        let middle = body.left() + (body.width() * 0.5).min(body.height() * 1.35);
        space::space_ui(ui, body.with_max_x(middle - 4.0), &mut self.cloud, &choosing, moment, before.copied());
        line::line_ui(ui, body.with_min_x(middle + 4.0), &choosing, moment, before.copied());
        self.chart_ui(ui, room.with_min_y(room.bottom() - CHART), &choosing, moment);
    }

    fn turn(&mut self, step: i32) {
        let count = self.settings.count;
        let next = if step > 0 { count.saturating_mul(2) } else { count / 2 };
        self.settings.count = next.clamp(*COUNTS.start(), *COUNTS.end());
        self.settings.moment = if self.settings.play { 0 } else { u16::MAX };
    }

    fn play(&mut self) {
        let last = self.slot.shown().map_or(0, |(_, choosing)| choosing.timeline.len().saturating_sub(1));
        if !self.settings.play && usize::from(self.settings.moment) >= last {
            self.restart();
        } else {
            self.settings.play = !self.settings.play;
        }
    }

    fn jobs(&mut self) -> Vec<&mut dyn Running> {
        vec![&mut self.slot, &mut self.sweep]
    }
}

fn method_label(method: Method) -> &'static str {
    match method {
        Method::Uniform => "Equal steps",
        Method::MedianCut => "Equal counts",
        Method::Lloyd => "Lloyd's rounds",
        Method::KMeans => "k-means",
        other => other.row().palette_label,
    }
}

/// A label that fits a narrow column.
fn short_label(method: Method) -> &'static str {
    match method {
        Method::Uniform => "steps",
        Method::MedianCut => "counts",
        Method::Lloyd => "Lloyd",
        other => method_label(other),
    }
}

impl ChoosingExhibit {
    fn choices_ui(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            for method in METHODS {
                let chosen = self.settings.method == method;
                let label = ui.selectable_label(chosen, method_label(method));
                if label.on_hover_text(method.row().levels_label).clicked() && !chosen {
                    self.settings.method = method;
                    self.restart();
                }
            }
            ui.separator();
            ui.spacing_mut().slider_width = (ui.available_width() - 170.0).clamp(60.0, 160.0);
            let slider = Slider::new(&mut self.settings.count, COUNTS).logarithmic(true);
            if ui.add(slider).on_hover_text(turned("Colours, and levels")).changed() {
                self.settings.moment = u16::MAX;
            }
            ui.label("entries");
        });
    }

    fn player_ui(&mut self, ui: &mut Ui, choosing: Option<&Choosing>, last: usize) {
        ui.horizontal(|ui| {
            let playing = self.settings.play;
            if ui.button(if playing { "Pause" } else { "Play" }).on_hover_text(PLAY.to_string()).clicked() {
                self.play();
            }
            let mut at = usize::from(self.settings.moment).min(last);
            let before = at;
            if ui.add_enabled(at > 0, egui::Button::new("One back")).clicked() {
                at -= 1;
            }
            if ui.add_enabled(at < last, egui::Button::new("One on")).clicked() {
                at += 1;
            }
            ui.spacing_mut().slider_width = (ui.available_width() - 200.0).clamp(60.0, 300.0);
            let slider = Slider::new(&mut at, 0..=last.max(1)).show_value(false);
            let response = ui.add_enabled(last > 0, slider);
            response.widget_info(|| egui::WidgetInfo::slider(last > 0, at as f64, "Snapshot"));
            if at != before {
                self.settings.moment = at as u16;
                self.settings.play = false;
            }
            if self.is_stale() {
                ui.label(RichText::new("Fitting…").weak());
            } else if let Some(moment) = choosing.and_then(|f| f.timeline.get(at)) {
                ui.label(RichText::new(format!("{} of {}  {}", at + 1, last + 1, words(choosing, *moment))).strong());
            }
        });
    }

    /// Moves on with time, and turns the cloud a little, so that its depth is seen.
    fn advance(&mut self, ui: &Ui, last: usize) {
        let now = ui.input(|input| input.time);
        let at = usize::from(self.settings.moment);
        if !self.settings.play || self.slot.is_busy() {
            self.since = now;
            return;
        }
        if at >= last {
            self.settings.play = false;
            self.settings.moment = last as u16;
            return;
        }
        let each = f64::from((PLAYED / (last + 1) as f32).clamp(0.1, 0.6));
        if now - self.since >= each {
            self.since = now;
            self.settings.moment = (at + 1) as u16;
            self.cloud.orbit.turn(0.008, 0.0);
        }
        ui.ctx().request_repaint_after(Duration::from_secs_f64(each / 2.0));
    }

    /// The errors of both sides over the timeline, and where each method ends.
    fn chart_ui(&self, ui: &mut Ui, area: Rect, choosing: &Choosing, moment: Moment) {
        let dark = ui.visuals().dark_mode;
        let sides = [
            ("Colours", theme::photo_color(dark), &choosing.colors.mse, moment.colors),
            ("Weights", theme::weights_color(dark), &choosing.weights.mse, moment.weights),
        ];
        let plot = area.with_max_x(area.left() + area.width() * 0.42);
        for (k, (name, color, mse, at)) in sides.into_iter().enumerate() {
            let half = plot.height() / 2.0;
            let row = Rect::from_min_size(plot.min + vec2(0.0, half * k as f32), vec2(plot.width(), half - 4.0));
            let now = mse.get(at).copied().unwrap_or(0.0);
            let words = format!("{name}: mean squared error {}", figures::significant(now));
            ui.painter().text(
                row.left_top() + vec2(0.0, 7.0),
                egui::Align2::LEFT_CENTER,
                words,
                theme::small_font(),
                color,
            );
            let of = |m: &Moment| if k == 0 { m.colors } else { m.weights };
            let series: Vec<f64> = choosing.timeline.iter().filter_map(|m| mse.get(of(m))).copied().collect();
            course(ui, row.with_min_y(row.top() + 16.0), &series, usize::from(self.settings.moment), color);
        }
        self.endings_ui(ui, area.with_min_x(plot.right() + 18.0));
    }

    fn endings_ui(&self, ui: &mut Ui, area: Rect) {
        let column = area.width() / (METHODS.len() as f32 + 0.9);
        let mut x = area.left() + column * 0.9;
        let rows = [12.0, 36.0, 58.0].map(|y| area.top() + y);
        text(ui, pos2(area.left(), rows[0]), egui::Align2::LEFT_CENTER, "In the end", false);
        text(ui, pos2(area.left(), rows[1]), egui::Align2::LEFT_CENTER, "colours", false);
        text(ui, pos2(area.left(), rows[2]), egui::Align2::LEFT_CENTER, "weights", false);
        for method in METHODS {
            let chosen = self.settings.method == method;
            let ending = self.endings.iter().find(|e| e.method == method);
            let figure = |of: fn(&Ending) -> f64| ending.map_or("…".to_owned(), |e| figures::significant(of(e)));
            let right = pos2(x + column - 2.0, rows[0]);
            text(ui, right, egui::Align2::RIGHT_CENTER, short_label(method), chosen);
            let [colors, weights] = [figure(|e| e.colors_mse), figure(|e| e.weights_mse)];
            text(ui, pos2(right.x, rows[1]), egui::Align2::RIGHT_CENTER, &colors, chosen);
            text(ui, pos2(right.x, rows[2]), egui::Align2::RIGHT_CENTER, &weights, chosen);
            x += column;
        }
        let name = "How each method ends: mean squared errors of colours and weights";
        let response = ui.interact(area, egui::Id::unique("lesson-endings"), egui::Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, name));
    }
}

/// What happens at a moment.
fn words(choosing: Option<&Choosing>, moment: Moment) -> String {
    let Some(choosing) = choosing else { return String::new() };
    let entries = choosing.colors.snapshots.get(moment.colors).map_or(0, |s| s.entries.len());
    match moment.phase {
        Phase::Split if entries <= 1 => "one box".to_owned(),
        Phase::Split => format!("{entries} boxes"),
        Phase::Round | Phase::Swap => "entries move".to_owned(),
        Phase::Stored => "done".to_owned(),
    }
}

/// A falling line on a logarithmic axis, and where one is on it.
fn course(ui: &Ui, row: Rect, series: &[f64], at: usize, color: egui::Color32) {
    let (most, least) = series.iter().fold((0.0f64, f64::INFINITY), |(m, l), &x| (m.max(x), l.min(x)));
    let line = ui.visuals().widgets.noninteractive.bg_stroke;
    ui.painter().line_segment([row.left_bottom(), row.right_bottom()], line);
    if series.len() < 2 || least <= 0.0 || most <= least {
        return;
    }
    let point = |k: usize, x: f64| {
        let across = k as f32 / (series.len() - 1) as f32;
        let up = ((x / least).ln() / (most / least).ln()) as f32;
        pos2(row.left() + row.width() * across, row.bottom() - (row.height() - 2.0) * up - 1.0)
    };
    let points = series.iter().enumerate().map(|(k, &x)| point(k, x)).collect();
    ui.painter().add(egui::Shape::line(points, egui::Stroke::new(1.5, color)));
    if let Some((k, &x)) = series.iter().enumerate().nth(at.min(series.len() - 1)) {
        ui.painter().circle_filled(point(k, x), 4.0, color);
    }
}
