//! A reduction as the command line that makes it: what `quantscope image` is to be given.

use crate::engine::assign::dithering::{Dithering, Pattern};
use crate::palette::{BUILTIN, Fixed, hex_line};
use crate::spec::{Candidate, Entries, FittedPalette, PaletteSpec, PhotoSpec, TileBudget, TileSpec};

/// The words that reduce `photo` as `spec` says and write `output`, or compare it with what was made elsewhere, the program's
/// name first. Defaults are spelled out,
/// so that the words mean the same in a version with others.
pub fn words(photo: &str, spec: &PhotoSpec, output: &str) -> Vec<String> {
    let mut words = ["quantscope", "image"].map(str::to_owned).to_vec();
    // A name that begins like an option is a file all the same.
    words.push(if photo.starts_with('-') { format!("./{photo}") } else { photo.to_owned() });
    if let PhotoSpec::Candidate(Candidate(other)) = spec {
        words[1] = "compare".to_owned();
        words.push(other.path.as_ref().map_or_else(|| other.name.clone(), |path| path.display().to_string()));
        return words;
    }
    let mut option = |name: &str, value: String| words.extend([format!("--{name}"), value]);
    match spec {
        PhotoSpec::Candidate(_) => {}
        PhotoSpec::Numbers(format) => option("format", format.to_string()),
        PhotoSpec::Palette(PaletteSpec { entries, space, dither }) => {
            match entries {
                Entries::Given(palette) => option("palette", named(palette)),
                Entries::Fitted(FittedPalette { method, colors, locked: _, tiles }) => {
                    match tiles.and_then(|tiles| tiles.budget) {
                        Some(TileBudget::Centibits(hundredths)) => {
                            option("budget", (f64::from(hundredths) / 100.0).to_string());
                        }
                        Some(TileBudget::SameSize) | None => option("colors", colors.to_string()),
                    }
                    if let Some(TileSpec { side, .. }) = tiles {
                        option("tile", side.to_string());
                    }
                    let locked: Vec<String> = spec.locked_colors().map(hex_line).collect();
                    if !locked.is_empty() {
                        option("lock", locked.join(","));
                    }
                    option("method", method.name().to_owned());
                }
            }
            let Dithering { pattern, strength_percent, serpentine, linear, rate_weight_percent } = dither.canonical();
            option("space", space.name().to_owned());
            option("dither", pattern.name().to_owned());
            if pattern != Pattern::None {
                option("strength", strength_percent.to_string());
            }
            if pattern == Pattern::Eye {
                option("rate-weight", rate_weight_percent.to_string());
            }
            let allocates = spec.tiles().is_some_and(|tiles| tiles.budget == Some(TileBudget::SameSize));
            let switches = [("--serpentine", serpentine), ("--linear", linear), ("--allocate", allocates)];
            words.extend(switches.into_iter().filter(|(_, is_on)| *is_on).map(|(name, _)| name.to_owned()));
        }
    }
    words.extend(["-o".to_owned(), output.to_owned()]);
    words
}

/// One of the program's own by its name, another as its colours.
fn named(palette: &Fixed) -> String {
    let own = BUILTIN.iter().find(|builtin| builtin.palette() == **palette.list());
    let colors = || palette.colors().iter().copied().map(hex_line).collect::<Vec<_>>().join(",");
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
