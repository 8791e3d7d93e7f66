//! Several photos in one run.

use std::fs;
use std::path::Path;

use super::{asset, failure, quantscope, success, text};

/// A small copy of the sample, in so many colours.
fn photo(folder: &Path, name: &str) -> String {
    let path = folder.join(name);
    let small = image::open(asset("parrots.png")).unwrap().thumbnail_exact(48, 32);
    small.save(&path).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn of_a_folder_of_a_thousand_files_the_three_photos_are_reduced_and_the_others_counted() {
    let folder = tempfile::tempdir().unwrap();
    let photos = folder.path().join("photos");
    fs::create_dir(&photos).unwrap();
    for i in 0..997 {
        fs::write(photos.join(format!("{i}.txt")), "a note").unwrap();
    }
    for name in ["a.png", "b.jpg"] {
        photo(&photos, name);
    }
    // What it is, its content says.
    fs::copy(photo(folder.path(), "c.bmp"), photos.join("no ending")).unwrap();
    let out = folder.path().join("deep/out/");
    let told = success(&["image", photos.to_str().unwrap(), "-n", "8", "-o", &format!("{}/", out.display())]);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 4, "{told}");
    assert!(lines[0].starts_with("a.png: SSIMULACRA2 ") && lines[0].contains(" bytes, "), "{told}");
    assert!(lines[3].starts_with("3 photos: ") && lines[3].ends_with("; 997 other files passed over"), "{told}");
    for name in ["a-8.png", "b-8.png", "no ending-8.png"] {
        assert_eq!(image::open(out.join(name)).unwrap().width(), 48, "{name}");
    }
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    fs::write(empty.join("notes.txt"), "a note").unwrap();
    let message = failure(&["image", empty.to_str().unwrap(), "-n", "8"], 1);
    assert!(message.contains("none of the 1 files in it is a photo"), "{message}");
}

#[test]
fn the_total_counts_bytes_and_failures() {
    let folder = tempfile::tempdir().unwrap();
    let (good, bad) = (photo(folder.path(), "good.png"), folder.path().join("bad.png"));
    fs::write(&bad, "no picture").unwrap();
    let run = quantscope(&["image", &good, bad.to_str().unwrap(), "-n", "4"]);
    let (told, message) = (text(&run.stdout), text(&run.stderr));
    assert_eq!(run.status.code(), Some(1));
    assert!(message.contains("bad.png") && message.lines().count() == 1, "{message}");
    let total = told.lines().last().unwrap();
    let before = format!("1 photo: {} to ", fs::metadata(&good).unwrap().len());
    assert!(total.starts_with(&before) && total.ends_with("; 1 failed"), "{told}");
    let all = success(&["image", &good, &good, "-n", "4", "--verbose"]);
    assert_eq!(all.matches("ΔE2000").count(), 2, "{all}");
    let json = success(&["image", &good, &good, "-n", "4", "--json"]);
    assert!(json.lines().count() == 2 && json.lines().all(|line| line.starts_with('{')), "{json}");
}

#[test]
fn the_photo_itself_is_replaced_only_where_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let photo = photo(folder.path(), "photo.png");
    let before = fs::read(&photo).unwrap();
    let message = failure(&["image", &photo, "-n", "4", "-o", &photo], 1);
    assert!(message.contains("--force") && fs::read(&photo).unwrap() == before, "{message}");
    success(&["image", &photo, "-n", "4", "-o", &photo, "--force"]);
    assert_ne!(fs::read(&photo).unwrap(), before);
}

#[test]
fn what_is_no_smaller_than_the_photo_is_not_written_where_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let photo = photo(folder.path(), "photo.png");
    let (small, again) = (folder.path().join("small.png"), folder.path().join("again.png"));
    let arguments = |from: &str, to: &Path, colors: &str| {
        success(&["image", from, "-n", colors, "--skip-if-larger", "-o", to.to_str().unwrap()])
    };
    arguments(&photo, &small, "4");
    assert!(small.exists());
    let told = arguments(small.to_str().unwrap(), &again, "256");
    assert!(told.contains("not written") && !again.exists(), "{told}");
    failure(&["image", &photo, "-n", "4", "--skip-if-larger"], 2);
}
