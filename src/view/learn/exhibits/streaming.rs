//! A timeline: what the line carries, the rungs that were chosen for the photo's tiles and for the model's matrices,
//! and what is seen and read at one moment of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Rect, RichText, Slider, Ui, UiBuilder};

use super::streaming_draw::{matrices_ui, rungs_ui, trace_ui};
use crate::figures;
use crate::jobs::{Running, Slot, Wake};
use crate::lesson::exhibits::streaming::StreamingShow;
use crate::lesson::exhibits::streaming::compute::{Arrival, Moment, Step, Streams, Trace, arrived, on_screen, streams};
use crate::view::bridge::talk::says::story_job;
use crate::view::document::DocumentId;
use crate::view::learn::exhibit::{Exhibit, Inputs, PLAY, settings_of, turned};
use crate::view::theme;
use crate::view::widgets::compare::comparison::{CompareState, Comparison, PaneContent};
use crate::view::widgets::compare::draw::compare_ui;

/// Between two moments while it plays; longer where the work takes longer.
const BEAT: Duration = Duration::from_millis(350);
const PROMPT: &str = "Once upon a time";
const LINE: f32 = 22.0;

/// What is streamed, over which line.
#[derive(Clone, Copy, PartialEq)]
struct StreamsKey {
    photo: DocumentId,
    model: DocumentId,
    /// The seed of the line's bandwidth.
    seed: u64,
}

/// A moment of the streams.
#[derive(Clone, Copy, PartialEq)]
struct MomentKey {
    streams: StreamsKey,
    /// The step of the timeline, from 0.
    moment: usize,
}

pub(crate) struct StreamingExhibit {
    settings: StreamingShow,
    /// Since when the moment on show has been on show, while it plays.
    playing: Option<Instant>,
    streams: Slot<StreamsKey, Streams>,
    moment: Slot<MomentKey, Moment>,
    compare: CompareState,
}

impl StreamingExhibit {
    pub(crate) fn new(wake: &Wake) -> Self {
        Self {
            settings: StreamingShow::default(),
            playing: None,
            streams: Slot::new("Building the ladders", wake.clone()),
            moment: Slot::new("Writing at this moment", wake.clone()),
            compare: CompareState::default(),
        }
    }

    /// On to the next moment, once this one has been seen.
    fn play_on(&mut self) {
        let seen = self.playing.is_some_and(|since| since.elapsed() >= BEAT && !self.moment.is_busy());
        if !seen || self.streams.is_busy() {
            return;
        }
        let is_last = self.settings.moment + 1 >= StreamingShow::MOMENTS;
        self.playing = (!is_last).then(Instant::now);
        self.settings.moment = (self.settings.moment + 1).min(StreamingShow::MOMENTS - 1);
    }
}

fn key_of(inputs: &Inputs) -> Option<StreamsKey> {
    let (photo, model) = (inputs.photo.as_ref()?.id, inputs.model.as_ref()?.id);
    Some(StreamsKey { photo, model, seed: inputs.seed })
}

impl Exhibit for StreamingExhibit {
    settings_of!(Streaming);

    fn reset(&mut self) {
        self.playing = None;
        self.compare = CompareState::default();
    }

    fn update(&mut self, inputs: &Inputs) {
        self.play_on();
        let (Some(key), Some(document), Some(loaded)) = (key_of(inputs), &inputs.photo, &inputs.loaded) else { return };
        let (image, speaking, seed) = (document.photo.image.clone(), loaded.clone(), inputs.seed);
        self.streams.request_value(key, move |control| {
            let trace = Trace::drop_and_return(seed, StreamingShow::MOMENTS);
            let model = (&*speaking.model, &speaking.runnable, &speaking.inputs);
            streams(&image, model, trace, control)
        });
        let Some(streams) = self.streams.shown().filter(|(k, _)| **k == key).map(|(_, s)| s.clone()) else { return };
        let (at, speaking) = (self.settings.moment, loaded.clone());
        self.moment.request(MomentKey { streams: key, moment: at }, move |emit, control| {
            let mut moment = Moment { picture: streams.picture_at(at), spoken: None };
            emit.emit(moment.clone());
            moment.spoken = streams.spoken_at(&speaking.runnable, at, PROMPT, control)?;
            emit.emit_final(moment);
            Ok(())
        });
    }

    fn ui(&mut self, ui: &mut Ui, inputs: &Inputs) {
        if self.playing.is_some() {
            ui.ctx().request_repaint_after(BEAT / 4);
        }
        ui.horizontal(|ui| self.controls_ui(ui));
        let area = ui.available_rect_before_wrap();
        let shown = key_of(inputs).and_then(|key| self.streams.shown().filter(|(k, _)| **k == key));
        if let Some(streams) = shown.map(|(_, streams)| streams.clone()) {
            self.streams_ui(ui, area, inputs, &streams);
        } else {
            let text = inputs.load_error.as_deref().unwrap_or("Every tile and every matrix is made at every rung…");
            ui.label(text);
        }
        ui.advance_cursor_after_rect(area);
    }

    fn turn(&mut self, step: i32) {
        self.playing = None;
        let moment = self.settings.moment.saturating_add_signed(step as isize);
        self.settings.moment = moment.min(StreamingShow::MOMENTS - 1);
    }

    fn play(&mut self) {
        self.playing = match self.playing {
            Some(_) => None,
            None => {
                if self.settings.moment + 1 >= StreamingShow::MOMENTS {
                    self.settings.moment = 0;
                }
                Some(Instant::now())
            }
        };
    }

    fn pause(&mut self) {
        self.playing = None;
    }

    fn jobs(&mut self) -> Vec<&mut dyn Running> {
        vec![&mut self.streams, &mut self.moment]
    }
}

