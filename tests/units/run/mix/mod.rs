mod bits;

use std::sync::{Arc, Mutex};

use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::engine::theory::allocate::Slopes;
use quantscope::run::mix::*;
use quantscope::source::builtin;
use quantscope::source::imatrix::Importance;
use quantscope::source::model::Model;
use quantscope::source::open::Source;
use quantscope::spec::TensorSpec;

fn model() -> Arc<Model> {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    model
}

fn formats(names: &[&str]) -> Vec<Format> {
    names.iter().map(|n| n.parse().unwrap()).collect()
}

fn measured(model: &Model, plan: &Plan, importance: Option<&Importance>) -> Measurements {
    let found = Mutex::new(Measurements::new());
    let emit = |spec, outcome| _ = found.lock().unwrap().insert(spec, outcome);
    measure_all(model, &plan.wanted(), importance, &emit, &Control::unwatched()).unwrap();
    found.into_inner().unwrap()
}

const INTEGERS: [&str; 5] = ["int2-g32-clip", "int3-g32-clip", "int4-g32-clip", "int6-g32", "int8-g32"];

#[test]
fn a_mix_is_never_worse_than_the_uniform_choice_at_its_size_and_keeps_the_budget() {
    let model = model();
    let plan = Plan::new(&model, &formats(&INTEGERS), &[]).unwrap();
    let measured = measured(&model, &plan, None);
    for bits in [3.5, 4.6, 5.0, 7.0] {
        let mix = plan.mix(&model, &measured, None, Budget::BitsPerWeight(bits)).unwrap();
        assert!(mix.total.bits <= mix.budget_bits && mix.floor_bits <= mix.total.bits);
        let uniform = mix.uniform.as_ref().unwrap();
        let (one, same) = (uniform.total, uniform.same_size_total);
        assert!(one.bits <= mix.budget_bits && one == plan.uniform(&model, &measured, None, uniform.format));
        assert!(mix.total.error.sum_e2 <= one.error.sum_e2, "{bits}");
        assert!(same.bits <= one.bits && same.error.sum_e2 <= one.error.sum_e2, "{bits}");
        assert_eq!(mix.total.bits, mix.rows.iter().map(|r| r.bits).sum::<u64>());
    }
}

#[test]
fn what_divisible_bits_would_gain_is_told_of_the_free_tensors_with_the_locked_ones_left_as_they_are() {
    let model = model();
    let gain = |locks: &[Lock]| {
        let plan = Plan::new(&model, &formats(&INTEGERS), locks).unwrap();
        let measured = measured(&model, &plan, None);
        let mix = plan.mix(&model, &measured, None, Budget::BitsPerWeight(6.0)).unwrap();
        let uniform = mix.uniform.unwrap();
        // By the definition: the arithmetic mean of the errors a weight over their geometric mean.
        let (mut weights, mut error, mut logs, mut fixed) = (0.0, 0.0, 0.0, 0.0);
        for (tensor, duty) in plan.duties.iter().enumerate() {
            let of = |format| measured[&TensorSpec { tensor, format }].as_ref().unwrap().error.sum_e2;
            match duty {
                Duty::Free => {
                    let (n, e) = (model.tensors[tensor].values as f64, of(uniform.format));
                    (weights, error, logs) = (weights + n, error + e, logs + n * (e / n).log2());
                }
                Duty::Locked(Some(format)) => fixed += of(*format),
                _ => {}
            }
        }
        let by_hand = 10.0 * ((fixed + error) / (fixed + weights * (logs / weights).exp2())).log10();
        assert!((uniform.divisible_gain_db - by_hand).abs() < 1e-9, "{} {by_hand}", uniform.divisible_gain_db);
        uniform.divisible_gain_db
    };
    let locked = [Lock::new("*down_proj*".to_owned(), "int2-g32-clip".parse().ok())];
    let (free, some) = (gain(&[]), gain(&locked));
    assert!(free > some && some > 0.0, "{free} {some}");
}

