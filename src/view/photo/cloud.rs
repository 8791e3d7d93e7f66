//! The photo's colours in space, and the chosen pane's palette among them: turned by hand, with the points
//! that belong to an entry.

use egui::{
    Align, Align2, Color32, ColorImage, CursorIcon, Frame, Id, Layout, Mesh, Painter, Pos2, Rect, Response, Sense,
    Shape, Stroke, TextureHandle, TextureId, TextureOptions, Ui, UiBuilder, Vec2, pos2, vec2,
};

use crate::figures;
use crate::jobs::Running;
use crate::run::cloud::{CloudEntry, CloudReport, CloudSpace, Places};
use crate::view::command::Command;
use crate::view::document::{PhotoDocument, PhotoKey};
use crate::view::photo::cloud_state::{CloudMove, CloudState};
use crate::view::photo::pane::{color_at, entry_at, shown_report, title};
use crate::view::state::State;
use crate::view::theme;
use crate::view::widgets::bounds::between;
use crate::view::widgets::codebook::{self, hex};
use crate::view::widgets::compare::comparison::HoveredPixel;
use crate::view::widgets::compare::draw::ring;
use crate::view::widgets::orbit::{Orbit, Seen, cube_edges};
use crate::view::work::Work;

/// What is to be shown.
struct CloudContent<'a> {
    title: &'a str,
    report: Option<&'a CloudReport>,
    /// A pixel looked at: its colour, and the palette's entry that stands for it.
    probe: Option<([u8; 3], Option<usize>)>,
    /// Something newer is on its way.
    stale: bool,
    message: Option<&'a str>,
}

const TITLE: f32 = 22.0;
/// The part of the shorter side's half that the cube's diagonal takes.
const FILL: f32 = 1.06;
/// The reach, in points, at which marks have their plain size.
const PLAIN_REACH: f32 = 230.0;
/// All of a texture.
pub(crate) const WHOLE: Rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
/// With more entries than this, their discs and rings are drawn smaller.
const CROWD: usize = 64;
/// Texels a side of the disc.
const DISC: usize = 16;
/// Oklab's a and b are drawn to this, beyond all colours but pure blue.
const MOST_AB: f32 = 0.3;

/// Draws the cloud of the chosen pane and returns the room beside it.
pub fn beside_ui(
    ui: &mut Ui,
    (document, work): (&PhotoDocument, &Work),
    state: &mut State,
    commands: &mut Vec<Command>,
) -> Ui {
    let (left, right) = split(ui.available_rect_before_wrap());
    let pane = state.photo_pane;
    let wanted = PhotoKey { document: document.id, spec: state.photo.pane_spec(pane) };
    let reduced = work.photo_panes.get(pane).and_then(|slots| shown_report(slots, document.id));
    let slot = &work.photo_views.cloud;
    let shown = slot.shown().filter(|(key, _)| key.document == document.id);
    let image = &document.photo.image;
    let extent = (image.width, image.height);
    let probe = state.photo_hover.and_then(|HoveredPixel { pixel: (x, y), .. }| {
        let [r, g, b, alpha] = color_at(image, (x, y))?;
        (alpha > 0).then(|| ([r, g, b], reduced.and_then(|report| entry_at(report, extent, x, y))))
    });
    let content = CloudContent {
        title: &title(reduced, &wanted.spec),
        report: shown.map(|(_, report)| &**report),
        probe,
        stale: shown.is_some_and(|(key, _)| *key != wanted),
        message: slot.error(),
    };
    cloud_ui(ui, left, &mut state.cloud, &content, commands);
    if ui.rect_contains_pointer(left) {
        state.hover = "Drag or arrow keys turn, the wheel zooms, a double click resets. Hover an entry for its points."
            .to_owned();
    }
    ui.new_child(UiBuilder::new().max_rect(right))
}

/// The left part for the cloud, the rest for pictures.
fn split(area: Rect) -> (Rect, Rect) {
    let x = area.left() + (area.width() * 0.62).round();
    (area.with_max_x(x - 3.0), area.with_min_x(x + 3.0))
}

