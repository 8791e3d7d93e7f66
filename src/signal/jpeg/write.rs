//! A real file: baseline sequential JPEG (T.81) in a JFIF wrapper, with the usual Huffman tables (Annex K.3).

use super::cells::CELLS;
use super::steps::zigzag;
use super::symbols::{Blocks, Kind, Symbol};

/// A Huffman table as files hold it (T.81 §C).
#[derive(Clone, Debug)]
pub struct HuffmanTable {
    /// How many codes there are of each length from 1 to 16 bits.
    pub lengths: [u8; 16],
    /// The symbol of each code, shortest code first.
    pub symbols: Vec<u8>,
}

/// The table of the first frequencies' sizes, which stand in order (T.81 tables K.3 and K.4).
pub fn first_table(kind: Kind) -> HuffmanTable {
    let lengths = match kind {
        Kind::Luma => [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
        Kind::Chroma => [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
    };
    HuffmanTable { lengths, symbols: (0..12).collect() }
}

/// The table of the other frequencies' symbols: the frequent ones first, then the rest by value (T.81 tables K.5, K.6).
pub fn other_table(kind: Kind) -> HuffmanTable {
    #[rustfmt::skip]
    let (lengths, frequent): ([u8; 16], &[u8]) = match kind {
        Kind::Luma => ([0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125], &[
            0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07,
            0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0,
            0x24, 0x33, 0x62, 0x72, 0x82,
        ]),
        Kind::Chroma => ([0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119], &[
            0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71,
            0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0,
            0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1,
        ]),
    };
    let all = (0..16).flat_map(|run| (1..=10).map(move |size| run << 4 | size));
    let mut symbols = frequent.to_vec();
    symbols.extend(all.filter(|symbol| !frequent.contains(symbol)));
    HuffmanTable { lengths, symbols }
}

/// The code of each symbol and its length in bits, 0 for a symbol that has none: codes of one length count up, and each
/// length starts where the one before it ended, a bit longer (T.81 figure C.2).
pub fn codes(table: &HuffmanTable) -> [(u16, u32); 256] {
    let mut codes = [(0, 0); 256];
    let mut symbols = table.symbols.iter();
    let mut next = 0u16;
    for (length, &count) in (1..).zip(&table.lengths) {
        for &symbol in symbols.by_ref().take(usize::from(count)) {
            codes[usize::from(symbol)] = (next, length);
            next += 1;
        }
        next <<= 1;
    }
    codes
}

/// The file; empty for a photo with no pixels, or with a side that no JPEG can have.
pub fn file(blocks: &Blocks<'_>, (width, height): (u32, u32), steps: &[[u16; CELLS]; 2]) -> Vec<u8> {
    let (Ok(width), Ok(height)) = (u16::try_from(width), u16::try_from(height)) else { return Vec::new() };
    if blocks.is_empty() {
        return Vec::new();
    }
    let mut out = vec![0xff, 0xd8];
    // JFIF 1.01, pixels of ratio 1 : 1, no thumbnail.
    segment(&mut out, 0xe0, b"JFIF\0\x01\x01\x00\x00\x01\x00\x01\x00\x00");
    for (id, steps) in (0..).zip(steps) {
        let body: Vec<u8> = [id].into_iter().chain(zigzag().map(|i| steps[i] as u8)).collect();
        segment(&mut out, 0xdb, &body);
    }
    let [h, w] = [height.to_be_bytes(), width.to_be_bytes()];
    let luma = (blocks.luma_side << 4 | blocks.luma_side) as u8;
    segment(&mut out, 0xc0, &[8, h[0], h[1], w[0], w[1], 3, 1, luma, 0, 2, 0x11, 1, 3, 0x11, 1]);
    let kinds = [(0, Kind::Luma), (1, Kind::Chroma)];
    for (id, kind) in kinds {
        for (class, table) in [(0, first_table(kind)), (0x10, other_table(kind))] {
            segment(&mut out, 0xc4, &[&[class | id], table.lengths.as_slice(), &table.symbols].concat());
        }
    }
    segment(&mut out, 0xda, &[3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
    let tables = kinds.map(|(_, kind)| [codes(&other_table(kind)), codes(&first_table(kind))]);
    let mut bits = BitWriter::new(out);
    blocks.each(|kind, symbol: Symbol| {
        let (code, length) =
            tables[usize::from(kind == Kind::Chroma)][usize::from(symbol.first)][usize::from(symbol.symbol)];
        bits.put(code, length);
        bits.put(symbol.amplitude, symbol.size());
    });
    let mut out = bits.finish();
    out.extend([0xff, 0xd9]);
    out
}

fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend([0xff, marker]);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend(body);
}

/// Coded bits on their way into a file, each byte filled from the highest bit down; a byte of ones is followed by an empty
/// one, so that none looks like a marker (T.81 §B.1.1.5).
#[derive(Debug)]
pub struct BitWriter {
    out: Vec<u8>,
    held: u32,
    count: u32,
}

impl BitWriter {
    /// Appends to these bytes.
    pub fn new(out: Vec<u8>) -> Self {
        Self { out, held: 0, count: 0 }
    }

    /// Appends the lowest `length` bits of `bits`, at most 16; the others are 0.
    pub fn put(&mut self, bits: u16, length: u32) {
        self.held = self.held << length | u32::from(bits);
        self.count += length;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.held >> self.count) as u8;
            self.out.push(byte);
            if byte == 0xff {
                self.out.push(0);
            }
        }
        self.held &= (1 << self.count) - 1;
    }

    /// All bytes; the last one is filled up with ones.
    pub fn finish(mut self) -> Vec<u8> {
        let missing = (8 - self.count) % 8;
        self.put((1 << missing) - 1, missing);
        self.out
    }
}
