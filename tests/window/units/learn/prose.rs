use eframe::egui::Color32;
use quantscope::view::learn::prose::{job, paragraphs};

#[test]
fn lines_of_a_paragraph_run_on_and_empty_lines_part_them() {
    assert_eq!(paragraphs("\na  b\nc\n\n\n\nd\n"), ["a b c", "d"]);
    assert_eq!(job("a *b* c", 14.0, Color32::WHITE, Color32::BLACK).text, "a b c");
}
