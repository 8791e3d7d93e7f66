mod summary;
mod votes;

use quantscope::lesson::Show;
use quantscope::lesson::exhibits::blind::votes::better_is_a;
use quantscope::lesson::exhibits::blind::*;

#[test]
fn votes_are_counted_for_the_side_that_the_seed_drew() {
    let mut blind = BlindShow { seed: Some(12), ..BlindShow::default() };
    let mut expected = (0, 0);
    for round in 0..20 {
        let better = usize::from(!better_is_a(12, round));
        for _ in 0..3 {
            blind.vote(better);
        }
        blind.vote(1 - better);
        blind.go_on();
        blind.vote(better);
        expected = (expected.0 + 3, expected.1 + 4);
        assert_eq!((blind.right, blind.counted), expected, "no vote counts after the answer");
        blind.go_on();
        assert_eq!((blind.round, blind.votes, blind.revealed), (round + 1, [0, 0], false));
    }
    assert!(Show::Blind(blind).check().is_ok());
    assert!(Show::Blind(BlindShow { bits: [4, 8], ..blind }).check().is_err());
    assert!(Show::Blind(BlindShow { bits: [9, 4], ..blind }).check().is_err());
}
