//! Four seconds of music of our own: a melody of plucked notes over a bass and a chord, a drum and a
//! shaker, and a quiet end. Worked out from the lists below, with seeded noise: the same samples always.

use std::f64::consts::TAU;

use super::RATE;
use crate::engine::random::Random;

/// How long the piece is, in seconds.
pub const SECONDS: f64 = 4.0;

/// When it begins (in beats of half a second), what key (70 is the B flat above middle C), how loud.
const MELODY: [(f64, i32, f64); 9] = [
    (0.0, 74, 1.0),
    (0.5, 77, 0.8),
    (1.0, 81, 0.9),
    (2.0, 79, 1.0),
    (2.5, 77, 0.7),
    (3.0, 76, 0.8),
    (4.0, 74, 0.9),
    (5.0, 69, 0.6),
    (6.0, 74, 0.12),
];
const BASS: [(f64, i32, f64); 4] = [(0.0, 38, 1.0), (2.0, 43, 1.0), (4.0, 45, 0.8), (5.0, 38, 0.4)];
const CHORD: [i32; 3] = [62, 65, 69];
const DRUM: [f64; 4] = [0.0, 2.0, 4.0, 5.0];
const SHAKER: [f64; 10] = [0.5, 1.0, 1.5, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5];

/// Samples between −1 and 1.
pub fn piece() -> Vec<f32> {
    let mut out = vec![0.0; (SECONDS * f64::from(RATE)) as usize];
    for (beat, key, loud) in MELODY {
        pluck(&mut out, beat, hertz(key), 0.30 * loud, 0.45);
    }
    for (beat, key, loud) in BASS {
        pluck(&mut out, beat, hertz(key), 0.34 * loud, 0.8);
    }
    CHORD.into_iter().for_each(|key| pad(&mut out, hertz(key)));
    DRUM.into_iter().for_each(|beat| drum(&mut out, beat));
    let mut random = Random::seeded(1889);
    SHAKER.into_iter().for_each(|beat| shake(&mut out, beat, &mut random));
    let top = out.iter().fold(0.0f64, |top, x| top.max(x.abs()));
    out.into_iter().map(|x| (0.9 * x / top) as f32).collect()
}

/// The frequency of a key in equal temperament, key 69 at 440 Hz.
pub fn hertz(key: i32) -> f64 {
    440.0 * 2f64.powf(f64::from(key - 69) / 12.0)
}

/// Adds `wave(seconds since it began)` from a beat on.
fn add(out: &mut [f64], beat: f64, mut wave: impl FnMut(f64) -> f64) {
    let start = (beat * 0.5 * f64::from(RATE)) as usize;
    for (i, out) in out.iter_mut().skip(start).enumerate() {
        *out += wave(i as f64 / f64::from(RATE));
    }
}

/// Eight harmonics, the higher ones weaker and sooner gone; `seconds` until a third is left.
fn pluck(out: &mut [f64], beat: f64, hertz: f64, loud: f64, seconds: f64) {
    add(out, beat, |t| {
        let attack = (t / 0.004).min(1.0);
        let harmonic = |k: f64| (-t * (0.6 + 0.4 * k) / seconds).exp() / k.powf(1.3) * (TAU * hertz * k * t).sin();
        loud * attack * (1..=8).map(|k| harmonic(f64::from(k))).sum::<f64>()
    });
}

/// A soft chord that swells and goes.
fn pad(out: &mut [f64], hertz: f64) {
    add(out, 0.0, |t| {
        let swell = (std::f64::consts::PI * (t / SECONDS).min(1.0)).sin().powi(2);
        let beating = 1.0 + 0.2 * (TAU * 4.5 * t).sin();
        0.05 * swell * beating * ((TAU * hertz * t).sin() + 0.4 * (TAU * 2.0 * hertz * t).sin())
    });
}

/// A sine that falls from 150 to 50 hertz.
fn drum(out: &mut [f64], beat: f64) {
    add(out, beat, |t| {
        let phase = 50.0 * t + 100.0 * 0.05 * (1.0 - (-t / 0.05).exp());
        0.5 * (-t / 0.12).exp() * (t / 0.002).min(1.0) * (TAU * phase).sin()
    });
}

/// A breath of noise, each sample less the one before, so that it is high.
fn shake(out: &mut [f64], beat: f64, random: &mut Random) {
    let mut before = 0.0;
    add(out, beat, |t| {
        if t > 0.2 {
            return 0.0;
        }
        let noise = f64::from(random.next_gaussian());
        let high = noise - before;
        before = noise;
        0.035 * (-t / 0.03).exp() * high
    });
}
