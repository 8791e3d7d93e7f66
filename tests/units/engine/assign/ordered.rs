use quantscope::engine::assign::ordered::Mix;
use quantscope::engine::codebook::{Codebook, distance_squared};
use quantscope::engine::random::Random;

fn nearest<const D: usize>(book: &Codebook<D>) -> impl Fn([f32; D]) -> (u16, [f32; D]) {
    |x| {
        let k = book.nearest(x);
        (k, book.points()[usize::from(k)])
    }
}

/// The mean of what a mixture's picks decode to, over evenly spread thresholds.
fn mean<const D: usize>(mix: &Mix, book: &Codebook<D>) -> [f32; D] {
    let mut sum = [0.0; D];
    for step in 0..4096 {
        let level = book.points()[usize::from(mix.pick((step as f32 + 0.5) / 4096.0 - 0.5))];
        (0..D).for_each(|c| sum[c] += level[c] / 4096.0);
    }
    sum
}

fn greys(levels: &[f32]) -> Codebook<1> {
    Codebook::new(levels.iter().map(|&v| [v]).collect())
}

#[test]
fn a_grey_between_two_levels_keeps_its_mean_whatever_the_gap() {
    let book = greys(&[0.0, 10.0, 200.0]);
    for (low, gap) in [(0.0f32, 10.0), (10.0, 190.0)] {
        for step in 0..=50 {
            let x = low + gap * step as f32 / 50.0;
            let found = mean(&Mix::new([x], 1.0, nearest(&book)), &book)[0];
            // Next to a level the far one's grain would cost more than it mends.
            assert!((found - x).abs() < 0.037 * gap, "{x}: {found}");
        }
    }
}

#[test]
fn a_level_is_left_alone_and_a_value_beyond_all_levels_is_too() {
    let book = greys(&[0.0, 0.5, 1.0]);
    for (x, expected) in [(0.5, 1), (1.0, 2), (1.7, 2), (-0.3, 0)] {
        let mix = Mix::new([x], 1.0, nearest(&book));
        assert!((-8..8).all(|t| mix.pick(t as f32 / 16.0) == expected), "{x}: {mix:?}");
    }
}

#[test]
fn no_strength_is_no_dither_and_half_goes_half_the_way() {
    let mut random = Random::seeded(4);
    let book = Codebook::<3>::new((0..16).map(|_| std::array::from_fn(|_| random.next_f32())).collect());
    for _ in 0..200 {
        let x = std::array::from_fn(|_| random.next_f32());
        let mix = Mix::new(x, 0.0, nearest(&book));
        assert!((-8..8).all(|t| mix.pick(t as f32 / 16.0) == book.nearest(x)));
    }
    let two = greys(&[0.0, 1.0]);
    let half = mean(&Mix::new([0.5], 0.5, nearest(&two)), &two)[0];
    assert!((half - 0.25).abs() < 0.02, "{half}");
}

#[test]
fn mixtures_of_colours_come_far_nearer_than_any_one_entry() {
    let mut random = Random::seeded(8);
    let book = Codebook::<3>::new((0..64).map(|_| std::array::from_fn(|_| random.next_f32())).collect());
    let (mut single, mut mixed) = (0.0, 0.0);
    for _ in 0..300 {
        let x = std::array::from_fn(|_| 0.2 + 0.6 * random.next_f32());
        single += distance_squared(x, book.points()[usize::from(book.nearest(x))]);
        mixed += distance_squared(x, mean(&Mix::new(x, 1.0, nearest(&book)), &book));
    }
    assert!(mixed < single / 30.0, "{mixed} against {single}");
}

#[test]
fn levels_are_chosen_in_the_order_of_their_codes() {
    let mut random = Random::seeded(6);
    let book = Codebook::<2>::new((0..9).map(|_| std::array::from_fn(|_| random.next_f32())).collect());
    for _ in 0..100 {
        let mix = Mix::new(std::array::from_fn(|_| random.next_f32()), 1.0, nearest(&book));
        let picks: Vec<u16> = (0..64).map(|t| mix.pick((t as f32 + 0.5) / 64.0 - 0.5)).collect();
        assert!(picks.is_sorted(), "{picks:?}");
    }
}
