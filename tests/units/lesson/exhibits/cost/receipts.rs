use std::cell::RefCell;

use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::lesson::exhibits::cost::receipts::*;
use quantscope::source::builtin;
use quantscope::source::open::Source;

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
