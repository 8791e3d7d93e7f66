//! What each layer deserves: a number format for every tensor under a budget of bits.
//!
//! First every tensor is measured under every format that it may take; then [`allocate`] spends the
//! budget where a bit takes away most error. The error is Σe² over all weights, or Σa·e² where an
//! importance matrix says how much each column counts: it adds up over tensors, so the sum is what is
//! least. Norms, biases and the like stay as they are stored and count with their bits; a lock decides for
//! the tensors that its pattern matches. Bits are those of the tensors' data, everything counted.
//! Cost: the measuring, once; a change of the budget is answered at once.

use std::collections::HashMap;

use rayon::prelude::*;

use super::Steps;
use super::tensor::{Fault, Measured, measure_weighed, note};
use crate::allocate::{Allocation, Choice, Item, Refusal, Slopes, allocate, best_uniform};
use crate::engine::control::{Control, Stopped};
use crate::engine::format::{Format, LevelRule, Stored, stored_as};
use crate::engine::metric::{ScalarError, decibels};
use crate::source::imatrix::Importance;
use crate::source::model::Model;
use crate::source::tensor::Tensor;
use crate::spec::TensorSpec;

/// What the tensors that a pattern matches are stored as, whatever the budget.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lock {
    /// A name, or a pattern with `*` and `?`.
    pub pattern: String,
    /// None: as they are stored in the file.
    pub format: Option<Format>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// Over all weights of the model, those that stay as they are included.
    BitsPerWeight(f64),
    Bits(u64),
}

/// What may become of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Stays as it is stored, and why.
    Kept(&'static str),
    /// Was told what to be; none: as it is stored.
    Locked(Option<Format>),
    Free,
}

/// Which tensor may become what.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub formats: Vec<Format>,
    /// One a tensor.
    pub duties: Vec<Duty>,
}

/// What has been measured so far.
pub type Measurements = HashMap<TensorSpec, Result<Measured, String>>;

/// The formats of all tensors, and what comes of it.
#[derive(Clone, Debug)]
pub struct Mix {
    /// One a tensor, in the model's order.
    pub rows: Vec<Row>,
    pub budget_bits: u64,
    /// The least that these formats and locks can take.
    pub floor_bits: u64,
    pub total: Total,
    /// The one format for all free tensors that has the least error within the same budget.
    pub uniform: Option<(Format, Total)>,
    /// All weights, those that stay as they are included.
    pub values: u64,
    /// Of the tensors that stay as they are.
    pub kept_bits: u64,
    pub kept: usize,
    /// Quantized tensors whose rows fit no block of their format, so that another stands in.
    pub stand_ins: usize,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub duty: Duty,
    /// None: as it is stored.
    pub format: Option<Format>,
    pub bits: u64,
    /// None for what stays as it is.
    pub measured: Option<Measured>,
    /// What decided: error that a bit takes away.
    pub slopes: Slopes,
    pub note: Option<String>,
}

/// Sums over a model. The error is that of the quantized tensors: what stays as it is has none, and its
/// energy would only flatter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Total {
    /// Of all tensors.
    pub bits: u64,
    pub error: ScalarError,
    /// Energy and squared error as they were counted.
    pub counted: (f64, f64),
}

impl Total {
    /// As it was counted: weighed, where there is an importance matrix.
    pub fn counted_db(&self) -> f64 {
        decibels(self.counted.0, self.counted.1)
    }
}

impl Budget {
    pub fn bits(self, model: &Model) -> u64 {
        match self {
            Budget::BitsPerWeight(bits) => (bits * model.total_values() as f64).max(0.0) as u64,
            Budget::Bits(bits) => bits,
        }
    }
}

