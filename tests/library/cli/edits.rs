//! What is done to photos before they are reduced.

use serde_json::Value;

use super::{asset, failure, success};

fn figures(arguments: &[&str]) -> Value {
    let photo = asset("parrots.png");
    let all = [&["image", photo.to_str().unwrap(), "--json"], arguments].concat();
    serde_json::from_str(&success(&all)).unwrap()
}

#[test]
fn a_photo_is_cut_and_resized_before_it_is_reduced_and_the_figures_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("sprite.png");
    let edits = ["--crop", "10:9", "--resize", "160x144", "--pixelate", "4", "--levels", "10,240,1.2"];
    let told = figures(&[&edits[..], &["--colours", "4", "-o", out.to_str().unwrap()]].concat());
    assert_eq!((&told["width"], &told["height"], &told["colors"]), (&160.into(), &144.into(), &4.into()));
    assert_eq!(told["edits"]["resize"], "160x144");
    let note = told["notes"].as_array().unwrap().iter().filter_map(Value::as_str).find(|n| n.starts_with("edited"));
    assert!(
        note.is_some_and(|n| n.contains("cut to 568 × 512 pixels") && n.contains("against the edited picture")),
        "{told}"
    );
    let file = image::open(&out).unwrap().into_rgb8();
    assert_eq!(file.dimensions(), (160, 144));
    let is_block = |(x, y, p): (u32, u32, &image::Rgb<u8>)| p == file.get_pixel(x / 4 * 4, y / 4 * 4);
    assert!(file.enumerate_pixels().all(is_block));
    assert_eq!(figures(&["-n", "4"])["edits"], Value::Null);
}

#[test]
fn edits_that_leave_nothing_are_refused_by_the_name_of_the_file() {
    let photo = asset("parrots.png");
    let photo = photo.to_str().unwrap();
    for (option, value, words) in [
        ("--crop", "700,0,100x100", "is not within its 768 × 512 pixels"),
        ("--resize", "0x10", "nothing left"),
        ("--resize", "100000x100000", "too large"),
    ] {
        let message = failure(&["image", photo, "-n", "4", option, value], 1);
        assert!(message.contains("parrots.png") && message.contains(words), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
    for (option, value) in [("--crop", "middle"), ("--resize", "800"), ("--levels", "9"), ("--pixelate", "1")] {
        failure(&["image", photo, "-n", "4", option, value], 2);
    }
}