#[test]
fn norms_stay_as_they_are_and_a_lock_decides_for_what_it_matches() {
    let model = model();
    let lock = |pattern: &str, format: Option<&str>| Lock::new(pattern.to_owned(), format.map(|f| f.parse().unwrap()));
    let locks = [lock("*q_proj*", Some("int8-g32")), lock("*embed*", None), lock("*layers.0*", Some("int2-g32-clip"))];
    let plan = Plan::new(&model, &formats(&INTEGERS), &locks).unwrap();
    let mix = plan.mix(&model, &measured(&model, &plan, None), None, Budget::BitsPerWeight(20.0)).unwrap();
    for (row, tensor) in mix.rows.iter().zip(&model.tensors) {
        let name = &tensor.name;
        match row.format.map(|f| f.to_string()).as_deref() {
            None => {
                assert!(row.bits == tensor.values as u64 * 32 && (name.contains("norm") || name.contains("embed")))
            }
            Some("int8-g32") if name.contains("q_proj") => assert_eq!(row.slopes, Slopes::default()),
            Some("int2-g32-clip") => assert!(name.contains("layers.0")),
            Some(_) => assert_eq!(row.duty, Duty::Free),
        }
    }
    let refused = |locks: &[Lock]| Plan::new(&model, &formats(&INTEGERS), locks).unwrap_err().to_string();
    assert_eq!(refused(&[lock("*nothing*", None)]), "no tensor matches '*nothing*'");
    assert!(refused(&[lock("[", None)]).contains("'['"));
    assert!(Plan::new(&model, &[], &[]).is_err());
}

#[test]
fn a_budget_under_the_floor_is_refused_with_the_floor_in_words() {
    let model = model();
    let plan = Plan::new(&model, &formats(&["int4-g32"]), &[]).unwrap();
    let found = measured(&model, &plan, None);
    let why = plan.mix(&model, &found, None, Budget::BitsPerWeight(2.0)).unwrap_err();
    assert_eq!(
        plan.check(&model, Budget::BitsPerWeight(2.0)),
        Err(why.clone()),
        "the same before anything is measured"
    );
    let why = why.to_string();
    assert!(why.contains("2.000 bits per weight") && why.contains("at least 4.5"), "{why}");
    let plan = Plan::new(&model, &formats(&["q4_k"]), &[]).unwrap();
    let found = self::measured(&model, &plan, None);
    let why = plan.mix(&model, &found, None, Budget::BitsPerWeight(4.5)).unwrap_err().to_string();
    assert!(why.contains("fit no block"), "{why}");
}

#[test]
fn an_importance_shifts_bits_to_what_counts() {
    let model = model();
    let plan = Plan::new(&model, &formats(&INTEGERS), &[]).unwrap();
    // Column 0 of one matrix counts ten thousand times.
    let mut columns = vec![1e-3f32; 64];
    columns[0] = 1e4;
    let mut bytes = 1i32.to_le_bytes().to_vec();
    let name = "blk.2.attn_q.weight";
    bytes.extend((name.len() as i32).to_le_bytes());
    bytes.extend(name.as_bytes());
    bytes.extend([1i32, 64].map(i32::to_le_bytes).as_flattened());
    columns.iter().for_each(|w| bytes.extend(w.to_le_bytes()));
    let imatrix =
        quantscope::source::imatrix::Imatrix::parse("i", quantscope::source::bytes::Bytes::Held(bytes)).unwrap();
    let importance = imatrix.bind(&model).unwrap();
    let (plain, weighed) = (measured(&model, &plan, None), measured(&model, &plan, Some(&importance)));
    let tensor = model.tensors.iter().position(|t| t.name.contains("layers.2.self_attn.q_proj")).unwrap();
    let spec = TensorSpec { tensor, format: "int3-g32-clip".parse().unwrap() };
    let column = |m: &Measurements| m[&spec].clone().unwrap();
    assert!(column(&plain).weighed.is_none());
    // The encoder has spent its freedom on what counts: all of it is worse, what counts is better.
    assert!(column(&weighed).error.sum_e2 > column(&plain).error.sum_e2);
    assert!(column(&weighed).weighed.unwrap().sqnr_db() > column(&plain).error.sqnr_db());
    let mix = plan.mix(&model, &weighed, Some(&importance), Budget::BitsPerWeight(4.0)).unwrap();
    assert!(mix.total.counted_db().is_finite() && mix.uniform.unwrap().total.counted.1 >= mix.total.counted.1);
}

