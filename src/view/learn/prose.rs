//! The text of lessons: paragraphs, with words that stand out.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId, RichText, Ui};

use crate::view::theme;

/// Sizes of a step's text.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub title: f32,
    pub body: f32,
}

impl Sizes {
    /// By the width of its column.
    pub(super) fn of(width: f32, presenting: bool) -> Self {
        if presenting {
            return Self { title: 18.0, body: theme::BODY };
        }
        let body = (width / 26.0).clamp(14.5, 18.0);
        Self { title: body + 5.0, body }
    }
}

/// Paragraphs parted by empty lines; single line breaks are spaces; words between `*` stand out.
pub(super) fn prose_ui(ui: &mut Ui, text: &str, size: f32) {
    let (plain, strong) = (ui.visuals().text_color(), ui.visuals().strong_text_color());
    for (at, paragraph) in paragraphs(text).into_iter().enumerate() {
        if at > 0 {
            ui.add_space(size * 0.35);
        }
        ui.label(job(&paragraph, size, plain, strong));
    }
}

/// A line with a word before it that says what it is: "Try", "Question".
pub(super) fn headed_ui(ui: &mut Ui, head: &str, text: &str, size: f32) {
    let accent = theme::accent(ui.visuals().dark_mode);
    ui.label(RichText::new(head).size(size - 1.0).strong().color(accent));
    prose_ui(ui, text, size);
}

/// The paragraphs of a text, each on one line: empty lines part them.
pub fn paragraphs(text: &str) -> Vec<String> {
    let parts = text.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "));
    parts.filter(|p| !p.is_empty()).collect()
}

/// A paragraph in letters of `size` points; words between `*` are `strong` and underlined.
pub fn job(paragraph: &str, size: f32, plain: Color32, strong: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    for (at, part) in paragraph.split('*').enumerate() {
        let color = if at % 2 == 1 { strong } else { plain };
        let format =
            TextFormat { line_height: Some(size * 1.34), ..TextFormat::simple(FontId::proportional(size), color) };
        let mut format = format;
        if at % 2 == 1 {
            format.underline = egui::Stroke::new(1.0, strong.gamma_multiply(0.5));
        }
        job.append(part, 0.0, format);
    }
    job
}
