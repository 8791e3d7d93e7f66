//! A blind test: which side has more bits? Votes are counted, round after round; at the end the table of the course.

use serde::{Deserialize, Serialize};

use crate::lab::votes::better_is_a;
use crate::run::DIAL;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BlindShow {
    pub seen: BlindSeen,
    /// More and fewer: stops of the dial.
    pub bits: [u8; 2],
    pub round: u32,
    /// Of this round, for A and for B.
    pub votes: [u32; 2],
    pub revealed: bool,
    /// Right votes and all votes of the rounds that were revealed.
    pub right: u32,
    pub counted: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlindSeen {
    #[default]
    Photo,
    Story,
    Summary,
}

/// More hands than any room has.
const MOST_VOTES: u32 = 100_000;

impl Default for BlindShow {
    fn default() -> Self {
        Self {
            seen: BlindSeen::default(),
            bits: [8, 4],
            round: 0,
            votes: [0; 2],
            revealed: false,
            right: 0,
            counted: 0,
        }
    }
}

impl BlindShow {
    /// For A (0) or B (1); after the answer no more votes are taken.
    pub fn vote(&mut self, side: usize) {
        if let Some(votes) = self.votes.get_mut(side).filter(|v| !self.revealed && **v < MOST_VOTES) {
            *votes += 1;
        }
    }

    /// Shows the answer and counts; after that, the next round begins.
    pub fn go_on(&mut self, seed: u64) {
        if self.revealed {
            (self.revealed, self.votes, self.round) = (false, [0; 2], self.round.wrapping_add(1));
        } else {
            self.revealed = true;
            self.right = self.right.saturating_add(self.right_now(seed));
            self.counted = self.counted.saturating_add(self.votes[0].saturating_add(self.votes[1]));
        }
    }

    /// Right votes of this round.
    pub fn right_now(&self, seed: u64) -> u32 {
        self.votes[usize::from(!better_is_a(seed, self.round))]
    }

    pub(super) fn check(self) -> Result<(), String> {
        let [more, fewer] = self.bits;
        if !self.bits.iter().all(|b| DIAL.contains(b)) || more <= fewer {
            return Err(format!("bits {more} and {fewer}; first more, then fewer, of {DIAL:?}"));
        }
        if self.right > self.counted || self.votes.iter().any(|v| *v > MOST_VOTES) {
            return Err("more right votes than votes".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_are_counted_for_the_side_that_the_seed_drew() {
        let seed = 12;
        let mut blind = BlindShow::default();
        let mut expected = (0, 0);
        for round in 0..20 {
            let better = usize::from(!better_is_a(seed, round));
            for _ in 0..3 {
                blind.vote(better);
            }
            blind.vote(1 - better);
            blind.go_on(seed);
            blind.vote(better);
            expected = (expected.0 + 3, expected.1 + 4);
            assert_eq!((blind.right, blind.counted), expected, "no vote counts after the answer");
            blind.go_on(seed);
            assert_eq!((blind.round, blind.votes, blind.revealed), (round + 1, [0, 0], false));
        }
        assert_eq!(blind.check(), Ok(()));
        assert!(BlindShow { bits: [4, 8], ..blind }.check().is_err());
        assert!(BlindShow { bits: [9, 4], ..blind }.check().is_err());
    }
}
