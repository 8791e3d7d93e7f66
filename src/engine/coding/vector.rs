//! A palette for weights taken two, four or eight at a time: the codebook of a photo, in R², R⁴ or R⁸.
//!
//! Choose it to see what lies between number formats and palettes: K entries for D weights take log₂K ÷ D
//! bits a weight, and the codebook (K · D f16 numbers, counted) is shared by the tensor. Correlations and
//! the shape of the cloud are used; a scale a block is not. Cost of the fit: n · K ÷ D. Under an importance
//! the error that is made small is Σ w·e² over the single weights, in the entries and in the codes.
//! Sources: Linde, Buzo, Gray, "An algorithm for vector quantizer design", IEEE Trans. Commun. 28
//! (1980); for weights AQLM (Egiazarian et al. 2024) builds on the same.

use rayon::prelude::*;

use super::bits::{Malformed, Part, Reader, Writer};
use super::coded::{Coded, coded};
use super::row::{Coding, Row, TensorPlan, number};
use super::unit::{Scaled, Unit};
use super::weighed;
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::fit::{self, Goal, Method};
use crate::engine::format::family::Family;
use crate::engine::random::Random;
use crate::engine::samples::Samples;
use crate::engine::scale::to_f16;

pub(super) static ROW: Row = Row {
    family: Family::Learned,
    purpose: "a palette for several weights at once, as a photo's is for three channels",
    layout: "a K-bit code for D weights; 2^K entries of D f16 numbers a tensor",
    source: "Linde, Buzo, Gray 1980",
    offered: &["vq2-b8", "vq4-b8", "vq4-b12", "vq8-b12"],
    parse: |name| {
        let (dimension, bits) = name.strip_prefix("vq")?.split_once("-b")?;
        let entry_bits = number(bits, 1..=12)?;
        match dimension {
            "2" => Some(Box::new(Vectors::<2> { entry_bits })),
            "4" => Some(Box::new(Vectors::<4> { entry_bits })),
            "8" => Some(Box::new(Vectors::<8> { entry_bits })),
            _ => None,
        }
    },
    is_planned: true,
    takes_importance: true,
};

/// 2^entry_bits entries for D weights at once.
struct Vectors<const D: usize> {
    entry_bits: u32,
}

impl<const D: usize> Coding for Vectors<D> {
    fn name(&self) -> String {
        format!("vq{D}-b{}", self.entry_bits)
    }

    fn bits_per_weight(&self) -> f64 {
        f64::from(self.entry_bits) / D as f64
    }

