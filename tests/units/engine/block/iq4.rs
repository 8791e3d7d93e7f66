use quantscope::engine::block::Kind;
use quantscope::engine::block::iq4::{Choice, level};
use quantscope::engine::block::lanes::Lanes;
use quantscope::engine::random::Random;

/// The levels of the format.
fn levels() -> Vec<f32> {
    Kind::Iq4Nl.levels().points().iter().map(|p| p[0]).collect()
}

/// Half way between neighbours.
fn borders() -> Vec<f32> {
    levels().windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect()
}

#[test]
fn no_value_passes_two_borders_between_the_trials() {
    // The trials scale by at most 134 ÷ 120, and borders on one side of zero lie further apart.
    for pair in borders().windows(2).filter(|pair| pair[0] * pair[1] > 0.0) {
        let apart = (pair[0] / pair[1]).max(pair[1] / pair[0]);
        assert!(apart > 1.001 * 134.0 / 120.0, "{pair:?}");
    }
}

#[test]
fn the_upper_level_begins_at_its_border() {
    let levels = levels();
    for (i, border) in borders().into_iter().enumerate() {
        assert_eq!(level(Lanes::all(border)).0[0], levels[i + 1]);
        assert_eq!(level(Lanes::all(border.next_down())).0[0], levels[i]);
    }
}

#[test]
fn two_levels_and_a_border_say_what_the_table_says() {
    let (levels, borders) = (levels(), borders());
    let mut random = Random::seeded(23);
    for _ in 0..20_000 {
        let extreme = random.next_gaussian();
        let inverse = |step: i8| (f32::from(step) + levels[0]) / extreme;
        let x = extreme * (2.0 * random.next_f32() - 1.0);
        // On a border of some trial, too.
        let border = borders[random.next_u64() as usize % 15] / inverse((random.next_u64() % 15) as i8 - 7);
        for x in [x, border, extreme, -extreme].into_iter().filter(|x| x.abs() <= extreme.abs()) {
            let choice = Choice::between(Lanes::all(inverse(7) * x), Lanes::all(inverse(-7) * x));
            for step in -7..=7 {
                let at = Lanes::all(inverse(step) * x);
                assert_eq!(choice.level(at).0, level(at).0, "{x:?} of {extreme:?} at step {step}");
            }
        }
    }
}
