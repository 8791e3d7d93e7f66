//! The dial of the bridge: seven stops from 8 bits to 1, turned by drag, click, wheel or arrow key.

use std::f32::consts::TAU;

use egui::{Align2, Color32, FontId, Pos2, Rect, Sense, Stroke, Ui, Vec2, vec2};

use crate::run::DIAL;
use crate::view::theme;

/// The stops lie on this part of the circle, from lower left over the top to lower right.
const SWEEP: f32 = 0.75 * TAU;

/// Draws the dial and returns the stop that was asked for, if it is another one.
pub(crate) fn dial_ui(ui: &mut Ui, bits: u8, diameter: f32) -> Option<u8> {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(diameter), Sense::click_and_drag());
    let response = response.on_hover_text("Bits of a code: drag, scroll, or use the arrow keys");
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::slider(ui.is_enabled(), f64::from(bits), "Dial: bits");
        info.current_text_value = Some(format!("{bits} bits"));
        info
    });
    let mut wanted = None;
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked()) {
        wanted = Some(stop_at(rect, at));
    }
    if response.hovered() {
        let scroll = ui.input(|i| {
            i.events.iter().fold(0.0, |sum, e| match e {
                egui::Event::MouseWheel { delta, .. } => sum + delta.y,
                _ => sum,
            })
        });
        if scroll != 0.0 {
            wanted = Some(neighbour(bits, if scroll > 0.0 { 1 } else { -1 }));
        }
    }
    if let Some(value) = accessible_value(ui, &response) {
        wanted = Some(nearest_stop(value));
    }
    paint(ui, rect, bits, response.hovered() || response.has_focus());
    wanted.filter(|&w| w != bits)
}

/// The next stop with more (+1) or fewer (−1) bits; the same at the end.
pub fn neighbour(bits: u8, step: i32) -> u8 {
    let at = DIAL.iter().position(|&b| b == bits).unwrap_or(0) as i32;
    // The list runs from many bits to few.
    DIAL[(at - step).clamp(0, DIAL.len() as i32 - 1) as usize]
}

fn nearest_stop(value: f64) -> u8 {
    let distance = |b: u8| (f64::from(b) - value).abs();
    DIAL.into_iter().min_by(|&a, &b| distance(a).total_cmp(&distance(b))).unwrap_or(4)
}

fn accessible_value(ui: &Ui, response: &egui::Response) -> Option<f64> {
    use egui::accesskit::{Action, ActionData};
    ui.input(|i| {
        i.accesskit_action_requests(response.id, Action::SetValue).find_map(|request| match request.data {
            Some(ActionData::NumericValue(value)) => Some(value),
            _ => None,
        })
    })
}

/// Where stop `k` of the dial lies, in radians: the angle grows clockwise from 3 o'clock, as screen coordinates do.
pub fn angle_of(k: usize) -> f32 {
    // Few bits at the lower left, many at the lower right, as on a volume knob.
    let share = 1.0 - k as f32 / (DIAL.len() - 1) as f32;
    TAU * 0.25 + (TAU - SWEEP) / 2.0 + SWEEP * share
}

/// The stop that lies nearest to the direction of a point from the middle of the dial.
pub fn stop_at(rect: Rect, at: Pos2) -> u8 {
    let d = at - rect.center();
    let direction = Vec2::angled(d.angle());
    let alike = |k: usize| Vec2::angled(angle_of(k)).dot(direction);
    (0..DIAL.len()).max_by(|&a, &b| alike(a).total_cmp(&alike(b))).map_or(4, |k| DIAL[k])
}

fn paint(ui: &Ui, rect: Rect, bits: u8, lively: bool) {
    let painter = ui.painter();
    let visuals = ui.visuals();
    let (center, outer) = (rect.center(), rect.width() / 2.0);
    let (ring, knob) = (outer * 0.70, outer * 0.52);
    let color = theme::bits_color(visuals.dark_mode, bits);
    let at = |angle: f32, radius: f32| center + Vec2::angled(angle) * radius;
    let arc = |from: f32, to: f32, stroke: Stroke| {
        let points = (0..=48).map(|i| at(from + (to - from) * i as f32 / 48.0, ring)).collect();
        painter.add(egui::Shape::line(points, stroke));
    };
    let chosen = DIAL.iter().position(|&b| b == bits).unwrap_or(0);
    let (first, last) = (angle_of(DIAL.len() - 1), angle_of(0));
    arc(first, last, Stroke::new(3.0, visuals.widgets.noninteractive.bg_stroke.color));
    arc(first, angle_of(chosen), Stroke::new(4.0, color));
    for (k, stop) in DIAL.into_iter().enumerate() {
        let (angle, here) = (angle_of(k), k == chosen);
        painter.circle_filled(
            at(angle, ring),
            if here { 6.0 } else { 3.5 },
            if here { color } else { visuals.weak_text_color() },
        );
        let text = if here { visuals.strong_text_color() } else { visuals.text_color() };
        let size = if here { 17.0 } else { 14.0 };
        painter.text(
            at(angle, outer * 0.90),
            Align2::CENTER_CENTER,
            stop.to_string(),
            FontId::proportional(size),
            text,
        );
    }
    let fill = if lively { visuals.widgets.hovered.weak_bg_fill } else { visuals.widgets.inactive.weak_bg_fill };
    painter.circle(center, knob, fill, Stroke::new(1.0, visuals.widgets.noninteractive.bg_stroke.color));
    let needle = angle_of(chosen);
    painter.line_segment([at(needle, knob * 0.80), at(needle, knob * 0.98)], Stroke::new(4.0, color));
    middle_text(painter, center, knob, bits, visuals.strong_text_color(), visuals.text_color());
}

fn middle_text(painter: &egui::Painter, center: Pos2, knob: f32, bits: u8, strong: Color32, normal: Color32) {
    let unit = if bits == 1 { "bit" } else { "bits" };
    let text = |dy: f32, align: Align2, text: String, size: f32, color: Color32| {
        painter.text(center + vec2(0.0, knob * dy), align, text, FontId::proportional(size), color)
    };
    text(-0.08, Align2::CENTER_BOTTOM, format!("{bits} {unit}"), (knob * 0.40).clamp(15.0, 30.0), strong);
    text(0.10, Align2::CENTER_TOP, power(bits), (knob * 0.24).clamp(theme::SMALL, 18.0), normal);
}

/// How many codes a width has, with the power of two: "16 = 2⁴".
pub fn power(bits: u8) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raised = RAISED.get(usize::from(bits)).copied().unwrap_or('?');
    format!("{} = 2{raised}", 1u32 << bits)
}
