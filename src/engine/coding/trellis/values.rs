//! What a state of the shift register stands for: a place in the standard Gaussian, picked by a scramble.
//!
//! The scramble is one-to-one, so each of 2^L equally likely places is used once. Everything is computed
//! with operations that IEEE 754 rounds exactly: the same values everywhere.

use std::sync::OnceLock;

/// A trellis code for symbols of so many bits.
pub struct Values {
    /// Bits that a weight shifts into the register.
    pub symbol_bits: u32,
    /// Bits of the register.
    pub state_bits: u32,
    /// The level of each state.
    pub levels: Vec<f32>,
}

/// Bits of a symbol and of a state, and the two multipliers that gave the least error among some dozens.
type Code = (u32, u32, [u32; 2]);
const CODES: [Code; 4] = [
    (1, 12, [0x89_2417, 0x22_3005]),
    (2, 12, [0x89_2417, 0x22_3005]),
    (3, 13, [0x29_e88d, 0xe5_fd7f]),
    (4, 14, [0xd3_fb6b, 0xfe_4fff]),
];

/// The code for symbols of 1 to 4 bits.
pub fn of(symbol_bits: u32) -> &'static Values {
    static TABLES: [OnceLock<Values>; CODES.len()] = [const { OnceLock::new() }; CODES.len()];
    let place = symbol_bits.clamp(1, 4) as usize - 1;
    TABLES[place].get_or_init(|| Values::new(CODES[place]))
}

impl Values {
    fn new((symbol_bits, state_bits, [first, second]): Code) -> Self {
        let states = 1u32 << state_bits;
        let place = |state: u32| {
            let h = state.wrapping_mul(first) & (states - 1);
            let h = h ^ (h >> (state_bits / 2));
            h.wrapping_mul(second) & (states - 1)
        };
        let level = |state| quantile((f64::from(place(state)) + 0.5) / f64::from(states)) as f32;
        Self { symbol_bits, state_bits, levels: (0..states).map(level).collect() }
    }

    /// Shifts a symbol in; what the new state stands for.
    #[inline]
    pub fn step(&self, state: &mut u32, symbol: u32) -> f32 {
        *state = (*state << self.symbol_bits | symbol) & ((1 << self.state_bits) - 1);
        self.levels[*state as usize]
    }
}

/// The standard Gaussian's quantile: Newton's steps on the series of its distribution function in the
/// middle, on its continued fraction in the tails.
pub fn quantile(p: f64) -> f64 {
    if p > 0.5 {
        return -quantile(1.0 - p);
    }
    let mut x = 0.0f64;
    // Newton's steps from 0 to the left never overshoot: below 0 the function is convex.
    for _ in 0..60 {
        let (below, density) = distribution(x);
        let step = (below - p) / density;
        x -= step;
        if step.abs() < 1e-12 {
            break;
        }
    }
    x
}

/// Φ(x) and φ(x) for x ≤ 0.
fn distribution(x: f64) -> (f64, f64) {
    const ROOT_TAU: f64 = 2.506_628_274_631_000_5;
    let density = exp_of_negative(-x * x * 0.5) / ROOT_TAU;
    if x > -3.0 {
        // ½ + φ(x) · (x + x³/3 + x⁵/(3·5) + …)
        let (mut term, mut sum) = (x, x);
        for k in 1..80 {
            term *= x * x / f64::from(2 * k + 1);
            sum += term;
        }
        return (0.5 + density * sum, density);
    }
    // φ(x) ÷ (t + 1/(t + 2/(t + …))), t = −x
    let tail = (1..120).rev().fold(-x, |sum, k| -x + f64::from(k) / sum);
    (density / tail, density)
}

/// e^x for −60 < x ≤ 0, by halving and squaring.
fn exp_of_negative(x: f64) -> f64 {
    let x = x / 1024.0;
    let series = (1..12).rev().fold(1.0, |sum, k| 1.0 + x / f64::from(k) * sum);
    (0..10).fold(series, |e, _| e * e)
}
