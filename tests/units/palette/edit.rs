use std::sync::Arc;

use quantscope::engine::colour::Space;
use quantscope::palette::edit::*;
use quantscope::palette::{Entry, Fixed, NamedPalette};

type Rgba = [u8; 4];

const RED: Rgba = [200, 0, 0, 255];
const GREEN: Rgba = [0, 200, 0, 255];
const BLUE: Rgba = [0, 0, 200, 255];
const GREY: Rgba = [90, 90, 90, 255];
const CLEAR: Rgba = [0; 4];

fn shown(colors: &[Rgba]) -> Vec<Entry> {
    colors.iter().zip([10, 30, 5, 7]).map(|(&rgba, count)| Entry { rgba, count }).collect()
}

fn fitted(count: u16) -> PaletteSource {
    PaletteSource { given: None, locked: None, count }
}

fn given(colors: &[Rgba]) -> PaletteSource {
    let palette = NamedPalette::new("Mine", colors.to_vec());
    PaletteSource { given: Some(Fixed::new(palette)), locked: None, count: 16 }
}

fn locking(colors: Vec<Rgba>) -> Option<Fixed> {
    Some(Fixed::new(NamedPalette::new("locked", colors)))
}

fn locked(source: &PaletteSource) -> Vec<Rgba> {
    source.locked.as_ref().map(|l| l.colors().to_vec()).unwrap_or_default()
}

fn after(source: &PaletteSource, edit: Edit, palette: &[Rgba]) -> PaletteSource {
    source.after(edit, &shown(palette), Space::Srgb).unwrap()
}

#[test]
fn a_locked_colour_stays_and_the_number_of_entries_with_it() {
    let one = after(&fitted(3), Edit::Lock(GREEN), &[RED, GREEN, BLUE]);
    assert_eq!((locked(&one), one.count), (vec![GREEN], 3));
    let two = after(&one, Edit::Lock(BLUE), &[RED, GREEN, BLUE]);
    assert_eq!(locked(&two), [GREEN, BLUE]);
    assert_eq!(locked(&after(&two, Edit::Unlock(GREEN), &[RED, GREEN, BLUE])), [BLUE]);
    let all = after(&one, Edit::LockAll, &[RED, GREEN, BLUE]);
    assert_eq!((locked(&all).len(), after(&all, Edit::UnlockAll, &[RED])), (3, fitted(3)));
}

#[test]
fn a_changed_colour_is_locked_in_place_of_the_old_one() {
    let free = after(&fitted(3), Edit::Change { from: RED, to: GREY }, &[RED, GREEN, BLUE]);
    assert_eq!((locked(&free), free.count), (vec![GREY], 3));
    let both = PaletteSource { locked: locking(vec![RED, BLUE]), ..fitted(3) };
    assert_eq!(locked(&after(&both, Edit::Change { from: RED, to: GREY }, &[RED, GREEN, BLUE])), [GREY, BLUE]);
}

#[test]
fn a_deleted_colour_leaves_one_entry_fewer_and_the_others_as_they_were() {
    let less = after(&fitted(3), Edit::Delete(GREEN), &[RED, GREEN, BLUE]);
    assert_eq!((locked(&less), less.count), (vec![RED, BLUE], 2));
    let why = less.after(Edit::Delete(RED), &shown(&[RED, BLUE]), Space::Srgb).unwrap_err().to_string();
    assert_eq!(why, "a palette keeps at least 2 colours");
}

#[test]
fn two_merge_into_their_mean_by_use() {
    let less = after(&fitted(3), Edit::Merge(RED, GREEN), &[RED, GREEN, BLUE]);
    assert_eq!((locked(&less), less.count), (vec![[50, 150, 0, 255], BLUE], 2));
    let mean = |space: Space, [a, b]: [Rgba; 2], count: u64| {
        let entries = [a, b, GREY].map(|rgba| Entry { rgba, count });
        locked(&fitted(3).after(Edit::Merge(a, b), &entries, space).unwrap())[0]
    };
    assert_eq!(mean(Space::Srgb, [RED, GREEN], 0), [100, 100, 0, 255]);
    let [codes, eye] = [Space::Srgb, Space::Oklab].map(|space| mean(space, [BLUE, [255; 4]], 1));
    assert!(eye != codes && eye[2] > eye[0]);
}

#[test]
fn a_mean_that_is_an_entry_already_is_not_there_twice() {
    let entries = [RED, GREEN, [50, 150, 0, 255]];
    assert_eq!(locked(&after(&fitted(3), Edit::Merge(RED, GREEN), &entries)), [[50, 150, 0, 255]]);
}

#[test]
fn a_forced_colour_is_locked_and_makes_room_only_when_all_others_are() {
    let free = after(&fitted(3), Edit::Force(GREY), &[RED, GREEN, BLUE]);
    assert_eq!((locked(&free), free.count), (vec![GREY], 3));
    let full = PaletteSource { locked: locking(vec![RED, GREEN, BLUE]), ..fitted(3) };
    assert_eq!(after(&full, Edit::Force(GREY), &[RED, GREEN, BLUE]).count, 4);
    let all = PaletteSource { locked: locking((0..=255).map(|v| [v, v, 0, 255]).collect()), ..fitted(256) };
    assert!(all.after(Edit::Force(GREY), &[], Space::Srgb).is_err());
    assert!(free.after(Edit::Force(GREY), &[], Space::Srgb).unwrap_err().to_string().contains("#5a5a5a is locked"));
}

