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
use super::row::{Coded, Coding, Row, TensorPlan, coded, number};
use super::unit::{Scaled, Unit};
use super::weighed;
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::fit::{self, Goal, Method};
use crate::engine::format::family::Family;
use crate::engine::random::one_of_each;
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
#[derive(Clone, Copy)]
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
        let scaled = Scaled::new(samples.values.as_flattened(), samples.weights);
        let all = vectors::<D>(&scaled.values);
        let stretch = (all.len() / (SAMPLE_AN_ENTRY << self.entry_bits)).max(1);
        // The same places of both.
        let sample = |of: &[[f32; D]]| one_of_each(of, stretch, D as u64);
        let (vectors, weights) = (sample(&all), scaled.weights.as_deref().map(|w| sample(&vectors(w))));
        let width = vectors.len().max(1);
        // A vector has one weight in the fit: the mean of its members'.
        let mean = |w: &[f32; D]| w.iter().sum::<f32>() / D as f32;
        let means: Option<Vec<f32>> = weights.as_ref().map(|w| w.iter().map(mean).collect());
        let samples = Samples { values: &vectors, width, weights: means.as_deref() };
        let stored = |p: [f32; D]| p.map(to_f16);
        let goal = Goal { method: Method::KMeans, count: 1 << self.entry_bits, kept: &[], stored, exact: None };
        let mut book = fit::fit(goal, samples, control)?;
        if let Some(weights) = &weights {
            book = weighed::settled(book, &vectors, weights, stored, control)?;
        }
        Ok(Box::new(Plan { coding: *self, unit: scaled.unit, book }))
    }

    fn decode(&self, bytes: &[u8], len: usize, _row_len: usize) -> Result<Vec<f32>, Malformed> {
        let mut from = Reader::new(bytes);
        let unit = Unit::take(&mut from)?;
        let entries = from.take(self.entry_bits)? as usize + 1;
        let numbers: Vec<f32> = (0..entries * D).map(|_| from.take_f16()).collect::<Result<_, _>>()?;
        let book = numbers.as_chunks::<D>().0;
        if from.left() < len.div_ceil(D) * self.entry_bits as usize {
            return Err(Malformed);
        }
        let mut out = Vec::with_capacity(len + D);
        while out.len() < len {
            out.extend_from_slice(book.get(from.take(self.entry_bits)? as usize).ok_or(Malformed)?);
        }
        out.truncate(len);
        unit.multiply(&mut out);
        Ok(out)
    }
}

/// Vectors that the codebook is fitted to for each entry, at most.
const SAMPLE_AN_ENTRY: usize = 128;
/// Vectors that one task codes.
const BATCH: usize = 1 << 13;

/// What all parts of a tensor share.
struct Plan<const D: usize> {
    coding: Vectors<D>,
    unit: Unit,
    book: Codebook<D>,
}

impl<const D: usize> TensorPlan for Plan<D> {
    fn encode_part(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Coded, Stopped> {
        let values = samples.values.as_flattened();
        let scaled = Scaled::in_unit(values, samples.weights, self.unit);
        let all = vectors::<D>(&scaled.values);
        let mut codes = vec![0u16; all.len()];
        match scaled.weights.as_deref().map(vectors::<D>) {
            None => all.par_chunks(BATCH).zip(codes.par_chunks_mut(BATCH)).try_for_each(|(vectors, codes)| {
                control.check()?;
                self.book.nearest_each(vectors, codes);
                Ok(())
            })?,
            Some(weights) => codes = weighed::codes(&self.book, &all, &weights, control)?,
        }
        let mut out = Writer::for_samples(values.len());
        self.put(&mut out);
        codes.iter().for_each(|&code| out.put(Part::Code, u32::from(code), self.coding.entry_bits));
        coded(out, |bytes| self.coding.decode(bytes, values.len(), samples.width))
    }

    fn put(&self, out: &mut Writer) {
        self.unit.put(out);
        out.put(Part::Side, self.book.len() as u32 - 1, self.coding.entry_bits);
        self.book.points().as_flattened().iter().for_each(|&x| out.put_f16(Part::Codebook, x));
    }
}

/// A short last vector is filled up with zeros.
fn vectors<const D: usize>(x: &[f32]) -> Vec<[f32; D]> {
    x.chunks(D).map(|v| std::array::from_fn(|c| v.get(c).copied().unwrap_or(0.0))).collect()
}
