//! A photo and a model down a line whose bandwidth drops and comes back.

pub mod compute;

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sources, check_range, names};
use crate::engine::control::Control;
use crate::engine::theory::allocate::Item;
use crate::lesson::error::LessonError;
use crate::lesson::exhibits::streaming::compute::{
    Arrival, Ladder, ModelLadder, Step, Trace, arrived, on_screen, streams,
};

/// Settings of a photo and a model down a line whose bandwidth changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StreamingShow {
    /// The moment looked at, from 0.
    pub moment: usize,
}

impl StreamingShow {
    /// Moments of the timeline. What the line carries in each is drawn from the lesson's seed.
    pub const MOMENTS: usize = 60;

    pub(super) fn turned_to(self, stop: f64) -> Self {
        Self { moment: stop as usize }
    }

    pub(super) fn figure_names(self) -> Vec<String> {
        let both = names(["photo", "model"], &["stalls", "stalls-ever", "budget-bits", "bits", "floor-bits"]);
        let model = names(["model"], &["lowest-rung-bits", "highest-rung-bits"]);
        [both, names(["photo"], &["sqnr-db"]), model].concat()
    }

    pub(super) fn figures(self, from: &Sources<'_>, control: &Control<'_>) -> Figures {
        let trace = Trace::drop_and_return(from.seed, Self::MOMENTS);
        let loaded = from.loaded;
        let model = (&*loaded.model, &loaded.runnable, &loaded.inputs);
        let both = streams(from.image, model, trace, control)?;
        let stalls = |step: &Step| matches!(step.arrival, Arrival::Stalled { .. });
        let lane = |steps: &[Step], ladder: &Ladder| {
            let step = steps.get(self.moment);
            let bits = match step.map(|s| &s.arrival) {
                Some(Arrival::Delivered { bits, .. }) => *bits as f64,
                _ => 0.0,
            };
            let least = |item: &Item| item.choices.iter().map(|c| c.bits).min().unwrap_or(0);
            let floor: u64 = ladder.items.iter().map(least).sum();
            [
                f64::from(u8::from(step.is_some_and(stalls))),
                f64::from(u8::from(steps.iter().any(stalls))),
                step.map_or(0.0, |s| s.budget_bits as f64),
                bits,
                floor as f64,
            ]
        };
        let quality = arrived(&both.photo_steps, self.moment)
            .and_then(|at| both.photo.ladder.sqnr_db(&both.photo_steps[at]))
            .unwrap_or(f64::NAN);
        let chosen = on_screen(&both.model_steps, self.moment).unwrap_or_default();
        let rungs = chosen.iter().map(|rung| f64::from(ModelLadder::bits_of(*rung)));
        let (lowest, highest) = (rungs.clone().fold(f64::NAN, f64::min), rungs.fold(f64::NAN, f64::max));
        let photo = lane(&both.photo_steps, &both.photo.ladder);
        let model = lane(&both.model_steps, &both.model.ladder);
        Ok([&photo[..], &model, &[quality, lowest, highest]].concat())
    }

    pub(super) fn check(&self) -> Result<(), LessonError> {
        check_range(self.moment, 0..=Self::MOMENTS - 1, "moment {}")
    }
}
