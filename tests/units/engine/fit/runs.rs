use quantscope::engine::cells::halving_order;
use quantscope::engine::codebook::Codebook;
use quantscope::engine::fit::cloud::{Cloud, Moments};
use quantscope::engine::fit::runs::{Mapped, Runs};
use quantscope::engine::random::Random;

fn agrees<const D: usize>(entries: usize) {
    let mut random = Random::seeded(entries as u64);
    let mut point = || -> [f32; D] { std::array::from_fn(|_| (random.next_f32() * 60.0).round()) };
    let points: Vec<[f32; D]> = (0..9_001).map(|_| point()).collect();
    let points: Vec<[f32; D]> = halving_order(&points).into_iter().map(|(_, i)| points[i as usize]).collect();
    let weights = (0..points.len()).map(|i| (i % 5 + 1) as f32).collect();
    let mut centers: Vec<[f32; D]> = (0..entries).map(|_| point()).collect();
    let cloud = Cloud { points, weights };
    let (mut runs, mut now) = (Runs::new(&cloud), Mapped::nothing(cloud.len()));
    let mut check = |centers: &[[f32; D]], now: &mut Mapped<D>| {
        let book = Codebook::new(centers.to_vec());
        runs.map(book.clone(), now);
        let mut naive = vec![Moments::<D>::default(); centers.len()];
        for ((x, &w), &code) in cloud.points.iter().zip(&cloud.weights).zip(&now.codes) {
            assert_eq!(code, book.nearest(*x));
            naive[usize::from(code)].add(*x, w);
        }
        assert_eq!(now.moments.len(), naive.len());
        for (a, b) in now.moments.iter().zip(&naive) {
            assert_eq!((a.weight, a.sum), (b.weight, b.sum));
        }
    };
    // Entries that move a little, then not at all, then by a leap; then more of them, and fewer, and some earlier ones.
    for step in [0.0, 0.3, 0.1, 0.05, 0.0, 25.0, 0.01] {
        centers.iter_mut().enumerate().for_each(|(k, p)| p[k % D] += step * (k % 3) as f32);
        check(&centers, &mut now);
    }
    let earlier = (centers.clone(), now.clone());
    centers.extend((0..3).map(|_| point()));
    check(&centers, &mut now);
    centers.remove(0);
    check(&centers, &mut now);
    (centers, now) = earlier;
    centers[0] = point();
    check(&centers, &mut now);
}

#[test]
fn runs_change_nothing_but_the_time() {
    for entries in [1, 4, 20, 300] {
        agrees::<2>(entries);
        agrees::<3>(entries);
        agrees::<4>(entries);
    }
}
