//! Weights that grow where a reduction is worst, so that the error of areas counts to a power of more than 2: the eye goes
//! to the worst spot.

use super::blur::{Beyond, Taps, blurred};
use super::energy::{Energy, PLANES};
use super::filter::Filters;
use super::pass::Errors;
use super::site::Sites;

/// Standard deviation in pixels of the areas.
const AREA_SIGMA: f64 = 4.0;
/// Added to the error of an area, as a share of the mean of all.
const FLOOR: f32 = 0.1;
/// What an area's error over the mean is raised to, and within which bounds.
const POWER: i32 = 2;
const BOUNDS: (f32, f32) = (0.125, 8.0);

/// Raises and lowers the weights by the errors there are, and returns the energy of a pixel on the mean, under the masks
/// alone. Weights are drawn half-way back to the masks each time:
/// multiplied onto themselves they would diverge.
pub(super) fn reweigh(
    sites: &mut Sites,
    points: &[[f32; 3]],
    (codes, errors): (&[u8], &Errors),
    (filters, energy): (&Filters, Energy),
) -> f32 {
    let mut squares = vec![0.0f32; codes.len()];
    for c in 0..3 {
        // Without what the weights have been raised by, these are errors under the masks alone.
        let masked: Vec<f32> = errors[c].iter().zip(&sites.all).map(|(e, site)| e / site.raised.sqrt()).collect();
        let seen = blurred(&masked, sites.width, &filters.half[c], Beyond::Zero);
        for (((square, seen), site), &code) in squares.iter_mut().zip(seen).zip(&sites.all).zip(codes) {
            let (error, root) = (points[usize::from(code)][c] - site.point[c], site.root[c]);
            let close = energy.close[c] * root * root / site.raised;
            *square += close * error * error + PLANES[c] * seen * seen;
        }
    }
    let mean_energy = squares.iter().map(|&square| f64::from(square)).sum::<f64>() / squares.len().max(1) as f64;
    let mut areas = blurred(&squares, sites.width, &Taps::new(AREA_SIGMA), Beyond::Edge);
    areas.iter_mut().for_each(|area| *area = area.sqrt());
    let mean = (areas.iter().map(|&area| f64::from(area)).sum::<f64>() / areas.len().max(1) as f64) as f32;
    if mean <= 0.0 {
        return 0.0;
    }
    for (site, area) in sites.all.iter_mut().zip(areas) {
        let worse = ((area + FLOOR * mean) / ((1.0 + FLOOR) * mean)).powi(POWER).clamp(BOUNDS.0, BOUNDS.1);
        let raised = (site.raised * worse).sqrt();
        let by = (raised / site.raised).sqrt();
        site.root.iter_mut().for_each(|root| *root *= by);
        site.raised = raised;
    }
    mean_energy as f32
}
