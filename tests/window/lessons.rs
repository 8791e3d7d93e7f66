//! Learn as a teacher uses it: every lesson from start to end by keyboard alone, at the sizes of a laptop and of a
//! projector, in both themes, with no text cut off or too small; moments that are saved and opened again.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::support::{Window, drop_files, shows, wait_until, wait_until_idle, window};
use eframe::egui::epaint::{ClippedShape, Shape};
use eframe::egui::{Color32, Key, Modifiers, Rect, Theme};
use egui_kittest::kittest::Queryable as _;
use quantscope::engine::control::Control;
use quantscope::lesson::{self, Bound, Claim, Lesson, Show, Sources, builtin};
use quantscope::picture::Picture;
use quantscope::picture::error::PngError;
use quantscope::picture::png;
use quantscope::run::model::loaded::LoadedModel;
use quantscope::source::builtin as sample;
use quantscope::source::model::Model;
use quantscope::source::open::Source;
use quantscope::source::photo::Photo;

/// What lessons' figures are computed from: the samples.
struct Samples {
    photo: Arc<Photo>,
    model: Arc<Model>,
    loaded: LoadedModel,
}

impl Samples {
    fn open() -> Self {
        let Ok(Source::Photo(photo)) = sample::photo() else { panic!("the sample photo opens") };
        let Ok(Source::Model(model)) = sample::model() else { panic!("the sample model opens") };
        let loaded = LoadedModel::of(model.clone(), &Control::unwatched()).unwrap();
        Self { photo, model, loaded }
    }

    fn figures(&self, show: &Show, seed: u64) -> Vec<(String, f64)> {
        // The tensor that the window opens at.
        let tensor = self.model.tensors.iter().position(|t| t.name.contains("q_proj")).unwrap();
        let sources = Sources {
            image: &self.photo.image,
            model: &self.model,
            tensor,
            loaded: &self.loaded,
            seed,
            png_bytes: &png_bytes,
        };
        let found = show.figures(&sources, &Control::unwatched()).unwrap();
        let names = show.figure_names();
        assert_eq!(names.len(), found.len(), "{names:?}");
        names.into_iter().zip(found).collect()
    }
}

fn png_bytes(picture: &Picture) -> Result<u64, PngError> {
    let control = Control::unwatched();
    match picture.indexed() {
        Some(_) => png::of_picture(picture, &control).map(|file| file.len() as u64),
        None => {
            let places = (0..picture.height).flat_map(|y| (0..picture.width).map(move |x| (x, y)));
            let pixels: Vec<_> = places.map(|(x, y)| picture.pixel(x, y)).collect();
            png::true_png_size(picture.width, picture.height, &pixels, &control)
        }
    }
}

/// Figures that were computed for one claim serve the others of the step.
type Computed = HashMap<(u64, u64), Vec<(String, f64)>>;

fn contradiction(samples: &Samples, computed: &mut Computed, show: &Show, claim: &Claim, seed: u64) -> Option<String> {
    let stops: Vec<Option<f64>> =
        if claim.at.is_empty() { vec![None] } else { claim.at.iter().copied().map(Some).collect() };
    let mut at_stops = Vec::new();
    for stop in stops {
        let turned = stop.map_or_else(|| show.clone(), |stop| show.turned_to(stop).unwrap());
        let key = (stop.map_or(u64::MAX, f64::to_bits), seed);
        let found = computed.entry(key).or_insert_with(|| samples.figures(&turned, seed));
        let of = |name: &str| found.iter().find(|(known, _)| known == name).map(|(_, figure)| *figure);
        let other = match &claim.bound {
            Some(Bound::Figure(name)) => of(name),
            _ => None,
        };
        at_stops.push((of(&claim.figure).unwrap(), other));
    }
    let listed = || claim.at.iter().zip(&at_stops).map(|(stop, f)| format!("{stop}: {f:?}")).collect::<Vec<_>>();
    claim.holds(&at_stops).err().map(|why| format!("seed {seed}: {claim}, but {why} {:?}", listed()))
}

