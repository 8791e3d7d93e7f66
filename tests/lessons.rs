//! Learn as a teacher uses it: every lesson from start to end by keyboard alone, at the sizes of a laptop and of a
//! projector, in both themes, with no text cut off or too small; moments that are saved and opened again.

mod support;

use std::path::Path;

use eframe::egui::epaint::{ClippedShape, Shape};
use eframe::egui::{Key, Modifiers, Rect, Theme};
use egui_kittest::kittest::Queryable as _;
use quantscope::lesson::{self, Lesson, builtin};
use support::{Window, drop_files, shows, wait_until, wait_until_idle, window};

/// Points; a presented window has 24 pixels for 12 of them on a projector of 1080 lines.
const SMALLEST_TEXT: f32 = 12.0;

fn lessons() -> Vec<Lesson> {
    builtin::all().map(|lesson| lesson.unwrap_or_else(|why| panic!("{why}"))).collect()
}

fn learn(size: [f32; 2], theme: Theme) -> Window {
    let mut w = window(size, theme, Vec::new());
    wait_until_idle(&mut w);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num4);
    w.step();
    wait_until_idle(&mut w);
    w
}

fn press(w: &mut Window, key: Key) {
    w.key_press(key);
    w.step();
    w.step();
}

/// Texts that a reader cannot read: cut off by what they stand in, or too small.
fn unreadable(w: &Window) -> Vec<String> {
    let screen = w.ctx.content_rect();
    let mut found = Vec::new();
    for ClippedShape { clip_rect, shape, .. } in &w.output().shapes {
        look(shape, clip_rect.intersect(screen), &mut found);
    }
    found
}

fn look(shape: &Shape, clip: Rect, found: &mut Vec<String>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| look(shape, clip, found)),
        Shape::Text(text) if !text.galley.text().trim().is_empty() => {
            let rect = text.visual_bounding_rect();
            let words: String = text.galley.text().chars().take(60).collect();
            if !clip.expand(1.5).contains_rect(rect) {
                found.push(format!("cut off: “{words}” {rect:?} in {clip:?}"));
            }
            if text.galley.elided {
                found.push(format!("shortened: “{words}”"));
            }
            let sizes = text.galley.job.sections.iter().map(|s| s.format.font_id.size);
            if sizes.fold(f32::INFINITY, f32::min) < SMALLEST_TEXT {
                found.push(format!("too small: “{words}”"));
            }
        }
        _ => {}
    }
}

/// Goes through all lessons by keys, with answers shown; says where a text cannot be read.
fn walk(w: &mut Window, name: &str) {
    let mut faults = Vec::new();
    let lessons = lessons();
    for (number, lesson) in lessons.iter().enumerate() {
        for (at, step) in lesson.steps.iter().enumerate() {
            wait_until_idle(w);
            let place = format!("{name}, lesson {}, step {}", number + 1, at + 1);
            assert!(shows(w, &format!("{} of {}", at + 1, lesson.steps.len())), "{place} is not on show");
            assert!(shows(w, &step.title), "{place}: its title is not on show");
            press(w, Key::Enter);
            wait_until_idle(w);
            let answer = step.answer.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
            assert!(shows(w, &answer.replace('*', "")), "{place}: no answer");
            faults.extend(unreadable(w).into_iter().map(|fault| format!("{place}: {fault}")));
            for key in [Key::ArrowUp, Key::ArrowDown, Key::R] {
                press(w, key);
            }
            assert!(shows(w, "Show the answer"), "{place}: R did not put the step back");
            press(w, Key::ArrowRight);
        }
    }
    assert!(faults.is_empty(), "{} texts:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_lesson_runs_by_keyboard_on_a_laptop() {
    let mut w = learn([1280.0, 800.0], Theme::Dark);
    assert_eq!(unreadable(&w), Vec::<String>::new(), "in the list of lessons");
    press(&mut w, Key::Enter);
    walk(&mut w, "1280 × 800");
}

#[test]
fn every_lesson_runs_by_keyboard_on_a_projector() {
    // A presented window of 1920 × 1080 pixels has so many points.
    let mut w = learn([960.0, 540.0], Theme::Light);
    assert_eq!(unreadable(&w), Vec::<String>::new(), "in the list of lessons");
    press(&mut w, Key::F5);
    assert!(!shows(&w, "Weights"), "the other tabs are hidden");
    walk(&mut w, "presented");
    press(&mut w, Key::F5);
    assert!(shows(&w, "Weights"));
}

#[test]
fn the_rooms_size_of_text_ends_with_the_lesson() {
    let mut w = learn([1920.0, 1080.0], Theme::Dark);
    press(&mut w, Key::F5);
    assert_eq!(w.ctx.zoom_factor(), 2.0);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num1);
    w.step();
    w.step();
    assert_eq!(w.ctx.zoom_factor(), 1.0);
    assert!(shows(&w, "Error against bits") && shows(&w, "Weights"));
}

