//! A part of a tensor through whatever encodes its format: a recipe, blocks of bytes, or a coder of its
//! own. What comes out is the same for all: what the weights decode to, and the bits; and where it is
//! asked for, the codes, scales and levels behind it.

use std::borrow::Cow;
use std::ops::Range;

use half::f16;

use crate::engine::assign::dithering::Dithering;
use crate::engine::block::{self, Kind, LengthError};
use crate::engine::codebook::Codebook;
use crate::engine::coding::TensorPlan;
use crate::engine::control::{Control, Stopped};
use crate::engine::format::{Clip, Coder, Format, LevelRule, Stored, Unit, stored_as};
use crate::engine::grouping::Grouping;
use crate::engine::quantized::{Affine, Quantized};
use crate::engine::rate::Rate;
use crate::engine::recipe::{Recipe, Shared};
use crate::engine::samples::{Samples, all_finite};

/// Where rows longer than a part may be cut: no coder's groups are longer.
const CUT: usize = 1 << 12;

/// Weights in a part of the work.
pub const PART: usize = 1 << 16;

/// A row longer than this is looked at in pieces of so many weights.
pub(crate) const PIECE: usize = 1 << 14;

pub(crate) enum Encoder {
    Recipe {
        recipe: Recipe<1>,
        /// What all parts share, already found.
        shared: Shared<1>,
    },
    Blocks {
        stored: Stored,
        /// Under the better search.
        plus: bool,
        /// What the codes stand for; none for f16.
        levels: Option<Codebook<1>>,
    },
    Coder {
        coder: &'static Coder,
        /// What all parts share, already found, where there is such a thing.
        plan: Option<Box<dyn TensorPlan>>,
    },
}

/// What became of a part.
pub(crate) struct Encoded {
    pub decoded: Vec<f32>,
    pub rate: Rate,
    /// Codes, scales and levels; no codes where the format has none that could be drawn, or where no one
    /// asked for them.
    pub quantized: Quantized<1>,
}

impl Encoder {
    /// For rows of `row` weights. A recipe's shared part is empty as yet.
    pub(crate) fn new(format: Format, row: usize) -> Self {
        match (format.rule, format.recipe()) {
            (LevelRule::Block(kind), _) => {
                let stored = stored_as(kind, row);
                let plus = format.clip == Clip::Searched;
                Self::Blocks { stored, plus, levels: kind_of(stored).map(Kind::levels) }
            }
            (LevelRule::Coded(coder), _) => Self::Coder { coder, plan: None },
            (_, Some(recipe)) => Self::Recipe { recipe, shared: Shared::default() },
            // Every rule but the two above has a recipe.
            (_, None) => Self::f16(),
        }
    }

    /// Sixteen bits a weight, whatever the format.
    pub(crate) fn f16() -> Self {
        Self::Blocks { stored: Stored::F16, plus: false, levels: None }
    }

    /// The bits that all parts share, counted once.
    pub(crate) fn shared_rate(&self, of: &Quantized<1>) -> Rate {
        match self {
            Encoder::Recipe { recipe, .. } => recipe.shared_rate(of),
            Encoder::Coder { plan: Some(plan), .. } => plan.rate(),
            _ => Rate::default(),
        }
    }

    /// Whether it was asked for a rate, not for a width of codes.
    pub(crate) fn promises_rate(&self) -> bool {
        matches!(self, Encoder::Coder { plan: Some(plan), .. } if plan.promises_rate())
    }

    /// Whether all parts have to be coded again, for fewer bits than this: a promised rate is kept.
    pub(crate) fn tighten(&mut self, rate: Rate) -> bool {
        match self {
            Encoder::Coder { plan: Some(plan), .. } => plan.tighten(rate),
            _ => false,
        }
    }

    /// Which weights share a scale, as [`Encoded::quantized`] has it.
    pub(crate) fn grouping(&self) -> Grouping {
        match self {
            Encoder::Recipe { recipe, .. } => recipe.grouping,
            Encoder::Blocks { stored, .. } => Grouping::Runs(kind_of(*stored).map_or(1, Kind::run)),
            Encoder::Coder { .. } => Grouping::Whole,
        }
    }

