use quantscope::engine::assign::hull::Hull;
use quantscope::engine::random::Random;

fn random_points<const D: usize>(random: &mut Random, n: usize) -> Vec<[f32; D]> {
    (0..n).map(|_| std::array::from_fn(|_| random.next_f32() * 200.0)).collect()
}

/// The nearest point has all entries behind the plane through it: no mixture is nearer.
fn holds<const D: usize>() {
    let mut random = Random::seeded(D as u64);
    for entries in [1, 2, 3, 5, 16, 100] {
        let points = random_points::<D>(&mut random, entries);
        let mut hull = Hull::new(points.iter().copied());
        for _ in 0..300 {
            let x: [f32; D] = std::array::from_fn(|_| random.next_f32() * 300.0 - 50.0);
            let near = hull.nearest(x);
            let lack: [f64; D] = std::array::from_fn(|c| f64::from(near[c]) - f64::from(x[c]));
            for p in &points {
                let beyond: f64 = (0..D).map(|c| lack[c] * (f64::from(p[c]) - f64::from(near[c]))).sum();
                assert!(beyond > -0.2, "{D} {entries} {x:?} {near:?} {beyond}");
            }
            assert_eq!(hull.nearest(near), near, "a mixture is its own nearest");
        }
    }
}

#[test]
fn no_mixture_of_the_entries_is_nearer() {
    holds::<1>();
    holds::<3>();
    holds::<4>();
}

#[test]
fn mixtures_stay_as_they_are_to_the_last_bit() {
    let mut random = Random::seeded(9);
    let points = random_points::<3>(&mut random, 12);
    let mut hull = Hull::new(points.iter().copied());
    for _ in 0..500 {
        let mut shares: Vec<f32> = (0..points.len()).map(|_| random.next_f32()).collect();
        let sum: f32 = shares.iter().sum();
        shares.iter_mut().for_each(|s| *s /= sum);
        let x: [f32; 3] = std::array::from_fn(|c| points.iter().zip(&shares).map(|(p, s)| p[c] * s).sum());
        assert_eq!(hull.nearest(x), x);
    }
    assert_eq!(hull.nearest(points[3]), points[3]);
}

#[test]
fn entries_on_a_line_and_twice_the_same_are_no_trouble() {
    let greys = [[0.0; 3], [255.0; 3], [128.0; 3], [128.0; 3]];
    let mut hull = Hull::new(greys.into_iter());
    assert_eq!(hull.nearest([60.0; 3]), [60.0; 3]);
    let near = hull.nearest([90.0, 0.0, 0.0]);
    assert!(near.iter().all(|v| (v - 30.0).abs() < 1e-3), "{near:?}");
    assert_eq!(hull.nearest([300.0; 3]), [255.0; 3]);
    assert_eq!(Hull::new([[7.0f32; 3]].into_iter()).nearest([1.0, 2.0, 3.0]), [7.0; 3]);
    assert!(hull.nearest([f32::NAN; 3])[0].is_nan());
}
