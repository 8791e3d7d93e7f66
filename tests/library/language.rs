//! The tiny language model against its reference, and the table of formats it was measured under.

use std::collections::HashMap;
use std::sync::Arc;

use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::language::evaluate::HELD_OUT;
use quantscope::language::generate::{Choice, continue_text};
use quantscope::language::model::Session;
use quantscope::run::model::runnable::RunnableModel;
use quantscope::source::builtin;
use quantscope::source::open::{Source, open_bytes};
use quantscope::source::safetensors::Model;
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    greedy_ids: Vec<usize>,
    greedy_text: String,
    logit_positions: Vec<usize>,
    logits: HashMap<String, Vec<f32>>,
    eval_ids: Vec<usize>,
    eval_cross_entropy_nats: f64,
    eval_tokens_scored: usize,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../fixtures/stories260K/reference.json")).unwrap()
}

fn model() -> Arc<Model> {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    model
}

fn runnable() -> (Arc<Model>, RunnableModel) {
    let model = model();
    let runnable = RunnableModel::new(&model, &Control::unwatched()).unwrap();
    (model, runnable)
}

fn format(name: &str) -> Format {
    name.parse().unwrap()
}

#[test]
fn full_precision_logits_are_the_references() {
    let (_, runnable) = runnable();
    let reference = reference();
    let mut session = Session::new(&runnable.full);
    for (at, &token) in reference.greedy_ids.iter().enumerate().take(64) {
        let logits = session.step(token);
        if reference.logit_positions.contains(&at) {
            let expected = &reference.logits[&at.to_string()];
            assert_eq!(logits.len(), expected.len());
            let worst = logits.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-4, "position {at}: {worst}");
        }
    }
}

#[test]
fn the_greedy_story_is_the_references() {
    let (_, runnable) = runnable();
    let reference = reference();
    let prompt = runnable.tokenizer.encode("");
    let count = reference.greedy_ids.len() - 1;
    let ids = continue_text(&runnable.full, &prompt, count, Choice::Greedy, &Control::unwatched()).unwrap();
    assert_eq!(ids, reference.greedy_ids);
    assert_eq!(runnable.tokenizer.decode(&ids), reference.greedy_text);
}

#[test]
fn the_held_out_text_has_the_references_tokens_and_cross_entropy() {
    let (_, runnable) = runnable();
    let reference = reference();
    assert_eq!(runnable.tokenizer.encode(HELD_OUT), reference.eval_ids);
    let full = runnable.reference.full();
    assert!((full.cross_entropy - reference.eval_cross_entropy_nats).abs() < 1e-5, "{}", full.cross_entropy);
    assert_eq!(full.scored, reference.eval_tokens_scored);
    let again = runnable.reference.evaluate(&runnable.full, &Control::unwatched()).unwrap();
    assert!((again.cross_entropy - full.cross_entropy).abs() < 1e-9);
    assert_eq!((again.kl, again.agreement), (0.0, 1.0));
}

#[test]
fn fewer_bits_are_always_farther_from_full_precision() {
    let (model, runnable) = runnable();
    let control = Control::unwatched();
    let kl = |name: &str| {
        let quantized_model = runnable.quantize(&model, format(name), &control).unwrap();
        runnable.reference.evaluate(&quantized_model.model, &control).unwrap().kl
    };
    for clip in ["", "-clip"] {
        let found = [8, 6, 5, 4, 3, 2].map(|bits| kl(&format!("int{bits}-g32{clip}")));
        assert!(found.is_sorted() && found[0] > 0.0, "{clip} {found:?}");
    }
}

/// Measured by another program on another plain text: the weights' error must agree to the last digit
/// given, perplexity in its size.
#[test]
fn the_table_of_formats_comes_out_again() {
    let (model, runnable) = runnable();
    let control = Control::unwatched();
    for (name, bits, sqnr_db, perplexity, within) in [
        ("int8-g32", 8.5, 45.4, 3.86, 0.02),
        ("int6-g32", 6.5, 33.4, 3.89, 0.03),
        ("int4-g32", 4.5, 20.2, 4.39, 0.1),
        ("int3-g32", 3.5, 12.9, 16.9, 0.4),
        ("int2-g32", 2.5, 3.8, 48_836.0, 0.9),
    ] {
        let quantized_model = runnable.quantize(&model, format(name), &control).unwrap();
        let found = runnable.reference.evaluate(&quantized_model.model, &control).unwrap();
        println!(
            "{name}: {:.4} bits, {:.2} dB, cross-entropy {:.4}, perplexity {:.3}, KL {:.4}, agreement {:.3}",
            quantized_model.rate.bits_per_sample(),
            quantized_model.error.sqnr_db(),
            found.cross_entropy,
            found.perplexity(),
            found.kl,
            found.agreement
        );
        assert!((quantized_model.error.sqnr_db() - sqnr_db).abs() < 0.051, "{name}");
        // Rows of 172 in runs of 32 have one short run.
        assert!((quantized_model.rate.bits_per_sample() - bits).abs() < 0.02, "{name}");
        assert!((found.perplexity() / perplexity).ln().abs() < (1.0f64 + within).ln(), "{name}");
    }
}

