//! The coder: range variant of asymmetric numeral systems, with a 32-bit state and 16-bit words.
//!
//! A table has a frequency out of 4096 for each magnitude up to its last and for "larger", which is
//! followed by the rest in Elias's gamma code; a sign takes one bit. What is put last is taken first. A
//! stream that was read to its end leaves the state it was begun with, so damage is noticed.
//! Source: Duda, "Asymmetric numeral systems" (2013).

use super::super::bits::{Malformed, Part, Reader, Writer};

const PRECISION: u32 = 12;
/// What the frequencies of a table add up to.
pub const WHOLE: u32 = 1 << PRECISION;
/// States are kept from here up to 2^32.
const LOWEST: u32 = 1 << 16;
/// Magnitudes that have a frequency of their own, at most; a symbol fits into a byte.
pub const MOST: usize = 254;
/// A code is no larger than this.
pub const LARGEST: i32 = 1 << 24;

/// Frequencies of magnitudes, as they are stored and as they are used.
#[derive(Clone, Debug)]
pub struct Table {
    /// A byte a symbol: sixteen to thirty-one, times a power of two.
    coarse: Vec<u8>,
    frequency: Vec<u16>,
    start: Vec<u16>,
    /// The symbol at each of 4096 places.
    symbol: Vec<u8>,
    /// What each symbol costs, in bits, its sign included.
    bits: Vec<f32>,
}

impl Table {
    /// From how often each magnitude was met; the last is "larger". None of them can be ruled out.
    pub fn of_counts(counts: &[u64]) -> Self {
        let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
        // Floats that are exact: counts are far below 2^53.
        Self::of_coarse(counts.iter().map(|&n| coarse((n as f64 / most * 60_000.0).max(1.0) as u32)).collect())
    }

    fn of_coarse(coarse: Vec<u8>) -> Self {
        let frequency = normalised(&coarse);
        let mut start = Vec::with_capacity(frequency.len());
        let mut symbol = Vec::with_capacity(WHOLE as usize);
        for (s, &f) in frequency.iter().enumerate() {
            start.push(symbol.len() as u16);
            symbol.extend(std::iter::repeat_n(s as u8, usize::from(f)));
        }
        let sign = |s: usize| if s == 0 { 0.0 } else { 1.0 };
        let cost = |(s, &f): (usize, &u16)| PRECISION as f32 - f32::from(f).log2() + sign(s);
        let bits = frequency.iter().enumerate().map(cost).collect();
        Self { coarse, frequency, start, symbol, bits }
    }

    /// Writes the table.
    pub fn put(&self, out: &mut Writer) {
        out.put(Part::Table, self.coarse.len() as u32, 8);
        self.coarse.iter().for_each(|&c| out.put(Part::Table, u32::from(c), 8));
    }

    /// Reads what [`Table::put`] wrote.
    ///
    /// # Errors
    /// `Malformed` when the bytes end before the table, or when it has fewer than two symbols.
    pub fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let symbols = from.take(8)?;
        if symbols < 2 {
            return Err(Malformed);
        }
        Ok(Self::of_coarse((0..symbols).map(|_| from.take(8).map(|c| c as u8)).collect::<Result<_, _>>()?))
    }

    /// Bits that the table takes where it is stored.
    pub fn stored_bits(&self) -> u64 {
        8 + 8 * self.coarse.len() as u64
    }

    /// How many of 4096 parts each magnitude has, and after them all larger ones together.
    pub fn frequencies(&self) -> &[u16] {
        &self.frequency
    }

    /// Bits of a code of this magnitude.
    #[inline(always)]
    pub fn cost(&self, magnitude: u32) -> f32 {
        let larger = self.bits.len() - 1;
        match self.bits[..larger].get(magnitude as usize) {
            Some(&bits) => bits,
            None => self.bits[larger] + (2 * (magnitude - larger as u32 + 1).ilog2() + 1) as f32,
        }
    }
}

/// The nearest below: the exponent in the upper half.
fn coarse(weight: u32) -> u8 {
    let weight = weight.clamp(1, 63_488) << 4;
    let exponent = weight.ilog2() - 4;
    (exponent << 4 | weight >> exponent & 15) as u8
}

/// Frequencies that add up to 4096, none of them 0.
fn normalised(coarse: &[u8]) -> Vec<u16> {
    let weight = |&c: &u8| (16 + u32::from(c & 15)) << (c >> 4);
    let sum: u64 = coarse.iter().map(|c| u64::from(weight(c))).sum();
    let share = |c| ((u64::from(weight(c)) * u64::from(WHOLE) / sum.max(1)) as u16).max(1);
    let mut frequency: Vec<u16> = coarse.iter().map(share).collect();
    let mut over: i64 = frequency.iter().map(|&f| i64::from(f)).sum::<i64>() - i64::from(WHOLE);
    while over != 0 {
        // The largest gives or takes: it notices least.
        let Some(largest) = frequency.iter_mut().max() else { break };
        let change = over.min(i64::from(*largest) - 1).max(-i64::from(WHOLE)).min(i64::from(*largest / 8 + 1));
        *largest = (i64::from(*largest) - change) as u16;
        over -= change;
    }
    frequency
}

