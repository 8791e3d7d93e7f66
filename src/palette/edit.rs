//! Edits of a palette by hand, as plain data: what is wanted, what is shown and an edit give what is wanted next.
//!
//! | edit | of a fitted palette | of given colours |
//! |---|---|---|
//! | lock | the colour stays; the others are fitted around it | all stay anyway |
//! | change | the new colour is locked in place of the old one | it takes the old one's place |
//! | delete | one entry fewer; the others are locked as they are | one fewer |
//! | merge | the mean by use takes the place of both; all are locked | the same |
//! | force in | the colour is locked; another entry makes room while any is free | it comes last |
//!
//! Colours are named by their bytes, not by their places: a palette that has been fitted again in the
//! meantime has other places. Deleting and merging keep the remaining entries because a fit would
//! otherwise put the deleted colour back.

use super::{Fixed, MOST_COLORS, NamedPalette, PaletteError};
use crate::engine::colour::Space;
use crate::engine::colour::{oklab_from_srgb8, srgb8_from_oklab};
use crate::palette::Entry;

type Rgba = [u8; 4];
/// A colour and where it stood before the edit; nowhere if it is new.
type Placed = (Rgba, Option<usize>);

/// Where a palette comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PaletteSource {
    /// Colours that are given: while they are, the fitted palette below is only remembered.
    pub given: Option<Fixed>,
    /// Colours that a fitted palette holds as they are.
    pub locked: Option<Fixed>,
    /// Entries of a fitted palette, a transparent one included.
    pub count: u16,
}

/// One edit of a palette; colours are sRGB with straight alpha.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Keeps this colour of a fitted palette as it is.
    Lock(Rgba),
    /// Lets this colour be fitted again.
    Unlock(Rgba),
    /// Locks every visible colour of the palette that is shown.
    LockAll,
    /// Unlocks all colours.
    UnlockAll,
    /// Replaces one colour by another, which a fitted palette then keeps locked.
    Change {
        /// A colour of the palette.
        from: Rgba,
        /// The colour that takes its place.
        to: Rgba,
    },
    /// Removes this colour.
    Delete(Rgba),
    /// Puts the mean of two colours, weighted by their pixels, in the place of both.
    Merge(Rgba, Rgba),
    /// Adds this colour: locked in a fitted palette, last in a given one.
    Force(Rgba),
}

/// The fewest entries that a fitted palette is asked for.
const FEWEST: usize = 2;

impl PaletteSource {
    /// Whether a fitted palette holds this colour as it is.
    pub fn is_locked(&self, color: Rgba) -> bool {
        self.locked.as_ref().is_some_and(|l| l.colors().contains(&color))
    }

    /// Number of locked colours.
    pub fn locked_count(&self) -> usize {
        self.locked.as_ref().map_or(0, |l| l.colors().len())
    }

    /// What is wanted after the edit. `shown` is the palette that the edit was made on, `space` where
    /// the mean of two colours is taken.
    ///
    /// # Errors
    /// The edit cannot be made.
    pub fn after(&self, edit: Edit, shown: &[Entry], space: Space) -> Result<PaletteSource, PaletteError> {
        match &self.given {
            Some(given) => self.given_after(given, edit, shown, space),
            None => self.fitted_after(edit, shown, space),
        }
    }

    fn fitted_after(&self, edit: Edit, shown: &[Entry], space: Space) -> Result<PaletteSource, PaletteError> {
        let visible: Vec<Rgba> = shown.iter().map(|e| e.rgba).filter(|c| c[3] > 0).collect();
        let clear = shown.len() - visible.len();
        let locked: Vec<Rgba> = self.locked.as_ref().map(|l| l.colors().to_vec()).unwrap_or_default();
        let keeping = |colors: Vec<Rgba>| PaletteSource { locked: locking(colors), ..self.clone() };
        let only = |colors: Vec<Rgba>| PaletteSource { count: (colors.len() + clear) as u16, ..keeping(colors) };
        match edit {
            Edit::Lock(c) | Edit::Unlock(c) if c[3] == 0 => Err(PaletteError::Transparent(c)),
            Edit::Lock(c) | Edit::Force(c) if locked.contains(&c) => Err(PaletteError::LockedAlready(c)),
            Edit::Lock(c) => Ok(keeping([locked, vec![c]].concat())),
            Edit::Unlock(c) => Ok(keeping(without(&locked, c))),
            Edit::LockAll => Ok(keeping(visible)),
            Edit::UnlockAll => Ok(keeping(Vec::new())),
            Edit::Change { from, to } => {
                changeable(&visible, from, to)?;
                let changed = replaced(&locked, from, to);
                Ok(keeping(if changed.contains(&to) { changed } else { [changed, vec![to]].concat() }))
            }
            Edit::Delete(_) | Edit::Merge(..) if visible.len() + clear <= FEWEST || visible.len() <= 1 => {
                Err(PaletteError::TooFew { least: FEWEST })
            }
            Edit::Delete(c) if c[3] == 0 => Err(PaletteError::Transparent(c)),
            Edit::Delete(c) => Ok(only(without(&visible, c))),
            Edit::Merge(a, b) => {
                Ok(only(merged(&visible, a, b, shown, space)?.into_iter().map(|(color, _)| color).collect()))
            }
            Edit::Force(c) if c[3] == 0 => Err(PaletteError::Transparent(c)),
            Edit::Force(_) if locked.len() + clear >= MOST_COLORS => Err(PaletteError::AllLocked),
            Edit::Force(c) => {
                let source = keeping([locked, vec![c]].concat());
                Ok(PaletteSource { count: source.count.max((source.locked_count() + clear) as u16), ..source })
            }
        }
    }

