use quantscope::engine::assign::mask::Mask;

/// After which it repeats, if it does.
fn side(mask: Mask) -> usize {
    let first = values(mask, 256);
    (1..256).find(|side| (0..1 << 16).all(|i| first[i] == first[i / 256 % side * 256 + i % 256 % side])).unwrap_or(64)
}

fn values(mask: Mask, side: usize) -> Vec<f32> {
    let mut values = vec![0.0; side * side];
    mask.thresholds(side, 0, &mut values);
    values
}

/// The place of each threshold of a square among all of them, row by row.
fn ranks(mask: Mask, side: usize) -> Vec<u32> {
    let steps = (side * side) as f32;
    values(mask, side).into_iter().map(|threshold| ((threshold + 0.5) * steps) as u32).collect()
}

#[test]
fn bayers_masks_are_those_of_the_paper() {
    assert_eq!(ranks(Mask::Bayer2, 2), [0, 2, 3, 1]);
    assert_eq!(ranks(Mask::Bayer4, 4), [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]);
    let eight = ranks(Mask::Bayer8, 8);
    assert_eq!(eight[..8], [0, 32, 8, 40, 2, 34, 10, 42]);
    assert_eq!(eight[56..], [63, 31, 55, 23, 61, 29, 53, 21]);
}

#[test]
fn every_step_of_a_mask_comes_once_and_the_mean_is_zero() {
    for mask in Mask::ALL.into_iter().filter(|&mask| mask != Mask::White) {
        let side = side(mask);
        let mut found = values(mask, side);
        found.sort_by(f32::total_cmp);
        let steps = (side * side) as u32;
        for (rank, value) in (0..steps).zip(&found) {
            assert_eq!(*value, (rank as f32 + 0.5) / steps as f32 - 0.5, "{mask:?}");
        }
        assert_eq!(found.iter().sum::<f32>(), 0.0, "{mask:?}");
    }
}

#[test]
fn white_noise_is_flat_and_has_no_mean() {
    let found = values(Mask::White, 512);
    let mut bins = [0u32; 16];
    for value in &found {
        assert!(value.abs() < 0.5);
        bins[((value + 0.5) * 16.0) as usize] += 1;
    }
    // 2^18 values: 2^14 a bin, give or take five standard deviations (124 each).
    assert!(bins.iter().all(|n| n.abs_diff(1 << 14) < 620), "{bins:?}");
    let mean = found.iter().map(|v| f64::from(*v)).sum::<f64>() / found.len() as f64;
    assert!(mean.abs() < 0.003, "{mean}");
    assert_eq!(found, values(Mask::White, 512));
}

/// Power of the lowest frequencies (those of waves longer than six samples, the mean left out).
fn low_power(mask: Mask) -> f64 {
    const SIDE: usize = 64;
    let values = values(mask, SIDE);
    let turn = std::f64::consts::TAU / SIDE as f64;
    let reach = SIDE as isize / 6;
    let mut power = 0.0;
    for v in -reach..=reach {
        for u in (-reach..=reach).filter(|u| (*u, v) != (0, 0) && u * u + v * v <= reach * reach) {
            let (mut re, mut im) = (0.0, 0.0);
            for (i, value) in values.iter().enumerate() {
                let angle = turn * ((i % SIDE) as f64 * u as f64 + (i / SIDE) as f64 * v as f64);
                re += f64::from(*value) * angle.cos();
                im += f64::from(*value) * angle.sin();
            }
            power += re * re + im * im;
        }
    }
    power
}

#[test]
fn blue_noise_has_far_less_power_at_low_frequencies_than_white_noise() {
    let (blue, white) = (low_power(Mask::BlueNoise), low_power(Mask::White));
    assert!(blue < white / 20.0, "{blue} against {white}");
}
