//! The table of formats: one row for each that is worth choosing.
//!
//! The command line's list, the window's picker, the format comparison, the documents and the tests all read it.
//! A format that is a grouping, a scale rule and a codebook takes one row here, and nothing elsewhere;
//! so does one whose encoder is a block [`Kind`] or a [`Coder`] of the engine.

use std::borrow::Cow;
use std::sync::{LazyLock, PoisonError, RwLock};

use serde::Serialize;

use super::coder::Coder;
use super::double::NF4_DOUBLE;
use super::family::Family;
use super::layout::{Format, LevelRule};
use super::levels::{E2M1, E4M3, E5M2, Group, NF4};
use crate::engine::block::{Facts, GridKind, Kind};
use crate::engine::coding;
use crate::engine::error::FormatListError;
use crate::engine::fit::Method;
use crate::engine::scale::{Clip, StoredScale};

/// A format as data.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// In lower case; what the format is called everywhere.
    pub name: &'static str,
    /// The heading that it is listed under.
    pub family: Family,
    /// What it is for, in one line.
    pub purpose: &'static str,
    /// What is stored, in one line.
    pub layout: &'static str,
    /// Who defines it.
    pub source: &'static str,
    /// The format that the name stands for.
    pub format: Format,
}

/// A format that is read from files, and that nothing here encodes: listed, and not offered where one is chosen.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ReadOnly {
    /// In lower case, as in `iq2_xxs`: the name that files use.
    pub name: &'static str,
    /// What it is for, in one line.
    pub purpose: &'static str,
    /// What a block holds, in one line.
    pub layout: &'static str,
    /// Who defines it.
    pub source: &'static str,
    /// Bits a weight, scales and signs included.
    pub bits_per_weight: f64,
}

/// All formats that are only read.
pub fn read_only() -> impl Iterator<Item = ReadOnly> {
    GridKind::ALL.into_iter().map(|kind| ReadOnly {
        name: kind.name(),
        purpose: "read from GGUF files; whoever writes it needs an importance matrix",
        layout: kind.row().layout,
        source: "ggml, the library under llama.cpp",
        bits_per_weight: kind.bits_per_weight(),
    })
}

/// Names that are made of parts: what the table's rows are examples of.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The form of the names, with letters in capitals for what varies, as in `intB-GROUP[-affine]`.
    pub name: Cow<'static, str>,
    /// What such names mean, in one line.
    pub purpose: &'static str,
    /// Bits a weight, as a formula in the letters of the name or in words.
    pub bits_per_weight: &'static str,
    /// A name of this form.
    pub example: &'static str,
}

/// All forms of names, in the order in which the command line lists them.
pub static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    vec![
        Pattern {
            name: Cow::Borrowed("intB-GROUP[-affine]"),
            purpose: "integers of B = 1 to 8 bits; GROUP is tensor, row, gN (N weights of a row) or tN (N x N weights)",
            bits_per_weight: "B + scale/group; with a zero point B + (scale + B)/group",
            example: "int4-g32-affine",
        },
        Pattern {
            name: Cow::Borrowed("LEVELS-GROUP"),
            purpose: "a fixed table of levels (nf4, e2m1, fp8_e4m3, fp8_e5m2) with a scale for each group",
            bits_per_weight: "bits of a code + scale/group",
            example: "fp8_e4m3-row",
        },
        Pattern {
            name: Cow::Borrowed("...-f32 -f16 -bf16 -e8m0 -e4m3"),
            purpose: "how the scale is stored, where not as usual; e4m3 adds an f32 scale for the tensor",
            bits_per_weight: "32, 16, 16, 8 or 8 bits a scale",
            example: "int4-g16-e4m3",
        },
        Pattern {
            name: Cow::Borrowed("...-clip, ...-p99.9"),
            purpose: "clipping searched for the least squared error, or at a percentile of the group's sizes",
            bits_per_weight: "as without",
            example: "int4-g32-clip",
        },
        Pattern {
            name: Cow::Borrowed("...-sr"),
            purpose: "stochastic rounding: up or down by seeded chance, so that the mean is kept",
            bits_per_weight: "as without",
            example: "int4-g32-sr",
        },
        Pattern {
            name: fitted_names(),
            purpose: "2^B levels learned for each group, stored as f16",
            bits_per_weight: "B + 16*2^B/group",
            example: "kmeans4-row",
        },
        Pattern {
            name: Cow::Borrowed("ecB[-row][-trellis]"),
            purpose: "equal steps and an entropy coder, B = 0.5 to 8 bits a weight with everything counted",
            bits_per_weight: "B",
            example: "ec3.25-trellis",
        },
    ]
});

