//! Colours and levels chosen by one method, side by side and step by step.

use serde::{Deserialize, Serialize};

use crate::engine::fit::Method;
use crate::run::choosing::METHODS;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChoosingShow {
    pub method: Method,
    /// Colours of the palette and levels of the weights.
    pub count: u16,
    /// The moment on show, from 0; the last where there are fewer.
    pub moment: u16,
    /// Whether it runs.
    pub play: bool,
}

pub const COUNTS: std::ops::RangeInclusive<u16> = 2..=64;

impl Default for ChoosingShow {
    fn default() -> Self {
        Self { method: Method::MedianCut, count: 16, moment: 0, play: false }
    }
}

impl ChoosingShow {
    pub(super) fn check(&self) -> Result<(), String> {
        if !COUNTS.contains(&self.count) {
            return Err(format!("{} colours; {} to {} can be shown", self.count, COUNTS.start(), COUNTS.end()));
        }
        if !METHODS.contains(&self.method) {
            let names: Vec<_> = METHODS.iter().map(|m| m.name()).collect();
            return Err(format!("the method {}; {} can be shown", self.method.name(), names.join(", ")));
        }
        Ok(())
    }
}
