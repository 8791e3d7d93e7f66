use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use quantscope::engine::control::{Control, Failure, Stopped};
use quantscope::export::batch::{Batch, Item, Outcome};
use quantscope::export::packed::PNG;
use quantscope::picture::image::Image;
use quantscope::source::photo::Photo;
use quantscope::spec::FittedPalette;

fn item(stem: &str, red: u8) -> Item {
    let rgba = (0..32 * 16).map(|i| [red, (i % 32 * 8) as u8, (i / 32 * 16) as u8, 255]).collect();
    let image = Arc::new(Image::new(32, 16, rgba));
    let photo = Photo {
        name: stem.to_owned(),
        path: None,
        file_bytes: 999,
        format: "PNG",
        image,
        notes: Vec::new(),
        edits: Default::default(),
        palette: Default::default(),
    };
    let photo = Arc::new(photo);
    Item {
        name: stem.to_owned(),
        read: Box::new(move |_| Ok(photo.clone())),
        spec: FittedPalette::new(4).into(),
        stem: stem.to_owned(),
    }
}

fn batch(folder: &Path, items: Vec<Item>) -> Batch {
    Batch { items, kind: &PNG, folder: folder.to_owned(), sources: Vec::new(), replace: false }
}

fn outcomes(batch: &Batch) -> Vec<Outcome> {
    let told = Mutex::new(Vec::new());
    batch.write(&|outcome| told.lock().unwrap().push(outcome), &Control::unwatched()).unwrap();
    told.into_inner().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn each_is_written_under_a_name_of_its_own_into_a_folder_that_is_made() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("new/reduced");
    let told = outcomes(&batch(&folder, vec![item("a-4", 10), item("b-4", 20), item("a-4", 30)]));
    assert_eq!(names(&folder), ["a-4 2.png", "a-4.png", "b-4.png"]);
    let length = |name: &str| fs::metadata(folder.join(name)).unwrap().len();
    let bytes = ["a-4.png", "b-4.png", "a-4 2.png"].map(length);
    assert_eq!(told, bytes.map(|bytes| Outcome::Written { source_bytes: 999, bytes }));
    // The second of a name is the third that was asked for.
    assert_eq!(image::open(folder.join("a-4 2.png")).unwrap().into_rgb8().get_pixel(0, 0).0[0], 30);
}

#[test]
fn one_that_cannot_be_read_is_named_and_the_others_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let broken = Item { read: Box::new(|_| Err(Failure::Message("it is damaged".to_owned()))), ..item("broken", 0) };
    let told = outcomes(&batch(folder.path(), vec![item("a", 10), broken, item("b", 20)]));
    assert_eq!(told[1], Outcome::Failed("broken: it is damaged".to_owned()));
    assert_eq!(names(folder.path()), ["a.png", "b.png"]);
}

#[test]
fn where_a_file_is_there_nothing_is_written_until_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("b.png"), b"old").unwrap();
    let mut batch = batch(folder.path(), vec![item("a", 10), item("b", 20)]);
    let taken = fs::canonicalize(folder.path().join("b.png")).unwrap();
    assert_eq!(outcomes(&batch), [Outcome::Taken(vec![taken])]);
    assert_eq!(names(folder.path()), ["b.png"]);
    batch.replace = true;
    assert_eq!(outcomes(&batch).len(), 2);
    assert!(fs::read(folder.path().join("b.png")).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn a_photo_is_never_written_over_by_its_own_batch() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("a.png");
    fs::write(&source, b"the photo").unwrap();
    let batch = Batch { sources: vec![source.clone()], replace: true, ..batch(folder.path(), vec![item("a", 10)]) };
    assert!(matches!(outcomes(&batch)[..], [Outcome::Written { .. }]));
    assert_eq!(fs::read(&source).unwrap(), b"the photo");
    assert_eq!(names(folder.path()), ["a 2.png", "a.png"]);
}

#[test]
fn a_stop_leaves_whole_files_alone() {
    let folder = tempfile::tempdir().unwrap();
    let stop = AtomicBool::new(false);
    let batch = batch(folder.path(), vec![item("a", 10), item("b", 20)]);
    let written = batch.write(&|_| stop.store(true, Ordering::SeqCst), &Control::new(&stop, &|_| {}));
    assert_eq!((written, names(folder.path())), (Err(Stopped), vec!["a.png".to_owned()]));
}

#[test]
fn a_folder_that_cannot_be_made_is_the_one_thing_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let told = outcomes(&batch(&PathBuf::from(&file).join("inside"), vec![item("a", 10)]));
    assert!(matches!(&told[..], [Outcome::Failed(why)] if why.contains("the folder cannot be made")), "{told:?}");
}
