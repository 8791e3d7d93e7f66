use std::sync::Mutex;

use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::run::survey::*;
use quantscope::run::tensor;
use quantscope::source::builtin;
use quantscope::spec::TensorSpec;

#[test]
fn every_task_gets_its_finding_and_it_is_that_of_the_tensor_alone() {
    let Ok(quantscope::source::open::Source::Model(model)) = builtin::model() else { panic!("no sample model") };
    let format: Format = "q4_0".parse().unwrap();
    let tasks: Vec<Task> =
        (0..6).flat_map(|tensor| [Some(format), None].map(|format| Task { tensor, format })).collect();
    let found = Mutex::new(Vec::new());
    survey(&model, &tasks, &|finding| found.lock().unwrap().push(finding), &Control::unwatched()).unwrap();
    let found = found.into_inner().unwrap();
    assert_eq!(found.len(), tasks.len());
    for finding in found {
        match finding {
            Finding::Error { tensor, format, outcome } => {
                let spec = TensorSpec { tensor, format };
                let alone = tensor::measure(&model, spec, &Control::unwatched()).unwrap();
                assert_eq!(outcome, Ok(alone));
            }
            Finding::Statistics { tensor, outcome } => {
                assert_eq!(outcome.unwrap().moments.values as usize, model.tensors[tensor].values);
            }
        }
    }
}
