use quantscope::lesson::exhibits::blind::votes::*;

#[test]
fn the_chances_are_those_counted_by_hand() {
    // Of ten tosses at least eight: (45 + 10 + 1) / 1024.
    for (right, votes, chance) in [(8, 10, 56.0 / 1024.0), (0, 0, 1.0), (0, 7, 1.0), (1, 1, 0.5), (3, 3, 0.125)] {
        assert!((by_guessing(right, votes) - chance).abs() < 1e-12, "{right} of {votes}");
    }
    // More than half of an odd number: half of the time, however many.
    assert!((by_guessing(501, 1001) - 0.5).abs() < 1e-9);
    assert!((by_guessing(5001, 10_001) - 0.5).abs() < 1e-7);
    assert_eq!(by_guessing(4, 3), 0.0);
}

#[test]
fn one_more_right_vote_is_never_likelier() {
    let chances: Vec<f64> = (0..=40).map(|right| by_guessing(right, 40)).collect();
    assert!(chances.windows(2).all(|w| w[1] < w[0] || w[0] == 1.0));
}

#[test]
fn sides_are_drawn_again_alike_and_come_out_even() {
    let sides: Vec<bool> = (0..1000).map(|round| better_is_a(12, round)).collect();
    assert!(sides.iter().copied().eq((0..1000).map(|round| better_is_a(12, round))));
    let left = sides.iter().filter(|a| **a).count();
    assert!((430..570).contains(&left), "{left}");
    let turns = sides.windows(2).filter(|w| w[0] != w[1]).count();
    assert!((430..570).contains(&turns), "{turns}");
    assert_ne!(seed_of(12, 0), seed_of(12, 1));
}
