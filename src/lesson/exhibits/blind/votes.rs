//! A blind test for a room: a seed draws which side is which, and the room's votes are set against pure guessing.

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
