//! The settings with the jobs behind them: measuring, choosing, comparing and writing, each begun anew where it must.

use std::path::PathBuf;
use std::sync::Arc;

use super::outcome::{KlState, Outcome};
use super::planner::Planner;
use super::settings::{BudgetAction, Settings};
use super::write::{Written, write_mix};
use crate::engine::control::Failure;
use crate::engine::format::Format;
use crate::engine::theory::allocate::Objective;
use crate::jobs::{Running, Slot, Sweep, Wake, in_background};
use crate::run::error::RunError;
use crate::run::mix::{Lock, Measurements, Plan, measure_all};
use crate::run::model::kl_report::{KlReport, can_generate, compare_kl, measure_sensitivity};
use crate::run::tensor::Measured;
use crate::source::imatrix::Importance;
use crate::source::pattern::exactly;
use crate::spec::TensorSpec;
use crate::view::document::{DocumentId, ImatrixDocument, ModelDocument};

type Arrival = (TensorSpec, Result<Measured, RunError>);

/// What errors are measured of, and how they are weighed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct WeighedModel {
    /// The model whose tensors are measured.
    document: DocumentId,
    /// The importance matrix that weighs the errors, where one is in use.
    imatrix: Option<DocumentId>,
}

/// The measurements that a plan needs and that are not there yet.
#[derive(Clone, PartialEq)]
struct MeasureKey {
    /// What is measured.
    weighed: WeighedModel,
    /// The tensors, each under a format.
    specs: Vec<TensorSpec>,
}

/// A mix: what it was chosen from, and by which settings.
#[derive(Clone, PartialEq)]
struct MixKey {
    /// What was measured.
    weighed: WeighedModel,
    /// How many measurements there were.
    measured: usize,
    /// The settings that it was chosen by.
    settings: Settings,
}

/// The bit budget of the open model: its settings, the jobs that they need and the mix that comes of them.
pub struct BudgetState {
    /// What the user has chosen.
    pub settings: Settings,
    /// The name pattern that is being typed for the next lock.
    pub lock_pattern: String,
    /// The format of the next lock; none: as stored.
    pub lock_format: Option<Format>,
    /// The path that is being typed for the file of the mix.
    pub destination: String,
    /// The number of parameters that is being typed in the size calculator, such as `70b`.
    pub parameters: String,
    /// The panel was opened by its key: the keyboard goes to the budget.
    pub called_by_key: bool,
    document: Option<DocumentId>,
    /// The importance matrix that was opened last, unless it was dropped since.
    imatrix: Option<ImatrixDocument>,
    /// The importance matrix, bound to the tensors of the model.
    binding: Slot<WeighedModel, Importance>,
    /// What the measurements were made for.
    measured_for: Option<WeighedModel>,
    measured: Arc<Measurements>,
    measuring: Sweep<MeasureKey, Arrival>,
    /// A mix, or why the settings allow none.
    mixing: Slot<MixKey, Result<Arc<Outcome>, String>>,
    /// The last mix that the settings allowed.
    mixed: Option<(MixKey, Arc<Outcome>)>,
    comparing_kl: Slot<MixKey, Option<KlReport>>,
    /// What the model makes of each tensor's error.
    measuring_sensitivity: Slot<DocumentId, Vec<Option<f64>>>,
    /// Whether the model runs here.
    can_generate: bool,
    pub(super) writing: Slot<u64, Written>,
    written: u64,
    /// The file that stood in the way of the last attempt to write: the next one replaces it.
    pub(super) taken: Option<PathBuf>,
    pub(super) planner: Planner,
    /// Why the settings make no plan.
    refused: Option<String>,
}

impl BudgetState {
    /// No model and no mix yet; `wake` draws the next frame when a result is there, `wake_soon` when some of many are.
    pub fn new(wake: &Wake, wake_soon: &Wake) -> Self {
        Self {
            settings: Settings::default(),
            lock_pattern: String::new(),
            lock_format: None,
            destination: String::new(),
            parameters: "70b".to_owned(),
            called_by_key: false,
            document: None,
            imatrix: None,
            binding: Slot::new("Reading the importance matrix", wake.clone()),
            measured_for: None,
            measured: Arc::default(),
            measuring: Sweep::new("Measuring every tensor under every format", wake_soon.clone()),
            mixing: Slot::new("Choosing the formats", wake.clone()),
            mixed: None,
            comparing_kl: Slot::new("Measuring the mix's predictions", wake.clone()),
            measuring_sensitivity: Slot::new("Measuring tensor by tensor", wake.clone()),
            can_generate: false,
            writing: Slot::new("Writing", wake.clone()).once(),
            written: 0,
            taken: None,
            planner: Planner::default(),
            refused: None,
        }
    }

    /// From now on errors count as this matrix says.
    pub(crate) fn weigh_by(&mut self, imatrix: ImatrixDocument) {
        self.imatrix = Some(imatrix);
    }

