//! One number on a line, and what each of some formats stores in its place.

pub mod number_line;

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sources, check_range, names};
use crate::engine::control::Control;

use crate::lesson::error::LessonError;
use crate::lesson::exhibits::numbers::number_line::{ROWS, Reading, read, row_named};

/// Settings of one number under many formats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NumbersShow {
    /// From −1 to 1.
    pub value: f64,
    /// From top to bottom, by their names.
    #[serde(rename = "lanes")]
    pub rows: Vec<String>,
    /// The line is seen from so near: each step is eight times nearer.
    pub zoom: u8,
}

/// The largest `zoom`.
pub const MOST_ZOOM: u8 = 8;
const MOST_ROWS: usize = 12;

impl Default for NumbersShow {
    fn default() -> Self {
        let rows = ["fp32", "fp16", "bf16", "e4m3", "int8", "int4", "nf4", "mxfp4"].map(str::to_owned).to_vec();
        Self { value: 0.847_291_736, rows, zoom: 0 }
    }
}

impl NumbersShow {
    pub(super) fn turned_to(&self, stop: f64) -> Self {
        Self { value: stop, ..self.clone() }
    }

    pub(super) fn figure_names(&self) -> Vec<String> {
        names(self.rows.iter().map(String::as_str), &["stored", "error", "levels", "gap"])
    }

    pub(super) fn figures(&self, _from: &Sources<'_>, control: &Control<'_>) -> Figures {
        let rows: Vec<_> = self.rows.iter().filter_map(|name| row_named(name)).collect();
        let readings = read(&rows, self.value, control)?;
        let of = |reading: Reading| {
            let error = (reading.stored - self.value).abs();
            // Between the numbers on either side that could have been stored.
            let (below, above) = reading.beyond(self.value, self.value);
            let gap = above.unwrap_or(f64::NAN) - below.unwrap_or(f64::NAN);
            [reading.stored, error, reading.count(-1.0, 1.0) as f64, gap]
        };
        Ok(readings.into_iter().flat_map(of).collect())
    }

    pub(super) fn check(&self) -> Result<(), LessonError> {
        if !(-1.0..=1.0).contains(&self.value) {
            return Err(LessonError::Rule(format!("the number {}; −1 to 1 can be shown", self.value)));
        }
        check_range(self.zoom, 0..=MOST_ZOOM, "zoom {}")?;
        check_range(self.rows.len(), 1..=MOST_ROWS, "{} lanes")?;
        match self.rows.iter().find(|name| row_named(name).is_none()) {
            None => Ok(()),
            Some(name) => {
                let known: Vec<_> = ROWS.iter().map(|row| row.name).collect();
                Err(LessonError::Rule(format!("no lane is called '{name}'; there are {}", known.join(", "))))
            }
        }
    }
}