/// `kmeansB-GROUP, lloydB-, …`
fn fitted_names() -> Cow<'static, str> {
    let names = Method::ALL.map(|method| format!("{method}B-")).join(", ");
    Cow::Owned(names.replacen("B-,", "B-GROUP,", 1))
}

const INTEGERS: &str = "scale = max|w| / (2^(B-1) - 1)";
const AFFINE: &str = "scale = (max - min) / (2^B - 1), zero = round(-min / scale)";
const SEARCHED: &str = "clips from max|w| downwards, each with its least-squares scale";
const OCP_MX: &str = "OCP Microscaling Formats v1.0";
const OCP_FP8: &str = "OCP 8-bit Floating Point (OFP8)";
const LLOYD: &str = Method::Lloyd.row().source;

const fn int(bits: u8, group: Group) -> Format {
    Format::int(bits, group)
}

const fn run(n: u32) -> Group {
    Group::Run(n)
}

type Plain = (&'static str, Family, Format, &'static str, &'static str, &'static str);

/// Formats that are a grouping, a scale rule and a codebook, and those with a coder of their own:
/// (name, family, format, what for, what is stored, source).
#[rustfmt::skip]
static PLAIN: &[Plain] = {
    use Family::{Float, Integer, Learned};
    use Group::{Row as PerRow, Tensor, Tile};
    &[
        ("int8-tensor", Integer, int(8, Tensor), "one scale for all: outliers spoil it", "codes of 8 bits, an f32 scale", INTEGERS),
        ("int8-row", Integer, int(8, PerRow), "the usual INT8 of weights: a scale for each output", "codes of 8 bits, an f16 scale a row", INTEGERS),
        ("int8-row-p99.9", Integer, Format { clip: Clip::Percentile(9990), ..int(8, PerRow) }, "a scale for each output that lets one weight in a thousand clip", "codes of 8 bits, an f16 scale a row", "clip at the 99.9th percentile of |w|"),
        ("int8-g32", Integer, int(8, run(32)), "hard to tell from full precision", "codes of 8 bits, an f16 scale a group", INTEGERS),
        ("mxint8", Integer, int(8, run(32)).with_scale(StoredScale::E8m0), "INT8 with a power of two as its scale", "codes of 8 bits, an E8M0 scale a group", OCP_MX),
        ("int6-g32", Integer, int(6, run(32)), "six bits, the plain way", "codes of 6 bits, an f16 scale a group", INTEGERS),
        ("int5-g32", Integer, int(5, run(32)), "five bits, the plain way", "codes of 5 bits, an f16 scale a group", INTEGERS),
        ("int4-tensor", Integer, int(4, Tensor), "what happens without groups", "codes of 4 bits, an f32 scale", INTEGERS),
        ("int4-row", Integer, int(4, PerRow), "a scale for each output: too coarse for 4 bits", "codes of 4 bits, an f16 scale a row", INTEGERS),
        ("int4-row-clip", Integer, int(4, PerRow).with_clip(), "a scale for each output, with the clipping searched", "codes of 4 bits, an f16 scale a row", SEARCHED),
        ("int4-t128", Integer, int(4, Tile(128)).with_scale(StoredScale::F32), "a scale for each square of 128 x 128", "codes of 4 bits, an f32 scale a tile", INTEGERS),
        ("int4-g128", Integer, int(4, run(128)), "the usual 4-bit group of GPU kernels", "codes of 4 bits, an f16 scale a group", INTEGERS),
        ("int4-g128-affine", Integer, Format::affine(4, run(128)), "the layout of GPTQ and AWQ files", "codes of 4 bits, an f16 scale and a 4-bit zero point a group", AFFINE),
        ("int4-g64-affine", Integer, Format::affine(4, run(64)), "the same with smaller groups", "codes of 4 bits, an f16 scale and a 4-bit zero point a group", AFFINE),
        ("int4-g32", Integer, int(4, run(32)), "four bits, the plain way", "codes of 4 bits, an f16 scale a group", INTEGERS),
        ("int4-g32-clip", Integer, int(4, run(32)).with_clip(), "the same bytes with the clipping searched", "codes of 4 bits, an f16 scale of either sign a group", SEARCHED),
        ("int4-g32-sr", Integer, Format { stochastic: true, ..int(4, run(32)) }, "rounding by chance: noise, but no bias", "codes of 4 bits, an f16 scale a group", "stochastic rounding, seeded"),
        ("int4-g32-e8m0", Integer, int(4, run(32)).with_scale(StoredScale::E8m0), "what a scale that is a power of two costs", "codes of 4 bits, an E8M0 scale a group", INTEGERS),
        ("int4-g16-e4m3", Integer, int(4, run(16)).with_scale(StoredScale::E4m3), "small groups with small scales", "codes of 4 bits, an E4M3 scale a group, an f32 scale a tensor", INTEGERS),
        ("int4-g32-affine", Integer, Format::affine(4, run(32)), "a zero point, for groups that lean to one side", "codes of 4 bits, an f16 scale and a 4-bit zero point a group", AFFINE),
        ("int4-g32-affine-clip", Integer, Format::affine(4, run(32)).with_clip(), "the same with both ends of the range searched", "codes of 4 bits, an f16 scale and a 4-bit zero point a group", SEARCHED),
        ("int3-g128-affine", Integer, Format::affine(3, run(128)), "the 3-bit layout of GPTQ files", "codes of 3 bits, an f16 scale and a 3-bit zero point a group", AFFINE),
        ("int3-g32", Integer, int(3, run(32)), "three bits, the plain way", "codes of 3 bits, an f16 scale a group", INTEGERS),
        ("int3-g32-clip", Integer, int(3, run(32)).with_clip(), "the same bytes with the clipping searched", "codes of 3 bits, an f16 scale of either sign a group", SEARCHED),
        ("int2-g32", Integer, int(2, run(32)), "uses only -1, 0 and 1 of its four codes", "codes of 2 bits, an f16 scale a group", INTEGERS),
        ("int2-g32-clip", Integer, int(2, run(32)).with_clip(), "all four codes, with the clipping searched", "codes of 2 bits, an f16 scale of either sign a group", SEARCHED),
        ("int2-g16-affine-clip", Integer, Format::affine(2, run(16)).with_clip(), "two bits with a zero point in small groups", "codes of 2 bits, an f16 scale and a 2-bit zero point a group", SEARCHED),
        ("int1-g32", Integer, int(1, run(32)), "signs only", "codes of 1 bit, an f16 scale a group", "scale = mean|w| (XNOR-Net, Rastegari et al. 2016)"),
        ("fp8_e4m3-tensor", Float, Format::of_levels(&E4M3), "FP8 with one scale: the usual of FP8 checkpoints", "E4M3FN codes, an f32 scale", OCP_FP8),
        ("fp8_e4m3-row", Float, Format::of_levels(&E4M3).with_group(PerRow), "FP8 with a scale for each output", "E4M3FN codes, an f32 scale a row", OCP_FP8),
        ("fp8_e4m3-t128", Float, Format::of_levels(&E4M3).with_group(Tile(128)), "FP8 with a scale for each square of 128 x 128, as DeepSeek-V3 ships", "E4M3FN codes, an f32 scale a tile", "DeepSeek-V3 technical report, 2024"),
        ("fp8_e5m2-tensor", Float, Format::of_levels(&E5M2), "FP8 of wide range with one scale", "E5M2 codes, an f32 scale", OCP_FP8),
        ("fp8_e5m2-row", Float, Format::of_levels(&E5M2).with_group(PerRow), "FP8 of wide range with a scale for each output", "E5M2 codes, an f32 scale a row", OCP_FP8),
        ("e2m1-g16", Float, Format::of_levels(&E2M1), "NVFP4 with its scale for the tensor, as GPUs compute it", "E2M1 codes, an E4M3 scale a group, an f32 scale a tensor", "NVIDIA, NVFP4"),
        ("nf4-dq", Float, Format::coded(&NF4_DOUBLE), "NF4 with its scales quantized too: what QLoRA fine-tunes on", "codes of 4 bits, 8-bit scales, an f32 scale for 256 of them, an f32 mean", "QLoRA, Dettmers et al. 2023"),
        ("nf4-g32", Float, Format::of_levels(&NF4).with_group(run(32)).with_scale(StoredScale::F16), "NF4 in smaller blocks with f16 scales", "codes of 4 bits, an f16 scale a group", "QLoRA, Dettmers et al. 2023"),
        ("nf4-g64-clip", Float, Format::of_levels(&NF4).with_clip(), "NF4's bytes with the scale searched", "codes of 4 bits, an f32 scale a group", SEARCHED),
        ("kmeans8-tensor", Learned, Format::fitted(Method::KMeans, 8, Tensor), "a palette of 256 numbers", "codes of 8 bits, 256 f16 levels", LLOYD),
        ("kmeans4-tensor", Learned, Format::fitted(Method::KMeans, 4, Tensor), "a palette of 16 numbers", "codes of 4 bits, 16 f16 levels", LLOYD),
        ("kmeans4-row", Learned, Format::fitted(Method::KMeans, 4, PerRow), "a palette of 16 numbers for each output", "codes of 4 bits, 16 f16 levels a row", LLOYD),
        ("kmeans3-tensor", Learned, Format::fitted(Method::KMeans, 3, Tensor), "a palette of 8 numbers", "codes of 3 bits, 8 f16 levels", LLOYD),
        ("kmeans3-row", Learned, Format::fitted(Method::KMeans, 3, PerRow), "a palette of 8 numbers for each output", "codes of 3 bits, 8 f16 levels a row", LLOYD),
        ("kmeans2-tensor", Learned, Format::fitted(Method::KMeans, 2, Tensor), "a palette of 4 numbers", "codes of 2 bits, 4 f16 levels", LLOYD),
        ("kmeans2-row", Learned, Format::fitted(Method::KMeans, 2, PerRow), "a palette of 4 numbers for each output", "codes of 2 bits, 4 f16 levels a row", LLOYD),
        ("kmeans4-g64", Learned, Format::fitted(Method::KMeans, 4, run(64)), "palettes of their own for small groups: their bits eat the gain", "codes of 4 bits, 16 f16 levels a group", LLOYD),
        ("lloyd4-tensor", Learned, Format::fitted(Method::Lloyd, 4, Tensor), "Lloyd's rounds from equal counts, as textbooks have it: they stop short of the best levels", "codes of 4 bits, 16 f16 levels", LLOYD),
        ("lloyd4-row", Learned, Format::fitted(Method::Lloyd, 4, PerRow), "the same for each output: what the exact search of kmeans4-row gains shows beside it", "codes of 4 bits, 16 f16 levels a row", LLOYD),
        ("wu4-tensor", Learned, Format::fitted(Method::Wu, 4, Tensor), "levels by greedy least-variance cuts", "codes of 4 bits, 16 f16 levels", Method::Wu.row().source),
        ("octree4-tensor", Learned, Format::fitted(Method::Octree, 4, Tensor), "a number line halved where it is used, the least used halves folded", "codes of 4 bits, 16 f16 levels", Method::Octree.row().source),
        ("median-cut4-tensor", Learned, Format::fitted(Method::MedianCut, 4, Tensor), "equal-count levels: every code is used equally often", "codes of 4 bits, 16 f16 levels", Method::MedianCut.row().source),
        ("uniform4-tensor", Learned, Format::fitted(Method::Uniform, 4, Tensor), "equal steps from the least to the largest weight, as posterising does to a photo", "codes of 4 bits, 16 f16 levels", Method::Uniform.row().source),
    ]
};

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let plain = PLAIN.iter().map(|&(name, family, format, purpose, layout, source)| Row {
        name,
        family,
        purpose,
        layout,
        source,
        format,
    });
    let of_kind = |kind: Kind| [Some(of_block(kind)), kind.has_plus().then(|| of_plus(kind))];
    let blocks = Kind::ALL.into_iter().flat_map(of_kind).flatten();
    let codings = coding::ROWS.iter().flat_map(|row| row.offered.iter().map(|name| of_coding(row, name)));
    let mut rows: Vec<Row> = plain.chain(blocks).chain(codings).collect();
    // A stable sort: within a family as listed above.
    rows.sort_by_key(|row| row.family);
    rows
});

