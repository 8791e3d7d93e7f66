use quantscope::engine::control::Control;
use quantscope::language::evaluate::Evaluation;
use quantscope::run::mix::{Budget, Measurements, Plan, measure_all};
use quantscope::run::model::kl_report::*;
use quantscope::source::builtin;
use quantscope::source::open::Source;

fn verdict_of(kl: f64, same_size: f64) -> KlReport {
    let of = |kl| Evaluation { kl, ..Evaluation::default() };
    let format = "int4-g32".parse().unwrap();
    let uniform = Compared { format, one: of(kl), same_size: of(same_size), gain_db: 1.0 };
    KlReport { mix: of(same_size), uniform: Some(uniform) }
}

#[test]
fn a_fall_a_rise_and_neither_are_told_apart() {
    assert!(verdict_of(0.10, 0.05).sentence().ends_with("the KL falls by 50 %"));
    assert!(verdict_of(0.10, 0.15).sentence().ends_with("the KL rises by 50 %"));
    assert!(verdict_of(0.10, 0.101).sentence().ends_with("the KL is the same"));
}

#[test]
fn the_sample_is_judged_by_what_it_predicts_and_a_better_budget_is_a_smaller_kl() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let names = ["int3-g32-clip", "int4-g32-clip", "int8-g32"];
    let plan = Plan::new(&model, &names.map(|n| n.parse().unwrap()), &[]).unwrap();
    let found = std::sync::Mutex::new(Measurements::new());
    let emit = |spec, outcome| _ = found.lock().unwrap().insert(spec, outcome);
    let control = Control::unwatched();
    measure_all(&model, &plan.wanted(), None, &emit, &control).unwrap();
    let found = found.into_inner().unwrap();
    let judged = |bits: f64| {
        let mix = plan.mix(&model, &found, None, Budget::BitsPerWeight(bits)).unwrap();
        compare_kl(&model, &mix, None, &control).unwrap().expect("the sample runs")
    };
    let weighted =
        plan.clone().with_kl_weights(measure_sensitivity(&model, &control).unwrap().expect("the sample runs"));
    let mix = weighted.mix(&model, &found, None, Budget::BitsPerWeight(4.6)).unwrap();
    let by_ear = compare_kl(&model, &mix, None, &control).unwrap().unwrap().uniform.unwrap();
    assert!(by_ear.same_size.kl < by_ear.one.kl, "{} {}", by_ear.same_size.kl, by_ear.one.kl);
    let (low, high) = (judged(4.6), judged(8.0));
    assert!(high.mix.kl < low.mix.kl && low.mix.kl > 0.01, "{} {}", high.mix.kl, low.mix.kl);
    let compared = low.uniform.unwrap();
    assert_eq!(compared.format.to_string(), "int4-g32-clip");
    assert!((compared.one.kl - 0.089).abs() < 0.01, "{}", compared.one.kl);
}
