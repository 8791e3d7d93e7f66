//! Rows of the table that come from outside the program, as JSON:
//!
//! ```json
//! [{"name": "e3m0-g32", "levels": [-16, -8, -4, -2, -1, -0.5, -0.25, 0, 0.25, 0.5, 1, 2, 4, 8, 16],
//!   "group": "g32", "scale": "e8m0", "purpose": "powers of two"}]
//! ```
//! A row is a codebook, a grouping and a stored scale; each group's largest value comes to lie on the
//! largest level. The name's part before the first hyphen names the levels, so that they can be given
//! another group or scale.

use serde::Deserialize;

use super::family::Family;
use super::layout::Format;
use super::levels::{Group, LevelSource, LevelTable};
use super::name;
use super::table::{self, Row};
use crate::engine::error::{FormatListError, RowFault};
use crate::engine::recipe::bits_for;
use crate::engine::scale::{Clip, StoredScale};

/// More levels than the widest code of the plain formats tells apart.
const MOST_LEVELS: usize = 256;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Definition {
    name: String,
    levels: Vec<f32>,
    group: Option<String>,
    scale: Option<String>,
    #[serde(default)]
    clip: bool,
    purpose: Option<String>,
    source: Option<String>,
}

/// Adds the rows of a list to the table for as long as the program runs. From then on their names are known to the
/// command line, the window and saved settings.
///
/// # Errors
/// The row and what is wrong with it; then none is added.
pub fn register(text: &str) -> Result<(), FormatListError> {
    let mut added: Vec<Definition> = serde_json::from_str(text)?;
    for row in &mut added {
        row.levels.sort_by(f32::total_cmp);
        row.levels.dedup();
    }
    let checked = |(at, row): (usize, &Definition)| {
        row.check(&added[..at]).map_err(|why| FormatListError::Row { name: row.name.clone(), why })
    };
    let layouts = added.iter().enumerate().map(checked).collect::<Result<Vec<_>, _>>()?;
    let names: Vec<&str> = added.iter().map(|row| row.name.as_str()).collect();
    table::add(&names, || added.iter().zip(layouts).map(|(row, layout)| row.built(layout)).collect())
}

impl Definition {
    fn head(&self) -> &str {
        self.name.split('-').next().unwrap_or_default()
    }

    /// `others` are those before it in its list.
    fn check(&self, others: &[Self]) -> Result<(Group, StoredScale), RowFault> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        let (head, levels) = (self.head(), &self.levels);
        if head.is_empty() || !self.name.chars().all(plain) {
            return Err(RowFault::Name);
        }
        if levels.len() < 2 || levels.len() > MOST_LEVELS || levels.iter().any(|x| !x.is_finite()) {
            return Err(RowFault::Levels { most: MOST_LEVELS });
        }
        let of_others = others.iter().find(|other| other.head() == head).map(|other| other.levels.clone());
        if name::level_table(head).map(LevelTable::levels).or(of_others).is_some_and(|known| known != *levels) {
            return Err(RowFault::OtherLevels(head.to_owned()));
        }
        let (group, scale) = (self.group.as_deref().unwrap_or("g32"), self.scale.as_deref().unwrap_or("f16"));
        let group = name::group(group).ok_or_else(|| RowFault::Group(group.to_owned()))?;
        let scale = name::scale(scale).ok_or_else(|| RowFault::Scale(scale.to_owned()))?;
        if group == Group::Tensor && scale.needs_unit() {
            return Err(RowFault::TooNarrow(scale.label()));
        }
        Ok((group, scale))
    }

    /// Rows of the table live as long as the program: what they refer to is leaked, once for each name.
    fn built(&self, (group, scale): (Group, StoredScale)) -> Row {
        let leaked = |text: &str| -> &'static str { text.to_owned().leak() };
        let or = |text: &Option<String>, otherwise| {
            text.as_deref().filter(|text| !text.is_empty()).map_or(otherwise, leaked)
        };
        let (levels, code_bits) = (self.levels.clone().leak(), bits_for(self.levels.len()) as u8);
        let levels = LevelSource::Listed(levels);
        let table: &'static LevelTable =
            Box::leak(Box::new(LevelTable { name: leaked(self.head()), code_bits, levels, group, scale }));
        let clip = if self.clip { Clip::Searched } else { Clip::None };
        Row {
            name: leaked(&self.name),
            family: Family::Own,
            purpose: or(&self.purpose, "a format of your own"),
            layout: leaked(&format!("{} levels, {} scale", self.levels.len(), scale.label())),
            source: or(&self.source, "your own"),
            format: Format { clip, ..Format::of_levels(table) },
        }
    }
}