fn cloud_ui(ui: &mut Ui, area: Rect, state: &mut CloudState, content: &CloudContent<'_>, commands: &mut Vec<Command>) {
    title_ui(ui, area.with_max_y(area.top() + TITLE), state.space, content, commands);
    let body = area.with_min_y(area.top() + TITLE);
    let response = ui.interact(body, Id::unique("cloud"), Sense::click_and_drag());
    let name = format!("Colour cloud of {} in {}", content.title, state.space.label());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &name));
    let scene = scene(ui, body, state, &response);
    state.hovered = None;
    let Some(report) = content.report else {
        let text = content.message.unwrap_or("Placing the colours…");
        let ink = theme::on_cloud(scene.dark);
        scene.painter.text(body.center(), Align2::CENTER_CENTER, text, theme::body_font(), ink);
        return;
    };
    let drawn = Drawn::new(&scene, report, state.space);
    let pointer = response.hover_pos().filter(|_| !response.dragged());
    let under = pointer.and_then(|p| drawn.entry_under(p));
    let probed = content.probe.and_then(|(_, index)| report.entries.iter().position(|e| Some(e.index) == index));
    state.hovered = under.and_then(|k| report.entries.get(k)).map(|e| e.index);
    axes_ui(&scene, state.space);
    drawn.paint(&scene, report, under.or(probed));
    if let Some((rgb, _)) = content.probe {
        probe_ui(&scene, state.space.place(rgb), probed.map(|k| drawn.entries[k].at));
    }
    if content.stale {
        ring(ui, body.right_top() + vec2(-18.0, 18.0), 0.0);
    }
    if let Some(entry) = under.or(probed).and_then(|k| report.entries.get(k).map(|e| (k, e))) {
        entry_ui(ui, body, report, entry);
    }
}

fn load_disc(ui: &Ui) -> TextureHandle {
    let middle = (DISC - 1) as f32 / 2.0;
    let inside = |i: usize| {
        let from_middle = ((i % DISC) as f32 - middle).hypot((i / DISC) as f32 - middle);
        Color32::from_white_alpha(((middle - from_middle).clamp(0.0, 1.0) * 255.0) as u8)
    };
    let image = ColorImage::new([DISC; 2], (0..DISC * DISC).map(inside).collect());
    ui.ctx().load_texture("cloud disc", image, TextureOptions::LINEAR)
}

/// What the entry is, in a corner where it hides nothing.
fn entry_ui(ui: &mut Ui, body: Rect, report: &CloudReport, (k, chosen): (usize, &CloudEntry)) {
    let total: u64 = report.entries.iter().map(|e| e.entry.count).sum();
    let points = report.owners.iter().filter(|&&o| usize::from(o) == k).count();
    let corner = body.with_min_y(body.bottom() - 62.0).with_max_x(body.left() + 280.0).shrink(6.0);
    ui.scope_builder(UiBuilder::new().max_rect(corner).layout(Layout::left_to_right(Align::Max)), |ui| {
        Frame::popup(ui.style()).show(ui, |ui| {
            codebook::swatch_ui(ui, chosen.entry.rgba, vec2(36.0, 36.0));
            ui.vertical(|ui| {
                ui.strong(format!("{}   entry {}", hex(chosen.entry.rgba), chosen.index));
                let (count, share) = (figures::count(chosen.entry.count), figures::percent(chosen.entry.count, total));
                ui.label(format!("{count} pixels, {share}; {} points", figures::count(points as u64)));
            });
        });
    });
}

