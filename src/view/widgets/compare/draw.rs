//! The panes of a comparison drawn in each of its modes.

use std::sync::Arc;
use std::time::Duration;

use egui::text::{LayoutJob, TextWrapping};
use egui::{Color32, CursorIcon, Id, Pos2, Rect, Response, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::comparison::{CompareState, Comparison, PaneContent};
use super::legend::{HEIGHT, legend_ui};
use super::lens::lens_ui;
use super::mode::Mode;
use super::pane::paint_squares;
use super::viewport::Viewport;
use crate::picture::{Picture, Window};
use crate::view::theme;
use crate::view::widgets::bounds::between;
use crate::view::widgets::compare::comparison::{HoveredPixel, shown_picture};
use crate::view::widgets::compare::pane::{PaneTexture, PixelRect, View};
use crate::view::widgets::compare::viewport::pixel_at;

/// What the pointer did in a comparison in this frame.
#[derive(Default)]
pub struct CompareResponse {
    /// The pixel under the pointer.
    pub hovered: Option<HoveredPixel>,
    /// The pane whose title or picture was clicked, from 1; the original is never chosen.
    pub clicked: Option<usize>,
    /// The pixel that was clicked, in any pane.
    pub clicked_pixel: Option<(u32, u32)>,
    /// The pixel that was clicked for a menu, in any pane.
    pub menu_pixel: Option<(u32, u32)>,
    /// What the pointer did to the picture of each pane on show.
    pub pictures: Vec<(usize, Response)>,
    /// Where each pane on show is, its title included.
    pub places: Vec<(usize, Rect)>,
    /// The room under the original where the error maps have their scales.
    pub beside_scales: Option<Rect>,
}

/// The height of a pane's title, above its picture.
pub const TITLE_HEIGHT: f32 = 22.0;

const GAP: f32 = 6.0;

/// One row is preferred when its pictures are at least this large a part of the largest there could be.
const ONE_ROW: f64 = 0.8;

const FLICKER: Duration = Duration::from_millis(500);

/// Draws the panes into all the space there is.
pub fn compare_ui(ui: &mut Ui, state: &mut CompareState, comparison: &Comparison<'_>) -> CompareResponse {
    let area = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(area);
    let mut response = CompareResponse::default();
    if comparison.extent.0 == 0 || area.width() < 40.0 || area.height() < 40.0 {
        return response;
    }
    state.textures.resize_with(comparison.panes.len().max(state.textures.len()), PaneTexture::default);
    match comparison.mode {
        Mode::SideBySide | Mode::ErrorMap | Mode::Cloud => grid_ui(ui, state, comparison, area, &mut response),
        Mode::Split => split_ui(ui, state, comparison, area, &mut response),
        Mode::Flicker => flicker_ui(ui, state, comparison, area, &mut response),
    }
    if let (Some(text), Some(HoveredPixel { pixel, .. })) = (comparison.lens, response.hovered) {
        lens_ui(ui, state, comparison, pixel, text);
    }
    response
}

fn grid_ui(ui: &mut Ui, state: &mut CompareState, c: &Comparison<'_>, area: Rect, response: &mut CompareResponse) {
    let below = if c.mode == Mode::ErrorMap { HEIGHT } else { 0.0 };
    let cells = grid(area, c.panes.len(), c.extent, TITLE_HEIGHT + below);
    let mut marks = Vec::new();
    for (i, (pane, cell)) in c.panes.iter().zip(&cells).enumerate() {
        title_ui(ui, c, i, *cell, (pane.title, pane.detail, pane.caption), response);
        let at = body(ui, cell.with_max_y(cell.bottom() - below));
        let window = state.viewport.window(at.size_f64(), extent_f64(c));
        interact(ui, c, state, i, at, window, response);
        frame(ui, c, at, window);
        let picture = shown_picture(c, i);
        if let Some(picture) = picture {
            state.textures[i].paint(ui, &view(c, picture, window), at, at.rect);
            marks_ui(ui, state, c, i, at, window);
        }
        state_of_pane(ui, pane, at);
        marks.push((at, window));
    }
    mark_pixel(ui, &marks, response.hovered);
    if c.mode == Mode::ErrorMap {
        scales_ui(ui, c, &cells, response);
    }
}

/// The scales of the error maps, with the error of the pixel under the pointer marked on them.
fn scales_ui(ui: &Ui, c: &Comparison<'_>, cells: &[Rect], response: &mut CompareResponse) {
    for (i, (pane, cell)) in c.panes.iter().zip(cells).enumerate() {
        let at = cell.with_min_y(cell.bottom() - HEIGHT);
        match pane.error_scale.filter(|_| i > 0) {
            Some(scale) => {
                let mark = response.hovered.and_then(|hovered| code_at(pane.error_map?, c.extent, hovered.pixel));
                legend_ui(ui, at, scale, mark, (c.name, i));
            }
            None if i == 0 => response.beside_scales = Some(at),
            None => {}
        }
    }
}

/// The code of a picture that may be a smaller preview.
fn code_at(picture: &Picture, extent: (u32, u32), (x, y): (u32, u32)) -> Option<u8> {
    let scaled = |v: u32, of: u32, to: u32| (u64::from(v) * u64::from(to) / u64::from(of.max(1))) as u32;
    picture.code(scaled(x, extent.0, picture.width), scaled(y, extent.1, picture.height))
}

fn split_ui(ui: &mut Ui, state: &mut CompareState, c: &Comparison<'_>, area: Rect, response: &mut CompareResponse) {
    let selected = between(c.selected, 1, c.panes.len().saturating_sub(1));
    let (base, reduced) = (&c.panes[c.base], &c.panes[selected]);
    let title = format!("{}  |  {}", base.title, reduced.title);
    // The original has no figures to set against the reduction's.
    let caption = match c.base {
        0 => reduced.caption.to_owned(),
        _ => format!("{}  |  {}", base.caption, reduced.caption),
    };
    title_ui(ui, c, selected, area, (&title, reduced.detail, &caption), response);
    let at = body(ui, area);
    let window = state.viewport.window(at.size_f64(), extent_f64(c));
    let x = at.rect.left() + at.rect.width() * state.split;
    let handle = Rect::from_center_size(pos2(x, at.rect.center().y), vec2(14.0, at.rect.height()));
    interact(ui, c, state, selected, at, window, response);
    let grip =
        ui.interact(handle, Id::unique((c.name, "split")), Sense::drag()).on_hover_cursor(CursorIcon::ResizeHorizontal);
    grip.widget_info(|| egui::WidgetInfo::slider(true, f64::from(state.split), "Split line"));
    if let Some(pointer) = grip.interact_pointer_pos().filter(|_| grip.dragged()) {
        state.split = ((pointer.x - at.rect.left()) / at.rect.width()).clamp(0.0, 1.0);
    }
    if let Some(pixel) = grip.hover_pos().and_then(|pointer| pixel_at(window, at.offset(pointer), c.extent)) {
        response.hovered = Some(HoveredPixel { pane: selected, pixel });
    }
    frame(ui, c, at, window);
    let sides = [(c.base, at.rect.with_max_x(x)), (selected, at.rect.with_min_x(x))];
    for (i, clip) in sides {
        if let Some(picture) = shown_picture(c, i) {
            state.textures[i].paint(ui, &view(c, picture, window), at, clip);
        }
    }
    marks_ui(ui, state, c, selected, at, window);
    state_of_pane(ui, reduced, at);
    let line = ui.visuals().selection.stroke.color;
    ui.painter().line_segment([pos2(x, at.rect.top()), pos2(x, at.rect.bottom())], Stroke::new(2.0, line));
    ui.painter().circle(pos2(x, at.rect.center().y), 7.0, ui.visuals().panel_fill, Stroke::new(2.0, line));
    mark_pixel(ui, &[(at, window)], None);
}

fn flicker_ui(ui: &mut Ui, state: &mut CompareState, c: &Comparison<'_>, area: Rect, response: &mut CompareResponse) {
    let selected = between(c.selected, 1, c.panes.len().saturating_sub(1));
    let turns = ui.input(|i| i.time) / FLICKER.as_secs_f64();
    let turn = turns as u64 % 2;
    // The next frame comes with the next turn, and no sooner.
    ui.ctx().request_repaint_after(FLICKER.mul_f64(1.0 - turns.fract()));
    let now = if c.show_original { 0 } else { [c.base, selected][turn as usize] };
    let pane = &c.panes[now];
    title_ui(
        ui,
        c,
        selected,
        area,
        (&format!("Now: {}", pane.title), pane.detail, c.panes[selected].caption),
        response,
    );
    let at = body(ui, area);
    let window = state.viewport.window(at.size_f64(), extent_f64(c));
    interact(ui, c, state, now, at, window, response);
    frame(ui, c, at, window);
    if let Some(picture) = pane.picture {
        state.textures[now].paint(ui, &view(c, picture, window), at, at.rect);
        marks_ui(ui, state, c, now, at, window);
    }
    state_of_pane(ui, &c.panes[selected], at);
}

fn view<'a>(c: &Comparison<'a>, picture: &'a Arc<Picture>, window: Window) -> View<'a> {
    View { name: c.name, picture, extent: c.extent, window }
}

fn extent_f64(c: &Comparison<'_>) -> (f64, f64) {
    (f64::from(c.extent.0), f64::from(c.extent.1))
}

/// The places of so many panes of pictures of this size: equal cells in as many columns as show the picture largest; `chrome` of each one's height is not picture.
pub fn grid(area: Rect, panes: usize, extent: (u32, u32), chrome: f32) -> Vec<Rect> {
    let cell_of = |columns: usize| {
        let rows = panes.div_ceil(columns);
        let width = (area.width() - GAP * (columns - 1) as f32) / columns as f32;
        let height = (area.height() - GAP * (rows - 1) as f32) / rows as f32;
        vec2(width, height)
    };
    let zoom = |columns: usize| {
        let cell = cell_of(columns);
        let pane = (f64::from(cell.x), f64::from((cell.y - chrome).max(1.0)));
        (pane.0 / f64::from(extent.0)).min(pane.1 / f64::from(extent.1))
    };
    // One row is worth a little size: the figures under the panes then stand under their pane.
    // No more columns than so many rows need: the last one alone may have cells left over.
    let filled = (1..=panes).filter(|columns| panes.div_ceil(panes.div_ceil(*columns)) == *columns);
    let best = filled.max_by(|&a, &b| zoom(a).total_cmp(&zoom(b))).unwrap_or(1);
    let columns = if zoom(panes) >= ONE_ROW * zoom(best) { panes } else { best };
    let cell = cell_of(columns);
    (0..panes)
        .map(|i| {
            let step = vec2((cell.x + GAP) * (i % columns) as f32, (cell.y + GAP) * (i / columns) as f32);
            Rect::from_min_size(area.min + step, cell)
        })
        .collect()
}

fn body(ui: &Ui, cell: Rect) -> PixelRect {
    PixelRect::new(cell.with_min_y(cell.top() + TITLE_HEIGHT), ui.ctx().pixels_per_point())
}

fn title_ui(
    ui: &mut Ui,
    c: &Comparison<'_>,
    i: usize,
    cell: Rect,
    (title, detail, caption): (&str, &str, &str),
    response: &mut CompareResponse,
) {
    response.places.push((i, cell));
    let bar = cell.with_max_y(cell.top() + TITLE_HEIGHT);
    let chosen = i == c.selected && i > 0;
    let bar_response = ui.interact(bar, Id::unique((c.name, "title", i)), Sense::click());
    bar_response.widget_info(|| {
        egui::WidgetInfo::selected(egui::accesskit::Role::Button, true, chosen, format!("Pane {title}  {caption}"))
    });
    if bar_response.clicked() && i > 0 {
        response.clicked = Some(i);
    }
    let visuals = ui.visuals();
    let color = if chosen { theme::accent(visuals.dark_mode) } else { visuals.strong_text_color() };
    let text = bar.with_max_x(bar.right() - c.panes[i].room);
    let painter = ui.painter().with_clip_rect(text.intersect(ui.clip_rect()));
    let mut name = LayoutJob::simple_singleline(title.to_owned(), theme::body_font(), color);
    name.wrap = TextWrapping::truncate_at_width(text.width() - 4.0);
    let name = painter.layout_job(name);
    let drawn = Rect::from_min_size(pos2(bar.left() + 2.0, bar.center().y - name.size().y / 2.0), name.size());
    painter.galley(drawn.min, name, color);
    let small = |text: &str, color| painter.layout_no_wrap(text.to_owned(), theme::small_font(), color);
    // As many of the figures as there is room for: one that is cut in half would be another figure.
    let mut figures = small(caption, visuals.text_color());
    let mut shown = caption;
    while !shown.is_empty() && drawn.right() + 8.0 + figures.size().x > text.right() - 2.0 {
        shown = shown.rsplit_once("  ").map_or("", |(first, _)| first.trim_end());
        figures = small(shown, visuals.text_color());
    }
    let left = text.right() - 2.0 - figures.size().x;
    let y = bar.center().y - figures.size().y / 2.0;
    let detail = small(detail, visuals.weak_text_color());
    if drawn.right() + 8.0 + detail.size().x + 10.0 <= left {
        painter.galley(pos2(drawn.right() + 8.0, y), detail, visuals.weak_text_color());
    }
    painter.galley(pos2(left, y), figures, visuals.text_color());
    if chosen {
        let y = bar.bottom() - 1.0;
        ui.painter().line_segment([pos2(bar.left(), y), pos2(bar.right(), y)], Stroke::new(2.0, color));
    }
}

/// Pan, zoom, hover and click on a pane's picture.
fn interact(
    ui: &Ui,
    c: &Comparison<'_>,
    state: &mut CompareState,
    i: usize,
    at: PixelRect,
    window: Window,
    response: &mut CompareResponse,
) {
    // In turn, they are one picture to the pointer: a drag goes on when the other one comes.
    let place = if c.mode == Mode::Flicker { 0 } else { i };
    let picture_response = ui.interact(at.rect, Id::unique((c.name, "picture", place)), Sense::click_and_drag());
    let title = c.panes[i].title;
    picture_response
        .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, format!("Picture {title}")));
    if picture_response.hovered() && !state.viewport.is_fit() {
        ui.ctx().set_cursor_icon(CursorIcon::Grab);
    }
    if picture_response.dragged() {
        let by = picture_response.drag_delta() * at.per_point;
        state.viewport.pan((f64::from(by.x), f64::from(by.y)));
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
    }
    let clicked_pixel = || {
        let pointer = picture_response.interact_pointer_pos()?;
        pixel_at(window, at.offset(pointer), c.extent)
    };
    if picture_response.secondary_clicked() {
        response.clicked = Some(i).filter(|&i| i > 0);
        response.menu_pixel = clicked_pixel();
    } else if picture_response.double_clicked() {
        if state.viewport.is_fit() { state.viewport.set_zoom(1.0) } else { state.viewport.fit() }
    } else if picture_response.clicked() {
        response.clicked = Some(i).filter(|&i| i > 0);
        response.clicked_pixel = clicked_pixel();
    }
    if let Some(pointer) = picture_response.hover_pos() {
        let offset = at.offset(pointer);
        if let Some(pixel) = pixel_at(window, offset, c.extent) {
            response.hovered = Some(HoveredPixel { pane: i, pixel });
        }
        let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta.y, input.zoom_delta()));
        let factor = f64::from(pinch) * (f64::from(scroll) / 240.0).exp2();
        if factor != 1.0 {
            state.viewport.zoom_about(offset, factor);
            ui.ctx().request_repaint();
        }
    }
    response.pictures.push((i, picture_response));
}

