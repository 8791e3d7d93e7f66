use quantscope::engine::coding::trellis::path::{Costs, LANES, Search, Step};
use quantscope::engine::coding::trellis::values::{self, Values};
use quantscope::engine::control::Control;
use quantscope::engine::random::Random;

/// Every way through a few steps.
fn exhaustive(code: &Values, targets: &[f32], state: u32) -> f32 {
    let Some((&first, rest)) = targets.split_first() else { return 0.0 };
    (0..1 << code.symbol_bits)
        .map(|symbol| {
            let mut state = state;
            let e = first - code.step(&mut state, symbol);
            e * e + exhaustive(code, rest, state)
        })
        .fold(f32::INFINITY, f32::min)
}

fn error(code: &Values, targets: &[f32], symbols: &[u8]) -> f32 {
    let mut state = 0;
    let steps = targets.iter().zip(symbols);
    steps.map(|(x, &s)| (x - code.step(&mut state, u32::from(s))).powi(2)).sum()
}

#[test]
fn both_ways_to_take_a_step_give_the_same_bits() {
    let mut random = Random::seeded(4);
    let code = values::of(3);
    let costs: Vec<Costs> =
        code.levels.iter().map(|_| std::array::from_fn(|_| (random.next_f32() * 9.0).to_bits())).collect();
    let targets = std::array::from_fn(|_| random.next_gaussian());
    let groups = code.levels.len() >> 3;
    let [fast, plain] = [true, false].map(|fast| {
        let (mut next, mut lost) = (costs.clone(), vec![[0; LANES]; groups]);
        let (levels, next_costs) = (code.levels.as_slice(), next.as_mut_slice());
        let step = Step::<8> { costs: &costs, next: next_costs, lost: &mut lost, levels, targets };
        if fast {
            step.run()
        } else {
            step.run_anywhere()
        }
        (next, lost)
    });
    assert!(fast == plain);
}

#[test]
fn no_way_is_better_than_the_one_that_is_found() {
    let mut random = Random::seeded(3);
    for (bits, len) in [(1, 14), (2, 8), (3, 5), (4, 4)] {
        let code = values::of(bits);
        // Runs of unequal length.
        let lines: Vec<Vec<f32>> =
            (0..LANES).map(|k| (0..len - k % 3).map(|_| random.next_gaussian()).collect()).collect();
        let runs = std::array::from_fn(|k| lines[k].as_slice());
        let mut symbols: Vec<Vec<u8>> = lines.iter().map(|l| vec![0; l.len()]).collect();
        let out = symbols.iter_mut().map(Vec::as_mut_slice);
        Search::new(code).follow(&runs, out, &Control::unwatched()).unwrap();
        for (line, symbols) in lines.iter().zip(&symbols) {
            let (found, best) = (error(code, line, symbols), exhaustive(code, line, 0));
            assert!(found <= best + 1e-4, "{bits} bits: {found} {best}");
        }
    }
}
