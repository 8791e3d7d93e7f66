//! What the lessons hold: their list, the step on show, and the exhibits.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

use egui::Context;

use super::figure::Figure;
use crate::engine::control::Control;
use crate::engine::random::Random;
use crate::export::ExportError;
use crate::jobs::{Running, Wake};
use crate::lesson::{Lesson, Show, builtin};
use crate::view::learn::act::{Act, LearnPlace, StepPlace};
use crate::view::learn::exhibit::{Exhibit, Inputs};
use crate::view::learn::keycaps::Keycaps;
use crate::view::results::Results;
use crate::view::shell::savable::{Savable, SoundVersion};

/// Whether the answer to the step's question is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is not shown.
    Hidden,
    /// It was not there in the last frame: it is brought into view.
    New,
    /// It is shown, and has been for a frame.
    Shown,
}

/// The state of the lessons' tab: the list, the lesson and the step on show, and the exhibits.
pub struct Learn {
    pub(crate) lessons: Vec<Arc<Lesson>>,
    /// How many of them are part of the program.
    pub(crate) builtin: usize,
    /// The step on show; none while the list is shown.
    pub(crate) place: Option<StepPlace>,
    /// The chosen lesson's place in the list.
    pub(crate) chosen: usize,
    pub(crate) columns: std::cell::Cell<i32>,
    pub(crate) answer: Answer,
    /// Whether the window shows the lesson alone, enlarged for a room.
    pub presenting: bool,
    /// The zoom of the window before it was presented.
    zoom: f32,
    pub(crate) show_keys: bool,
    pub(crate) keycaps: Keycaps,
    /// The exhibits by what they show: one serves all steps that show the same kind of thing.
    exhibits: HashMap<Discriminant<Show>, Box<dyn Exhibit>>,
    /// The capture of the exhibit's picture.
    pub figure: Figure,
    /// Blind tests as they stood when their steps were left: votes that were counted stay counted.
    blind: HashMap<StepPlace, Show>,
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
            answer: Answer::Hidden,
            presenting: false,
            zoom: 1.0,
            show_keys: true,
            keycaps: Keycaps::default(),
            exhibits: HashMap::new(),
            figure: Figure::default(),
            blind: HashMap::new(),
            chance: Random::seeded(RandomState::new().build_hasher().finish()),
            wake: wake.clone(),
        }
    }

    /// A lesson from a file: it joins the list and is opened.
    pub fn add(&mut self, lesson: Arc<Lesson>) {
        let start = lesson.start;
        self.lessons.push(lesson);
        self.go(self.lessons.len() - 1, start);
    }

    /// The step on show; none while the list is shown.
    pub fn place(&self) -> Option<StepPlace> {
        self.place
    }

    /// Whether a lesson is on show; otherwise the list is.
    pub fn is_in_lesson(&self) -> bool {
        self.place.is_some()
    }

    /// What decides which of the lessons' commands are available.
    pub fn at(&self) -> LearnPlace {
        LearnPlace { in_lesson: self.place.is_some(), presenting: self.presenting, columns: self.columns.get() }
    }

    /// The name of a file of what is on show; none where that is not part of a lesson.
    pub fn suggested_name(&self, what: Savable) -> Option<String> {
        let stem = self.lesson()?.title.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-");
        let step = self.place?.step + 1;
        match what {
            Savable::Lesson => Some(format!("{stem}.toml")),
            Savable::Moment => Some(format!("{stem}-step-{step}.toml")),
            Savable::Figure => Some(format!("{stem}-step-{step}.png")),
            Savable::Sound(SoundVersion::Before) => Some(format!("{stem}-before.wav")),
            Savable::Sound(SoundVersion::After) => Some(format!("{stem}-step-{step}-after.wav")),
            _ => None,
        }
    }

    pub(crate) fn lesson(&self) -> Option<&Arc<Lesson>> {
        self.lessons.get(self.place?.lesson)
    }

    /// Shows a step of a lesson, or the lesson's last one where it has no such step.
    fn go(&mut self, lesson: usize, step: usize) {
        let Some(steps) = self.lessons.get(lesson).map(|lesson| lesson.steps.len()) else { return };
        let place = StepPlace { lesson, step: step.min(steps.saturating_sub(1)) };
        self.leave();
        self.place = Some(place);
        self.chosen = lesson;
        match self.blind.get(&place).cloned() {
            Some(show) => self.begin(&show),
            None => self.reset(),
        }
    }

    /// The step as its file has it.
    fn reset(&mut self) {
        let (Some(lesson), Some(place)) = (self.lesson().cloned(), self.place) else { return };
        if let Some(step) = lesson.steps.get(place.step) {
            self.begin(&step.show);
        }
    }

    fn begin(&mut self, show: &Show) {
        self.answer = Answer::Hidden;
        let show = show.drawn(|| self.chance.next_u64() as u32);
        let exhibit =
            self.exhibits.entry(discriminant(&show)).or_insert_with(|| super::exhibits::new(&show, &self.wake));
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
        self.blind.retain(|place, _| place.lesson != lesson);
        self.go(lesson, 0);
    }

    fn kind(&self) -> Option<Discriminant<Show>> {
        self.lesson()?.steps.get(self.place?.step).map(|step| discriminant(&step.show))
    }

    pub(crate) fn exhibit(&mut self) -> Option<&mut Box<dyn Exhibit>> {
        self.exhibits.get_mut(&self.kind()?)
    }

    fn shown(&self) -> Option<&dyn Exhibit> {
        self.exhibits.get(&self.kind()?).map(|e| &**e)
    }

    /// The sound before or after quantization, where the exhibit on show has one.
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

    /// Notes the keys that were pressed, before any control takes them.
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
            Act::FirstStep => self.go(self.chosen, 0),
            Act::LastStep => self.go(self.chosen, usize::MAX),
            Act::Lesson(by) => self.go(moved(self.chosen, by, self.lessons.len()), 0),
            Act::Reset => self.reset(),
            Act::Reveal => {
                self.answer = if self.answer == Answer::Hidden { Answer::New } else { Answer::Hidden };
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
        let Some(StepPlace { lesson, step }) = self.place else { return };
        let last = self.lessons.get(lesson).map_or(0, |l| l.steps.len().saturating_sub(1));
        match (by > 0, step) {
            (true, step) if step < last => self.go(lesson, step + 1),
            (true, _) if lesson + 1 < self.lessons.len() => self.go(lesson + 1, 0),
            (false, 0) if lesson > 0 => self.go(lesson - 1, usize::MAX),
            (false, 1..) => self.go(lesson, step - 1),
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

    pub(crate) fn fit(&self, ctx: &Context) {
        let native = ctx.native_pixels_per_point().unwrap_or(1.0);
        let pixels = ctx.content_rect().size() * ctx.pixels_per_point();
        let wanted = (pixels.x / PRESENTED.0).min(pixels.y / PRESENTED.1) / native;
        let wanted = wanted.max(self.zoom);
        if (wanted - ctx.zoom_factor()).abs() > 0.01 {
            ctx.set_zoom_factor(wanted);
        }
    }

    /// Asks for what the exhibit on show wants, of what is open; `tensor` is the one looked at.
    pub(crate) fn update(&mut self, results: &Results, tensor: usize) {
        let inputs = self.inputs(results, tensor);
        if let Some(exhibit) = self.exhibit() {
            exhibit.update(&inputs);
        }
    }

    /// What the exhibit on show works on; `tensor` is the one looked at.
    pub(crate) fn inputs(&self, results: &Results, tensor: usize) -> Inputs {
        let tensor = results.tensor_with_weights(tensor);
        Inputs {
            photo_original: results.photo_original().cloned(),
            full_png: results.full_png(),
            tensor_original: results.tensor_original(tensor).cloned(),
            photo: results.photos.current().cloned(),
            model: results.model.clone(),
            tensor,
            loaded: results.speaking().map(|speaking| speaking.loaded.clone()),
            load_error: results.work.loaded.error().map(str::to_owned),
            seed: self.lesson().map_or(0, |l| l.seed),
            presenting: self.presenting,
        }
    }

    /// What makes the lesson's file, beside the window. With `moment` it opens at this step as it stands now, and
    /// carries the photo and the weights that its figures belong to; `tensor` is the one looked at.
    ///
    /// # Errors
    /// For people: why it cannot be written.
    pub(crate) fn file(
        &self,
        results: &Results,
        tensor: usize,
        moment: bool,
    ) -> Result<impl FnOnce(&Control<'_>) -> Result<Vec<u8>, ExportError> + Send + use<>, String> {
        let mut lesson = self.lesson().zip(self.place).map(|(l, _)| Lesson::clone(l)).ok_or("no lesson is open")?;
        if let (true, Some(place)) = (moment, self.place) {
            lesson.start = place.step;
            if let (Some(step), Some(exhibit)) = (lesson.steps.get_mut(place.step), self.shown()) {
                step.show = exhibit.show();
                // Claims are about the step as its author left it.
                step.claims.clear();
            }
        }
        let photo = results.photos.current().filter(|_| moment).map(|d| d.photo.clone());
        let model = results.model.as_ref().filter(|_| moment).map(|d| d.model.clone());
        Ok(move |control: &Control<'_>| {
            let model = model.as_deref().map(|model| (model, tensor));
            crate::lesson::moment::bytes(lesson, photo.as_deref(), model, control)
        })
    }
}

/// Points that a presented window has.
pub(crate) const PRESENTED: (f32, f32) = (960.0, 540.0);

pub(crate) fn moved(at: usize, by: i32, of: usize) -> usize {
    at.saturating_add_signed(by as isize).min(of.saturating_sub(1))
}
