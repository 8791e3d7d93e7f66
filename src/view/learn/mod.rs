//! Learn: lessons for a room. A list of them, and the player that goes through one by arrow keys.

mod contents;
mod drawing;
mod exhibit;
mod exhibits;
mod figure;
mod keycaps;
mod player;
mod prose;
mod stops;

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

use egui::{Context, Ui};

use self::exhibit::{Exhibit, Given};
pub use self::exhibits::feedback::Told;
use self::keycaps::Keycaps;
use super::app::{App, original_of};
use super::command::Command;
use super::save::{SoundVersion, What};
use crate::engine::control::Control;
use crate::engine::random::Random;
use crate::export::ExportError;
use crate::jobs::{Running, Wake};
use crate::lesson::{Lesson, Show, builtin};

/// What can be asked of the lessons.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Back to the list of lessons.
    Contents,
    /// A lesson by its place in the list.
    Open(usize),
    /// Opens the lesson that is chosen in the list.
    OpenChosen,
    /// Along the list of lessons, while it is shown.
    Choose(i32),
    /// One step on (above 0) or back (else), over the edge of a lesson into the next.
    Step(i32),
    /// To the first step of the lesson.
    FirstStep,
    /// To the last step of the lesson.
    LastStep,
    /// To the lesson after (+1) or before (−1).
    Lesson(i32),
    /// The step as its file has it.
    Reset,
    /// Shows the answer to the step's question, or hides it.
    Reveal,
    /// Turns the exhibit's main setting up (+1) or down (−1).
    Turn(i32),
    /// Plays the exhibit or pauses it; one that goes by steps moves on.
    Play,
    /// Begins to present, in large text and with nothing else in the window, or ends it.
    Present,
    /// Turns the display of pressed keys on or off.
    ShowKeys,
    /// A picture of the exhibit.
    CaptureFigure,
}

/// The state of the lessons' tab: the list, the lesson and the step on show, and the exhibits.
pub struct Learn {
    lessons: Vec<Arc<Lesson>>,
    /// How many of them are part of the program.
    builtin: usize,
    /// The lesson and the step on show; none: the list.
    place: Option<(usize, usize)>,
    /// In the list.
    chosen: usize,
    columns: std::cell::Cell<i32>,
    revealed: bool,
    /// It was not there in the last frame: it is brought into view.
    answer_is_new: bool,
    /// Whether the window shows the lesson alone, enlarged for a room.
    pub presenting: bool,
    /// The zoom of the window before it was presented.
    zoom: f32,
    show_keys: bool,
    keycaps: Keycaps,
    /// By what they show: one serves all steps that show the same kind of thing.
    exhibits: HashMap<Discriminant<Show>, Box<dyn Exhibit>>,
    /// The capture of the exhibit's picture.
    pub figure: figure::Figure,
    /// Blind tests as they stood when their steps were left, by lesson and step: hands that were counted stay counted.
    blind: HashMap<(usize, usize), Show>,
    /// Draws what stands on which side of a blind test: another draw each time the program starts.
    chance: Random,
    wake: Wake,
}

impl Learn {
    /// The list of the program's own lessons; jobs of their exhibits call `wake` when they have something to show.
    ///
    /// # Panics
    /// A lesson that is part of the program cannot be read: a test holds that there is none.
    pub fn new(wake: &Wake) -> Self {
        let lessons: Vec<_> =
            builtin::all().map(|lesson| Arc::new(lesson.unwrap_or_else(|why| panic!("{why}")))).collect();
        Self {
            builtin: lessons.len(),
            lessons,
            place: None,
            chosen: 0,
            columns: std::cell::Cell::new(3),
            revealed: false,
            answer_is_new: false,
            presenting: false,
            zoom: 1.0,
            show_keys: true,
            keycaps: Keycaps::default(),
            exhibits: HashMap::new(),
            figure: figure::Figure::default(),
            blind: HashMap::new(),
            chance: Random::seeded(RandomState::new().build_hasher().finish()),
            wake: wake.clone(),
        }
    }

    /// A lesson from a file: it joins the list and is opened.
    pub fn add(&mut self, lesson: Arc<Lesson>) {
        let start = lesson.start;
        self.lessons.push(lesson);
        self.go((self.lessons.len() - 1, start));
    }

    /// The lesson and the step on show, from 0.
    pub fn place(&self) -> Option<(usize, usize)> {
        self.place
    }

    /// Whether a lesson is on show; otherwise the list is.
    pub fn is_in_lesson(&self) -> bool {
        self.place.is_some()
    }

    /// Of the list of lessons, as it was last drawn.
    pub fn columns(&self) -> i32 {
        self.columns.get()
    }

    /// For a file of what is on show; none where it is not of a lesson.
    pub fn suggested_name(&self, what: What) -> Option<String> {
        let stem = self.lesson()?.title.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-");
        let step = self.place?.1 + 1;
        match what {
            What::Lesson => Some(format!("{stem}.toml")),
            What::Moment => Some(format!("{stem}-step-{step}.toml")),
            What::Figure => Some(format!("{stem}-step-{step}.png")),
            What::Sound(SoundVersion::Before) => Some(format!("{stem}-before.wav")),
            What::Sound(SoundVersion::After) => Some(format!("{stem}-step-{step}-after.wav")),
            _ => None,
        }
    }

