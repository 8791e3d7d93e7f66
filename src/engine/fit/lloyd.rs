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
    pub(super) book: Codebook<D>,
    /// The entry of each point.
    pub(super) codes: Vec<u16>,
    pub(super) moments: Vec<Moments<D>>,
}

impl<'a, const D: usize> Lloyd<'a, D> {
    /// `boxes` holds the points of `cloud`.
    pub fn new(cloud: &'a Cloud<D>, boxes: &'a Boxes<'a, D>, centers: Vec<[f32; D]>) -> Self {
        let mut state =
            Self { cloud, boxes, book: Codebook::new(centers), codes: vec![0; cloud.len()], moments: Vec::new() };
        state.map();
        state
    }

    pub fn centers(&self) -> &[[f32; D]] {
        self.book.points()
    }

    /// By how much the squared error falls short of Σ w·|x|², once every entry stands at its mean: the
    /// more the better.
    pub fn explained(&self) -> f64 {
        self.moments.iter().map(Moments::explained).sum()
    }

    /// The squared error, entries at their means.
    pub fn error(&self) -> f64 {
        let means: Vec<[f32; D]> = self.moments.iter().map(Moments::mean).collect();
        let points = self.codes.iter().zip(self.cloud.points.iter().zip(&self.cloud.weights));
        points.map(|(&k, (&p, &w))| f64::from(distance_squared(p, means[usize::from(k)]) * w)).sum()
    }

    /// Moves every entry to its mean and maps the points anew. An entry nobody uses stays.
    pub fn round(&mut self) {
        let center = |(m, old): (&Moments<D>, &[f32; D])| if m.weight > 0.0 { m.mean() } else { *old };
        let centers = self.moments.iter().zip(self.book.points()).map(center).collect();
        self.replace(centers);
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
