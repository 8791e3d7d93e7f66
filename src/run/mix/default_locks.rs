//! Locks by default: the matrices that every token passes through are kept as high as llama.cpp keeps them.

use super::bits::most_bits;
use super::locks::Lock;
use super::plan::{Budget, Plan};
use crate::engine::format::Format;
use crate::source::model::Model;
use crate::source::pattern::exactly;
use crate::source::role::Role;
use crate::source::tensor::Tensor;

/// llama-quantize gives the output matrix, or the embedding where that serves as one, Q6_K (6.56 bits) or better
/// whatever the rest gets; an embedding beside an output matrix has Q4_K (4.5 bits) in its usual files.
const OUTPUT_BITS: f64 = 6.5;
const EMBEDDING_BITS: f64 = 4.5;

/// Of the budget's bits per weight, this much is left to each weight of the rest. In a small model the embedding is half
/// of all weights: locked high, it would starve the layers.
const LEFT_TO_THE_REST: f64 = 0.75;

/// A matrix that formats are compared on.
const LARGE: usize = 4096;

/// Locks on the matrices that every token passes through, as high as llama.cpp keeps them and at least as high as the
/// budget's average, among the formats that there are. For mixes that are chosen by weight error, which does not tell
/// what these matrices are to the model.
pub fn default_locks(model: &Model, formats: &[Format], budget: Budget) -> Vec<Lock> {
    let bits = |format: Format| format.bits_per_weight(LARGE, LARGE);
    let mut falling = formats.to_vec();
    falling.sort_by(|a, b| bits(*b).total_cmp(&bits(*a)));
    let (values, budget_bits) = (model.total_values() as f64, budget.bits(model));
    let average = budget_bits as f64 / values.max(1.0);
    let mut locks: Vec<Lock> = Vec::new();
    // Bits and weights of what is locked so far.
    let mut locked = (0u64, 0u64);
    for (tensor, least) in passed_by_all(model) {
        let high_enough = falling.iter().rposition(|f| bits(*f) >= least.max(average)).unwrap_or(0);
        let fits = |format: Format| {
            let (own, of) = (most_bits(tensor, format), locked.1 + tensor.values as u64);
            let left = budget_bits as f64 - (locked.0 + own) as f64;
            own as f64 >= tensor.values as f64 * average && left >= (values - of as f64) * average * LEFT_TO_THE_REST
        };
        for &format in falling.iter().skip(high_enough).filter(|f| fits(**f)) {
            let lock = Lock { by_default: true, ..Lock::new(exactly(&tensor.name), Some(format)) };
            let tried: Vec<Lock> = locks.iter().cloned().chain([lock]).collect();
            if Plan::new(model, formats, &tried).is_ok_and(|plan| plan.check(model, budget).is_ok()) {
                locks = tried;
                locked = (locked.0 + most_bits(tensor, format), locked.1 + tensor.values as u64);
                break;
            }
        }
    }
    locks
}

/// The output matrices and the embeddings of tokens, with the bits that they have at least.
fn passed_by_all(model: &Model) -> Vec<(&Tensor, f64)> {
    let of = |role: Role| {
        let matrices = model.tensors.iter().filter(|t| t.shape.len() == 2 && t.kept_because().is_none());
        matrices.filter(move |t| t.place().role == role)
    };
    let has_output = of(Role::Head).next().is_some();
    let embedding = if has_output { EMBEDDING_BITS } else { OUTPUT_BITS };
    of(Role::Head).map(|t| (t, OUTPUT_BITS)).chain(of(Role::Embedding).map(|t| (t, embedding))).collect()
}