impl StreamingExhibit {
    fn controls_ui(&mut self, ui: &mut Ui) {
        let text = if self.playing.is_some() { "Pause" } else { "Play" };
        if ui.button(text).on_hover_text(PLAY.to_string()).clicked() {
            self.play();
        }
        let label = ui.label("Moment");
        ui.spacing_mut().slider_width = (ui.available_width() * 0.5).clamp(100.0, 600.0);
        let slider = Slider::new(&mut self.settings.moment, 0..=StreamingShow::MOMENTS - 1);
        if ui.add(slider).on_hover_text(turned("One on, one back")).labelled_by(label.id).dragged() {
            self.playing = None;
        }
    }

    fn streams_ui(&mut self, ui: &mut Ui, area: Rect, inputs: &Inputs, streams: &Streams) {
        let (above, rest) = area.split_top_bottom_at_fraction(0.3);
        if let Some(moment) = trace_ui(ui, above, streams, self.settings.moment) {
            self.settings.moment = moment;
            self.playing = None;
        }
        let at = self.settings.moment;
        let line = rest.with_min_y(rest.bottom() - LINE);
        let rest = rest.with_max_y(line.top() - 2.0).with_min_y(rest.top() + 6.0);
        let (left, right) = rest.split_left_right_at_fraction(0.5);
        let tiles = left.with_min_y(left.bottom() - 40.0).with_max_x(left.right() - 6.0);
        self.photo_ui(ui, left.with_max_y(tiles.top() - 4.0).with_max_x(tiles.right()), inputs, streams);
        if let Some(chosen) = on_screen(&streams.photo_steps, at) {
            rungs_ui(ui, tiles, &streams.photo.ladder, chosen);
        }
        let right = right.with_min_x(right.left() + 6.0);
        let (bars, text) = right.split_top_bottom_at_fraction(0.4);
        if let Some(loaded) = &inputs.loaded {
            let chosen = on_screen(&streams.model_steps, at).unwrap_or_default();
            matrices_ui(ui, bars, &loaded.runnable.architecture, chosen);
        }
        self.text_ui(ui, text.with_min_y(text.top() + 4.0), streams);
        let [photo, model] = [&streams.photo_steps, &streams.model_steps].map(|steps| arrival_text(steps, at));
        ui.scope_builder(UiBuilder::new().max_rect(line), |ui| {
            let whose = inputs.loaded.as_ref().and_then(|v| v.instead.as_ref()).map_or("model", |_| "sample model");
            let text = RichText::new(format!("Photo: {photo}. The {whose}: {model}."));
            let stalled = matches!(streams.model_steps.get(at).map(|s| &s.arrival), Some(Arrival::Stalled { .. }));
            ui.label(if stalled { text.color(theme::error(ui.visuals().dark_mode)) } else { text.weak() });
        });
    }

    fn photo_ui(&mut self, ui: &mut Ui, area: Rect, inputs: &Inputs, streams: &Streams) {
        let at = self.settings.moment;
        let step = arrived(&streams.photo_steps, at).and_then(|at| streams.photo_steps.get(at));
        let quality = step.and_then(|step| streams.photo.ladder.sqnr_db(step));
        let caption = quality.map(|db| format!("SQNR {}", figures::db(db))).unwrap_or_default();
        let picture: Option<Arc<_>> = self.moment.shown().and_then(|(_, moment)| moment.picture.clone());
        let fresh = self.moment.shown().is_some_and(|(key, _)| key.moment == at);
        let panes = [PaneContent {
            title: "The photo now",
            caption: &caption,
            picture: picture.as_ref(),
            stale: (!fresh && self.playing.is_none()).then_some(0.0),
            ..PaneContent::default()
        }];
        let comparison = Comparison {
            transparent: inputs.photo.as_ref().is_some_and(|d| !d.photo.image.is_opaque()),
            ..Comparison::side_by_side(
                "lesson-streaming",
                &panes,
                (streams.photo.image.width, streams.photo.image.height),
            )
        };
        let compare = &mut self.compare;
        ui.scope_builder(UiBuilder::new().max_rect(area), |ui| compare_ui(ui, compare, &comparison));
    }

    fn text_ui(&self, ui: &mut Ui, area: Rect, streams: &Streams) {
        ui.scope_builder(UiBuilder::new().max_rect(area), |ui| {
            let spoken = self.moment.shown().and_then(|(_, moment)| moment.spoken.as_ref());
            let Some((speech, evaluation)) = spoken else {
                let nothing = arrived(&streams.model_steps, self.settings.moment).is_none();
                ui.label(if nothing { "No model has arrived yet." } else { "…" });
                return;
            };
            let kl = figures::significant(evaluation.kl);
            ui.strong(format!("The model now: KL {kl} nats"))
                .on_hover_text("How far its guesses for the next word are from full precision's; 0 is no difference");
            let size = if area.height() > 190.0 { theme::BODY + 2.0 } else { theme::BODY };
            ui.label(story_job(ui, &speech.words, size));
        });
    }
}

/// What the line carried and what was sent, or why nothing was.
fn arrival_text(steps: &[Step], at: usize) -> String {
    let kilo = |bits: u64| figures::kilobytes(bits / 8);
    match steps.get(at).map(|step| (step.budget_bits, &step.arrival)) {
        Some((budget, Arrival::Delivered { bits, .. })) => format!("{} of {}", kilo(*bits), kilo(budget)),
        Some((budget, Arrival::Stalled { floor_bits })) => {
            format!("stalled, {} of at least {}", kilo(budget), kilo(*floor_bits))
        }
        None => "nothing".to_owned(),
    }
}
