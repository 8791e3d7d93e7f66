//! One colour as a swatch, and what a set of them is drawn from: the entries, their order, and how they are laid out.

use egui::{Color32, Rect, Sense, Stroke, StrokeKind, Ui, Vec2, vec2};

use crate::figures;
use crate::palette::{Entry, NamedPalette};
use crate::view::widgets::compare::pane::paint_squares;
use crate::view::widgets::look::Look;

/// A palette, the order it stands in, and what is marked in it.
pub struct Swatches<'a> {
    /// The palette's entries, which `arranged`, `highlighted` and `chosen` index.
    pub entries: &'a [Entry],
    /// Which entry stands at each place.
    pub arranged: &'a [u8],
    /// Locked colours, as sRGB with straight alpha.
    pub locked: &'a [[u8; 4]],
    /// The list that was given, with names and nominal colours of its entries.
    pub given: Option<&'a NamedPalette>,
    /// The entry to outline since the pointer is over it elsewhere.
    pub highlighted: Option<usize>,
    /// The entry that the user has chosen.
    pub chosen: Option<usize>,
    /// How the palette is laid out.
    pub look: Look,
}

/// What the pointer did to the swatches in this frame, and where the chosen one is.
pub struct SwatchesResponse {
    /// The index of the entry that was clicked.
    pub clicked: Option<usize>,
    /// Where the chosen entry stands.
    pub chosen: Option<Rect>,
}

/// What a given list says of entry `k`: its name, and as what it is written where that is not how it is seen.
pub fn entry_words(given: Option<&NamedPalette>, k: usize) -> String {
    let name = given.and_then(|list| list.name_of(k)).map(str::to_owned);
    let written = given.filter(|list| list.is_measured()).and_then(|list| list.written().get(k).copied());
    name.into_iter().chain(written.map(|color| format!("written as {}", hex(color)))).collect::<Vec<_>>().join(", ")
}

/// Draws what a tooltip says of entry `k`: its colour, its name, its pixels with their share, and whether it is locked.
pub fn entry_ui(ui: &mut Ui, k: usize, swatches: &Swatches<'_>, is_locked: bool) {
    let total: u64 = swatches.entries.iter().map(|e| e.count).sum();
    let Entry { rgba, count } = swatches.entries[k];
    let words = entry_words(swatches.given, k);
    ui.horizontal(|ui| {
        swatch_ui(ui, rgba, vec2(36.0, 36.0));
        ui.vertical(|ui| {
            ui.strong(format!("{}   entry {k}{}", hex(rgba), if is_locked { ", locked" } else { "" }));
            ui.label(format!("{} pixels, {}", figures::count(count), figures::percent(count, total)));
            if !words.is_empty() {
                ui.label(words);
            }
        });
    });
}

/// A swatch of so many points has no room for an edge.
const NARROW: f32 = 5.0;

/// Allocates `size` points and draws the colour there.
pub fn swatch_ui(ui: &mut Ui, rgba: [u8; 4], size: Vec2) {
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    swatch(ui, rect, rgba);
}

/// Fills `rect` with a colour of straight alpha, over squares where it is not opaque, and with an edge where it would
/// look like a gap.
pub fn swatch(ui: &Ui, rect: Rect, rgba: [u8; 4]) {
    if rgba[3] < 255 {
        paint_squares(ui, rect, 5.0);
    }
    let [r, g, b, a] = rgba;
    ui.painter().rect_filled(rect, 1.0, Color32::from_rgba_unmultiplied(r, g, b, a));
    if rect.width() > NARROW && is_near(rgba, ui.visuals().panel_fill) {
        ui.painter().rect_stroke(rect, 1.0, ui.visuals().widgets.noninteractive.bg_stroke, StrokeKind::Inside);
    }
}

/// Whether an opaque colour, as sRGB with straight alpha, can hardly be seen on `ground`.
pub fn is_near(rgba: [u8; 4], ground: Color32) -> bool {
    /// Codes of sRGB by which each channel may differ.
    const NEAR: u8 = 32;
    rgba[3] == 255 && rgba.into_iter().zip(ground.to_array()).all(|(a, b)| a.abs_diff(b) <= NEAR)
}

/// Outlines `rect` in white on black, so that it is seen on every colour.
pub fn outline(ui: &Ui, rect: Rect) {
    ui.painter().rect_stroke(rect, 1.0, Stroke::new(3.0, Color32::BLACK), StrokeKind::Middle);
    ui.painter().rect_stroke(rect, 1.0, Stroke::new(1.5, Color32::WHITE), StrokeKind::Middle);
}

/// "#1e90ff", with the alpha where it is not opaque.
pub fn hex([r, g, b, a]: [u8; 4]) -> String {
    if a == 255 { format!("#{r:02x}{g:02x}{b:02x}") } else { format!("#{r:02x}{g:02x}{b:02x}{a:02x}") }
}