    fn lesson(&self) -> Option<&Arc<Lesson>> {
        self.lessons.get(self.place?.0)
    }

    fn go(&mut self, (lesson, step): (usize, usize)) {
        let Some(found) = self.lessons.get(lesson).cloned() else { return };
        let step = step.min(found.steps.len().saturating_sub(1));
        self.leave();
        self.place = Some((lesson, step));
        self.chosen = lesson;
        match self.blind.get(&(lesson, step)).cloned() {
            Some(show) => self.begin(&show),
            None => self.reset(),
        }
    }

    /// The step as its file has it.
    fn reset(&mut self) {
        let (Some(lesson), Some((_, step))) = (self.lesson().cloned(), self.place) else { return };
        if let Some(step) = lesson.steps.get(step) {
            self.begin(&step.show);
        }
    }

    fn begin(&mut self, show: &Show) {
        self.revealed = false;
        let show = show.drawn(|| self.chance.next_u64() as u32);
        let exhibit = self.exhibits.entry(discriminant(&show)).or_insert_with(|| exhibits::new(&show, &self.wake));
        exhibit.set(&show);
    }

    /// Notes the blind test of the step that is left.
    fn leave(&mut self) {
        let shown = self.shown().map(|exhibit| exhibit.show());
        if let (Some(place), Some(show @ Show::Blind(_))) = (self.place, shown) {
            self.blind.insert(place, show);
        }
    }

    /// A lesson from the list, begun anew: another class has another blind test.
    fn open(&mut self, lesson: usize) {
        self.blind.retain(|(of, _), _| *of != lesson);
        self.go((lesson, 0));
    }

    fn kind(&self) -> Option<Discriminant<Show>> {
        let (_, step) = self.place?;
        self.lesson()?.steps.get(step).map(|step| discriminant(&step.show))
    }

    fn exhibit(&mut self) -> Option<&mut Box<dyn Exhibit>> {
        self.exhibits.get_mut(&self.kind()?)
    }

    fn shown(&self) -> Option<&dyn Exhibit> {
        self.exhibits.get(&self.kind()?).map(|e| &**e)
    }

    /// Of the exhibit on show.
    pub fn sound(&self, which: SoundVersion) -> Option<Arc<[f32]>> {
        self.shown()?.sound(which)
    }

    /// Whether the exhibit on show waits for anything.
    pub fn is_busy(&mut self) -> bool {
        self.exhibit().is_some_and(|exhibit| exhibit.jobs().iter().any(|job| job.is_busy()))
    }

    /// All jobs of all exhibits, those of the one on show first.
    pub fn jobs(&mut self) -> impl Iterator<Item = &mut dyn Running> {
        let shown = self.kind();
        let mut exhibits: Vec<_> = self.exhibits.iter_mut().collect();
        exhibits.sort_by_key(|(kind, _)| Some(**kind) != shown);
        exhibits.into_iter().flat_map(|(_, exhibit)| exhibit.jobs())
    }

    /// Shows every step of every lesson, one after the other.
    #[cfg(test)]
    pub fn go_through_all(&mut self) {
        for lesson in 0..self.lessons.len() {
            for step in 0..self.lessons[lesson].steps.len() {
                self.go((lesson, step));
            }
        }
    }

    /// Before the keys are given to anyone.
    pub fn watch_keys(&mut self, ctx: &Context) {
        if self.show_keys {
            self.keycaps.take(ctx);
        }
    }

    /// Nothing plays any more by itself.
    pub fn pause(&mut self) {
        self.exhibits.values_mut().for_each(|exhibit| exhibit.pause());
    }

    /// Carries out what a key or a button asks for.
    pub fn apply(&mut self, act: &Act, ctx: &Context) {
        match *act {
            Act::Contents => self.place = None,
            Act::Open(lesson) => self.open(lesson),
            Act::OpenChosen => self.open(self.chosen),
            Act::Choose(by) => self.chosen = moved(self.chosen, by, self.lessons.len()),
            Act::Step(by) => self.step(by),
            Act::FirstStep => self.go((self.chosen, 0)),
            Act::LastStep => self.go((self.chosen, usize::MAX)),
            Act::Lesson(by) => self.go((moved(self.chosen, by, self.lessons.len()), 0)),
            Act::Reset => self.reset(),
            Act::Reveal => {
                self.revealed = !self.revealed;
                self.answer_is_new = self.revealed;
            }
            Act::Turn(by) => self.exhibit().into_iter().for_each(|e| e.turn(by)),
            Act::Play => self.exhibit().into_iter().for_each(|e| e.play()),
            Act::Present => self.present(ctx),
            Act::ShowKeys => self.show_keys = !self.show_keys,
            Act::CaptureFigure => self.figure.ask(ctx),
        }
    }

