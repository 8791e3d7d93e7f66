//! Why so little is enough: neighbours alike, weights under a bell, a model that still talks, a driver who rounds.

pub mod driver;
pub mod gaussian_fit;
pub mod neighbours;

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sources, check_range, names, on_dial};
use crate::engine::control::Control;
use crate::lesson::error::LessonError;
use crate::lesson::exhibits::why::driver::{Drive, Track, journey};
use crate::lesson::exhibits::why::gaussian_fit::fit_gaussian;
use crate::lesson::exhibits::why::neighbours::{Pairs, neighbours};
use crate::run::model::generation::{Ask, Generation};
use crate::spec::WeightSettings;

/// Settings of the exhibits on redundancy and robustness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WhyShow {
    /// Which of the exhibits it is.
    pub seen: WhySeen,
    /// Between the pixels of a pair, 1 to 64.
    pub distance: u32,
    /// Whether the pixels are shuffled first, by the lesson's seed.
    pub shuffled: bool,
    /// Colours of the pixels' palette; none: all there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colors: Option<u16>,
    /// A tensor by its place; none: the one that is looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tensor: Option<usize>,
    /// Bits of a weight, and of a steering angle: a stop of the dial.
    pub bits: u8,
    /// Whether the driver sees the road.
    pub eyes: bool,
}

/// An exhibit on redundancy or robustness.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhySeen {
    /// Correlation of neighbouring pixels.
    #[default]
    Neighbours,
    /// Histogram of a tensor beside the Gaussian of the same mean and spread.
    Bell,
    /// What the model writes with weights of `bits` bits.
    Story,
    /// A driver whose steering angles have `bits` bits.
    Road,
}

/// The farthest that pixels of a pair are apart.
pub const MOST_DISTANCE: u32 = 64;

impl Default for WhyShow {
    fn default() -> Self {
        Self { seen: WhySeen::default(), distance: 1, shuffled: false, colors: None, tensor: None, bits: 4, eyes: true }
    }
}

impl WhyShow {
    pub(super) fn turned_to(self, stop: f64) -> Self {
        match self.seen {
            WhySeen::Neighbours => Self { distance: stop as u32, ..self },
            WhySeen::Bell => Self { tensor: Some(stop as usize), ..self },
            _ => Self { bits: stop as u8, ..self },
        }
    }

    pub(super) fn figure_names(self) -> Vec<String> {
        match self.seen {
            WhySeen::Neighbours => ["correlation", "alike"].map(str::to_owned).to_vec(),
            WhySeen::Bell => ["kurtosis", "within-one-sigma"].map(str::to_owned).to_vec(),
            WhySeen::Story => ["perplexity", "full-perplexity", "rho", "words-kept"].map(str::to_owned).to_vec(),
            WhySeen::Road => {
                let drivers = ["rounded", "from-memory", "exact"];
                let tracks = names(drivers, &["farthest-m", "turned-a-metre", "metres-on-road"]);
                [tracks, names(["rounded"], &["angles"])].concat()
            }
        }
    }

    pub(super) fn figures(self, from: &Sources<'_>, control: &Control<'_>) -> Figures {
        match self.seen {
            WhySeen::Neighbours => {
                let shuffled = self.shuffled.then_some(from.seed);
                let pairs = Pairs { distance: self.distance, shuffled, colors: self.colors };
                let likeness = neighbours(from.image, pairs, control)?;
                Ok(vec![likeness.correlation, likeness.alike])
            }
            WhySeen::Bell => {
                let fit = fit_gaussian(from.model, self.tensor.unwrap_or(from.tensor), control)?;
                Ok(vec![fit.moments.kurtosis(), fit.within_one])
            }
            WhySeen::Story => {
                let format = WeightSettings::default().format(self.bits);
                let (generation, model) = Generation::new(from.loaded, format, Ask::default(), control)?;
                let evaluation = from.loaded.runnable.reference.evaluate(&model, control)?;
                let (kept, of) = generation.kept();
                let (share, rho) = (kept as f64 / of.max(1) as f64, generation.error.relative_error());
                Ok(vec![evaluation.perplexity(), generation.full.perplexity(), rho, share])
            }
            WhySeen::Road => {
                let of = |eyes| journey(Drive { bits: Some(self.bits), eyes, seed: from.seed });
                let (open, closed) = (of(true), of(false));
                let track = |t: &Track| [t.farthest(), t.turned(), t.driven()].map(f64::from);
                let tracks = [&open.rounded, &closed.rounded, &open.exact];
                Ok(tracks.into_iter().flat_map(track).chain([open.angles.len() as f64]).collect())
            }
        }
    }

    pub(super) fn check(self) -> Result<(), LessonError> {
        if !(1..=MOST_DISTANCE).contains(&self.distance) {
            let distance = self.distance;
            return Err(LessonError::Rule(format!("pixels {distance} apart; 1 to {MOST_DISTANCE} can be paired")));
        }
        self.colors.map_or(Ok(()), |colors| check_range(colors, 2..=256, "{} colours"))?;
        on_dial(self.bits)
    }
}