/// Codes in, the last first.
pub struct Stream {
    state: u32,
    words: Vec<u16>,
}

impl Default for Stream {
    fn default() -> Self {
        Self { state: LOWEST, words: Vec::new() }
    }
}

impl Stream {
    /// Puts a code of at most [`LARGEST`] on top of those that are in.
    pub fn put(&mut self, table: &Table, code: i32) {
        let (magnitude, larger) = (code.unsigned_abs() as usize, table.frequency.len() - 1);
        if code != 0 {
            self.put_part(u32::from(code < 0) << (PRECISION - 1), WHOLE / 2);
        }
        if magnitude >= larger {
            self.put_gamma((magnitude - larger + 1) as u32);
        }
        let symbol = magnitude.min(larger);
        self.put_part(u32::from(table.start[symbol]), u32::from(table.frequency[symbol]));
    }

    /// So that its zeros come out first, then its bits from the second highest on.
    fn put_gamma(&mut self, x: u32) {
        let below = x.ilog2();
        (0..below).for_each(|k| self.put_bit(x >> k & 1));
        self.put_bit(1);
        (0..below).for_each(|_| self.put_bit(0));
    }

    fn put_bit(&mut self, bit: u32) {
        self.put_part(bit << (PRECISION - 1), WHOLE / 2);
    }

    #[inline]
    fn put_part(&mut self, start: u32, frequency: u32) {
        if self.state >> (32 - PRECISION) >= frequency {
            self.words.push(self.state as u16);
            self.state >>= 16;
        }
        self.state = ((self.state / frequency) << PRECISION) + self.state % frequency + start;
    }

    /// Writes all that was put in.
    pub fn write(&self, out: &mut Writer) {
        out.put(Part::Code, self.state, 32);
        self.words.iter().rev().for_each(|&word| out.put(Part::Code, u32::from(word), 16));
    }
}

/// Codes out, the one that was put in last first.
pub struct Decoder {
    state: u32,
}

impl Decoder {
    /// Begins with a stream that [`Stream::write`] wrote.
    ///
    /// # Errors
    /// `Malformed` when no stream begins here.
    pub fn new(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let state = from.take(32)?;
        if state < LOWEST { Err(Malformed) } else { Ok(Self { state }) }
    }

    /// The next code, by the table that it was put in with.
    ///
    /// # Errors
    /// `Malformed` when the bytes end or hold a code that is too large.
    #[inline]
    pub fn take(&mut self, table: &Table, from: &mut Reader<'_>) -> Result<i32, Malformed> {
        let symbol = usize::from(table.symbol[(self.state & (WHOLE - 1)) as usize]);
        self.drop_part(u32::from(table.start[symbol]), u32::from(table.frequency[symbol]), from)?;
        let mut magnitude = symbol as i32;
        if symbol == table.frequency.len() - 1 {
            magnitude += self.take_gamma(from)? - 1;
        }
        if magnitude == 0 {
            return Ok(0);
        }
        Ok(if self.take_bit(from)? == 1 { -magnitude } else { magnitude })
    }

    fn take_gamma(&mut self, from: &mut Reader<'_>) -> Result<i32, Malformed> {
        let mut below = 0;
        while self.take_bit(from)? == 0 {
            below += 1;
            if 1 << below > LARGEST {
                return Err(Malformed);
            }
        }
        (0..below).try_fold(1, |x, _| Ok(x << 1 | self.take_bit(from)? as i32))
    }

    fn take_bit(&mut self, from: &mut Reader<'_>) -> Result<u32, Malformed> {
        let bit = self.state >> (PRECISION - 1) & 1;
        self.drop_part(bit << (PRECISION - 1), WHOLE / 2, from)?;
        Ok(bit)
    }

    #[inline]
    fn drop_part(&mut self, start: u32, frequency: u32, from: &mut Reader<'_>) -> Result<(), Malformed> {
        self.state = frequency * (self.state >> PRECISION) + (self.state & (WHOLE - 1)) - start;
        if self.state < LOWEST {
            self.state = self.state << 16 | from.take(16)?;
        }
        Ok(())
    }

    /// Checks that nothing is left of the stream.
    ///
    /// # Errors
    /// `Malformed` when this is not the state that a stream begins with.
    pub fn finish(self) -> Result<(), Malformed> {
        if self.state == LOWEST { Ok(()) } else { Err(Malformed) }
    }
}
