//! The names of codings: `learned4`, `vq4-b12`, `hqq4-g64`, `had-int4-g32-clip`, `trellis2`,
//! `ec4.4-row-trellis`.

use std::fmt;
use std::str::FromStr;

use super::{Coding, RotatedGroup, Wanted};

/// Longer runs than this are a mistake, not a format.
const LONGEST_RUN: u32 = 1 << 20;
/// Fewer bits are all zeros, more are a file of its own.
const CENTIBITS: std::ops::RangeInclusive<f64> = 50.0..=800.0;

impl fmt::Display for Coding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Coding::Learned { bits } => write!(f, "learned{bits}"),
            Coding::Vector { dimension, entry_bits } => write!(f, "vq{dimension}-b{entry_bits}"),
            Coding::HalfQuadratic { bits, group } => write!(f, "hqq{bits}-g{group}"),
            Coding::Trellis { bits } => write!(f, "trellis{bits}"),
            Coding::Entropy(Wanted { centibits, by_row, trellis }) => {
                write!(f, "ec{}", f64::from(centibits) / 100.0)?;
                write!(f, "{}{}", if by_row { "-row" } else { "" }, if trellis { "-trellis" } else { "" })
            }
            Coding::Rotated { bits, group, clip } => {
                write!(f, "had-int{bits}-")?;
                match group {
                    RotatedGroup::Row => write!(f, "row")?,
                    RotatedGroup::Run(n) => write!(f, "g{n}")?,
                }
                if clip { write!(f, "-clip") } else { Ok(()) }
            }
        }
    }
}

impl FromStr for Coding {
    /// Says what is wrong with the name, in one line.
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let lower = name.trim().to_ascii_lowercase();
        parse(&lower).ok_or_else(|| format!("no coding is called '{name}'"))
    }
}

fn parse(name: &str) -> Option<Coding> {
    if let Some(bits) = name.strip_prefix("learned") {
        return Some(Coding::Learned { bits: number(bits, 1..=6)? });
    }
    if let Some(rest) = name.strip_prefix("vq") {
        let (dimension, entry_bits) = rest.split_once("-b")?;
        let dimension = number(dimension, 2..=8).filter(|d: &u8| matches!(d, 2 | 4 | 8))?;
        return Some(Coding::Vector { dimension, entry_bits: number(entry_bits, 1..=12)? });
    }
    if let Some(rest) = name.strip_prefix("hqq") {
        let (bits, group) = rest.split_once("-g")?;
        return Some(Coding::HalfQuadratic { bits: number(bits, 1..=8)?, group: number(group, 1..=LONGEST_RUN)? });
    }
    if let Some(bits) = name.strip_prefix("trellis") {
        return Some(Coding::Trellis { bits: number(bits, 1..=4)? });
    }
    if let Some(rest) = name.strip_prefix("ec") {
        return entropy(rest).map(Coding::Entropy);
    }
    let rest = name.strip_prefix("had-int")?;
    let (rest, clip) = rest.strip_suffix("-clip").map_or((rest, false), |rest| (rest, true));
    let (bits, group) = rest.split_once('-')?;
    let group = match group.strip_prefix('g') {
        Some(n) => RotatedGroup::Run(number(n, 1..=LONGEST_RUN)?),
        None if group == "row" => RotatedGroup::Row,
        None => return None,
    };
    Some(Coding::Rotated { bits: number(bits, 2..=8)?, group, clip })
}

/// `4.4-row-trellis`
fn entropy(rest: &str) -> Option<Wanted> {
    let (rest, trellis) = rest.strip_suffix("-trellis").map_or((rest, false), |rest| (rest, true));
    let (bits, by_row) = rest.strip_suffix("-row").map_or((rest, false), |bits| (bits, true));
    let plain = bits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let centibits = (bits.parse::<f64>().ok().filter(|_| plain)? * 100.0).round();
    CENTIBITS.contains(&centibits).then_some(Wanted { centibits: centibits as u16, by_row, trellis })
}

fn number<T: FromStr + PartialOrd>(digits: &str, within: std::ops::RangeInclusive<T>) -> Option<T> {
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|n| plain && within.contains(n))
}

kept_by_name!(Coding);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_coding_parses_back_from_its_name() {
        for &coding in Coding::LISTED {
            assert_eq!(coding.to_string().parse(), Ok(coding));
        }
    }

    #[test]
    fn names_that_mean_nothing_are_refused() {
        for name in [
            "",
            "learned",
            "learned0",
            "learned7",
            "learned04",
            "vq3-b8",
            "vq2-b13",
            "hqq4",
            "had-int4-g0",
            "trellis5",
            "ec",
            "ec9",
            "ec1e0",
            "ec-row",
            "ec3-trellis-row",
        ] {
            assert!(name.parse::<Coding>().is_err(), "{name}");
        }
    }
}
