//! A blind test with counted votes, and the table of the whole course.

mod sides;
mod table;

use egui::{RichText, Ui};

use super::super::exhibit::{Exhibit, Inputs, PLAY, TURN_DOWN, TURN_UP, settings_of};
use crate::figures;
use crate::jobs::{Running, Slot, Wake, each};
use crate::lesson::exhibits::blind::summary::{Line, summary};
use crate::lesson::exhibits::blind::votes::by_guessing;
use crate::lesson::exhibits::blind::{BlindSeen, BlindShow};
use crate::run::DIAL;
use crate::run::model::generation::{Ask, Prompt};
use crate::run::report::PhotoReport;
use crate::spec::{FittedPalette, PhotoSpec, WeightSettings};
use crate::view::bridge::talk::says::by_chance;
use crate::view::bridge::talk::speaking::{Speaking, Talk};
use crate::view::document::{DocumentId, PhotoKey};
use crate::view::learn::drawing::Painted;
use crate::view::photo::pane_slots::request_reduction;
use crate::view::theme;
use crate::view::widgets::compare::comparison::CompareState;

const TOKENS: usize = 90;

/// What the table of the whole course is made of.
#[derive(Clone, Copy, PartialEq)]
struct SummaryKey {
    photo: DocumentId,
    model: DocumentId,
}

pub(crate) struct BlindExhibit {
    settings: BlindShow,
    /// The photo at more bits, then at fewer.
    photos: [Slot<PhotoKey, PhotoReport>; 2],
    talks: [Talk; 2],
    lines: Slot<SummaryKey, Vec<Line>>,
    crops: Vec<Painted>,
    compare: CompareState,
}

impl BlindExhibit {
    pub(crate) fn new(wake: &Wake) -> Self {
        Self {
            settings: BlindShow::default(),
            photos: [(); 2].map(|()| Slot::new("Reducing the photo", wake.clone())),
            talks: [(); 2].map(|()| Talk::new(wake)),
            lines: Slot::new("Measuring the dial's stops", wake.clone()),
            crops: DIAL.iter().map(|_| Painted::default()).collect(),
            compare: CompareState::default(),
        }
    }

    fn spec(&self, which: usize) -> PhotoSpec {
        FittedPalette::new(1 << self.settings.bits[which]).into()
    }

    /// Which of (more, fewer) stands at A, and which at B.
    fn order(&self) -> [usize; 2] {
        if self.settings.better_is_a() { [0, 1] } else { [1, 0] }
    }

    fn request_stories(&mut self, inputs: &Inputs) {
        let (Some(document), Some(loaded)) = (&inputs.model, &inputs.loaded) else { return };
        let choice = by_chance(self.settings.story_seed());
        for (talk, bits) in self.talks.iter_mut().zip(self.settings.bits) {
            talk.ask = Ask { prompt: Prompt::OnceUponATime, choice, tokens: TOKENS };
            let speaking = Speaking { document: document.id, loaded };
            talk.request_generation(speaking, WeightSettings::default().format(bits));
        }
    }

    fn request_lines(&mut self, inputs: &Inputs) {
        let (Some(photo), Some(model), Some(loaded)) = (&inputs.photo, &inputs.model, &inputs.loaded) else { return };
        let (image, loaded) = (photo.photo.image.clone(), loaded.clone());
        self.lines.request(SummaryKey { photo: photo.id, model: model.id }, move |emit, control| {
            let mut send = |lines: &[Line], last: bool| match last {
                true => emit.emit_final(lines.to_vec()),
                false => emit.emit(lines.to_vec()),
            };
            summary(&image, &loaded, &mut send, control)?;
            Ok(())
        });
    }