impl Plan {
    /// The first lock that matches a tensor decides.
    ///
    /// # Errors
    /// A sentence for people: no format, a pattern that cannot be read or matches nothing, a lock on what cannot be
    /// quantized.
    pub fn new(model: &Model, formats: &[Format], locks: &[Lock]) -> Result<Self, String> {
        let mut distinct: Vec<Format> = Vec::new();
        for format in formats {
            if !distinct.contains(format) {
                distinct.push(*format);
            }
        }
        if distinct.is_empty() {
            return Err("there is no format to choose from".to_owned());
        }
        let mut duties: Vec<Duty> = model.tensors.iter().map(own_duty).collect();
        for lock in locks.iter().rev() {
            let pattern = pattern(&lock.pattern)?;
            let matched: Vec<usize> = (0..duties.len()).filter(|&t| pattern.matches(&model.tensors[t].name)).collect();
            if matched.is_empty() {
                return Err(format!("no tensor matches '{}'", lock.pattern));
            }
            for t in matched {
                let tensor = &model.tensors[t];
                if lock.format.is_some()
                    && (tensor.unreadable().is_some() || !tensor.dtype.is_float() || tensor.values == 0)
                {
                    let why = tensor.kept_because().unwrap_or("it has no weights");
                    return Err(format!("'{}' cannot be given a format: {why}", tensor.name));
                }
                duties[t] = Duty::Locked(lock.format);
            }
        }
        Ok(Self { formats: distinct, duties })
    }

    /// All that must be measured.
    pub fn wanted(&self) -> Vec<TensorSpec> {
        let of_duty = |(tensor, duty): (usize, &Duty)| match duty {
            Duty::Kept(_) | Duty::Locked(None) => Vec::new(),
            Duty::Locked(Some(format)) => vec![TensorSpec { tensor, format: *format }],
            Duty::Free => self.formats.iter().map(|&format| TensorSpec { tensor, format }).collect(),
        };
        self.duties.iter().enumerate().flat_map(of_duty).collect()
    }

    /// Spends the budget.
    ///
    /// # Errors
    /// A sentence for people: the budget is under the floor, which it names; or a tensor has no format that it can
    /// take.
    pub fn mix(
        &self,
        model: &Model,
        measured: &Measurements,
        importance: Option<&Importance>,
        budget: Budget,
    ) -> Result<Mix, String> {
        let items: Vec<Item> = (0..self.duties.len()).map(|t| self.item(model, t, measured, importance)).collect();
        let budget_bits = budget.bits(model);
        let found =
            allocate(&items, budget_bits).map_err(|refusal| self.explain(model, refusal, budget_bits, measured))?;
        let rows: Vec<Row> = (0..items.len()).map(|t| self.row(model, t, &items, &found, measured)).collect();
        let total = |format_of: &dyn Fn(usize) -> Option<Format>| self.total(model, measured, importance, format_of);
        let uniform = best_uniform(&items, budget_bits).map(|(place, ..)| {
            let format = self.formats[place];
            (format, total(&|t| if self.duties[t] == Duty::Free { Some(format) } else { rows[t].format }))
        });
        Ok(Mix {
            budget_bits,
            floor_bits: floor(&items),
            total: total(&|t| rows[t].format),
            uniform,
            values: model.total_values(),
            kept_bits: rows.iter().filter(|r| r.format.is_none()).map(|r| r.bits).sum(),
            kept: rows.iter().filter(|r| r.format.is_none()).count(),
            stand_ins: rows
                .iter()
                .zip(&model.tensors)
                .filter(|(r, t)| r.format.is_some_and(|f| stands_in(t, f)))
                .count(),
            rows,
        })
    }

    /// The totals of one format for all free tensors.
    pub fn uniform(
        &self,
        model: &Model,
        measured: &Measurements,
        importance: Option<&Importance>,
        format: Format,
    ) -> Total {
        self.total(model, measured, importance, &|t| match self.duties[t] {
            Duty::Free => Some(format),
            Duty::Locked(format) => format,
            Duty::Kept(_) => None,
        })
    }

    /// The least that the plan can take, and the most that is of use.
    pub fn range_bits(&self, model: &Model, measured: &Measurements, importance: Option<&Importance>) -> (u64, u64) {
        let items: Vec<Item> = (0..self.duties.len()).map(|t| self.item(model, t, measured, importance)).collect();
        let most = items.iter().map(|i| choices(i).map(|c| c.bits).max().unwrap_or(0)).sum();
        (floor(&items), most)
    }

