//! Claims: what the sentences of a step say of the figures beside them, written so that a test can hold them to it.
//!
//! ```toml
//! [[steps.claims]]
//! says = "sounds better"             # words of the step that say it
//! figure = "masked.excess-db"        # a figure of what the step shows
//! is = "below"                       # above, below, about; or, along `at`, rising, falling
//! bound = "bands.excess-db"          # a number, or another figure
//! at = [4, 3, 2, 1]                  # stops of the dial that ↑ and ↓ turn; none: as the step stands
//! ```
//!
//! `about` needs `within`, in percent of the bound. `above` and `below` may have `by`: so much at the least; a negative
//! one lets it be so far on the other side. `seeds` lists seeds to be tried in place of the lesson's. The claims of the lessons in `assets/lessons` are checked by
//! `tests/window/lessons.rs` on the sample photo and the sample model; a wrong name of a figure tells all that there are.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::LessonError;
use super::exhibits::Show;

/// A statement about a figure that a step shows, tied to the words of the step that make it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Words of the step's text, task, question or answer.
    pub says: String,
    /// One of [`Show::figure_names`](super::Show::figure_names).
    pub figure: String,
    /// How the figure compares with the bound, or how it goes along the stops of `at`.
    pub is: Relation,
    /// None for a course along the dial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
    /// In percent of the bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<f64>,
    /// How far above or below it is at the least; a negative one lets it be so far on the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<f64>,
    /// Stops of the dial; none: as the step stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<f64>,
    /// None: the lesson's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seeds: Vec<u32>,
}

/// What a claim says of its figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Greater than the bound, by at least `by` where that is given.
    Above,
    /// Less than the bound, by at least `by` where that is given.
    Below,
    /// As far from the bound as `within` allows.
    About,
    /// Each more than the one before, in the order of `at`.
    Rising,
    /// Each less than the one before, in the order of `at`.
    Falling,
}

/// What a figure is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    /// A constant.
    Number(f64),
    /// Another figure of the same step, by its name.
    Figure(String),
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let relation = match self.is {
            Relation::Above => "above",
            Relation::Below => "below",
            Relation::About => "about",
            Relation::Rising => "rising",
            Relation::Falling => "falling",
        };
        write!(f, "“{}”: {} is {relation}", self.says, self.figure)?;
        match &self.bound {
            Some(Bound::Number(number)) => write!(f, " {number}"),
            Some(Bound::Figure(name)) => write!(f, " {name}"),
            None => Ok(()),
        }
    }
}

/// The words alone, as two texts that say the same are compared.
fn plain(text: &str) -> String {
    text.replace('*', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Claim {
    /// Whether it can be held against a step of these texts, which shows this.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn check(&self, texts: &[&str], show: &Show) -> Result<(), LessonError> {
        let refused = |why: &str| Err(LessonError::Rule(why.to_owned()));
        let words = plain(&self.says);
        if words.is_empty() || !texts.iter().any(|text| plain(text).contains(&words)) {
            return refused(&format!("the step does not say “{}”", self.says));
        }
        let names = show.figure_names();
        let named = match &self.bound {
            Some(Bound::Figure(name)) => vec![&self.figure, name],
            _ => vec![&self.figure],
        };
        if let Some(name) = named.into_iter().find(|name| !names.contains(name)) {
            let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return refused(&format!("no figure is called '{name}'; what the step shows has {known}"));
        }
        match (self.is, &self.bound) {
            (Relation::Rising | Relation::Falling, Some(_)) => refused("a course along the dial has no bound"),
            (Relation::Rising | Relation::Falling, None) if self.at.len() < 2 => {
                refused("a course along the dial needs two stops in `at` or more")
            }
            (Relation::Rising | Relation::Falling, None) => self.check_stops(show),
            (_, None) => refused("it has no `bound`, a number or a figure"),
            (Relation::About, _) if !self.within.is_some_and(|percent| percent >= 0.0) => {
                refused("`about` needs `within`, in percent")
            }
            _ => self.check_stops(show),
        }
    }

    fn check_stops(&self, show: &Show) -> Result<(), LessonError> {
        for &stop in &self.at {
            show.turned_to(stop).and_then(|show| show.check()).map_err(|why| why.at(format!("at {stop}")))?;
        }
        Ok(())
    }

    /// Whether it holds, for the figures at each of its stops. `figures[k]` is the figure and, where it is compared
    /// with another, that one, at stop k.
    ///
    /// # Errors
    /// The figures that contradict it.
    pub fn holds(&self, figures: &[(f64, Option<f64>)]) -> Result<(), String> {
        let course = |is: fn(f64, f64) -> bool| match figures.windows(2).find(|w| !is(w[0].0, w[1].0)) {
            None => Ok(()),
            Some(w) => Err(format!("{} is followed by {}", w[0].0, w[1].0)),
        };
        match self.is {
            Relation::Rising => return course(|a, b| b > a),
            Relation::Falling => return course(|a, b| b < a),
            _ => {}
        }
        for &(figure, other) in figures {
            let bound = match (&self.bound, other) {
                (Some(Bound::Number(number)), _) => *number,
                (_, Some(other)) => other,
                _ => return Err("its bound has no figure".to_owned()),
            };
            let holds = match self.is {
                Relation::Above => self.by.map_or(figure > bound, |by| figure - bound >= by),
                Relation::Below => self.by.map_or(figure < bound, |by| bound - figure >= by),
                _ => (figure - bound).abs() <= self.within.unwrap_or(0.0) / 100.0 * bound.abs(),
            };
            if !holds {
                return Err(format!("it is {figure}, the bound {bound}"));
            }
        }
        Ok(())
    }
}
