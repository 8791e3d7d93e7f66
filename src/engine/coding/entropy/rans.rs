//! The coder: range variant of asymmetric numeral systems, with a 32-bit state and 16-bit words.
//!
//! A table has a frequency out of 4096 for each magnitude up to its last and for "larger", which is
//! followed by the rest in Elias's gamma code; a sign takes one bit. What is put last is taken first. A
//! stream that was read to its end leaves the state it was begun with, so damage is noticed.
//! Source: Duda, "Asymmetric numeral systems" (2013).

use super::super::bits::{Malformed, Part, Reader, Writer};

const PRECISION: u32 = 12;
const WHOLE: u32 = 1 << PRECISION;
/// States are kept from here up to 2^32.
const LOWEST: u32 = 1 << 16;
/// Magnitudes that have a frequency of their own, at most; a symbol fits into a byte.
pub(super) const MOST: usize = 254;
/// A code is no larger than this.
pub(super) const LARGEST: i32 = 1 << 24;

/// Frequencies of magnitudes, as they are stored and as they are used.
#[derive(Clone, Debug)]
pub(super) struct Table {
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
    pub(super) fn of_counts(counts: &[u64]) -> Self {
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

    pub(super) fn put(&self, out: &mut Writer) {
        out.put(Part::Table, self.coarse.len() as u32, 8);
        self.coarse.iter().for_each(|&c| out.put(Part::Table, u32::from(c), 8));
    }

    pub(super) fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let symbols = from.take(8)?;
        if symbols < 2 {
            return Err(Malformed);
        }
        Ok(Self::of_coarse((0..symbols).map(|_| from.take(8).map(|c| c as u8)).collect::<Result<_, _>>()?))
    }

    pub(super) fn stored_bits(&self) -> u64 {
        8 + 8 * self.coarse.len() as u64
    }

    /// Bits of a code of this magnitude.
    #[inline(always)]
    pub(super) fn cost(&self, magnitude: u32) -> f32 {
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
pub(super) struct Stream {
    state: u32,
    words: Vec<u16>,
}

impl Default for Stream {
    fn default() -> Self {
        Self { state: LOWEST, words: Vec::new() }
    }
}

impl Stream {
    pub(super) fn put(&mut self, table: &Table, code: i32) {
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

    pub(super) fn write(&self, out: &mut Writer) {
        out.put(Part::Code, self.state, 32);
        self.words.iter().rev().for_each(|&word| out.put(Part::Code, u32::from(word), 16));
    }
}

pub(super) struct Decoder {
    state: u32,
}

impl Decoder {
    pub(super) fn new(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let state = from.take(32)?;
        if state < LOWEST { Err(Malformed) } else { Ok(Self { state }) }
    }

    #[inline]
    pub(super) fn take(&mut self, table: &Table, from: &mut Reader<'_>) -> Result<i32, Malformed> {
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

    pub(super) fn finish(self) -> Result<(), Malformed> {
        if self.state == LOWEST { Ok(()) } else { Err(Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    fn codes(len: usize, spread: f32) -> Vec<i32> {
        let mut random = Random::seeded(4);
        let mut codes: Vec<i32> = (0..len).map(|_| (random.next_gaussian() * spread).round() as i32).collect();
        codes.extend([LARGEST, -LARGEST, 1000, -77]);
        codes
    }

    fn table_of(codes: &[i32], larger: usize) -> Table {
        let mut counts = vec![0; larger + 1];
        codes.iter().for_each(|c| counts[(c.unsigned_abs() as usize).min(larger)] += 1);
        Table::of_counts(&counts)
    }

    #[test]
    fn what_is_put_is_taken_in_turn_and_takes_the_bits_it_should() {
        for (spread, larger) in [(0.3, 3), (3.0, 14), (40.0, MOST)] {
            let codes = codes(20_000, spread);
            let table = table_of(&codes, larger);
            let mut stream = Stream::default();
            codes.iter().rev().for_each(|&code| stream.put(&table, code));
            let mut out = Writer::for_samples(codes.len());
            stream.write(&mut out);
            let (bytes, rate) = out.finish();
            let told: f64 = codes.iter().map(|c| f64::from(table.cost(c.unsigned_abs()))).sum();
            assert!((rate.total_bits() as f64 - told).abs() < 64.0 + told * 1e-3, "{} {told}", rate.total_bits());
            let mut from = Reader::new(&bytes);
            let mut decoder = Decoder::new(&mut from).unwrap();
            assert!(codes.iter().all(|&code| decoder.take(&table, &mut from) == Ok(code)));
            assert_eq!(decoder.finish(), Ok(()));
        }
    }

    #[test]
    fn frequencies_add_up_and_rule_nothing_out() {
        for counts in [vec![1, 0], vec![u64::MAX >> 20, 1, 0, 5], vec![1; 255], vec![0; 255], (0..255).collect()] {
            let table = Table::of_counts(&counts);
            assert_eq!(table.frequency.iter().map(|&f| u32::from(f)).sum::<u32>(), WHOLE);
            assert!(table.frequency.iter().all(|&f| f > 0));
            let mut out = Writer::for_samples(1);
            table.put(&mut out);
            let (bytes, rate) = out.finish();
            assert_eq!(rate.table_bits, table.stored_bits());
            assert_eq!(Table::take(&mut Reader::new(&bytes)).unwrap().frequency, table.frequency);
        }
    }
}
