use std::path::PathBuf;

use eframe::egui::{Rect, pos2, vec2};
use quantscope::view::photo::destination::Destination;
use quantscope::view::shell::dropping::{destination, promise};

#[test]
fn a_palette_goes_to_the_pane_that_was_hit_and_to_none_that_was_not() {
    let pane = |left: f32| Rect::from_min_size(pos2(left, 100.0), vec2(300.0, 400.0));
    // A pane has two places: its picture, and its palette below.
    let places = [(0, pane(300.0)), (1, pane(610.0)), (0, Rect::from_min_size(pos2(300.0, 520.0), vec2(300.0, 90.0)))];
    assert_eq!(destination(Some(pos2(400.0, 200.0)), &places), Destination::Pane(0));
    assert_eq!(destination(Some(pos2(400.0, 530.0)), &places), Destination::Pane(0));
    assert_eq!(destination(Some(pos2(700.0, 200.0)), &places), Destination::Pane(1));
    assert_eq!(destination(Some(pos2(20.0, 200.0)), &places), Destination::Ask);
    assert_eq!(destination(None, &places), Destination::Ask);
    assert_eq!(destination(Some(pos2(400.0, 200.0)), &[]), Destination::Ask);
}

#[test]
fn the_veil_promises_only_what_the_names_tell() {
    let promise = |names: &[&str]| promise(&names.iter().map(PathBuf::from).collect::<Vec<_>>());
    assert_eq!(promise(&["a/B.JPG"]), ("Drop to open", vec!["B.JPG: a photo".to_owned()]));
    assert_eq!(promise(&["m.gguf", "notes.pdf"]).0, "Drop to open");
    let (heading, lines) = promise(&["notes.pdf", "a.zip"]);
    assert_eq!(heading, "This will hardly open");
    assert_eq!(lines[0], "notes.pdf: by its name no photo, model, palette or lesson");
    assert_eq!(promise(&["holiday"]).0, "Drop to open", "it may be a folder");
    assert!(
        promise(&["a.gpl"]).0.starts_with("Drop onto the pane") && promise(&["a.gpl", "b.png"]).0 == "Drop to open"
    );
    let many = promise(&["a.png"; 11]).1;
    assert_eq!((many.len(), many[8].as_str()), (9, "and 3 more"));
}
