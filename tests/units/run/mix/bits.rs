use quantscope::engine::control::Control;
use quantscope::engine::format::{LevelRule, table};
use quantscope::run::mix::bits::least_bits;
use quantscope::run::tensor::measure;
use quantscope::source::builtin;
use quantscope::source::open::Source;
use quantscope::spec::TensorSpec;

#[test]
fn bits_told_from_the_shape_are_those_of_the_measurement_and_never_more() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    // Rows of 64, of 172, and a vector.
    let of = |part: &str| model.tensors.iter().position(|t| t.name.contains(part)).unwrap();
    for tensor in [of("layers.0.self_attn.k_proj"), of("layers.0.mlp.down_proj"), of("norm")] {
        for row in table() {
            let spec = TensorSpec { tensor, format: row.format };
            let Ok((_, rate)) = measure(&model, spec, &Control::unwatched()) else { continue };
            let (told, found) = (least_bits(&model.tensors[tensor], row.format), rate.total_bits());
            let exact = !matches!(row.format.rule, LevelRule::Coded(_) | LevelRule::Fitted(_));
            assert!(told == found || !exact && told < found, "{}: {told} {found}", row.name);
        }
    }
}
