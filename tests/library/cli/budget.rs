//! A format for each tensor under a budget, and the files that are made of it.

use std::path::Path;
use std::process::Command;

use quantscope::source::safetensors::one_tensor;
use serde_json::Value;

use super::{asset, failure, success, text};

/// llama.cpp's older layout: names, calls and sums.
fn imatrix(path: &Path, entries: &[(&str, usize)]) {
    let mut bytes = (entries.len() as i32).to_le_bytes().to_vec();
    for (name, columns) in entries {
        bytes.extend((name.len() as i32).to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend(2i32.to_le_bytes());
        bytes.extend((*columns as i32).to_le_bytes());
        (0..*columns).for_each(|c| bytes.extend((1.0 + c as f32).to_le_bytes()));
    }
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_budget_gives_each_tensor_a_format_and_is_told_in_every_form() {
    let model = asset("stories260K.safetensors");
    let model = model.to_str().unwrap();
    let budget = [
        "weights",
        model,
        "--budget",
        "5",
        "--formats",
        "int3-g32-clip,int4-g32-clip,int8-g32",
        "--lock",
        "*embed*=int8-g32",
    ];
    let with = |more: &[&str]| success(&[budget.as_slice(), more].concat());
    let told: Value = serde_json::from_str(&with(&["--json"])).unwrap();
    let (mix, uniform) = (&told["summary"]["mix"], &told["summary"]["uniform"]);
    assert!(mix["bits_per_weight"].as_f64() <= Some(5.0) && mix["sqnr_db"].as_f64() >= uniform["sqnr_db"].as_f64());
    let rows = told["tensors"].as_array().unwrap();
    let bytes: u64 = rows.iter().map(|row| row["bytes"].as_u64().unwrap()).sum();
    assert!(bytes.abs_diff(mix["bytes"].as_u64().unwrap()) <= rows.len() as u64);
    for row in rows {
        let (name, format) = (row["tensor"].as_str().unwrap(), row["format"].as_str().unwrap());
        match () {
            _ if name.contains("norm") => assert!(format == "f32" && row["decided_by"] == "kept: a norm"),
            _ if name.contains("embed") => assert!(format == "int8-g32" && row["decided_by"] == "locked"),
            _ => assert!(format.starts_with("int") && row["kind"].as_str().unwrap() != "unknown"),
        }
    }
    let text = with(&[]);
    assert!(text.contains("norms, biases") && text.contains("it gains") && text.contains("attention q"), "{text}");
    assert!(with(&["--csv"]).starts_with("tensor,kind,layer,shape,format,bits_per_weight,"));
    assert!(with(&["--markdown"]).starts_with("# Bit budget of stories260K.safetensors\n"));
    let html = with(&["--html"]);
    assert!(
        html.matches("<svg").count() == 3
            && html.contains("Shannon")
            && !html.contains("http")
            && !html.contains("<script")
    );
    let errors = success(&["weights", model, "--format", "q8_0", "--html"]);
    assert!(errors.matches("<svg").count() == 3 && errors.contains("Weight error of stories260K"));
}

#[test]
fn a_recipe_has_the_lines_of_llama_cpp_and_convert_reads_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let (recipe, out) = (folder.path().join("mix.txt"), folder.path().join("out.gguf"));
    let model = asset("stories260K.safetensors");
    let (model, recipe, out) = (model.to_str().unwrap(), recipe.to_str().unwrap(), out.to_str().unwrap());
    let formats = "q4_0,q5_0,q8_0";
    success(&["weights", model, "--budget", "8", "--formats", formats, "--recipe", "-o", recipe]);
    let lines = std::fs::read_to_string(recipe).unwrap();
    let (head, lines) = lines.split_once('\n').unwrap();
    assert!(head.starts_with("# chosen by weight error") && head.contains("does not predict the model"), "{head}");
    assert_eq!(lines.lines().count(), 36);
    for line in lines.lines() {
        let inside = line.strip_prefix("--tensor-type '^").and_then(|l| l.strip_suffix('\'')).unwrap();
        let (name, dtype) = inside.split_once("$=").unwrap();
        assert!(name.starts_with("blk\\.") || name == "token_embd\\.weight", "{line}");
        assert!(["q4_0", "q5_0", "q8_0", "f16"].contains(&dtype), "{line}");
    }
    let by_recipe: Value =
        serde_json::from_str(&success(&["convert", model, "--recipe-file", recipe, "-o", out, "--json"])).unwrap();
    let bytes = std::fs::read(out).unwrap();
    assert!(by_recipe["file_bytes"] == bytes.len() && by_recipe["stand_ins"] == 0);
    let by_budget = ["convert", model, "--budget", "8", "--formats", formats, "-o", out, "--json", "--force"];
    let told: Value = serde_json::from_str(&success(&by_budget)).unwrap();
    // The same bytes; only the recipe's f16 is kept as it is stored.
    assert!(told["file_bytes"].as_u64() <= by_recipe["file_bytes"].as_u64());
    let why = failure(&["convert", model, "--recipe-file", model, "-o", out, "--force"], 1);
    assert!(why.contains("stories260K.safetensors"), "{why}");
}

#[test]
fn what_a_budget_cannot_do_is_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let (theirs, narrow, ours) =
        (folder.path().join("theirs.dat"), folder.path().join("narrow.dat"), folder.path().join("ours.dat"));
    imatrix(&theirs, &[("blk.77.attn_q.weight", 64)]);
    imatrix(&narrow, &[("blk.0.attn_q.weight", 32)]);
    imatrix(&ours, &[("blk.0.attn_q.weight", 64)]);
    let model = asset("stories260K.safetensors");
    let model = model.to_str().unwrap();
    let (out, inner) = (folder.path().join("out.gguf"), folder.path().join("inner.txt"));
    std::fs::create_dir(&inner).unwrap();
    let out = out.to_str().unwrap();
    let [theirs, narrow, ours] = [&theirs, &narrow, &ours].map(|p| p.to_str().unwrap());
    let budget = ["weights", model, "--formats", "int4-g32,int8-g32", "--budget"];
    let cases: [(&[&str], &str); 10] = [
        (&["2"], "at least 4.5"),
        (&["5", "--lock", "*nothing*=int8-g32"], "no tensor matches '*nothing*'"),
        (&["5", "--imatrix", theirs], "made for another model"),
        (&["5", "--imatrix", narrow], "32 columns"),
        (&["5", "--imatrix", model], "importance matrix"),
        (&["5", "--imatrix", "no-such-file"], "there is no such file"),
        (&["5", "--recipe"], "no tensor of this mix"),
        (&["5", "-o", inner.to_str().unwrap()], "it is a folder"),
        (&["5", "--recipe", "-o", "/no/such/folder/x.txt"], "no tensor of this mix"),
        (&["5", "--lock", "*position_ids*=int8-g32"], "no tensor matches"),
    ];
    for (more, words) in cases {
        let message = failure(&[budget.as_slice(), more].concat(), 1);
        let last = message.lines().last().unwrap();
        assert!(last.contains(words), "'{words}' in '{message}'");
    }
    let message = failure(&["convert", model, "--format", "int4-g32", "-o", out], 1);
    assert!(message.contains("GGUF has no type for int4-g32") && message.lines().count() == 1, "{message}");
    for (arguments, words) in [
        (&["convert", model, "-o", out] as &[&str], "--format, --budget or --recipe-file"),
        (&["convert", model, "--formats", "q8_0,q4_0", "-o", out], "need a --budget"),
    ] {
        let message = failure(arguments, 2);
        assert!(message.contains(words) && message.lines().count() == 1, "'{words}' in '{message}'");
    }
    assert!(!std::path::Path::new(out).exists());
    let weighed = success(&[budget.as_slice(), &["5", "--imatrix", ours]].concat());
    assert!(weighed.contains("importance from") && weighed.contains("take no notice"), "{weighed}");
    for arguments in [
        &["weights", model, "--budget", "0"] as &[&str],
        &["weights", model, "--budget", "5", "--lock", "x"],
        &["weights", model, "--lock", "*=q8_0"],
        &["weights", model, "--recipe"],
        &["weights", model, "--budget", "5", "--budget-gb", "1"],
        &["size", "many"],
        &["convert", model],
        &["weights", model, "--json", "--html"],
    ] {
        failure(arguments, 2);
    }
}

