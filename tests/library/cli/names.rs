//! Names and files: which endings are written, what is replaced, and what a written file is compared with.

use std::path::Path;

use quantscope::export::destination::listed_endings;
use quantscope::export::exporters::{DOCUMENTS, PICTURES, TABLES};
use serde_json::Value;

use super::{asset, failure, success};

/// A command, its option for a file, names that it must refuse, and the endings that it must name.
type Case<'a> = (&'a [&'a str], Vec<&'a str>, &'a [&'a str], &'a str);

#[test]
fn an_ending_that_is_not_written_is_refused_wherever_something_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let [photo, model] = ["parrots.png", "stories260K.safetensors"].map(asset);
    let [photo, model] = [photo.to_str().unwrap(), model.to_str().unwrap()];
    let image: &[&str] = &["image", photo, "-n", "4", "--quick"];
    let weights: &[&str] = &["weights", model, "--format", "q8_0", "-t", "*norm*"];
    let with = |first: &[&'static str]| first.to_vec();
    let pictures = listed_endings(PICTURES.iter().map(|kind| kind.ending));
    let (tables, documents) = (TABLES.iter().map(|kind| kind.ending), DOCUMENTS.iter().map(|kind| kind.ending));
    let reports = listed_endings(["txt"].into_iter().chain(tables.clone()).chain(documents));
    let tables = listed_endings(["txt"].into_iter().chain(tables));
    let cases: [Case<'_>; 11] = [
        (image, with(&["-o"]), &["x.jpg", "x.bmp", "x", "x.png.tmp"], &pictures),
        (image, with(&["--sheet"]), &["x.jpg", "x.gif", "x"], ".png"),
        (image, with(&["--save-palette"]), &["x.txt", "x.gif", "x"], ".gpl"),
        (weights, with(&["-o"]), &["x.xlsx", "x", "x.svg"], &reports),
        (weights, with(&["--json", "-o"]), &["x.csv", "x.txt", "x"], ".json"),
        (weights, with(&["--csv", "-o"]), &["x.json", "x.html"], ".csv"),
        (weights, with(&["--html", "-o"]), &["x.md"], ".html"),
        (weights, with(&["--markdown", "-o"]), &["x.html"], ".md"),
        (&["weights", model, "--stats"], with(&["-o"]), &["x.html", "x.md"], &tables),
        (&["weights", model, "--budget", "8"], with(&["--recipe", "-o"]), &["x.gguf"], ".txt"),
        (&["convert", model, "-f", "q8_0"], with(&["-o"]), &["x.bin", "x", "x.pt"], ".gguf or .safetensors"),
    ];
    for (command, option, names, endings) in cases {
        for name in names {
            let path = folder.path().join(name);
            let why = failure(&[command, option.as_slice(), &[path.to_str().unwrap()]].concat(), 2);
            assert!(why.contains(endings) && why.contains(name) && why.lines().count() == 1, "{why}");
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_ending_alone_says_the_form_of_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let model = asset("stories260K.safetensors");
    let written = |name: &str| {
        let path = folder.path().join(name);
        success(&["weights", model.to_str().unwrap(), "-f", "q8_0", "-t", "*q_proj*", "-o", path.to_str().unwrap()]);
        std::fs::read_to_string(path).unwrap()
    };
    assert!(written("a.csv").starts_with("tensor,shape,"));
    assert!(serde_json::from_str::<Vec<Value>>(&written("a.JSON")).is_ok());
    assert!(written("a.md").starts_with("# ") && written("a.html").starts_with("<!doctype html>"));
    assert!(written("a.txt").starts_with("tensor  "));
}

/// The sample photo and model as files of one's own.
fn inputs(folder: &Path) -> [std::path::PathBuf; 2] {
    ["parrots.png", "stories260K.safetensors"].map(|name| {
        let path = folder.join(name);
        std::fs::copy(asset(name), &path).unwrap();
        path
    })
}

#[test]
fn no_file_is_replaced_unless_that_is_asked_for_the_input_least_of_all() {
    let folder = tempfile::tempdir().unwrap();
    let [photo, model] = inputs(folder.path());
    let at = |name: &str| folder.path().join(name);
    for name in ["old.png", "old.gpl", "old.csv", "old.gguf"] {
        std::fs::write(at(name), b"old").unwrap();
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&photo, at("link.png")).unwrap();
        std::fs::hard_link(&model, at("hard.safetensors")).unwrap();
    }
    let [photo_name, model_name] = [photo.to_str().unwrap(), model.to_str().unwrap()];
    let image: &[&str] = &["image", photo_name, "-n", "4", "--quick"];
    let weights: &[&str] = &["weights", model_name, "-f", "q8_0", "-t", "*norm*"];
    let convert: &[&str] = &["convert", model_name, "-f", "q8_0"];
    for (command, option, name) in [
        (image, "-o", "parrots.png"),
        (image, "-o", "old.png"),
        (image, "--sheet", "parrots.png"),
        (image, "--save-palette", "old.gpl"),
        (weights, "-o", "old.csv"),
        (convert, "-o", "stories260K.safetensors"),
        (convert, "-o", "old.gguf"),
        #[cfg(unix)]
        (image, "-o", "link.png"),
        #[cfg(unix)]
        (convert, "-o", "hard.safetensors"),
    ] {
        let before = std::fs::read(at(name)).unwrap();
        let why = failure(&[command, &[option, at(name).to_str().unwrap()]].concat(), 1);
        assert!(why.contains("--force") && why.contains(name) && why.lines().count() == 1, "{why}");
        assert!(std::fs::read(at(name)).unwrap() == before, "{name}");
    }
    // Asked for, a model is written over the file that it is read from, and is whole.
    let out = at("other.safetensors");
    success(&[convert, &["-o", out.to_str().unwrap()]].concat());
    success(&[convert, &["-o", model_name, "--force"]].concat());
    assert!(std::fs::read(&model).unwrap() == std::fs::read(&out).unwrap());
    success(&[image, &["-o", photo_name, "--force"]].concat());
    let colors = image::open(&photo).unwrap().into_rgb8().pixels().copied().collect::<std::collections::HashSet<_>>();
    assert_eq!(colors.len(), 4);
}

#[test]
fn two_results_do_not_go_into_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let (photo, out) = (asset("parrots.png"), folder.path().join("a.png"));
    let out = out.to_str().unwrap();
    let why = failure(&["image", photo.to_str().unwrap(), "-n", "4", "-o", out, "--sheet", out], 2);
    assert!(why.contains("a.png") && why.contains("two of the results"), "{why}");
}

