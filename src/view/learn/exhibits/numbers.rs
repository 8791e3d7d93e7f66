//! One number on a line: every row below it is a format, coloured by the number that it stores for each place.

use egui::{Align2, Color32, Mesh, Rect, Sense, Shape, Slider, Stroke, Ui, pos2};

use super::super::exhibit::{Exhibit, Inputs, PLAY, TURN_DOWN, TURN_UP, settings_of};
use crate::figures;
use crate::jobs::{Running, Slot, Wake};
use crate::lesson::exhibits::numbers::number_line::{Reading, Row, read, row_named};
use crate::lesson::exhibits::numbers::{MOST_ZOOM, NumbersShow};
use crate::picture::colourmap;
use crate::view::learn::drawing::text;
use crate::view::theme;
use crate::view::widgets::bounds::between;

/// The line from end to end, with a little room beyond −1 and 1.
const SPAN: f64 = 2.2;
/// Each step of zoom is so many times nearer.
const NEARER: f64 = 8.0;
const LEFT: f32 = 104.0;
const RIGHT: f32 = 176.0;
/// Levels nearer than this, in points, are one gradient.
const SAME: f32 = 1.5;
/// A tick nearer than this to the one before is not drawn.
const CROWDED: f32 = 3.5;

/// A number under the formats of the rows.
#[derive(Clone, PartialEq)]
struct ReadingsKey {
    /// The names of the rows' formats.
    rows: Vec<&'static str>,
    /// The number, as the bits of an f64.
    value: u64,
}

pub(crate) struct NumbersExhibit {
    settings: NumbersShow,
    /// The middle of what is seen.
    middle: f64,
    slot: Slot<ReadingsKey, Vec<Reading>>,
    colors: [[u8; 4]; 256],
}

impl NumbersExhibit {
    pub(crate) fn new(wake: &Wake) -> Self {
        let slot = Slot::new("Placing the number", wake.clone());
        Self { settings: NumbersShow::default(), middle: 0.0, slot, colors: colourmap::sequential() }
    }

    fn span(&self) -> f64 {
        SPAN / NEARER.powi(i32::from(self.settings.zoom))
    }

    /// So that the number is seen, and no more beyond the ends than there must be.
    fn look_at_value(&mut self) {
        let room = ((SPAN - self.span()) / 2.0).max(0.0);
        self.middle = between(self.settings.value, -room, room);
    }

    fn zoom_to(&mut self, zoom: u8) {
        self.settings.zoom = zoom.min(MOST_ZOOM);
        self.look_at_value();
    }

    fn put(&mut self, value: f64) {
        // No finer than a thousandth of what is seen, so that the figure is short.
        let unit = 10f64.powi((self.span() / 1000.0).log10().floor() as i32);
        self.settings.value = ((value / unit).round() * unit).clamp(-1.0, 1.0);
    }
}

impl Exhibit for NumbersExhibit {
    settings_of!(Numbers);

    fn reset(&mut self) {
        self.look_at_value();
    }

    fn update(&mut self, _: &Inputs) {
        let rows: Vec<Row> = self.settings.rows.iter().filter_map(|name| row_named(name)).collect();
        let value = self.settings.value;
        let key = ReadingsKey { rows: rows.iter().map(|row| row.name).collect(), value: value.to_bits() };
        self.slot.request_value(key, move |control| read(&rows, value, control));
    }

    fn ui(&mut self, ui: &mut Ui, _: &Inputs) {
        self.controls_ui(ui);
        let readings = self.slot.shown().map(|(_, readings)| readings.clone());
        let Some(readings) = readings else { return };
        self.rows_ui(ui, &readings);
    }

    fn turn(&mut self, step: i32) {
        let unit = 10f64.powi((self.span() / 100.0).log10().floor() as i32);
        self.put(self.settings.value + f64::from(step) * unit);
        if (self.settings.value - self.middle).abs() > self.span() * 0.5 {
            self.look_at_value();
        }
    }

    fn play(&mut self) {
        let next = if self.settings.zoom >= MOST_ZOOM { 0 } else { self.settings.zoom + 1 };
        self.zoom_to(next);
    }

    fn jobs(&mut self) -> Vec<&mut dyn Running> {
        vec![&mut self.slot]
    }
}