/// The ground that the picture lies on.
fn frame(ui: &Ui, c: &Comparison<'_>, at: PixelRect, window: Window) {
    ui.painter().rect_filled(at.rect, 0.0, theme::picture_ground(ui.visuals().dark_mode));
    if c.transparent {
        let corner = at.place(window, (0.0, 0.0), 1.0).min;
        let size = vec2(c.extent.0 as f32, c.extent.1 as f32) * window.zoom as f32 / at.per_point;
        paint_squares(ui, Rect::from_min_size(corner, size).intersect(at.rect), 8.0);
    }
}

/// What is pointed at elsewhere, on pane `i`.
fn marks_ui(ui: &Ui, state: &mut CompareState, c: &Comparison<'_>, i: usize, at: PixelRect, window: Window) {
    let painter = ui.painter().with_clip_rect(at.rect.intersect(ui.clip_rect()));
    if let Some(veil) = c.marks.veil {
        state.veils.resize_with(c.panes.len().max(state.veils.len()), PaneTexture::default);
        state.veils[i].paint(ui, &View { name: "veil", ..view(c, veil, window) }, at, at.rect);
    }
    let outline = |rect: Rect| {
        painter.rect_stroke(rect, 0.0, Stroke::new(3.0, Color32::from_black_alpha(160)), StrokeKind::Outside);
        painter.rect_stroke(rect, 0.0, Stroke::new(1.5, Color32::WHITE), StrokeKind::Outside);
    };
    for &(x, y) in c.marks.pixels {
        let cell = at.place(window, (f64::from(x), f64::from(y)), 1.0);
        outline(if cell.width() >= 6.0 { cell } else { Rect::from_center_size(cell.center(), vec2(6.0, 6.0)) });
    }
    if let Some(row) = c.marks.row {
        let first = at.place(window, (0.0, f64::from(row)), 1.0);
        let last = at.place(window, (f64::from(c.extent.0.saturating_sub(1)), f64::from(row)), 1.0);
        let whole = first.union(last);
        outline(Rect::from_center_size(whole.center(), vec2(whole.width(), whole.height().max(2.0))));
    }
}