    /// One step on or back, over the edge of a lesson into the next.
    fn step(&mut self, by: i32) {
        let Some((lesson, step)) = self.place else { return };
        let last = self.lessons.get(lesson).map_or(0, |l| l.steps.len().saturating_sub(1));
        match (by > 0, step) {
            (true, step) if step < last => self.go((lesson, step + 1)),
            (true, _) if lesson + 1 < self.lessons.len() => self.go((lesson + 1, 0)),
            (false, 0) if lesson > 0 => self.go((lesson - 1, usize::MAX)),
            (false, 1..) => self.go((lesson, step - 1)),
            _ => {}
        }
    }

    /// Text of 24 pixels and more on a projector of 1080 lines: the window is drawn as if it had 960 by 540 points.
    fn present(&mut self, ctx: &Context) {
        if self.presenting {
            self.end_presenting(ctx);
            return;
        }
        self.presenting = true;
        self.zoom = ctx.zoom_factor();
        self.fit(ctx);
        if self.place.is_none() {
            self.open(self.chosen);
        }
    }

    /// Back to the window as it was; nothing else is drawn at a room's size.
    pub fn end_presenting(&mut self, ctx: &Context) {
        if std::mem::take(&mut self.presenting) {
            ctx.set_zoom_factor(self.zoom);
        }
    }

    fn fit(&self, ctx: &Context) {
        let native = ctx.native_pixels_per_point().unwrap_or(1.0);
        let pixels = ctx.content_rect().size() * ctx.pixels_per_point();
        let wanted = (pixels.x / PRESENTED.0).min(pixels.y / PRESENTED.1) / native;
        let wanted = wanted.max(self.zoom);
        if (wanted - ctx.zoom_factor()).abs() > 0.01 {
            ctx.set_zoom_factor(wanted);
        }
    }

    /// The lesson as a file: with `moment`, opening at this step as it stands now.
    fn as_file(&self, moment: bool) -> Option<Lesson> {
        let mut lesson = Lesson::clone(self.lesson()?);
        let (_, step) = self.place?;
        if moment {
            lesson.start = step;
            if let (Some(step), Some(exhibit)) = (lesson.steps.get_mut(step), self.shown()) {
                step.show = exhibit.show();
                // They are of the step as its author left it.
                step.claims.clear();
            }
        }
        Some(lesson)
    }
}

/// Points that a presented window has.
const PRESENTED: (f32, f32) = (960.0, 540.0);

fn moved(at: usize, by: i32, of: usize) -> usize {
    at.saturating_add_signed(by as isize).min(of.saturating_sub(1))
}

/// Asks for what the exhibit on show wants.
pub fn update(app: &mut App) {
    let given = given(app);
    let Some(exhibit) = app.learn.exhibit() else { return };
    exhibit.update(&given);
}

fn given(app: &App) -> Given {
    let photo_id = app.photo.as_ref().map(|d| d.id);
    let original = app.work.photo_original.shown().filter(|(id, _)| Some(**id) == photo_id);
    let full_png = app.work.full_png.shown().filter(|(id, _)| Some(**id) == photo_id);
    let model_id = app.model.as_ref().map(|d| d.id);
    let loaded = app.work.loaded.shown().filter(|(id, _)| Some(**id) == model_id);
    Given {
        photo_original: original.map(|(_, o)| o.clone()),
        full_png: full_png.map(|(_, size)| **size),
        tensor_original: model_id.and_then(|id| original_of(&app.work, id, app.tensor_with_weights())),
        photo: app.photo.clone(),
        model: app.model.clone(),
        tensor: app.tensor_with_weights(),
        loaded: loaded.map(|(_, v)| v.clone()),
        voice_error: app.work.loaded.error().map(str::to_owned),
        seed: app.learn.lesson().map_or(0, |l| l.seed),
        presenting: app.learn.presenting,
    }
}

/// Draws the tab: the lesson on show or the list of lessons, and the pressed keys over it.
pub fn learn_ui(app: &mut App, ui: &mut Ui, commands: &mut Vec<Command>) {
    if app.learn.show_keys {
        // The status bar is hidden from the room.
        let above = if app.learn.presenting { 4.0 } else { 34.0 };
        app.learn.keycaps.ui(ui.ctx(), above);
    }
    if app.learn.presenting {
        app.learn.fit(ui.ctx());
    }
    if app.learn.place.is_some() {
        player::player_ui(app, ui, commands);
    } else {
        contents::contents_ui(&app.learn, ui, commands);
    }
}

/// What makes the lesson's file, beside the window; a moment carries the photo and the weights its figures belong to.
///
/// # Errors
/// For people: why it cannot be written.
pub fn file(
    app: &App,
    moment: bool,
) -> Result<impl FnOnce(&Control<'_>) -> Result<Vec<u8>, ExportError> + Send + use<>, String> {
    let lesson = app.learn.as_file(moment).ok_or("no lesson is open")?;
    let photo = app.photo.as_ref().filter(|_| moment).map(|d| d.photo.clone());
    let model = app.model.as_ref().filter(|_| moment).map(|d| d.model.clone());
    let tensor = app.state.tensor;
    Ok(move |control: &Control<'_>| {
        let model = model.as_deref().map(|model| (model, tensor));
        crate::lesson::moment::bytes(lesson, photo.as_deref(), model, control)
    })
}