#[test]
fn the_keys_lead_through_list_lessons_and_steps() {
    let lessons = lessons();
    let mut w = learn([1280.0, 800.0], Theme::Dark);
    press(&mut w, Key::End);
    press(&mut w, Key::Enter);
    let last = lessons.last().unwrap();
    assert!(shows(&w, &last.steps[0].title));
    press(&mut w, Key::End);
    let steps = last.steps.len();
    assert!(shows(&w, &format!("{steps} of {steps}")));
    press(&mut w, Key::Home);
    assert!(shows(&w, &format!("1 of {steps}")));
    press(&mut w, Key::Backspace);
    assert!(lessons.iter().all(|lesson| shows(&w, &lesson.title)), "the list is back");
    press(&mut w, Key::Home);
    press(&mut w, Key::Enter);
    assert!(shows(&w, &lessons[0].steps[0].title));
}

#[test]
fn pressed_keys_are_shown_until_that_is_turned_off() {
    let mut w = learn([1280.0, 800.0], Theme::Dark);
    press(&mut w, Key::Enter);
    assert!(shows(&w, "Keys shown"));
    press(&mut w, Key::PageDown);
    assert!(shows(&w, "PageDown"));
    press(&mut w, Key::K);
    assert!(shows(&w, "Keys hidden"));
    press(&mut w, Key::PageUp);
    assert!(!shows(&w, "PageUp"));
}

/// Types a path into the form that stands in for the file dialog.
fn save_as(w: &mut Window, path: &Path) {
    wait_until(w, "the form", |w| w.query_by_label_contains("Path of the file to be saved").is_some());
    let field = w.get_by_label_contains("Path of the file to be saved");
    field.focus();
    w.step();
    w.key_press_modifiers(Modifiers::COMMAND, Key::A);
    w.step();
    w.get_by_label_contains("Path of the file to be saved").type_text(path.to_str().unwrap());
    w.step();
    w.get_by_label("Save").click();
    w.step();
    wait_until(w, "the file", |w| shows(w, "Saved "));
}

#[test]
fn a_moment_opens_elsewhere_with_the_same_photo_settings_and_figures() {
    let folder = tempfile::tempdir().unwrap();
    let (photo, file) = (support::write_slope(folder.path()), folder.path().join("moment.toml"));
    let mut w = learn([1280.0, 800.0], Theme::Dark);
    press(&mut w, Key::Enter);
    drop_files(&mut w, &[&photo]);
    wait_until(&mut w, "the photo", |w| shows(w, "slope.png"));
    press(&mut w, Key::ArrowRight);
    press(&mut w, Key::ArrowUp);
    wait_until_idle(&mut w);
    assert!(shows(&w, "32 colours"));
    let caption = caption(&w);
    w.key_press_modifiers(Modifiers::COMMAND, Key::S);
    w.step();
    save_as(&mut w, &file);
    std::fs::remove_file(&photo).unwrap();

    let mut elsewhere = window([1280.0, 800.0], Theme::Light, Vec::new());
    wait_until_idle(&mut elsewhere);
    drop_files(&mut elsewhere, &[&file]);
    wait_until(&mut elsewhere, "the moment", |w| shows(w, "slope.png") && shows(w, "32 colours"));
    wait_until_idle(&mut elsewhere);
    assert!(shows(&elsewhere, "2 of"), "it opens at its step");
    assert_eq!(self::caption(&elsewhere), caption);
}

/// The figures over the reduction.
fn caption(w: &Window) -> String {
    let texts = w.output().shapes.iter().filter_map(|s| match &s.shape {
        Shape::Text(text) if text.galley.text().contains("ΔE") => Some(text.galley.text().to_owned()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join(" | ")
}

#[test]
fn a_wrong_lesson_is_refused_with_its_file_and_line_and_all_stays_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, "quantscope_lesson = 1\ntitle = \"Mine\"\nsummary = 3\n").unwrap();
    let mut w = learn([1280.0, 800.0], Theme::Dark);
    press(&mut w, Key::Enter);
    drop_files(&mut w, &[&path]);
    wait_until(&mut w, "the refusal", |w| shows(w, "mine.toml") && shows(w, "line 3"));
    assert!(shows(&w, &lessons()[0].steps[0].title));
}

#[test]
fn a_lesson_of_ones_own_joins_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let mut mine = lessons().remove(0);
    mine.title = "My own".to_owned();
    mine.steps.truncate(2);
    std::fs::write(&path, lesson::write(&mine).unwrap()).unwrap();
    let mut w = learn([1280.0, 800.0], Theme::Dark);
    drop_files(&mut w, &[&path]);
    wait_until(&mut w, "the lesson", |w| shows(w, "My own") && shows(w, "1 of 2"));
    press(&mut w, Key::Backspace);
    assert!(shows(&w, "My own") && shows(&w, "From a file"));
}
