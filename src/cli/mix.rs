//! What `weights` and `convert` share: formats, a budget, locks, an importance matrix; and the measuring.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Mutex;

use clap::Args;

use super::progress::Progress;
use super::refusal::Refusal;
use crate::engine::control::Stopped;
use crate::engine::format::Format;
use crate::engine::theory::allocate::Objective;
use crate::export::weights_report::Subject;
use crate::run::error::RunError;
use crate::run::mix::{Budget, Lock, Measurements, Mix, Plan, default_locks, measure_all};
use crate::run::model::kl_report::{KlReport, compare_kl, measure_sensitivity};
use crate::source::formats::listed;
use crate::source::imatrix::{Imatrix, Importance};
use crate::source::model::Model;

/// What a budget is spent on where nothing else is said.
const USUAL: [&str; 5] = ["q3_k", "q4_k", "q5_k", "q6_k", "q8_0"];

#[derive(Args, Debug)]
pub(super) struct Wanted {
    /// Number formats, as 'quantscope formats' lists them, with commas between or given again
    #[arg(long = "format", short, visible_alias = "formats", value_name = "NAME", value_delimiter = ',')]
    pub formats: Vec<Format>,

    /// Give each tensor the format that it deserves within so many bits per weight over all of the model
    #[arg(long, value_name = "BITS", group = "any_budget", value_parser = positive)]
    budget: Option<f64>,

    /// The same within so many gigabytes (10^9 bytes)
    #[arg(long, value_name = "GB", group = "any_budget", value_parser = positive)]
    budget_gb: Option<f64>,

    /// With a budget: what tensors are stored as, whatever it costs, by a pattern of their names (* any characters, ? any
    /// one, [ab] one of these); the format 'keep' leaves them as they are. May be given again; the first that matches
    /// decides
    #[arg(long = "lock", value_name = "GLOB=FORMAT", requires = "any_budget", value_parser = lock)]
    locks: Vec<Lock>,

    /// With a budget: leave the output matrix and the embedding as free as all others. By default they are locked high,
    /// as llama.cpp keeps them, since weight error does not tell what they are to the model
    #[arg(long)]
    no_default_locks: bool,

    /// With a budget: what is made least. weight-error: the squared error of all weights together, which does not
    /// predict the model; kl: the KL that the tensors' errors are expected to cost, measured on the model itself where
    /// it runs here
    #[arg(long, value_name = "weight-error|kl", default_value = "weight-error", value_parser = objective)]
    objective: Objective,

    /// llama.cpp's importance matrix: how much the error of each column counts
    #[arg(long, value_name = "FILE")]
    pub imatrix: Option<PathBuf>,
}

/// A model with its measurements.
pub(super) struct Mixing {
    plan: Plan,
    measured: Measurements,
    pub importance: Option<Importance>,
}

impl Wanted {
    pub(super) fn has_budget(&self) -> bool {
        self.budget.is_some() || self.budget_gb.is_some()
    }

    pub(super) fn budget(&self, model: &Model) -> Result<Option<Budget>, Refusal> {
        let budget = match (self.budget, self.budget_gb) {
            (Some(bits), _) => Some(Budget::BitsPerWeight(bits)),
            (_, Some(gb)) => Some(Budget::Bits((gb * 8e9) as u64)),
            _ => None,
        };
        match budget {
            Some(_) if model.total_values() == 0 => Err(Refusal::Input(match model.schemes().as_slice() {
                [] => format!("{}: it has no weights", model.name),
                schemes => format!("{}: all its weights are packed by {}", model.name, schemes.join(" and ")),
            })),
            budget => Ok(budget),
        }
    }

    /// The locks of the command line, then those by default, which are for mixes by weight error.
    fn locks(&self, model: &Model, formats: &[Format]) -> Result<Vec<Lock>, Refusal> {
        let mut locks = self.locks.clone();
        if let (Some(budget), Objective::WeightError, false) =
            (self.budget(model)?, self.objective, self.no_default_locks)
        {
            locks.extend(default_locks(model, formats, budget));
        }
        Ok(locks)
    }

    pub(super) fn importance(&self, model: &Model) -> Result<Option<Importance>, Refusal> {
        let Some(path) = &self.imatrix else { return Ok(None) };
        Ok(Some(Imatrix::open(path)?.bind(model)?))
    }
}

impl Mixing {
    /// Measures all that the plan needs.
    pub(super) fn new(wanted: &Wanted, model: &Model) -> Result<Self, Refusal> {
        let formats =
            if wanted.formats.is_empty() { USUAL.map(Format::built_in).to_vec() } else { wanted.formats.clone() };
        let mut plan = Plan::new(model, &formats, &wanted.locks(model, &formats)?)?;
        // What cannot be met is not worth a measurement.
        wanted.budget(model)?.map_or(Ok(()), |budget| plan.check(model, budget))?;
        let importance = wanted.importance(model)?;
        if wanted.objective == Objective::Kl {
            let weights = measure_sensitivity(model, &super::interrupt::control())?;
            let unknown = || Refusal::input("this model does not run here, so that its KL is not known");
            plan = plan.with_kl_weights(weights.ok_or_else(unknown)?);
        }
        let specs = plan.wanted();
        let progress = Progress::new("measuring", specs.len());
        let measured = Mutex::new(Measurements::new());
        let emit = |spec, outcome| {
            measured.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(spec, outcome);
            progress.one_more();
        };
        let outcome = measure_all(model, &specs, importance.as_ref(), &emit, &super::interrupt::control());
        drop(progress);
        outcome?;
        Ok(Self { plan, measured: measured.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()), importance })
    }

    pub(super) fn mix(&self, model: &Model, budget: Budget) -> Result<Mix, RunError> {
        self.plan.mix(model, &self.measured, self.importance.as_ref(), budget)
    }

    /// What the mix does to the model's predictions, where it is one that runs here; or why that could not be measured.
    ///
    /// # Errors
    /// The work was stopped.
    pub(super) fn kl_report(&self, model: &Model, mix: &Mix) -> Result<Result<Option<KlReport>, RunError>, Stopped> {
        let outcome = compare_kl(model, mix, self.importance.as_ref(), &super::interrupt::control());
        RunError::of_item(outcome)
    }

    pub(super) fn subject<'a>(
        &'a self,
        model: &'a Model,
        kl_report: Result<Option<&'a KlReport>, &'a RunError>,
    ) -> Subject<'a> {
        let importance = self.importance.as_ref();
        Subject { model, plan: &self.plan, measured: &self.measured, importance, kl_report }
    }
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if x > 0.0 && x.is_finite() => Ok(x),
        _ => Err("give a number above 0".to_owned()),
    }
}

fn objective(text: &str) -> Result<Objective, String> {
    let objective = Objective::ALL.into_iter().find(|objective| objective.name() == text);
    objective.ok_or_else(|| format!("say {}", listed(&Objective::ALL.map(Objective::name), "or")))
}

fn lock(text: &str) -> Result<Lock, Box<dyn Error + Send + Sync>> {
    let (pattern, format) = text.rsplit_once('=').ok_or("write it as GLOB=FORMAT, as in '*attn_v*=q6_k'")?;
    if pattern.is_empty() {
        return Err("there is no pattern before '='".into());
    }
    let format = if format == "keep" { None } else { Some(format.parse()?) };
    Ok(Lock::new(pattern.to_owned(), format))
}
