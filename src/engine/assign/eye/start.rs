//! The first palette: k-means in the opponent space, where errors in textures weigh less.

use super::energy::PLANES;
use super::refit::Entries;
use super::site::Sites;
use super::space::point_of;
use crate::engine::control::{Control, Stopped};
use crate::engine::fit::{Goal, Method, fit};
use crate::engine::samples::Samples;

/// What errors of X and B count beside what they do in the energy: chroma will be dithered.
const CHROMA: f32 = 0.4;
/// Pixels that are looked at, about.
const PIXELS: usize = 60_000;
/// A flat colour of more than this share of the picture may take an entry from where it is missed least.
const FLAT_SHARE: f64 = 0.01;

/// At most `count` entries, `kept` ones first. Entries of `flat` colours are held.
pub(super) fn entries(
    sites: &Sites,
    (count, kept, flat): (usize, &[[u8; 4]], &[[u8; 4]]),
    grey: bool,
    control: &Control<'_>,
) -> Result<Entries, Stopped> {
    let scale = [PLANES[0], PLANES[1] * CHROMA, PLANES[2] * CHROMA].map(f32::sqrt);
    let scaled = |point: [f32; 3]| -> [f32; 3] { std::array::from_fn(|c| point[c] * scale[c] + 0.0) };
    let kept: Vec<[f32; 3]> = kept.iter().take(count).map(|&color| point_of(color)).collect();
    let flat: Vec<[f32; 3]> = flat.iter().map(|&color| point_of(color)).collect();
    let (values, weights) = different(sites, &scaled);
    let scaled_kept: Vec<[f32; 3]> = kept.iter().map(|&point| scaled(point)).collect();
    let goal = Goal {
        method: Method::KMeans,
        count,
        kept: &scaled_kept,
        stored: |point| point,
        exact: (!flat.is_empty()).then_some(FLAT_SHARE),
    };
    let book = fit(goal, Samples::weighted(&values, &weights), control)?;
    let mut entries = Entries { points: kept.clone(), held: vec![true; kept.len()], grey };
    for &fitted in book.points().iter().filter(|point| !scaled_kept.contains(point)) {
        let exact = flat.iter().find(|&&point| scaled(point) == fitted);
        entries.points.push(exact.copied().unwrap_or_else(|| std::array::from_fn(|c| fitted[c] / scale[c])));
        entries.held.push(exact.is_some());
    }
    entries.points.truncate(count.max(1));
    entries.held.truncate(count.max(1));
    Ok(entries)
}

/// The different points of some of the pixels, and the weight of each.
fn different(sites: &Sites, scaled: &impl Fn([f32; 3]) -> [f32; 3]) -> (Vec<[f32; 3]>, Vec<f32>) {
    let step = (sites.all.len() as f64 / PIXELS as f64).sqrt().ceil() as usize;
    let sample = sites.thinned(step);
    let seen = sample.all.iter().filter(|site| site.root[0] > 0.0);
    let mut points: Vec<([f32; 3], f32)> = seen.map(|site| (scaled(site.point), site.root[0] * site.root[0])).collect();
    points.sort_unstable_by(|a, b| a.0.map(f32::to_bits).cmp(&b.0.map(f32::to_bits)));
    points.dedup_by(|next, first| {
        let same = next.0 == first.0;
        first.1 += if same { next.1 } else { 0.0 };
        same
    });
    points.into_iter().unzip()
}