#[test]
fn what_is_made_least_can_be_chosen_and_a_mix_by_weight_error_says_what_that_is_worth() {
    let model = asset("stories260K.safetensors");
    let model = model.to_str().unwrap();
    let formats = "int3-g32-clip,int4-g32-clip,int6-g32";
    let budget = ["weights", model, "--budget", "4.6", "--formats", formats];
    let told = |objective: &str| -> Value {
        let arguments = [&budget[..], &["--objective", objective, "--json"]].concat();
        serde_json::from_str(&success(&arguments)).unwrap()
    };
    for objective in ["weight-error", "kl"] {
        let told = told(objective);
        assert_eq!(told["summary"]["objective"], objective);
        let kl = |which: &str| told["summary"]["kl_nats_a_token"][which].as_f64().unwrap();
        assert!(kl("mix") > 0.0 && kl("uniform") > 0.0 && kl("mix_at_the_same_size") > 0.0);
        let (uniform, same) = (&told["summary"]["uniform"], &told["summary"]["mix_at_the_same_size"]);
        assert!(same["bytes"].as_u64() <= uniform["bytes"].as_u64());
        assert!(objective != "kl" || kl("mix_at_the_same_size") < kl("uniform"), "{told}");
    }
    let basis = "chosen by weight error (the squared error of all weights), which does not predict the model";
    for form in [&[][..], &["--markdown"], &["--html"]] {
        let text = success(&[&budget[..], form].concat()).replace("&#39;", "'");
        assert!(text.contains("the model's own predictions") && text.contains(basis), "{text}");
    }
    assert!(!success(&[&budget[..], &["--objective", "kl"]].concat()).contains("does not predict"));
    for objective in ["least", "relative"] {
        failure(&[&budget[..], &["--objective", objective]].concat(), 2);
    }
}

