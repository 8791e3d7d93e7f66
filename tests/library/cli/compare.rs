//! `quantscope compare`: pictures that are there, measured as reductions are.

use serde_json::Value;

use super::{asset, failure, quantscope, success, text};

#[test]
fn a_file_of_our_own_is_measured_in_the_words_and_figures_of_its_reduction() {
    let folder = tempfile::tempdir().unwrap();
    let (photo, out) = (asset("parrots.png"), folder.path().join("ours.png"));
    let (photo, ours) = (photo.to_str().unwrap(), out.to_str().unwrap());
    let of_image = ["image", photo, "-n", "16", "--dither", "sierra", "-o", ours, "--quick", "--json"];
    let reduced: Value = serde_json::from_str(&success(&of_image)).unwrap();
    let compared: Value = serde_json::from_str(&success(&["compare", photo, ours, "--json"])).unwrap();
    let own = ["png", "png_bytes", "png_bytes_before_packing", "png_against_file_percent", "original_png_bytes"];
    let own = [&own[..], &["png_ratio", "written_bytes", "quantize_ms"]].concat();
    let settings = ["method", "space", "dither", "dither_strength", "serpentine", "linear"];
    for (key, value) in reduced.as_object().unwrap().iter().filter(|(key, _)| !own.contains(&key.as_str())) {
        let is_setting = settings.contains(&key.as_str());
        let expected = if is_setting { &Value::Null } else { value };
        assert_eq!(compared[key], *expected, "{key}");
    }
    assert_eq!(compared["candidate"], "ours.png");
    assert_eq!(compared["candidate_bytes"], std::fs::metadata(&out).unwrap().len());
    assert_eq!(compared["candidate_against_file_percent"], reduced["png_against_file_percent"]);
}

#[test]
fn several_candidates_are_a_table_with_a_line_each_and_a_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let (photo, sheet) = (asset("parrots.png"), folder.path().join("sheet.png"));
    let theirs = folder.path().join("theirs.jpg");
    image::open(&photo).unwrap().into_rgb8().save(&theirs).unwrap();
    let (photo, theirs, sheet) = (photo.to_str().unwrap(), theirs.to_str().unwrap(), sheet.to_str().unwrap());
    let table = success(&["compare", photo, theirs, photo, "--sheet", sheet]);
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("parrots.png: 768 x 512 pixels"), "{table}");
    assert!(lines[2].starts_with("theirs.jpg") && lines[3].starts_with("parrots.png"), "{table}");
    assert!(lines[3].contains("inf") && lines[3].ends_with("±0 %"), "the same file is exact and as large: {table}");
    assert!(image::open(sheet).unwrap().width() > 2 * 768);
    assert!(failure(&["compare", photo, theirs, "--sheet", sheet], 1).contains("--force"));
}

#[test]
fn what_cannot_be_compared_is_refused_and_the_others_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (photo, model) = (asset("parrots.png"), asset("stories260K.safetensors"));
    let (photo, model) = (photo.to_str().unwrap(), model.to_str().unwrap());
    let small = folder.path().join("small.png");
    image::RgbImage::new(384, 256).save(&small).unwrap();
    for pair in [[photo, model], [model, photo]] {
        assert!(failure(&["compare", pair[0], pair[1]], 1).contains("only pictures can be compared so far"));
    }
    let out = quantscope(&["compare", photo, small.to_str().unwrap(), photo]);
    let (table, refused) = (text(&out.stdout), text(&out.stderr));
    assert_eq!((out.status.code(), table.lines().count()), (Some(1), 3), "{table}");
    assert!(refused.contains("small.png is 384 × 256 pixels and parrots.png is 768 × 512"), "{refused}");
    failure(&["compare", photo], 2);
}
