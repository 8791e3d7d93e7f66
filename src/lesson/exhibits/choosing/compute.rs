//! A palette for the photo's colours and levels for a tensor's weights, chosen by the same method side by side: the
//! snapshots of both fits on one timeline, split for split and round for round.

use half::f16;

use crate::engine::control::{Control, Stopped};
use crate::engine::fit::{Goal, Method, Stored, fit_traced};
use crate::engine::samples::Samples;
use crate::engine::trace::{Phase, Snapshot, Trace};
use crate::picture::image::Image;
use crate::run::cloud::{CloudPoint, cloud};

/// Weights that are fitted, at most: spread evenly over what there are.
pub const MOST_WEIGHTS: usize = 1 << 18;
/// Snapshots a side: more could not be watched.
const MOST_SNAPSHOTS: usize = 400;
const BINS: usize = 240;

/// One fit on its way.
#[derive(Clone, Debug)]
pub struct Side<const D: usize> {
    /// The entries after splits and rounds, thinned to at most 400; the last are those that are stored.
    pub snapshots: Vec<Snapshot<D>>,
    /// The mean squared error of a number at each snapshot, a pixel having three numbers.
    pub mse: Vec<f64>,
}

/// Where both sides are at one moment of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What happens at this moment: splits, rounds, or the rounding to what is stored.
    pub phase: Phase,
    /// The snapshot of the palette on show, by its place in the list.
    pub colors: usize,
    /// The snapshot of the weights' levels on show, by its place in the list.
    pub weights: usize,
}

/// The fits of a palette and of levels by one method, with what is needed to draw them.
#[derive(Clone, Debug)]
pub struct Choosing {
    /// The fit of the palette, in 8-bit sRGB codes.
    pub colors: Side<3>,
    /// The fit of the levels, in the unit of the weights.
    pub weights: Side<1>,
    /// The moments in their order: all splits, then all rounds, then what is stored.
    pub timeline: Vec<Moment>,
    /// The photo's colours, as few as can be drawn.
    pub points: Vec<CloudPoint>,
    /// The weights that were fitted.
    pub histogram: Bins,
}

/// How often weights occur, in equal steps from the least to the largest.
#[derive(Clone, Debug, PartialEq)]
pub struct Bins {
    /// The least weight, where the first bin begins.
    pub low: f32,
    /// The largest weight, where the last bin ends.
    pub high: f32,
    /// Weights in each bin.
    pub counts: Vec<u64>,
}

/// How a method ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ending {
    /// One of [`METHODS`].
    pub method: Method,
    /// Mean squared error of a channel, in 8-bit sRGB codes.
    pub colors_mse: f64,
    /// Mean squared error of a weight.
    pub weights_mse: f64,
}

/// In the order in which a class meets them.
pub const METHODS: [Method; 4] = [Method::Uniform, Method::MedianCut, Method::Lloyd, Method::KMeans];

/// Fits `count` colours to the photo and `count` levels to the weights, with snapshots of both.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn choose(
    image: &Image,
    weights: &[f32],
    method: Method,
    count: usize,
    control: &Control<'_>,
) -> Result<Choosing, Stopped> {
    let colors = fit_colors(image, method, count, control)?;
    control.progress(0.6);
    let weights = taken(weights);
    let levels = fit_weights(&weights, method, count, control)?;
    Ok(Choosing {
        timeline: timeline(&colors, &levels),
        colors,
        weights: levels,
        points: cloud(image, control)?.points,
        histogram: bins(&weights),
    })
}

/// Where each of [`METHODS`] ends.
///
/// # Errors
/// `Stopped` when the work was cancelled; what was emitted stands.
pub fn endings(
    image: &Image,
    weights: &[f32],
    count: usize,
    emit: &dyn Fn(Ending),
    control: &Control<'_>,
) -> Result<(), Stopped> {
    let weights = taken(weights);
    for method in METHODS {
        let colors_mse = fit_colors(image, method, count, control)?.ends();
        emit(Ending { method, colors_mse, weights_mse: fit_weights(&weights, method, count, control)?.ends() });
    }
    Ok(())
}

