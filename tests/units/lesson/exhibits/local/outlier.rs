use quantscope::engine::control::Control;
use quantscope::engine::random::Random;
use quantscope::lesson::exhibits::local::outlier::*;

fn found(factor: f32) -> Outlier {
    let mut random = Random::seeded(7);
    let weights: Vec<f32> = (0..128 * 64).map(|_| 0.05 * random.next_gaussian()).collect();
    outlier(&weights, 128, factor, &Control::unwatched()).unwrap()
}

fn of<'a>(found: &'a Outlier, name: &str) -> &'a Case {
    found.cases.iter().find(|c| c.name == name).unwrap_or_else(|| panic!("{name}"))
}

#[test]
fn one_outlier_ruins_a_scale_that_all_share_and_small_groups_save_the_others() {
    let (calm, spoilt) = (found(1.0), found(20.0));
    let ruined = |name: &str| {
        of(&spoilt, name).row_error.relative_error() / of(&calm, name).row_error.relative_error().max(1e-9)
    };
    assert!(of(&spoilt, "int4-tensor").row_error.relative_error() > 0.99, "all others are zero");
    assert!(ruined("int4-row") > 3.0);
    // One of four groups is lost.
    let of_32 = of(&spoilt, "int4-g32").row_error.relative_error();
    assert!(of_32 < 0.7 * of(&spoilt, "int4-row").row_error.relative_error(), "{of_32}");
    // Clipped, the others are as they were, and the outlier is not.
    assert!(ruined("int4-tensor-p99.9") < 1.1);
    let outlier = of(&spoilt, "int4-tensor-p99.9").decoded[spoilt.column];
    assert!(outlier.abs() < 0.3 * spoilt.row[spoilt.column].abs());
}

#[test]
fn the_groups_cover_the_row_and_decoded_weights_are_levels_of_theirs() {
    let found = found(8.0);
    for case in &found.cases {
        assert_eq!(case.groups.first().unwrap().0.start, 0);
        assert_eq!(case.groups.last().unwrap().0.end, found.row.len());
        assert!(case.groups.windows(2).all(|w| w[0].0.end == w[1].0.start), "{}", case.name);
        for (columns, levels) in &case.groups {
            for &y in &case.decoded[columns.clone()] {
                let near = levels.iter().map(|l| (l - y).abs()).fold(f32::INFINITY, f32::min);
                assert!(near <= 1e-6 + 1e-5 * y.abs(), "{} {y} {levels:?}", case.name);
            }
        }
    }
    assert_eq!(of(&found, "int4-g32").groups.len(), 4);
    assert_eq!(of(&found, "int4-row").groups.len(), 1);
}

#[test]
fn smaller_groups_say_what_they_cost() {
    let found = found(1.0);
    let bits = |name: &str| of(&found, name).rate.bits_per_sample();
    assert_eq!((bits("int4-row"), bits("int4-g32"), bits("nf4")), (4.0 + 16.0 / 128.0, 4.5, 4.5));
    assert!(bits("int4-tensor") < 4.01);
}

#[test]
fn nothing_is_asked_of_no_weights() {
    let found = outlier(&[], 0, 20.0, &Control::unwatched()).unwrap();
    assert!(found.row.is_empty());
}