    fn item(&self, model: &Model, t: usize, measured: &Measurements, importance: Option<&Importance>) -> Item {
        let choice = |format: Format| match measured.get(&TensorSpec { tensor: t, format }) {
            Some(Ok(m)) => Choice { bits: m.rate.total_bits(), error: counted(m, t, importance).1 },
            _ => Choice { bits: 0, error: f64::NAN },
        };
        match self.duties[t] {
            Duty::Kept(_) | Duty::Locked(None) => {
                Item { choices: vec![Choice { bits: stored_bits(&model.tensors[t]), error: 0.0 }], locked: Some(0) }
            }
            Duty::Locked(Some(format)) => Item { choices: vec![choice(format)], locked: Some(0) },
            Duty::Free => Item { choices: self.formats.iter().map(|&f| choice(f)).collect(), locked: None },
        }
    }

    fn row(&self, model: &Model, t: usize, items: &[Item], found: &Allocation, measured: &Measurements) -> Row {
        let format = match self.duties[t] {
            Duty::Kept(_) => None,
            Duty::Locked(format) => format,
            Duty::Free => Some(self.formats[found.chosen[t]]),
        };
        Row {
            duty: self.duties[t],
            format,
            bits: items[t].choices[found.chosen[t]].bits,
            measured: format.and_then(|format| measured.get(&TensorSpec { tensor: t, format })?.as_ref().ok().copied()),
            slopes: found.slopes[t],
            note: format.and_then(|format| note(&model.tensors[t], format)),
        }
    }

    fn total(
        &self,
        model: &Model,
        measured: &Measurements,
        importance: Option<&Importance>,
        format_of: &dyn Fn(usize) -> Option<Format>,
    ) -> Total {
        let mut total = Total::default();
        for (tensor, info) in model.tensors.iter().enumerate() {
            let Some(format) = format_of(tensor) else {
                total.bits += stored_bits(info);
                continue;
            };
            if let Some(Ok(m)) = measured.get(&TensorSpec { tensor, format }) {
                let (signal, noise) = counted(m, tensor, importance);
                total.bits += m.rate.total_bits();
                total.error = total.error + m.error;
                total.counted = (total.counted.0 + signal, total.counted.1 + noise);
            }
        }
        total
    }

    fn explain(&self, model: &Model, refusal: Refusal, budget_bits: u64, measured: &Measurements) -> String {
        match refusal {
            Refusal::UnderFloor { floor_bits } => {
                let each = |bits: u64| bits as f64 / model.total_values().max(1) as f64;
                let stand_ins = self.stand_ins(model);
                let why = match stand_ins {
                    0 => String::new(),
                    n => format!(
                        " ({n} tensors have rows that fit no block of a format here, so that a larger type stands in)"
                    ),
                };
                format!(
                    "the budget of {:.3} bits per weight ({}) is under the floor: these formats and locks take at least \
                     {:.3} bits per weight ({}){why}; raise the budget, add smaller formats or remove locks",
                    each(budget_bits),
                    megabytes(budget_bits),
                    each(floor_bits),
                    megabytes(floor_bits),
                )
            }
            Refusal::NoChoice { item } => {
                let name = &model.tensors[item].name;
                let spec = |&format: &Format| measured.get(&TensorSpec { tensor: item, format });
                match self.formats.iter().filter_map(spec).find_map(|m| m.as_ref().err()) {
                    Some(why) => format!("'{name}' can be stored in none of these formats: {why}"),
                    None => format!("'{name}' can be stored in none of these formats"),
                }
            }
        }
    }

    fn stand_ins(&self, model: &Model) -> usize {
        let free = self.duties.iter().zip(&model.tensors).filter(|(duty, _)| **duty == Duty::Free);
        free.filter(|(_, tensor)| self.formats.iter().any(|&format| stands_in(tensor, format))).count()
    }
}

/// Measures; `emit` gets each as soon as it is there, in no fixed order.
///
/// # Errors
/// `Stopped` when the work was cancelled; what was emitted stands.
pub fn measure_all(
    model: &Model,
    specs: &[TensorSpec],
    importance: Option<&Importance>,
    emit: &(dyn Fn(TensorSpec, Result<Measured, String>) + Sync),
    control: &Control<'_>,
) -> Result<(), Stopped> {
    let steps = Steps::new(control, specs.len());
    specs.par_iter().try_for_each(|&spec| {
        let unwatched = |_: f32| {};
        let columns = importance.and_then(|i| i.of(spec.tensor)).map(AsRef::as_ref);
        let outcome = match measure_weighed(model, spec, columns, &control.with_progress(&unwatched)) {
            Ok(found) => Ok(found),
            Err(Fault::Message(why)) => Err(why),
            Err(Fault::Stopped) => return Err(Stopped),
        };
        emit(spec, outcome);
        steps.one_more();
        Ok(())
    })
}

