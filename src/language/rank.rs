//! Do two figures put things in the same order? Spearman's rank correlation (Spearman 1904).
//!
//! Each value is replaced by its rank; values that are equal share the mean of their ranks. Then Pearson's
//! r = Σ(a−ā)(b−b̄) / √(Σ(a−ā)²·Σ(b−b̄)²) of the ranks: 1 for the same order, −1 for the opposite one, about
//! 0 where one says nothing of the other. Cost: two sorts.

/// None where an order cannot be told: fewer than two pairs, or all values of one side equal.
pub fn rank_correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let a = ranks(&pairs.iter().map(|p| p.0).collect::<Vec<_>>());
    let b = ranks(&pairs.iter().map(|p| p.1).collect::<Vec<_>>());
    // Of ranks, ties or not.
    let mean = (pairs.len() as f64 + 1.0) / 2.0;
    let sum = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
    let spread = (sum(&a, &a) * sum(&b, &b)).sqrt();
    (spread > 0.0).then(|| sum(&a, &b) / spread)
}

/// From 1; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let alike = order[start..].iter().take_while(|&&i| values[i] == values[order[start]]).count().max(1);
        let mean = start as f64 + (alike as f64 + 1.0) / 2.0;
        order[start..start + alike].iter().for_each(|&i| ranks[i] = mean);
        start += alike;
    }
    ranks
}
