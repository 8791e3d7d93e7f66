use quantscope::engine::assign::codes::How;
use quantscope::engine::assign::feedback::RowFilter;
use quantscope::engine::assign::gptq::{DAMPING, row_filter};
use quantscope::engine::assign::quantized_rows::recoded;
use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::engine::metric::{Gram, OutputError};
use quantscope::engine::random::Random;
use quantscope::engine::samples::Samples;

/// Inputs whose neighbours are alike: x_j = ρ·x_{j−1} + √(1−ρ²)·noise.
fn inputs(rho: f32, columns: usize, count: usize) -> Gram {
    let mut random = Random::seeded(17);
    let mut gram = Gram::new(columns);
    for _ in 0..count {
        let mut x = vec![random.next_gaussian()];
        for j in 1..columns {
            x.push(rho * x[j - 1] + (1.0 - rho * rho).sqrt() * random.next_gaussian());
        }
        gram.add(&x);
    }
    gram
}

#[test]
fn a_row_of_the_filter_solves_for_the_least_output_error() {
    // H + damping of three columns, and column 0's share by Cramer's rule on the other two.
    let gram = inputs(0.8, 3, 50);
    let mean = (0..3).map(|j| gram.at(j, j)).sum::<f64>() / 3.0;
    let h = |i: usize, j: usize| gram.at(i, j) + if i == j { DAMPING * mean } else { 0.0 };
    let det = h(1, 1) * h(2, 2) - h(1, 2) * h(2, 1);
    let expected = [(h(1, 0) * h(2, 2) - h(1, 2) * h(2, 0)) / det, (h(1, 1) * h(2, 0) - h(2, 1) * h(1, 0)) / det];
    let filter = row_filter(&gram).unwrap();
    for (found, expected) in filter.after(0).iter().zip(expected) {
        assert!((f64::from(*found) - expected).abs() < 1e-5, "{found} {expected}");
    }
    assert!((f64::from(filter.after(1)[0]) - h(2, 1) / h(2, 2)).abs() < 1e-5);
    assert!(filter.after(2).is_empty());
}

#[test]
fn inputs_that_never_meet_make_it_nearest() {
    let mut random = Random::seeded(8);
    let values: Vec<[f32; 1]> = (0..16 * 64).map(|_| [random.next_gaussian()]).collect();
    let samples = Samples::new(&values, 64);
    let control = Control::unwatched();
    let nearest = "int4-g32".parse::<Format>().unwrap().recipe().unwrap().encode(samples, &control).unwrap();
    let gram = inputs(0.9, 64, 500);
    let codes = |gram: &Gram| {
        let filter = row_filter(gram).unwrap();
        recoded(&nearest, samples, How::Feedback(&filter), &control).unwrap().codes
    };
    assert_eq!(codes(&gram.uncorrelated()), nearest.codes);
    assert_eq!(codes(&Gram::identity(64)), nearest.codes);
    assert_ne!(codes(&gram), nearest.codes);
}

/// The reference figures: neighbouring inputs alike (ρ = 0.9) at INT4, diffusion along the row and
/// GPTQ lose raw decibels and win output decibels; with uncorrelated inputs diffusion loses on both.
#[test]
fn raw_error_goes_up_and_output_error_goes_down_where_inputs_are_alike() {
    let (rows, columns) = (64, 256);
    let mut random = Random::seeded(30);
    let values: Vec<[f32; 1]> = (0..rows * columns).map(|_| [random.next_gaussian()]).collect();
    let plain: Vec<f32> = values.iter().map(|x| x[0]).collect();
    let (samples, control) = (Samples::new(&values, columns), Control::unwatched());
    let nearest = "int4-row".parse::<Format>().unwrap().recipe().unwrap().encode(samples, &control).unwrap();
    let alike = inputs(0.9, columns, 2000);
    let filter = row_filter(&alike).unwrap();
    let decibels = |how: How<'_>, gram: &Gram| {
        let found = recoded(&nearest, samples, how, &control).unwrap().decode();
        let found: Vec<f32> = found.iter().map(|x| x[0]).collect();
        let raw = quantscope::engine::metric::ScalarError::measure(&plain, &found).sqnr_db();
        (raw, OutputError::measure(&plain, &found, gram).sqnr_db())
    };
    let along = RowFilter::along_the_row(columns);
    let (along, gptq) = (How::Feedback(&along), How::Feedback(&filter));
    let [near, diffused, gptq] = [How::Nearest, along, gptq].map(|how| decibels(how, &alike));
    assert!(near.0 > gptq.0 && near.0 - diffused.0 > 2.0, "{near:?} {diffused:?} {gptq:?}");
    assert!(diffused.1 - near.1 > 5.0 && gptq.1 > diffused.1, "{near:?} {diffused:?} {gptq:?}");
    let apart = alike.uncorrelated();
    let (near, diffused) = (decibels(How::Nearest, &apart), decibels(along, &apart));
    assert!(near.1 - diffused.1 > 2.0 && near.0 - diffused.0 > 2.0, "{near:?} {diffused:?}");
}

#[test]
fn inputs_of_no_use_give_no_filter() {
    assert_eq!(row_filter(&Gram::new(4)), None);
    let mut gram = Gram::new(2);
    gram.add(&[f32::NAN, 1.0]);
    assert_eq!(row_filter(&gram), None);
    assert_eq!(row_filter(&Gram::new(0)), None);
}

#[test]
fn an_input_that_is_always_zero_is_borne() {
    let mut gram = Gram::new(3);
    (0..20).for_each(|i| gram.add(&[1.0, 0.0, i as f32]));
    assert!(row_filter(&gram).is_some());
}