    /// Whether one codebook serves all groups.
    pub(crate) fn shares_codebook(&self) -> bool {
        match self {
            Encoder::Recipe { recipe, .. } => recipe.shares_codebook(),
            _ => true,
        }
    }

    /// Weights in a row as [`Encoded::quantized`] counts them: blocks may run on over the ends of rows.
    pub(crate) fn width(&self, row: usize) -> usize {
        match self {
            Encoder::Blocks { stored: Stored::Flat(_), .. } => usize::MAX,
            _ => row,
        }
    }

    /// Whether no weight can be coded without all others.
    pub(crate) fn codes_all_at_once(&self) -> bool {
        matches!(self, Encoder::Coder { coder: Coder { unit: Unit::Tensor, .. }, .. })
    }

    /// Whether a row is coded alike on its own and among others; `in_pieces`: a piece of a row on whole groups.
    pub(crate) fn rows_stand_alone(&self, in_pieces: bool) -> bool {
        match self {
            Encoder::Coder { .. } | Encoder::Blocks { stored: Stored::Flat(_), .. } => false,
            Encoder::Blocks { stored: Stored::Whole(kind), .. } => !in_pieces || PIECE.is_multiple_of(kind.block_len()),
            Encoder::Blocks { .. } => !in_pieces,
            Encoder::Recipe { recipe, .. } => match recipe.grouping {
                // The thresholds of a dither depend on the place in a part.
                _ if recipe.dither != Dithering::NONE => false,
                Grouping::Whole => true,
                Grouping::Rows => !in_pieces,
                Grouping::Runs(n) => !in_pieces || PIECE.is_multiple_of(n),
                Grouping::Tiles { .. } => false,
            },
        }
    }

    /// Ranges of weights that can be coded on their own: whole rows, whole runs of a long row, whole rows
    /// of tiles, or all at once.
    pub(crate) fn part_ranges(&self, values: usize, row: usize) -> Vec<Range<usize>> {
        let step = match self {
            Encoder::Coder { coder: Coder { unit: Unit::Tensor, .. }, .. } => values.max(1),
            Encoder::Coder { coder: Coder { unit: Unit::PlannedRows, .. }, .. } if row > PART => {
                return parts_of_long_rows(values, row, CUT);
            }
            Encoder::Coder { .. } => (PART / row).max(1) * row,
            Encoder::Blocks { stored: Stored::Flat(_), .. } => PART,
            Encoder::Blocks { stored: Stored::Whole(kind), .. } if row > PART => {
                return parts_of_long_rows(values, row, kind.block_len());
            }
            Encoder::Recipe { recipe, .. } => match recipe.grouping {
                Grouping::Whole => PART,
                Grouping::Runs(n) if row > PART => return parts_of_long_rows(values, row, n),
                Grouping::Tiles { h, .. } => (PART / (row * h)).max(1) * row * h,
                _ => (PART / row).max(1) * row,
            },
            Encoder::Blocks { .. } => (PART / row).max(1) * row,
        };
        (0..values).step_by(step).map(|start| start..(start + step).min(values)).collect()
    }

    /// Encodes a part; `split`: codes and scales are wanted too. `importance`: how much each weight's
    /// squared error counts, for those that take notice.
    pub(crate) fn encode(
        &self,
        raw: &[f32],
        row: usize,
        importance: Option<&[f32]>,
        split: bool,
        control: &Control<'_>,
    ) -> Result<Encoded, Stopped> {
        match self {
            Encoder::Recipe { recipe, shared } => {
                if !split
                    && importance.is_none()
                    && let Some((decoded, rate)) = recipe.decoded(raw, row.min(raw.len()))
                {
                    return Ok(Encoded { decoded, rate, quantized: nothing(row) });
                }
                let (values, weights) = finite_points(raw, importance);
                let quantized = recipe.encode_with(shared, samples(&values, weights.as_deref(), row), control)?;
                Ok(Encoded { decoded: decode(&quantized), rate: recipe.part_rate(&quantized), quantized })
            }
            Encoder::Blocks { stored, plus, levels } => {
                let encode = Rows { plus: *plus, importance: importance.filter(|_| *plus) };
                Ok(blocks(*stored, encode, levels.as_ref(), raw, row, split))
            }
            Encoder::Coder { coder, plan } => {
                let (values, weights) = finite_points(raw, importance);
                let coded = coder.encode_part(plan.as_deref(), samples(&values, weights.as_deref(), row), control)?;
                Ok(Encoded { decoded: coded.values, rate: coded.rate, quantized: nothing(row) })
            }
        }
    }
}

