//! One number under many formats: what each stores in its place, and which numbers it could have stored.
//!
//! Where a format takes its scale from the largest value of its group, that is 1, or the number itself where it is to
//! stand as its block's largest.

use half::{bf16, f16};

use super::super::standalone;
use crate::engine::control::{Control, Stopped};
use crate::engine::format::Format;
use crate::engine::quantized::Quantized;

/// A way to write numbers down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// As lessons name it.
    pub name: &'static str,
    /// As people read it.
    pub title: &'static str,
    /// Bits of one code; none where people do not count in bits.
    pub bits: Option<u8>,
    way: Way,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Decimals(u8),
    Float(Float),
    /// A format of the engine's table, beside a largest value of 1.
    Format(&'static str),
    /// A format of the engine's table, with the number as its block's largest value.
    Largest(&'static str),
}

/// The plain floats, told apart by their bits.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Float {
    Single,
    Half,
    Brain,
}

const fn row(name: &'static str, title: &'static str, bits: u8, way: Way) -> Row {
    Row { name, title, bits: Some(bits), way }
}

const fn decimals(name: &'static str, title: &'static str, places: u8) -> Row {
    Row { name, title, bits: None, way: Way::Decimals(places) }
}

/// All ways that a lesson can name: decimals, floats, then formats of fewer and fewer bits.
pub const ROWS: [Row; 15] = [
    decimals("decimals-4", "4 decimals", 4),
    decimals("decimals-3", "3 decimals", 3),
    decimals("decimals-2", "2 decimals", 2),
    decimals("decimals-1", "1 decimal", 1),
    row("fp32", "FP32", 32, Way::Float(Float::Single)),
    row("fp16", "FP16", 16, Way::Float(Float::Half)),
    row("bf16", "BF16", 16, Way::Float(Float::Brain)),
    row("e4m3", "FP8 E4M3", 8, Way::Format("fp8_e4m3")),
    row("e5m2", "FP8 E5M2", 8, Way::Format("fp8_e5m2")),
    row("int8", "INT8", 8, Way::Format("int8-tensor")),
    row("int4", "INT4", 4, Way::Format("int4-tensor")),
    row("nf4", "NF4", 4, Way::Format("nf4")),
    row("mxfp4", "MXFP4", 4, Way::Largest("mxfp4")),
    row("int3", "INT3", 3, Way::Format("int3-g32")),
    row("int2", "INT2", 2, Way::Format("int2-g32")),
];

/// The one of [`ROWS`] with this name.
pub fn row_named(name: &str) -> Option<Row> {
    ROWS.into_iter().find(|row| row.name == name)
}

/// A number written down.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// How the number is written.
    pub row: Row,
    /// The number that is stored in its place.
    pub stored: f64,
    /// The level of the code and the scale it is multiplied by, where there is one.
    pub product: Option<(f64, f64)>,
    marks: Marks,
}

#[derive(Clone, Debug, PartialEq)]
enum Marks {
    /// Ascending.
    Listed(Vec<f64>),
    Decimals(f64),
    Float(Float),
}

/// Weights beside the number, zeros but for the largest: a whole block of every format.
const ROW: usize = 64;

/// `value` on each row.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn read(rows: &[Row], value: f64, control: &Control<'_>) -> Result<Vec<Reading>, Stopped> {
    rows.iter().map(|&row| read_one(row, value, control)).collect()
}

fn read_one(row: Row, value: f64, control: &Control<'_>) -> Result<Reading, Stopped> {
    let (name, largest) = match row.way {
        Way::Decimals(places) => {
            let units = 10f64.powi(i32::from(places));
            let stored = (value * units).round() / units;
            return Ok(Reading { row, stored, product: None, marks: Marks::Decimals(units) });
        }
        Way::Float(float) => {
            return Ok(Reading { row, stored: float.rounded(value), product: None, marks: Marks::Float(float) });
        }
        Way::Format(name) => (name, false),
        Way::Largest(name) => (name, true),
    };
    let format = Format::built_in(name);
    let mut raw = vec![0.0f32; ROW];
    raw[0] = value as f32;
    raw[1] = if largest { 0.0 } else { 1.0 };
    let coded = standalone::code(format, &raw, ROW, control)?;
    Ok(Reading {
        row,
        stored: coded.decoded.first().copied().map_or(0.0, f64::from),
        product: product(&coded.quantized),
        marks: Marks::Listed(coded.levels_of(0).into_iter().map(f64::from).collect()),
    })
}

