use quantscope::engine::assign::nearest;
use quantscope::engine::codebook::Codebook;
use quantscope::engine::quantized::Affine;
use quantscope::engine::random::Random;
use quantscope::engine::scale::{Clip, Members, Range, ScaleRule, StoredScale, nearest_power_of_two, to_f16};

fn integers(low: i32, high: i32) -> Codebook<1> {
    Codebook::new((low..=high).map(|k| [k as f32]).collect())
}

fn rule(range: Range, clip: bool) -> ScaleRule {
    ScaleRule { range, clip: if clip { Clip::Searched } else { Clip::None }, stored: StoredScale::F16 }
}

#[test]
fn the_largest_value_lands_on_the_largest_level() {
    let values = [[0.3], [-2.0], [1.0]];
    let members = Members { values: &values, weights: None };
    let a = ScaleRule { range: Range::AbsMax { top: 127.0 }, clip: Clip::None, stored: StoredScale::F32 }.fit(
        members,
        &integers(-127, 127),
        1.0,
    );
    assert_eq!(a, Affine { scale: 2.0 / 127.0, offset: [0.0] });
}

#[test]
fn min_max_keeps_zero_exact_and_the_zero_point_in_range() {
    for values in [[[1.0], [3.0]], [[-3.0], [-1.0]], [[-1.0], [2.0]]] {
        let a = rule(Range::MinMax { steps: 15.0 }, false).fit(
            Members { values: &values, weights: None },
            &integers(0, 15),
            1.0,
        );
        let zero = -a.offset[0] / a.scale;
        assert_eq!(zero, zero.round());
        assert!((0.0..=15.0).contains(&zero), "{values:?} {a:?}");
    }
}

#[test]
fn searching_the_clip_never_raises_the_error_and_gains_most_at_few_bits() {
    let mut random = Random::seeded(1);
    let values: Vec<[f32; 1]> = (0..4096).map(|_| [random.next_gaussian()]).collect();
    let gain = |bits: u32| {
        let top = (1 << (bits - 1)) - 1;
        let book = integers(-top, top);
        let [plain, searched] = [false, true].map(|clip| {
            values
                .chunks(32)
                .map(|group| {
                    let members = Members { values: group, weights: None };
                    let a = rule(Range::AbsMax { top: top as f32 }, clip).fit(members, &book, 1.0);
                    nearest::squared_error(group, None, &a, &book)
                })
                .sum::<f64>()
        });
        10.0 * (plain / searched).log10()
    };
    let gains = [8, 4, 3, 2].map(gain);
    assert!(gains[0] >= 0.0 && gains.is_sorted(), "{gains:?}");
    assert!(gains[1] > 0.5 && gains[3] > 3.0, "{gains:?}");
}

#[test]
fn zeros_and_members_without_weight_give_a_scale_that_decodes_to_zero() {
    let values = [[0.0], [9.0]];
    let members = Members { values: &values, weights: Some(&[1.0, 0.0]) };
    for clip in [false, true] {
        let a = rule(Range::AbsMax { top: 7.0 }, clip).fit(members, &integers(-7, 7), 1.0);
        assert_eq!(a, Affine { scale: 0.0, offset: [0.0] });
    }
}

#[test]
fn a_power_of_two_scale_is_what_microscaling_makes_of_it() {
    let mx = ScaleRule { range: Range::AbsMax { top: 6.0 }, clip: Clip::None, stored: StoredScale::E8m0 };
    let book = Codebook::new([-6.0, -4.0, 0.0, 4.0, 6.0].map(|x| [x]).into());
    for (largest, scale) in [(4.0, 1.0), (6.0, 1.0), (7.9, 1.0), (8.0, 2.0), (0.3, 0.0625)] {
        let values = [[largest], [-largest / 2.0]];
        assert_eq!(mx.fit(Members { values: &values, weights: None }, &book, 1.0).scale, scale, "{largest}");
    }
    assert_eq!([1.4, 1.5, 2.9, 0.1].map(nearest_power_of_two), [1.0, 2.0, 4.0, 0.125]);
}

#[test]
fn an_e4m3_scale_counts_in_a_unit_so_that_the_largest_group_has_the_largest_scale() {
    let rule = ScaleRule { range: Range::AbsMax { top: 7.0 }, clip: Clip::None, stored: StoredScale::E4m3 };
    let values = [[0.007], [-0.0014], [0.001], [0.0]];
    let unit = rule.unit(Members { values: &values, weights: None }).unwrap();
    let book = integers(-7, 7);
    let of =
        |range: std::ops::Range<usize>| rule.fit(Members { values: &values[range], weights: None }, &book, unit).scale;
    assert!((of(0..2) / 0.001 - 1.0).abs() < 1e-6);
    assert!((of(2..4) / (0.001 / 7.0) - 1.0).abs() < 1.0 / 16.0);
    assert_eq!(of(3..4), 0.0);
}

#[test]
fn a_percentile_leaves_out_the_largest_sizes() {
    let mut values: Vec<[f32; 1]> = (1..=1000).map(|i| [i as f32 / 1000.0]).collect();
    values[999] = [-50.0];
    let rule = ScaleRule { range: Range::AbsMax { top: 1.0 }, clip: Clip::Percentile(9990), stored: StoredScale::F32 };
    let scale = rule.fit(Members { values: &values, weights: None }, &integers(-1, 1), 1.0).scale;
    assert_eq!(scale, 0.999);
}

#[test]
fn a_scale_beyond_f16_is_held_at_its_largest_value() {
    assert_eq!(to_f16(1e9), 65504.0);
    assert_eq!(to_f16(-1e9), -65504.0);
    assert_eq!(to_f16(1.0 + 1.0 / 2048.0), 1.0);
}
