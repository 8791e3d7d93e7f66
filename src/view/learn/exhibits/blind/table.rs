//! The whole course in one table: a line a stop of the dial, with a piece of the photo and the first words of a story.

use egui::{Grid, Label, RichText, Sense, Ui, vec2};

use super::super::super::exhibit::Inputs;
use crate::figures;
use crate::lesson::exhibits::blind::summary::{CROP, Line};
use crate::view::learn::drawing::Painted;
use crate::view::theme;

/// Widths of the columns of figures, as shares of the size of their text.
const FIGURES: f32 = 5.6;

pub(super) fn table_ui(ui: &mut Ui, lines: &[Line], crops: &mut [Painted], inputs: &Inputs) {
    let dark = ui.visuals().dark_mode;
    let names =
        (inputs.photo.as_ref().map(|d| d.photo.name.clone()), inputs.loaded.as_ref().map(|v| v.model.name.clone()));
    ui.horizontal(|ui| {
        ui.label(RichText::new(names.0.unwrap_or_default()).strong().color(theme::photo_color(dark)));
        ui.label("and");
        ui.label(RichText::new(names.1.unwrap_or_default()).strong().color(theme::weights_color(dark)));
    });
    if let Some(why) = inputs.loaded.as_ref().and_then(|v| v.instead.as_deref()) {
        ui.label(RichText::new(format!("Not the open model: {why}.")).small().weak());
    }
    ui.add_space(2.0);
    let gap = 8.0;
    let size = (ui.available_width() / 54.0).clamp(theme::SMALL, 17.0);
    let row = ((ui.available_height() - 50.0) / 8.0 - gap / 2.0).clamp(22.0, 90.0);
    let figure = FIGURES * size;
    let picture = (row * CROP.0 as f32 / CROP.1 as f32).min(ui.available_width() * 0.22);
    let words = (ui.available_width() - 4.0 * figure - 2.6 * size - picture - 6.0 * gap).max(60.0);
    let (photo, weights) = (theme::photo_color(dark), theme::weights_color(dark));
    Grid::new("lesson-summary").num_columns(7).min_row_height(row).spacing([gap, gap / 2.0]).striped(true).show(
        ui,
        |ui| {
            let strong = ui.visuals().strong_text_color();
            let head = [
                ("bits", 2.6 * size, strong),
                ("the photo's middle", picture, photo),
                ("PSNR", figure, photo),
                ("bits/pixel", figure, photo),
                ("the model's story", words, weights),
                ("perplexity", figure, weights),
                ("bits/weight", figure, weights),
            ];
            for (name, width, color) in head {
                cell_ui(ui, vec2(width, size + 4.0), RichText::new(name).size(size).strong().color(color));
            }
            ui.end_row();
            for (line, painted) in lines.iter().zip(crops) {
                let generation = &line.generation;
                let plain = |text: String| RichText::new(text).size(size);
                cell_ui(ui, vec2(2.6 * size, row), plain(line.bits.to_string()).strong());
                let (rect, response) = ui.allocate_exact_size(vec2(picture, row), Sense::hover());
                let name = format!("The middle of the photo in {} colours", 1u32 << line.bits);
                response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &name));
                let shape = vec2(line.crop.width as f32, line.crop.height as f32);
                let scale = (rect.width() / shape.x.max(1.0)).min(rect.height() / shape.y.max(1.0));
                let place = egui::Rect::from_center_size(rect.center(), shape * scale);
                painted.paint(ui, "lesson-summary-crop", &line.crop, place, false);
                cell_ui(ui, vec2(figure, row), plain(figures::db(line.photo.error.psnr_db)));
                cell_ui(ui, vec2(figure, row), plain(figures::bits(line.photo.rate.bits_per_sample())));
                // Small enough for two lines of the story.
                let small = crate::view::widgets::bounds::between(row / 2.0 - 4.0, theme::SMALL, size);
                cell_ui(
                    ui,
                    vec2(words, row),
                    RichText::new(first_words(line, letters(vec2(words, row), small))).size(small),
                );
                let perplexity =
                    generation.evaluation.map_or(figures::NONE.to_owned(), |e| figures::significant(e.perplexity()));
                cell_ui(ui, vec2(figure, row), plain(perplexity).strong());
                cell_ui(ui, vec2(figure, row), plain(figures::bits(generation.rate.bits_per_sample())));
                ui.end_row();
            }
        },
    );
    if let Some(line) = lines.first() {
        let full = figures::significant(line.generation.full.perplexity());
        ui.label(format!(
            "Before: 24 bits a pixel; perplexity {full} at full precision. Palettes and scales are counted."
        ));
    } else {
        ui.weak("Measuring…");
    }
}

fn cell_ui(ui: &mut Ui, size: egui::Vec2, text: RichText) {
    ui.add_sized(size, Label::new(text).wrap().halign(egui::Align::Min));
}

/// About how many letters of a size have room: a line is a third higher than they are, a letter three fifths as wide.
fn letters(room: egui::Vec2, size: f32) -> usize {
    let lines = (room.y / (1.33 * size)).floor().max(1.0);
    (lines * room.x / (0.6 * size)) as usize
}

/// What the model wrote after the prompt that all of them begin with, as far as there is room.
fn first_words(line: &Line, most: usize) -> String {
    let skipped = line.generation.ask.prompt.text().split_whitespace().count();
    let mut text = "…".to_owned();
    for word in line.generation.text.words.iter().skip(skipped).map(|w| w.text.trim()) {
        if text.chars().count() + word.chars().count() + 1 > most {
            break;
        }
        text.push(' ');
        text.push_str(word);
    }
    text
}
