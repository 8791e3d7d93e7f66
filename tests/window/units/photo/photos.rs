use std::sync::Arc;

use quantscope::picture::image::Image;
use quantscope::source::photo::Photo;
use quantscope::view::document::DocumentId;
use quantscope::view::photo::photos::{Photos, ReadPhoto, Taken};

const PIXELS: usize = 32 * 32;

fn read(name: &str, red: u8) -> ReadPhoto {
    let image = Arc::new(Image::new(32, 32, vec![[red, 0, 0, 255]; PIXELS]));
    ReadPhoto::of(Arc::new(Photo::without_file(name.to_owned(), image)))
}

/// Three photos, the first of them the current one, with room for the pixels of one and a half beside it.
fn three() -> Photos {
    let mut photos = Photos::of_bytes(12 * PIXELS);
    for (id, name) in [(1, "a"), (2, "b"), (3, "c")] {
        assert_eq!(photos.take(DocumentId(id), read(name, id as u8)), Taken::New);
    }
    assert!(photos.choose(DocumentId(1)));
    photos
}

fn held(photos: &Photos) -> Vec<u64> {
    photos.list().iter().filter_map(|photo| photo.document()).map(|document| document.id.0).collect()
}

#[test]
fn pixels_of_the_longest_unused_go_and_are_read_again_when_it_is_chosen() {
    let mut photos = three();
    assert_eq!(held(&photos), [1, 3], "the current one, and the last that came");
    assert!(!photos.choose(DocumentId(2)));
    assert_eq!((photos.chosen(), photos.current().map(|d| d.id)), (Some(DocumentId(2)), Some(DocumentId(1))));
    assert_eq!(photos.take(DocumentId(9), read("b", 2)), Taken::Known(DocumentId(2)));
    assert!(photos.choose(DocumentId(2)));
    assert_eq!(held(&photos), [1, 2], "the one that was just left stays");
}

#[test]
fn the_same_photo_is_not_there_twice_and_a_changed_one_takes_the_old_ones_place() {
    let mut photos = three();
    assert_eq!(photos.take(DocumentId(9), read("a", 1)), Taken::Known(DocumentId(1)));
    assert_eq!(photos.take(DocumentId(9), read("a", 77)), Taken::InPlaceOf(DocumentId(1)));
    let ids: Vec<u64> = photos.list().iter().map(|photo| photo.id.0).collect();
    assert_eq!((ids, photos.current().is_none()), (vec![9, 2, 3], true));
}

#[test]
fn next_and_previous_go_round_and_a_closed_one_gives_way_to_the_next() {
    let mut photos = three();
    assert_eq!([-1, 1, 2, 4].map(|by| photos.neighbour(by)), [3, 2, 3, 2].map(|id| Some(DocumentId(id))));
    assert_eq!(photos.close(DocumentId(3)), None, "the current one stays on show");
    assert_eq!(photos.close(DocumentId(1)), Some(DocumentId(2)));
    assert_eq!(photos.close(DocumentId(2)), None);
    assert!(photos.list().is_empty() && photos.neighbour(1).is_none());
}
