//! What the plots of one tensor need beside its reductions, made only while they are looked at.

use std::sync::Arc;

use egui_plot::PlotPoint;

use crate::engine::control::Stopped;
use crate::jobs::{Running, Slot, Wake, each};
use crate::run::bin_members::{BinMembers, Range, bin_members};
use crate::run::report::{TensorOriginal, TensorReport};
use crate::run::rows::row_errors;
use crate::run::spread::{Spread, spread};
use crate::spec::Stage;
use crate::view::document::{DocumentId, TensorId, TensorKey};
use crate::view::weights::tensor_plot_state::{Pointed, TensorPlot};

/// A bin of the histogram of a reduced tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BinKey {
    /// The reduction on whose axis the bin lies.
    pub reduction: TensorKey,
    /// The bin's place on that axis.
    pub range: Range,
}

/// The jobs behind the plots of the chosen tensor.
pub(crate) struct WeightViews {
    /// (row, SQNR dB) under each pane's format; exact rows lie nowhere.
    pub rows: [Slot<TensorKey, Vec<PlotPoint>>; 3],
    /// The weights in order and the errors of the chosen pane's reduction.
    pub spread: Slot<TensorKey, Spread>,
    /// The weights in the bin under the pointer.
    pub bin_members: Slot<BinKey, BinMembers>,
}

impl WeightViews {
    pub(crate) fn new(wake: &Wake) -> Self {
        Self {
            rows: [(); 3].map(|()| Slot::new("Measuring the rows", wake.clone())),
            spread: Slot::new("Sorting the weights", wake.clone()),
            bin_members: Slot::new("Looking into the bin", wake.clone()),
        }
    }

    /// All its jobs, in the order in which a user waits for them.
    pub(crate) fn jobs(&mut self) -> impl Iterator<Item = &mut dyn Running> {
        each(&mut self.rows).chain(each([&mut self.spread])).chain(each([&mut self.bin_members]))
    }

    /// Asks which weights lie in the bin under the pointer; without one, forgets them.
    pub(crate) fn request_bin_members(
        &mut self,
        pointed: Option<Pointed>,
        original: Option<&Arc<TensorOriginal>>,
        slots: &[Slot<TensorKey, TensorReport>; 3],
    ) {
        let Some(Pointed::Bin(pane, range)) = pointed else {
            if self.bin_members.wanted().is_some() {
                self.bin_members.clear();
            }
            return;
        };
        let shown = slots.get(pane).and_then(Slot::shown);
        let (Some(original), Some((key, report))) = (original, shown) else { return };
        if key.spec.tensor != original.tensor || report.stage != Stage::Full {
            return;
        }
        let (original, report) = (original.clone(), report.clone());
        self.bin_members.request_value(BinKey { reduction: *key, range }, move |control| {
            bin_members(&original, &report, range, control)
        });
    }

    /// Asks for what the plot shows, of those reductions that are there in full.
    pub(crate) fn request(
        &mut self,
        plot: TensorPlot,
        document: DocumentId,
        original: &Arc<TensorOriginal>,
        slots: &[Slot<TensorKey, TensorReport>; 3],
        pane: usize,
    ) {
        let finished = |slot: &Slot<TensorKey, TensorReport>| {
            let (key, report) = slot.shown()?;
            let tensor = TensorId { document, tensor: original.tensor };
            (key.tensor() == tensor && report.stage == Stage::Full).then(|| (*key, report.clone()))
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
                    self.spread.request_value(key, move |control| spread(&original, &report, control));
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
    slot.request_value(key, move |control| {
        let errors = row_errors(&original, &report, control)?;
        let points = errors.iter().enumerate().map(|(row, e)| PlotPoint::new(row as f64, e.sqnr_db()));
        Ok::<_, Stopped>(points.filter(|p| p.y.is_finite()).collect())
    });
}
