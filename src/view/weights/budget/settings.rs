//! What the user has chosen of a budget, and what the panel asks for.

use std::path::PathBuf;

use crate::engine::format::Format;
use crate::engine::theory::allocate::Objective;
use crate::run::mix::{Budget, Lock};

/// The unit of the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bits per weight over all weights of the model, side information included.
    BitsPerWeight,
    /// Megabytes of 10⁶ bytes, of all tensors together.
    Megabytes,
}

/// What the user has chosen of a budget.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The formats that tensors may get; at least one.
    pub formats: Vec<Format>,
    /// The unit that the budget is set in.
    pub unit: Unit,
    /// The budget where the unit is bits per weight.
    pub bits_per_weight: f64,
    /// The budget in 10⁶ bytes where the unit is megabytes.
    pub megabytes: f64,
    /// Tensors whose format is fixed whatever the budget, the latest lock first.
    pub locks: Vec<Lock>,
    /// Patterns of the locks by default that the user took away.
    pub freed: Vec<String>,
    /// What the choice of formats minimizes.
    pub objective: Objective,
}

/// What the panel asks for.
#[derive(Clone, Debug)]
pub enum BudgetAction {
    /// Sets all that the panel chooses.
    Set(Settings),
    /// Locks a tensor to the format that it has now, or frees it where it is locked.
    ToggleLock {
        /// The tensor's name.
        name: String,
        /// The format that it has now; none: as stored.
        format: Option<Format>,
    },
    /// Takes a lock by default away from a tensor.
    Free(String),
    /// Writes the mix to this file, whose ending says what is written.
    Write(PathBuf),
    /// Stops the writing of the file.
    CancelWriting,
    /// Goes on with the measuring that was cancelled or has failed.
    Measure,
    /// Gives all columns the same importance again.
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

/// A set of formats that are offered together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Preset {
    /// The text of its button.
    pub label: &'static str,
    /// Its tooltip.
    pub hint: &'static str,
    names: &'static [&'static str],
}

impl Preset {
    /// All sets, in the order of their buttons.
    pub(crate) const ALL: [Preset; 3] = [
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

    /// The formats of the set, from few bits to many.
    pub(crate) fn formats(self) -> Vec<Format> {
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
