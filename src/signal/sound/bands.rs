//! The ear's bands: frequencies that lie within about one Bark disturb one another.
//!
//! z = 13·atan(0.76·f) + 3.5·atan((f/7.5)²), f in kHz. Source: Zwicker and Terhardt, "Analytical
//! expressions for critical-band rate and critical bandwidth as a function of frequency" (1980).

use std::ops::Range;

use super::RATE;
use super::mdct::LINES;

/// The critical-band rate of a frequency, in Barks: 0 at 0 Hz, about 24 at 16 kHz.
pub fn bark_of_hertz(hertz: f64) -> f64 {
    let khz = hertz / 1000.0;
    13.0 * (0.76 * khz).atan() + 3.5 * (khz / 7.5).powi(2).atan()
}

/// The middle of a line of the transform.
pub fn hertz_of_line(line: f64) -> f64 {
    (line + 0.5) * f64::from(RATE) / (2 * LINES) as f64
}

/// A run of lines of the transform.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The lines, counted from 0 below [`LINES`].
    pub lines: Range<usize>,
    /// The frequency of its middle.
    pub hertz: f64,
    /// Critical-band rate of its middle, in Barks.
    pub bark: f64,
}

/// The lines that share a whole number of Barks, lowest first.
pub fn bands() -> Vec<Band> {
    let bark = |line: usize| bark_of_hertz(hertz_of_line(line as f64));
    let mut bands: Vec<Band> = Vec::new();
    let mut start = 0;
    for end in 1..=LINES {
        if end == LINES || bark(end).floor() > bark(start).floor() {
            let middle = (start + end - 1) as f64 / 2.0;
            let hertz = hertz_of_line(middle);
            bands.push(Band { lines: start..end, hertz, bark: bark_of_hertz(hertz) });
            start = end;
        }
    }
    bands
}
