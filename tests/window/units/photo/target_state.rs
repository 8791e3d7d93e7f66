use quantscope::engine::assign::dithering::{Dithering, Pattern};
use quantscope::spec::{Entries, FittedPalette, PaletteSpec, PhotoSpec, TileSpec};
use quantscope::view::photo::target_state::TargetState;

fn for_the_eye(colors: u16, strength_percent: u8) -> PaletteSpec {
    let dither = Dithering { strength_percent, ..Dithering::of(Pattern::Eye) };
    PaletteSpec { dither, ..FittedPalette::new(colors).into() }
}

#[test]
fn whatever_was_taken_the_search_starts_from_what_it_was_found_from() {
    let mut target = TargetState::default();
    let base = target.base(&for_the_eye(16, 100).into()).unwrap();
    assert_eq!(base, for_the_eye(256, 100));
    let found = for_the_eye(96, 50);
    target.took(found.clone(), base.clone());
    assert_eq!(target.base(&found.into()), Some(base));
    // What the user sets afterwards is what is searched from.
    assert_eq!(target.base(&for_the_eye(96, 60).into()), Some(for_the_eye(256, 60)));
}

#[test]
fn tiles_and_given_palettes_have_no_number_of_colours_to_look_for() {
    let tiles = FittedPalette { tiles: Some(TileSpec { side: 8, budget: None }), ..FittedPalette::new(4) };
    assert_eq!(TargetState::default().base(&PhotoSpec::from(tiles)), None);
    let given = quantscope::palette::builtin_palettes()[0].clone();
    let given = PaletteSpec { entries: Entries::Given(given), ..FittedPalette::new(4).into() };
    assert_eq!(TargetState::default().base(&given.into()), None);
}
