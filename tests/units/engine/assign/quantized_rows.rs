use quantscope::engine::assign::codes::How;
use quantscope::engine::assign::gptq::row_filter;
use quantscope::engine::assign::quantized_rows::{polished, recoded};
use quantscope::engine::codebook::Codebook;
use quantscope::engine::control::Control;
use quantscope::engine::grouping::Grouping;
use quantscope::engine::metric::{Gram, OutputError};
use quantscope::engine::quantized::Quantized;
use quantscope::engine::random::Random;
use quantscope::engine::rate::Rate;
use quantscope::engine::samples::Samples;

const COLUMNS: usize = 24;
const ROWS: usize = 16;

/// Weights at their nearest of nine levels.
fn nearest(values: &[[f32; 1]]) -> Quantized<1> {
    let book = Codebook::new((-4..=4).map(|k| [k as f32 / 2.0]).collect());
    let codes = values.iter().map(|&x| book.nearest(x)).collect();
    Quantized {
        width: COLUMNS,
        codes,
        grouping: Grouping::Whole,
        affines: Vec::new(),
        codebooks: vec![book],
        rate: Rate::default(),
    }
}

fn weights() -> Vec<[f32; 1]> {
    let mut random = Random::seeded(11);
    (0..COLUMNS * ROWS).map(|_| [random.next_gaussian()]).collect()
}

/// Inputs of which neighbours are alike.
fn inputs() -> Gram {
    let (mut gram, mut random) = (Gram::new(COLUMNS), Random::seeded(5));
    for _ in 0..200 {
        let mut x = 0.0;
        let mut next = || {
            x = 0.8 * x + random.next_gaussian();
            x
        };
        gram.add(&(0..COLUMNS).map(|_| next()).collect::<Vec<f32>>());
    }
    gram
}

#[test]
fn without_a_filter_polished_codes_are_the_nearest() {
    let values = weights();
    let (samples, nearest) = (Samples::new(&values, COLUMNS), nearest(&values));
    let elsewhere = Quantized { codes: vec![3; values.len()], ..nearest.clone() };
    let gram = Gram::identity(COLUMNS);
    for start in [&nearest, &elsewhere] {
        assert_eq!(polished(start, samples, &gram, &Control::unwatched()).unwrap().codes, nearest.codes);
    }
}

#[test]
fn polished_codes_lower_the_error_of_the_outputs_below_gptq() {
    let values = weights();
    let (samples, nearest, gram) = (Samples::new(&values, COLUMNS), nearest(&values), inputs());
    let filter = row_filter(&gram).unwrap();
    let gptq = recoded(&nearest, samples, How::Feedback(&filter), &Control::unwatched()).unwrap();
    let polished = polished(&gptq, samples, &gram, &Control::unwatched()).unwrap();
    let noise =
        |of: &Quantized<1>| OutputError::measure(values.as_flattened(), of.decode().as_flattened(), &gram).noise;
    let [nearest, gptq, polished] = [&nearest, &gptq, &polished].map(noise);
    assert!(gptq < nearest && polished < gptq, "{nearest} {gptq} {polished}");
}
