//! How much noise the ear does not notice beside a sound: a threshold for each band of each frame.
//!
//! A band's power spreads to its neighbours, d Barks away, by 15.81 + 7.5(d + 0.474) −
//! 17.5·√(1 + (d + 0.474)²) dB; what arrives in a band hides noise that lies below it by 14.5 + z dB where
//! the frame is tonal and by 5.5 dB where it is noise, and by the mean of the two in proportion to its
//! tonality: spectral flatness in dB over −60. Below the threshold in quiet nothing is heard; a full-scale
//! sine is taken as 96 dB of sound pressure. A simple model: no masking in time, one ear, and no longer or
//! shorter frames for loud beginnings.
//!
//! Sources: Schroeder, Atal and Hall, "Optimizing digital speech coders by exploiting masking properties of
//! the human ear" (1979), for the spreading; Johnston, "Transform coding of audio signals using perceptual
//! noise criteria" (1988), for the offsets; Terhardt, "Calculating virtual pitch" (1979), for the quiet.

use super::bands::Band;

/// A full-scale sine, in dB of sound pressure.
const FULL_SCALE_DB: f64 = 96.0;
/// The spectral flatness of a frame that is as tonal as can be.
const TONAL_FLATNESS_DB: f64 = -60.0;

/// What the bands do to one another, worked out once.
#[derive(Debug)]
pub struct Ear {
    /// Row: where it is heard; column: where it sounds.
    spread: Vec<Vec<f64>>,
    quiet: Vec<f64>,
    barks: Vec<f64>,
}

impl Ear {
    /// `full_scale`: the power that a sine of size 1 has in a line.
    pub fn new(bands: &[Band], full_scale: f64) -> Self {
        let row = |masked: &Band| -> Vec<f64> {
            let row: Vec<f64> = bands.iter().map(|b| power_of_decibels(spreading_db(masked.bark - b.bark))).collect();
            // An even sound stays as loud as it is.
            let sum: f64 = row.iter().sum();
            row.into_iter().map(|x| x / sum).collect()
        };
        let quiet = |b: &Band| full_scale * power_of_decibels(quiet_db(b.hertz) - FULL_SCALE_DB);
        Self {
            spread: bands.iter().map(row).collect(),
            quiet: bands.iter().map(quiet).collect(),
            barks: bands.iter().map(|b| b.bark).collect(),
        }
    }

    /// The power of noise that each band hides, from the bands' powers and the frame's tonality (0 to 1).
    pub fn thresholds(&self, powers: &[f64], tonality: f64) -> Vec<f64> {
        let threshold = |(band, row): (usize, &Vec<f64>)| {
            let arrives: f64 = row.iter().zip(powers).map(|(share, power)| share * power).sum();
            let offset_db = tonality * (14.5 + self.barks[band]) + (1.0 - tonality) * 5.5;
            (arrives * power_of_decibels(-offset_db)).max(self.quiet[band])
        };
        self.spread.iter().enumerate().map(threshold).collect()
    }
}

/// From Johnston: 0 for noise, 1 for a frame whose power lies in few lines.
pub fn tonality(lines: &[f32]) -> f64 {
    let power = |x: &f32| f64::from(*x).powi(2) + 1e-20;
    let n = lines.len().max(1) as f64;
    let geometric = (lines.iter().map(|x| power(x).ln()).sum::<f64>() / n).exp();
    let flatness_db = 10.0 * (geometric / (lines.iter().map(power).sum::<f64>() / n)).log10();
    (flatness_db / TONAL_FLATNESS_DB).clamp(0.0, 1.0)
}

/// The ratio of powers that a number of decibels stands for.
pub fn power_of_decibels(db: f64) -> f64 {
    10f64.powf(db / 10.0)
}

/// How much of a band's power reaches the band `barks` higher, lower where negative, in dB: about 0 in the band itself.
pub fn spreading_db(barks: f64) -> f64 {
    let d = barks + 0.474;
    15.81 + 7.5 * d - 17.5 * (1.0 + d * d).sqrt()
}

/// The threshold in quiet, in dB of sound pressure: the level of the softest tone of this frequency that is heard.
pub fn quiet_db(hertz: f64) -> f64 {
    let khz = (hertz / 1000.0).max(0.02);
    3.64 * khz.powf(-0.8) - 6.5 * (-0.6 * (khz - 3.3).powi(2)).exp() + 1e-3 * khz.powi(4)
}
