//! The piece cut to fewer bits, three ways, with what is left of it and what of the loss can be heard.
//!
//! In time every sample is rounded: the symmetric integers of the weights side, one scale for all. In
//! bands each frame of the transform is rounded, a step a band: the same step everywhere, which is least
//! for the squared error, or steps after the ear: step² ∝ thresholdᵃ for each band (step² ÷ 12 is the noise
//! of a line). With a = 1 the noise is as far above or below the masking threshold in every band; where the
//! bits are too few for that it is above it everywhere, and less of it is heard with a smaller a, nearer to
//! equal steps. So the a of `SHAPES` is taken with which least noise is above the thresholds, as codecs flatten
//! the shaping of their noise at low rates. The louder dial is turned until the bits are met, so that equal
//! bits compare. Steps are stored to a quarter power of two.
//!
//! Bits are estimated: in time the codes as they are; in bands the entropy of each band's size classes over
//! the piece with the amplitude bits (the rule of JPEG's symbols), the entropy of the steps' differences
//! from band to band, and 16 bits for each class that a table must know. Cost: a transform each way, and a
//! pass over all lines for each of some 8 turns of the dial, five times where the ear is asked.

use std::sync::Arc;

use super::bands::{Band, bands};
use super::masking::{Ear, tonality};
use super::mdct::{LINES, Mdct};
use super::piece::piece;
use super::spectrogram;
use crate::engine::assign::nearest;
use crate::engine::codebook::Codebook;
use crate::engine::coding::classes::{entropy_bits, size_of};
use crate::engine::control::{Control, Stopped};
use crate::engine::format::{Format, Group};
use crate::engine::metric::ScalarError;
use crate::engine::quantized::Affine;
use crate::engine::rate::Rate;
use crate::engine::samples::Samples;
use crate::picture::Picture;

/// Whether samples or bands of the transform are rounded, and to how many bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cut {
    /// Every sample to this many bits, 2 to 16.
    Time {
        /// Bits a sample.
        bits: u8,
    },
    /// At most so many hundredths of a bit a sample, all told.
    Bands {
        /// Budget in hundredths of a bit a sample, side information and tables included.
        centibits: u16,
        /// Whether steps may follow the masking thresholds instead of being equal.
        masked: bool,
    },
}

/// The piece before it is cut, as far as every cut needs it.
#[derive(Debug)]
pub struct Sound {
    /// Mono, at [`RATE`](super::RATE), −1 to 1.
    pub samples: Arc<[f32]>,
    /// The picture that [`spectrogram::of`] makes of the samples.
    pub spectrogram: Arc<Picture>,
    mdct: Mdct,
    bands: Vec<Band>,
    lines: Vec<f32>,
    /// Frame by frame, band by band: the power of noise that is not noticed.
    thresholds: Vec<f64>,
}

/// A piece that was cut, with the error, the rate and how much of the noise can be heard.
#[derive(Debug)]
pub struct SoundReport {
    /// The settings of the cut.
    pub cut: Cut,
    /// What is left of the piece: mono, at [`RATE`](super::RATE).
    pub samples: Arc<[f32]>,
    /// The picture that [`spectrogram::of`] makes of the samples that are left.
    pub spectrogram: Arc<Picture>,
    /// Error of the samples.
    pub error: ScalarError,
    /// Bits spent on the piece, side information included.
    pub rate: Rate,
    /// Of lines, or of samples: how many are coded as zero.
    pub zero_share: f64,
    /// The share of bands and frames whose noise is above what is masked.
    pub heard_share: f64,
    /// By how many decibels it is above, as the mean over all bands and frames; where it is below, by none.
    pub excess_db: f64,
    noise: Vec<f32>,
}