/// Energy and squared error as they count. What an importance matrix does not know counts with its mean.
fn counted(m: &Measured, tensor: usize, importance: Option<&Importance>) -> (f64, f64) {
    match (importance, m.weighed) {
        (Some(_), Some(weighed)) => (weighed.sum_x2, weighed.sum_e2),
        (Some(importance), None) if importance.of(tensor).is_none() => {
            (m.error.sum_x2 * importance.mean, m.error.sum_e2 * importance.mean)
        }
        _ => (m.error.sum_x2, m.error.sum_e2),
    }
}

fn own_duty(tensor: &Tensor) -> Duty {
    tensor.kept_because().map_or(Duty::Free, Duty::Kept)
}

pub fn stored_bits(tensor: &Tensor) -> u64 {
    tensor.bytes.len() as u64 * 8
}

/// Whether another type than the one that is asked for is written for this tensor.
pub fn stands_in(tensor: &Tensor, format: Format) -> bool {
    let LevelRule::Block(kind) = format.rule else { return false };
    match stored_as(kind, tensor.row_len().max(1)) {
        Stored::Whole(used) => used != kind,
        Stored::F16 => true,
        Stored::Padded(_) | Stored::Flat(_) => false,
    }
}

fn choices(item: &Item) -> impl Iterator<Item = &Choice> {
    let locked = item.locked;
    item.choices.iter().enumerate().filter(move |(c, _)| locked.is_none_or(|l| l == *c)).map(|(_, c)| c)
}

fn floor(items: &[Item]) -> u64 {
    items.iter().filter_map(|i| choices(i).filter(|c| c.error.is_finite()).map(|c| c.bits).min()).sum()
}

/// A pattern of names with `*` and `?`.
///
/// # Errors
/// A sentence for people.
pub fn pattern(text: &str) -> Result<glob::Pattern, String> {
    glob::Pattern::new(text).map_err(|e| format!("the pattern '{text}' cannot be read: {e}"))
}