fn of_block(kind: Kind) -> Row {
    let &Facts { name, family, purpose, layout, source, .. } = kind.row();
    Row { name, family, purpose, layout, source, format: Format::block(kind) }
}

/// `q4_k+`: read by whoever reads `q4_k`.
fn of_plus(kind: Kind) -> Row {
    // Once a kind: the table is built once.
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    Row {
        name: leak(format!("{}+", kind.name())),
        purpose: leak(format!("the bytes of {} under our better search: less error, any reader", kind.name())),
        format: Format::block(kind).with_clip(),
        source: "the same layout; the search is our own",
        ..of_block(kind)
    }
}

/// # Panics
/// The coding offers a name that is none of its own: a test reads them all.
fn of_coding(row: &'static coding::Row, name: &str) -> Row {
    let coder = Coder::named(name).unwrap_or_else(|| panic!("'{name}' is no coding"));
    let &coding::Row { family, purpose, layout, source, .. } = row;
    Row { name: coder.name, family, purpose, layout, source, format: Format::coded(coder) }
}

/// Rows that were added while the program runs.
static ADDED: RwLock<Vec<&'static Row>> = RwLock::new(Vec::new());

/// All rows, by family.
pub fn table() -> Vec<&'static Row> {
    let added = ADDED.read().unwrap_or_else(PoisonError::into_inner);
    ROWS.iter().chain(added.iter().copied()).collect()
}