/// The title as a pane has it, and the spaces to choose from.
fn title_ui(ui: &mut Ui, bar: Rect, space: CloudSpace, content: &CloudContent<'_>, commands: &mut Vec<Command>) {
    ui.scope_builder(UiBuilder::new().max_rect(bar).layout(Layout::right_to_left(Align::Center)), |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().interact_size.y = 20.0;
        ui.spacing_mut().button_padding.y = 1.0;
        for each in CloudSpace::ALL.into_iter().rev() {
            let hint = match each {
                CloudSpace::Rgb => "The 8-bit codes of red, green and blue",
                CloudSpace::Oklab => "Lightness upright, green to red and blue to yellow across: as the eye sees",
            };
            if ui.selectable_label(each == space, each.label()).on_hover_text(hint).clicked() {
                commands.push(Command::Cloud(CloudMove::Space(each)));
            }
        }
        ui.add_space(8.0);
        if let Some(report) = content.report {
            let (points, colors) = (report.cloud.points.len() as u64, report.cloud.colors as u64);
            let text = format!("{} points for {}", figures::count(points), figures::colours(colors));
            ui.label(egui::RichText::new(text).small().weak())
                .on_hover_text("Near colours share a point. Discs are the palette, their area by use.");
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let title = egui::RichText::new(content.title).color(theme::accent(ui.visuals().dark_mode));
            ui.add(egui::Label::new(title).truncate());
        });
    });
}

/// The pointer holds the cloud as if by its front.
fn turn(ui: &Ui, state: &mut CloudState, response: &Response, reach: f32) {
    if response.dragged() {
        let by = response.drag_delta() / reach.max(1.0);
        state.orbit.turn(-by.x, by.y);
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
    }
    if response.double_clicked() {
        state.apply(CloudMove::Reset);
    }
    if response.hovered() {
        let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta.y, input.zoom_delta()));
        let factor = pinch * (scroll / 240.0).exp2();
        if factor != 1.0 {
            state.apply(CloudMove::Zoom(factor));
            ui.ctx().request_repaint();
        }
    }
}

/// An empty view of the cube, turned by what the pointer does with it.
pub(crate) fn scene(ui: &mut Ui, area: Rect, state: &mut CloudState, response: &Response) -> Scene {
    let reach = area.width().min(area.height()) / 2.0 * FILL;
    turn(ui, state, response, reach);
    let (painter, dark) = (ui.painter().with_clip_rect(area.intersect(ui.clip_rect())), ui.visuals().dark_mode);
    painter.rect_filled(area, 0.0, theme::cloud_ground(dark));
    let disc = state.disc.get_or_insert_with(|| load_disc(ui)).id();
    Scene { painter, disc, center: area.center(), reach, orbit: state.orbit, dark }
}

/// From places in the cube to places on screen.
pub(crate) struct Scene {
    pub painter: Painter,
    pub disc: TextureId,
    center: Pos2,
    /// Points from the middle to the edge of the view.
    reach: f32,
    orbit: Orbit,
    pub dark: bool,
}

impl Scene {
    pub(crate) fn see(&self, place: [f32; 3]) -> (Pos2, f32) {
        let Seen { right, up, near } = self.orbit.see(place);
        (self.center + vec2(right, -up) * self.reach, near)
    }

    pub(crate) fn at(&self, place: [f32; 3]) -> Pos2 {
        self.see(place).0
    }

    /// How large marks are drawn: with the view, and a little with the zoom.
    pub(crate) fn scale(&self) -> f32 {
        self.reach / PLAIN_REACH * self.orbit.zoom().sqrt()
    }
}

/// A point or an entry as it is drawn.
#[derive(Clone, Copy)]
struct Mark {
    at: Pos2,
    near: f32,
    radius: f32,
    /// Its place among the cloud's points or among its entries.
    index: usize,
}

/// Points, the farthest first, and entries in the order of the report.
struct Drawn {
    points: Vec<Mark>,
    entries: Vec<Mark>,
    owners: Vec<u8>,
}

impl Drawn {
    fn new(scene: &Scene, report: &CloudReport, space: CloudSpace) -> Self {
        let Places { points, entries } = &report.places[space as usize];
        let most = report.cloud.points.iter().map(|p| p.pixels).max().unwrap_or(1).max(1) as f32;
        let total = report.entries.iter().map(|e| e.entry.count).sum::<u64>().max(1) as f32;
        let mark = |index: usize, place: [f32; 3], radius: f32| {
            let (at, near) = scene.see(place);
            Mark { at, near, radius: radius * scene.scale(), index }
        };
        let points = points.iter().zip(&report.cloud.points).enumerate().map(|(i, (&place, p))| {
            let m = mark(i, place, 1.5 + 2.0 * (p.pixels as f32 / most).sqrt());
            // What is nearer looks a little larger.
            Mark { radius: m.radius * (1.0 + 0.25 * m.near), ..m }
        });
        let least = if entries.len() > CROWD { 2.6 } else { 4.0 };
        let entries = entries.iter().zip(&report.entries).enumerate().map(|(i, (&place, e))| {
            let share = e.entry.count as f32 / total;
            mark(i, place, (34.0 * share.sqrt()).max(least))
        });
        let mut drawn = Self { points: points.collect(), entries: entries.collect(), owners: report.owners.clone() };
        drawn.points.sort_unstable_by(|a, b| a.near.total_cmp(&b.near).then(a.index.cmp(&b.index)));
        drawn
    }

