//! The names of formats: `int4-g32-affine-clip`, `nf4-g32`, `kmeans4-row`, `int8-row-bf16-p99.9`.
//!
//! A row of the table is called what the row says; every other format by its parts: levels, group, how the
//! scale is stored (where not as usual), clipping, rounding.

use std::fmt;
use std::str::FromStr;

use super::coder::Coder;
use super::layout::{Format, LevelRule};
use super::levels::{Group, LevelTable};
use super::table::{find, table};
use crate::engine::error::{FormatFault, NameError};
use crate::engine::fit::Method;
use crate::engine::scale::{Clip, StoredScale};

/// Longer runs than this are a mistake, not a format.
const LONGEST_RUN: u32 = 1 << 20;
const LARGEST_TILE: u32 = 1 << 12;

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row() {
            return f.write_str(row.name);
        }
        match self.rule {
            LevelRule::Symmetric => write!(f, "int{}-{}", self.bits, self.group)?,
            LevelRule::Affine => write!(f, "int{}-{}-affine", self.bits, self.group)?,
            LevelRule::Table(table) => write!(f, "{}-{}", table.name, self.group)?,
            LevelRule::Fitted(method) => write!(f, "{}{}-{}", method.name(), self.bits, self.group)?,
            LevelRule::Block(kind) => {
                return write!(f, "{}{}", kind.name(), if self.clip == Clip::Searched { "+" } else { "" });
            }
            LevelRule::Coded(coder) => return f.write_str(coder.name),
        }
        if self.scale != Format::new(self.rule, self.bits, self.group).scale {
            write!(f, "-{}", self.scale.label().to_ascii_lowercase())?;
        }
        match self.clip {
            Clip::None => {}
            Clip::Searched => write!(f, "-clip")?,
            Clip::Percentile(hundredths) => write!(f, "-p{}", f64::from(hundredths) / 100.0)?,
        }
        if self.stochastic { write!(f, "-sr") } else { Ok(()) }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Group::Tensor => write!(f, "tensor"),
            Group::Row => write!(f, "row"),
            Group::Run(n) => write!(f, "g{n}"),
            Group::Tile(n) => write!(f, "t{n}"),
        }
    }
}

impl Format {
    /// A format by a name that is part of the program.
    ///
    /// # Panics
    /// The name is misspelt: if it were skipped, no one would notice.
    pub fn built_in(name: &str) -> Self {
        name.parse().unwrap_or_else(|why| panic!("{why}"))
    }
}

impl FromStr for Format {
    type Err = NameError;

    fn from_str(name: &str) -> Result<Self, NameError> {
        let lower = name.trim().to_ascii_lowercase();
        if let Some(row) = find(&lower) {
            return Ok(row.format);
        }
        if let Some(coder) = Coder::named(&lower) {
            return Ok(Format::coded(coder));
        }
        let (head, tail) = split_head(&lower);
        let format = head_of(head).and_then(|head| with_tail(head, &tail));
        format.map_err(|why| NameError::Format { name: name.to_owned(), why })
    }
}

/// `median-cut4-row` → (`median-cut4`, [`row`]): a method's name may have hyphens of its own.
fn split_head(name: &str) -> (&str, Vec<&str>) {
    let skip = Method::ALL.into_iter().find(|m| name.starts_with(m.name())).map_or(0, |method| method.name().len());
    let end = name[skip..].find('-').map_or(name.len(), |at| at + skip);
    (&name[..end], name[end..].split('-').skip(1).collect())
}

/// The format that a head alone stands for.
fn head_of(head: &str) -> Result<Format, FormatFault> {
    if let Some(table) = level_table(head) {
        return Ok(Format::of_levels(table));
    }
    let digits = head.find(|c: char| c.is_ascii_digit()).unwrap_or(head.len());
    let (family, bits) = head.split_at(digits);
    let rule = match family {
        "int" => LevelRule::Symmetric,
        _ => LevelRule::Fitted(Method::from_name(family).ok_or_else(|| FormatFault::Family(head.to_owned()))?),
    };
    match bits.parse() {
        Ok(bits @ 1..=8) => Ok(Format::new(rule, bits, Group::Tensor)),
        _ => Err(FormatFault::Bits(family.to_owned())),
    }
}

/// The levels of any row of the table, so that a new row's can be given another group or scale.
pub(super) fn level_table(name: &str) -> Option<&'static LevelTable> {
    table().into_iter().find_map(|row| match row.format.rule {
        LevelRule::Table(levels) if levels.name == name => Some(levels),
        _ => None,
    })
}

fn with_tail(head: Format, tail: &[&str]) -> Result<Format, FormatFault> {
    let (mut format, fitted) = (head, matches!(head.rule, LevelRule::Fitted(_)));
    let (mut named_group, mut named_scale) = (false, None);
    for &part in tail {
        let allowed = match part {
            "affine" if format.rule == LevelRule::Symmetric => {
                format.rule = LevelRule::Affine;
                true
            }
            "clip" if format.clip == Clip::None => {
                format.clip = Clip::Searched;
                !fitted
            }
            "sr" if !format.stochastic => {
                format.stochastic = true;
                !fitted
            }
            _ => match (group(part), scale(part), percentile(part)) {
                (Some(group), ..) if !named_group => {
                    (format.group, named_group) = (group, true);
                    true
                }
                (_, Some(scale), _) if named_scale.is_none() => {
                    named_scale = Some(scale);
                    !fitted
                }
                (.., Some(clip)) if format.clip == Clip::None => {
                    format.clip = clip;
                    !fitted
                }
                _ => false,
            },
        };
        if !allowed {
            return Err(FormatFault::Part(part.to_owned()));
        }
    }
    format.scale = named_scale.unwrap_or(Format::new(format.rule, format.bits, format.group).scale);
    if format.group == Group::Tensor && format.scale.needs_unit() {
        return Err(FormatFault::NoGroups(format.scale.label()));
    }
    Ok(format)
}

pub(super) fn group(part: &str) -> Option<Group> {
    let length = |digits: &str, longest: u32| digits.parse().ok().filter(|n| (1..=longest).contains(n));
    match part {
        "tensor" => Some(Group::Tensor),
        "row" => Some(Group::Row),
        _ => match part.as_bytes().first()? {
            b'g' => length(&part[1..], LONGEST_RUN).map(Group::Run),
            b't' => length(&part[1..], LARGEST_TILE).map(Group::Tile),
            _ => None,
        },
    }
}

pub(super) fn scale(part: &str) -> Option<StoredScale> {
    StoredScale::ALL.into_iter().find(|scale| scale.label().eq_ignore_ascii_case(part))
}

/// `p99.9`
fn percentile(part: &str) -> Option<Clip> {
    let percent: f64 = part.strip_prefix('p')?.parse().ok()?;
    let hundredths = (percent * 100.0).round();
    (5000.0..10000.0).contains(&hundredths).then_some(Clip::Percentile(hundredths as u16))
}

kept_by_name!(Format);
