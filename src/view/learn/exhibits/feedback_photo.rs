//! The photo with nearest colours and with diffused errors, the kernel, and both errors of both.

use egui::{Align2, Rect, Stroke, StrokeKind, Ui, UiBuilder, vec2};

use crate::engine::assign::kernel::KernelName;
use crate::figures;
use crate::lesson::exhibits::feedback::compute::PhotoFeedback;
use crate::view::command_table::ORIGINAL;
use crate::view::learn::drawing::{bar_ui, caption, hairline, image_area};
use crate::view::learn::exhibit::Inputs;
use crate::view::theme;
use crate::view::widgets::compare::comparison::{CompareState, Comparison, PaneContent};
use crate::view::widgets::compare::draw::compare_ui;

const BELOW: f32 = 142.0;
const KERNEL: f32 = 170.0;

pub(super) fn photo_ui(
    ui: &mut Ui,
    compare: &mut CompareState,
    inputs: &Inputs,
    feedback: Option<&PhotoFeedback>,
    stale: Option<f32>,
) {
    let area = ui.available_rect_before_wrap();
    let below = area.with_min_y(area.bottom() - BELOW);
    let above = area.with_max_y(below.top() - 6.0);
    ui.scope_builder(UiBuilder::new().max_rect(above), |ui| pictures_ui(ui, compare, inputs, feedback, stale));
    kernel_ui(ui, below.with_max_x(below.left() + KERNEL));
    let Some(feedback) = feedback else { return };
    let right = below.with_min_x(below.left() + KERNEL + 16.0);
    ui.scope_builder(UiBuilder::new().max_rect(right), |ui| {
        ui.spacing_mut().item_spacing.y = 3.0;
        let (nearest, diffused) = (&feedback.nearest, &feedback.diffused);
        let raw = ["Nearest", "Diffused"].into_iter().zip([nearest.error.psnr_db, diffused.error.psnr_db]);
        let afar = ["Nearest", "Diffused"].into_iter().zip([nearest.psnr_afar_db, diffused.psnr_afar_db]);
        let all = [nearest, diffused].map(|r| r.error.psnr_db.max(r.psnr_afar_db));
        let top = all.into_iter().filter(|db| db.is_finite()).fold(1.0, f64::max);
        let dark = ui.visuals().dark_mode;
        let rows = [
            ("Pixel by pixel: PSNR, longer is better", raw, 4u8),
            ("From afar: PSNR after a blur, longer is better", afar, 8u8),
        ];
        for (title, pairs, color) in rows {
            ui.strong(title);
            for (name, db) in pairs {
                let share = if db.is_finite() { (db / top) as f32 } else { 1.0 };
                bar_ui(ui, (name, &figures::db(db)), (70.0, 74.0), share, theme::bits_color(dark, color));
            }
        }
    });
}

fn pictures_ui(
    ui: &mut Ui,
    compare: &mut CompareState,
    inputs: &Inputs,
    feedback: Option<&PhotoFeedback>,
    stale: Option<f32>,
) {
    let Some(document) = &inputs.photo else { return };
    let original = inputs.photo_original.as_ref();
    let pane = |title, picture, stale| PaneContent { title, picture, stale, ..PaneContent::default() };
    let titles = match feedback.map(|f| f.nearest.palette.len()) {
        Some(colors) => [format!("Nearest, {colors} colours"), format!("Floyd–Steinberg, the same {colors}")],
        None => ["Nearest".to_owned(), "Floyd–Steinberg".to_owned()],
    };
    let panes = [
        pane("Original", original.map(|o| &o.picture), None),
        pane(&titles[0], feedback.map(|f| &f.nearest.picture), stale),
        pane(&titles[1], feedback.map(|f| &f.diffused.picture), stale),
    ];
    let comparison = Comparison {
        selected: 2,
        show_original: ORIGINAL.is_held(ui.ctx()),
        transparent: !document.photo.image.is_opaque(),
        ..Comparison::side_by_side("lesson-feedback", &panes, (document.photo.image.width, document.photo.image.height))
    };
    compare_ui(ui, compare, &comparison);
}

/// Floyd and Steinberg's shares around the pixel they come from.
fn kernel_ui(ui: &mut Ui, rect: Rect) {
    let side = (rect.width() / 3.0).min((rect.height() - 20.0) / 2.0).min(56.0);
    let corner = rect.left_top() + vec2(0.0, 20.0);
    caption(ui, rect.left_top(), Align2::LEFT_TOP, "Floyd and Steinberg's filter", true);
    image_area(ui, Rect::from_min_size(corner, vec2(3.0, 2.0) * side), "Kernel of Floyd and Steinberg");
    let cell = |right: isize, down: usize| {
        let min = corner + vec2((right + 1) as f32, down as f32) * side;
        Rect::from_min_size(min, vec2(side, side)).shrink(1.5)
    };
    let color = theme::accent(ui.visuals().dark_mode);
    let (here, done) = (cell(0, 0), cell(-1, 0));
    ui.painter().rect_stroke(here, 2.0, Stroke::new(2.0, color), StrokeKind::Inside);
    ui.painter().rect_stroke(done, 2.0, hairline(ui), StrokeKind::Inside);
    caption(ui, here.center(), Align2::CENTER_CENTER, "pixel", true);
    caption(ui, done.center(), Align2::CENTER_CENTER, "done", false);
    for tap in KernelName::FloydSteinberg.row().taps {
        let at = cell(tap.right, tap.down);
        ui.painter().rect_filled(at, 2.0, color.gamma_multiply(0.15 + tap.share));
        let text = format!("{:.0}/16", 16.0 * tap.share);
        ui.painter().text(
            at.center(),
            Align2::CENTER_CENTER,
            text,
            theme::body_font(),
            ui.visuals().strong_text_color(),
        );
    }
}
