//! One number on a line, and what each of some formats stores in its place.

use serde::{Deserialize, Serialize};

use crate::run::ruler::{LANES, lane_named};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NumbersShow {
    /// From −1 to 1.
    pub value: f64,
    /// From top to bottom, by their names.
    pub lanes: Vec<String>,
    /// The line is seen from so near: each step is eight times nearer.
    pub zoom: u8,
}

pub const MOST_ZOOM: u8 = 8;
const MOST_LANES: usize = 12;

impl Default for NumbersShow {
    fn default() -> Self {
        let lanes = ["fp32", "fp16", "bf16", "e4m3", "int8", "int4", "nf4", "mxfp4"].map(str::to_owned).to_vec();
        Self { value: 0.847_291_736, lanes, zoom: 0 }
    }
}

impl NumbersShow {
    pub(super) fn check(&self) -> Result<(), String> {
        if !(-1.0..=1.0).contains(&self.value) {
            return Err(format!("the number {}; −1 to 1 can be shown", self.value));
        }
        if self.zoom > MOST_ZOOM {
            return Err(format!("zoom {}; 0 to {MOST_ZOOM} can be shown", self.zoom));
        }
        if self.lanes.is_empty() || self.lanes.len() > MOST_LANES {
            return Err(format!("{} lanes; 1 to {MOST_LANES} can be shown", self.lanes.len()));
        }
        match self.lanes.iter().find(|name| lane_named(name).is_none()) {
            None => Ok(()),
            Some(name) => {
                let known: Vec<_> = LANES.iter().map(|lane| lane.name).collect();
                Err(format!("no lane is called '{name}'; there are {}", known.join(", ")))
            }
        }
    }
}
