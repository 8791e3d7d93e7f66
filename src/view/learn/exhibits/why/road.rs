//! A winding road from above, the car that rounds on it, and the angles it steered.

use std::time::{Duration, Instant};

use egui::{Align2, Color32, Pos2, Rect, RichText, Sense, Shape, Stroke, Ui, Vec2, pos2, vec2};

use super::super::super::exhibit::{PLAY, turned};
use crate::figures;
use crate::lesson::exhibits::why::WhyShow;
use crate::lesson::exhibits::why::driver::{HALF_WIDTH, Journey, LOCK, Track};
use crate::run::DIAL;
use crate::view::theme;
use crate::view::widgets::bounds::between;

/// The road and the distance from its middle are drawn so many times as wide as they are: to scale a swerve of a
/// metre would be a pixel.
const WIDER: f32 = 3.0;
/// How long the whole road takes.
const RIDE: f32 = 7.0;

pub(super) fn road_ui(ui: &mut Ui, settings: &mut WhyShow, shown: Option<&Journey>, started: &mut Option<Instant>) {
    let before = *settings;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for bits in DIAL {
            let words = match bits {
                2 => "2: left, straight, right".to_owned(),
                1 => "1: left, right".to_owned(),
                bits => format!("{bits} bits"),
            };
            ui.selectable_value(&mut settings.bits, bits, words).on_hover_text(turned("Bits of a steering angle"));
        }
    });
    ui.horizontal(|ui| {
        ui.selectable_value(&mut settings.eyes, true, "Eyes open")
            .on_hover_text(PLAY.tip_for("Every two metres the driver looks at the road and steers anew"));
        ui.selectable_value(&mut settings.eyes, false, "From memory").on_hover_text(
            PLAY.tip_for("The exact angles were noted before; now they are driven, rounded, with closed eyes"),
        );
        if ui.button("Drive again").clicked() || *settings != before {
            *started = Some(Instant::now());
        }
    });
    let Some(journey) = shown else { return };
    let share = match *started {
        Some(since) => since.elapsed().as_secs_f32() / RIDE,
        None => 1.0,
    };
    if share < 1.0 {
        ui.ctx().request_repaint_after(Duration::from_millis(16));
    }
    let gone = between((journey.exact.places.len() as f32 * share) as usize, 1, journey.exact.places.len());
    let strip = (ui.available_height() * 0.26).clamp(70.0, 150.0);
    let below = 26.0;
    map_ui(ui, journey, gone, ui.available_height() - strip - below - 3.0 * ui.spacing().item_spacing.y);
    steering_ui(ui, journey, gone, strip);
    ui.label(RichText::new(words(journey, gone)).strong());
}

fn words(journey: &Journey, gone: usize) -> String {
    let track = &journey.rounded;
    let far = track.offset.iter().take(gone).fold(0.0f32, |most, o| most.max(o.abs()));
    match track.left_road.filter(|_| gone >= track.places.len()) {
        Some(metres) => format!("Off the road after {metres:.0} m."),
        None => format!(
            "Up to {} m from the middle of a road of {} m. The wheels are turned {}° a metre; by the exact driver {}°.",
            figures::significant(f64::from(far)),
            figures::significant(f64::from(2.0 * HALF_WIDTH)),
            figures::significant(f64::from(track.turned())),
            figures::significant(f64::from(journey.exact.turned()))
        ),
    }
}

/// The road fitted into the space, its line in the middle, the exact track and the rounded one.
fn map_ui(ui: &mut Ui, journey: &Journey, gone: usize, height: f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height.max(80.0)), Sense::hover());
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, "A road from above with a car"));
    let dark = ui.visuals().dark_mode;
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.rect_filled(rect, 3.0, theme::field(dark));
    let bounds = journey.road.middle.iter().fold(Rect::NOTHING, |mut bounds, &[x, y]| {
        bounds.extend_with(pos2(x, -y));
        bounds
    });
    let room = rect.shrink(24.0);
    let scale = (room.width() / bounds.width().max(1.0)).min(room.height() / bounds.height().max(1.0));
    let place = |&[x, y]: &[f32; 2]| room.center() + (pos2(x, -y) - bounds.center()) * scale;
    let points = |places: &[[f32; 2]]| places.iter().map(place).collect::<Vec<Pos2>>();
    let wide = (WIDER * 2.0 * HALF_WIDTH * scale).max(3.0);
    painter.add(Shape::line(points(&journey.road.middle), Stroke::new(wide, theme::asphalt(dark))));
    let dashes = Shape::dashed_line(&points(&journey.road.middle), Stroke::new(1.0, theme::field(dark)), 6.0, 6.0);
    painter.extend(dashes);
    let driven = gone.min(journey.rounded.places.len());
    let color = track_color(ui, &journey.rounded, driven);
    let way = points(&exaggerated(journey, driven));
    painter.add(Shape::line(way.clone(), Stroke::new(2.0, color)));
    car(&painter, &way[way.len().saturating_sub(8)..], color, 14.0);
    let note = format!("road and swerve {WIDER:.0} × as wide as they are");
    painter.text(
        rect.left_bottom() + vec2(6.0, -3.0),
        Align2::LEFT_BOTTOM,
        note,
        theme::small_font(),
        ui.visuals().strong_text_color(),
    );
}

