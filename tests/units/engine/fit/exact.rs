use quantscope::engine::control::Control;
use quantscope::engine::fit::cloud::Cloud;
use quantscope::engine::fit::exact::{Line, MOST_CELLS, fit};
use quantscope::engine::random::Random;

/// The points of a line with their weights.
fn weighted_points(line: &Line) -> impl Iterator<Item = (f64, f64)> {
    let weight = |i: usize| line.sums_before(i + 1).0 - line.sums_before(i).0;
    line.points().iter().enumerate().map(move |(i, &x)| (x, weight(i)))
}

fn error(line: &Line, levels: &[f64]) -> f64 {
    let nearest = |x: f64| levels.iter().map(|l| (x - l) * (x - l)).fold(f64::INFINITY, f64::min);
    weighted_points(line).map(|(x, w)| w * nearest(x)).sum()
}

fn cloud(points: usize, whole: bool, random: &mut Random) -> Cloud<1> {
    let mut point = || {
        let x = random.next_gaussian() * 20.0;
        [if whole { x.round() } else { x + 1000.0 }]
    };
    let points: Vec<[f32; 1]> = (0..points).map(|_| point()).collect();
    let weights = points.iter().map(|_| (random.next_u64() % 5 + 1) as f32).collect();
    Cloud { points, weights }
}

/// Every way to cut the points into runs.
fn least_by_brute_force(line: &Line, from: usize, levels: usize) -> f64 {
    let rest = |to: usize| {
        let mean = line.mean(from, to);
        weighted_points(line).take(to).skip(from).map(|(x, w)| w * (x - mean) * (x - mean)).sum::<f64>()
    };
    if levels == 1 {
        return rest(line.points().len());
    }
    (from + 1..=line.points().len() - (levels - 1))
        .map(|to| rest(to) + least_by_brute_force(line, to, levels - 1))
        .fold(f64::INFINITY, f64::min)
}

#[test]
fn no_partition_of_few_points_is_better() {
    let mut random = Random::seeded(1);
    for points in [4, 7, 12, 17] {
        for (count, whole) in [(2, false), (3, true), (4, false), (4, true)] {
            let line = Line::new(&cloud(points, whole, &mut random));
            if line.points().len() <= count {
                continue;
            }
            let least = least_by_brute_force(&line, 0, count);
            let found = error(&line, &fit(&line, count, &Control::unwatched()).unwrap());
            assert!(found <= least * (1.0 + 1e-9) + 1e-9, "{points} {count}: {found} {least}");
        }
    }
}

#[test]
fn lloyd_never_does_better_from_wherever_it_starts() {
    let mut random = Random::seeded(2);
    for count in [2, 5, 16, 40] {
        let line = Line::new(&cloud(700, false, &mut random));
        let found = error(&line, &fit(&line, count, &Control::unwatched()).unwrap());
        for _ in 0..20 {
            let mut levels: Vec<f64> =
                (0..count).map(|_| line.points()[random.next_u64() as usize % line.points().len()]).collect();
            levels.sort_by(f64::total_cmp);
            line.settle(&mut levels, &Control::unwatched()).unwrap();
            assert!(found <= error(&line, &levels) * (1.0 + 1e-9), "{count}");
        }
    }
}

#[test]
fn many_points_are_cut_where_lloyd_would_have_them() {
    let mut random = Random::seeded(3);
    let line = Line::new(&cloud(3 * MOST_CELLS + 17, false, &mut random));
    let mut levels = fit(&line, 16, &Control::unwatched()).unwrap();
    let found = error(&line, &levels);
    line.settle(&mut levels, &Control::unwatched()).unwrap();
    assert!(error(&line, &levels) >= found * (1.0 - 1e-6));
}
