//! What the eye sees at each pixel of the original: its point, how differences of light look there, and how much its
//! surroundings mask an error.

use super::blur::{Beyond, Taps, blurred};
use super::space::{cones, opponent};
use crate::engine::colour::{cube_root, light_of_codes};
use crate::engine::random::Random;
use crate::engine::simd::{Kernel, widest};
use crate::engine::tasks;

/// One pixel of the original; as long as a line of the cache.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C, align(64))]
pub(super) struct Site {
    /// Its opponent point (Y, X, B).
    pub point: [f32; 3],
    /// The response of the cones times `slope`.
    pub light: [f32; 3],
    /// What a difference of the cones' responses is multiplied by to become one of their cube roots, around here.
    pub slope: [f32; 3],
    /// √w: the root of an error's weight, a plane; 0 where the pixel takes no part.
    pub root: [f32; 3],
    /// What w has been raised by above the mask of the surroundings.
    pub raised: f32,
    /// What the weight of a close look is multiplied by here: more among flat colours.
    pub close: f32,
    /// Whether its code is settled and stays.
    pub settled: bool,
}

/// The pixels of the original, row by row from the top.
#[derive(Clone)]
pub(super) struct Sites {
    pub width: usize,
    pub all: Vec<Site>,
}

/// The variance at which errors are masked by a factor of 2^¼.
/// At ¼ of it and at 4 times as much the results on photos are level.
const MASKING_VARIANCE: f32 = 0.0009;
/// Standard deviation in pixels of the window in which that variance is taken.
const MASKING_SIGMA: f64 = 1.2;
/// Standard deviation of the window whose mean light sets the slope.
const ADAPTATION_SIGMA: f64 = 1.5;
/// How far flat colours reach.
const FLAT_SIGMA: f64 = 1.5;
/// How much more a close look counts among flat colours: there an edge needs no dither, and specks are seen.
const FLAT_CLOSE: f32 = 15.0;
/// Pixels that one task works on.
const BAND: usize = 1 << 14;

impl Sites {
    /// Of all pixels. Those that are not opaque take no part. Pixels of one of the colours that are `flat` are told
    /// from a photo's: a close look counts more there and around.
    pub(super) fn of(pixels: &[[u8; 4]], width: usize, flat: &[[u8; 4]]) -> Self {
        let mut all = tasks::filled(Site::default(), pixels.len());
        tasks::map(all.chunks_mut(BAND).zip(pixels.chunks(BAND)), |_, (sites, pixels)| {
            widest(Points { pixels, sites });
        });
        let (masking, adaptation) = (Taps::new(MASKING_SIGMA), Taps::new(ADAPTATION_SIGMA));
        for c in 0..3 {
            let (sites, size) = (all.as_slice(), (width, all.len()));
            let plane = |of: fn(&Site, usize) -> f32| {
                move |y: usize, out: &mut [f32]| {
                    out.iter_mut().zip(&sites[y * width..]).for_each(|(out, site)| *out = of(site, c));
                }
            };
            let mean = blurred(&plane(|site, c| site.point[c]), size, &masking, Beyond::Edge);
            let square = blurred(&plane(|site, c| site.point[c] * site.point[c]), size, &masking, Beyond::Edge);
            let light = blurred(&plane(|site, c| site.light[c]), size, &adaptation, Beyond::Edge);
            let planes = mean.chunks(BAND).zip(square.chunks(BAND).zip(light.chunks(BAND)));
            tasks::map(all.chunks_mut(BAND).zip(planes), |_, (sites, (mean, (square, light)))| {
                widest(Surroundings { sites, mean, square, light, plane: c });
            });
        }
        for (site, _) in all.iter_mut().zip(pixels).filter(|(_, pixel)| pixel[3] < 255) {
            (site.root, site.settled) = ([0.0; 3], true);
        }
        let mut sites = Self { width, all };
        if !flat.is_empty() {
            sites.look_closer_at(pixels, flat);
        }
        sites
    }

    fn look_closer_at(&mut self, pixels: &[[u8; 4]], flat: &[[u8; 4]]) {
        let is_flat = |y: usize, out: &mut [f32]| {
            let row = &pixels[y * self.width..];
            out.iter_mut().zip(row).for_each(|(out, p)| *out = if flat.contains(p) { 1.0 } else { 0.0 });
        };
        let near = blurred(&is_flat, (self.width, pixels.len()), &Taps::new(FLAT_SIGMA), Beyond::Edge);
        self.all.iter_mut().zip(near).for_each(|(site, near)| site.close = 1.0 + FLAT_CLOSE * near);
    }

    pub(super) fn height(&self) -> usize {
        self.all.len() / self.width.max(1)
    }

    /// One of each `step` × `step` pixels, at a place among them that is drawn by lot: a fixed one would meet what
    /// repeats in the picture always or never. All of them where the picture is too small for that.
    pub(super) fn thinned(&self, step: usize) -> Self {
        let (width, height) = (self.width / step.max(1), self.height() / step.max(1));
        if step < 2 || width == 0 || height == 0 {
            return self.clone();
        }
        let mut random = Random::seeded(7);
        let mut place = || ((random.next_f32() * step as f32) as usize).min(step - 1);
        let cells = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let all = cells.map(|(x, y)| self.all[(y * step + place()) * self.width + x * step + place()]).collect();
        Self { width, all }
    }
}

/// Points and responses of the cones.
struct Points<'a> {
    pixels: &'a [[u8; 4]],
    sites: &'a mut [Site],
}

impl Kernel for Points<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let table = light_of_codes();
        for (site, &[r, g, b, _]) in self.sites.iter_mut().zip(self.pixels) {
            site.light = cones([r, g, b].map(|code| table[usize::from(code)]));
            site.point = opponent(site.light.map(cube_root));
        }
    }
}

/// Slope and weight of a plane.
struct Surroundings<'a> {
    sites: &'a mut [Site],
    mean: &'a [f32],
    square: &'a [f32],
    light: &'a [f32],
    plane: usize,
}

impl Kernel for Surroundings<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let c = self.plane;
        for (i, site) in self.sites.iter_mut().enumerate() {
            let variance = (self.square[i] - self.mean[i] * self.mean[i]).max(0.0);
            // w is the fourth root of this, and √w the eighth.
            let masked = MASKING_VARIANCE / (MASKING_VARIANCE + variance);
            site.root[c] = masked.sqrt().sqrt().sqrt();
            let root = cube_root(self.light[i]);
            // The derivative of the cube root.
            site.slope[c] = 1.0 / (3.0 * root * root);
            site.light[c] *= site.slope[c];
            (site.raised, site.close) = (1.0, 1.0);
        }
    }
}