/// A band at one moment or over the whole piece, in dB under a full-scale sine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandLevels {
    /// Middle of the band, in hertz.
    pub hertz: f64,
    /// Critical-band rate of the band's middle, in Barks.
    pub bark: f64,
    /// Power of the sound before the cut, in dB; 0 is a full-scale sine.
    pub signal_db: f64,
    /// Power of the error, in dB; 0 is a full-scale sine.
    pub noise_db: f64,
    /// Masking threshold: the most noise that is not noticed, in dB; 0 is a full-scale sine.
    pub masked_db: f64,
}

/// The least of a band's levels, in dB: what is drawn of a band without power.
pub const FLOOR_DB: f64 = -120.0;

impl Sound {
    /// Our own piece.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn new(control: &Control<'_>) -> Result<Self, Stopped> {
        Self::of(piece(), control)
    }

    /// Any mono sound at [`RATE`](super::RATE), samples −1 to 1.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn of(samples: Vec<f32>, control: &Control<'_>) -> Result<Self, Stopped> {
        let (mdct, bands) = (Mdct::new(LINES), bands());
        let lines = mdct.forward(&samples);
        control.check()?;
        let ear = Ear::new(&bands, full_scale());
        let frame = |lines: &[f32]| ear.thresholds(&powers(&bands, lines), tonality(lines));
        let thresholds = lines.chunks_exact(LINES).flat_map(frame).collect();
        let spectrogram = Arc::new(spectrogram::of(&samples, control)?);
        Ok(Self { samples: samples.into(), spectrogram, mdct, bands, lines, thresholds })
    }

    /// Frames of the transform, [`LINES`] lines each.
    pub fn frames(&self) -> usize {
        self.lines.len() / LINES
    }

    /// Rounds the piece and measures what is lost.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn cut(&self, cut: Cut, control: &Control<'_>) -> Result<SoundReport, Stopped> {
        let (samples, rate, zero_share) = match cut {
            Cut::Time { bits } => self.in_time(bits, control)?,
            Cut::Bands { centibits, masked } => self.in_bands(centibits, masked, control)?,
        };
        control.check()?;
        let errors: Vec<f32> = self.samples.iter().zip(&samples).map(|(x, y)| x - y).collect();
        let noise = self.mdct.forward(&errors);
        let noises: Vec<f64> = noise.chunks_exact(LINES).flat_map(|lines| powers(&self.bands, lines)).collect();
        let mean = |sum: f64| sum / self.thresholds.len().max(1) as f64;
        Ok(SoundReport {
            cut,
            error: ScalarError::measure(&self.samples, &samples),
            spectrogram: Arc::new(spectrogram::of(&samples, control)?),
            samples: samples.into(),
            rate,
            zero_share,
            heard_share: mean(above(&noises, &self.thresholds).count() as f64),
            excess_db: mean(excess_db(&noises, &self.thresholds)),
            noise,
        })
    }

    /// Signal, noise and threshold of every band: at a frame, or as the mean of all of them.
    pub fn levels(&self, report: &SoundReport, frame: Option<usize>) -> Vec<BandLevels> {
        let all = 0..self.frames();
        let range = frame.filter(|f| all.contains(f)).map_or(all, |f| f..f + 1);
        let mean = |power: &dyn Fn(usize) -> f64| range.clone().map(power).sum::<f64>() / range.len().max(1) as f64;
        let in_band = |lines: &[f32], band: &Band, frame: usize| power(&lines[frame * LINES..][band.lines.clone()]);
        let level = |(b, band): (usize, &Band)| BandLevels {
            hertz: band.hertz,
            bark: band.bark,
            signal_db: level_db(mean(&|frame| in_band(&self.lines, band, frame))),
            noise_db: level_db(mean(&|frame| in_band(&report.noise, band, frame))),
            masked_db: level_db(mean(&|frame| self.thresholds[frame * self.bands.len() + b])),
        };
        self.bands.iter().enumerate().map(level).collect()
    }

    fn in_time(&self, bits: u8, control: &Control<'_>) -> Result<(Vec<f32>, Rate, f64), Stopped> {
        let values = self.samples.as_chunks().0;
        let format = Format::int(bits.clamp(2, 16), Group::Tensor);
        let Some(recipe) = format.recipe() else { return Ok((self.samples.to_vec(), Rate::default(), 0.0)) };
        let coded = recipe.encode(Samples::new(values, values.len()), control)?;
        let decoded = coded.decode().into_flattened();
        let zeros = decoded.iter().filter(|x| **x == 0.0).count();
        let share = zeros as f64 / decoded.len().max(1) as f64;
        Ok((decoded, coded.rate, share))
    }

    fn in_bands(&self, centibits: u16, masked: bool, control: &Control<'_>) -> Result<(Vec<f32>, Rate, f64), Stopped> {
        let shapes: &[f64] = if masked { &SHAPES } else { &[0.0] };
        let mut best: Option<(f64, Coded)> = None;
        for (at, &shape) in shapes.iter().enumerate() {
            control.progress(at as f32 / shapes.len() as f32);
            let coded = self.at_rate(centibits, shape, control)?;
            let excess = self.excess_of(&coded);
            if best.as_ref().is_none_or(|(least, _)| excess < *least) {
                best = Some((excess, coded));
            }
        }
        let Some((_, coded)) = best else { return Ok((self.samples.to_vec(), Rate::default(), 0.0)) };
        let samples = self.mdct.back(&coded.lines, self.samples.len());
        let rate = Rate { samples: self.samples.len() as u64, ..coded.rate };
        Ok((samples, rate, coded.zeros as f64 / self.lines.len().max(1) as f64))
    }

    /// The least noise of this shape that keeps to the bits.
    fn at_rate(&self, centibits: u16, shape: f64, control: &Control<'_>) -> Result<Coded, Stopped> {
        let budget = self.samples.len() as f64 * f64::from(centibits) / 100.0;
        // Louder noise takes fewer bits: the least loudness that keeps to the budget, in quarter powers of two.
        let (mut low, mut high) = (-80i32, 80i32);
        while low < high {
            control.check()?;
            let middle = (low + high).div_euclid(2);
            let fits = self.coded(&self.steps(middle, shape)).rate.total_bits() as f64 <= budget;
            (low, high) = if fits { (low, middle) } else { (middle + 1, high) };
        }
        Ok(self.coded(&self.steps(low, shape)))
    }

    /// As [`SoundReport::excess_db`] has it but for a factor: the transform keeps powers, so that the error of the
    /// lines is the error of the samples.
    fn excess_of(&self, coded: &Coded) -> f64 {
        let errors: Vec<f32> = self.lines.iter().zip(&coded.lines).map(|(x, y)| x - y).collect();
        let noises: Vec<f64> = errors.chunks_exact(LINES).flat_map(|lines| powers(&self.bands, lines)).collect();
        excess_db(&noises, &self.thresholds)
    }

    /// The step of each band of each frame, in quarter powers of two; large enough that no code is cut to the largest.
    fn steps(&self, loudness: i32, shape: f64) -> Vec<i32> {
        let bands = self.lines.chunks_exact(LINES).flat_map(|frame| self.bands.iter().map(move |band| (frame, band)));
        let step = |(threshold, (frame, band)): (&f64, (&[f32], &Band))| {
            let wanted = (12.0 * threshold / band.lines.len() as f64).sqrt();
            let quarters = (4.0 * shape * wanted.log2()).round() as i32;
            (quarters + loudness).max(least_step(&frame[band.lines.clone()]))
        };
        self.thresholds.iter().zip(bands).map(step).collect()
    }

    fn coded(&self, steps: &[i32]) -> Coded {
        let book = book();
        let mut out = Coded { lines: vec![0.0; self.lines.len()], rate: Rate::default(), zeros: 0 };
        let mut classes = vec![[0u64; CLASSES]; self.bands.len()];
        let mut amplitudes = 0;
        let mut codes = vec![0; LINES];
        for (frame, steps) in steps.chunks_exact(self.bands.len()).enumerate() {
            for ((band, &step), classes) in self.bands.iter().zip(steps).zip(&mut classes) {
                let affine = Affine { scale: 2f32.powf(step as f32 / 4.0), offset: [0.0] };
                let range = frame * LINES + band.lines.start..frame * LINES + band.lines.end;
                let codes = &mut codes[..range.len()];
                nearest::codes(self.lines[range.clone()].as_chunks().0, &affine, &book, codes);
                for (line, code) in out.lines[range].iter_mut().zip(codes) {
                    *line = affine.apply(book.points()[usize::from(*code)])[0];
                    let size = size_of(i32::from(*code) - LARGEST);
                    classes[size as usize] += 1;
                    amplitudes += u64::from(size);
                    out.zeros += u64::from(size == 0);
                }
            }
        }
        let class_bits: f64 = classes.iter().map(|counts| entropy_bits(counts)).sum();
        let (side_bits, step_classes) = step_bits(steps, self.bands.len());
        let known = classes.iter().flatten().filter(|n| **n > 0).count() + step_classes;
        out.rate = Rate {
            index_bits: class_bits.ceil() as u64 + amplitudes,
            side_bits,
            table_bits: 16 * known as u64,
            ..Rate::default()
        };
        out
    }
}

