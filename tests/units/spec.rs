use quantscope::engine::assign::dithering::{Dithering, Pattern};
use quantscope::engine::colour::Space;
use quantscope::palette::{Fixed, NamedPalette};
use quantscope::spec::*;

#[test]
fn a_spec_says_in_words_what_makes_it_another() {
    let plain = PhotoSpec::from(FittedPalette::new(16));
    assert_eq!((plain.title(), plain.words()), ("16 colours".into(), "k-means, sRGB, no dither".into()));
    let fixed = |name: &str| Fixed::new(NamedPalette::new(name, vec![[1, 2, 3, 255]]));
    let dither = Dithering { strength_percent: 80, ..Dithering::of(Pattern::ALL[2]) };
    let tiles = Some(TileSpec { side: 8, budget: None });
    let tiled = FittedPalette { tiles, locked: Some(fixed("l")), ..FittedPalette::new(16) };
    let tiled = PhotoSpec::from(PaletteSpec { dither, ..tiled.into() });
    assert_eq!(tiled.title(), "16 colours a tile");
    let label = dither.pattern.label();
    assert_eq!(tiled.words(), format!("k-means, sRGB, {label} 80 %, 8 px tiles, 1 locked"));
    let entries = Entries::Given(fixed("Mine"));
    let given = PhotoSpec::from(PaletteSpec { entries, space: Space::Srgb, dither });
    assert_eq!((given.title(), given.words()), ("Mine".into(), format!("given colours, sRGB, {label} 80 %")));
}