fn product(q: &Quantized<1>) -> Option<(f64, f64)> {
    let scale = q.affines.first()?.scale;
    let level = q.codebooks.first()?.points().get(usize::from(*q.codes.first()?))?[0];
    (scale != 1.0).then_some((f64::from(level), f64::from(scale)))
}

impl Reading {
    /// The numbers from `low` to `high` that could have been stored; none where there are more than `most`.
    pub fn marks(&self, low: f64, high: f64, most: usize) -> Option<Vec<f64>> {
        if self.count(low, high) > most as u64 {
            return None;
        }
        Some(match &self.marks {
            Marks::Listed(levels) => levels.iter().copied().filter(|l| (low..=high).contains(l)).collect(),
            Marks::Decimals(units) => {
                let (first, last) = ((low * units).ceil() as i64, (high * units).floor() as i64);
                (first..=last).map(|k| k as f64 / units).collect()
            }
            Marks::Float(float) => {
                (float.place(low, true)..=float.place(high, false)).map(|place| float.at(place)).collect()
            }
        })
    }

    /// How many numbers from `low` to `high` could have been stored.
    pub fn count(&self, low: f64, high: f64) -> u64 {
        let of = |first: i64, last: i64| (last - first + 1).max(0) as u64;
        match &self.marks {
            Marks::Listed(levels) => levels.iter().filter(|l| (low..=high).contains(*l)).count() as u64,
            Marks::Decimals(units) => of((low * units).ceil() as i64, (high * units).floor() as i64),
            Marks::Float(float) => of(float.place(low, true), float.place(high, false)),
        }
    }

    /// The nearest numbers outside of `low` to `high` that could have been stored.
    pub fn beyond(&self, low: f64, high: f64) -> (Option<f64>, Option<f64>) {
        match &self.marks {
            Marks::Listed(levels) => {
                (levels.iter().copied().rfind(|&l| l < low), levels.iter().copied().find(|&l| l > high))
            }
            Marks::Decimals(units) => {
                (Some(((low * units).ceil() - 1.0) / units), Some(((high * units).floor() + 1.0) / units))
            }
            Marks::Float(float) => {
                (Some(float.at(float.place(low, true) - 1)), Some(float.at(float.place(high, false) + 1)))
            }
        }
    }
}

/// Floats of either sign in rising order have rising places; both zeros are at 0.
impl Float {
    fn rounded(self, x: f64) -> f64 {
        match self {
            Float::Single => f64::from(x as f32),
            Float::Half => f16::from_f64(x).to_f64(),
            Float::Brain => bf16::from_f64(x).to_f64(),
        }
    }

    fn at(self, place: i64) -> f64 {
        let size = place.unsigned_abs();
        let size = match self {
            Float::Single => f64::from(f32::from_bits(size as u32)),
            Float::Half => f16::from_bits(size as u16).to_f64(),
            Float::Brain => bf16::from_bits(size as u16).to_f64(),
        };
        if place < 0 { -size } else { size }
    }

    /// The place of the least float from `x` upwards, or of the greatest up to it.
    fn place(self, x: f64, upwards: bool) -> i64 {
        let size = match self {
            Float::Single => i64::from((x.abs() as f32).to_bits()),
            Float::Half => i64::from(f16::from_f64(x.abs()).to_bits()),
            Float::Brain => i64::from(bf16::from_f64(x.abs()).to_bits()),
        };
        let place = if x < 0.0 { -size } else { size };
        match upwards {
            true if self.at(place) < x => place + 1,
            false if self.at(place) > x => place - 1,
            _ => place,
        }
    }
}