    /// The question, a button for each vote, and one for the answer.
    fn votes_ui(&mut self, ui: &mut Ui) {
        let what = match self.settings.seen {
            BlindSeen::Photo => format!("Which has {} colours?", 1u32 << self.settings.bits[0]),
            _ => format!("Which was written with {} bits a weight?", self.settings.bits[0]),
        };
        ui.horizontal(|ui| {
            ui.label(RichText::new(what).strong().size(theme::HEADING - 1.0));
            for (side, (name, key)) in [("A", &TURN_UP), ("B", &TURN_DOWN)].into_iter().enumerate() {
                let text = RichText::new(format!("{name}  {}", self.settings.votes[side])).strong();
                let button = egui::Button::new(text).min_size(egui::vec2(64.0, 24.0));
                let hint = format!("A hand for {name} ({key})");
                if ui.add_enabled(!self.settings.revealed, button).on_hover_text(hint).clicked() {
                    self.settings.vote(side);
                }
            }
            let label = if self.settings.revealed { "Next round" } else { "Show which" };
            if ui.button(label).on_hover_text(PLAY.to_string()).clicked() {
                self.settings.go_on();
            }
            ui.weak(format!("round {}", self.settings.round + 1));
        });
    }

    /// The votes of this round and of all rounds, in two lines.
    fn outcome_ui(&self, ui: &mut Ui) {
        let settings = &self.settings;
        if !settings.revealed && settings.counted == 0 {
            ui.label(format!(
                "Count hands with {TURN_UP} for A and {TURN_DOWN} for B. The space bar shows which is which."
            ));
            ui.label("");
            return;
        }
        if settings.revealed {
            let name = if self.order()[0] == 0 { "A" } else { "B" };
            let (right, of) = (settings.right_now(), settings.votes[0] + settings.votes[1]);
            let votes = if of > 0 { format!(" {right} of {of} votes were right.") } else { String::new() };
            ui.label(RichText::new(format!("It was {name}.{votes}")).strong());
        } else {
            ui.label(format!("{TURN_UP} for A, {TURN_DOWN} for B, then the space bar."));
        }
        if settings.counted == 0 {
            ui.label("");
            return;
        }
        let (right, of) = (settings.right, settings.counted);
        let chance = figures::significant(by_guessing(right, of) * 100.0);
        ui.label(format!(
            "All rounds: {right} of {of} right. By pure guessing, {right} or more happen in {chance} % of such tests."
        ));
    }
}

impl Exhibit for BlindExhibit {
    settings_of!(Blind);

    fn reset(&mut self) {
        self.compare = CompareState::default();
    }

    fn update(&mut self, inputs: &Inputs) {
        match self.settings.seen {
            BlindSeen::Photo => {
                let specs = [self.spec(0), self.spec(1)];
                if let Some(document) = &inputs.photo {
                    for (slot, spec) in self.photos.iter_mut().zip(specs) {
                        request_reduction(slot, document, spec);
                    }
                }
            }
            BlindSeen::Story => self.request_stories(inputs),
            BlindSeen::Summary => self.request_lines(inputs),
        }
    }

    fn ui(&mut self, ui: &mut Ui, inputs: &Inputs) {
        if self.settings.seen == BlindSeen::Summary {
            let lines = self.lines.shown().map(|(_, lines)| lines.as_slice()).unwrap_or_default();
            table::table_ui(ui, lines, &mut self.crops, inputs);
            return;
        }
        self.votes_ui(ui);
        let height = (ui.available_height() - 50.0).max(80.0);
        let (order, revealed) = (self.order(), self.settings.revealed);
        ui.allocate_ui(egui::vec2(ui.available_width(), height), |ui| {
            ui.set_min_height(height);
            match self.settings.seen {
                BlindSeen::Photo => sides::photos_ui(ui, &mut self.compare, inputs, &self.photos, order, revealed),
                _ => sides::stories_ui(ui, inputs, &self.talks, order, revealed),
            }
        });
        self.outcome_ui(ui);
    }

    /// Counts a vote for A or for B.
    fn turn(&mut self, step: i32) {
        self.settings.vote(usize::from(step < 0));
    }

    fn play(&mut self) {
        if self.settings.seen != BlindSeen::Summary {
            self.settings.go_on();
        }
    }

    fn jobs(&mut self) -> Vec<&mut dyn Running> {
        let mut jobs: Vec<&mut dyn Running> = each(&mut self.photos).collect();
        jobs.extend(self.talks.iter_mut().flat_map(Talk::jobs));
        jobs.push(&mut self.lines);
        jobs
    }
}
