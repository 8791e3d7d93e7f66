use clap::Parser;
use quantscope::cli::Arguments;
use quantscope::engine::assign::dithering::{Dithering, Pattern};
use quantscope::engine::colour::Space;
use quantscope::engine::fit::Method;
use quantscope::export::command_line::{line, words};
use quantscope::palette::{Fixed, NamedPalette, builtin_palettes};
use quantscope::picture::edits::PhotoEdits;
use quantscope::spec::{Entries, FittedPalette, Goal, PaletteSpec, PhotoSpec, TileBudget, TileSpec};

fn read_back(spec: &PhotoSpec) -> Option<PhotoSpec> {
    read_back_edited(&PhotoEdits::default(), spec).map(|(_, spec)| spec)
}

fn read_back_edited(edits: &PhotoEdits, spec: &PhotoSpec) -> Option<(PhotoEdits, PhotoSpec)> {
    let words = words("photo one.jpg", edits, spec, "out.png");
    Arguments::try_parse_from(&words).unwrap_or_else(|why| panic!("{words:?}: {why}")).reduction()
}

fn fitted(change: impl FnOnce(&mut FittedPalette)) -> PhotoSpec {
    let mut palette = FittedPalette::new(16);
    change(&mut palette);
    palette.into()
}

#[test]
fn the_command_line_reads_back_the_settings_that_it_was_written_of() {
    let methods = Method::ALL.map(|method| fitted(|palette| palette.method = method));
    let dithered = Pattern::ALL.into_iter().flat_map(|pattern| {
        Space::ALL.map(|space| {
            let whole = Dithering::of(pattern);
            let dither = Dithering { strength_percent: 80, serpentine: true, linear: true, ..whole }.canonical();
            PhotoSpec::from(PaletteSpec { entries: Entries::Fitted(FittedPalette::new(4)), space, dither })
        })
    });
    let tiles = [None, Some(TileBudget::SameSize), Some(TileBudget::Centibits(250))]
        .map(|budget| fitted(|palette| palette.tiles = Some(TileSpec { side: 8, budget })));
    let locked = NamedPalette::new("locked", vec![[255, 136, 0, 255], [0, 0, 255, 128]]);
    let locked = fitted(|palette| palette.locked = Some(Fixed::new(locked)));
    let numbers = PhotoSpec::Numbers("q4_k".parse().unwrap());
    for spec in methods.into_iter().chain(dithered).chain([locked, numbers]).chain(tiles) {
        let back = read_back(&spec);
        // With a budget the tiles decide, and the number of colours means nothing.
        let is_budget = matches!(spec.tiles().and_then(|tiles| tiles.budget), Some(TileBudget::Centibits(_)));
        if is_budget {
            assert_eq!(back.and_then(|back| back.tiles()), spec.tiles());
        } else {
            assert_eq!(back.as_ref(), Some(&spec));
        }
    }
}

#[test]
fn goals_are_called_by_their_names_and_edits_come_back_as_well() {
    let edits = PhotoEdits {
        crop: "16:9".parse().ok(),
        levels: "10,240,1.2".parse().ok(),
        resize: "160x144".parse().ok(),
        pixelate: 4,
    };
    assert!(edits.crop.is_some() && edits.levels.is_some() && edits.resize.is_some());
    for goal in Goal::ALL {
        let (method, space, pattern) = goal.row().way;
        let entries = Entries::Fitted(FittedPalette { method, ..FittedPalette::new(16) });
        let spec = PhotoSpec::from(PaletteSpec { entries, space, dither: Dithering::of(pattern) });
        assert!(words("a.png", &edits, &spec, "b.png").join(" ").contains(&format!("--goal {}", goal.name())));
        assert_eq!(read_back_edited(&edits, &spec), Some((edits, spec)));
    }
}

#[test]
fn given_colours_come_back_in_their_order_and_those_of_the_program_by_name() {
    let given = |palette: &Fixed| {
        let (entries, space, dither) = (Entries::Given(palette.clone()), Space::Oklab, Dithering::NONE);
        PhotoSpec::from(PaletteSpec { entries, space, dither })
    };
    for own in builtin_palettes() {
        assert_eq!(read_back(&given(own)), Some(given(own)), "{}", own.name());
    }
    let colors = vec![[9, 8, 7, 255], [1, 2, 3, 255], [9, 8, 7, 255], [0, 0, 0, 0]];
    let mine = Fixed::new(NamedPalette::new("mine", colors.clone()));
    let back = read_back(&given(&mine)).expect("a palette of listed colours");
    assert_eq!(back.given().map(|palette| palette.colors().to_vec()), Some(colors.clone()));
    let nominal = vec![[255, 0, 0, 255], [1, 2, 3, 255], [9, 8, 7, 255], [0, 0, 0, 0]];
    let measured = Fixed::new(NamedPalette { nominal: nominal.clone(), ..NamedPalette::new("mine", colors.clone()) });
    let back = read_back(&given(&measured)).expect("a palette of listed colours");
    let back = back.given().map(|palette| (palette.colors().to_vec(), palette.list().written().to_vec()));
    assert_eq!(back, Some((colors, nominal)));
}

#[test]
fn a_shell_takes_the_line_apart_into_the_same_words() {
    let awkward = ["it's", "two words", "#ff8800", "$HOME", "", "plain-1.png", "é"].map(str::to_owned);
    assert_eq!(line(&awkward), r#"'it'\''s' 'two words' '#ff8800' '$HOME' '' plain-1.png 'é'"#);
    assert_eq!(
        words("-x.png", &PhotoEdits::default(), &FittedPalette::new(16).into(), "o.png")[2],
        "./-x.png",
        "a file, and no option"
    );
}