impl<const D: usize> Side<D> {
    fn ends(&self) -> f64 {
        self.mse.last().copied().unwrap_or(0.0)
    }

    /// The snapshots of the phases that `is` accepts.
    fn places(&self, is: impl Fn(Phase) -> bool) -> Vec<usize> {
        self.snapshots.iter().enumerate().filter(|(_, s)| is(s.phase)).map(|(i, _)| i).collect()
    }
}

fn fit_colors(image: &Image, method: Method, count: usize, control: &Control<'_>) -> Result<Side<3>, Stopped> {
    let points: Vec<[f32; 3]> = image.colours().keys.iter().map(|&[r, g, b, _]| [r, g, b].map(f32::from)).collect();
    let pixels: Vec<f32> = image.colour_counts().iter().map(|&n| n as f32).collect();
    let stored: Stored<3> = |p| p.map(|x| x.round().clamp(0.0, 255.0));
    traced(Samples::weighted(&points, &pixels), method, count, stored, control)
}

fn fit_weights(weights: &[[f32; 1]], method: Method, count: usize, control: &Control<'_>) -> Result<Side<1>, Stopped> {
    traced(Samples::new(weights, weights.len()), method, count, |p| p.map(|x| f16::from_f32(x).to_f32()), control)
}

fn traced<const D: usize>(
    samples: Samples<'_, D>,
    method: Method,
    count: usize,
    stored: Stored<D>,
    control: &Control<'_>,
) -> Result<Side<D>, Stopped> {
    let mut trace = Trace::of_at_most(MOST_SNAPSHOTS);
    fit_traced(Goal { method, count, kept: &[], stored, exact: None }, samples, &mut trace, control)?;
    let snapshots = trace.snapshots().to_vec();
    let mse = snapshots.iter().map(|s| trace.mean_squared_error(s) / D as f64).collect();
    Ok(Side { snapshots, mse })
}

fn taken(weights: &[f32]) -> Vec<[f32; 1]> {
    let step = weights.len().div_ceil(MOST_WEIGHTS).max(1);
    weights.iter().step_by(step).filter(|x| x.is_finite()).map(|&x| [x]).collect()
}

/// Splits beside splits, the moves of entries beside moves; who has fewer waits with its last.
fn timeline(colors: &Side<3>, weights: &Side<1>) -> Vec<Moment> {
    let is_split = |phase: Phase| phase == Phase::Split;
    let is_move = |phase: Phase| matches!(phase, Phase::Round | Phase::Swap);
    let mut moments = Vec::new();
    let mut at = (0, 0);
    for (phase, of_colors, of_weights) in [
        (Phase::Split, colors.places(is_split), weights.places(is_split)),
        (Phase::Round, colors.places(is_move), weights.places(is_move)),
        (Phase::Stored, colors.places(|p| p == Phase::Stored), weights.places(|p| p == Phase::Stored)),
    ] {
        for i in 0..of_colors.len().max(of_weights.len()) {
            let next = |places: &[usize], held: usize| places.get(i).or(places.last()).copied().unwrap_or(held);
            at = (next(&of_colors, at.0), next(&of_weights, at.1));
            moments.push(Moment { phase, colors: at.0, weights: at.1 });
        }
    }
    moments
}

fn bins(weights: &[[f32; 1]]) -> Bins {
    let (low, high) = weights.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), w| (l.min(w[0]), h.max(w[0])));
    if weights.is_empty() {
        return Bins { low: 0.0, high: 1.0, counts: vec![0; BINS] };
    }
    let mut counts = vec![0; BINS];
    let scale = BINS as f32 / (high - low).max(f32::MIN_POSITIVE);
    for [x] in weights {
        counts[(((x - low) * scale) as usize).min(BINS - 1)] += 1;
    }
    Bins { low, high, counts }
}
