mod blind;
mod choosing;
mod cost;
mod feedback;
mod jpeg;
mod local;
mod numbers;
mod streaming;
mod why;

use quantscope::lesson::builtin;
use quantscope::lesson::exhibits::*;

#[test]
fn every_exhibit_is_in_a_lesson_passes_its_own_check_and_names_its_figures_apart() {
    let lessons: Vec<_> = builtin::all().map(Result::unwrap).collect();
    for show in Show::defaults() {
        let mut shown = lessons.iter().flat_map(|lesson| &lesson.steps).map(|step| &step.show);
        assert!(shown.any(|other| std::mem::discriminant(other) == std::mem::discriminant(&show)), "{show:?}");
        assert!(show.check().is_ok());
        let mut names = show.figure_names();
        let count = names.len();
        names.sort();
        names.dedup();
        assert!(count > 0 && names.len() == count, "{show:?}: {names:?}");
    }
}
