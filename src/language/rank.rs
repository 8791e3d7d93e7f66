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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_order_is_one_the_opposite_minus_one_whatever_the_distances() {
        let up: Vec<_> = (0..9).map(|i| (f64::from(i), f64::from(i).exp())).collect();
        let down: Vec<_> = (0..9).map(|i| (f64::from(i), -f64::from(i).powi(3))).collect();
        assert!((rank_correlation(&up).unwrap() - 1.0).abs() < 1e-12);
        assert!((rank_correlation(&down).unwrap() + 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_case_worked_by_hand_with_and_without_ties() {
        // Ranks 1 2 3 4 5 against 2 1 4 3 5: 1 − 6·Σd²/(n(n²−1)) = 1 − 6·4/120 = 0.8.
        let plain = [(1.0, 20.0), (2.0, 10.0), (3.0, 40.0), (4.0, 30.0), (5.0, 50.0)];
        assert!((rank_correlation(&plain).unwrap() - 0.8).abs() < 1e-12);
        // Ranks 1.5 1.5 3 against 1 2 3: Σ = 1.5, √(1.5·2) = 1.732.
        let tied = [(7.0, 1.0), (7.0, 2.0), (9.0, 3.0)];
        assert!((rank_correlation(&tied).unwrap() - 1.5 / 3f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn where_there_is_no_order_there_is_no_figure() {
        assert_eq!(rank_correlation(&[]), None);
        assert_eq!(rank_correlation(&[(1.0, 2.0)]), None);
        assert_eq!(rank_correlation(&[(1.0, 2.0), (1.0, 3.0), (1.0, 4.0)]), None);
        assert_eq!(rank_correlation(&[(f64::NAN, 2.0), (1.0, 3.0)]).map(f64::abs), Some(1.0));
    }
}