/// The way that was driven, with its distance from the middle of the road drawn [`WIDER`].
fn exaggerated(journey: &Journey, driven: usize) -> Vec<[f32; 2]> {
    let track = &journey.rounded;
    let aside = |(place, nearest): (&[f32; 2], &usize)| {
        let middle = journey.road.middle.get(*nearest).unwrap_or(place);
        [0, 1].map(|axis| middle[axis] + WIDER * (place[axis] - middle[axis]))
    };
    track.places.iter().zip(&track.nearest).take(driven).map(aside).collect()
}

fn track_color(ui: &Ui, track: &Track, driven: usize) -> Color32 {
    let off = track.left_road.is_some() && driven >= track.places.len();
    if off { theme::error(ui.visuals().dark_mode) } else { theme::accent(ui.visuals().dark_mode) }
}

/// An arrowhead at the last point, along the last stretch.
fn car(painter: &egui::Painter, last: &[Pos2], color: Color32, length: f32) {
    let (Some(&from), Some(&to)) = (last.first(), last.last()) else { return };
    let along = if from == to { Vec2::X } else { (to - from).normalized() };
    let side = along.rot90() * length * 0.36;
    let tip = to + along * length * 0.6;
    let back = to - along * length * 0.4;
    let outline = Stroke::new(1.5, theme::UNTINTED);
    painter.add(Shape::convex_polygon(vec![tip, back + side, back - side], color, outline));
}

/// What was steered: the exact angle as a line, the rounded one in steps.
fn steering_ui(ui: &mut Ui, journey: &Journey, gone: usize, height: f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, "Steering angles along the way"));
    ui.painter().rect_filled(rect, 2.0, ui.visuals().extreme_bg_color);
    let plot = rect.shrink2(vec2(6.0, 18.0));
    let weak = ui.visuals().weak_text_color();
    let place = |k: usize, angle: f32| {
        let x = plot.left() + plot.width() * k as f32 / journey.exact.steering.len().max(1) as f32;
        pos2(x, plot.center().y - plot.height() / 2.0 * angle / LOCK)
    };
    if journey.angles.len() <= 15 {
        for &angle in &journey.angles {
            let y = place(0, angle).y;
            let faint = Stroke::new(1.0, ui.visuals().widgets.noninteractive.bg_stroke.color);
            ui.painter().line_segment([pos2(plot.left(), y), pos2(plot.right(), y)], faint);
        }
    }
    let line = |track: &Track, until: usize| {
        track.steering.iter().take(until).enumerate().map(|(k, a)| place(k, *a)).collect::<Vec<_>>()
    };
    let color = track_color(ui, &journey.rounded, gone);
    ui.painter().add(Shape::line(line(&journey.rounded, gone), Stroke::new(1.6, color)));
    ui.painter().add(Shape::line(line(&journey.exact, gone), Stroke::new(1.2, ui.visuals().strong_text_color())));
    let text = |at: Pos2, align: Align2, text: String, color: Color32| {
        ui.painter().text(at, align, text, theme::small_font(), color);
    };
    text(rect.left_top() + vec2(6.0, 1.0), Align2::LEFT_TOP, format!("left {LOCK:.0}°"), weak);
    text(rect.left_bottom() + vec2(6.0, -1.0), Align2::LEFT_BOTTOM, format!("right {LOCK:.0}°"), weak);
    let exact = "the exact driver's angle";
    text(rect.right_top() + vec2(-6.0, 1.0), Align2::RIGHT_TOP, exact.to_owned(), ui.visuals().strong_text_color());
    let count = journey.angles.len();
    text(rect.right_bottom() + vec2(-6.0, -1.0), Align2::RIGHT_BOTTOM, format!("rounded to {count} angles"), color);
}
