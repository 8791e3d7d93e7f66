use quantscope::engine::control::Control;
use quantscope::run::model::generation::*;
use quantscope::run::model::loaded::LoadedModel;
use quantscope::source::builtin;
use quantscope::source::open::Source;

#[test]
fn at_eight_bits_the_story_is_the_same_and_at_two_it_is_lost() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let control = Control::unwatched();
    let loaded = LoadedModel::of(model, &control).unwrap();
    let say = |name: &str| {
        let (generation, quantized_model) =
            Generation::new(&loaded, name.parse().unwrap(), Ask::default(), &control).unwrap();
        assert!(generation.evaluation.is_none());
        generation.scored(&loaded, &quantized_model, &control).unwrap()
    };
    let [eight, two] = ["int8-g32", "int2-g32"].map(say);
    let text = |generation: &Generation| generation.text.words.iter().map(|w| w.text.as_str()).collect::<String>();
    assert!(text(&eight).starts_with("Once upon a time") && eight.text.full.starts_with("Once upon a time"));
    let share = |generation: &Generation| generation.kept().0 as f64 / generation.kept().1.max(1) as f64;
    assert!(share(&eight) > 0.8 && share(&two) < 0.4, "{} {}", share(&eight), share(&two));
    let agreement = |generation: &Generation| generation.evaluation.map_or(0.0, |e| e.agreement);
    assert!(agreement(&eight) > 0.95 && agreement(&two) < 0.3);
    assert_eq!(eight.kept().0 == eight.kept().1, text(&eight) == eight.text.full);
}