    fn given_after(
        &self,
        given: &Fixed,
        edit: Edit,
        shown: &[Entry],
        space: Space,
    ) -> Result<PaletteSource, PaletteError> {
        let colors = given.colors();
        let edited = |colors: Vec<Placed>| {
            let name = format!("{}, edited", given.name().trim_end_matches(", edited"));
            PaletteSource { given: Some(Fixed::new(given.list().with_colors(name, colors))), ..self.clone() }
        };
        match edit {
            Edit::Lock(_) | Edit::Unlock(_) | Edit::LockAll | Edit::UnlockAll => Err(PaletteError::GivenStay),
            Edit::Change { from, to } => {
                changeable(colors, from, to)?;
                let changed = |(c, place)| if c == from { (to, None) } else { (c, place) };
                Ok(edited(placed(colors).map(changed).collect()))
            }
            Edit::Delete(_) | Edit::Merge(..) if colors.len() <= 1 => Err(PaletteError::TooFew { least: 1 }),
            Edit::Delete(gone) => Ok(edited(placed(colors).filter(|&(c, _)| c != gone).collect())),
            Edit::Merge(a, b) => Ok(edited(merged(colors, a, b, shown, space)?)),
            Edit::Force(c) if c[3] == 0 => Err(PaletteError::Transparent(c)),
            Edit::Force(c) if colors.contains(&c) => Err(PaletteError::ThereAlready(c)),
            Edit::Force(_) if colors.len() >= MOST_COLORS => Err(PaletteError::Full),
            Edit::Force(c) => Ok(edited(placed(colors).chain([(c, None)]).collect())),
        }
    }
}

fn locking(colors: Vec<Rgba>) -> Option<Fixed> {
    (!colors.is_empty()).then(|| Fixed::new(NamedPalette::new("locked", colors)))
}

/// Colours with their places.
fn placed(colors: &[Rgba]) -> impl Iterator<Item = Placed> {
    colors.iter().enumerate().map(|(place, &color)| (color, Some(place)))
}

fn without(colors: &[Rgba], gone: Rgba) -> Vec<Rgba> {
    colors.iter().copied().filter(|&c| c != gone).collect()
}

fn replaced(colors: &[Rgba], from: Rgba, to: Rgba) -> Vec<Rgba> {
    colors.iter().map(|&c| if c == from { to } else { c }).collect()
}

fn changeable(colors: &[Rgba], from: Rgba, to: Rgba) -> Result<(), PaletteError> {
    match () {
        () if from[3] == 0 || to[3] == 0 => Err(PaletteError::Transparent(if to[3] == 0 { to } else { from })),
        () if !colors.contains(&from) => Err(PaletteError::Gone(from)),
        () if colors.contains(&to) => Err(PaletteError::ThereAlready(to)),
        () => Ok(()),
    }
}

/// The mean takes the place of the first of the two.
fn merged(colors: &[Rgba], a: Rgba, b: Rgba, shown: &[Entry], space: Space) -> Result<Vec<Placed>, PaletteError> {
    let use_of = |c: Rgba| shown.iter().find(|e| e.rgba == c).map_or(0, |e| e.count);
    let place = |c: Rgba| colors.iter().position(|&x| x == c).ok_or(PaletteError::Gone(c));
    let (first, second) = (place(a)?.min(place(b)?), place(a)?.max(place(b)?));
    if first == second {
        return Err(PaletteError::MergedWithItself);
    }
    let mean = mean(space, (a, use_of(a)), (b, use_of(b)));
    let kept = placed(colors).filter(|&(c, i)| i == Some(first) || (i != Some(second) && c != mean));
    Ok(kept.map(|(c, i)| if i == Some(first) { (mean, None) } else { (c, i) }).collect())
}

/// The mean of two colours by their use; by halves when neither is used.
fn mean(space: Space, (a, uses_a): (Rgba, u64), (b, uses_b): (Rgba, u64)) -> Rgba {
    let (wa, wb) = if uses_a + uses_b == 0 { (1.0, 1.0) } else { (uses_a as f32, uses_b as f32) };
    let alpha = (f32::from(a[3]) * wa + f32::from(b[3]) * wb) / (wa + wb);
    // What is hardly there hardly colours the mean.
    let (ca, cb) = (wa * f32::from(a[3]), wb * f32::from(b[3]));
    let mix = |x: [f32; 3], y: [f32; 3]| -> [f32; 3] { std::array::from_fn(|c| (x[c] * ca + y[c] * cb) / (ca + cb)) };
    let rgb = |c: Rgba| [c[0], c[1], c[2]];
    let [r, g, b] = match space {
        Space::Srgb => mix(rgb(a).map(f32::from), rgb(b).map(f32::from)).map(|v| v.round() as u8),
        Space::Oklab | Space::Lightness => srgb8_from_oklab(mix(oklab_from_srgb8(rgb(a)), oklab_from_srgb8(rgb(b)))),
    };
    [r, g, b, alpha.round() as u8]
}
