//! Different points in a fixed order.

pub(super) fn distinct<const D: usize>(points: impl Iterator<Item = [f32; D]>) -> Vec<[f32; D]> {
    let mut kept: Vec<[f32; D]> = points.map(|p| p.map(|c| c + 0.0)).collect();
    kept.sort_by(compare);
    kept.dedup();
    kept
}

pub(super) fn compare<const D: usize>(a: &[f32; D], b: &[f32; D]) -> std::cmp::Ordering {
    a.iter().zip(b).map(|(x, y)| x.total_cmp(y)).find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
}