/// How far steps follow the masking thresholds, from all the way to not at all: see the head of this file.
const SHAPES: [f64; 5] = [1.0, 0.75, 0.5, 0.25, 0.0];

struct Coded {
    lines: Vec<f32>,
    rate: Rate,
    zeros: u64,
}

/// Whole numbers up to this size; what is beyond is held there.
const LARGEST: i32 = 32_767;
const CLASSES: usize = 16;

fn book() -> Codebook<1> {
    Codebook::new((-LARGEST..=LARGEST).map(|q| [q as f32]).collect())
}

/// Entropy of the steps' differences from the band below (of the lowest band: from the frame before), and how
/// many different ones there are.
fn step_bits(steps: &[i32], bands: usize) -> (u64, usize) {
    let mut counts = std::collections::BTreeMap::<i32, u64>::new();
    let before = |i: usize| match i.is_multiple_of(bands) {
        true => i.checked_sub(bands).map_or(0, |i| steps[i]),
        false => steps[i - 1],
    };
    for (i, step) in steps.iter().enumerate() {
        *counts.entry(step - before(i)).or_default() += 1;
    }
    let counts: Vec<u64> = counts.into_values().collect();
    (entropy_bits(&counts).ceil() as u64, counts.len())
}

/// The power that a sine of size 1 has in all lines of a frame: with an orthonormal transform, half of N.
fn full_scale() -> f64 {
    LINES as f64 / 2.0
}