impl NumbersExhibit {
    fn controls_ui(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            ui.label("Number");
            ui.spacing_mut().slider_width = (ui.available_width() * 0.22).clamp(90.0, 260.0);
            let slider =
                Slider::new(&mut self.settings.value, -1.0..=1.0).custom_formatter(|x, _| nine(x).replace('−', "-"));
            if ui.add(slider).on_hover_text(format!("{TURN_UP} {TURN_DOWN}, or drag on the lines below")).changed() {
                self.look_at_value();
            }
            ui.separator();
            let times = NEARER.powi(i32::from(self.settings.zoom)) as u64;
            ui.label(format!("Zoom × {}", figures::count(times)));
            let hint = format!("Eight times ({PLAY}; after the last one it starts again)");
            if ui.button("Nearer").on_hover_text(hint).clicked() {
                self.zoom_to(self.settings.zoom + 1);
            }
            if ui.button("Farther").clicked() {
                self.zoom_to(self.settings.zoom.saturating_sub(1));
            }
        });
    }

    fn rows_ui(&mut self, ui: &mut Ui, readings: &[Reading]) {
        let (area, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
        let stored: Vec<String> = readings.iter().map(|r| format!("{} {}", r.row.title, nine(r.stored))).collect();
        let name = format!("{} is stored as: {}", nine(self.settings.value), stored.join(", "));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &name));
        let (low, high) = (self.middle - self.span() / 2.0, self.middle + self.span() / 2.0);
        let strip = Rect::from_min_max(
            pos2(area.left() + LEFT, area.top() + 22.0),
            pos2(area.right() - RIGHT, area.bottom() - 40.0),
        );
        let view = View { strip, low, high };
        if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked()) {
            self.put(view.value(between(at.x, strip.left(), strip.right())));
        }
        let scroll = ui.input(|input| input.smooth_scroll_delta.y);
        if response.hovered() && scroll.abs() > 4.0 && self.settings.zoom < MOST_ZOOM {
            let zoom = i16::from(self.settings.zoom) + if scroll > 0.0 { 1 } else { -1 };
            ui.input_mut(|input| input.smooth_scroll_delta = egui::Vec2::ZERO);
            self.zoom_to(zoom.clamp(0, i16::from(MOST_ZOOM)) as u8);
        }
        let top = area.top() + 8.0;
        text(ui, pos2(area.left(), top), Align2::LEFT_CENTER, "Format", false);
        text(ui, pos2(area.right() - 74.0, top), Align2::RIGHT_CENTER, "stored", false);
        text(ui, pos2(area.right(), top), Align2::RIGHT_CENTER, "error", false);
        let height = (strip.height() / readings.len().max(1) as f32).min(150.0);
        for (k, reading) in readings.iter().enumerate() {
            let y = strip.top() + height * k as f32;
            let row = Rect::from_min_max(pos2(strip.left(), y + 2.0), pos2(strip.right(), y + height - 3.0));
            self.row_ui(ui, area, row, &view, reading);
        }
        let bottom = strip.top() + height * readings.len() as f32;
        self.value_ui(ui, &view, bottom);
        axis_ui(ui, &view, bottom + 20.0);
    }

    fn row_ui(&self, ui: &Ui, area: Rect, row: Rect, view: &View, reading: &Reading) {
        let middle = row.center().y;
        let roomy = row.height() > 30.0;
        let bits = reading.row.bits.map(|bits| format!("{bits} bit{}", if bits == 1 { "" } else { "s" }));
        let lift = if roomy { 8.0 } else { 0.0 };
        let title_lift = if bits.is_some() { lift } else { 0.0 };
        text(ui, pos2(area.left(), middle - title_lift), Align2::LEFT_CENTER, reading.row.title, true);
        if let Some(bits) = bits.filter(|_| roomy) {
            text(ui, pos2(area.left(), middle + lift), Align2::LEFT_CENTER, &bits, false);
        }
        let painter = ui.painter_at(row);
        let marks = reading.marks(view.low, view.high, (row.width() / SAME) as usize);
        match &marks {
            None => painter.add(Shape::mesh(self.gradient(row, view))),
            Some(marks) => painter.add(Shape::mesh(self.cells(row, view, marks, reading))),
        };
        let dark = ui.visuals().dark_mode;
        let (ink, ground) = (ui.visuals().strong_text_color(), ui.visuals().panel_fill);
        let tick = |at: f64, tall: f32, width: f32, color: Color32| {
            let x = view.x(at);
            painter.line_segment([pos2(x, row.bottom() - tall), pos2(x, row.bottom())], Stroke::new(width, color));
        };
        let mut last = f32::NEG_INFINITY;
        for &mark in marks.iter().flatten() {
            let x = view.x(mark);
            if x - last >= CROWDED {
                tick(mark, row.height() * 0.36 + 1.0, 2.5, ground);
                tick(mark, row.height() * 0.36, 1.0, ink);
                last = x;
            }
        }
        // What is stored.
        tick(reading.stored, row.height(), 6.0, ground);
        tick(reading.stored, row.height(), 3.0, theme::accent(dark));
        let error = reading.stored - self.settings.value;
        text(ui, pos2(area.right() - 74.0, middle - lift), Align2::RIGHT_CENTER, &nine(reading.stored), true);
        text(ui, pos2(area.right(), middle - lift), Align2::RIGHT_CENTER, &signed(error), false);
        if roomy {
            let words = match reading.product {
                Some((level, scale)) => format!("= {} × {}", short(level), figures::significant(scale)),
                None => {
                    let count = reading.count(view.low, view.high);
                    format!("{} level{} in sight", figures::count(count), if count == 1 { "" } else { "s" })
                }
            };
            text(ui, pos2(area.right(), middle + 8.0), Align2::RIGHT_CENTER, &words, false);
        }
    }

    /// The number's own line through all rows.
    fn value_ui(&self, ui: &Ui, view: &View, bottom: f32) {
        let x = between(view.x(self.settings.value), view.strip.left(), view.strip.right());
        let color = ui.visuals().strong_text_color();
        let top = view.strip.top();
        ui.painter().line_segment([pos2(x, top - 4.0), pos2(x, bottom + 2.0)], Stroke::new(1.5, color));
        let head = vec![pos2(x, top), pos2(x - 5.0, top - 7.0), pos2(x + 5.0, top - 7.0)];
        ui.painter().add(Shape::convex_polygon(head, color, Stroke::NONE));
        let words = nine(self.settings.value);
        let half = 40.0;
        let at = pos2(between(x, view.strip.left() + half, view.strip.right() - half), top - 15.0);
        text(ui, at, Align2::CENTER_CENTER, &words, true);
    }

    fn color(&self, view: &View, value: f64) -> Color32 {
        let part = ((value - view.low) / (view.high - view.low)).clamp(0.0, 1.0);
        // The darkest entries are lost on a dark ground.
        let [r, g, b, _] = self.colors[40 + (part * 210.0) as usize];
        Color32::from_rgb(r, g, b)
    }

    /// The gradient that stands for more numbers than there are pixels.
    fn gradient(&self, row: Rect, view: &View) -> Mesh {
        const STEPS: u32 = 96;
        let mut mesh = Mesh::default();
        for k in 0..=STEPS {
            let x = row.left() + row.width() * k as f32 / STEPS as f32;
            let color = self.color(view, view.value(x));
            mesh.colored_vertex(pos2(x, row.top()), color);
            mesh.colored_vertex(pos2(x, row.bottom()), color);
        }
        for k in 0..STEPS {
            mesh.add_triangle(2 * k, 2 * k + 1, 2 * k + 2);
            mesh.add_triangle(2 * k + 1, 2 * k + 2, 2 * k + 3);
        }
        mesh
    }

    /// Every place in the colour of the number that is stored for it.
    fn cells(&self, row: Rect, view: &View, marks: &[f64], reading: &Reading) -> Mesh {
        let (below, above) = reading.beyond(view.low, view.high);
        let all: Vec<f64> = below.into_iter().chain(marks.iter().copied()).chain(above).collect();
        let mut mesh = Mesh::default();
        let mut left = row.left();
        for (k, &mark) in all.iter().enumerate() {
            let right = all.get(k + 1).map_or(row.right(), |next| view.x((mark + next) / 2.0));
            let right = between(right, left, row.right());
            let cell = Rect::from_min_max(pos2(left, row.top()), pos2(right, row.bottom()));
            mesh.add_colored_rect(cell, self.color(view, mark));
            left = right;
        }
        mesh
    }
}

