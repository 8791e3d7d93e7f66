//! A photo through the engine: palette, picture, error map and figures.

use std::sync::Arc;
use std::time::Instant;

use super::DIAL;
use super::compare;
use super::counted::{heat_map, histogram};
use super::decoded::rate_of_palette;
use super::eye;
use super::fitted::{self, Codes, Mapped, OfColours, map_colours};
use super::locked::darkness;
use super::numbers;
use super::tiles::{self, Tiled};
use crate::engine::assign::eye::Effort;
use crate::engine::colour::Space;
use crate::engine::control::{Control, Stopped};
use crate::engine::fit::Method;
use crate::engine::indexed::{Indexed, Tiles};
use crate::engine::metric::{
    self, ByColour, ColourError, EyeError, compare_colours, compare_indexed, oklab_afar_map, psnr_afar,
    squared_error_map, ssim_indexed,
};
use crate::engine::rate::Rate;
use crate::engine::tasks;
use crate::palette::Entry;
use crate::picture::Picture;
use crate::picture::image::{Image, PREVIEW_PIXELS};
use crate::run::error::RunError;
use crate::run::report::{
    ERROR_MAP_AFAR, ERROR_MAP_DELTA_E, ERROR_MAP_SQUARED, PhotoCoding, PhotoOriginal, PhotoReport, RatePoint,
    TileAllocation, TileReport,
};
use crate::spec::{Entries, FittedPalette, PaletteSpec, PhotoSpec, Stage};

/// The photo itself, ready to be shown.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn original(image: &Arc<Image>, stage: Stage, control: &Control<'_>) -> Result<PhotoOriginal, Stopped> {
    tasks::together(|| original_here(image, stage, control))
}

fn original_here(image: &Arc<Image>, stage: Stage, control: &Control<'_>) -> Result<PhotoOriginal, Stopped> {
    let image = match stage {
        Stage::Preview => image.small(),
        Stage::Draft | Stage::Full => image.clone(),
    };
    control.check()?;
    let colours = image.colours();
    Ok(PhotoOriginal {
        stage,
        histogram: histogram(colours.keys.iter().copied().zip(image.colour_counts().iter().map(|&n| u64::from(n)))),
        colors: colours.keys.len(),
        transparent_pixels: colours.hidden,
        picture: Arc::new(Picture::new_rgba(image.clone())),
    })
}

/// One reduction of a photo, with every figure; [`Stage::Preview`] makes it of a subsample, [`Stage::Draft`] of every pixel
/// with a part of the work. A picture that was made elsewhere is measured whole at every stage.
///
/// # Errors
/// `Stopped`, why the photo cannot be coded under the number format that is asked for, or a picture of another size.
pub fn reduce(
    image: &Image,
    spec: impl Into<PhotoSpec>,
    stage: Stage,
    control: &Control<'_>,
) -> Result<PhotoReport, RunError> {
    let spec = spec.into();
    // In the common pool a preview would wait for what others have there, which can be all of a large photo.
    tasks::together(|| match (stage, &spec) {
        (Stage::Full, _) | (_, PhotoSpec::Candidate(_)) => reduce_whole(image, &spec, Effort::Full, control),
        (Stage::Preview, _) => preview(image, &spec, control),
        (Stage::Draft, _) => {
            let report = reduce_whole(image, &spec, Effort::Quick, control)?;
            Ok(PhotoReport { stage, ..report })
        }
    })
}

fn preview(image: &Image, spec: &PhotoSpec, control: &Control<'_>) -> Result<PhotoReport, RunError> {
    let small = image.small();
    let report = reduce_whole(&small, &in_preview(spec, image, &small), Effort::Quick, control)?;
    let rate = match spec {
        PhotoSpec::Palette(spec) if report.tile_allocation().is_none() => {
            rate_of(image, spec, report.palette.iter().map(|e| e.rgba))
        }
        _ => report.rate.of_more(image.rgba.len() as u64),
    };
    Ok(PhotoReport { spec: spec.clone(), stage: Stage::Preview, rate, ..report })
}

