//! Bits in and out. Every bit is written with what it is for, so that the receipt counts what is there.
//!
//! Fields lie one after another, the least significant bit first; the last byte is filled up with zeros,
//! which count as padding.

use thiserror::Error;

use crate::engine::rate::Rate;

/// What a field is for: the parts of a [`Rate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What a sample has for itself.
    Code,
    /// What a group of samples shares: scales, offsets.
    Side,
    /// Levels that the decoder does not know.
    Codebook,
    /// What an entropy coder must know beforehand.
    Table,
    /// What fills up the last byte.
    Padding,
}

/// Fields in, bytes and their receipt out.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
    held: u64,
    held_bits: u32,
    rate: Rate,
}

impl Writer {
    /// Nothing is written yet; the receipt will be for so many samples.
    pub fn for_samples(samples: usize) -> Self {
        Self { rate: Rate { samples: samples as u64, ..Rate::default() }, ..Self::default() }
    }

    /// The lowest `width` (at most 32) bits of `value`.
    #[inline]
    pub fn put(&mut self, part: Part, value: u32, width: u32) {
        debug_assert!(width <= 32 && u64::from(value) < 1 << width);
        self.held |= u64::from(value) << self.held_bits;
        self.held_bits += width;
        self.count(part, u64::from(width));
        if self.held_bits >= 32 {
            self.bytes.extend_from_slice(&(self.held as u32).to_le_bytes());
            self.held >>= 32;
            self.held_bits -= 32;
        }
    }

    /// The 32 bits of a value.
    pub fn put_f32(&mut self, part: Part, x: f32) {
        self.put(part, x.to_bits(), 32);
    }

    /// A value that is an f16 already.
    pub fn put_f16(&mut self, part: Part, x: f32) {
        self.put(part, u32::from(half::f16::from_f32(x).to_bits()), 16);
    }

    /// The bytes, and what their bits are for.
    pub fn finish(mut self) -> (Vec<u8>, Rate) {
        let bytes = self.held_bits.div_ceil(8);
        self.count(Part::Padding, u64::from(bytes * 8 - self.held_bits));
        self.bytes.extend_from_slice(&self.held.to_le_bytes()[..bytes as usize]);
        (self.bytes, self.rate)
    }

    fn count(&mut self, part: Part, bits: u64) {
        match part {
            Part::Code => self.rate.index_bits += bits,
            Part::Side => self.rate.side_bits += bits,
            Part::Codebook => self.rate.codebook_bits += bits,
            Part::Table => self.rate.table_bits += bits,
            Part::Padding => self.rate.padding_bits += bits,
        }
    }
}

/// The bytes are not what the coding wrote: too short, or with fields that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the coded weights are cut short or damaged")]
pub struct Malformed;

/// Fields out of the bytes that a [`Writer`] has made.
pub struct Reader<'a> {
    bytes: &'a [u8],
    /// In bits.
    at: usize,
}

impl<'a> Reader<'a> {
    /// Begins with the first bit.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next `width` (at most 32) bits.
    ///
    /// # Errors
    /// `Malformed` when fewer are left.
    #[inline]
    pub fn take(&mut self, width: u32) -> Result<u32, Malformed> {
        let (byte, shift) = (self.at / 8, self.at % 8);
        self.at += width as usize;
        if self.at > self.bytes.len() * 8 {
            return Err(Malformed);
        }
        let word = match self.bytes.get(byte..byte + 8).and_then(|b| b.first_chunk::<8>()) {
            Some(eight) => u64::from_le_bytes(*eight),
            None => self.bytes[byte..].iter().rev().fold(0, |word, &b| word << 8 | u64::from(b)),
        };
        Ok((word >> shift & ((1u64 << width) - 1)) as u32)
    }

    pub(super) fn take_f32(&mut self) -> Result<f32, Malformed> {
        self.take(32).map(f32::from_bits)
    }

    pub(super) fn take_f16(&mut self) -> Result<f32, Malformed> {
        self.take(16).map(|bits| half::f16::from_bits(bits as u16).to_f32())
    }

    /// Bits that are left.
    pub(super) fn left(&self) -> usize {
        self.bytes.len() * 8 - self.at
    }
}
