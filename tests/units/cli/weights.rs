use std::sync::atomic::AtomicBool;

use quantscope::cli::weights::measure;
use quantscope::engine::control::{Control, Stopped};
use quantscope::source::builtin;
use quantscope::source::open::Source;
use quantscope::spec::usual_formats;

#[test]
fn a_table_of_what_was_measured_before_a_stop_is_no_table() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let (stop, unwatched) = (AtomicBool::new(true), |_: f32| {});
    let found = measure(&model, &[0, 1], &usual_formats(), None, &Control::new(&stop, &unwatched));
    assert_eq!(found, Err(Stopped));
}
