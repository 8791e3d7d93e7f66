use quantscope::engine::coding::trellis::values::{of, quantile};

#[test]
fn quantiles_agree_with_the_published_table() {
    for (p, expected) in [(0.5, 0.0), (0.975, 1.959_964), (0.9, 1.281_552), (0.001, -3.090_232), (1e-5, -4.264_891)] {
        assert!((quantile(p) - expected).abs() < 1e-6, "{p}: {}", quantile(p));
    }
}

#[test]
fn every_state_has_a_place_of_its_own_and_together_they_are_gaussian() {
    for bits in 1..=4 {
        let mut levels = of(bits).levels.clone();
        levels.sort_by(f32::total_cmp);
        assert!(levels.windows(2).all(|p| p[0] < p[1]));
        let power: f64 = levels.iter().map(|x| f64::from(*x).powi(2)).sum();
        assert!((power / levels.len() as f64 - 1.0).abs() < 0.01);
    }
}
