//! How a palette is laid out: as a grid, as a strip in which each colour is as wide as it is used, or on a
//! number line a channel, like the levels of weights.

use egui::{Align2, Pos2, Rect, Sense, Ui, pos2, vec2};

use super::swatch::{Swatches, SwatchesResponse, entry_ui, outline, swatch};
use crate::palette::Entry;
use crate::view::theme;

pub use crate::view::widgets::look::Look;

/// Side by side, each as wide as its share of the pixels, and all wide enough to be seen.
pub fn strip_cells(entries: &[Entry], arranged: &[u8], rect: Rect) -> Vec<Rect> {
    let counts: Vec<f64> =
        arranged.iter().map(|&k| entries.get(usize::from(k)).map_or(0.0, |e| e.count as f64)).collect();
    let (total, width) = (counts.iter().sum::<f64>(), f64::from(rect.width()));
    let least = (width / counts.len().max(1) as f64 / 2.0).min(4.0);
    let shared = width - least * counts.len() as f64;
    let mut x = f64::from(rect.left());
    let cell = |count: f64| {
        let left = x;
        let even = 1.0 / counts.len() as f64;
        x += least + shared * if total > 0.0 { count / total } else { even };
        Rect::from_min_max(pos2(left as f32, rect.top()), pos2(x as f32, rect.bottom()))
    };
    counts.iter().copied().map(cell).collect()
}

const CHANNELS: [&str; 3] = ["R", "G", "B"];
/// For the channels' letters.
const LEFT: f32 = 14.0;

/// Three number lines with a tick an entry.
pub fn lines_ui(ui: &mut Ui, swatches: &Swatches<'_>, height: f32) -> SwatchesResponse {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let name = format!("Palette of {} colours on three number lines", swatches.entries.len());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &name));
    let lines = Lines { rect, row: height / 3.0 };
    let (weak, dark) = (ui.visuals().weak_text_color(), ui.visuals().dark_mode);
    for (channel, letter) in CHANNELS.iter().enumerate() {
        let y = lines.middle(channel);
        let painter = ui.painter();
        painter.text(pos2(rect.left(), y), Align2::LEFT_CENTER, letter, theme::small_font(), weak);
        painter.rect_filled(lines.ground(channel), 0.0, theme::tick_ground(dark));
        for &k in swatches.arranged {
            if let Some(entry) = swatches.entries.get(usize::from(k)) {
                swatch(ui, lines.tick(channel, entry.rgba), entry.rgba);
            }
        }
    }
    let hovered = response.hover_pos().and_then(|at| lines.nearest(swatches.entries, at));
    let marked = hovered.or(swatches.highlighted);
    for k in [marked, swatches.chosen].into_iter().flatten() {
        if let Some(entry) = swatches.entries.get(k) {
            (0..3).for_each(|channel| outline(ui, lines.tick(channel, entry.rgba).expand2(vec2(1.0, 0.0))));
        }
    }
    let chosen = swatches.chosen.and_then(|k| swatches.entries.get(k)).map(|e| lines.tick(0, e.rgba));
    let clicked = hovered.filter(|_| response.clicked());
    if let Some(k) = hovered.filter(|&k| swatches.chosen != Some(k)) {
        let is_locked = swatches.locked.contains(&swatches.entries[k].rgba);
        response.on_hover_ui_at_pointer(|ui| entry_ui(ui, k, swatches, is_locked));
    }
    SwatchesResponse { clicked, chosen }
}

/// A line of values for each of the three channels, one below the other.
pub struct Lines {
    /// The place of all three, in points.
    pub rect: Rect,
    /// The height of one, in points.
    pub row: f32,
}

impl Lines {
    fn middle(&self, channel: usize) -> f32 {
        self.rect.top() + self.row * (channel as f32 + 0.5)
    }

    /// The middle of the tick of a value of a channel (0 to 2).
    pub fn place(&self, channel: usize, value: u8) -> Pos2 {
        let inner = self.rect.width() - LEFT - 4.0;
        pos2(self.rect.left() + LEFT + inner * f32::from(value) / 255.0, self.middle(channel))
    }

    fn ground(&self, channel: usize) -> Rect {
        let ends = Rect::from_two_pos(self.place(channel, 0), self.place(channel, 255));
        ends.expand2(vec2(2.0, (self.row - 3.0) / 2.0))
    }

    fn tick(&self, channel: usize, rgba: [u8; 4]) -> Rect {
        Rect::from_center_size(self.place(channel, rgba[channel]), vec2(3.0, self.row - 3.0))
    }

    /// The entry whose tick is nearest on the line that the pointer is on, within a few points.
    pub fn nearest(&self, entries: &[Entry], at: Pos2) -> Option<usize> {
        const REACH: f32 = 6.0;
        let channel = (((at.y - self.rect.top()) / self.row).max(0.0) as usize).min(2);
        let distance = |k: usize| (self.place(channel, entries[k].rgba[channel]).x - at.x).abs();
        let seen = (0..entries.len()).filter(|&k| entries[k].rgba[3] > 0);
        seen.min_by(|&a, &b| distance(a).total_cmp(&distance(b))).filter(|&k| distance(k) <= REACH)
    }
}
