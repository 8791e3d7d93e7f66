use quantscope::engine::assign::codes::How;
use quantscope::engine::assign::feedback::RowFilter;
use quantscope::engine::assign::quantized_rows::recoded;
use quantscope::engine::codebook::Codebook;
use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::engine::grouping::Grouping;
use quantscope::engine::quantized::Quantized;
use quantscope::engine::random::Random;
use quantscope::engine::rate::Rate;
use quantscope::engine::samples::Samples;

#[test]
fn with_nobody_to_push_to_every_sample_takes_its_nearest_level() {
    let mut random = Random::seeded(5);
    let values: Vec<[f32; 1]> = (0..40 * 32).map(|_| [random.next_gaussian()]).collect();
    let nobody = RowFilter::new(32, vec![0.0; 32 * 32]);
    for name in ["int4-g32", "int3-row", "e2m1-g32", "int2-g16-affine", "kmeans4-row"] {
        let format: Format = name.parse().unwrap();
        let samples = Samples::new(&values, 32);
        let control = Control::unwatched();
        let nearest = format.recipe().unwrap().encode(samples, &control).unwrap();
        for how in [How::Nearest, How::Feedback(&nobody)] {
            assert_eq!(recoded(&nearest, samples, how, &control).unwrap().codes, nearest.codes, "{name}");
        }
    }
}

/// The codes of rows of three under levels 0 and 1.
fn codes_of_three(values: &[f32], filter: &RowFilter) -> Vec<u16> {
    let values: Vec<[f32; 1]> = values.iter().map(|&x| [x]).collect();
    let found = Quantized {
        width: 3,
        codes: Vec::new(),
        grouping: Grouping::Whole,
        affines: Vec::new(),
        codebooks: vec![Codebook::new(vec![[0.0], [1.0]])],
        rate: Rate::default(),
    };
    let samples = Samples::new(&values, 3);
    recoded(&found, samples, How::Feedback(filter), &Control::unwatched()).unwrap().codes
}

#[test]
fn a_row_filter_reaches_every_later_sample_of_its_row_and_no_other() {
    let filter = RowFilter::new(3, (1..=9).map(|x| x as f32).collect());
    assert_eq!((filter.after(0), filter.after(1), filter.after(2)), (&[2.0, 3.0][..], &[6.0][..], &[][..]));
    // 0.3 → 0: 0.6 and 0.9 go on; 0.6 → 1: −0.4 · 6 goes on. The last row is short.
    assert_eq!(codes_of_three(&[0.3, 0.0, 0.0, 0.0, 0.3, 0.0, 0.3, 0.0], &filter), [0, 1, 0, 0, 0, 1, 0, 1]);
}

#[test]
fn along_the_row_the_mean_is_kept() {
    let along = RowFilter::along_the_row(3);
    assert_eq!((along.after(0), along.after(1)), (&[1.0, 0.0][..], &[1.0][..]));
    assert_eq!(codes_of_three(&[0.4; 6], &along), [0, 1, 0, 0, 1, 0]);
}
