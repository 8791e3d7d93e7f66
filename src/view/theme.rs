//! Design tokens: colours, type and spacing for both themes. No view has a colour of its own.

use std::collections::BTreeMap;

use egui::{
    Color32, Context, CornerRadius, CursorIcon, FontDefinitions, FontFamily, FontId, Margin, Stroke, Style, TextStyle,
    Theme, Visuals, vec2,
};

use crate::engine::format::Family;

pub(super) const BODY: f32 = 13.5;
pub(super) const SMALL: f32 = 12.0;
pub(super) const HEADING: f32 = 17.0;

pub(super) fn body_font() -> FontId {
    FontId::proportional(BODY)
}

pub(super) fn small_font() -> FontId {
    FontId::proportional(SMALL)
}

/// A texture as it is.
pub(super) const UNTINTED: Color32 = Color32::WHITE;

/// The one accent.
pub fn accent(dark: bool) -> Color32 {
    if dark { Color32::from_rgb(0x5c, 0xb3, 0xff) } else { Color32::from_rgb(0x00, 0x5f, 0xb8) }
}

/// Text that tells what went wrong.
pub fn error(dark: bool) -> Color32 {
    if dark { Color32::from_rgb(0xff, 0x8f, 0x7d) } else { Color32::from_rgb(0xb0, 0x21, 0x0f) }
}

/// Behind pictures: neutral, so that it does not tint what is judged.
pub(super) fn picture_ground(dark: bool) -> Color32 {
    if dark { Color32::from_gray(18) } else { Color32::from_gray(222) }
}

/// Behind the colour cloud: between black and white, so that both are seen on it.
pub(super) fn cloud_ground(dark: bool) -> Color32 {
    if dark { Color32::from_gray(54) } else { Color32::from_gray(206) }
}

/// Lines and text on it.
pub(super) fn on_cloud(dark: bool) -> Color32 {
    if dark { Color32::from_gray(235) } else { Color32::from_gray(25) }
}

/// Beside a road, and the road.
pub(super) fn field(dark: bool) -> Color32 {
    if dark { Color32::from_rgb(34, 52, 38) } else { Color32::from_rgb(204, 222, 200) }
}

pub(super) fn asphalt(dark: bool) -> Color32 {
    if dark { Color32::from_gray(92) } else { Color32::from_gray(150) }
}

/// Behind ticks of any colour: far from black and from white.
pub(super) fn tick_ground(dark: bool) -> Color32 {
    if dark { Color32::from_gray(78) } else { Color32::from_gray(172) }
}

/// The colour of a width, the same in every plot: after Okabe and Ito, for colour-blind eyes.
pub fn bits_color(dark: bool, bits: u8) -> Color32 {
    let (on_dark, on_light) = match bits {
        8 => ([0x56, 0xb4, 0xe9], [0x00, 0x72, 0xb2]),
        6 => ([0x7f, 0xd1, 0xc4], [0x1b, 0x7f, 0x79]),
        5 => ([0x00, 0xc9, 0x8d], [0x00, 0x7a, 0x57]),
        4 => ([0xf0, 0xb4, 0x29], [0xa8, 0x62, 0x00]),
        3 => ([0xf0, 0xe4, 0x42], [0x7d, 0x70, 0x00]),
        2 => ([0xff, 0x8a, 0x4c], [0xc2, 0x46, 0x00]),
        _ => ([0xe0, 0x8f, 0xc0], [0xa5, 0x3c, 0x7d]),
    };
    let [r, g, b] = if dark { on_dark } else { on_light };
    Color32::from_rgb(r, g, b)
}

/// The photo's series in plots beside the weights'.
pub fn photo_color(dark: bool) -> Color32 {
    if dark { Color32::from_rgb(0xf5, 0x9e, 0x6b) } else { Color32::from_rgb(0xb8, 0x4b, 0x0c) }
}

/// The weights' series in plots beside the photo's.
pub fn weights_color(dark: bool) -> Color32 {
    accent(dark)
}

/// A family of formats in the format comparison: after Okabe and Ito.
pub fn family_color(dark: bool, family: Family) -> Color32 {
    let (on_dark, on_light) = match family {
        Family::Integer => ([0x56, 0xb4, 0xe9], [0x00, 0x72, 0xb2]),
        Family::Float => ([0xe0, 0x8f, 0xc0], [0xa5, 0x3c, 0x7d]),
        Family::Gguf => ([0xf0, 0xb4, 0x29], [0xa8, 0x62, 0x00]),
        Family::Learned => ([0x00, 0xc9, 0x8d], [0x00, 0x7a, 0x57]),
        Family::Coded => ([0xb7, 0xa4, 0xf5], [0x5b, 0x4b, 0xb5]),
        Family::Own => ([0xff, 0x8a, 0x4c], [0xc2, 0x46, 0x00]),
    };
    let [r, g, b] = if dark { on_dark } else { on_light };
    Color32::from_rgb(r, g, b)
}