/// A ring while something newer is on its way, the picture as it is: a tint would be taken for the result. A message
/// where there is nothing.
fn state_of_pane(ui: &Ui, pane: &PaneContent<'_>, at: PixelRect) {
    let visuals = ui.visuals();
    if let Some(message) = pane.message {
        let galley =
            ui.painter().layout(message.to_owned(), theme::body_font(), visuals.text_color(), at.rect.width() - 20.0);
        ui.painter().galley(at.rect.center() - galley.size() / 2.0, galley, visuals.text_color());
    } else if let Some(progress) = pane.stale {
        ring(ui, at.rect.right_top() + vec2(-18.0, 18.0), progress);
    }
}

/// How far something newer is, as a part of a circle.
pub fn ring(ui: &Ui, center: Pos2, progress: f32) {
    let arc = |share: f32, color: Color32, width: f32| {
        let points: Vec<Pos2> = (0..=32)
            .map(|k| {
                let angle = -std::f32::consts::FRAC_PI_2 + std::f32::consts::TAU * share * k as f32 / 32.0;
                center + egui::Vec2::angled(angle) * 8.0
            })
            .collect();
        ui.painter().add(egui::Shape::line(points, Stroke::new(width, color)));
    };
    ui.painter().circle_filled(center, 12.0, ui.visuals().panel_fill.gamma_multiply(0.8));
    arc(1.0, ui.visuals().weak_text_color(), 2.0);
    arc(progress.clamp(0.05, 1.0), theme::accent(ui.visuals().dark_mode), 3.0);
}

