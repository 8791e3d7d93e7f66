//! Weights that grow where a reduction is worst, so that the error of areas counts to a power of more than 2: the eye goes
//! to the worst spot.

use super::blur::{Beyond, Taps, blurred};
use super::energy::{Energy, PLANES};
use super::filter::Filters;
use super::pass::Errors;
use super::site::Sites;
use crate::engine::tasks;

/// Standard deviation in pixels of the areas.
const AREA_SIGMA: f64 = 4.0;
/// Added to the error of an area, as a share of the mean of all.
const FLOOR: f32 = 0.1;
/// What an area's error over the mean is raised to, and within which bounds.
const POWER: i32 = 2;
const BOUNDS: (f32, f32) = (0.125, 8.0);
/// Pixels that one task works on.
const BAND: usize = 1 << 14;

/// Raises and lowers the weights by the errors there are, and returns the energy of a pixel on the mean, under the masks
/// alone. Weights are drawn half-way back to the masks each time:
/// multiplied onto themselves they would diverge.
pub(super) fn reweigh(
    sites: &mut Sites,
    points: &[[f32; 3]],
    (codes, errors): (&[u8], &Errors),
    (filters, energy): (&Filters, Energy),
) -> f32 {
    let (width, len) = (sites.width, codes.len());
    let all = sites.all.as_slice();
    let mut squares = tasks::filled(0.0f32, len);
    for c in 0..3 {
        // Without what the weights have been raised by, these are errors under the masks alone.
        let masked = |y: usize, out: &mut [f32]| {
            let row = errors[c][y * width..].iter().zip(&all[y * width..]);
            out.iter_mut().zip(row).for_each(|(out, (error, site))| *out = error / site.raised.sqrt());
        };
        let seen = blurred(&masked, (width, len), &filters.half[c], Beyond::Zero);
        let parts = seen.chunks(BAND).zip(all.chunks(BAND).zip(codes.chunks(BAND)));
        tasks::map(squares.chunks_mut(BAND).zip(parts), |_, (squares, (seen, (sites, codes)))| {
            for (((square, seen), site), &code) in squares.iter_mut().zip(seen).zip(sites).zip(codes) {
                let (error, root) = (points[usize::from(code)][c] - site.point[c], site.root[c]);
                let close = energy.close[c] * root * root / site.raised;
                *square += close * error * error + PLANES[c] * seen * seen;
            }
        });
    }
    let square = |y: usize, out: &mut [f32]| out.copy_from_slice(&squares[y * width..][..width]);
    let areas = blurred(&square, (width, len), &Taps::new(AREA_SIGMA), Beyond::Edge);
    let sums = tasks::map(squares.chunks(BAND).zip(areas.chunks(BAND)), |_, (squares, areas)| {
        let energy = squares.iter().map(|&square| f64::from(square)).sum::<f64>();
        (energy, areas.iter().map(|area| f64::from(area.sqrt())).sum::<f64>())
    });
    let sums = sums.into_iter().fold((0.0, 0.0), |all, part| (all.0 + part.0, all.1 + part.1));
    let (mean_energy, mean) = (sums.0 / len.max(1) as f64, (sums.1 / len.max(1) as f64) as f32);
    if mean <= 0.0 {
        return 0.0;
    }
    tasks::map(sites.all.chunks_mut(BAND).zip(areas.chunks(BAND)), |_, (sites, areas)| {
        for (site, area) in sites.iter_mut().zip(areas) {
            let worse = (area.sqrt() + FLOOR * mean) / ((1.0 + FLOOR) * mean);
            let raised = (site.raised * worse.powi(POWER).clamp(BOUNDS.0, BOUNDS.1)).sqrt();
            let by = (raised / site.raised).sqrt();
            site.root.iter_mut().for_each(|root| *root *= by);
            site.raised = raised;
        }
    });
    mean_energy as f32
}
