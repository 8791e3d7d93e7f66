//! Codes, errors and entries on their way from the first palette to the last pass.

use std::collections::HashMap;

use super::emphasis::reweigh;
use super::energy::{Energy, PLANES};
use super::filter::Filters;
use super::near::Near;
use super::pass::{Errors, Way, pass};
use super::refit::{Entries, errors_of, refit};
use super::site::Sites;
use super::space::{colour_of, point_of};
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::tasks;

/// An entry takes the colour that this share of its pixels has: white paper stays white.
const SHARED: f64 = 0.4;
/// Pixels that are looked at for such colours, at most.
const LOOKED_AT: usize = 1 << 16;

/// Pixels that one task looks up.
const BAND: usize = 1 << 14;

/// The filter and the energy that everything is done with.
pub(super) type With<'a> = (&'a Filters, Energy);

/// The state of the work on some pixels.
pub(super) struct Work {
    sites: Sites,
    pub entries: Entries,
    pub codes: Vec<u8>,
    errors: Errors,
    /// Whether there was a pass.
    is_started: bool,
    /// Whether the next pass goes from the bottom.
    up: bool,
    /// The energy of a pixel on the mean, when weights were last raised.
    mean_energy: f32,
}

impl Work {
    /// Each pixel has its nearest entry, and no error is counted yet.
    pub(super) fn new(sites: Sites, entries: Entries) -> Self {
        let codes = nearest(&sites, &entries.points);
        let errors = std::array::from_fn(|_| vec![0.0; codes.len()]);
        let mut work = Self { sites, entries, codes, errors, is_started: false, up: false, mean_energy: 0.0 };
        let held = work.entries.held.clone();
        work.settle(|k| held[k]);
        work
    }

    /// One pass over all pixels.
    pub(super) fn pass(&mut self, with: With<'_>, control: &Control<'_>) -> Result<(), Stopped> {
        self.walk(with, None, control)
    }

    /// The last pass, in which codes that make the file smaller may cost so much more than the best ones, of the energy of a
    /// pixel on the mean.
    pub(super) fn last_pass(&mut self, with: With<'_>, rate_weight: f32, control: &Control<'_>) -> Result<(), Stopped> {
        self.walk(with, (rate_weight > 0.0).then_some(rate_weight * self.mean_energy), control)
    }

    fn walk(
        &mut self,
        (filters, energy): With<'_>,
        allowance: Option<f32>,
        control: &Control<'_>,
    ) -> Result<(), Stopped> {
        if self.is_started {
            self.errors = errors_of(&self.sites, &self.codes, &self.entries.points);
        }
        let (near, way) = (Near::new(&self.entries.points), Way { first: !self.is_started, up: self.up, allowance });
        pass(&self.sites, (&near, filters, energy), (&mut self.codes, &mut self.errors), way, control)?;
        (self.is_started, self.up) = (true, !self.up);
        Ok(())
    }

    /// Moves the entries to where the codes want them; after a pass.
    pub(super) fn refit(&mut self, with: With<'_>, stride: f64, control: &Control<'_>) -> Result<(), Stopped> {
        refit(&self.sites, (&self.codes, &self.errors), &mut self.entries, with, stride, control)
    }

    /// Raises the weights where errors are worst; after a pass.
    pub(super) fn reweigh(&mut self, with: With<'_>) {
        self.mean_energy = reweigh(&mut self.sites, &self.entries.points, (&self.codes, &self.errors), with);
    }

    /// The entries as a file holds them, which they are from now on; those that are `kept` come first and exactly. Pixels
    /// of exactly an entry's colour have that entry from now on.
    pub(super) fn rounded(&mut self, kept: &[[u8; 4]]) -> Vec<[u8; 4]> {
        let mut palette: Vec<[u8; 4]> = self.entries.points.iter().map(|&point| colour_of(point)).collect();
        palette.iter_mut().zip(kept).for_each(|(color, kept)| *color = *kept);
        for (k, color) in self.shared_colours() {
            if !self.entries.held[k] && !palette.contains(&color) {
                palette[k] = color;
            }
        }
        if self.entries.grey {
            palette.iter_mut().skip(kept.len()).for_each(|[r, g, b, _]| (*r, *b) = (*g, *g));
        }
        self.entries.points = palette.iter().map(|&color| point_of(color)).collect();
        self.settle(|_| true);
        palette
    }

    /// The colours that large shares of the entries' pixels have.
    fn shared_colours(&self) -> Vec<(usize, [u8; 4])> {
        let step = self.codes.len().div_ceil(LOOKED_AT).max(1);
        let (mut counts, mut totals) = (HashMap::new(), vec![0u32; self.entries.points.len()]);
        let pixels = self.sites.all.iter().zip(&self.codes).step_by(step).filter(|(site, _)| site.root[0] > 0.0);
        for (site, &code) in pixels {
            totals[usize::from(code)] += 1;
            *counts.entry((usize::from(code), site.point.map(f32::to_bits))).or_insert(0u32) += 1;
        }
        let is_shared = |((k, _), n): &(&(usize, [u32; 3]), &u32)| f64::from(**n) >= SHARED * f64::from(totals[*k]);
        let shared = counts.iter().filter(is_shared);
        let mut shared: Vec<(usize, [u8; 4], u32)> =
            shared.map(|((k, point), &n)| (*k, colour_of(point.map(f32::from_bits)), n)).collect();
        // Of two in one entry the more frequent comes last, and stays.
        shared.sort_unstable_by_key(|&(k, color, n)| (k, n, color));
        shared.into_iter().map(|(k, color, _)| (k, color)).collect()
    }

    /// Pixels that have exactly the point of one of these entries take it, and keep it.
    fn settle(&mut self, takes: impl Fn(usize) -> bool) {
        let points = self.entries.points.iter().enumerate().filter(|(k, _)| takes(*k));
        let exact: HashMap<[u32; 3], u8> = points.map(|(k, point)| (point.map(f32::to_bits), k as u8)).collect();
        if exact.is_empty() {
            return;
        }
        // Few pixels of a photo have an entry's point: most are told by a few bits of it.
        let bucket = |y: u32| (y.wrapping_mul(0x9E37_79B1) >> 20) as usize;
        let mut is_there = vec![false; 1 << 12];
        exact.keys().for_each(|point| is_there[bucket(point[0])] = true);
        for (site, code) in self.sites.all.iter_mut().zip(&mut self.codes).filter(|(site, _)| !site.settled) {
            let point = site.point.map(f32::to_bits);
            if is_there[bucket(point[0])]
                && let Some(&k) = exact.get(&point)
            {
                (*code, site.settled) = (k, true);
            }
        }
    }
}

/// The nearest entry of each pixel.
fn nearest(sites: &Sites, points: &[[f32; 3]]) -> Vec<u8> {
    let scaled = |point: &[f32; 3]| -> [f32; 3] { std::array::from_fn(|c| point[c] * PLANES[c].sqrt()) };
    let book = Codebook::new(points.iter().map(scaled).collect());
    let mut codes = vec![0u8; sites.all.len()];
    tasks::map(codes.chunks_mut(BAND).zip(sites.all.chunks(BAND)), |_, (out, sites)| {
        let mut found = vec![0u16; out.len()];
        book.nearest_each(&sites.iter().map(|site| scaled(&site.point)).collect::<Vec<_>>(), &mut found);
        out.iter_mut().zip(found).for_each(|(out, code)| *out = code as u8);
    });
    codes
}