fn power(lines: &[f32]) -> f64 {
    lines.iter().map(|x| f64::from(*x).powi(2)).sum()
}

fn powers(bands: &[Band], lines: &[f32]) -> Vec<f64> {
    bands.iter().map(|band| power(&lines[band.lines.clone()])).collect()
}

fn level_db(power: f64) -> f64 {
    (10.0 * (power / full_scale()).log10()).max(FLOOR_DB)
}

/// In quarter powers of two: at it, the largest of these lines is coded as [`LARGEST`] or less.
fn least_step(lines: &[f32]) -> i32 {
    let top = lines.iter().fold(0.0f32, |top, x| top.max(x.abs()));
    if top > 0.0 { (4.0 * (f64::from(top) / f64::from(LARGEST)).log2()).ceil() as i32 } else { i32::MIN }
}

/// The sum of what is above, in decibels.
fn excess_db(noise: &[f64], masked: &[f64]) -> f64 {
    // An empty sum would be minus zero.
    above(noise, masked).fold(0.0, |sum, (noise, masked)| sum + 10.0 * (noise / masked).log10())
}

fn above<'a>(noise: &'a [f64], masked: &'a [f64]) -> impl Iterator<Item = (&'a f64, &'a f64)> {
    noise.iter().zip(masked).filter(|(noise, masked)| noise > masked)
}