#[test]
fn a_size_is_told_against_the_users_own_file_in_both_directions() {
    let folder = tempfile::tempdir().unwrap();
    let picture = image::open(asset("parrots.png")).unwrap().into_rgb8();
    let (small, large) = (folder.path().join("small.jpg"), folder.path().join("large.bmp"));
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 30).encode_image(&picture).unwrap();
    std::fs::write(&small, &jpeg).unwrap();
    picture.save(&large).unwrap();
    for (path, grows) in [(&small, true), (&large, false)] {
        let arguments = ["image", path.to_str().unwrap(), "-n", "64", "--quick"];
        let told: Value = serde_json::from_str(&success(&[&arguments[..], &["--json"]].concat())).unwrap();
        let file = std::fs::metadata(path).unwrap().len();
        assert_eq!(told["file_bytes"], file);
        let percent = (told["png_bytes"].as_f64().unwrap() / file as f64 - 1.0) * 100.0;
        assert!((told["png_against_file_percent"].as_f64().unwrap() - percent).abs() < 1e-9);
        assert_eq!(percent > 0.0, grows, "{told}");
        let text = success(&arguments);
        let name = path.file_name().unwrap().to_str().unwrap();
        let sign = if grows { "+" } else { "−" };
        let line = text.lines().find(|line| line.contains("against file")).unwrap();
        assert!(line.contains(sign) && line.contains(name) && line.contains(&file.to_string()), "{line}");
        assert!(text.contains("24-bit PNG"), "what is no file of the user's is named: {text}");
    }
}