/// The part of the number line that is seen, and where.
struct View {
    strip: Rect,
    low: f64,
    high: f64,
}

impl View {
    fn x(&self, value: f64) -> f32 {
        self.strip.left() + self.strip.width() * ((value - self.low) / (self.high - self.low)) as f32
    }

    fn value(&self, x: f32) -> f64 {
        self.low + f64::from((x - self.strip.left()) / self.strip.width()) * (self.high - self.low)
    }
}

/// Round numbers under the rows.
fn axis_ui(ui: &Ui, view: &View, y: f32) {
    let span = view.high - view.low;
    let rough = span / 4.0;
    let unit = 10f64.powi(rough.log10().floor() as i32);
    let step = [1.0, 2.0, 5.0, 10.0].map(|k| k * unit).into_iter().find(|s| *s >= rough).unwrap_or(unit);
    let places = (-step.log10().floor()).max(0.0) as usize;
    let weak = ui.visuals().weak_text_color();
    let mut k = (view.low / step).ceil();
    while k * step <= view.high {
        let x = view.x(k * step);
        ui.painter().line_segment([pos2(x, y - 16.0), pos2(x, y - 10.0)], Stroke::new(1.0, weak));
        let words = format!("{:.*}", places, k * step + 0.0).replace('-', "−");
        let half = words.len() as f32 * 3.4;
        let at = pos2(between(x, view.strip.left() - LEFT + half, view.strip.right() + RIGHT - half), y);
        ui.painter().text(at, Align2::CENTER_CENTER, words, theme::small_font(), weak);
        k += 1.0;
    }
}

/// A number in up to nine places after the point.
pub fn nine(x: f64) -> String {
    let text = format!("{x:.9}");
    let text = text.trim_end_matches('0');
    let text = text.strip_suffix('.').unwrap_or(text);
    text.replace('-', "−")
}

/// An error with its sign, in three significant digits.
pub fn signed(x: f64) -> String {
    if x.abs() < 5e-10 {
        return "0".to_owned();
    }
    let size = figures::significant(x.abs());
    format!("{}{size}", if x > 0.0 { "+" } else { "−" })
}

fn short(level: f64) -> String {
    if level.fract() == 0.0 { format!("{level}") } else { figures::significant(level) }.replace('-', "−")
}
