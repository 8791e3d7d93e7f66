use quantscope::engine::theory::gaussian::{BEST_UNIFORM, LLOYD_MAX, normal_cdf, normal_quantile, shannon_db};

#[test]
fn shares_of_a_gaussian_are_those_of_the_tables() {
    for (z, share) in
        [(0.0, 0.5), (1.0, 0.841_344_746_068_543), (1.96, 0.975_002_104_851_780), (-3.0, 1.349_898_031_630_095e-3)]
    {
        assert!((normal_cdf(z) - share).abs() < 1e-13, "{z}: {}", normal_cdf(z));
    }
    assert!((normal_cdf(-6.0) / 9.865_876_450_376_98e-10 - 1.0).abs() < 1e-12, "{:e}", normal_cdf(-6.0));
    // The two ways meet.
    assert!((normal_cdf(2.999_999_9) - normal_cdf(3.000_000_1)).abs() < 1e-8);
}

#[test]
fn a_quantile_is_where_that_share_lies_below() {
    for p in [1e-9, 0.001, 0.25, 0.5, 0.9, 0.999_999] {
        assert!((normal_cdf(normal_quantile(p)) / p - 1.0).abs() < 1e-9, "{p}");
    }
    assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-9);
    assert!(normal_quantile(0.0) < -37.0 && normal_quantile(1.0) > 37.0);
}

#[test]
fn six_decibels_a_bit() {
    for (bits, db) in [(1.0, 6.02), (2.0, 12.04), (3.0, 18.06), (4.0, 24.08), (6.0, 36.12)] {
        assert!((shannon_db(bits) - db).abs() < 0.006);
    }
}

#[test]
fn no_quantizer_beats_the_bound_and_uniform_never_beats_lloyd_max() {
    for ((bits, best), (_, uniform)) in LLOYD_MAX.into_iter().zip(BEST_UNIFORM) {
        assert!(uniform <= best && best < shannon_db(bits));
        // Panter–Dite: the gap tends to 4.35 dB.
        assert!(shannon_db(bits) - best < 4.35);
    }
}