/// llama.cpp's older layout, with one matrix of 64 columns that differ in weight.
fn imatrix(path: &Path, name: &str) {
    let mut bytes = 1i32.to_le_bytes().to_vec();
    bytes.extend((name.len() as i32).to_le_bytes());
    bytes.extend(name.as_bytes());
    bytes.extend([1i32, 64].map(i32::to_le_bytes).as_flattened());
    (0..64).for_each(|c| bytes.extend((if c % 2 == 0 { 1000.0f32 } else { 0.001 }).to_le_bytes()));
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn an_importance_matrix_is_heeded_or_refused_and_never_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let (model, given) = (asset("stories260K.safetensors"), folder.path().join("i.dat"));
    imatrix(&given, "blk.0.attn_q.weight");
    let (model, given) = (model.to_str().unwrap(), given.to_str().unwrap());
    let convert = |format: &str, name: &str| {
        let out = folder.path().join(name).to_str().unwrap().to_owned();
        ["convert", model, "-f", format, "-o", &out].map(str::to_owned).to_vec()
    };
    let with = |arguments: &[String], more: &[&str]| -> Vec<String> {
        arguments.iter().cloned().chain(more.iter().map(|s| (*s).to_owned())).collect()
    };
    fn all(arguments: &[String]) -> Vec<&str> {
        arguments.iter().map(String::as_str).collect()
    }
    let why = failure(&all(&with(&convert("q4_0", "refused.gguf"), &["--imatrix", given])), 1);
    assert!(why.contains("would change nothing") && why.contains("q4_0") && why.contains("q4_k+"), "{why}");
    assert!(why.lines().count() == 1 && !folder.path().join("refused.gguf").exists(), "{why}");
    success(&all(&convert("q4_0+", "plain.gguf")));
    let told = success(&all(&with(&convert("q4_0+", "weighed.gguf"), &["--imatrix", given, "--json"])));
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["tensors_by_importance"], 1);
    let [plain, weighed] = ["plain.gguf", "weighed.gguf"].map(|name| std::fs::read(folder.path().join(name)).unwrap());
    assert!(plain.len() == weighed.len() && plain != weighed);
    let text = success(&all(&with(&convert("q4_0+", "text.gguf"), &["--imatrix", given])));
    assert!(text.contains("heeded in encoding 1 of the"), "{text}");
    let why = failure(&["weights", model, "-f", "q4_0", "-t", "*norm*", "--imatrix", given], 1);
    assert!(why.contains("would change nothing") && why.lines().count() == 1, "{why}");
    // A budget is spent by the weighed errors: there it always has an effect.
    let out = folder.path().join("mix.gguf");
    let budget = ["convert", model, "--budget", "8", "--formats", "q4_0,q8_0", "-o", out.to_str().unwrap()];
    assert!(success(&[&budget[..], &["--imatrix", given]].concat()).contains("in choosing their formats"));
}

#[test]
fn the_error_of_a_conversion_is_told_for_both_kinds_of_file() {
    let folder = tempfile::tempdir().unwrap();
    let model = asset("stories260K.safetensors");
    let told = |name: &str, more: &[&str]| -> f64 {
        let out = folder.path().join(name);
        let arguments = ["convert", model.to_str().unwrap(), "-f", "q4_0", "-o", out.to_str().unwrap(), "--force"];
        let text = success(&[&arguments[..], more].concat());
        let json: Value = serde_json::from_str(&success(&[&arguments[..], more, &["--json"]].concat())).unwrap();
        let db = json["sqnr_db"].as_f64().unwrap();
        assert!(text.contains(&format!("{db:.2} dB SQNR")), "{text}");
        db
    };
    let (gguf, floats) = (told("a.gguf", &[]), told("a.safetensors", &[]));
    assert!(gguf > 15.0 && gguf < 30.0 && floats > 15.0 && floats < 30.0, "{gguf} {floats}");
    // Eight bits of mantissa are part of the error, too.
    assert_ne!(told("b.safetensors", &["--dtype", "bf16"]), floats);
}