#[test]
fn the_embedding_is_locked_high_by_default_said_and_freed_by_an_option() {
    let model = asset("stories260K.safetensors");
    let model = model.to_str().unwrap();
    let budget = ["weights", model, "--budget", "4.2", "--formats", "int3-g32-clip,int4-g32-clip,int6-g32"];
    let embedding = |more: &[&str]| -> (String, String) {
        let told: Value = serde_json::from_str(&success(&[&budget[..], &["--json"], more].concat())).unwrap();
        let rows = told["tensors"].as_array().unwrap();
        let row = rows.iter().find(|row| row["tensor"].as_str().unwrap().contains("embed")).unwrap();
        ["format", "decided_by"].map(|key| row[key].as_str().unwrap().to_owned()).into()
    };
    assert_eq!(embedding(&[]), ("int6-g32".to_owned(), "locked by default".to_owned()));
    assert_eq!(embedding(&["--lock", "*embed*=int3-g32-clip"]), ("int3-g32-clip".to_owned(), "locked".to_owned()));
    for free in [&["--no-default-locks"][..], &["--objective", "kl"]] {
        assert!(!embedding(free).1.contains("locked"), "{free:?}");
    }
    let text = success(&budget);
    assert!(text.contains("locked high by default") && text.contains("model.embed_tokens.weight = int6-g32"), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let written = [&[][..], &["--no-default-locks"]].map(|free| {
        let out = folder.path().join(format!("{}.safetensors", free.len()));
        success(&[&["convert"], &budget[1..], &["-o", out.to_str().unwrap()], free].concat());
        std::fs::read(out).unwrap()
    });
    assert_ne!(written[0], written[1], "convert has the same locks");
}

#[test]
fn a_budget_that_cannot_be_met_is_refused_before_anything_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("large.safetensors");
    // A header alone, with data that is a hole: to measure it would take minutes.
    let values = 1u64 << 30;
    let header = format!(
        r#"{{"a.weight":{{"dtype":"BF16","shape":[{},4096],"data_offsets":[0,{}]}}}}"#,
        values / 4096,
        values * 2
    );
    let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat();
    std::fs::write(&model, &bytes).unwrap();
    let file = std::fs::File::options().write(true).open(&model).unwrap();
    file.set_len(bytes.len() as u64 + values * 2).unwrap();
    let out = folder.path().join("out.gguf");
    let (model, out) = (model.to_str().unwrap(), out.to_str().unwrap());
    let budget = ["--budget", "2", "--formats", "q4_k+,q6_k+"];
    for command in [&["weights", model][..], &["convert", model, "-o", out]] {
        let why = failure(&[command, &budget].concat(), 1);
        assert!(why.contains("under the floor") && why.contains("at least 4.500 bits"), "{why}");
        assert!(!why.contains("measuring"), "{why}");
    }
}

/// Ctrl-C in the middle of a long conversion: a status of its own, one line, and nothing in the folder.
#[cfg(unix)]
#[test]
fn an_interrupted_conversion_leaves_nothing_behind() {
    use std::process::Stdio;
    use std::time::{Duration, Instant};
    let folder = tempfile::tempdir().unwrap();
    let (model, out) = (folder.path().join("large.safetensors"), folder.path().join("out"));
    std::fs::create_dir(&out).unwrap();
    let values: Vec<f32> = (0..4096 * 4096).map(|i| (i as f32 * 0.37).sin()).collect();
    std::fs::write(&model, one_tensor("a.weight", &[4096, 4096], &values).unwrap()).unwrap();
    for (signal, ending) in [("INT", "mix.safetensors"), ("TERM", "mix.safetensors")] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_quantscope"))
            .args(["convert", model.to_str().unwrap(), "--format", "ec3.5-trellis", "-o"])
            .arg(out.join(ending))
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while std::fs::read_dir(&out).unwrap().next().is_none() {
            assert!(
                start.elapsed() < Duration::from_secs(60) && child.try_wait().unwrap().is_none(),
                "it has not begun"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        let sent = Instant::now();
        assert!(Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap().success());
        let finished = child.wait_with_output().unwrap();
        assert_eq!(finished.status.code(), Some(130), "{signal}");
        assert_eq!(text(&finished.stderr), "quantscope: stopped; what was begun is not there\n");
        assert!(sent.elapsed() < Duration::from_secs(5), "{:?}", sent.elapsed());
        assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0, "{signal}");
    }
}
