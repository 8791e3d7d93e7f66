//! Which of many ways to store the same thing are worth having: those that none beats in both bits and
//! error.
//!
//! A point is beaten by one that takes no more bits for no less SQNR, and is better in one of the two. What
//! is left, by rising bits, rises in SQNR too (the Pareto front). Cost: a sort.

/// A way to store something: its bits a sample and its SQNR in dB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Bits a sample.
    pub bits: f64,
    /// SQNR in dB.
    pub db: f64,
}

/// The places of the points that none beats, by rising bits. Of equal points the first stands for all; what is
/// no number, or exact, lies on no frontier.
pub fn frontier(points: &[Point]) -> Vec<usize> {
    let drawn = |&i: &usize| points[i].bits.is_finite() && points[i].db.is_finite();
    let mut order: Vec<usize> = (0..points.len()).filter(drawn).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (points[a], points[b]);
        a.bits.total_cmp(&b.bits).then(b.db.total_cmp(&a.db))
    });
    let mut best = f64::NEG_INFINITY;
    order.retain(|&i| {
        let better = points[i].db > best;
        best = best.max(points[i].db);
        better
    });
    order
}

/// The place on the frontier that is `step` places after the one with these bits: to the right for a positive
/// step. `None` as a start is the left end.
pub fn step(points: &[Point], frontier: &[usize], from: Option<Point>, step: i32) -> Option<usize> {
    let Some(from) = from else { return frontier.first().copied() };
    // Between two places: the next one on either side is one step away.
    let before = frontier.partition_point(|&i| points[i].bits < from.bits);
    let at = frontier[before..].first().is_some_and(|&i| points[i].bits == from.bits);
    let next = match step {
        0.. => before as i64 + i64::from(step) - i64::from(!at),
        _ => before as i64 + i64::from(step),
    };
    let last = frontier.len() as i64 - 1;
    frontier.get(next.clamp(0, last.max(0)) as usize).copied()
}