fn reduce_whole(
    image: &Image,
    spec: &PhotoSpec,
    effort: Effort,
    control: &Control<'_>,
) -> Result<PhotoReport, RunError> {
    let spec = match spec {
        PhotoSpec::Palette(spec) => spec,
        PhotoSpec::Numbers(format) => return numbers::reduce(image, *format, control),
        PhotoSpec::Candidate(candidate) => return compare::photo::measure(image, candidate, control),
    };
    let start = Instant::now();
    let mapped = fit_and_map(image, spec, effort, control)?;
    let mut quantize_time = start.elapsed();
    control.progress(0.4);
    let entries = mapped.entries(image);
    let (width, tiles, colors, tile_allocation) =
        (image.width as usize, mapped.tiles, mapped.palette, mapped.tile_allocation);
    let hidden = mapped.hidden;
    let (codes, error, delta_e_map) = match mapped.codes {
        Codes::OfPixels(codes) => {
            let indexed = Indexed { width, codes: &codes, palette: &colors, tiles };
            let comparison = compare_indexed(&image.rgba, indexed, ERROR_MAP_DELTA_E, control)?;
            (codes, comparison.error, comparison.delta_e_map)
        }
        Codes::OfColours(of_colours) => {
            let colours = image.colours();
            let by = ByColour { colors: &colours.keys, counts: image.colour_counts(), codes: &of_colours };
            let comparison = compare_colours(by, &colors, ERROR_MAP_DELTA_E, control)?;
            let start = Instant::now();
            let table: Vec<(u8, u8)> = of_colours.into_iter().zip(comparison.delta_e_map).collect();
            let (codes, map) = colours.map_pixels_to_pairs(&image.rgba, &table, (hidden, 0));
            quantize_time += start.elapsed();
            control.progress(0.6);
            let indexed = Indexed { width, codes: &codes, palette: &colors, tiles };
            let ssim = ssim_indexed(&image.rgba, indexed, control)?;
            (codes, ColourError { ssim, ..comparison.error }, map)
        }
    };
    control.progress(0.8);
    let indexed = Indexed { width, codes: &codes, palette: &colors, tiles };
    let psnr_afar_db = psnr_afar(&image.rgba, indexed, control)?;
    control.progress(0.95);
    let rate = tile_allocation
        .as_ref()
        .map_or_else(|| rate_of(image, spec, entries.iter().map(|e| e.rgba)), |allocation| allocation.rate);
    let histogram = histogram(entries.iter().map(|e| (e.rgba, e.count)));
    let (palette, coding) = match tiles {
        Some(tiles) => most_used(&entries, tiles, image, tile_allocation),
        None => (entries, PhotoCoding::Palette),
    };
    Ok(PhotoReport {
        spec: PhotoSpec::Palette(spec.clone()),
        stage: Stage::Full,
        rate,
        histogram,
        picture: Arc::new(Picture::new_tiled(image.width, image.height, codes, colors, tiles)),
        error_map: heat_map(image, delta_e_map),
        error,
        psnr_afar_db,
        palette,
        coding,
        quantize_time,
    })
}

/// The squared error of each pixel (mean over its channels) of a full reduction of this photo, coloured from 0 to
/// [`ERROR_MAP_SQUARED`]: for those who ask for it instead of the ΔE2000 map that every report carries.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn squared_map(image: &Image, report: &PhotoReport, control: &Control<'_>) -> Result<Arc<Picture>, Stopped> {
    map_of(image, report, |indexed| squared_error_map(&image.rgba, indexed, ERROR_MAP_SQUARED, control))
}

/// The Oklab distance × 100 of each pixel of a full reduction of this photo once both are blurred as distance does,
/// coloured from 0 to [`ERROR_MAP_AFAR`].
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn afar_map(image: &Image, report: &PhotoReport, control: &Control<'_>) -> Result<Arc<Picture>, Stopped> {
    map_of(image, report, |indexed| oklab_afar_map(&image.rgba, indexed, ERROR_MAP_AFAR, control))
}

fn map_of(
    image: &Image,
    report: &PhotoReport,
    map: impl FnOnce(Indexed<'_>) -> Result<Vec<u8>, Stopped>,
) -> Result<Arc<Picture>, Stopped> {
    let map = pixels_of(image, report).map_or_else(|| Ok(vec![0; image.rgba.len()]), map)?;
    Ok(heat_map(image, map))
}

/// What models of the eye make of a full reduction of this photo: it takes longer than the report, and so is no part of
/// it. None for a preview.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn eye_error(image: &Image, report: &PhotoReport, control: &Control<'_>) -> Result<Option<EyeError>, Stopped> {
    tasks::together(|| {
        pixels_of(image, report).map(|indexed| EyeError::measure(&image.rgba, indexed, control)).transpose()
    })
}

/// The codes of a full reduction of this photo; a preview is of other pixels.
fn pixels_of<'a>(image: &Image, report: &'a PhotoReport) -> Option<Indexed<'a>> {
    report.picture.indexed().filter(|indexed| indexed.codes.len() == image.rgba.len())
}

/// What a preview of every k-th pixel does like the whole: its tiles are as many.
fn in_preview(spec: &PhotoSpec, image: &Image, small: &Image) -> PhotoSpec {
    let mut spec = spec.clone();
    if let PhotoSpec::Palette(PaletteSpec { entries: Entries::Fitted(palette), .. }) = &mut spec
        && let Some(tiles) = &mut palette.tiles
    {
        tiles.side = (tiles.side() * small.width as usize / (image.width as usize).max(1)) as u16;
    }
    spec
}

/// The least that an allocation of bits to the tiles of a photo can take, in bits a pixel; none where the spec asks for
/// no allocation.
pub fn tile_budget_floor(image: &Image, spec: &PaletteSpec) -> Option<f64> {
    let tiled = Tiled::of(spec)?;
    Some(tiles::floor_of(image, tiled, tiled.budget?))
}

