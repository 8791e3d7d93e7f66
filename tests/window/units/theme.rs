use eframe::egui::{Color32, Theme};
use quantscope::engine::format::Family;
use quantscope::view::theme::{
    accent, bits_color, channel_colors, error, family_color, heat, part_color, photo_color, visuals, weights_color,
};

/// WCAG 2 relative luminance.
fn luminance(c: Color32) -> f64 {
    let [r, g, b] = [c.r(), c.g(), c.b()].map(|v| f64::from(quantscope::engine::colour::linear_from_srgb8(v)));
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: Color32, b: Color32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_stands_out_from_its_ground_in_both_themes() {
    for theme in [Theme::Dark, Theme::Light] {
        let (v, dark) = (visuals(theme), theme == Theme::Dark);
        let weak = v.weak_text_color();
        for color in [v.text_color(), v.strong_text_color(), weak, accent(dark), error(dark)] {
            let found = contrast(color, v.panel_fill);
            assert!(found >= 4.5, "{theme:?} {color:?}: {found:.2}");
        }
    }
}

#[test]
fn a_coloured_cell_stays_legible() {
    for (theme, dark) in [(Theme::Dark, true), (Theme::Light, false)] {
        let v = visuals(theme);
        for step in 0..=10 {
            let over = heat(dark, step as f32 / 10.0);
            let [r, g, b, a] = over.to_array();
            let under = v.panel_fill.to_array();
            // Premultiplied over the ground.
            let mixed = |top: u8, k: usize| top + (f32::from(under[k]) * (1.0 - f32::from(a) / 255.0)) as u8;
            let ground = Color32::from_rgb(mixed(r, 0), mixed(g, 1), mixed(b, 2));
            assert!(contrast(v.text_color(), ground) >= 4.5, "{theme:?} {step}: {ground:?}");
        }
    }
}

#[test]
fn the_marks_of_plots_stand_out_in_both_themes() {
    for dark in [true, false] {
        let ground = visuals(if dark { Theme::Dark } else { Theme::Light }).panel_fill;
        let series = quantscope::run::DIAL.map(|bits| bits_color(dark, bits)).into_iter();
        let families = Family::ALL.map(|family| family_color(dark, family));
        let series = series.chain(families).chain((0..6).map(|part| part_color(dark, part)));
        for color in series.chain([photo_color(dark), weights_color(dark)]).chain(channel_colors(dark)) {
            assert!(contrast(color, ground) >= 3.0, "{dark} {color:?}: {:.2}", contrast(color, ground));
        }
    }
}