/// Outlines the pixel under the pointer in every pane.
fn mark_pixel(ui: &Ui, panes: &[(PixelRect, Window)], hovered: Option<HoveredPixel>) {
    let Some(HoveredPixel { pane: over, pixel: (x, y) }) = hovered else { return };
    for (i, (at, window)) in panes.iter().enumerate() {
        let cell = at.place(*window, (f64::from(x), f64::from(y)), 1.0);
        let painter = ui.painter().with_clip_rect(at.rect.intersect(ui.clip_rect()));
        let mark = if cell.width() >= 6.0 { cell } else { Rect::from_center_size(cell.center(), vec2(9.0, 9.0)) };
        if i != over || cell.width() >= 6.0 {
            painter.rect_stroke(mark, 0.0, Stroke::new(3.0, Color32::from_black_alpha(160)), StrokeKind::Outside);
            painter.rect_stroke(mark, 0.0, Stroke::new(1.5, Color32::WHITE), StrokeKind::Outside);
        }
    }
}

/// How a zoom is written: "Fit (43 %)", "100 %".
pub fn zoom_label(viewport: &Viewport) -> String {
    let percent = viewport.zoom() * 100.0;
    let digits = if percent < 10.0 { format!("{percent:.1} %") } else { format!("{percent:.0} %") };
    if viewport.is_fit() { format!("Fit ({digits})") } else { digits }
}
