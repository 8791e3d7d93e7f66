use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use quantscope::jobs::{Running, Slot, Wake};
use quantscope::run::report::TensorReport;
use quantscope::run::survey::Task;
use quantscope::source::builtin;
use quantscope::source::open::Source;
use quantscope::spec::{Stage, usual_formats};
use quantscope::view::document::{DocumentId, ModelDocument, TableKey, TensorKey};
use quantscope::view::work::{Work, request_tensor};

use crate::support::wake::{test_wake, wait_until};

#[test]
fn the_chosen_tensors_panes_come_while_the_sweep_of_all_tensors_is_still_at_its_first_cells() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("no sample model") };
    let document = ModelDocument { id: DocumentId(1), model };
    let ((holds, held), (free, frees)) = (channel(), channel::<()>());
    let frees = Mutex::new(frees);
    // The table's threads wake the window after each cell: here they do not come back from it before they may.
    let wake_soon: Wake = Arc::new(move || {
        // The test waits for the first cell only: by the others the channel may be closed.
        let _ = holds.send(());
        let _ = frees.lock().map(|frees| frees.recv());
    });
    let (wake, woken) = test_wake();
    let mut work = Work::new(&wake, &wake_soon);
    let tasks = |document: &ModelDocument| {
        let of = |tensor| usual_formats().map(|format| Task { tensor, format: Some(format) });
        (0..document.model.tensors.len()).flat_map(of).collect()
    };
    let key = TableKey { document: document.id, formats: usual_formats().to_vec(), with_statistics: false };
    work.request_table(&document, &key, || tasks(&document));
    held.recv_timeout(Duration::from_secs(60)).expect("no cell has come");
    work.request_tensor_original(&document, 0);
    let is_full =
        |slot: &Slot<TensorKey, TensorReport>| slot.shown().is_some_and(|(_, report)| report.stage == Stage::Full);
    wait_until(&woken, || {
        work.jobs().for_each(Running::poll);
        if let Some((_, original)) = work.tensor_original.shown() {
            for (slot, format) in work.tensor_panes.iter_mut().zip(usual_formats()) {
                request_tensor(slot, &document, original, format);
            }
        }
        work.tensor_panes.iter().all(is_full)
    });
    assert!(work.table.is_working());
    drop(free);
}
