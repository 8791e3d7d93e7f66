use quantscope::engine::codebook::{Codebook, distance_squared};
use quantscope::engine::control::Control;
use quantscope::engine::fit::{Goal, Method, Stored, fit, fit_traced};
use quantscope::engine::random::Random;
use quantscope::engine::samples::Samples;
use quantscope::engine::trace::{Phase, Trace};

fn cloud<const D: usize>(n: usize) -> Vec<[f32; D]> {
    let mut random = Random::seeded(11);
    (0..n).map(|_| std::array::from_fn(|c| 40.0 * random.next_gaussian() + 9.0 * c as f32)).collect()
}

fn whole<const D: usize>(p: [f32; D]) -> [f32; D] {
    p.map(f32::round)
}

fn exact<const D: usize>(p: [f32; D]) -> [f32; D] {
    p
}

fn goal<const D: usize>(method: Method, count: usize, stored: Stored<D>) -> Goal<'static, D> {
    Goal { method, count, kept: &[], stored, exact: None }
}

fn traced<const D: usize>(method: Method, n: usize, count: usize, most: usize) -> (Codebook<D>, Trace<D>) {
    let (points, mut trace) = (cloud::<D>(n), Trace::of_at_most(most));
    let book =
        fit_traced(goal(method, count, exact), Samples::new(&points, 1), &mut trace, &Control::unwatched()).unwrap();
    (book, trace)
}

fn laws_in<const D: usize>() {
    // So many points that k-means condenses them, and so few that it does not.
    for (n, count) in [(900, 8), (20_000, 32)] {
        for method in [Method::MedianCut, Method::Wu, Method::KMeans] {
            let (_, trace) = traced::<D>(method, n, count, 4000);
            let steps = trace.snapshots();
            assert!(steps.len() > count, "{method:?} in R^{D}: {}", steps.len());
            for pair in steps.windows(2).filter(|p| p[1].phase != Phase::Stored) {
                let slack = if pair[1].phase == Phase::Swap { 1e-3 } else { 1e-7 };
                assert!(
                    pair[1].squared_error <= pair[0].squared_error * (1.0 + slack),
                    "{method:?} in R^{D}: {:?} {} then {:?} {}",
                    pair[0].phase,
                    pair[0].squared_error,
                    pair[1].phase,
                    pair[1].squared_error
                );
            }
        }
    }
}

#[test]
fn neither_a_split_nor_a_round_ever_raises_the_error() {
    laws_in::<1>();
    laws_in::<3>();
    laws_in::<4>();
}

fn ends_at_the_result<const D: usize>() {
    let points = cloud::<D>(5000);
    for method in Method::ALL {
        for stored in [exact as Stored<D>, whole] {
            let mut trace = Trace::of_at_most(20);
            let samples = Samples::new(&points, 1);
            let control = Control::unwatched();
            let book = fit_traced(goal(method, 16, stored), samples, &mut trace, &control).unwrap();
            let last = trace.snapshots().last().unwrap();
            assert_eq!((last.phase, &last.entries[..]), (Phase::Stored, book.points()), "{method:?}");
            assert_eq!(
                book,
                fit(goal(method, 16, stored), samples, &control).unwrap(),
                "{method:?}: tracing changed it"
            );
            let nearest = |&x: &[f32; D]| distance_squared(x, book.points()[usize::from(book.nearest(x))]);
            let naive: f64 = points.iter().map(|x| f64::from(nearest(x))).sum();
            assert!((last.squared_error / naive - 1.0).abs() < 1e-6, "{} {naive}", last.squared_error);
        }
    }
}

#[test]
fn the_last_snapshot_is_the_result_and_tracing_changes_nothing() {
    ends_at_the_result::<1>();
    ends_at_the_result::<3>();
}

#[test]
fn on_a_line_the_result_is_exact_and_no_worse_than_where_the_rounds_ended() {
    let (_, trace) = traced::<1>(Method::KMeans, 5000, 8, 100);
    let round = trace.snapshots().iter().rfind(|s| s.phase == Phase::Round).unwrap();
    let last = trace.snapshots().last().unwrap();
    assert!(last.squared_error <= round.squared_error * (1.0 + 1e-9), "{last:?} {round:?}");
}

#[test]
fn a_trace_stays_within_its_bound_and_keeps_both_ends() {
    for most in [4, 7, 16, 40] {
        for (method, count) in [(Method::MedianCut, 200), (Method::Wu, 200), (Method::KMeans, 64)] {
            let (_, trace) = traced::<3>(method, 6000, count, most);
            let steps = trace.snapshots();
            assert!(steps.len() <= most, "{method:?}: {} of {most}", steps.len());
            assert_eq!((steps[0].step, steps[0].entries.len()), (0, 1));
            assert_eq!(steps.last().unwrap().phase, Phase::Stored);
            let ends_of_splits = steps.iter().rfind(|s| s.phase == Phase::Split).unwrap();
            assert_eq!(ends_of_splits.boxes.len(), count);
            assert!(steps.windows(2).all(|p| p[0].step < p[1].step));
        }
    }
}

#[test]
fn boxes_hold_every_point_once_and_their_entries() {
    let (_, trace) = traced::<3>(Method::MedianCut, 3000, 16, 100);
    for s in trace.snapshots().iter().filter(|s| s.phase == Phase::Split) {
        assert_eq!(s.boxes.iter().map(|b| b.weight).sum::<f64>(), 3000.0);
        for (b, e) in s.boxes.iter().zip(&s.entries) {
            assert!((0..3).all(|c| b.low[c] <= e[c] && e[c] <= b.high[c]));
        }
    }
}

#[test]
fn off_keeps_nothing() {
    let (points, mut trace) = (cloud::<3>(500), Trace::off());
    let goal = goal(Method::KMeans, 8, exact);
    fit_traced(goal, Samples::new(&points, 1), &mut trace, &Control::unwatched()).unwrap();
    assert!(trace.snapshots().is_empty());
}
