use quantscope::engine::control::Control;
use quantscope::run::bin_members::*;
use quantscope::run::tensor;
use quantscope::source::builtin;
use quantscope::source::open::Source;
use quantscope::spec::Stage;

#[test]
fn the_cells_of_a_bin_are_as_many_as_the_histogram_counts() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let control = Control::unwatched();
    let t = model.tensors.iter().position(|t| t.name.contains("q_proj")).unwrap();
    let original = tensor::original(&model, t, &control).unwrap();
    for format in ["int4-tensor", "int4-g32", "nf4", "kmeans4-row"] {
        let format = format.parse().unwrap();
        let report = tensor::reduce(&model, &original, format, Stage::Full, &control).unwrap().unwrap();
        let h = &report.histogram;
        let mut off = 0;
        for (k, &expected) in h.counts.iter().enumerate() {
            let range = Range::of_bin(k, h.counts.len(), (h.low, h.high));
            let found = bin_members(&original, &report, range, &control).unwrap();
            off += found.count.abs_diff(expected as usize);
            assert!(found.count > FEW || found.few.len() == found.count);
        }
        // A weight that lies on an edge may be rounded to the other side of it.
        assert!(off <= original.values.len() / 200, "{format}: {off}");
    }
}

#[test]
fn what_lies_beyond_the_ends_is_in_the_outermost_bins() {
    let bin = |k| Range::of_bin(k, 4, (-2.0, 2.0));
    assert!(bin(0).holds(-9.0) && bin(0).holds(-1.5) && !bin(0).holds(-1.0));
    assert!(bin(3).holds(9.0) && bin(3).holds(1.0) && !bin(2).holds(1.0) && bin(2).holds(0.0));
}
