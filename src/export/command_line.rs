//! A reduction as the command line that makes it: what `quantscope image` is to be given.

use crate::engine::assign::dithering::{Dithering, Pattern};
use crate::palette::{BUILTIN, Fixed, hex_line};
use crate::picture::edits::PhotoEdits;
use crate::spec::{Candidate, Entries, FittedPalette, Goal, PaletteSpec, PhotoSpec, TileBudget, TileSpec};

/// The words that edit and reduce `photo` as is said and write `output`, or compare it with what was made elsewhere, the
/// program's name first. Defaults are spelled out, so that the words mean the same in a version with others.
pub fn words(photo: &str, edits: &PhotoEdits, spec: &PhotoSpec, output: &str) -> Vec<String> {
    // A name that begins like an option is a file all the same.
    let file = |name: &str| if name.starts_with('-') { format!("./{name}") } else { name.to_owned() };
    let asked = |act: &str| vec!["quantscope".to_owned(), act.to_owned(), file(photo)];
    let reduction = match spec {
        PhotoSpec::Candidate(Candidate(other)) => {
            let other = other.path.as_ref().map_or_else(|| other.name.clone(), |path| path.display().to_string());
            return [asked("compare"), vec![file(&other)]].concat();
        }
        PhotoSpec::Numbers(format) => vec![("format", format.to_string())],
        PhotoSpec::Palette(spec) => options(spec),
    };
    let mut words = asked("image");
    let PhotoEdits { crop, levels, resize, pixelate } = *edits;
    let edits = [
        ("crop", crop.map(|crop| crop.to_string())),
        ("levels", levels.map(|levels| levels.to_string())),
        ("resize", resize.map(|resize| resize.to_string())),
        ("pixelate", (pixelate > 0).then(|| pixelate.to_string())),
    ];
    let options = edits.into_iter().filter_map(|(name, value)| Some((name, value?))).chain(reduction);
    words.extend(options.flat_map(|(name, value)| [format!("--{name}"), value]));
    let Dithering { serpentine, linear, .. } = spec.dither().canonical();
    let allocates = spec.tiles().is_some_and(|tiles| tiles.budget == Some(TileBudget::SameSize));
    let switches = [("--serpentine", serpentine), ("--linear", linear), ("--allocate", allocates)];
    words.extend(switches.into_iter().filter(|(_, is_on)| *is_on).map(|(name, _)| name.to_owned()));
    words.extend(["-o".to_owned(), output.to_owned()]);
    words
}

/// The options that take a value, with it.
fn options(spec: &PaletteSpec) -> Vec<(&'static str, String)> {
    let PaletteSpec { entries, space, dither } = spec;
    let mut options = Vec::new();
    match entries {
        Entries::Given(palette) => options.push(("palette", named(palette))),
        Entries::Fitted(palette) => {
            let FittedPalette { method: _, colors, locked: _, tiles } = palette;
            match tiles.and_then(|tiles| tiles.budget) {
                Some(TileBudget::Centibits(n)) => options.push(("budget", (f64::from(n) / 100.0).to_string())),
                Some(TileBudget::SameSize) | None => options.push(("colors", colors.to_string())),
            }
            options.extend(tiles.map(|TileSpec { side, .. }| ("tile", side.to_string())));
            let locked: Vec<String> = palette.locked_colors().map(hex_line).collect();
            options.extend((!locked.is_empty()).then(|| ("lock", locked.join(","))));
        }
    }
    let Dithering { pattern, strength_percent, serpentine, linear, rate_weight_percent } = dither.canonical();
    let (fitted, in_parts) = (spec.fitted(), serpentine || linear);
    let of_goal = |goal: &Goal| {
        let (method, of_space, of_pattern) = goal.row().way;
        let is_method = fitted.is_none_or(|palette| palette.method == method && palette.tiles.is_none());
        is_method && (*space, pattern) == (of_space, of_pattern) && !in_parts
    };
    match Goal::ALL.into_iter().find(of_goal) {
        Some(goal) => options.push(("goal", goal.name().to_owned())),
        None => {
            options.extend(fitted.map(|palette| ("method", palette.method.name().to_owned())));
            options.extend([("space", space.name().to_owned()), ("dither", pattern.name().to_owned())]);
        }
    }
    options.extend((pattern != Pattern::None).then(|| ("strength", strength_percent.to_string())));
    options.extend((pattern == Pattern::Eye).then(|| ("rate-weight", rate_weight_percent.to_string())));
    options
}

/// One of the program's own by its name, another as its colours: each as it is written and, where that is another, as it
/// is seen.
fn named(palette: &Fixed) -> String {
    let own = BUILTIN.iter().find(|builtin| builtin.palette() == **palette.list());
    let both = |(&written, &seen): (&[u8; 4], &[u8; 4])| match written == seen {
        true => hex_line(written),
        false => format!("{}={}", hex_line(written), hex_line(seen)),
    };
    let colors = || palette.list().written().iter().zip(palette.colors()).map(both).collect::<Vec<_>>().join(",");
    own.map_or_else(colors, |builtin| builtin.name.to_owned())
}

/// The words as one line that a POSIX shell takes apart again.
pub fn line(words: &[String]) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./,:=+@%".contains(c);
    let quoted = |word: &String| match !word.is_empty() && word.chars().all(is_plain) {
        true => word.clone(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}