impl Encoder {
    /// The bytes of a part, for block formats and f16; none for others.
    pub(crate) fn bytes(&self, raw: &[f32], row: usize, importance: Option<&[f32]>) -> Option<Vec<u8>> {
        let Encoder::Blocks { stored, plus, .. } = self else { return None };
        let rows = Rows { plus: *plus, importance: importance.filter(|_| *plus) };
        Some(block_bytes(*stored, rows, raw, row))
    }
}

fn samples<'a>(values: &'a [[f32; 1]], weights: Option<&'a [f32]>, row: usize) -> Samples<'a, 1> {
    Samples { values, width: row.min(values.len()).max(1), weights }
}

fn parts_of_long_rows(values: usize, row: usize, run: usize) -> Vec<Range<usize>> {
    let inside = (PART / run).max(1) * run;
    (0..values.div_ceil(row))
        .flat_map(|r| (r * row..((r + 1) * row).min(values)).step_by(inside).map(move |s| (r, s)))
        .map(|(r, s)| s..(s + inside).min((r + 1) * row).min(values))
        .collect()
}

fn kind_of(stored: Stored) -> Option<Kind> {
    match stored {
        Stored::Whole(kind) | Stored::Padded(kind) | Stored::Flat(kind) => Some(kind),
        Stored::F16 => None,
    }
}

/// How rows become blocks.
#[derive(Clone, Copy)]
struct Rows<'a> {
    /// Under the better search, the only one that an importance is for.
    plus: bool,
    importance: Option<&'a [f32]>,
}

impl Rows<'_> {
    fn encode(self, kind: Kind, row: &[f32], out: &mut Vec<u8>) -> Result<(), LengthError> {
        match self.plus {
            true => block::encode_row_plus(kind, row, self.importance, out),
            false => block::encode_row(kind, row, out),
        }
    }
}

/// Blocks of whole rows, or of a part of one. What is not finite is coded as 0, and so spoils nothing.
fn blocks(
    stored: Stored,
    rows: Rows<'_>,
    levels: Option<&Codebook<1>>,
    raw: &[f32],
    row: usize,
    split: bool,
) -> Encoded {
    let (Some(kind), Some(levels)) = (kind_of(stored), levels) else { return as_f16(raw) };
    let (row, padded) = row_of(stored, kind, raw.len(), row);
    let (bytes, mut decoded) = (block_bytes(stored, rows, raw, row), Vec::new());
    let _ = block::decode_row(kind, &bytes, &mut decoded);
    let mut affines = if split { block::affines(kind, &bytes) } else { Vec::new() };
    if padded != row {
        decoded = without_padding(&decoded, padded, row);
        affines = without_padding(&affines, padded / kind.run(), row.div_ceil(kind.run()));
    }
    let quantized = match split {
        true => taken_apart(kind, levels, &decoded, affines, row),
        false => nothing(row),
    };
    Encoded { rate: block_rate(kind, bytes.len(), raw.len()), decoded, quantized }
}

/// Weights in a row as its blocks see it, and what that is filled up to.
fn row_of(stored: Stored, kind: Kind, len: usize, row: usize) -> (usize, usize) {
    let row = if matches!(stored, Stored::Flat(_)) { len } else { row.min(len).max(1) };
    (row, row.next_multiple_of(kind.block_len()))
}

/// The bytes of whole rows, or of a part of one.
fn block_bytes(stored: Stored, rows: Rows<'_>, raw: &[f32], row: usize) -> Vec<u8> {
    let Some(kind) = kind_of(stored) else {
        return raw.iter().flat_map(|&x| f16::from_f32(x).to_le_bytes()).collect();
    };
    let (row, padded) = row_of(stored, kind, raw.len(), row);
    let finite = |x: f32| if x.is_finite() { x } else { 0.0 };
    let mut bytes = Vec::new();
    if padded == row && all_finite(raw) {
        // The length is a whole number of blocks: nothing here can refuse.
        let _ = rows.encode(kind, raw, &mut bytes);
        return bytes;
    }
    let (mut line, mut weights) = (vec![0.0; padded], vec![0.0; padded]);
    for (r, part) in raw.chunks(row).enumerate() {
        line.iter_mut().zip(part).for_each(|(to, &from)| *to = finite(from));
        let given = rows.importance.and_then(|all| all.get(r * row..r * row + part.len()));
        let given = given.map(|given| {
            weights[..part.len()].copy_from_slice(given);
            weights.as_slice()
        });
        let _ = Rows { importance: given, ..rows }.encode(kind, &line, &mut bytes);
    }
    bytes
}

