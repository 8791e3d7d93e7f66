//! One block of 8 × 8 on its way through JPEG: four squares of numbers.

use egui::{Align2, Color32, FontId, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::engine::colour::luma_from_srgb8;
use crate::picture::colourmap;
use crate::signal::jpeg::block::Block;
use crate::signal::jpeg::cells::{CELLS, SIDE};
use crate::signal::jpeg::plane::wave;
use crate::view::learn::drawing::{caption, image_area};
use crate::view::theme;

const TITLE: f32 = 18.0;
const GAP: f32 = 8.0;
/// Text and ground of each cell.
type Cells<'a> = &'a dyn Fn(usize) -> (String, Color32);

/// The side of a cell when two rows of so many squares stand in this much room.
pub(super) fn cell_side(width: f32, height: f32, across: usize) -> f32 {
    let side = SIDE as f32;
    ((width - GAP) / (across as f32 * side)).min((height - 2.0 * TITLE - GAP) / (2.0 * side)).floor().max(8.0)
}

pub(super) fn squares_width(cell: f32, across: usize) -> f32 {
    (across * SIDE) as f32 * cell + GAP
}

/// Pixels and waves, one above the other: before anything is rounded, and so with a decimal. Returns the frequency
/// under the pointer.
pub(super) fn waves_ui(ui: &mut Ui, corner: egui::Pos2, cell: f32, block: &Block, lit: Option<usize>) -> Option<usize> {
    let side = vec2(cell, cell) * SIDE as f32;
    let below = corner + vec2(0.0, 2.0 * TITLE + side.y + GAP);
    pixels_ui(ui, Rect::from_min_size(corner + vec2(0.0, TITLE), side), block, lit, false);
    let top = top_of(block);
    let frequencies = |f: usize| {
        let x = block.frequencies[f];
        let text = if x.abs() < 9.95 { format!("{x:.1}") } else { format!("{x:.0}") };
        (text.replace("-0.0", "0.0"), signed(x, top))
    };
    square_ui(ui, Rect::from_min_size(below, side), "As 64 waves: how much of each", &frequencies, lit)
}

/// Where the colours of the frequencies end: the first would outshine all others.
fn top_of(block: &Block) -> f32 {
    block.frequencies.iter().skip(1).fold(40.0f32, |top, x| top.max(x.abs()))
}

fn signed(x: f32, top: f32) -> Color32 {
    color_of(colourmap::diverging()[(127.0 + 127.0 * (x / top).clamp(-1.0, 1.0)) as usize])
}

/// Draws the squares and returns the frequency under the pointer. `lit` is the frequency whose wave is shown;
/// `after`: the pixels as they come back.
pub(super) fn block_ui(
    ui: &mut Ui,
    corner: egui::Pos2,
    cell: f32,
    block: &Block,
    lit: Option<usize>,
    after: bool,
) -> Option<usize> {
    let side = cell * SIDE as f32;
    let place = |column: f32, row: f32| {
        let min = corner + vec2(column * (side + GAP), TITLE + row * (side + TITLE + GAP));
        Rect::from_min_size(min, vec2(side, side))
    };
    pixels_ui(ui, place(0.0, 0.0), block, lit, after);
    let top = top_of(block);
    let ground = ui.visuals().extreme_bg_color;
    let whole = |x: f32| if x.round() == 0.0 { "0".to_owned() } else { format!("{x:.0}") };
    let frequencies = |f: usize| (whole(block.frequencies[f]), signed(block.frequencies[f], top));
    let steps = |f: usize| {
        let share = f32::from(block.steps[f]) / 255.0;
        (block.steps[f].to_string(), color_of(colourmap::sequential()[(40.0 + 190.0 * share.sqrt()) as usize]))
    };
    let codes = |f: usize| match block.codes[f] {
        0 => ("0".to_owned(), ground),
        code => (code.to_string(), signed(block.kept[f], top)),
    };
    let zeros = format!("Codes, {} of 64 zero", block.zeros());
    let squares: [(&str, Rect, Cells<'_>); 3] = [
        ("As 64 waves: how much of each", place(1.0, 0.0), &frequencies),
        ("Steps, one for each wave", place(0.0, 1.0), &steps),
        (&zeros, place(1.0, 1.0), &codes),
    ];
    squares
        .into_iter()
        .fold(None, |hovered, (title, rect, cell_of)| hovered.or(square_ui(ui, rect, title, cell_of, lit)))
}

/// The pixels, or the wave that is pointed at.
fn pixels_ui(ui: &mut Ui, rect: Rect, block: &Block, lit: Option<usize>, after: bool) {
    let place = format!("block {}, {}", block.place.0, block.place.1);
    let (title, values) = match (lit, after) {
        (Some(f), _) => {
            let title = format!("Wave {} across, {} down", f % SIDE, f / SIDE);
            (title, wave(f).map(|x| 128.0 + 127.0 * x * if f == 0 { 8.0 } else { 4.0 }))
        }
        (None, false) => (format!("Pixels, {place}"), block.pixels),
        (None, true) => (format!("Come back, {place}"), block.back),
    };
    let cell = |i: usize| {
        let value = values[i].round().clamp(0.0, 255.0) as u8;
        (if lit.is_some() { String::new() } else { value.to_string() }, Color32::from_gray(value))
    };
    square_ui(ui, rect, &title, &cell, None);
}

fn square_ui(ui: &mut Ui, rect: Rect, title: &str, cell_of: Cells<'_>, lit: Option<usize>) -> Option<usize> {
    caption(ui, rect.left_top() - vec2(0.0, 2.0), Align2::LEFT_BOTTOM, title, true);
    let id = title.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let response = image_area(ui, rect, id);
    let cell = rect.width() / SIDE as f32;
    let font = FontId::proportional((cell * 0.42).clamp(theme::SMALL, 18.0));
    let painter = ui.painter().with_clip_rect(rect.expand(GAP).intersect(ui.clip_rect()));
    for i in 0..CELLS {
        let at = rect.min + vec2((i % SIDE) as f32, (i / SIDE) as f32) * cell;
        let square = Rect::from_min_size(at, vec2(cell, cell)).shrink(0.5);
        let (text, fill) = cell_of(i);
        painter.rect_filled(square, 0.0, fill);
        let color = match luma_from_srgb8([fill.r(), fill.g(), fill.b()]) > 110.0 {
            true => Color32::BLACK,
            false => Color32::WHITE,
        };
        let color = if text == "0" { color.gamma_multiply(0.55) } else { color };
        painter.text(square.center(), Align2::CENTER_CENTER, text, font.clone(), color);
        if lit == Some(i) {
            painter.rect_stroke(
                square,
                0.0,
                Stroke::new(2.0, theme::accent(ui.visuals().dark_mode)),
                StrokeKind::Inside,
            );
        }
    }
    let pointer = response.hover_pos().filter(|p| rect.contains(*p))?;
    let at = (pointer - rect.min) / cell;
    let (x, y) = ((at.x as usize).min(SIDE - 1), (at.y as usize).min(SIDE - 1));
    Some(y * SIDE + x)
}

/// The share of zeros of each frequency.
pub(super) fn shares_ui(ui: &mut Ui, rect: Rect, shares: &[f32; CELLS]) {
    let side = rect.width().min(rect.height() - TITLE);
    let square = Rect::from_min_size(pos2(rect.left(), rect.top() + TITLE), vec2(side, side));
    let cell = |f: usize| {
        let share = shares[f];
        let text = format!("{:.0}", 100.0 * share);
        (text, color_of(colourmap::sequential()[(255.0 * (1.0 - share)).clamp(20.0, 240.0) as usize]))
    };
    square_ui(ui, square, "Zeros of each wave, in percent", &cell, None);
}

fn color_of([r, g, b, a]: [u8; 4]) -> Color32 {
    Color32::from_rgba_unmultiplied(r, g, b, a)
}
