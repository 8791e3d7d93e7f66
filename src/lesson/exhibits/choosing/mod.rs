//! Colours and levels chosen by one method, side by side and step by step.

pub mod compute;

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sources, check_range, names};
use crate::engine::control::Control;

use crate::engine::fit::Method;
use crate::lesson::error::LessonError;
use crate::lesson::exhibits::choosing::compute::{Ending, METHODS, endings};
use crate::run::tensor;

/// Settings of a palette and of levels chosen by one method, step by step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChoosingShow {
    /// One of [`METHODS`].
    pub method: Method,
    /// Colours of the palette and levels of the weights.
    pub count: u16,
    /// The moment on show, from 0; the last where there are fewer.
    pub moment: u16,
    /// Whether it runs.
    pub play: bool,
}

/// How many colours and levels can be chosen.
pub const COUNTS: std::ops::RangeInclusive<u16> = 2..=64;

impl Default for ChoosingShow {
    fn default() -> Self {
        Self { method: Method::MedianCut, count: 16, moment: 0, play: false }
    }
}

impl ChoosingShow {
    pub(super) fn turned_to(self, stop: f64) -> Self {
        Self { count: stop as u16, ..self }
    }

    pub(super) fn figure_names(self) -> Vec<String> {
        names(METHODS.map(Method::name), &["colors-mse", "weights-mse"])
    }

    pub(super) fn figures(self, from: &Sources<'_>, control: &Control<'_>) -> Figures {
        let weights = tensor::original(from.model, from.tensor, control)?.values;
        let figures = RefCell::new(Vec::new());
        let emit = |ending: Ending| figures.borrow_mut().extend([ending.colors_mse, ending.weights_mse]);
        endings(from.image, &weights, usize::from(self.count), &emit, control)?;
        Ok(figures.into_inner())
    }

    pub(super) fn check(&self) -> Result<(), LessonError> {
        check_range(self.count, COUNTS, "{} colours")?;
        if !METHODS.contains(&self.method) {
            let (method, shown) = (self.method.name(), METHODS.map(Method::name).join(", "));
            return Err(LessonError::Rule(format!("the method {method}; {shown} can be shown")));
        }
        Ok(())
    }
}