#[test]
fn a_better_clipping_is_a_better_model() {
    let (model, runnable) = runnable();
    let control = Control::unwatched();
    for bits in [4, 3, 2] {
        let [plain, clipped] = [format!("int{bits}-g32"), format!("int{bits}-g32-clip")].map(|name| {
            let quantized_model = runnable.quantize(&model, format(&name), &control).unwrap();
            (quantized_model.error.sqnr_db(), runnable.reference.evaluate(&quantized_model.model, &control).unwrap().kl)
        });
        assert!(clipped.0 > plain.0 && clipped.1 < plain.1, "{bits}: {plain:?} {clipped:?}");
    }
}

#[test]
fn four_bits_still_tell_a_story_and_words_that_changed_are_marked() {
    let (model, runnable) = runnable();
    let control = Control::unwatched();
    let say = |name: &str, choice| {
        let quantized_model = runnable.quantize(&model, format(name), &control).unwrap();
        runnable.generate(&quantized_model.model, "", 60, choice, &control).unwrap()
    };
    let text = |speech: &quantscope::run::model::runnable::GeneratedText| -> String {
        speech.words.iter().map(|w| w.text.as_str()).collect()
    };
    let share = |speech: &quantscope::run::model::runnable::GeneratedText| {
        speech.words.iter().filter(|w| w.differs).count() as f64 / speech.words.len() as f64
    };
    let [eight, four, two] = ["int8-g32-clip", "int4-g32-clip", "int2-g32-clip"].map(|n| say(n, Choice::Greedy));
    assert!(text(&four).starts_with("Once upon a time, there was a little"), "{}", text(&four));
    assert!(share(&eight) < share(&two) && share(&two) > 0.5);
    let drawn = Choice::Sampled { seed: 7, temperature_percent: 80 };
    let [once, again] = [(); 2].map(|()| text(&say("int4-g32", drawn)));
    assert_eq!(once, again, "the seed decides");
    let other = text(&say("int4-g32", Choice::Sampled { seed: 8, temperature_percent: 80 }));
    assert_ne!(once, other);
}

#[test]
fn a_matrix_alone_harms_less_than_all_of_them_and_error_does_not_rank_harm() {
    let (model, runnable) = runnable();
    let control = Control::unwatched();
    let found = std::sync::Mutex::new(Vec::new());
    runnable.sensitivities(&model, format("int3-g32"), &|s| found.lock().unwrap().push(s), &control).unwrap();
    let mut found = found.into_inner().unwrap();
    assert_eq!(found.len(), runnable.architecture.matrices.len());
    let all = runnable.quantize(&model, format("int3-g32"), &control).unwrap();
    let all = runnable.reference.evaluate(&all.model, &control).unwrap().kl;
    assert!(found.iter().all(|s| s.evaluation.kl > 0.0 && s.evaluation.kl < all));
    found.sort_by(|a, b| a.error.sqnr_db().total_cmp(&b.error.sqnr_db()));
    let harms: Vec<f64> = found.iter().map(|s| s.evaluation.kl).collect();
    assert!(!harms.iter().rev().is_sorted(), "the worst weight error is not the worst harm");
}

#[test]
fn a_model_of_another_kind_is_said_not_to_run() {
    let other = |header: &str, data: usize| {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend(std::iter::repeat_n(0, data));
        let Ok(Source::Model(model)) = open_bytes("other.safetensors", bytes) else { panic!("opens") };
        match RunnableModel::new(&model, &Control::unwatched()) {
            Err(why) => why.to_string(),
            Ok(_) => panic!("it does not run"),
        }
    };
    let why = other(r#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8);
    assert!(why.contains("other.safetensors") && why.contains("names of a language model"), "{why}");
    let config = |vocabulary: usize, heads: usize| {
        let config = format!(
            "{{\\\"hidden_size\\\":64,\\\"intermediate_size\\\":172,\\\"num_hidden_layers\\\":5,\\\"num_attention_heads\\\":{heads},\\\"num_key_value_heads\\\":4,\\\"vocab_size\\\":{vocabulary},\\\"max_position_embeddings\\\":512,\\\"rms_norm_eps\\\":1e-5,\\\"rope_theta\\\":1e4}}"
        );
        let tensor = r#""w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#;
        other(&format!("{{\"__metadata__\":{{\"config\":\"{config}\"}},{tensor}}}"), 8)
    };
    assert!(config(32_000, 8).contains("32000"));
    assert!(config(512, 7).contains("heads"));
    assert!(config(512, 8).contains("model.embed_tokens.weight"));
}
