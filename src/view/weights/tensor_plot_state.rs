//! Which plot of the chosen tensor is shown, and what the pointer is over in it.

use crate::run::bin_members::Range;
use crate::view::widgets::plots::tails::TailView;

/// A plot of the chosen tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TensorPlot {
    /// The error of each row under each pane's format.
    Rows,
    /// The histogram of the weights with the levels on it.
    Histogram,
    /// The quantiles of the weights beside those of a Gaussian.
    Quantiles,
}

impl TensorPlot {
    /// All plots, in the order of their buttons.
    pub const ALL: [TensorPlot; 3] = [TensorPlot::Rows, TensorPlot::Histogram, TensorPlot::Quantiles];

    /// Round through all plots: of all tensors, then of the chosen one.
    pub fn after(shown: Option<TensorPlot>) -> Option<TensorPlot> {
        match shown {
            None => Some(TensorPlot::Rows),
            Some(plot) => TensorPlot::ALL.into_iter().skip_while(|p| *p != plot).nth(1),
        }
    }
}

/// What the pointer is over in a plot of one tensor: the heat maps mark it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pointed {
    /// A line of the heat map.
    Row(usize),
    /// A bin, on the axis of this pane's levels.
    Bin(usize, Range),
}

/// A weight that the pointer is over in a heat map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoveredWeight {
    /// The reduction that is asked about, from 0.
    pub pane: usize,
    /// The weight's place in the tensor.
    pub index: usize,
}

/// What the user has chosen of these plots.
#[derive(Default)]
pub struct TensorPlots {
    /// None: a plot of all tensors.
    pub shown: Option<TensorPlot>,
    /// The part of the histogram that is looked at.
    pub tails: TailView,
}
