//! What a photo was reduced to, where no encoder has measured it on the way: pixels against pixels.

use std::sync::Arc;
use std::time::Duration;

use super::counted::{heat_map, histogram};
use crate::engine::control::Control;
use crate::engine::indexed::{Indexed, Tiles};
use crate::engine::metric::{compare_indexed, psnr_afar};
use crate::engine::rate::Rate;
use crate::engine::recipe::bits_for;
use crate::palette::{Entry, MOST_COLORS};
use crate::picture::Picture;
use crate::picture::image::Image;
use crate::run::error::RunError;
use crate::run::report::{ChannelHistogram, ERROR_MAP_DELTA_E, PhotoCoding, PhotoReport};
use crate::spec::{PhotoSpec, Stage};

/// The pixels of a result, and its colours with their counts.
pub(super) struct Decoded {
    codes: Vec<u8>,
    palette: Vec<[u8; 4]>,
    tiles: Option<Tiles>,
    pub(super) entries: Vec<Entry>,
    histogram: ChannelHistogram,
}

impl Decoded {
    /// A result of any colours, of which those that most pixels have are listed: a picture in tiles of a pixel, each of
    /// one entry.
    pub(super) fn of_any_colours(result: &Image) -> Self {
        let mut entries: Vec<Entry> = counted(result).collect();
        entries.sort_by(|a, b| b.count.cmp(&a.count).then(a.rgba.cmp(&b.rgba)));
        entries.truncate(MOST_COLORS);
        Self {
            codes: vec![0; result.rgba.len()],
            palette: result.rgba.clone(),
            tiles: Some(Tiles::new(result.width as usize, 1, 1)),
            entries,
            histogram: histogram(counted(result).map(|entry| (entry.rgba, entry.count))),
        }
    }

    /// A result whose colours are all in this palette, in its order; of equal entries the first has the pixels. None
    /// where a colour is not in it, or where it has more entries than a palette may.
    pub(super) fn of_palette(result: &Image, palette: Vec<[u8; 4]>) -> Option<Self> {
        if palette.len() > MOST_COLORS {
            return None;
        }
        let place = |color: [u8; 4]| palette.iter().position(|&entry| entry == color || (entry[3], color[3]) == (0, 0));
        let colours = result.colours();
        let places: Vec<usize> = colours.keys.iter().map(|&key| place(key)).collect::<Option<_>>()?;
        let hidden = if colours.hidden > 0 { place([0; 4])? } else { 0 };
        let mut entries: Vec<Entry> = palette.iter().map(|&rgba| Entry { rgba, count: 0 }).collect();
        for (&place, entry) in places.iter().zip(counted(result)) {
            entries[place].count += entry.count;
        }
        if let Some(entry) = entries.get_mut(hidden) {
            entry.count += colours.hidden;
        }
        let table: Vec<u8> = places.iter().map(|&place| place as u8).collect();
        Some(Self {
            codes: colours.map_pixels(&result.rgba, &table, hidden as u8),
            palette,
            tiles: None,
            histogram: histogram(entries.iter().map(|entry| (entry.rgba, entry.count))),
            entries,
        })
    }

    /// Measured against the photo, of which it has as many pixels.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub(super) fn report(
        self,
        image: &Image,
        (spec, coding): (PhotoSpec, PhotoCoding),
        (rate, quantize_time): (Rate, Duration),
        control: &Control<'_>,
    ) -> Result<PhotoReport, RunError> {
        let Self { codes, palette, tiles, entries, histogram } = self;
        let indexed = Indexed { width: image.width as usize, codes: &codes, palette: &palette, tiles };
        let comparison = compare_indexed(&image.rgba, indexed, ERROR_MAP_DELTA_E, control)?;
        control.progress(0.85);
        let psnr_afar_db = psnr_afar(&image.rgba, indexed, control)?;
        Ok(PhotoReport {
            spec,
            stage: Stage::Full,
            rate,
            histogram,
            picture: Arc::new(Picture::new_tiled(image.width, image.height, codes, palette, tiles)),
            error_map: heat_map(image, comparison.delta_e_map),
            error: comparison.error,
            psnr_afar_db,
            palette: entries,
            coding,
            quantize_time,
        })
    }
}

/// The colours that can be seen, with their pixels.
fn counted(result: &Image) -> impl Iterator<Item = Entry> {
    let counts = result.colour_counts().iter().map(|&count| u64::from(count));
    result.colours().keys.iter().zip(counts).map(|(&rgba, count)| Entry { rgba, count })
}

/// Codes of as few bits as tell the entries apart, 24 bits an entry, and 8 more for each entry that is not opaque.
pub(super) fn rate_of_palette(pixels: usize, palette: impl ExactSizeIterator<Item = [u8; 4]>) -> Rate {
    let entries = palette.len();
    let alphas = palette.filter(|color| color[3] < 255).count() as u64;
    Rate {
        index_bits: pixels as u64 * u64::from(bits_for(entries)),
        codebook_bits: entries as u64 * 24 + alphas * 8,
        samples: pixels as u64,
        ..Rate::default()
    }
}