/// Lesson `number` as its file is now; the program holds it as it was built.
fn lesson_in_its_file(number: usize) -> Lesson {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/lessons");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let path = files.remove(number - 1);
    lesson::read(&std::fs::read(&path).unwrap()).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// What the sentences of lesson `number` (from 1) say of its figures is so, at every stop and seed that they name.
fn the_claims_hold(number: usize) {
    let samples = Samples::open();
    let lesson = lesson_in_its_file(number);
    let mut faults = Vec::new();
    let mut count = 0;
    for (at, step) in lesson.steps.iter().enumerate() {
        let mut computed = Computed::new();
        for claim in step.claims.iter().map(|claim| claim.get_ref()) {
            let own = [lesson.seed].into_iter().filter(|_| claim.seeds.is_empty());
            for seed in own.chain(claim.seeds.iter().map(|seed| u64::from(*seed))) {
                let fault = contradiction(&samples, &mut computed, &step.show, claim, seed);
                faults.extend(fault.map(|fault| format!("step {}: {fault}", at + 1)));
            }
            count += 1;
        }
        // What nobody makes a claim of is computed all the same.
        if computed.is_empty() {
            samples.figures(&step.show, lesson.seed);
        }
        // For who writes lessons: what there is to be said.
        computed.iter().for_each(|((stop, seed), all)| {
            println!("step {}, at {}, seed {seed}: {all:.4?}", at + 1, f64::from_bits(*stop))
        });
    }
    assert!(count > 0, "no sentence of lesson {number} is held to its figures");
    assert!(faults.is_empty(), "lesson {number}: {} of {count} claims:\n{}", faults.len(), faults.join("\n"));
}

macro_rules! claims {
    ($($name:ident $number:expr,)*) => { $(
        #[test]
        fn $name() {
            the_claims_hold($number);
        }
    )* };
}

claims! {
    the_first_lesson_says_what_its_figures_say 1,
    the_second_lesson_says_what_its_figures_say 2,
    the_third_lesson_says_what_its_figures_say 3,
    the_fourth_lesson_says_what_its_figures_say 4,
    the_fifth_lesson_says_what_its_figures_say 5,
    the_sixth_lesson_says_what_its_figures_say 6,
    the_seventh_lesson_says_what_its_figures_say 7,
    the_eighth_lesson_says_what_its_figures_say 8,
    the_ninth_lesson_says_what_its_figures_say 9,
    the_tenth_lesson_says_what_its_figures_say 10,
    the_eleventh_lesson_says_what_its_figures_say 11,
    the_twelfth_lesson_says_what_its_figures_say 12,
}

#[test]
fn no_lesson_speaks_of_what_the_sample_photo_does_not_show() {
    for lesson in lessons() {
        for step in &lesson.steps {
            let texts = [&step.title, &step.text, &step.try_it, &step.question, &step.answer];
            let words = texts.into_iter().flat_map(|text| text.split(|c: char| !c.is_alphabetic()));
            assert!(
                !words.into_iter().any(|word| word.eq_ignore_ascii_case("sky")),
                "{}: {}",
                lesson.title,
                step.title
            );
        }
    }
}

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
    let (photo, file) = (crate::support::write_slope(folder.path()), folder.path().join("moment.toml"));
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

fn open_lesson(w: &mut Window, number: usize) {
    press(w, Key::Home);
    for _ in 1..number {
        press(w, Key::ArrowRight);
    }
    press(w, Key::Enter);
}

/// Which side the first round's answer names.
fn answer(w: &mut Window) -> char {
    press(w, Key::Space);
    let side = if shows(w, "It was A.") { 'A' } else { 'B' };
    assert!(side == 'A' || shows(w, "It was B."));
    side
}

#[test]
fn each_class_gets_a_blind_test_of_its_own() {
    let mut w = learn([1280.0, 800.0], Theme::Dark);
    let mut sides = Vec::new();
    // Forty draws alike: once in 10¹¹ runs.
    while sides.len() < 40 && (!sides.contains(&'A') || !sides.contains(&'B')) {
        open_lesson(&mut w, 12);
        sides.push(answer(&mut w));
        press(&mut w, Key::Backspace);
    }
    assert!(sides.contains(&'A') && sides.contains(&'B'), "{sides:?}");
}

#[test]
fn hands_that_were_counted_stay_counted_when_one_steps_back_and_forth() {
    let mut w = learn([1280.0, 800.0], Theme::Dark);
    open_lesson(&mut w, 12);
    for key in [Key::ArrowUp, Key::ArrowUp, Key::ArrowUp, Key::ArrowDown] {
        press(&mut w, key);
    }
    let side = answer(&mut w);
    let right = if side == 'A' { "3 of 4 right" } else { "1 of 4 right" };
    assert!(shows(&w, right));
    press(&mut w, Key::ArrowRight);
    assert!(!shows(&w, right), "the next test has votes of its own");
    press(&mut w, Key::ArrowLeft);
    assert!(shows(&w, right) && shows(&w, &format!("It was {side}.")));
    press(&mut w, Key::R);
    assert!(!shows(&w, right), "R begins anew");
}

#[test]
fn a_moment_of_the_sound_is_what_its_file_says_from_the_first_frame_on() {
    let mut w = learn([1280.0, 800.0], Theme::Dark);
    open_lesson(&mut w, 10);
    press(&mut w, Key::ArrowRight);
    press(&mut w, Key::ArrowRight);
    wait_until_idle(&mut w);
    // Frame 225 of 512 samples at 32 kHz.
    assert!(texts(&w).iter().any(|text| text.starts_with("3.58 s of")), "{:?}", texts(&w));
}

#[test]
fn every_bit_of_the_curve_has_its_number_where_the_room_looks() {
    let mut w = learn([960.0, 540.0], Theme::Light);
    open_lesson(&mut w, 3);
    press(&mut w, Key::F5);
    (0..3).for_each(|_| press(&mut w, Key::ArrowRight));
    wait_until_idle(&mut w);
    let texts = texts(&w);
    let numbered = (0..=10).filter(|bits| texts.contains(&bits.to_string())).count();
    assert_eq!(numbered, 11, "{texts:?}");
}

/// All texts that are painted.
fn texts(w: &Window) -> Vec<String> {
    fn collect(shape: &Shape, found: &mut Vec<String>) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, found)),
            Shape::Text(text) => found.push(text.galley.text().to_owned()),
            _ => {}
        }
    }
    let mut found = Vec::new();
    w.output().shapes.iter().for_each(|clipped| collect(&clipped.shape, &mut found));
    found
}