fn fit_and_map(image: &Image, spec: &PaletteSpec, effort: Effort, control: &Control<'_>) -> Result<Mapped, Stopped> {
    match Tiled::of(spec) {
        Some(tiled) => tiles::fit_and_map(image, tiled, control),
        None if spec.dither.grain().is_some() => eye::fit_and_map(image, spec, effort, control),
        None => fitted::fit_and_map(image, spec, control),
    }
}

/// The colours that most pixels have, over all tiles.
fn most_used(
    places: &[Entry],
    tiles: Tiles,
    image: &Image,
    allocation: Option<TileAllocation>,
) -> (Vec<Entry>, PhotoCoding) {
    let mut used: Vec<Entry> = places.iter().copied().filter(|e| e.count > 0).collect();
    used.sort_unstable_by_key(|e| e.rgba);
    used.dedup_by(|next, first| {
        let same = next.rgba == first.rgba;
        first.count += if same { next.count } else { 0 };
        same
    });
    let colors = used.len();
    used.sort_by(|a, b| b.count.cmp(&a.count).then(a.rgba.cmp(&b.rgba)));
    used.truncate(256);
    used.sort_by(|a, b| darkness(a.rgba).total_cmp(&darkness(b.rgba)));
    let count = tiles.count(image.height as usize);
    let report = TileReport { side: tiles.side, count, entries: tiles.entries, colors, allocation };
    (used, PhotoCoding::Tiles(report))
}

/// SQNR against bits for every position of the dial: over all pixels, one palette, without dither.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn rate_curve(
    image: &Image,
    method: Method,
    space: Space,
    control: &Control<'_>,
) -> Result<Vec<RatePoint>, Stopped> {
    let colours = image.colours();
    let mut points = Vec::with_capacity(DIAL.len());
    for (i, bits) in DIAL.into_iter().enumerate() {
        control.progress(i as f32 / DIAL.len() as f32);
        let palette = FittedPalette { method, ..FittedPalette::new(1 << bits) };
        let spec = &PaletteSpec { space, ..palette.into() };
        let OfColours { codes, palette, .. } = map_colours(image, colours, spec, control)?;
        let (mut signal, mut noise) = (0.0, 0.0);
        for ((&key, &count), code) in colours.keys.iter().zip(image.colour_counts()).zip(codes) {
            let [x, y] = [key, palette[usize::from(code)]].map(|c| metric::over_white(c).map(f64::from));
            for (x, y) in x.into_iter().zip(y) {
                signal += f64::from(count) * x * x;
                noise += f64::from(count) * (x - y) * (x - y);
            }
        }
        let rate = rate_of(image, spec, palette.into_iter());
        points.push(RatePoint {
            bits,
            bits_per_sample: rate.bits_per_sample(),
            sqnr_db: metric::decibels(signal, noise),
        });
    }
    Ok(points)
}

/// Codes of all pixels and the palette they point into; with tiles, their palettes one after another.
pub struct Reduction {
    /// One code a pixel, top row first: an index into the palette, or into that of the pixel's tile.
    pub codes: Vec<u8>,
    /// sRGB and straight alpha of each entry.
    pub palette: Vec<[u8; 4]>,
    /// How the palettes are laid out over the tiles; none: one palette for all pixels.
    pub tiles: Option<Tiles>,
}

/// The quantizer alone: fit and map to a palette.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn quantize(image: &Image, spec: &PaletteSpec, control: &Control<'_>) -> Result<Reduction, Stopped> {
    tasks::together(|| {
        if spec.dither.grain().is_none() && Tiled::of(spec).is_none() {
            let (codes, palette) = fitted::pixels_mapped(image, spec, control)?;
            return Ok(Reduction { codes, palette, tiles: None });
        }
        let mapped = fit_and_map(image, spec, Effort::Full, control)?;
        let codes = match mapped.codes {
            Codes::OfPixels(codes) => codes,
            Codes::OfColours(table) => image.colours().map_pixels(&image.rgba, &table, mapped.hidden),
        };
        Ok(Reduction { codes, palette: mapped.palette, tiles: mapped.tiles })
    })
}

fn rate_of(image: &Image, spec: &PaletteSpec, palette: impl ExactSizeIterator<Item = [u8; 4]>) -> Rate {
    if let Some(tiled) = Tiled::of(spec) {
        return tiles::rate_of(image, tiled);
    }
    rate_of_palette(image.rgba.len(), palette)
}

/// Whether a reduction takes so long that a draft of it is worth its time.
pub fn draft_pays(image: &Image, spec: &PhotoSpec) -> bool {
    const LARGE: usize = 600_000;
    spec.dither().grain().is_some() && image.rgba.len() > LARGE
}

/// Whether a photo is large enough for a preview to be worth its time.
pub fn preview_pays(image: &Image) -> bool {
    image.rgba.len() > 4 * PREVIEW_PIXELS
}