    /// Takes what has come; returns once what was written, or why something was refused.
    pub(crate) fn take(&mut self) -> Option<Result<String, String>> {
        let arrived = self.measuring.drain();
        if !arrived.is_empty() {
            Arc::make_mut(&mut self.measured).extend(arrived);
        }
        if let Some((key, mixed)) = self.mixing.shown()
            && let Ok(outcome) = &**mixed
        {
            self.mixed = Some((key.clone(), outcome.clone()));
        }
        if let Some(why) = self.binding.error() {
            let notice = format!("The importance matrix is not used. {why}");
            self.imatrix = None;
            self.binding.clear();
            return Some(Err(notice));
        }
        let notice = match (self.writing.error(), self.writing.shown()) {
            (Some(why), _) => Some(Err(format!("Not written. {why}"))),
            (_, Some((_, written))) => Some(match &**written {
                Written::Done(text) => Ok(text.clone()),
                Written::Taken(path) => {
                    self.taken = Some(path.clone());
                    Err(format!(
                        "Not written. {}: there is such a file already; Replace writes over it",
                        path.display()
                    ))
                }
            }),
            _ => None,
        };
        if notice.is_some() {
            self.writing.clear();
        }
        notice
    }

    /// Asks for what the settings need: measurements first, then the mix.
    pub(crate) fn request(&mut self, document: &ModelDocument) {
        if self.document != Some(document.id) {
            self.document = Some(document.id);
            self.mixing.clear();
            self.mixed = None;
            self.comparing_kl.clear();
            self.settings.locks.clear();
            self.settings.freed.clear();
            self.can_generate = can_generate(&document.model);
            if !self.can_generate && self.settings.objective == Objective::Kl {
                self.settings.objective = Objective::default();
            }
            self.begin(document);
        }
        let Some(importance) = self.importance(document) else { return };
        let imatrix = importance.as_ref().and(self.imatrix.as_ref()).map(|imatrix| imatrix.id);
        let weighed = WeighedModel { document: document.id, imatrix };
        if self.measured_for != Some(weighed) {
            self.measured_for = Some(weighed);
            self.measured = Arc::default();
            self.measuring.clear();
        }
        let planned = self.planner.plan(document, &self.settings).cloned().map_err(str::to_owned);
        let plan = match planned {
            Ok(plan) if self.settings.objective == Objective::Kl => match self.kl_weights(document) {
                Some(weights) => plan.with_kl_weights(weights),
                None => return,
            },
            Ok(plan) => plan,
            Err(why) => {
                self.refused = Some(why);
                return;
            }
        };
        self.refused = None;
        let missing: Vec<TensorSpec> =
            plan.wanted().into_iter().filter(|spec| !self.measured.contains_key(spec)).collect();
        if !missing.is_empty() {
            self.measure(document, MeasureKey { weighed, specs: missing }, importance);
            return;
        }
        let key = MixKey { weighed, measured: self.measured.len(), settings: self.settings.clone() };
        let (model, measured, budget) = (document.model.clone(), self.measured.clone(), self.settings.budget());
        let own = importance.clone();
        self.mixing.request_value(key.clone(), move |_| {
            let mix = plan.mix(&model, &measured, own.as_deref(), budget);
            let mix = mix.map_err(|why| why.to_string());
            Ok::<_, Failure>(mix.map(|mix| Arc::new(Outcome { mix, plan, importance: own })))
        });
        if let Some((mixed, outcome)) = &self.mixed
            && *mixed == key
        {
            let (model, outcome) = (document.model.clone(), outcome.clone());
            self.comparing_kl.request_value(key, move |control| {
                let importance = outcome.importance.as_deref();
                in_background(|| compare_kl(&model, &outcome.mix, importance, control))
            });
        }
    }

    /// What the model makes of each tensor's error, once that is known.
    fn kl_weights(&mut self, document: &ModelDocument) -> Option<Vec<Option<f64>>> {
        let model = document.model.clone();
        self.measuring_sensitivity.request_value(document.id, move |control| {
            Ok::<_, Failure>(in_background(|| measure_sensitivity(&model, control))?.unwrap_or_default())
        });
        let (id, weights) = self.measuring_sensitivity.shown()?;
        (*id == document.id).then(|| weights.to_vec())
    }

    /// Whether the model runs here, so that its KL can be measured.
    pub(crate) fn can_generate(&self) -> bool {
        self.can_generate
    }

    /// The importance matrix bound to the model's tensors, where one is open; `None` while it is still being bound.
    fn importance(&mut self, document: &ModelDocument) -> Option<Option<Arc<Importance>>> {
        let Some(ImatrixDocument { id, imatrix }) = self.imatrix.clone() else { return Some(None) };
        let key = WeighedModel { document: document.id, imatrix: Some(id) };
        let model = document.model.clone();
        self.binding.request_value(key, move |_| imatrix.bind(&model).map_err(|why| Failure::Message(why.to_string())));
        let (shown, importance) = self.binding.shown()?;
        (*shown == key).then(|| Some(importance.clone()))
    }

    /// The importance matrix in use.
    pub(crate) fn weighed_by(&self) -> Option<&Importance> {
        let wanted = WeighedModel { document: self.document?, imatrix: Some(self.imatrix.as_ref()?.id) };
        self.binding.shown().filter(|(key, _)| **key == wanted).map(|(_, importance)| &**importance)
    }

