//! The lists of rows: each row is found by what it says of itself.

use std::path::Path;

use quantscope::engine::control::Control;
use quantscope::export::destination::find;
use quantscope::export::document::Document;
use quantscope::export::exporters::{DOCUMENTS, PICTURES, TABLES};
use quantscope::export::packed::{PngFile, Reduced};
use quantscope::export::table::Table;
use quantscope::palette::{Evidence, FileKind, NamedPalette};
use quantscope::picture::{Picture, png};
use quantscope::source::family::Family;
use quantscope::source::formats::{FORMATS, evidence};
use quantscope::source::palette;

#[test]
fn each_fixture_is_told_by_its_content_as_what_it_is_and_each_format_has_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["tests/fixtures", "tests/fixtures/photos", "tests/fixtures/decoding", "assets"];
    let mut seen = Vec::new();
    for path in folders.iter().flat_map(|f| root.join(f).read_dir().unwrap()).map(|entry| entry.unwrap().path()) {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        // An index of shards is JSON, and not all JSON is one.
        let own = FORMATS.iter().find(|f| f.endings.contains(&&*ending)).filter(|_| ending != "json");
        let Some(own) = own else { continue };
        let (evidence, format) = evidence(&std::fs::read(&path).unwrap(), "no name").unwrap();
        assert!(format.name == own.name && evidence > Evidence::Named, "{}: {}", path.display(), format.name);
        seen.push(own.name);
    }
    assert!(FORMATS.iter().all(|format| seen.contains(&format.name)), "{seen:?}");
}

/// Each leads to its own place in the list.
fn must_be_found(endings: &[&'static str]) {
    for (place, ending) in endings.iter().enumerate() {
        let name = format!("a.b/name.{}", ending.to_uppercase());
        assert_eq!(find(Path::new(&name), "it", endings.iter().copied().zip(0..)), Ok(place), "{endings:?}");
    }
}

#[test]
fn an_exporters_ending_leads_to_it_and_no_two_of_a_list_write_the_same() {
    must_be_found(&PICTURES.iter().map(|kind| kind.ending).collect::<Vec<_>>());
    must_be_found(&TABLES.iter().map(|kind| kind.ending).collect::<Vec<_>>());
    must_be_found(&DOCUMENTS.iter().map(|kind| kind.ending).collect::<Vec<_>>());
    must_be_found(&FileKind::written().map(|kind| kind.ending).collect::<Vec<_>>());
    let control = Control::unwatched();
    let picture = Picture::new_indexed(2, 1, vec![0, 1], vec![[1, 2, 3, 255], [4, 5, 6, 255]]);
    let png = PngFile::quick(png::of_picture(&picture, &control).unwrap());
    let reduced = Reduced { picture: picture.into(), png, pack: true };
    let pictures = PICTURES.iter().map(|kind| (kind.write)(&reduced, &control).unwrap().to_vec()).collect::<Vec<_>>();
    let tables = TABLES.iter().map(|kind| (kind.write)(&Table::default()).into_bytes()).collect::<Vec<_>>();
    let documents = DOCUMENTS.iter().map(|kind| (kind.write)(&Document::default()).into_bytes()).collect::<Vec<_>>();
    for mut files in [pictures, tables, documents] {
        let count = files.len();
        files.sort();
        files.dedup();
        assert_eq!(files.len(), count);
    }
}

#[test]
fn every_palette_that_is_written_is_opened_as_one_whatever_the_case_of_its_ending() {
    let colors = vec![[1, 2, 3, 255], [200, 100, 50, 255], [9, 9, 9, 255]];
    let folder = tempfile::tempdir().unwrap();
    for kind in FileKind::written() {
        let path = folder.path().join(format!("three.{}", kind.ending.to_uppercase()));
        std::fs::write(&path, kind.write(&NamedPalette::new("three", colors.clone())).unwrap()).unwrap();
        assert_eq!(Family::of(&path), Some(Family::Palette), "{}", kind.label);
        assert_eq!(palette::open(&path).unwrap().colors(), colors, "{}", kind.label);
    }
    assert_eq!(Family::of(Path::new("/nonexistent/a.gpl")), Some(Family::Palette));
    assert_eq!(Family::of(Path::new("/nonexistent/a.png")), None);
}
