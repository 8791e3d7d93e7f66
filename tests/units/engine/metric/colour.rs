use quantscope::engine::colour::{delta_e2000, lab_from_srgb8};
use quantscope::engine::control::Control;
use quantscope::engine::indexed::Indexed;
use quantscope::engine::metric::{
    ByColour, ColourError, Comparison, compare_colours, compare_indexed, over_white, ssim_indexed,
};
use quantscope::engine::random::Random;

fn compared(original: &[[u8; 4]], width: usize, codes: &[u8], palette: &[[u8; 4]]) -> Comparison {
    compare_indexed(original, Indexed { width, codes, palette, tiles: None }, 20.0, &Control::unwatched()).unwrap()
}

fn noise(n: usize) -> (Vec<[u8; 4]>, Vec<u8>, Vec<[u8; 4]>) {
    let mut random = Random::seeded(2);
    let mut pixel = |alpha: u64| {
        let v = random.next_u64();
        [v as u8, (v >> 8) as u8 & 0xf0, (v >> 16) as u8 & 0xc0, if v >> 60 < alpha { 0 } else { 255 }]
    };
    let original = (0..n).map(|_| pixel(2)).collect();
    let palette: Vec<[u8; 4]> = (0..16).map(|_| pixel(0)).collect();
    let codes = (0..n).map(|i| (i * 7 % 16) as u8).collect();
    (original, codes, palette)
}

#[test]
fn a_case_worked_by_hand() {
    // One channel off by 30 in one of two pixels: MSE = 900/6.
    let palette = [[100, 100, 100, 255], [10, 20, 30, 255]];
    let found = compared(&[[130, 100, 100, 255], [10, 20, 30, 255]], 2, &[0, 1], &palette).error;
    assert_eq!((found.mse, found.max_abs, found.pixels), (150.0, 30, 2));
    assert!((found.psnr_db - 10.0 * (255.0f64 * 255.0 / 150.0).log10()).abs() < 1e-12);
    let signal = 130.0f64.powi(2) + 2.0 * 100.0f64.powi(2) + 1400.0;
    assert!((found.sqnr_db - 10.0 * (signal / 900.0).log10()).abs() < 1e-12);
}

#[test]
fn an_exact_reduction_has_no_error_at_all() {
    let palette: Vec<[u8; 4]> = (0..=255).map(|v| [v, 255 - v, v / 2, 255]).collect();
    let codes: Vec<u8> = (0..900).map(|i| (i % 256) as u8).collect();
    let original: Vec<[u8; 4]> = codes.iter().map(|&k| palette[usize::from(k)]).collect();
    let found = compared(&original, 30, &codes, &palette);
    let e = found.error;
    assert_eq!((e.mse, e.psnr_db, e.delta_e_mean, e.delta_e_p95, e.delta_e_max), (0.0, f64::INFINITY, 0.0, 0.0, 0.0));
    assert!((e.ssim - 1.0).abs() < 1e-6);
    assert!(found.delta_e_map.iter().all(|&d| d == 0));
}

#[test]
fn hidden_pixels_do_not_count_and_translucent_ones_are_laid_over_white() {
    let palette = [[0, 0, 0, 255], [255, 255, 255, 255]];
    let found = compared(&[[200, 0, 0, 0], [0, 0, 0, 255]], 2, &[1, 0], &palette).error;
    assert_eq!((found.pixels, found.mse), (1, 0.0));
    assert_eq!(over_white([0, 0, 0, 0]), [255; 3]);
    assert_eq!(over_white([0, 100, 200, 128]), [127, 177, 227]);
}

#[test]
fn many_differences_at_once_are_those_of_each() {
    let (original, codes, palette) = noise(20_000);
    let found = compared(&original, 100, &codes, &palette);
    let mut sum = 0.0;
    for ((c, k), d) in original.iter().zip(&codes).zip(&found.delta_e_map) {
        let direct = if c[3] == 0 {
            0.0
        } else {
            delta_e2000(lab_from_srgb8(over_white(*c)), lab_from_srgb8(over_white(palette[usize::from(*k)])))
        };
        assert_eq!(*d, (direct * 255.0 / 20.0).min(255.0) as u8);
        sum += f64::from(direct);
    }
    assert!((found.error.delta_e_mean - sum / found.error.pixels as f64).abs() < 1e-9);
}

#[test]
fn figures_by_colour_are_those_by_pixel() {
    let (_, _, palette) = noise(100);
    let original: Vec<[u8; 4]> = (0..5000u32).map(|i| [(i * i % 41) as u8 * 5, (i % 7) as u8 * 30, 9, 255]).collect();
    let mut found = std::collections::BTreeMap::new();
    original.iter().for_each(|c| *found.entry(*c).or_insert(0u32) += 1);
    let colors: Vec<[u8; 4]> = found.keys().copied().collect();
    let counts: Vec<u32> = found.values().copied().collect();
    let by_colour: Vec<u8> = (0..colors.len()).map(|i| (i % palette.len()) as u8).collect();
    let codes: Vec<u8> = original.iter().map(|c| by_colour[colors.binary_search(c).unwrap()]).collect();
    let slow = compared(&original, 100, &codes, &palette);
    let by = ByColour { colors: &colors, counts: &counts, codes: &by_colour };
    let fast = compare_colours(by, &palette, 20.0, &Control::unwatched()).unwrap();
    let indexed = Indexed { width: 100, codes: &codes, palette: &palette, tiles: None };
    let ssim = ssim_indexed(&original, indexed, &Control::unwatched()).unwrap();
    assert!((fast.error.delta_e_mean - slow.error.delta_e_mean).abs() < 1e-9);
    assert_eq!(ColourError { ssim, delta_e_mean: 0.0, ..fast.error }, ColourError { delta_e_mean: 0.0, ..slow.error });
    for (c, d) in original.iter().zip(&slow.delta_e_map) {
        assert_eq!(fast.delta_e_map[colors.binary_search(c).unwrap()], *d);
    }
}

#[test]
fn the_figures_do_not_depend_on_the_number_of_threads() {
    let (original, codes, palette) = noise(60_000);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| compared(&original, 200, &codes, &palette)).error
    };
    assert_eq!(with(1), with(2));
}