#[test]
fn the_transparent_entry_is_counted_and_cannot_be_edited() {
    let palette = [CLEAR, RED, GREEN, BLUE];
    let less = after(&fitted(4), Edit::Delete(RED), &palette);
    assert_eq!((locked(&less), less.count), (vec![GREEN, BLUE], 3));
    for edit in [Edit::Lock(CLEAR), Edit::Delete(CLEAR), Edit::Force(CLEAR), Edit::Change { from: CLEAR, to: RED }] {
        assert!(fitted(4).after(edit, &shown(&palette), Space::Srgb).is_err(), "{edit:?}");
    }
}

#[test]
fn given_colours_are_edited_in_their_places_under_a_name_that_says_so() {
    let source = given(&[RED, GREEN, BLUE]);
    let colors = |source: PaletteSource| source.given.unwrap().colors().to_vec();
    let entries = [BLUE, RED, GREEN];
    assert_eq!(colors(after(&source, Edit::Change { from: GREEN, to: GREY }, &entries)), [RED, GREY, BLUE]);
    assert_eq!(colors(after(&source, Edit::Delete(RED), &entries)), [GREEN, BLUE]);
    assert_eq!(colors(after(&source, Edit::Force(GREY), &entries)), [RED, GREEN, BLUE, GREY]);
    // Uses are those of the palette that is shown: 30 of red, 10 of blue.
    assert_eq!(colors(after(&source, Edit::Merge(BLUE, RED), &entries)), [[150, 0, 50, 255], GREEN]);
    let twice = after(&after(&source, Edit::Delete(RED), &entries), Edit::Delete(BLUE), &entries);
    assert_eq!(twice.given.as_ref().unwrap().name(), "Mine, edited");
    assert!(twice.after(Edit::Delete(GREEN), &entries_of(GREEN), Space::Srgb).is_err());
    assert!(source.after(Edit::Lock(RED), &shown(&entries), Space::Srgb).is_err());
}

#[test]
fn names_stay_with_the_colours_that_an_edit_leaves() {
    let names = ["red", "", "blue"].map(str::to_owned).to_vec();
    let list = NamedPalette { names, ..NamedPalette::new("Mine", vec![RED, GREEN, BLUE]) };
    let source = PaletteSource { given: Some(Fixed::new(list)), locked: None, count: 16 };
    let next = after(&source, Edit::Change { from: RED, to: GREY }, &[RED, GREEN, BLUE]);
    let next = after(&next, Edit::Delete(GREEN), &[GREY, GREEN, BLUE]);
    let given = next.given.unwrap();
    let list = given.list();
    assert_eq!(
        (list.colors.as_slice(), list.name_of(0), list.name_of(1)),
        ([GREY, BLUE].as_slice(), None, Some("blue"))
    );
}

/// In a list of sprites the same colour has several places, and each its own meaning.
#[test]
fn what_belongs_to_a_place_stays_with_it_where_a_colour_stands_twice() {
    let names = ["ink", "green", "pupil", "blue"].map(str::to_owned).to_vec();
    let nominal = vec![RED, GREY, BLUE, GREEN];
    let list = NamedPalette { names, nominal, ..NamedPalette::new("Mine", vec![RED, GREEN, RED, BLUE]) };
    let source = PaletteSource { given: Some(Fixed::new(list)), locked: None, count: 16 };
    let shown = [RED, GREEN, RED, BLUE];
    let list = |edit: Edit| after(&source, edit, &shown).given.unwrap().list().clone();
    let less = list(Edit::Delete(GREEN));
    assert_eq!((less.names.join(" "), less.written()), ("ink pupil blue".to_owned(), [RED, BLUE, GREEN].as_slice()));
    let merged = list(Edit::Merge(RED, GREEN));
    assert_eq!((merged.name_of(0), merged.name_of(1), merged.written()[0]), (None, Some("pupil"), merged.colors[0]));
    let more = list(Edit::Force([9, 9, 9, 255]));
    assert_eq!((more.name_of(2), more.name_of(4), more.written()[4]), (Some("pupil"), None, [9, 9, 9, 255]));
}

#[test]
fn a_palette_is_freed_once_nothing_wants_it() {
    let source = given(&[RED, GREEN, BLUE]);
    let edited = after(&source, Edit::Delete(RED), &[RED, GREEN, BLUE]);
    let lists = [source, edited].map(|source| Arc::downgrade(source.given.unwrap().list()));
    assert!(lists.iter().all(|list| list.strong_count() == 0));
}

fn entries_of(c: Rgba) -> Vec<Entry> {
    shown(&[c])
}

#[test]
fn what_is_gone_or_there_twice_is_refused_by_name() {
    let refused = |edit: Edit| fitted(3).after(edit, &shown(&[RED, GREEN, BLUE]), Space::Srgb).unwrap_err().to_string();
    assert_eq!(refused(Edit::Change { from: GREY, to: RED }), "#5a5a5a is no longer in the palette");
    assert_eq!(refused(Edit::Change { from: RED, to: GREEN }), "#00c800 is in the palette already");
    assert_eq!(refused(Edit::Merge(RED, GREY)), "#5a5a5a is no longer in the palette");
    assert_eq!(refused(Edit::Merge(RED, RED)), "two different colours can be merged");
}