    /// A budget that can be met, for a model that was just opened: nearer to the least than to the most.
    fn begin(&mut self, document: &ModelDocument) {
        let Ok(plan) = Plan::new(&document.model, &self.settings.formats, &[]) else { return };
        let (low, high) = plan.range_bits(&document.model);
        let each = |bits: f64| bits / document.model.total_values().max(1) as f64;
        let bits = each(low as f64 + (high - low) as f64 * 0.3);
        self.settings.bits_per_weight = (bits * 100.0).ceil() / 100.0;
        self.settings.megabytes = document.model.total_values() as f64 * self.settings.bits_per_weight / 8e6;
    }

    fn measure(&mut self, document: &ModelDocument, key: MeasureKey, importance: Option<Arc<Importance>>) {
        // What is on its way is not asked for again: only what it does not bring starts the work anew.
        if self.measuring.is_busy()
            && let Some(wanted) = self.measuring.wanted()
            && wanted.weighed == key.weighed
            && key.specs.iter().all(|spec| wanted.specs.contains(spec))
        {
            return;
        }
        if self.measuring.is_cancelled() {
            return;
        }
        let model = document.model.clone();
        let missing = key.specs.clone();
        self.measuring.request(key, move |emit, control| {
            let each = |spec, outcome| emit.emit((spec, outcome));
            in_background(|| measure_all(&model, &missing, importance.as_deref(), &each, control))?;
            Ok(())
        });
    }

    /// Carries out what the panel asks for; `document` is the open model.
    pub(crate) fn apply(&mut self, action: BudgetAction, document: Option<&ModelDocument>) {
        match action {
            BudgetAction::Set(settings) => {
                self.settings = settings;
                self.measuring.retry();
            }
            BudgetAction::ToggleLock { name, format } => {
                let pattern = exactly(&name);
                let at = self.settings.locks.iter().position(|lock| lock.pattern == pattern);
                match at {
                    Some(at) => drop(self.settings.locks.remove(at)),
                    None => self.settings.locks.insert(0, Lock::new(pattern, format)),
                }
            }
            BudgetAction::Free(name) => self.settings.freed.push(exactly(&name)),
            BudgetAction::Write(path) => self.write(path, document),
            BudgetAction::CancelWriting => self.writing.cancel(),
            BudgetAction::Measure => self.measuring.retry(),
            BudgetAction::ForgetImportance => self.imatrix = None,
        }
    }

    fn write(&mut self, path: PathBuf, document: Option<&ModelDocument>) {
        let (Some(document), Some((_, outcome))) = (document, &self.mixed) else { return };
        self.written += 1;
        let replace = self.taken.take().is_some_and(|taken| taken == path);
        let (model, outcome, measured) = (document.model.clone(), outcome.clone(), self.measured.clone());
        self.writing.request_value(self.written, move |control| {
            let write = || write_mix(path, replace, &model, &outcome, &measured, control);
            in_background(write)
        });
    }

    /// The mix of the document, and whether it is that of the settings as they are.
    pub(crate) fn outcome(&self, document: DocumentId) -> Option<(&Outcome, bool)> {
        let (key, outcome) = self.mixed.as_ref().filter(|(key, _)| key.weighed.document == document)?;
        let failed = self.measuring_sensitivity.error().is_some() || self.measuring.error().is_some();
        Some((outcome, key.settings == self.settings && self.problem().is_none() && !failed))
    }

    /// What the mix that is shown does to the model's predictions.
    pub(crate) fn kl_state(&self) -> KlState<'_> {
        match (&self.mixed, self.comparing_kl.shown()) {
            (Some((mix, _)), Some((reported, kl_report))) if mix == reported => {
                kl_report.as_ref().as_ref().map_or(KlState::NotRunnable, KlState::Measured)
            }
            _ if self.comparing_kl.is_cancelled() => KlState::Cancelled,
            _ => self.comparing_kl.error().map_or(KlState::Pending, KlState::Failed),
        }
    }

    /// Why the settings allow no mix.
    pub(crate) fn problem(&self) -> Option<&str> {
        let (_, mixed) = self.mixing.shown().unzip();
        self.refused.as_deref().or(mixed.and_then(|mixed| mixed.as_ref().as_ref().err()).map(String::as_str))
    }

    /// Whether the user has stopped the measuring of tensors under formats.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.measuring.is_cancelled()
    }

    /// Whether a measuring runs still, wanted or not.
    pub(crate) fn is_working(&self) -> bool {
        self.measuring.is_working()
    }

    /// Tensors under formats that are measured.
    pub(crate) fn arrived(&self) -> usize {
        self.measured.len()
    }

    /// How far the measuring is.
    pub(crate) fn measuring(&self) -> Option<f32> {
        self.measuring.progress()
    }

    /// All its jobs, in the order in which a user waits for them.
    pub fn jobs(&mut self) -> [&mut dyn Running; 6] {
        let Self { binding, measuring, measuring_sensitivity, mixing, comparing_kl, writing, .. } = self;
        [writing, binding, measuring, measuring_sensitivity, mixing, comparing_kl]
    }
}
