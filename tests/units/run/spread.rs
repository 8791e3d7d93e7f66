use quantscope::engine::control::Control;
use quantscope::engine::format::{Format, Group, LevelRule};
use quantscope::engine::theory::gaussian::normal_quantile;
use quantscope::run::report::LevelAxis;
use quantscope::run::spread::*;
use quantscope::run::tensor;
use quantscope::source::open::{Source, open_bytes};
use quantscope::source::safetensors::one_tensor;
use quantscope::spec::Stage;

fn of(values: &[f32], format: Format) -> (Vec<f32>, Spread) {
    let file = one_tensor("w", &[values.len() / 64, 64], values).unwrap();
    let Ok(Source::Model(model)) = open_bytes("w.safetensors", file) else { panic!("opens") };
    let control = Control::unwatched();
    let original = tensor::original(&model, 0, &control).unwrap();
    let report = tensor::reduce(&model, &original, format, Stage::Full, &control).unwrap().unwrap();
    let found = spread(&original, &report, &control).unwrap();
    (report.decoded.to_vec(), found)
}

fn int4() -> Format {
    Format::new(LevelRule::Symmetric, 4, Group::Tensor)
}

/// Exactly a Gaussian's quantiles, shuffled by a step that has no factor in common with 2¹².
fn gaussian() -> Vec<f32> {
    let n = 4096;
    (0..n).map(|i| (0.02 * normal_quantile(((i * 1001 % n) as f64 + 0.5) / n as f64)) as f32).collect()
}

#[test]
fn a_gaussian_lies_on_the_diagonal_and_its_codes_climb_in_steps() {
    let (_, found) = of(&gaussian(), int4());
    assert!(found.quantiles.len() > QUANTILES / 2 && found.quantiles.len() <= QUANTILES);
    for q in &found.quantiles {
        assert!((q.gaussian - q.original).abs() < 0.02, "{q:?}");
    }
    let mut steps: Vec<f64> = found.quantiles.iter().map(|q| q.decoded).collect();
    steps.dedup();
    assert!(steps.len() <= 15 && steps.is_sorted(), "{steps:?}");
}

#[test]
fn heavy_tails_lie_outside_the_diagonal() {
    let heavy: Vec<f32> = gaussian().iter().map(|x| x * x * x).collect();
    let (_, found) = of(&heavy, int4());
    let (first, last) = (found.quantiles[0], found.quantiles[found.quantiles.len() - 1]);
    assert!(first.original < first.gaussian - 1.0 && last.original > last.gaussian + 1.0);
}

#[test]
fn a_histogram_of_any_range_counts_what_is_there() {
    let values = gaussian();
    let (_, found) = of(&values, int4());
    // A shared scale still divides: the levels' axis is the weights' own.
    assert_eq!(found.levels.axis, LevelAxis::Value);
    for range in [found.whole(), found.tail(true), found.tail(false), (-0.01, 0.005)] {
        let counts = found.histogram(range, 37);
        let naive = values.iter().filter(|x| **x >= range.0 && **x <= range.1).count() as u64;
        assert_eq!(counts.iter().sum::<u64>(), naive, "{range:?}");
    }
    let all: u64 = found.histogram(found.whole(), 10).iter().sum();
    let tail: u64 = found.histogram(found.tail(true), 10).iter().sum();
    // Half a percent are 21, and the margin may hold a few more.
    assert!(all == 4096 && (21..=26).contains(&tail), "{all} {tail}");
}

#[test]
fn with_a_scale_a_group_all_weights_lie_within_the_levels() {
    let format = Format::new(LevelRule::Symmetric, 4, Group::Run(32));
    let (_, found) = of(&gaussian(), format);
    assert_eq!(found.levels.axis, LevelAxis::Scaled);
    assert_eq!(found.histogram((-8.0, 8.0), 1), [found.values() as u64]);
    assert!(found.histogram((6.0f32.next_up(), 8.0), 1)[0] > 0);
}

#[test]
fn equal_weights_and_holes_are_no_trouble() {
    let (_, found) = of(&[0.5; 128], int4());
    assert!(found.quantiles.is_empty());
    assert_eq!(found.histogram(found.whole(), 9).iter().sum::<u64>(), 128);
    let mut holed = gaussian();
    (holed[5], holed[70]) = (f32::NAN, f32::INFINITY);
    let (_, found) = of(&holed, int4());
    assert_eq!(found.values(), 4094);
}
