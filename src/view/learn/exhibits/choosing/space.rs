//! The photo's colours in space, with the boxes that are split or the entries that move.

use egui::{Align2, Color32, Id, Mesh, Rect, Sense, Shape, Stroke, Ui, Vec2};

use crate::engine::trace::{Bounds, Phase, Snapshot};
use crate::lesson::exhibits::choosing::compute::{Choosing, Moment};
use crate::run::cloud::CloudSpace;
use crate::view::photo::cloud::{self, Scene};
use crate::view::photo::cloud_state::CloudState;
use crate::view::theme;

pub(super) fn space_ui(
    ui: &mut Ui,
    area: Rect,
    state: &mut CloudState,
    choosing: &Choosing,
    moment: Moment,
    before: Option<Moment>,
) {
    let response = ui.interact(area, Id::unique("lesson-space"), Sense::click_and_drag());
    let Some(now) = choosing.colors.snapshots.get(moment.colors) else { return };
    let name = format!("{} colours in space; drag to turn", now.entries.len());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &name));
    let scene = cloud::scene(ui, area, state, &response);
    cloud::rgb_axes(&scene);
    points(&scene, choosing);
    for bounds in &now.boxes {
        edges(&scene, bounds);
    }
    if now.phase != Phase::Split
        && let Some(before) = before.and_then(|m| choosing.colors.snapshots.get(m.colors))
    {
        trails(&scene, before, now);
    }
    entries(&scene, now);
    let on = theme::on_cloud(scene.dark);
    let words = format!("{} colours", now.entries.len());
    scene.painter.text(area.left_top() + Vec2::new(8.0, 12.0), Align2::LEFT_CENTER, words, theme::body_font(), on);
}

fn place(codes: [f32; 3]) -> [f32; 3] {
    codes.map(|v| v / 127.5 - 1.0)
}

/// The farthest first.
fn points(scene: &Scene, choosing: &Choosing) {
    let most = choosing.points.iter().map(|p| p.pixels).max().unwrap_or(1).max(1) as f32;
    let mut marks: Vec<_> = choosing
        .points
        .iter()
        .map(|p| {
            let (at, near) = scene.see(CloudSpace::Rgb.place(p.rgb));
            (near, at, (1.3 + 1.6 * (p.pixels as f32 / most).sqrt()) * scene.scale(), p.rgb)
        })
        .collect();
    marks.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut mesh = Mesh::with_texture(scene.disc);
    for (_, at, radius, [r, g, b]) in marks {
        let rect = Rect::from_center_size(at, Vec2::splat(radius * 2.0));
        mesh.add_rect_with_uv(rect, cloud::WHOLE, Color32::from_rgb(r, g, b));
    }
    scene.painter.add(Shape::mesh(mesh));
}

/// The twelve edges of a box.
fn edges(scene: &Scene, bounds: &Bounds<3>) {
    let corner = |k: usize| place([0, 1, 2].map(|c| if k >> c & 1 == 1 { bounds.high[c] } else { bounds.low[c] }));
    let stroke = Stroke::new(1.2, theme::on_cloud(scene.dark).gamma_multiply(0.75));
    for k in 0..8usize {
        for bit in [1, 2, 4].into_iter().filter(|bit| k & bit == 0) {
            scene.painter.line_segment([scene.at(corner(k)), scene.at(corner(k | bit))], stroke);
        }
    }
}

/// How far each entry came since the moment before.
fn trails(scene: &Scene, before: &Snapshot<3>, now: &Snapshot<3>) {
    if before.entries.len() != now.entries.len() || now.phase == Phase::Stored {
        return;
    }
    let stroke = Stroke::new(2.0, theme::accent(scene.dark));
    for (&from, &to) in before.entries.iter().zip(&now.entries) {
        scene.painter.line_segment([scene.at(place(from)), scene.at(place(to))], stroke);
    }
}

fn entries(scene: &Scene, now: &Snapshot<3>) {
    let (ring, ground) = (theme::on_cloud(scene.dark), theme::cloud_ground(scene.dark));
    let mut marks: Vec<_> = now.entries.iter().map(|&e| (scene.see(place(e)), e)).collect();
    marks.sort_unstable_by(|a, b| a.0.1.total_cmp(&b.0.1));
    for ((at, _), codes) in marks {
        let [r, g, b] = codes.map(|v| v.round().clamp(0.0, 255.0) as u8);
        scene.painter.circle_filled(at, 9.0, ground);
        scene.painter.circle(at, 7.0, Color32::from_rgb(r, g, b), Stroke::new(1.5, ring));
    }
}
