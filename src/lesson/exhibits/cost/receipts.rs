//! The receipts of a lesson: one tensor under formats that spend their bits in different ways.

use crate::engine::control::{Control, Failure};
use crate::engine::format::Format;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::run::tensor::measure;
use crate::source::model::Model;
use crate::spec::TensorSpec;

/// Formats of the table, from many bits to few; of four bits, the cheaper ones first.
pub const SHOWN: [&str; 10] = [
    "q8_0",
    "int8-row",
    "int4-tensor",
    "int4-row",
    "mxfp4",
    "nf4",
    "int4-g32",
    "int4-g16-e4m3",
    "int4-g32-affine",
    "kmeans4-g64",
];

/// What a format's bits are spent on, and the error it leaves, on one tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Receipt {
    /// The format, as [`SHOWN`] names it.
    pub name: &'static str,
    /// Error of the decoded weights.
    pub error: ScalarError,
    /// Bits of the tensor by what they are for.
    pub rate: Rate,
}

/// Measures the tensor under each of [`SHOWN`].
///
/// # Errors
/// `Stopped`, or what is wrong with the tensor; what was emitted stands.
pub fn receipts(model: &Model, tensor: usize, emit: &dyn Fn(Receipt), control: &Control<'_>) -> Result<(), Failure> {
    let unwatched = |_: f32| {};
    let quiet = control.with_progress(&unwatched);
    for (k, name) in SHOWN.into_iter().enumerate() {
        let (error, rate) = measure(model, TensorSpec { tensor, format: Format::built_in(name) }, &quiet)?;
        emit(Receipt { name, error, rate });
        control.progress((k + 1) as f32 / SHOWN.len() as f32);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::source::builtin;
    use crate::source::open::Source;

    #[test]
    fn a_receipt_adds_up_to_what_the_format_promises_and_small_groups_cost_more() {
        let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
        let tensor = model.tensors.iter().position(|t| t.shape.len() == 2 && t.row_len() % 64 == 0).unwrap();
        let info = &model.tensors[tensor];
        let found = RefCell::new(Vec::new());
        receipts(&model, tensor, &|r| found.borrow_mut().push(r), &Control::unwatched()).unwrap();
        let found = found.into_inner();
        assert_eq!(found.iter().map(|r| r.name).collect::<Vec<_>>(), SHOWN);
        for receipt in &found {
            let parts: u64 = receipt.rate.parts().iter().map(|(_, bits)| bits).sum();
            assert_eq!(parts, receipt.rate.total_bits(), "{}", receipt.name);
            let format = Format::built_in(receipt.name);
            let (rows, columns) = (info.values / info.row_len(), info.row_len());
            let promised = format.bits_per_weight(rows, columns);
            assert!((receipt.rate.bits_per_sample() - promised).abs() < 1e-9, "{}", receipt.name);
        }
        let of = |name: &str| found.iter().find(|r| r.name == name).unwrap();
        let (whole, row, group) = (of("int4-tensor"), of("int4-row"), of("int4-g32"));
        assert!(whole.rate.bits_per_sample() < row.rate.bits_per_sample());
        assert!(row.rate.bits_per_sample() < group.rate.bits_per_sample());
        assert!(group.error.sum_e2 < whole.error.sum_e2);
    }
}