    /// The nearest entry whose disc is under the pointer, or else the entry of the point there.
    fn entry_under(&self, pointer: Pos2) -> Option<usize> {
        let over = |m: &&Mark, least: f32| m.at.distance(pointer) <= m.radius.max(least);
        let disc = self.entries.iter().filter(|m| over(m, 6.0)).max_by(|a, b| a.near.total_cmp(&b.near));
        let point = || self.points.iter().rev().find(|m| over(m, 4.0)).and_then(|m| self.owner(m));
        disc.map(|m| m.index).or_else(point)
    }

    fn owner(&self, point: &Mark) -> Option<usize> {
        self.owners.get(point.index).map(|&o| usize::from(o))
    }

    /// With an entry chosen, its own points stand out and hang on it by lines.
    fn paint(&self, scene: &Scene, report: &CloudReport, chosen: Option<usize>) {
        let own = |m: &Mark| chosen.is_none() || self.owner(m) == chosen;
        let discs = |marks: &mut dyn Iterator<Item = &Mark>, faint: f32| {
            let mut mesh = Mesh::with_texture(scene.disc);
            for m in marks {
                let [r, g, b] = report.cloud.points[m.index].rgb;
                let rect = Rect::from_center_size(m.at, Vec2::splat(m.radius * 2.0));
                mesh.add_rect_with_uv(rect, WHOLE, Color32::from_rgb(r, g, b).gamma_multiply(faint));
            }
            scene.painter.add(Shape::mesh(mesh));
        };
        discs(&mut self.points.iter().filter(|m| !own(m)), 0.18);
        if let Some(entry) = chosen.and_then(|k| self.entries.get(k)) {
            let line = Stroke::new(1.0, theme::on_cloud(scene.dark).gamma_multiply(0.25));
            let lines = self.points.iter().filter(|m| own(m)).map(|m| Shape::line_segment([m.at, entry.at], line));
            scene.painter.extend(lines);
        }
        discs(&mut self.points.iter().filter(|m| own(m)), 1.0);
        self.paint_entries(scene, report, chosen);
    }

    /// On top of the points, which would hide most of them.
    fn paint_entries(&self, scene: &Scene, report: &CloudReport, chosen: Option<usize>) {
        let mut order: Vec<&Mark> = self.entries.iter().collect();
        order.sort_unstable_by(|a, b| a.near.total_cmp(&b.near).then(a.index.cmp(&b.index)));
        let (ring, ground) = (theme::on_cloud(scene.dark), theme::cloud_ground(scene.dark));
        let plain = if order.len() > CROWD { 1.0 } else { 1.5 };
        for m in order {
            let [r, g, b, _] = report.entries[m.index].entry.rgba;
            let is_chosen = chosen == Some(m.index);
            let (color, width) = if is_chosen { (theme::accent(scene.dark), 3.0) } else { (ring, plain) };
            scene.painter.circle_filled(m.at, m.radius + width + plain - 0.5, ground);
            scene.painter.circle(m.at, m.radius, Color32::from_rgb(r, g, b), Stroke::new(width, color));
        }
    }
}