/// The row of a name in lower case, added rows included.
pub fn find(name: &str) -> Option<&'static Row> {
    table().into_iter().find(|row| row.name == name)
}

/// Adds rows of these names to the table. They stay for good, so `build` is called only if no name is taken.
///
/// # Errors
/// [`FormatListError::Taken`] when a name is taken; then none is added.
pub fn add(names: &[&str], build: impl FnOnce() -> Vec<Row>) -> Result<(), FormatListError> {
    let mut added = ADDED.write().unwrap_or_else(PoisonError::into_inner);
    let known = |name: &str| ROWS.iter().chain(added.iter().copied()).any(|row| row.name == name);
    let taken = names.iter().enumerate().find(|(i, name)| known(name) || names[..*i].contains(name));
    if let Some((_, name)) = taken {
        return Err(FormatListError::Taken((*name).to_owned()));
    }
    added.extend(build().into_iter().map(|row| &*Box::leak(Box::new(row))));
    Ok(())
}

impl Row {
    /// What encodes it: a recipe, the reference's block encoder, or a coder of its own.
    pub fn encoder(&self) -> &'static str {
        match self.format.rule {
            LevelRule::Block(_) if self.format.clip == Clip::Searched => "block, searched",
            LevelRule::Block(_) => "block",
            LevelRule::Coded(_) => "coder",
            LevelRule::Symmetric | LevelRule::Affine | LevelRule::Table(_) | LevelRule::Fitted(_) => "recipe",
        }
    }
}

impl Format {
    /// The row of the table that this is.
    pub fn row(self) -> Option<&'static Row> {
        table().into_iter().find(|row| row.format == self)
    }

    /// The family that it is shown under.
    pub fn family(self) -> Family {
        match self.rule {
            LevelRule::Symmetric | LevelRule::Affine => Family::Integer,
            LevelRule::Fitted(_) => Family::Learned,
            LevelRule::Coded(coder) => coder.family,
            _ => self.row().map_or(Family::Float, |row| row.family),
        }
    }
}