    fn plan(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Box<dyn TensorPlan>, Stopped> {
        Ok(Box::new(Plan::<D>::find(self.entry_bits, samples, control)?))
    }

    fn decode(&self, bytes: &[u8], len: usize, _row_len: usize) -> Result<Vec<f32>, Malformed> {
        decode::<D>(self.entry_bits, bytes, len)
    }
}

/// Vectors that the codebook is fitted to for each entry, at most.
const SAMPLE_AN_ENTRY: usize = 128;
/// Vectors that one task codes.
const BATCH: usize = 1 << 13;

/// What all parts of a tensor share.
struct Plan<const D: usize> {
    entry_bits: u32,
    unit: Unit,
    book: Codebook<D>,
}

impl<const D: usize> Plan<D> {
    /// For values, or for a good sample of them.
    fn find(entry_bits: u32, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Self, Stopped> {
        let values = samples.values.as_flattened();
        let scaled = Scaled::new(values, samples.weights);
        let vectors: Vec<[f32; D]> = scaled.values.chunks(D).map(|v| filled(v, 0.0)).collect();
        let weights = vector_weights::<D>(&scaled);
        let sample = Sample::new(&vectors, weights.as_deref(), SAMPLE_AN_ENTRY << entry_bits);
        let width = sample.vectors.len().max(1);
        // A vector has one weight in the fit: the mean of its members'.
        let mean = |w: &[f32; D]| w.iter().sum::<f32>() / D as f32;
        let means: Option<Vec<f32>> = sample.weights.as_ref().map(|w| w.iter().map(mean).collect());
        let samples = Samples { values: &sample.vectors, width, weights: means.as_deref() };
        let stored = |p: [f32; D]| p.map(to_f16);
        let goal = Goal { method: Method::KMeans, count: 1 << entry_bits, kept: &[], stored, exact: None };
        let mut book = fit::fit(goal, samples, control)?;
        if let Some(weights) = &sample.weights {
            book = weighed::settled(book, &sample.vectors, weights, stored, control)?;
        }
        Ok(Self { entry_bits, unit: Unit::of(values), book })
    }
}

impl<const D: usize> TensorPlan for Plan<D> {
    fn encode_part(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Coded, Stopped> {
        let values = samples.values.as_flattened();
        let scaled = Scaled::in_unit(values, samples.weights, self.unit);
        let vectors: Vec<[f32; D]> = scaled.values.chunks(D).map(|v| filled(v, 0.0)).collect();
        let mut codes = vec![0u16; vectors.len()];
        match vector_weights::<D>(&scaled) {
            None => vectors.par_chunks(BATCH).zip(codes.par_chunks_mut(BATCH)).try_for_each(|(vectors, codes)| {
                control.check()?;
                self.book.nearest_each(vectors, codes);
                Ok(())
            })?,
            Some(weights) => codes = weighed::codes(&self.book, &vectors, &weights, control)?,
        }
        let mut out = Writer::for_samples(values.len());
        self.put(&mut out);
        codes.iter().for_each(|&code| out.put(Part::Code, u32::from(code), self.entry_bits));
        coded(out, |bytes| decode::<D>(self.entry_bits, bytes, values.len()))
    }

    fn put(&self, out: &mut Writer) {
        self.unit.put(out);
        out.put(Part::Side, self.book.len() as u32 - 1, self.entry_bits);
        self.book.points().as_flattened().iter().for_each(|&x| out.put_f16(Part::Codebook, x));
    }
}

fn vector_weights<const D: usize>(scaled: &Scaled<'_>) -> Option<Vec<[f32; D]>> {
    scaled.weights.as_ref().map(|w| w.chunks(D).map(|w| filled(w, 0.0)).collect())
}

fn filled<const D: usize>(v: &[f32], with: f32) -> [f32; D] {
    std::array::from_fn(|c| v.get(c).copied().unwrap_or(with))
}

/// All vectors, or one from each of equal stretches, at seeded places.
struct Sample<const D: usize> {
    vectors: Vec<[f32; D]>,
    weights: Option<Vec<[f32; D]>>,
}

impl<const D: usize> Sample<D> {
    fn new(vectors: &[[f32; D]], weights: Option<&[[f32; D]]>, most: usize) -> Self {
        if vectors.len() <= most {
            return Self { vectors: vectors.to_vec(), weights: weights.map(<[[f32; D]]>::to_vec) };
        }
        let mut random = Random::seeded(D as u64);
        let stretch = vectors.len() / most;
        let pick = |start: usize| {
            let members = stretch.min(vectors.len() - start) as u64;
            start + (random.next_u64() % members) as usize
        };
        let picked: Vec<usize> = (0..vectors.len()).step_by(stretch).map(pick).collect();
        Self {
            vectors: picked.iter().map(|&i| vectors[i]).collect(),
            weights: weights.map(|w| picked.iter().map(|&i| w[i]).collect()),
        }
    }
}

fn decode<const D: usize>(entry_bits: u32, bytes: &[u8], len: usize) -> Result<Vec<f32>, Malformed> {
    let mut from = Reader::new(bytes);
    let unit = Unit::take(&mut from)?;
    let entries = from.take(entry_bits)? as usize + 1;
    let numbers: Vec<f32> = (0..entries * D).map(|_| from.take_f16()).collect::<Result<_, _>>()?;
    let book = numbers.as_chunks::<D>().0;
    if from.left() < len.div_ceil(D) * entry_bits as usize {
        return Err(Malformed);
    }
    let mut out = Vec::with_capacity(len + D);
    while out.len() < len {
        out.extend_from_slice(book.get(from.take(entry_bits)? as usize).ok_or(Malformed)?);
    }
    out.truncate(len);
    unit.multiply(&mut out);
    Ok(out)
}
