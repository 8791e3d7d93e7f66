//! A magnifier at the pointer: the same spot of every pane at once, each pixel as a square.

use egui::{Area, Color32, Frame, Id, Order, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};

use super::comparison::{CompareState, Comparison, LensText, shown_picture};
use super::pane::{PaneTexture, PixelRect, View, paint_squares};
use crate::picture::Window;
use crate::view::theme;

/// Physical pixels a picture pixel.
pub(super) const ZOOM: usize = 8;
/// Side of a pane's part in points, about.
const SIDE: f32 = 112.0;
const GAP: f32 = 8.0;
const LINE: f32 = 15.0;
/// Distance of the magnifier from the pointer, so that the spot itself stays in sight.
const AWAY: f32 = 22.0;
const LINES: usize = 3;

pub(super) fn lens_ui(ui: &Ui, state: &mut CompareState, c: &Comparison<'_>, pixel: (u32, u32), text: LensText<'_>) {
    let Some(pointer) = ui.input(|i| i.pointer.hover_pos()) else { return };
    let per_point = ui.ctx().pixels_per_point();
    let pixels = pixels_a_side(per_point);
    let side = (pixels * ZOOM) as f32 / per_point;
    let tile = vec2(side, LINE * (1 + LINES) as f32 + side);
    let frame = Frame::popup(ui.style());
    let panes = c.panes.len();
    let inner = vec2((tile.x + GAP) * panes as f32 - GAP, tile.y);
    let at = place(pointer, inner + frame.total_margin().sum(), ui.ctx().content_rect());
    state.lens.resize_with(panes.max(state.lens.len()), PaneTexture::default);
    Area::new(Id::unique((c.name, "lens"))).order(Order::Tooltip).interactable(false).fixed_pos(at).show(
        ui.ctx(),
        |ui| {
            frame.show(ui, |ui| {
                let (area, response) = ui.allocate_exact_size(inner, Sense::hover());
                let name = format!("Magnifier {ZOOM}× at ({}, {})", pixel.0, pixel.1);
                response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &name));
                for i in 0..panes {
                    let corner = area.min + vec2((tile.x + GAP) * i as f32, 0.0);
                    tile_ui(ui, state, c, i, (Rect::from_min_size(corner, tile), side), pixel, &text(i, pixel));
                }
            });
        },
    );
}

/// How many pixels a side the lens shows at so many physical pixels a point: an odd number, so that one of them is in the middle.
pub fn pixels_a_side(per_point: f32) -> usize {
    ((SIDE * per_point / ZOOM as f32) as usize).max(3) | 1
}

/// Where the lens has its upper left corner: right of and below the pointer, or on the side where there is room.
pub fn place(pointer: Pos2, size: Vec2, screen: Rect) -> Pos2 {
    let along = |at: f32, size: f32, from: f32, to: f32| {
        let (after, before) = (at + AWAY, at - AWAY - size);
        if after + size <= to || before < from { after.min(to - size).max(from) } else { before }
    };
    pos2(
        along(pointer.x, size.x, screen.left(), screen.right()),
        along(pointer.y, size.y, screen.top(), screen.bottom()),
    )
}

fn tile_ui(
    ui: &Ui,
    state: &mut CompareState,
    c: &Comparison<'_>,
    i: usize,
    (tile, side): (Rect, f32),
    (x, y): (u32, u32),
    lines: &[String],
) {
    let chosen = i > 0 && i == c.selected;
    let visuals = ui.visuals();
    let strong = if chosen { theme::accent(visuals.dark_mode) } else { visuals.strong_text_color() };
    text_in(ui, tile.min, side, c.panes[i].title, strong);
    let at = PixelRect::new(
        Rect::from_min_size(tile.min + vec2(0.0, LINE + 1.0), Vec2::splat(side)),
        ui.ctx().pixels_per_point(),
    );
    ui.painter().rect_filled(at.rect, 0.0, theme::picture_ground(visuals.dark_mode));
    let middle = at.size[0] as f64 / ZOOM as f64 / 2.0;
    let zoom = ZOOM as f64;
    let window = Window { left: f64::from(x) + 0.5 - middle, top: f64::from(y) + 0.5 - middle, zoom };
    if c.transparent {
        paint_squares(ui, at.rect, 8.0);
    }
    if let Some(picture) = shown_picture(c, i) {
        state.lens[i].paint(ui, &View { name: c.name, picture, extent: c.extent, window }, at, at.rect);
    }
    let cell = at.place(window, (f64::from(x), f64::from(y)), 1.0);
    ui.painter().rect_stroke(cell, 0.0, Stroke::new(3.0, Color32::from_black_alpha(160)), StrokeKind::Outside);
    ui.painter().rect_stroke(cell, 0.0, Stroke::new(1.5, Color32::WHITE), StrokeKind::Outside);
    for (k, line) in lines.iter().take(LINES).enumerate() {
        let below = pos2(tile.left(), at.rect.bottom() + 2.0 + LINE * k as f32);
        text_in(ui, below, side, line, visuals.text_color());
    }
}

/// One line, cut where the tile ends.
fn text_in(ui: &Ui, at: Pos2, width: f32, text: &str, color: Color32) {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), theme::small_font(), color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(width);
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(at, galley, color);
}