/// The pixel looked at, on a line to its entry.
fn probe_ui(scene: &Scene, place: [f32; 3], entry: Option<Pos2>) {
    let at = scene.at(place);
    let accent = theme::accent(scene.dark);
    if let Some(entry) = entry {
        scene.painter.line_segment([at, entry], Stroke::new(2.0, accent));
    }
    let arms = 7.0 * scene.reach / PLAIN_REACH;
    for (width, color) in [(4.0, theme::cloud_ground(scene.dark)), (2.0, accent)] {
        for (dx, dy) in [(arms, arms), (arms, -arms)] {
            scene.painter.line_segment([at - vec2(dx, dy), at + vec2(dx, dy)], Stroke::new(width, color));
        }
    }
}

fn axes_ui(scene: &Scene, space: CloudSpace) {
    match space {
        CloudSpace::Rgb => rgb_axes(scene),
        CloudSpace::Oklab => oklab_axes(scene),
    }
}

pub(crate) fn rgb_axes(scene: &Scene) {
    let faint = Stroke::new(1.0, theme::on_cloud(scene.dark).gamma_multiply(0.35));
    for (a, b) in cube_edges() {
        scene.painter.line_segment([scene.at(a), scene.at(b)], faint);
    }
    let colors = theme::channel_colors(scene.dark);
    for ((axis, name), color) in CloudSpace::Rgb.axes().into_iter().enumerate().zip(colors) {
        let (from, mut to) = ([-1.0; 3], [-1.0; 3]);
        to[axis] = 1.0;
        scene.painter.line_segment([scene.at(from), scene.at(to)], Stroke::new(2.0, color));
        label(scene, to, from, name);
    }
    label(scene, [-1.0; 3], [1.0; 3], "black");
    label(scene, [1.0; 3], [-1.0; 3], "white");
}

fn oklab_axes(scene: &Scene) {
    let ink = theme::on_cloud(scene.dark);
    let (faint, plain) = (Stroke::new(1.0, ink.gamma_multiply(0.3)), Stroke::new(1.5, ink.gamma_multiply(0.7)));
    let most = MOST_AB * 2.0;
    for (a, b) in cube_edges() {
        let [a, b] = [a, b].map(|[x, y, z]| scene.at([x * most, y, z * most]));
        scene.painter.line_segment([a, b], faint);
    }
    let line = |from: [f32; 3], to: [f32; 3]| {
        scene.painter.line_segment([scene.at(from), scene.at(to)], plain);
    };
    line([0.0, -1.0, 0.0], [0.0, 1.0, 0.0]);
    line([-most, -1.0, 0.0], [most, -1.0, 0.0]);
    line([0.0, -1.0, -most], [0.0, -1.0, most]);
    label(scene, [0.0, 1.0, 0.0], [0.0, -1.0, 0.0], "L 1, white");
    label(scene, [0.0, -1.0, 0.0], [0.0, 1.0, 0.0], "L 0, black");
    for (sign, a_name, b_name) in [(-1.0, "a −0.3, green", "b −0.3, blue"), (1.0, "a +0.3, red", "b +0.3, yellow")]
    {
        let middle = [0.0, -1.0, 0.0];
        label(scene, [sign * most, -1.0, 0.0], middle, a_name);
        label(scene, [0.0, -1.0, sign * most], middle, b_name);
    }
}

/// At the end of an axis, beyond it as seen from `from`.
fn label(scene: &Scene, end: [f32; 3], from: [f32; 3], text: &str) {
    let (at, start) = (scene.at(end), scene.at(from));
    let outward = (at - start).normalized();
    let font = egui::FontId::proportional(theme::BODY * (scene.reach / PLAIN_REACH).clamp(0.9, 1.8));
    let ink = theme::on_cloud(scene.dark);
    let galley = scene.painter.layout_no_wrap(text.to_owned(), font, ink);
    let half = galley.size() / 2.0;
    let middle = at + outward * 6.0 + vec2(outward.x * half.x, outward.y * half.y);
    let view = scene.painter.clip_rect();
    let most = (view.max - galley.size()).max(view.min);
    let corner = pos2(between(middle.x - half.x, view.min.x, most.x), between(middle.y - half.y, view.min.y, most.y));
    scene.painter.rect_filled(
        Rect::from_min_size(corner, galley.size()).expand(1.0),
        2.0,
        theme::cloud_ground(scene.dark).gamma_multiply(0.7),
    );
    scene.painter.galley(corner, galley, ink);
}
