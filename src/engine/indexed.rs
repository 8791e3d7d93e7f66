//! A picture as codes into a palette, or into one palette for each square tile.

use super::grouping::Grouping;

/// Codes of all pixels, row by row, and what they stand for.
#[derive(Clone, Copy, Debug)]
pub struct Indexed<'a> {
    /// Pixels in a row.
    pub width: usize,
    /// One a pixel, top row first: its place in the palette, or in that of its tile.
    pub codes: &'a [u8],
    /// sRGB and straight alpha; with tiles, their palettes one after another.
    pub palette: &'a [[u8; 4]],
    /// None: all pixels share one palette.
    pub tiles: Option<Tiles>,
}

/// How the palettes of tiles are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tiles {
    /// Pixels a side; those at the right and lower edge may be cut short.
    pub side: usize,
    /// Tiles in a row of them.
    pub across: usize,
    /// Places in the list that each palette takes, used or not.
    pub entries: usize,
}

impl Tiles {
    /// Tiles of `side` pixels a side over a picture `width` pixels wide, with `entries` places for each palette.
    pub fn new(width: usize, side: usize, entries: usize) -> Self {
        Self { side, across: width.div_ceil(side), entries }
    }

    /// Which pixels share a palette.
    pub fn grouping(self) -> Grouping {
        Grouping::Tiles { w: self.side, h: self.side }
    }

    /// How many there are in a picture of so many rows.
    pub fn count(self, height: usize) -> usize {
        self.across * height.div_ceil(self.side)
    }

    /// The place of code 0 of the tile that a pixel lies in.
    #[inline(always)]
    pub fn first(self, x: usize, y: usize) -> usize {
        (y / self.side * self.across + x / self.side) * self.entries
    }
}

impl<'a> Indexed<'a> {
    /// The place in the palette of each pixel of a row.
    #[inline(always)]
    pub fn row(self, y: usize) -> impl Iterator<Item = usize> + 'a {
        let codes = &self.codes[y * self.width..(y + 1) * self.width];
        let (side, step, first) = match self.tiles {
            Some(tiles) => (tiles.side, tiles.entries, tiles.first(0, y)),
            None => (self.width.max(1), 0, 0),
        };
        codes.chunks(side).enumerate().flat_map(move |(tile, codes)| {
            let first = first + tile * step;
            codes.iter().map(move |&code| first + usize::from(code))
        })
    }

    /// Rows of pixels.
    pub fn height(self) -> usize {
        self.codes.len() / self.width.max(1)
    }

    /// The colours of all pixels, row by row.
    pub fn pixels(self) -> impl Iterator<Item = [u8; 4]> + 'a {
        (0..self.height()).flat_map(move |y| self.row(y)).map(move |place| self.palette[place])
    }

    /// How many pixels use each place of the palette.
    pub fn counts(self) -> Vec<u64> {
        let mut counts = vec![0; self.palette.len()];
        (0..self.height()).flat_map(|y| self.row(y)).for_each(|place| counts[place] += 1);
        counts
    }
}
