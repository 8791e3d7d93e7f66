//! The layout of a lesson's file: the lesson and its steps, and what serde cannot check of them.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use toml::Spanned;

use super::claim::Claim;
use super::error::LessonError;
use super::exhibits::Show;

/// A lesson as its file has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// The version of this layout: 1. It comes first and tells a lesson from other TOML files.
    pub quantscope_lesson: u32,
    /// The name of the lesson, in the list and above its steps; not blank.
    pub title: String,
    /// One sentence for the list of lessons.
    pub summary: String,
    /// Every choice by chance in the lesson is drawn from it.
    #[serde(default)]
    pub seed: u64,
    /// The step to open at, from 0: 0 but in the file of a moment.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub start: usize,
    /// The steps in their order, 1 to 40.
    pub steps: Vec<Step>,
    /// The photo that the figures belong to, in the file of a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<Carried>,
    /// The weights that the figures belong to, in the file of a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Carried>,
    /// The tensor looked at, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tensor: Option<String>,
}

/// One step: a few sentences, something live, something to try, a question and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The heading of the step.
    pub title: String,
    /// Paragraphs parted by empty lines; words between `*` stand out.
    pub text: String,
    /// What the class is asked to try; `try` in the file.
    #[serde(rename = "try")]
    pub try_it: String,
    /// A question to the class.
    pub question: String,
    /// The answer to the question, hidden until it is asked for.
    pub answer: String,
    /// The exhibit beside the text, with its settings.
    pub show: Show,
    /// What its sentences say of the figures, for a test to check; with the place in the file of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Spanned<Claim>>,
}

impl Step {
    /// All that it says.
    fn texts(&self) -> [&str; 5] {
        [&self.title, &self.text, &self.try_it, &self.question, &self.answer]
    }
}

/// A photo or a model inside the file of a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// The file's name, as it is shown.
    pub name: String,
    /// The contents of the file; base64 in TOML.
    #[serde(rename = "base64", serialize_with = "encode", deserialize_with = "decode")]
    pub bytes: Arc<Vec<u8>>,
}

fn encode<S: Serializer>(bytes: &Arc<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes.as_slice()))
}

fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Vec<u8>>, D::Error> {
    let bytes = STANDARD.decode(String::deserialize(deserializer)?);
    bytes.map(Arc::new).map_err(|e| serde::de::Error::custom(format!("what is carried is damaged ({e})")))
}

fn is_zero(n: &usize) -> bool {
    *n == 0
}

/// The longest text of a step that a class still reads, in characters.
const LONGEST_TEXT: usize = 1200;

const MOST_STEPS: usize = 40;

impl Lesson {
    /// Faults of the claims, with the place in the file where each claim begins.
    pub(super) fn check_claims(&self) -> Result<(), (usize, LessonError)> {
        for step in &self.steps {
            for claim in &step.claims {
                claim.get_ref().check(&step.texts(), &step.show).map_err(|why| (claim.span().start, why))?;
            }
        }
        Ok(())
    }

    /// What serde cannot check.
    pub(super) fn check(&self) -> Result<(), LessonError> {
        let refused = |why: String| Err(LessonError::Rule(why));
        if self.quantscope_lesson != 1 {
            return refused(format!("it is of version {}; this program reads version 1", self.quantscope_lesson));
        }
        if self.title.trim().is_empty() {
            return refused("it has no title".to_owned());
        }
        if self.steps.is_empty() || self.steps.len() > MOST_STEPS {
            return refused(format!("it has {} steps; 1 to {MOST_STEPS} can be shown", self.steps.len()));
        }
        if self.start >= self.steps.len() {
            return refused(format!("it starts at step {} of {}", self.start + 1, self.steps.len()));
        }
        for (at, step) in self.steps.iter().enumerate() {
            let wrong = |why: LessonError| why.at(format!("step {}", at + 1));
            if let Some(long) = step.texts().iter().map(|t| t.chars().count()).find(|&n| n > LONGEST_TEXT) {
                let why = format!("a text of {long} characters; at most {LONGEST_TEXT} can be read");
                return Err(wrong(LessonError::Rule(why)));
            }
            step.show.check().map_err(wrong)?;
        }
        Ok(())
    }
}
