use std::sync::Arc;

use quantscope::engine::control::Control;
use quantscope::engine::metric::over_white;
use quantscope::engine::theory::allocate;
use quantscope::lesson::exhibits::streaming::compute::*;
use quantscope::run::model::inputs::Inputs;
use quantscope::run::model::runnable::RunnableModel;
use quantscope::source::builtin;
use quantscope::source::open::Source;
use quantscope::source::safetensors::Model;

fn photo() -> PhotoLadder {
    let Ok(Source::Photo(photo)) = builtin::photo() else { panic!("the sample opens") };
    photo_ladder(&photo.image, &Control::unwatched()).unwrap()
}

fn speaking() -> (Arc<Model>, RunnableModel, ModelLadder) {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let control = Control::unwatched();
    let runnable = RunnableModel::new(&model, &control).unwrap();
    let inputs = Inputs::of_own_stories(&runnable, &control).unwrap();
    let ladder = model_ladder(&model, &runnable, &inputs, &control).unwrap();
    (model, runnable, ladder)
}

/// The budget is kept at every step, the bits are those of the chosen rungs, and of two steps the one
/// with more bandwidth is never the worse.
fn holds(ladder: &Ladder) {
    let steps = ladder.play(&Trace::drop_and_return(5, 60)).unwrap();
    let mut by_budget: Vec<(u64, f64)> = Vec::new();
    for step in &steps {
        match &step.arrival {
            Arrival::Delivered { chosen, bits, error } => {
                let of_rungs: u64 = ladder.items.iter().zip(chosen).map(|(i, c)| i.choices[*c].bits).sum();
                assert!(of_rungs == *bits && *bits <= step.budget_bits);
                assert_eq!(ladder.rung_counts(chosen).iter().sum::<usize>(), ladder.items.len());
                by_budget.push((step.budget_bits, *error));
            }
            Arrival::Stalled { floor_bits } => {
                assert!(*floor_bits > step.budget_bits);
                by_budget.push((step.budget_bits, f64::INFINITY));
            }
        }
    }
    by_budget.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    assert!(by_budget.windows(2).all(|pair| pair[1].1 <= pair[0].1), "{by_budget:?}");
    assert!(by_budget[59].0 > 5 * by_budget[0].0);
}

#[test]
fn tiles_keep_to_the_line_and_more_of_it_is_never_worse() {
    let photo = photo();
    holds(&photo.ladder);
    let all = photo.ladder.step(photo.ladder.best_bits()).unwrap();
    let Arrival::Delivered { chosen, error, .. } = &all.arrival else { panic!("{all:?}") };
    // The picture that is shown has the error that is told.
    let picture = photo.picture(chosen);
    let width = photo.image.width as usize;
    let shown = |i: usize| picture.pixel((i % width) as u32, (i / width) as u32);
    let e2 = |(i, c): (usize, &[u8; 4])| {
        let (x, y) = (over_white(*c), over_white(shown(i)));
        x.iter().zip(y).map(|(x, y)| f64::from(x.abs_diff(y)).powi(2)).sum::<f64>()
    };
    assert_eq!(photo.image.rgba.iter().enumerate().map(e2).sum::<f64>(), *error);
}

#[test]
fn a_mix_of_rungs_beats_the_best_single_rung_of_no_more_bits() {
    let photo = photo();
    for budget in [1_000_000, 1_600_000, 2_400_000] {
        let (_, bits, error) = allocate::best_uniform(&photo.ladder.items, budget).unwrap();
        let Arrival::Delivered { error: mixed, .. } = photo.ladder.step(bits).unwrap().arrival else { panic!() };
        assert!(mixed < 0.95 * error, "{budget}: {mixed} {error}");
    }
}

#[test]
fn matrices_keep_to_the_line_and_stall_where_not_even_one_bit_fits() {
    let (_, runnable, found) = speaking();
    holds(&found.ladder);
    let floor: u64 = found.ladder.items.iter().map(|i| i.choices[0].bits).sum();
    let under = found.ladder.step(floor - 1).unwrap();
    assert_eq!(under.arrival, Arrival::Stalled { floor_bits: floor });
    assert_eq!(found.ladder.sqnr_db(&under), None);
    // What arrives is a model, and more of the line makes it a better one.
    let kl = |thousandths: u64| {
        let step = found.ladder.step(found.ladder.best_bits() * thousandths / 1000).unwrap();
        let Arrival::Delivered { chosen, .. } = step.arrival else { panic!("{step:?}") };
        let model = found.model(&runnable, &chosen);
        runnable.reference.evaluate(&model, &Control::unwatched()).unwrap().kl
    };
    let found = [1000, 600, 400, 250].map(kl);
    println!("KL at 100, 60, 40 and 25 % of the line: {found:.4?}");
    assert!(found.is_sorted());
}

#[test]
fn what_stalls_leaves_the_screen_as_it_was() {
    let step = |arrival| Step { budget_bits: 9, arrival };
    let whole = |rung| step(Arrival::Delivered { chosen: vec![rung], bits: 1, error: 0.0 });
    let stalled = || step(Arrival::Stalled { floor_bits: 10 });
    let steps = [stalled(), whole(3), stalled(), stalled(), whole(1)];
    let seen = [0, 1, 2, 3, 4, 99].map(|at| on_screen(&steps, at).map(|chosen| chosen[0]));
    assert_eq!(seen, [None, Some(3), Some(3), Some(3), Some(1), Some(1)]);
    assert_eq!([0, 1, 3, 99].map(|at| arrived(&steps, at)), [None, Some(1), Some(1), Some(4)]);
}

#[test]
fn in_the_drop_the_model_stalls_and_writes_on_with_what_came_last() {
    let Ok(Source::Photo(photo)) = builtin::photo() else { panic!("the sample opens") };
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let control = Control::unwatched();
    let runnable = RunnableModel::new(&model, &control).unwrap();
    let inputs = Inputs::of_own_stories(&runnable, &control).unwrap();
    let trace = Trace::drop_and_return(11, 60);
    let streams = streams(&photo.image, (&model, &runnable, &inputs), trace, &control).unwrap();
    // As the lesson on streaming says of its seed: tiles never stall, the model does.
    let stalls = |steps: &[Step]| steps.iter().filter(|s| matches!(s.arrival, Arrival::Stalled { .. })).count();
    assert_eq!(stalls(&streams.photo_steps), 0);
    assert!((10..25).contains(&stalls(&streams.model_steps)), "{}", stalls(&streams.model_steps));
    let spoken = |at| streams.spoken_at(&runnable, at, "Once upon a time", &control).unwrap().unwrap();
    let [(full, good), (_, during), (_, last)] = [0, 30, arrived(&streams.model_steps, 30).unwrap()].map(spoken);
    assert!(full.tokens > 20 && good.kl < during.kl);
    assert_eq!(during, last);
    assert!(streams.picture_at(30).is_some());
}

#[test]
fn a_trace_falls_to_a_tenth_and_comes_back_and_the_seed_decides() {
    let trace = Trace::drop_and_return(1, 60);
    assert_eq!(trace, Trace::drop_and_return(1, 60));
    assert_ne!(trace, Trace::drop_and_return(2, 60));
    let mean = |r: std::ops::Range<usize>| r.clone().map(|i| f64::from(trace.0[i])).sum::<f64>() / r.len() as f64;
    assert!(mean(0..18) > 900.0 && mean(23..35) < 130.0 && (mean(52..60) - 800.0).abs() < 80.0);
    assert!(Trace::drop_and_return(1, 0).0.is_empty());
}
