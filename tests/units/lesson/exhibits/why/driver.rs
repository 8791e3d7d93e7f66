use quantscope::lesson::exhibits::why::driver::*;

fn rounded(bits: u8, eyes: bool, seed: u64) -> Track {
    journey(Drive { bits: Some(bits), eyes, seed }).rounded
}

#[test]
fn with_open_eyes_three_words_are_enough_to_stay_on_the_road() {
    for seed in 0..12 {
        for bits in [8, 6, 5, 4, 3, 2, 1] {
            let track = rounded(bits, true, seed);
            assert_eq!(track.left_road, None, "seed {seed}, {bits} bits: {} m", track.farthest());
        }
    }
}

/// What the lesson says of one bit beside two: nearer to the middle, at many times the unrest.
#[test]
fn two_words_hold_the_middle_only_by_never_holding_still() {
    for seed in 0..12 {
        let [one, two, eight] = [1, 2, 8].map(|bits| rounded(bits, true, seed));
        println!("{seed}: {:?}", [&one, &two, &eight].map(|t| (t.farthest(), t.turned())));
        assert!(one.turned() > 2.0 * two.turned() && two.turned() > 2.0 * eight.turned());
    }
}

#[test]
fn from_memory_the_same_words_end_in_the_field() {
    for seed in 0..12 {
        for (bits, most) in [(3, 120.0), (2, 60.0), (1, 30.0)] {
            let track = rounded(bits, false, seed);
            assert!(track.left_road.is_some_and(|m| m < most), "seed {seed}, {bits} bits: {:?}", track.left_road);
        }
    }
    let left = |bits| (0..12).filter(|&seed| rounded(bits, false, seed).left_road.is_some()).count();
    assert!(left(4) >= left(6) && left(6) >= left(8) && left(8) == 0 && left(4) > 8);
}

#[test]
fn what_is_not_rounded_is_the_same_from_memory() {
    let by_heart = journey(Drive { bits: None, eyes: false, seed: 3 });
    assert_eq!(by_heart.rounded, by_heart.exact);
    assert!(by_heart.exact.farthest() < 1.0, "{}", by_heart.exact.farthest());
    assert!(by_heart.angles.is_empty());
}

#[test]
fn two_bits_are_three_words_and_one_bit_is_two() {
    let of = |bits| journey(Drive { bits: Some(bits), eyes: true, seed: 0 }).angles;
    assert_eq!((of(2), of(1), of(8).len()), (vec![-LOCK, 0.0, LOCK], vec![-LOCK, LOCK], 255));
}
