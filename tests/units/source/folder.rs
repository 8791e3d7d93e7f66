use std::convert::Infallible;
use std::fs;
use std::path::Path;

use quantscope::source::folder::{FolderContent, photos_to_open};

fn found(folder: &Path) -> Option<FolderContent> {
    photos_to_open(folder, || Ok::<(), Infallible>(())).unwrap()
}

fn write_photo(path: &Path) {
    image::RgbImage::new(3, 2).save_with_format(path, image::ImageFormat::Png).unwrap();
}

#[test]
fn photos_are_told_by_their_content_and_all_else_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for i in 0..1000 {
        fs::write(at(&format!("note {i}.txt")), b"some words").unwrap();
    }
    fs::create_dir(at("more")).unwrap();
    write_photo(&at("more/inside.png"));
    fs::write(at("empty.png"), b"").unwrap();
    ["B.png", "a.png", "no ending"].iter().for_each(|name| write_photo(&at(name)));
    let wanted = ["a.png", "B.png", "no ending"].map(at).to_vec();
    assert_eq!(found(folder.path()), Some(FolderContent { photos: wanted, others: 1001 }));
}

#[test]
fn a_folder_of_a_model_or_of_no_photo_is_not_one_of_photos() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("readme.md"), b"words").unwrap();
    assert_eq!((found(folder.path()), found(&folder.path().join("readme.md"))), (None, None));
    write_photo(&folder.path().join("preview.png"));
    assert!(found(folder.path()).is_some());
    fs::write(folder.path().join("model.safetensors"), b"weights").unwrap();
    assert_eq!(found(folder.path()), None);
}

#[test]
fn a_scan_ends_when_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    write_photo(&folder.path().join("a.png"));
    assert_eq!(photos_to_open(folder.path(), || Err("stopped")), Err("stopped"));
}