#[test]
fn the_floor_and_the_most_are_told_from_the_shapes_as_they_are_measured() {
    let model = model();
    let locks = [Lock::new("*q_proj*".to_owned(), "int8-g32".parse().ok()), Lock::new("*k_proj*".to_owned(), None)];
    for names in [&INTEGERS[..], &["q2_k", "q4_k", "q8_0"], &["nf4", "mxfp4"]] {
        let plan = Plan::new(&model, &formats(names), &locks).unwrap();
        let found = measured(&model, &plan, None);
        let mix = plan.mix(&model, &found, None, Budget::BitsPerWeight(40.0)).unwrap();
        let (low, high) = plan.range_bits(&model);
        assert_eq!(low, mix.floor_bits, "{names:?}");
        assert!(high >= mix.total.bits, "{names:?}");
        assert!(plan.check(&model, Budget::Bits(low)).is_ok() && plan.check(&model, Budget::Bits(low - 1)).is_err());
    }
    // What a coder of its own takes is not known beforehand: such a floor is not promised, and nothing is refused.
    let plan = Plan::new(&model, &formats(&["ec3.5", "q8_0"]), &[]).unwrap();
    assert!(plan.check(&model, Budget::BitsPerWeight(3.0)).is_ok());
}

#[test]
fn the_embedding_is_locked_high_by_default_and_never_starves_the_rest() {
    let model = model();
    let formats = formats(&INTEGERS);
    let embedding = model.tensors.iter().position(|t| t.name.contains("embed_tokens")).unwrap();
    let locked = |bits: f64| {
        let locks = default_locks(&model, &formats, Budget::BitsPerWeight(bits));
        assert!(locks.len() < 2 && locks.iter().all(|lock| lock.by_default));
        locks.first().and_then(|lock| lock.format).map(|format| format.to_string())
    };
    // It serves as the output too: 6.5 bits at least, and as many as the budget has on average.
    for (bits, format) in [(4.6, "int6-g32"), (6.4, "int6-g32"), (7.5, "int8-g32")] {
        assert_eq!(locked(bits).as_deref(), Some(format), "{bits}");
    }
    assert_eq!(locked(2.0), None, "a budget that cannot be met locks nothing");
    let locks = default_locks(&model, &formats, Budget::BitsPerWeight(4.6));
    let plan = Plan::new(&model, &formats, &locks).unwrap();
    let found = measured(&model, &plan, None);
    let mix = plan.mix(&model, &found, None, Budget::BitsPerWeight(4.6)).unwrap();
    assert_eq!(mix.rows[embedding].duty, Duty::LockedByDefault("int6-g32".parse().unwrap()));
    assert!(mix.total.bits <= mix.budget_bits);
    // A lock of the user's own comes first.
    let own = Lock::new("*embed*".to_owned(), "int3-g32-clip".parse().ok());
    let plan = Plan::new(&model, &formats, &[&[own][..], &locks].concat()).unwrap();
    assert_eq!(plan.duties[embedding], Duty::Locked("int3-g32-clip".parse().ok()));
    for bits in [3.0, 4.0, 5.0, 8.0] {
        let locks = default_locks(&model, &formats, Budget::BitsPerWeight(bits));
        let plan = Plan::new(&model, &formats, &locks).unwrap();
        assert!(plan.check(&model, Budget::BitsPerWeight(bits)).is_ok(), "{bits}");
    }
}

#[test]
fn means_over_tensors_are_what_they_say() {
    let model = model();
    let plan = Plan::new(&model, &formats(&["int4-g32"]), &[]).unwrap();
    let measured = measured(&model, &plan, None);
    let mix = plan.mix(&model, &measured, None, Budget::BitsPerWeight(20.0)).unwrap();
    let own: Vec<f64> = mix.rows.iter().filter_map(|r| Some(r.measured?.error.relative_error())).collect();
    let n = own.len() as f64;
    assert_eq!(mix.total.tensors as usize, own.len());
    let mean_db = own.iter().map(|rho| -20.0 * rho.log10()).sum::<f64>() / n;
    assert!((mix.total.mean_db() - mean_db).abs() < 1e-9);
    let mean_square = own.iter().map(|rho| rho * rho).sum::<f64>() / n;
    assert!((mix.total.relative_db() + 10.0 * mean_square.log10()).abs() < 1e-9);
}
