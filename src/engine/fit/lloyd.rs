//! Lloyd's rounds over a cloud: every point to its nearest entry, every entry to the mean of its points.

use super::cloud::{Cloud, Moments};
use crate::engine::cells::Boxes;
use crate::engine::codebook::{Codebook, distance_squared};
use crate::engine::control::{Control, Stopped};
use crate::engine::trace::{Phase, Trace};

#[derive(Clone)]
pub struct Lloyd<'a, const D: usize> {
    pub(super) cloud: &'a Cloud<D>,
    boxes: &'a Boxes<'a, D>,
    /// The first so many entries never move.
    pub(super) kept: usize,
    pub(super) book: Codebook<D>,
    /// The entry of each point.
    pub(super) codes: Vec<u16>,
    pub(super) moments: Vec<Moments<D>>,
}

impl<'a, const D: usize> Lloyd<'a, D> {
    /// `boxes` holds the points of `cloud`; the first `kept` of the entries never move.
    pub fn new(cloud: &'a Cloud<D>, boxes: &'a Boxes<'a, D>, kept: usize, centers: Vec<[f32; D]>) -> Self {
        let (book, codes) = (Codebook::new(centers), vec![0; cloud.len()]);
        let mut state = Self { cloud, boxes, kept, book, codes, moments: Vec::new() };
        state.map();
        state
    }

    pub fn centers(&self) -> &[[f32; D]] {
        self.book.points()
    }

    /// Where the entry stands, if it never moves.
    pub(super) fn pin(&self, entry: usize) -> Option<[f32; D]> {
        (entry < self.kept).then(|| self.centers()[entry])
    }

    /// By how much the squared error falls short of Σ w·|x|², once every entry that may move stands at
    /// its mean: the more the better.
    pub fn explained(&self) -> f64 {
        self.moments.iter().enumerate().map(|(entry, m)| m.explained_from(self.pin(entry))).sum()
    }

    /// The squared error, entries at their means where they may be.
    pub fn error(&self) -> f64 {
        let means: Vec<[f32; D]> =
            self.moments.iter().enumerate().map(|(entry, m)| self.pin(entry).unwrap_or(m.mean())).collect();
        let points = self.codes.iter().zip(self.cloud.points.iter().zip(&self.cloud.weights));
        points.map(|(&k, (&p, &w))| f64::from(distance_squared(p, means[usize::from(k)]) * w)).sum()
    }

    /// Moves every entry to its mean and maps the points anew. An entry nobody uses stays.
    pub fn round(&mut self) {
        self.replace(moved(&self.moments, self.centers(), self.kept));
    }

    /// Puts other entries in the places of these.
    pub fn replace(&mut self, centers: Vec<[f32; D]>) {
        self.book = Codebook::new(centers);
        self.map();
    }

    fn map(&mut self) {
        self.boxes.nearest(&self.book, &mut self.codes);
        self.moments.clear();
        self.moments.resize(self.book.len(), Moments::default());
        for ((&k, &p), &w) in self.codes.iter().zip(&self.cloud.points).zip(&self.cloud.weights) {
            self.moments[usize::from(k)].add(p, w);
        }
    }

    /// Rounds until one lowers the error by less than this part of it.
    pub fn settle(
        &mut self,
        worthwhile: f64,
        most_rounds: usize,
        trace: &mut Trace<D>,
        control: &Control<'_>,
    ) -> Result<(), Stopped> {
        let mut explained = self.explained();
        let enough = worthwhile * self.error();
        for _ in 0..most_rounds {
            control.check()?;
            self.round();
            trace.entries(Phase::Round, self.centers(), &self.moments);
            let now = self.explained();
            if now - explained <= enough {
                break;
            }
            explained = now;
        }
        Ok(())
    }
}

/// The entries at the means of their points. The first `kept` stay, and so does one that nobody uses.
pub(super) fn moved<const D: usize>(moments: &[Moments<D>], centers: &[[f32; D]], kept: usize) -> Vec<[f32; D]> {
    let stays = |entry: usize| entry < kept || moments[entry].weight <= 0.0;
    (0..centers.len()).map(|entry| if stays(entry) { centers[entry] } else { moments[entry].mean() }).collect()
}
