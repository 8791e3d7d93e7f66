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

use super::group::Group;
use super::layout::Format;
use super::levels::{LevelSource, LevelTable};
use super::table::{Family, Row};
use crate::engine::recipe::bits_for;
use crate::engine::scale::{Clip, StoredScale};

/// More levels than the widest code of the plain formats tells apart.
const MOST_LEVELS: usize = 256;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    name: String,
    levels: Vec<f32>,
    #[serde(default = "usual_group")]
    group: String,
    #[serde(default = "usual_scale")]
    scale: String,
    #[serde(default)]
    clip: bool,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    source: String,
}

fn usual_group() -> String {
    "g32".to_owned()
}

fn usual_scale() -> String {
    "f16".to_owned()
}

/// # Errors
/// A sentence for people that names the row and what is wrong with it.
pub fn rows_from_json(text: &str) -> Result<Vec<Row>, String> {
    let given: Vec<Given> = serde_json::from_str(text).map_err(|e| format!("is no list of number formats: {e}"))?;
    given.into_iter().map(|g| row(&g).map_err(|why| format!("the number format '{}' {why}", g.name))).collect()
}

fn row(given: &Given) -> Result<Row, String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    let head = given.name.split('-').next().unwrap_or_default();
    if head.is_empty() || !given.name.chars().all(plain) {
        return Err("needs a name of lower-case letters, digits, '-', '_' and '.'".to_owned());
    }
    let mut levels = given.levels.clone();
    levels.sort_by(f32::total_cmp);
    levels.dedup();
    if levels.len() < 2 || levels.len() > MOST_LEVELS || levels.iter().any(|x| !x.is_finite()) {
        return Err(format!("needs 2 to {MOST_LEVELS} different finite levels"));
    }
    let group = super::name::group(&given.group).ok_or_else(|| format!("has no group '{}'", given.group))?;
    let scale = super::name::scale(&given.scale).ok_or_else(|| format!("has no scale '{}'", given.scale))?;
    if group == Group::Tensor && scale.needs_unit() {
        return Err(format!("has one scale, which {} is too narrow for", scale.label()));
    }
    Ok(built(given, head, levels, group, scale))
}

/// Rows live as long as the program: what they refer to is leaked.
fn built(given: &Given, head: &str, levels: Vec<f32>, group: Group, scale: StoredScale) -> Row {
    let leaked = |text: String| -> &'static str { text.leak() };
    let layout = format!("{} levels, {} scale", levels.len(), scale.label());
    let code_bits = bits_for(levels.len()) as u8;
    let levels = LevelSource::Listed(levels.leak());
    let table: &'static LevelTable =
        Box::leak(Box::new(LevelTable { name: leaked(head.to_owned()), code_bits, levels, group, scale }));
    let clip = if given.clip { Clip::Searched } else { Clip::None };
    let or = |text: &String, otherwise: &str| leaked(if text.is_empty() { otherwise.to_owned() } else { text.clone() });
    Row {
        name: leaked(given.name.clone()),
        family: Family::Own,
        purpose: or(&given.purpose, "a format of your own"),
        layout: leaked(layout),
        source: or(&given.source, "your own"),
        format: Format { clip, ..Format::of_levels(table) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_row_is_said_with_its_name() {
        for (text, why) in [
            ("{}", "no list"),
            (r#"[{"name": "A b", "levels": [0, 1]}]"#, "'A b' needs a name"),
            (r#"[{"name": "one", "levels": [1, 1]}]"#, "'one' needs 2 to 256"),
            (r#"[{"name": "two", "levels": [0, 1], "group": "q7"}]"#, "'two' has no group 'q7'"),
            (r#"[{"name": "two", "levels": [0, 1], "scale": "f17"}]"#, "'two' has no scale 'f17'"),
            (r#"[{"name": "two", "levels": [0, 1], "group": "tensor", "scale": "e4m3"}]"#, "too narrow"),
            (r#"[{"name": "two", "levels": [0, 1], "colour": 3}]"#, "colour"),
        ] {
            let error = rows_from_json(text).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
