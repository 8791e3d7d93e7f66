//! A blind test for a room: which side is which is drawn from a seed, and how well the room did is set against pure
//! guessing.

use crate::engine::random::Random;

/// Whether the better one stands at A in this round.
pub fn better_is_a(seed: u64, round: u32) -> bool {
    drawn(seed, round) >> 63 == 0
}

/// The seed of what this round shows.
pub fn seed_of(seed: u64, round: u32) -> u64 {
    drawn(seed, round) >> 1
}

fn drawn(seed: u64, round: u32) -> u64 {
    // Neighbouring seeds and rounds must not share their draws.
    Random::seeded(Random::seeded(seed).next_u64() ^ u64::from(round).rotate_left(32)).next_u64()
}

/// How likely at least `right` of `votes` are by tossing a coin for each: Σ C(n,k)/2ⁿ for k from `right` to n.
pub fn by_guessing(right: u32, votes: u32) -> f64 {
    if right == 0 {
        return 1.0;
    }
    // ln C(n,k) − n·ln 2, one k after the other: no power of two is too large for that.
    let mut ln = -f64::from(votes) * std::f64::consts::LN_2;
    let mut sum = 0.0;
    for k in 1..=votes {
        ln += f64::from(votes - k + 1).ln() - f64::from(k).ln();
        if k >= right {
            sum += ln.exp();
        }
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
