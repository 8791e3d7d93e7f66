use quantscope::language::rank::*;

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