#[test]
fn words_that_differ_are_not_marked_as_wrong() {
    for (lesson, steps) in [(7, 3), (11, 0)] {
        let mut w = learn([1280.0, 800.0], Theme::Dark);
        open_lesson(&mut w, lesson);
        (0..steps).for_each(|_| press(&mut w, Key::ArrowRight));
        wait_until_idle(&mut w);
        let red: Vec<_> = w.output().shapes.iter().filter_map(|s| red_story(&s.shape)).collect();
        assert_eq!(red, Vec::<String>::new(), "lesson {lesson}");
    }
}

/// A text as long as a story with words in red or underlined in red.
fn red_story(shape: &Shape) -> Option<String> {
    let is_red = |c: Color32| i32::from(c.r()) - i32::from(c.g().max(c.b())) > 60;
    match shape {
        Shape::Vec(shapes) => shapes.iter().find_map(red_story),
        Shape::Text(text) if text.galley.text().chars().count() > 100 => {
            let mut formats = text.galley.job.sections.iter().map(|s| &s.format);
            formats.any(|f| is_red(f.color) || is_red(f.underline.color)).then(|| text.galley.text().to_owned())
        }
        _ => None,
    }
}

#[test]
fn the_list_of_keys_can_be_scrolled_to_its_end_in_a_low_window() {
    let mut w = learn([960.0, 540.0], Theme::Dark);
    press(&mut w, Key::F1);
    w.get_by_label("These keys").scroll_to_me();
    (0..8).for_each(|_| w.step());
    assert!(w.ctx.content_rect().contains_rect(w.get_by_label("These keys").rect()), "the last row comes into view");
}
