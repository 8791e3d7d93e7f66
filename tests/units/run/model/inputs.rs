use quantscope::engine::control::Control;
use quantscope::language::model::{Session, Tap};
use quantscope::run::model::inputs::*;
use quantscope::run::model::runnable::RunnableModel;
use quantscope::source::builtin;
use quantscope::source::open::Source;

#[test]
fn every_matrix_has_inputs_of_its_width_and_those_that_share_them_agree() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let control = Control::unwatched();
    let runnable = RunnableModel::new(&model, &control).unwrap();
    let inputs = Inputs::of_own_stories(&runnable, &control).unwrap();
    assert!(inputs.tokens() > 800, "{}", inputs.tokens());
    for (place, m) in runnable.architecture.matrices.iter().enumerate() {
        let gram = inputs.of(place).unwrap();
        assert_eq!(gram.columns(), m.columns, "{m:?}");
        assert!((0..m.columns).all(|j| gram.at(j, j) > 0.0), "{m:?}");
    }
    // Gathered are the inputs that the matrix reads: at every place the sums are the same.
    struct All(Vec<f64>);
    impl Tap for All {
        fn input(&mut self, place: usize, x: &[f32]) {
            self.0[place] += x.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
        }
    }
    let mut all = All(vec![0.0; runnable.architecture.matrices.len()]);
    let mut session = Session::new(&runnable.full);
    let tokens = runnable.tokenizer.encode("Once upon a time there was a bird.");
    for &token in &tokens {
        session.step_with(token, &mut all);
    }
    let grams = gather_grams(&runnable.full, &runnable.architecture, &tokens, &control).unwrap();
    for (place, power) in all.0.iter().enumerate() {
        let gram = &grams[gathered_at(place)];
        let sum: f64 = (0..gram.columns()).map(|j| gram.at(j, j)).sum();
        assert!((sum / power - 1.0).abs() < 1e-9, "{place}");
    }
    let again = Inputs::of_own_stories(&runnable, &control).unwrap();
    assert!((0..all.0.len()).all(|place| again.of(place) == inputs.of(place)));
}