fn without_padding<T: Copy>(values: &[T], padded: usize, kept: usize) -> Vec<T> {
    values.chunks(padded.max(1)).flat_map(|line| &line[..kept.min(line.len())]).copied().collect()
}

fn taken_apart(
    kind: Kind,
    levels: &Codebook<1>,
    decoded: &[f32],
    affines: Vec<Affine<1>>,
    width: usize,
) -> Quantized<1> {
    let grouping = Grouping::Runs(kind.run());
    let codes = (0..decoded.len()).map(|i| {
        let affine = affines.get(grouping.group_of(i, width)).copied().unwrap_or(Affine::IDENTITY);
        levels.nearest(affine.invert([decoded[i]]))
    });
    let codes = codes.collect();
    Quantized { width, codes, grouping, affines, codebooks: vec![levels.clone()], rate: Rate::default() }
}

fn block_rate(kind: Kind, bytes: usize, samples: usize) -> Rate {
    let blocks = (bytes / kind.block_bytes()) as u64;
    let codes = blocks * kind.code_bits() as u64;
    let zero_bits = blocks * kind.minima_bits() as u64;
    // Codes of weights that are not there.
    let padding_bits = codes - codes * samples as u64 / (blocks * kind.block_len() as u64).max(1);
    let side_bits = bytes as u64 * 8 - codes - zero_bits;
    let index_bits = codes - padding_bits;
    Rate { index_bits, side_bits, zero_bits, padding_bits, samples: samples as u64, ..Rate::default() }
}

fn as_f16(raw: &[f32]) -> Encoded {
    let decoded: Vec<f32> = raw.iter().map(|&x| f16::from_f32(x).to_f32()).collect();
    let samples = raw.len() as u64;
    let rate = Rate { index_bits: samples * 16, samples, ..Rate::default() };
    Encoded { decoded, rate, quantized: nothing(raw.len()) }
}

pub(crate) fn nothing(width: usize) -> Quantized<1> {
    let (codes, affines, codebooks) = (Vec::new(), Vec::new(), Vec::new());
    Quantized { width, codes, grouping: Grouping::Whole, affines, codebooks, rate: Rate::default() }
}

/// An importance of nothing still keeps a weight within its scale's range.
const LEAST_IMPORTANCE: f32 = 1e-6;

/// Points for the encoder, with their importances (of mean 1) where there are any; a weight of 0 for what is not a
/// finite number.
pub(crate) fn finite_points<'a>(raw: &'a [f32], importance: Option<&[f32]>) -> (Cow<'a, [[f32; 1]]>, Option<Vec<f32>>) {
    let points = match all_finite(raw) {
        true => Cow::Borrowed(raw.as_chunks().0),
        false => raw.iter().map(|&x| [if x.is_finite() { x } else { 0.0 }]).collect(),
    };
    let Some(importance) = importance else {
        let holes = matches!(points, Cow::Owned(_));
        return (points, holes.then(|| raw.iter().map(|x| f32::from(u8::from(x.is_finite()))).collect()));
    };
    let sum: f64 = importance.iter().map(|w| f64::from(*w)).sum();
    let mean = if sum > 0.0 { sum / importance.len() as f64 } else { 1.0 };
    let counted = |(x, w): (&f32, &f32)| match x.is_finite() {
        true => ((f64::from(*w) / mean) as f32).max(LEAST_IMPORTANCE),
        false => 0.0,
    };
    (points, Some(raw.iter().zip(importance).map(counted).collect()))
}

fn decode(quantized: &Quantized<1>) -> Vec<f32> {
    let mut points = Vec::with_capacity(quantized.codes.len());
    quantized.decode_into(0..quantized.codes.len(), &mut points);
    points.into_flattened()
}