fn megabytes(bits: u64) -> String {
    format!("{:.2} MB", bits as f64 / 8e6)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::source::builtin;
    use crate::source::open::Source;

    fn model() -> Arc<Model> {
        let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
        model
    }

    fn formats(names: &[&str]) -> Vec<Format> {
        names.iter().map(|n| n.parse().unwrap()).collect()
    }

    fn measured(model: &Model, plan: &Plan, importance: Option<&Importance>) -> Measurements {
        let found = Mutex::new(Measurements::new());
        let emit = |spec, outcome| _ = found.lock().unwrap().insert(spec, outcome);
        measure_all(model, &plan.wanted(), importance, &emit, &Control::unwatched()).unwrap();
        found.into_inner().unwrap()
    }

    const INTEGERS: [&str; 5] = ["int2-g32-clip", "int3-g32-clip", "int4-g32-clip", "int6-g32", "int8-g32"];

    #[test]
    fn a_mix_is_never_worse_than_the_uniform_choice_at_its_size_and_keeps_the_budget() {
        let model = model();
        let plan = Plan::new(&model, &formats(&INTEGERS), &[]).unwrap();
        let measured = measured(&model, &plan, None);
        for bits in [3.5, 4.6, 5.0, 7.0] {
            let mix = plan.mix(&model, &measured, None, Budget::BitsPerWeight(bits)).unwrap();
            assert!(mix.total.bits <= mix.budget_bits && mix.floor_bits <= mix.total.bits);
            let (format, uniform) = mix.uniform.unwrap();
            assert!(uniform.bits <= mix.budget_bits && uniform == plan.uniform(&model, &measured, None, format));
            assert!(mix.total.error.sum_e2 <= uniform.error.sum_e2, "{bits}");
            assert_eq!(mix.total.bits, mix.rows.iter().map(|r| r.bits).sum::<u64>());
        }
    }

    #[test]
    fn norms_stay_as_they_are_and_a_lock_decides_for_what_it_matches() {
        let model = model();
        let lock = |pattern: &str, format: Option<&str>| Lock {
            pattern: pattern.to_owned(),
            format: format.map(|f| f.parse().unwrap()),
        };
        let locks =
            [lock("*q_proj*", Some("int8-g32")), lock("*embed*", None), lock("*layers.0*", Some("int2-g32-clip"))];
        let plan = Plan::new(&model, &formats(&INTEGERS), &locks).unwrap();
        let mix = plan.mix(&model, &measured(&model, &plan, None), None, Budget::BitsPerWeight(20.0)).unwrap();
        for (row, tensor) in mix.rows.iter().zip(&model.tensors) {
            let name = &tensor.name;
            match row.format.map(|f| f.to_string()).as_deref() {
                None => {
                    assert!(row.bits == tensor.values as u64 * 32 && (name.contains("norm") || name.contains("embed")))
                }
                Some("int8-g32") if name.contains("q_proj") => assert_eq!(row.slopes, Slopes::default()),
                Some("int2-g32-clip") => assert!(name.contains("layers.0")),
                Some(_) => assert_eq!(row.duty, Duty::Free),
            }
        }
        let refused = |locks: &[Lock]| Plan::new(&model, &formats(&INTEGERS), locks).unwrap_err();
        assert_eq!(refused(&[lock("*nothing*", None)]), "no tensor matches '*nothing*'");
        assert!(refused(&[lock("[", None)]).contains("'['"));
        assert!(Plan::new(&model, &[], &[]).is_err());
    }

    #[test]
    fn a_budget_under_the_floor_is_refused_with_the_floor_in_words() {
        let model = model();
        let plan = Plan::new(&model, &formats(&["int4-g32"]), &[]).unwrap();
        let found = measured(&model, &plan, None);
        let why = plan.mix(&model, &found, None, Budget::BitsPerWeight(2.0)).unwrap_err();
        assert!(why.contains("2.000 bits per weight") && why.contains("at least 4.5"), "{why}");
        let plan = Plan::new(&model, &formats(&["q4_k"]), &[]).unwrap();
        let found = self::measured(&model, &plan, None);
        let why = plan.mix(&model, &found, None, Budget::BitsPerWeight(4.5)).unwrap_err();
        assert!(why.contains("fit no block"), "{why}");
    }

    #[test]
    fn an_importance_shifts_bits_to_what_counts() {
        let model = model();
        let plan = Plan::new(&model, &formats(&INTEGERS), &[]).unwrap();
        // Column 0 of one matrix counts ten thousand times.
        let mut columns = vec![1e-3f32; 64];
        columns[0] = 1e4;
        let mut bytes = 1i32.to_le_bytes().to_vec();
        let name = "blk.2.attn_q.weight";
        bytes.extend((name.len() as i32).to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend([1i32, 64].map(i32::to_le_bytes).as_flattened());
        columns.iter().for_each(|w| bytes.extend(w.to_le_bytes()));
        let imatrix = crate::source::imatrix::Imatrix::parse("i", crate::source::bytes::Bytes::Held(bytes)).unwrap();
        let importance = imatrix.bind(&model).unwrap();
        let (plain, weighed) = (measured(&model, &plan, None), measured(&model, &plan, Some(&importance)));
        let tensor = model.tensors.iter().position(|t| t.name.contains("layers.2.self_attn.q_proj")).unwrap();
        let spec = TensorSpec { tensor, format: "int3-g32-clip".parse().unwrap() };
        let column = |m: &Measurements| m[&spec].clone().unwrap();
        assert!(column(&plain).weighed.is_none());
        // The encoder has spent its freedom on what counts: all of it is worse, what counts is better.
        assert!(column(&weighed).error.sum_e2 > column(&plain).error.sum_e2);
        assert!(column(&weighed).weighed.unwrap().sqnr_db() > column(&plain).error.sqnr_db());
        let mix = plan.mix(&model, &weighed, Some(&importance), Budget::BitsPerWeight(4.0)).unwrap();
        assert!(mix.total.counted_db().is_finite() && mix.uniform.unwrap().1.counted.1 >= mix.total.counted.1);
    }
}
