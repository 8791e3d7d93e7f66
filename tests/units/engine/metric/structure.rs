use quantscope::engine::metric::ssim;
use quantscope::engine::random::Random;

/// The weights of a Gaussian window of σ = 1.5 along one side, 11 samples or all that there are.
fn taps(length: usize) -> Vec<f64> {
    let side = length.min(11);
    let bell = |i: usize| (-(i as f64 - (side - 1) as f64 / 2.0).powi(2) / (2.0 * 1.5 * 1.5)).exp();
    let sum: f64 = (0..side).map(bell).sum();
    (0..side).map(|i| bell(i) / sum).collect()
}

/// The definition, window by window, in f64.
fn naive(a: &[f32], b: &[f32], width: usize) -> f64 {
    let height = a.len() / width;
    let (kx, ky) = (taps(width), taps(height));
    let (mut sum, mut count) = (0.0, 0.0);
    for y in 0..=height - ky.len() {
        for x in 0..=width - kx.len() {
            let mut m = [0.0f64; 5];
            for (j, wy) in ky.iter().enumerate() {
                for (i, wx) in kx.iter().enumerate() {
                    let at = (y + j) * width + x + i;
                    let (p, q, w) = (f64::from(a[at]), f64::from(b[at]), wx * wy);
                    for (m, v) in m.iter_mut().zip([p, q, p * p, q * q, p * q]) {
                        *m += w * v;
                    }
                }
            }
            let [mx, my, xx, yy, xy] = m;
            let (c1, c2) = (2.55f64.powi(2), 7.65f64.powi(2));
            sum += (2.0 * mx * my + c1) * (2.0 * (xy - mx * my) + c2)
                / ((mx * mx + my * my + c1) * (xx - mx * mx + yy - my * my + c2));
            count += 1.0;
        }
    }
    sum / count
}

fn noisy(len: usize, seed: u64) -> (Vec<f32>, Vec<f32>) {
    let mut random = Random::seeded(seed);
    let a: Vec<f32> = (0..len).map(|i| 128.0 + 90.0 * (i as f32 * 0.05).sin()).collect();
    let b = a.iter().map(|x| (x + 25.0 * random.next_gaussian()).clamp(0.0, 255.0)).collect();
    (a, b)
}

#[test]
fn the_filtered_rows_agree_with_the_definition() {
    for (width, height) in [(40, 30), (11, 11), (13, 150), (5, 40), (40, 3), (1, 1)] {
        let (a, b) = noisy(width * height, 3);
        let (fast, slow) = (ssim(&a, &b, width), naive(&a, &b, width));
        assert!((fast - slow).abs() < 2e-4, "{width} × {height}: {fast} against {slow}");
    }
}

#[test]
fn a_picture_is_wholly_like_itself_and_less_like_its_negative() {
    let (a, b) = noisy(64 * 64, 1);
    assert!((ssim(&a, &a, 64) - 1.0).abs() < 1e-6);
    let negative: Vec<f32> = a.iter().map(|x| 255.0 - x).collect();
    assert!(ssim(&a, &negative, 64) < ssim(&a, &b, 64));
}
