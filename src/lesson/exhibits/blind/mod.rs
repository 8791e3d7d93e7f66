//! A blind test: which side has more bits? Votes are counted, round after round; at the end the table of the course.

pub mod summary;
pub mod votes;

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sources, names};
use crate::engine::control::Control;
use crate::engine::recipe::Levels;
use crate::lesson::error::LessonError;
use crate::lesson::exhibits::blind::votes::{better_is_a, by_guessing, seed_of};
use crate::run::model::generation::{Ask, Generation};
use crate::run::{DIAL, photo};
use crate::spec::{FittedPalette, Stage, WeightSettings};

/// Settings and votes of a blind test, or of the table of the course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BlindShow {
    /// Which of the exhibits it is.
    pub seen: BlindSeen,
    /// More and fewer: stops of the dial.
    pub bits: [u8; 2],
    /// What the sides are drawn from; none: drawn by chance when the step is first shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u32>,
    /// The number of the round, from 0; with `seed` it decides which side is A.
    pub round: u32,
    /// Votes of this round, for A and for B.
    pub votes: [u32; 2],
    /// Whether the answer of this round is shown.
    pub revealed: bool,
    /// Right votes of the rounds that were revealed.
    pub right: u32,
    /// All votes of the rounds that were revealed.
    pub counted: u32,
}

/// What is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlindSeen {
    /// Two reductions of the photo, to 2^bits colours each.
    #[default]
    Photo,
    /// Two texts that the model writes, each with weights of as many bits.
    Story,
    /// No test: the photo and the model at every stop of the dial, in one table.
    Summary,
}

/// More hands than any room has.
const MOST_VOTES: u32 = 100_000;

impl Default for BlindShow {
    fn default() -> Self {
        Self {
            seen: BlindSeen::default(),
            bits: [8, 4],
            seed: None,
            round: 0,
            votes: [0; 2],
            revealed: false,
            right: 0,
            counted: 0,
        }
    }
}

impl BlindShow {
    /// For A (0) or B (1); after the answer no more votes are taken.
    pub fn vote(&mut self, side: usize) {
        if let Some(votes) = self.votes.get_mut(side).filter(|v| !self.revealed && **v < MOST_VOTES) {
            *votes += 1;
        }
    }

    /// Whether the side with more bits is A in this round.
    pub fn better_is_a(&self) -> bool {
        better_is_a(self.seed(), self.round)
    }

    /// The seed of what this round shows.
    pub fn story_seed(&self) -> u64 {
        seed_of(self.seed(), self.round)
    }

    fn seed(&self) -> u64 {
        self.seed.map_or(0, u64::from)
    }

    /// Shows the answer and counts; after that, the next round begins.
    pub fn go_on(&mut self) {
        if self.revealed {
            (self.revealed, self.votes, self.round) = (false, [0; 2], self.round.wrapping_add(1));
        } else {
            self.revealed = true;
            self.right = self.right.saturating_add(self.right_now());
            self.counted = self.counted.saturating_add(self.votes[0].saturating_add(self.votes[1]));
        }
    }

    /// Right votes of this round.
    pub fn right_now(&self) -> u32 {
        self.votes[usize::from(!self.better_is_a())]
    }

    /// The table has a line for each stop of the dial; a blind test has no dial.
    pub(super) fn turned_to(self, stop: f64) -> Self {
        Self { bits: [stop as u8, 1], ..self }
    }

    pub(super) fn figure_names(self) -> Vec<String> {
        match self.seen {
            BlindSeen::Photo => {
                let sides = names(["more", "fewer"], &["psnr-db", "delta-e", "bits"]);
                [sides, names(["guessing"], &["eight-of-ten"])].concat()
            }
            BlindSeen::Story => names(["more", "fewer"], &["perplexity", "levels"]),
            BlindSeen::Summary => {
                let model = names(["model"], &["perplexity", "full-perplexity", "rho", "bits"]);
                [names(["photo"], &["psnr-db", "bits"]), model].concat()
            }
        }
    }

    pub(super) fn figures(self, from: &Sources<'_>, control: &Control<'_>) -> Figures {
        match self.seen {
            BlindSeen::Photo => {
                let of = |bits: u8| -> Result<[f64; 3], LessonError> {
                    let spec = FittedPalette::new(1 << bits);
                    let report = photo::reduce(from.image, spec, Stage::Full, control)?;
                    Ok([report.error.psnr_db, report.error.delta_e_mean, report.rate.bits_per_sample()])
                };
                let [more, fewer] = [of(self.bits[0])?, of(self.bits[1])?];
                Ok([&more[..], &fewer, &[by_guessing(8, 10)]].concat())
            }
            BlindSeen::Story => {
                let of = |bits: u8| -> Result<[f64; 2], LessonError> {
                    let format = WeightSettings::default().format(bits);
                    let (_, model) = Generation::new(from.loaded, format, Ask::default(), control)?;
                    let perplexity = from.loaded.runnable.reference.evaluate(&model, control)?.perplexity();
                    let levels = match format.recipe().map(|recipe| recipe.levels) {
                        Some(Levels::Fixed { book, .. }) => book.points().len() as f64,
                        _ => f64::NAN,
                    };
                    Ok([perplexity, levels])
                };
                Ok([of(self.bits[0])?, of(self.bits[1])?].concat())
            }
            BlindSeen::Summary => {
                let line = summary::line(from.image, from.loaded, self.bits[0], control)?;
                let (photo, generation) = (&line.photo, &line.generation);
                Ok(vec![
                    photo.error.psnr_db,
                    photo.rate.bits_per_sample(),
                    generation.evaluation.map_or(f64::NAN, |e| e.perplexity()),
                    generation.full.perplexity(),
                    generation.error.relative_error(),
                    generation.rate.bits_per_sample(),
                ])
            }
        }
    }

    pub(super) fn check(self) -> Result<(), LessonError> {
        let [more, fewer] = self.bits;
        let is_pair = self.bits.iter().all(|b| DIAL.contains(b)) && more > fewer;
        // The table has a line for each stop and no pair.
        let is_line = self.seen == BlindSeen::Summary && DIAL.contains(&more);
        if !(is_pair || is_line) {
            return Err(LessonError::Rule(format!("bits {more} and {fewer}; first more, then fewer, of {DIAL:?}")));
        }
        if self.right > self.counted || self.votes.iter().any(|v| *v > MOST_VOTES) {
            return Err(LessonError::Rule("more right votes than votes".to_owned()));
        }
        Ok(())
    }
}
