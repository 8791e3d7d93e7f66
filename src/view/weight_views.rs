//! What the plots of one tensor need beside its reductions, made only while they are looked at.

use std::sync::Arc;

use egui_plot::PlotPoint;

use super::tensor_plots::{Pointed, TensorPlot};
use super::work::TensorKey;
use crate::engine::control::Control;
use crate::jobs::{Emit, Slot, Wake};
use crate::report::{TensorOriginal, TensorReport};
use crate::run::rows::row_errors;
use crate::run::spread::{Spread, spread};
use crate::run::within::{Range, Within, within};
use crate::spec::Stage;

/// Sorted weights are large: few of them are kept for when one comes back.
const MOST_KEPT: usize = 2;

pub struct WeightViews {
    /// (row, SQNR dB) under each pane's format; exact rows lie nowhere.
    pub rows: [Slot<TensorKey, Vec<PlotPoint>>; 3],
    /// Of the chosen pane.
    pub spread: Slot<TensorKey, Spread>,
    /// The weights in the bin under the pointer.
    pub within: Slot<(TensorKey, Range), Within>,
}

impl WeightViews {
    pub fn new(wake: &Wake) -> Self {
        let mut spread = Slot::new("spread", wake.clone());
        spread.renew(MOST_KEPT);
        let mut within = Slot::new("within", wake.clone());
        within.renew(MOST_KEPT);
        Self { rows: [1, 2, 3].map(|i| Slot::new(&format!("rows-{i}"), wake.clone())), spread, within }
    }

    pub fn poll(&mut self) {
        self.rows.iter_mut().for_each(Slot::poll);
        self.spread.poll();
        self.within.poll();
    }

    pub fn cancel(&mut self) {
        self.rows.iter_mut().for_each(Slot::cancel);
        self.spread.cancel();
    }

    pub fn retry(&mut self) {
        self.rows.iter_mut().for_each(Slot::retry);
        self.spread.retry();
    }

    pub fn busiest(&self) -> Option<(&'static str, Option<f32>)> {
        let rows = self.rows.iter().find(|s| s.is_busy()).map(|s| ("Measuring the rows", s.progress()));
        rows.or_else(|| self.spread.is_busy().then(|| ("Sorting the weights", self.spread.progress())))
    }

    pub fn is_cancelled(&self) -> bool {
        self.rows.iter().any(Slot::is_cancelled) || self.spread.is_cancelled()
    }

    pub fn errors(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(Slot::error).chain(self.spread.error())
    }

    /// Asks which weights lie in the bin under the pointer; without one, forgets them.
    pub fn request_within(
        &mut self,
        pointed: Option<Pointed>,
        original: Option<&Arc<TensorOriginal>>,
        slots: &[Slot<TensorKey, TensorReport>; 3],
    ) {
        let Some(Pointed::Bin(pane, range)) = pointed else {
            if self.within.wanted().is_some() {
                self.within.clear();
            }
            return;
        };
        let shown = slots.get(pane).and_then(Slot::shown);
        let (Some(original), Some((key, report))) = (original, shown) else { return };
        if key.1.tensor != original.tensor || report.stage != Stage::Full {
            return;
        }
        let (original, report) = (original.clone(), report.clone());
        self.within.request((*key, range), move |emit: &Emit<'_, Within>, control: &Control<'_>| {
            emit.emit_final(within(&original, &report, range, control)?);
            Ok(())
        });
    }

    /// Asks for what the plot shows, of those reductions that are there in full.
    pub fn request(
        &mut self,
        plot: TensorPlot,
        (document, original): (u64, &Arc<TensorOriginal>),
        slots: &[Slot<TensorKey, TensorReport>; 3],
        pane: usize,
    ) {
        let finished = |slot: &Slot<TensorKey, TensorReport>| {
            let (key, report) = slot.shown()?;
            let current = key.0 == document && key.1.tensor == original.tensor && report.stage == Stage::Full;
            current.then(|| (*key, report.clone()))
        };
        match plot {
            TensorPlot::Rows => {
                for (rows, slot) in self.rows.iter_mut().zip(slots) {
                    if let Some((key, report)) = finished(slot) {
                        request_rows(rows, key, original.clone(), report);
                    }
                }
            }
            TensorPlot::Histogram | TensorPlot::Quantiles => {
                if let Some((key, report)) = finished(&slots[pane]) {
                    let original = original.clone();
                    self.spread.request(key, move |emit: &Emit<'_, Spread>, control: &Control<'_>| {
                        emit.emit_final(spread(&original, &report, control)?);
                        Ok(())
                    });
                }
            }
        }
    }
}

fn request_rows(
    slot: &mut Slot<TensorKey, Vec<PlotPoint>>,
    key: TensorKey,
    original: Arc<TensorOriginal>,
    report: Arc<TensorReport>,
) {
    slot.request(key, move |emit: &Emit<'_, Vec<PlotPoint>>, control: &Control<'_>| {
        let errors = row_errors(&original, &report, control)?;
        let points = errors.iter().enumerate().map(|(row, e)| PlotPoint::new(row as f64, e.sqnr_db()));
        emit.emit_final(points.filter(|p| p.y.is_finite()).collect());
        Ok(())
    });
}
