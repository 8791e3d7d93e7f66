//! The names of formats: `int4-g32-affine-clip`, `nf4`, `kmeans4-row`.

use std::fmt;
use std::str::FromStr;

use super::{Format, Group, LevelRule};
use crate::engine::block::Kind;
use crate::engine::fit::Method;

/// The group of NF4 where its name gives none (QLoRA's block).
const NF4_GROUP: Group = Group::Run(64);
/// Longer runs than this are a mistake, not a format.
const LONGEST_RUN: u32 = 1 << 20;

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rule {
            LevelRule::Symmetric | LevelRule::Affine => write!(f, "int{}-{}", self.bits, self.group)?,
            LevelRule::Nf4 if self.group == NF4_GROUP => write!(f, "nf4")?,
            LevelRule::Nf4 => write!(f, "nf4-{}", self.group)?,
            LevelRule::Fitted(method) => write!(f, "{}{}-{}", method.name(), self.bits, self.group)?,
            LevelRule::Block(kind) => return write!(f, "{}", kind.name()),
        }
        if self.rule == LevelRule::Affine {
            write!(f, "-affine")?;
        }
        if self.clip { write!(f, "-clip") } else { Ok(()) }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Group::Tensor => write!(f, "tensor"),
            Group::Row => write!(f, "row"),
            Group::Run(n) => write!(f, "g{n}"),
        }
    }
}

impl FromStr for Format {
    /// Says what is wrong with the name, in one line.
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let lower = name.trim().to_ascii_lowercase();
        // NF4 is among the formats with a group of their choice.
        if let Some(kind) = Kind::from_name(&lower).filter(|k| *k != Kind::Nf4) {
            return Ok(Format::block(kind));
        }
        let (head, tail) = split_head(&lower);
        let refuse = |why: &str| Err(format!("no number format is called '{name}': {why}; see 'quantscope formats'"));
        let (rule, bits) = match level_rule(head) {
            Ok(found) => found,
            Err(why) => return refuse(&why),
        };
        let mut format = Format { rule, bits, group: Group::Tensor, clip: false };
        if rule == LevelRule::Nf4 {
            format.group = NF4_GROUP;
        }
        let mut named_group = false;
        for part in tail {
            match (part, group(part)) {
                (_, Some(group)) if !named_group => (format.group, named_group) = (group, true),
                ("affine", _) if format.rule == LevelRule::Symmetric => format.rule = LevelRule::Affine,
                ("clip", _) if !format.clip && !matches!(rule, LevelRule::Fitted(_)) => format.clip = true,
                _ => return refuse(&format!("'-{part}' does not belong there")),
            }
        }
        Ok(format)
    }
}

/// `median-cut4-row` → (`median-cut4`, [`row`]): only this family has a hyphen in its own name.
fn split_head(name: &str) -> (&str, Vec<&str>) {
    let skip = if name.starts_with("median-") { "median-".len() } else { 0 };
    let end = name[skip..].find('-').map_or(name.len(), |at| at + skip);
    (&name[..end], name[end..].split('-').skip(1).collect())
}

fn level_rule(head: &str) -> Result<(LevelRule, u8), String> {
    if head == "nf4" {
        return Ok((LevelRule::Nf4, 4));
    }
    let digits = head.find(|c: char| c.is_ascii_digit()).unwrap_or(head.len());
    let (family, bits) = head.split_at(digits);
    let rule = match family {
        "int" => LevelRule::Symmetric,
        _ => match Method::ALL.into_iter().find(|m| m.name() == family) {
            Some(method) => LevelRule::Fitted(method),
            None => return Err(format!("'{head}' is no family of formats")),
        },
    };
    match bits.parse() {
        Ok(bits @ 1..=8) => Ok((rule, bits)),
        _ => Err(format!("'{family}' takes 1 to 8 bits")),
    }
}

fn group(part: &str) -> Option<Group> {
    match part {
        "tensor" => Some(Group::Tensor),
        "row" => Some(Group::Row),
        _ => match part.strip_prefix('g')?.parse() {
            Ok(n) if (1..=LONGEST_RUN).contains(&n) => Some(Group::Run(n)),
            _ => None,
        },
    }
}

impl From<Format> for String {
    fn from(format: Format) -> String {
        format.to_string()
    }
}

impl TryFrom<String> for Format {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for name in [
            "int8-tensor",
            "int4-row",
            "int3-g128",
            "int2-g16-affine",
            "int4-g32-affine-clip",
            "int4-g32-clip",
            "nf4",
            "nf4-g32",
            "nf4-row-clip",
            "kmeans4-row",
            "median-cut3-g64",
            "wu8-tensor",
            "uniform2-g1",
            "int1-g32",
            "q4_k",
            "mxfp4",
        ] {
            let format: Format = name.parse().expect(name);
            assert_eq!(format.to_string(), name);
        }
        assert_eq!("INT8".parse::<Format>().unwrap().to_string(), "int8-tensor");
        assert_eq!("int4-affine-g32".parse::<Format>().unwrap().to_string(), "int4-g32-affine");
        assert_eq!("nf4-g64".parse::<Format>().unwrap().to_string(), "nf4");
    }

    #[test]
    fn a_name_that_is_none_is_refused_in_one_line_that_names_it() {
        for name in [
            "",
            "int",
            "int9",
            "int0",
            "int4-g0",
            "int4-g",
            "int4-g32-row",
            "int4-g32-affine-affine",
            "nf5",
            "kmeans4-row-affine",
            "q9_k",
            "median-",
            "int4--g32",
            "int4-g99999999999",
            "é4",
            "int4-clip-clip",
        ] {
            let why = name.parse::<Format>().unwrap_err();
            assert!(why.contains(&format!("'{name}'")) && !why.contains('\n'), "{why}");
        }
    }
}
