use quantscope::engine::block::affine_search::{Trials, search};
use quantscope::engine::block::lanes::{WIDTH, side_by_side};
use quantscope::engine::random::Random;

/// One sub-block by itself, with integers and branches.
fn plain(x: &[f32], w: &[f32], trials: &Trials, absolute: bool) -> (f32, f32) {
    let greatest = x.iter().copied().fold(f32::MIN, f32::max);
    let mut least = x.iter().copied().fold(0.0, f32::min);
    if greatest == least {
        return (0.0, least);
    }
    let codes = |levels: f32, least: f32| -> Vec<i32> {
        let inverse = levels / (greatest - least);
        let code = |x: &f32| (inverse * (x - least)).round_ties_even() as i32;
        x.iter().map(|x| code(x).clamp(0, trials.top as i32)).collect()
    };
    let sum = |term: &dyn Fn(usize) -> f32| (1..x.len()).fold(term(0), |sum, i| sum + term(i));
    let error = |codes: &[i32], scale: f32, least: f32| {
        sum(&|i| {
            let e = scale * codes[i] as f32 + least - x[i];
            w[i] * if absolute { e.abs() } else { e * e }
        })
    };
    let mut scale = 1.0 / (trials.top / (greatest - least));
    let mut best = error(&codes(trials.top, least), scale, least);
    let (sum_w, sum_x) = (sum(&|i| w[i]), sum(&|i| w[i] * x[i]));
    for trial in 0..=trials.last {
        let codes = codes(trials.first + trials.step * f32::from(trial) + trials.top, least);
        let sum_l = sum(&|i| w[i] * codes[i] as f32);
        let sum_l2 = sum(&|i| w[i] * codes[i] as f32 * codes[i] as f32);
        let sum_xl = sum(&|i| w[i] * codes[i] as f32 * x[i]);
        let determinant = sum_w * sum_l2 - sum_l * sum_l;
        if determinant > 0.0 {
            let mut fit =
                ((sum_w * sum_xl - sum_x * sum_l) / determinant, (sum_l2 * sum_x - sum_l * sum_xl) / determinant);
            if fit.1 > 0.0 {
                fit = (sum_xl / sum_l2, 0.0);
            }
            let error = error(&codes, fit.0, fit.1);
            if error < best {
                best = error;
                (scale, least) = fit;
            }
        }
    }
    (scale, least)
}

fn agrees<const N: usize, const ABSOLUTE: bool>(trials: &Trials) {
    let mut random = Random::seeded(17);
    for round in 0..400 {
        // Narrow and wide spreads, one-sided blocks, coarse grids with many ties, constant sub-blocks.
        let x: Vec<f32> = (0..WIDTH * N)
            .map(|i| {
                let x = random.next_gaussian();
                match round % 5 {
                    0 => x * 0.02,
                    1 => x * x * x,
                    2 => x.abs() + 3.0,
                    3 => (x * 4.0).round() / 4.0,
                    _ => [x, 0.0, 2.0, -2.0][i / N % 4],
                }
            })
            .collect();
        let w: Vec<f32> = x.iter().map(|x| 0.125 + x.abs()).collect();
        let fit = search::<N, ABSOLUTE>(&side_by_side(&x, 0), &side_by_side(&w, 0), trials);
        for k in 0..WIDTH {
            let (x, w) = (&x[k * N..][..N], &w[k * N..][..N]);
            let (scale, least) = plain(x, w, trials, ABSOLUTE);
            assert_eq!((fit.scale.0[k], fit.least.0[k]), (scale, least), "round {round}, lane {k}");
        }
    }
}

#[test]
fn the_lanes_find_what_a_plain_loop_finds() {
    agrees::<32, false>(&Trials { top: 15.0, first: -1.0, step: 0.1, last: 20 });
    agrees::<16, true>(&Trials { top: 3.0, first: -0.5, step: 0.1, last: 15 });
}
