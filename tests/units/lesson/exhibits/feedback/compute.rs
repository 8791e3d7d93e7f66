use std::sync::Arc;

use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::language::architecture::{Architecture, Part};
use quantscope::lesson::exhibits::feedback::compute::*;
use quantscope::run::model::inputs::Inputs;
use quantscope::run::model::runnable::RunnableModel;
use quantscope::run::report::PhotoReport;
use quantscope::source::builtin;
use quantscope::source::open::Source;
use quantscope::source::safetensors::Model;

fn model() -> (Arc<Model>, RunnableModel, Inputs) {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let control = Control::unwatched();
    let runnable = RunnableModel::new(&model, &control).unwrap();
    let inputs = Inputs::of_own_stories(&runnable, &control).unwrap();
    (model, runnable, inputs)
}

fn format(name: &str) -> Format {
    name.parse().unwrap()
}

#[test]
fn a_diffused_photo_is_farther_from_the_original_and_nearer_from_afar() {
    let Ok(Source::Photo(photo)) = builtin::photo() else { panic!("the sample opens") };
    for colors in [16, 64, 256] {
        let found = of_photo(&photo.image, colors, &Control::unwatched()).unwrap();
        let figures = |r: &PhotoReport| (r.error.psnr_db, r.psnr_afar_db);
        let (nearest, diffused) = (figures(&found.nearest), figures(&found.diffused));
        println!("{colors} colours: nearest {nearest:.2?} diffused {diffused:.2?}");
        assert!(diffused.0 < nearest.0 - 0.5 && diffused.1 > nearest.1 + 1.0, "{nearest:?} {diffused:?}");
        assert_eq!(found.nearest.rate, found.diffused.rate);
        assert_eq!(found.nearest.picture.indexed().unwrap().palette, found.diffused.picture.indexed().unwrap().palette);
    }
}

#[test]
fn in_every_layer_gptq_loses_raw_decibels_and_wins_them_at_the_output() {
    let (model, runnable, inputs) = model();
    for place in 1..runnable.architecture.matrices.len() {
        let spec = LayerSpec { place, format: format("int3-g32"), correlated: true };
        let found = of_layer(&model, &runnable, &inputs, spec, &Control::unwatched()).unwrap();
        let [nearest, along, gptq, polished] = found.ways;
        assert_eq!((nearest.way, nearest.moved, along.way, gptq.way), (Way::Nearest, 0, Way::AlongTheRow, Way::Gptq));
        assert!(gptq.raw.sum_e2 > nearest.raw.sum_e2 && gptq.moved > 0, "{place}");
        assert!(gptq.output.noise < nearest.output.noise, "{place}: {:?} {:?}", gptq.output, nearest.output);
        assert!(gptq.output.noise < along.output.noise, "{place}");
        assert!(polished.output.noise < gptq.output.noise, "{place}");
        assert!(along.raw.sum_e2 > nearest.raw.sum_e2, "{place}");
    }
}

#[test]
fn where_inputs_have_nothing_to_do_with_one_another_gptq_is_nearest_and_diffusion_only_hurts() {
    let (model, runnable, inputs) = model();
    let place = Architecture::place(2, Part::Down);
    let spec = LayerSpec { place, format: format("int4-g32"), correlated: false };
    let found = of_layer(&model, &runnable, &inputs, spec, &Control::unwatched()).unwrap();
    let [nearest, along, gptq, polished] = &found.ways;
    for same in [gptq, polished] {
        assert_eq!((same.moved, same.raw, same.output), (0, nearest.raw, nearest.output));
    }
    assert!(along.raw.sqnr_db() < nearest.raw.sqnr_db() - 1.0);
    assert!(along.output.sqnr_db() < nearest.output.sqnr_db() - 1.0);
    let alike = found.correlations.indexed().unwrap();
    assert_eq!((alike.codes[0], alike.codes[1]), (254, 127));
}

#[test]
fn the_model_itself_is_nearer_to_full_precision_with_gptq_at_the_same_bits() {
    let (model, runnable, inputs) = model();
    for name in ["int4-g32", "int3-g32", "int4-row", "int3-g32-clip", "int2-g32-clip"] {
        let found = of_model(&model, &runnable, &inputs, format(name), &Control::unwatched()).unwrap();
        let figures = |w: &ModelWay| (w.raw.sqnr_db(), w.output, w.evaluation.kl, w.evaluation.perplexity());
        let (nearest, gptq) = (figures(&found.nearest), figures(&found.gptq));
        println!("{name}: {:.3} bits, nearest {nearest:.4?} GPTQ {gptq:.4?}", found.rate.bits_per_sample());
        assert!(gptq.0 < nearest.0 && gptq.1 < nearest.1, "{name}");
        assert!(gptq.2 < nearest.2, "{name}");
    }
}

/// Feedback mends what rounding did, not what a scale did: the largest weight of 32 sets the step, most
/// others become zero, and the output error that GPTQ takes away is too little to make sense of.
#[test]
fn three_levels_of_an_unclipped_scale_are_beyond_rescue() {
    let (model, runnable, inputs) = model();
    let found = of_model(&model, &runnable, &inputs, format("int2-g32"), &Control::unwatched()).unwrap();
    assert!(found.gptq.output < found.nearest.output);
    assert!(found.gptq.evaluation.kl > 5.0 && found.nearest.evaluation.kl > 5.0);
}

#[test]
fn nearest_is_what_every_other_part_of_the_program_makes_of_the_format() {
    let (model, runnable, inputs) = model();
    let control = Control::unwatched();
    let found = of_model(&model, &runnable, &inputs, format("int4-g32-clip"), &control).unwrap();
    let usual = runnable.quantize(&model, format("int4-g32-clip"), &control).unwrap();
    assert_eq!((found.rate, found.nearest.raw), (usual.rate, usual.error));
    assert_eq!(found.nearest.evaluation, runnable.reference.evaluate(&usual.model, &control).unwrap());
}

#[test]
fn a_format_with_a_search_of_its_own_is_refused_in_words() {
    let (model, runnable, inputs) = model();
    let spec = LayerSpec { place: 1, format: format("q4_k"), correlated: true };
    let why = match of_layer(&model, &runnable, &inputs, spec, &Control::unwatched()) {
        Err(why) => why.to_string(),
        _ => panic!("it is refused"),
    };
    assert!(why.starts_with("q4_k chooses"), "{why}");
}
