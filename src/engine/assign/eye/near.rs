//! A palette as the descent needs it: for each entry, those near it, side by side in memory.

use super::energy::PLANES;
use super::site::Site;
use super::space::{cones_of_point, opponent};

/// Entries that are compared at once.
pub(super) const LANES: usize = 8;
/// Entries that are compared for a pixel: those nearest to the one that it has now. On photos, 16, 32 and all 256 give
/// the same figures.
const MOST: usize = 16;
/// The point of what is no entry: never the nearest.
const NOWHERE: f32 = 1e9;

/// A few entries: planes of their points and of the cones' responses, and their codes.
#[derive(Clone)]
pub(super) struct Chunk {
    pub point: [[f32; LANES]; 3],
    pub light: [[f32; LANES]; 3],
    pub codes: [u8; LANES],
}

/// The lists of near entries of all entries.
pub(super) struct Near {
    points: Vec<[f32; 3]>,
    light: Vec<[f32; 3]>,
    chunks: Vec<Chunk>,
    /// Chunks of a list.
    each: usize,
    /// Whether one list, of all entries, serves all of them.
    shared: bool,
}

impl Near {
    pub(super) fn new(points: &[[f32; 3]]) -> Self {
        let light: Vec<[f32; 3]> = points.iter().map(|&point| cones_of_point(point)).collect();
        let shared = points.len() <= 2 * MOST;
        let length = if shared { points.len() } else { MOST };
        let lists = if shared { 1 } else { points.len() };
        let mut chunks = Vec::with_capacity(lists * length.div_ceil(LANES));
        for k in 0..lists {
            let near = nearest_to(points, k, length);
            chunks.extend(near.chunks(LANES).map(|codes| chunk(points, &light, codes)));
        }
        Self { points: points.to_vec(), light, chunks, each: length.div_ceil(LANES), shared }
    }

    /// The entries near one.
    #[inline(always)]
    pub(super) fn list(&self, code: u8) -> &[Chunk] {
        let first = if self.shared { 0 } else { usize::from(code) * self.each };
        &self.chunks[first..first + self.each]
    }

    /// The point of an entry.
    #[inline(always)]
    pub(super) fn point(&self, code: u8) -> [f32; 3] {
        self.points[usize::from(code)]
    }

    /// The error l of a site that takes an entry: of light, scaled to points.
    #[inline(always)]
    pub(super) fn error(&self, site: &Site, code: u8) -> [f32; 3] {
        error_of_light(site, self.light[usize::from(code)])
    }
}

/// l for the cones' responses of what a site takes.
#[inline(always)]
pub(super) fn error_of_light(site: &Site, light: [f32; 3]) -> [f32; 3] {
    opponent(std::array::from_fn(|c| light[c] * site.slope[c] - site.light[c]))
}

/// So many entries, nearest first.
fn nearest_to(points: &[[f32; 3]], k: usize, length: usize) -> Vec<usize> {
    let far = |j: usize| -> f32 { (0..3).map(|c| PLANES[c] * (points[k][c] - points[j][c]).powi(2)).sum() };
    let mut order: Vec<(f32, usize)> = (0..points.len()).map(|j| (far(j), j)).collect();
    let nearer = |a: &(f32, usize), b: &(f32, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
    if length < order.len() {
        order.select_nth_unstable_by(length, nearer);
        order.truncate(length);
    }
    order.sort_unstable_by(nearer);
    order.into_iter().map(|(_, j)| j).collect()
}

fn chunk(points: &[[f32; 3]], light: &[[f32; 3]], entries: &[usize]) -> Chunk {
    let mut chunk = Chunk { point: [[NOWHERE; LANES]; 3], light: [[0.0; LANES]; 3], codes: [0; LANES] };
    for (lane, &entry) in entries.iter().enumerate() {
        for c in 0..3 {
            (chunk.point[c][lane], chunk.light[c][lane]) = (points[entry][c], light[entry][c]);
        }
        chunk.codes[lane] = entry as u8;
    }
    chunk
}
