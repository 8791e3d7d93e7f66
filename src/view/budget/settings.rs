//! What the user has chosen of a budget, and what the panel asks for.

use std::path::PathBuf;

use crate::engine::format::Format;
use crate::engine::theory::allocate::Objective;
use crate::run::mix::{Budget, Lock};

/// What the budget is told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    BitsPerWeight,
    Megabytes,
}

/// What the user has chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub formats: Vec<Format>,
    pub unit: Unit,
    pub bits_per_weight: f64,
    pub megabytes: f64,
    pub locks: Vec<Lock>,
    /// Patterns of the locks by default that the user took away.
    pub freed: Vec<String>,
    pub objective: Objective,
}

/// What the panel asks for.
#[derive(Clone, Debug)]
pub enum BudgetAction {
    Set(Settings),
    /// A tensor keeps what it has now, or is free again.
    ToggleLock {
        name: String,
        format: Option<Format>,
    },
    /// Takes a lock by default away from a tensor.
    Free(String),
    /// To this file: its ending says what.
    Write(PathBuf),
    CancelWriting,
    Measure,
    /// No importance matrix any more.
    ForgetImportance,
}

impl Default for Settings {
    fn default() -> Self {
        let formats = Preset::ALL[0].formats();
        Self {
            formats,
            unit: Unit::BitsPerWeight,
            bits_per_weight: 5.0,
            megabytes: 100.0,
            locks: Vec::new(),
            freed: Vec::new(),
            objective: Objective::default(),
        }
    }
}

/// Sets of formats that go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    pub label: &'static str,
    pub hint: &'static str,
    names: &'static [&'static str],
}

impl Preset {
    pub const ALL: [Preset; 3] = [
        Preset {
            label: "llama.cpp",
            hint: "What llama-quantize writes, to the bit",
            names: &["q2_k", "q3_k", "iq4_nl", "q4_k", "q5_k", "q6_k", "q8_0"],
        },
        Preset {
            label: "llama.cpp +",
            hint: "The same bytes under our better search",
            names: &["q2_k+", "q3_k+", "iq4_nl+", "q4_k+", "q5_k+", "q6_k+", "q8_0+"],
        },
        Preset {
            label: "Integers",
            hint: "Groups of 32 with f16 scales, clipping searched",
            names: &["int2-g32-clip", "int3-g32-clip", "int4-g32-clip", "int5-g32", "int6-g32", "int8-g32"],
        },
    ];

    pub fn formats(self) -> Vec<Format> {
        self.names.iter().map(|name| Format::built_in(name)).collect()
    }
}

impl Settings {
    pub(super) fn budget(&self) -> Budget {
        match self.unit {
            Unit::BitsPerWeight => Budget::BitsPerWeight(self.bits_per_weight),
            Unit::Megabytes => Budget::Bits((self.megabytes * 8e6) as u64),
        }
    }
}
