//! What there is to know of a method of fitting, and what it is asked for.

use super::cloud::Cloud;
use crate::engine::codebook::{Codebook, distance_squared};
use crate::engine::control::{Control, Stopped};
use crate::engine::trace::Trace;

/// Stands in the method's file, beside its `fit`.
pub struct Row {
    /// As on the command line and in format names.
    pub name: &'static str,
    /// What a palette maker calls it.
    pub palette_label: &'static str,
    /// What the same method is called when it chooses levels on the number line.
    pub levels_label: &'static str,
    /// When to choose it, in one line.
    pub hint: &'static str,
    /// Who describes it, as a choice of levels.
    pub source: &'static str,
    /// Its entries are a grid over what the outermost samples span: there are not as many as any number asked for.
    pub is_grid: bool,
}

/// `free` entries are asked for, to stand beside those that are kept.
#[derive(Clone, Copy)]
pub(super) struct Task<'a, const D: usize> {
    pub cloud: &'a Cloud<D>,
    pub kept: &'a [[f32; D]],
    pub free: usize,
    pub control: &'a Control<'a>,
}

impl<const D: usize> Task<'_, D> {
    /// Runs a fit that knows of no kept entries on the points that these do not serve better than those which the
    /// last run found: all of them at first. Only a fit of all points is traced: the splits of others would
    /// not add up to the whole.
    pub(super) fn beside(
        self,
        trace: &mut Trace<D>,
        fit: impl Fn(&Cloud<D>, &mut Trace<D>) -> Result<Vec<[f32; D]>, Stopped>,
    ) -> Result<Vec<[f32; D]>, Stopped> {
        const RUNS: usize = 3;
        if self.kept.is_empty() {
            return fit(self.cloud, trace);
        }
        let untraced = |cloud: &Cloud<D>| fit(cloud, &mut Trace::off());
        let mut entries = untraced(self.cloud)?;
        let from = |book: &Codebook<D>, x: [f32; D]| distance_squared(x, book.points()[usize::from(book.nearest(x))]);
        let kept = Codebook::new(self.kept.to_vec());
        for _ in 1..RUNS {
            let fitted = Codebook::new(entries.clone());
            let rest = self.cloud.filtered(|x| from(&kept, x) > from(&fitted, x));
            if rest.len() <= self.free {
                return Ok(if rest.is_empty() { entries } else { rest.points });
            }
            entries = untraced(&rest)?;
        }
        Ok(entries)
    }
}
