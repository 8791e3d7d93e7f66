use std::sync::Arc;

use quantscope::engine::control::Control;
use quantscope::engine::metric::EyeError;
use quantscope::export::packed::PngSize;
use quantscope::picture::image::Image;
use quantscope::run::photo::reduce;
use quantscope::run::report::PhotoReport;
use quantscope::source::photo::Photo;
use quantscope::spec::{FittedPalette, Stage};
use quantscope::view::photo::settings::{Goal, PhotoSettings};
use quantscope::view::photo::shelf::kept::{MOST_BYTES, Shelf, SortBy};

fn photo(name: &str) -> Photo {
    let rgba = (0..64 * 48).map(|i| [(i % 64 * 4) as u8, (i / 64 * 5) as u8, (i % 7) as u8, 255]).collect();
    let image = Arc::new(Image::new(64, 48, rgba));
    Photo {
        name: name.to_owned(),
        path: None,
        file_bytes: 9,
        format: "PNG",
        image,
        palette: Vec::new(),
        edits: Default::default(),
        notes: Vec::new(),
    }
}

fn report(photo: &Photo, colors: u16) -> Arc<PhotoReport> {
    Arc::new(reduce(&photo.image, FittedPalette::new(colors), Stage::Full, &Control::unwatched()).unwrap())
}

fn filled(most_bytes: usize) -> (Shelf, Photo) {
    let (mut shelf, photo) = (Shelf::of_bytes(most_bytes), photo("a.png"));
    for colors in [8, 2, 16, 4] {
        shelf.keep(&photo, &report(&photo, colors)).unwrap();
    }
    (shelf, photo)
}

#[test]
fn a_result_is_kept_once_and_numbers_are_never_given_twice() {
    let (mut shelf, photo) = filled(MOST_BYTES);
    assert_eq!(shelf.keep(&photo, &report(&photo, 2)), Ok(2));
    shelf.remove(2);
    assert_eq!((shelf.len(), shelf.keep(&photo, &report(&photo, 2))), (3, Ok(5)));
}

#[test]
fn pixels_stay_within_the_bound_and_the_figures_of_all_stay() {
    let one = { report(&photo("a.png"), 16).bytes() };
    let (mut shelf, photo) = filled(2 * one + one / 2);
    assert_eq!((shelf.len(), shelf.held().0, shelf.rows().len()), (4, 2, 4));
    assert!(shelf.held().1 <= 2 * one + one / 2);
    let has = |shelf: &Shelf, number| shelf.get(number).unwrap().report.is_some();
    assert!(!has(&shelf, 1) && !has(&shelf, 2) && has(&shelf, 3) && has(&shelf, 4));
    // What is made again is held again, in place of what was not looked at for longest.
    shelf.hold(1, &report(&photo, 8));
    assert!(has(&shelf, 1) && !has(&shelf, 3) && has(&shelf, 4));
}

#[test]
fn the_order_is_that_of_the_chosen_column_both_ways() {
    let (mut shelf, _) = filled(MOST_BYTES);
    assert_eq!(shelf.ordered(), [1, 2, 3, 4]);
    shelf.sort = SortBy::Colors;
    assert_eq!(shelf.ordered(), [2, 4, 1, 3]);
    shelf.sort = SortBy::Psnr;
    assert_eq!(shelf.ordered(), [2, 4, 1, 3]);
    (shelf.sort, shelf.descending) = (SortBy::DeltaE, false);
    assert_eq!(shelf.ordered(), [3, 1, 4, 2]);
    shelf.descending = true;
    assert_eq!(shelf.ordered(), [2, 4, 1, 3]);
    let colors: Vec<usize> = shelf.rows().iter().map(|r| r.figures.colors).collect();
    assert_eq!(colors, [2, 4, 8, 16], "the table that is written is sorted as the one on show");
}

#[test]
fn the_figures_of_the_eye_come_later_and_order_the_table() {
    let (mut shelf, photo) = filled(MOST_BYTES);
    for (number, score) in [(2, 30.0), (4, 70.0), (1, 50.0)] {
        let spec = shelf.get(number).unwrap().figures.spec.clone();
        let distance = Some(100.0 - score);
        let eye = EyeError {
            ssimulacra2: Some(score),
            butteraugli_3norm: distance,
            butteraugli_max: distance,
            afar: 100.0 - score,
        };
        shelf.take_eye(&photo, &spec, eye);
    }
    shelf.sort = SortBy::Ssimulacra2;
    assert_eq!(shelf.ordered(), [3, 2, 1, 4], "what is not known goes first");
    for by in [SortBy::Butteraugli, SortBy::Afar] {
        shelf.sort = by;
        assert_eq!(shelf.ordered(), [3, 4, 1, 2]);
    }
}

#[test]
fn sizes_come_later_and_only_results_of_the_photo_are_compared() {
    let (mut shelf, photo) = filled(MOST_BYTES);
    let (quick, packed) = (PngSize::quick(900), PngSize { quick: 800, packed: Some(700) });
    let spec = shelf.get(3).unwrap().figures.spec.clone();
    shelf.take_size(&photo, &spec, quick, packed);
    let found = shelf.get(3).unwrap();
    // The file that is written is the packed one; the ratio is of two quick ones.
    assert_eq!((found.bytes(), found.sizes.unwrap().reduced_png_bytes), (Some(700), 800));
    assert_eq!(found.sizes.unwrap().against_file_percent(), Some((700.0 / 9.0 - 1.0) * 100.0));
    shelf.marks = [Some(1), Some(3)];
    assert!(shelf.versus(&photo).is_some_and(|[a, b]| (a.number, b.number) == (1, 3)));
    assert!(shelf.versus(&self::photo("b.png")).is_none());
    shelf.remove(3);
    assert!(shelf.versus(&photo).is_none() && shelf.is_marked());
}

#[test]
fn a_pane_goes_back_to_its_settings_when_they_change() {
    let (mut shelf, _) = filled(MOST_BYTES);
    (0..3).for_each(|pane| shelf.show(pane, Some(pane as u64 + 1)));
    let old = PhotoSettings::default();
    let mut new = old.clone();
    new.panes[1].source.count = 20;
    shelf.settings_changed(&old, &new);
    assert_eq!(shelf.shown(), [Some(1), None, Some(3), None]);
    let new = new.with_goal(Goal::Nearest, 0, true);
    shelf.settings_changed(&old, &new);
    assert_eq!(shelf.shown(), [None; 4]);
}
