//! The command line, run as a program; a file a subject, and here what all of it has in common.

mod batch;
mod budget;
mod compare;
mod demo;
mod edits;
mod image;
mod names;
mod weights;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn asset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name)
}

fn quantscope(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_quantscope")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Standard output of a run that must succeed.
fn success(arguments: &[&str]) -> String {
    let out = quantscope(arguments);
    assert_eq!(out.status.code(), Some(0), "{arguments:?}: {}", text(&out.stderr));
    text(&out.stdout)
}

/// The one line on standard error of a run that must fail with a status.
fn failure(arguments: &[&str], status: i32) -> String {
    let out = quantscope(arguments);
    assert_eq!(out.status.code(), Some(status), "{arguments:?}");
    text(&out.stderr)
}

#[test]
fn formats_version_and_help_are_told() {
    let formats: Vec<Value> = serde_json::from_str(&success(&["formats", "--json"])).unwrap();
    let model = asset("stories260K.safetensors");
    let mut arguments = vec!["weights", model.to_str().unwrap(), "--tensor", "*norm*", "--json"];
    // Those that are only read have no encoder.
    let (only, written): (Vec<&Value>, Vec<&Value>) = formats.iter().partition(|row| row["encoder"].is_null());
    assert!(only.len() == 7 && only.iter().all(|row| row["name"].as_str().unwrap().starts_with("iq")));
    let names = written.iter().map(|row| row["name"].as_str().unwrap());
    arguments.extend(names.clone().flat_map(|name| ["--format", name]));
    let measured: Vec<Value> = serde_json::from_str(&success(&arguments)).unwrap();
    for name in names {
        assert!(measured.iter().any(|row| row["format"] == name && row["sqnr_db"].as_f64() > Some(0.0)), "{name}");
    }
    assert!(success(&["formats"]).contains("nf4"));
    assert!(success(&["--version"]).starts_with("quantscope "));
    let help = success(&["--help"]);
    assert!(help.contains("Examples:") && help.contains("quantscope image photo.jpg"), "{help}");
}

#[test]
fn bad_input_ends_with_1_and_one_line_that_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let text_file = folder.path().join("notes.png");
    std::fs::write(&text_file, "not a picture").unwrap();
    let photo = asset("parrots.png");
    let (photo, notes) = (photo.to_str().unwrap(), text_file.to_str().unwrap());
    let model = asset("stories260K.safetensors");
    let model = model.to_str().unwrap();
    let nowhere = folder.path().join("no/such/folder/out.png");
    let cases: [(&[&str], &str); 7] = [
        (&["image", "missing.png", "--colors", "4"], "missing.png"),
        (&["image", notes, "--colors", "4"], "notes.png"),
        (&["image", model, "--colors", "4"], "quantscope weights"),
        (&["image", photo, "--colors", "4", "-o", nowhere.to_str().unwrap()], "out.png"),
        (&["weights", photo], "quantscope image"),
        (&["weights", model, "--tensor", "nothing*"], "no tensor matches 'nothing*'"),
        (&["weights", folder.path().to_str().unwrap()], "folder"),
    ];
    for (arguments, words) in cases {
        let message = failure(arguments, 1);
        assert!(message.contains(words), "'{words}' in '{message}'");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn bad_usage_ends_with_2() {
    for arguments in [
        &["image", "x.png", "--colors", "1"] as &[&str],
        &["image", "x.png", "--colors", "257"],
        &["image", "x.png"],
        &["image", "x.png", "--colors", "4", "--method", "magic"],
        &["weights", "x.safetensors", "--format", "int9-row"],
        &["weights", "x.safetensors", "--json", "--csv"],
        &["--no-such-option"],
    ] {
        failure(arguments, 2);
    }
}
