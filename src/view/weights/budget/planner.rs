//! The plan that the settings make, before anything is measured: made anew only where they change.

use super::settings::Settings;
use crate::engine::theory::allocate::Objective;
use crate::run::mix::{Lock, Plan, default_locks};
use crate::view::document::{DocumentId, ModelDocument};

#[derive(Default)]
pub(super) struct Planner {
    made: Option<Made>,
}

struct Made {
    document: DocumentId,
    settings: Settings,
    /// The plan, or why there is none: a lock that matches nothing, a budget that cannot be met.
    plan: Result<Plan, String>,
    default_locks: Vec<Lock>,
    range: (u64, u64),
}

impl Planner {
    pub(super) fn plan(&mut self, document: &ModelDocument, settings: &Settings) -> Result<&Plan, &str> {
        let current = |made: &Made| made.document == document.id && made.settings == *settings;
        let made = self.made.take().filter(current).unwrap_or_else(|| make(document, settings));
        self.made.insert(made).plan.as_ref().map_err(String::as_str)
    }

    /// The locks that the plan adds by itself, less those that the user has taken away.
    pub(super) fn default_locks(&self) -> &[Lock] {
        self.made.as_ref().map(|made| made.default_locks.as_slice()).unwrap_or_default()
    }

    /// The least and the most that the formats can take, in bits.
    pub(super) fn range(&self, document: DocumentId) -> Option<(u64, u64)> {
        self.made.as_ref().filter(|made| made.document == document).map(|made| made.range)
    }
}

fn make(document: &ModelDocument, settings: &Settings) -> Made {
    let (model, budget) = (&document.model, settings.budget());
    let mut locks = Vec::new();
    if settings.objective == Objective::WeightError {
        locks = default_locks(model, &settings.formats, budget);
        locks.retain(|lock| !settings.freed.contains(&lock.pattern));
    }
    let all: Vec<Lock> = settings.locks.iter().chain(&locks).cloned().collect();
    let plan = Plan::new(model, &settings.formats, &all);
    let range = plan.as_ref().map(|plan| plan.range_bits(model)).unwrap_or_default();
    let plan = plan.and_then(|plan| plan.check(model, budget).map(|()| plan)).map_err(|why| why.to_string());
    Made { document: document.id, settings: settings.clone(), plan, default_locks: locks, range }
}