/// Behind a figure of the table: nothing at 0, the column's largest error at 1.
pub fn heat(dark: bool, share: f32) -> Color32 {
    let top = if dark { Color32::from_rgb(0xff, 0x8a, 0x4c) } else { Color32::from_rgb(0xe0, 0x6a, 0x10) };
    top.gamma_multiply(0.36 * share)
}

/// A part of the receipt of a format's bits, in the receipt's order.
pub fn part_color(dark: bool, part: usize) -> Color32 {
    let bits = [8, 4, 2, 5, 1, 3];
    match bits.get(part) {
        Some(&bits) => bits_color(dark, bits),
        None => bits_color(dark, 6),
    }
}

/// Red, green and blue of histograms.
pub fn channel_colors(dark: bool) -> [Color32; 3] {
    if dark {
        [Color32::from_rgb(0xff, 0x6b, 0x6b), Color32::from_rgb(0x5f, 0xd0, 0x7a), Color32::from_rgb(0x6b, 0xa8, 0xff)]
    } else {
        [Color32::from_rgb(0xc6, 0x28, 0x28), Color32::from_rgb(0x1e, 0x7d, 0x34), Color32::from_rgb(0x1f, 0x5f, 0xc4)]
    }
}

/// The text font has no arrows; the monospace one does.
pub(super) fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let hack = fonts.families.get(&FontFamily::Monospace).and_then(|names| names.first()).cloned();
    fonts.families.entry(FontFamily::Proportional).or_default().extend(hack);
    fonts
}

/// Sets fonts' sizes, spacing and both themes' colours.
pub(super) fn install(ctx: &Context) {
    ctx.set_fonts(fonts());
    for theme in [Theme::Dark, Theme::Light] {
        ctx.set_style_of(theme, style(theme));
    }
}

fn style(theme: Theme) -> Style {
    let mut style = Style { visuals: visuals(theme), ..Style::default() };
    let sized = |size: f32| FontId::new(size, FontFamily::Proportional);
    style.text_styles = BTreeMap::from([
        (TextStyle::Small, sized(SMALL)),
        (TextStyle::Body, sized(BODY)),
        (TextStyle::Button, sized(BODY)),
        (TextStyle::Heading, sized(HEADING)),
        (TextStyle::Monospace, FontId::new(BODY - 0.5, FontFamily::Monospace)),
    ]);
    style.spacing.item_spacing = vec2(8.0, 5.0);
    style.spacing.button_padding = vec2(8.0, 3.0);
    style.spacing.interact_size.y = 24.0;
    style.spacing.window_margin = Margin::same(14);
    style.spacing.combo_width = 90.0;
    // A scroll bar has a place of its own: over a table's last column it would take the clicks meant for it.
    style.spacing.scroll.floating_allocated_width = style.spacing.scroll.bar_width;
    style.interaction.selectable_labels = false;
    style.animation_time = 0.08;
    style
}

/// The colours of a theme's widgets.
pub fn visuals(theme: Theme) -> Visuals {
    let dark = theme == Theme::Dark;
    let gray = Color32::from_gray;
    let mut v = if dark { Visuals::dark() } else { Visuals::light() };
    let (panel, faint, extreme, line) =
        if dark { (gray(30), gray(36), gray(20), gray(62)) } else { (gray(247), gray(240), gray(255), gray(205)) };
    let (text, strong, weak) = if dark { (gray(205), gray(245), gray(160)) } else { (gray(55), gray(15), gray(100)) };
    (v.panel_fill, v.faint_bg_color, v.extreme_bg_color, v.window_fill) = (panel, faint, extreme, panel);
    v.window_stroke = Stroke::new(1.0, line);
    v.weak_text_color = Some(weak);
    v.hyperlink_color = accent(dark);
    v.selection.bg_fill = if dark { Color32::from_rgb(0x1f, 0x4e, 0x79) } else { Color32::from_rgb(0xb8, 0xd9, 0xf7) };
    v.selection.stroke = Stroke::new(1.5, if dark { gray(250) } else { accent(false) });
    let radius = CornerRadius::same(4);
    v.interact_cursor = Some(CursorIcon::PointingHand);
    let w = &mut v.widgets;
    for state in [&mut w.noninteractive, &mut w.inactive, &mut w.hovered, &mut w.active, &mut w.open] {
        state.corner_radius = radius;
        state.expansion = 0.0;
    }
    w.noninteractive.bg_stroke = Stroke::new(1.0, line);
    w.noninteractive.fg_stroke = Stroke::new(1.0, text);
    w.inactive.fg_stroke = Stroke::new(1.0, text);
    w.hovered.fg_stroke = Stroke::new(1.0, strong);
    w.active.fg_stroke = Stroke::new(1.5, strong);
    // What has the keyboard is outlined in the accent, unlike what the pointer is over.
    w.active.bg_stroke = Stroke::new(1.5, accent(dark));
    w.inactive.weak_bg_fill = if dark { gray(46) } else { gray(232) };
    w.hovered.weak_bg_fill = if dark { gray(58) } else { gray(222) };
    v
}
