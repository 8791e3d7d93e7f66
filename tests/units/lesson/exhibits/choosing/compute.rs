use std::cell::RefCell;

use quantscope::engine::control::Control;
use quantscope::engine::fit::Method;
use quantscope::engine::random::Random;
use quantscope::engine::trace::Phase;
use quantscope::lesson::exhibits::choosing::compute::*;
use quantscope::picture::image::Image;

fn given() -> (Image, Vec<f32>) {
    let mut random = Random::seeded(4);
    let mut pixel = || {
        let base = 128.0 + 40.0 * random.next_gaussian();
        let channel = [0.9, 1.0, 1.1].map(|k: f32| (base * k + 6.0 * random.next_gaussian()).clamp(0.0, 255.0) as u8);
        [channel[0], channel[1], channel[2], 255]
    };
    let image = Image::new(64, 48, (0..64 * 48).map(|_| pixel()).collect());
    let mut random = Random::seeded(5);
    (image, (0..4000).map(|_| 0.05 * random.next_gaussian()).collect())
}

#[test]
fn both_sides_split_in_lockstep_and_end_with_what_is_stored() {
    let (image, weights) = given();
    for method in [Method::MedianCut, Method::Lloyd, Method::KMeans] {
        let found = choose(&image, &weights, method, 16, &Control::unwatched()).unwrap();
        assert!(found.timeline.len() >= 16, "{method:?}");
        for moment in found.timeline.iter().filter(|m| m.phase == Phase::Split) {
            let (c, w) = (&found.colors.snapshots[moment.colors], &found.weights.snapshots[moment.weights]);
            assert_eq!(c.entries.len(), w.entries.len(), "{method:?}");
        }
        let last = found.timeline.last().unwrap();
        assert_eq!(
            (last.phase, last.colors + 1, last.weights + 1),
            (Phase::Stored, found.colors.snapshots.len(), found.weights.snapshots.len())
        );
        let forward = |of: fn(&Moment) -> usize| found.timeline.windows(2).all(|w| of(&w[0]) <= of(&w[1]));
        assert!(forward(|m| m.colors) && forward(|m| m.weights), "{method:?}");
    }
}

#[test]
fn lloyd_never_ends_worse_than_the_counts_it_starts_from_and_uniform_wastes_most() {
    let (image, weights) = given();
    let found = RefCell::new(Vec::new());
    endings(&image, &weights, 16, &|e| found.borrow_mut().push(e), &Control::unwatched()).unwrap();
    let found = found.into_inner();
    assert_eq!(found.iter().map(|e| e.method).collect::<Vec<_>>(), METHODS);
    let [uniform, counts, lloyd, kmeans] = found[..] else { panic!("four methods") };
    assert!(lloyd.colors_mse < counts.colors_mse && lloyd.weights_mse < counts.weights_mse);
    assert!(kmeans.colors_mse <= lloyd.colors_mse * 1.05 && kmeans.weights_mse <= lloyd.weights_mse * 1.0001);
    assert!(uniform.colors_mse > kmeans.colors_mse && uniform.weights_mse > kmeans.weights_mse);
}

#[test]
fn every_weight_is_counted_once() {
    let (image, weights) = given();
    let counted = |weights: &[f32]| {
        let found = choose(&image, weights, Method::MedianCut, 4, &Control::unwatched()).unwrap();
        found.histogram.counts.iter().sum::<u64>()
    };
    assert_eq!((counted(&weights), counted(&[f32::NAN])), (4000, 0));
}
