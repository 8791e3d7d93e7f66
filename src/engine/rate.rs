//! The honest-bits receipt: every bit that must be stored to decode, by what it is for.

/// Bits in total (not per sample), for `samples` samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// The codes: samples × the width of a code, which comes from the format and not from how many
    /// levels happen to be used.
    pub index_bits: u64,
    /// Scales.
    pub side_bits: u64,
    /// Zero points and minima.
    pub zero_bits: u64,
    /// Palettes and learned levels. A format's own fixed table costs nothing: both ends know it.
    pub codebook_bits: u64,
    /// What an entropy coder must know beforehand.
    pub table_bits: u64,
    /// Bits that carry nothing: block padding.
    pub padding_bits: u64,
    /// Weights or pixels that the bits stand for.
    pub samples: u64,
}

impl Rate {
    /// All parts together.
    pub fn total_bits(&self) -> u64 {
        self.parts().into_iter().map(|(_, bits)| bits).sum()
    }

    /// The parts of the receipt, with what each is called.
    pub fn parts(&self) -> [(&'static str, u64); 6] {
        [
            ("codes", self.index_bits),
            ("scales", self.side_bits),
            ("zeros", self.zero_bits),
            ("codebook", self.codebook_bits),
            ("tables", self.table_bits),
            ("padding", self.padding_bits),
        ]
    }

    /// Without bits that are counted elsewhere.
    pub fn without(self, o: Rate) -> Rate {
        Rate {
            index_bits: self.index_bits.saturating_sub(o.index_bits),
            side_bits: self.side_bits.saturating_sub(o.side_bits),
            zero_bits: self.zero_bits.saturating_sub(o.zero_bits),
            table_bits: self.table_bits.saturating_sub(o.table_bits),
            codebook_bits: self.codebook_bits.saturating_sub(o.codebook_bits),
            padding_bits: self.padding_bits.saturating_sub(o.padding_bits),
            samples: self.samples,
        }
    }

    /// What so many samples of the same kind take: palettes and tables stay as they are.
    pub fn of_more(self, samples: u64) -> Rate {
        let part = |bits: u64| (u128::from(bits) * u128::from(samples) / u128::from(self.samples.max(1))) as u64;
        Rate {
            index_bits: part(self.index_bits),
            side_bits: part(self.side_bits),
            zero_bits: part(self.zero_bits),
            padding_bits: part(self.padding_bits),
            samples,
            ..self
        }
    }

    /// All bits ÷ samples: bits per weight, or per pixel. 0 when there are no samples.
    pub fn bits_per_sample(&self) -> f64 {
        if self.samples == 0 { 0.0 } else { self.total_bits() as f64 / self.samples as f64 }
    }
}

added_by_field!(Rate: index_bits, side_bits, zero_bits, table_bits, codebook_bits, padding_bits, samples);
