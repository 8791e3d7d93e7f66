use quantscope::engine::colour::{linear_from_srgb8, oklab_from_linear, srgb8_from_linear};
use quantscope::engine::control::{Control, Stopped};
use quantscope::engine::indexed::Indexed;
use quantscope::engine::metric::{compare_indexed, oklab_afar, oklab_afar_map, over_white, psnr_afar};
use quantscope::engine::random::Random;

const GREYS: fn(u8) -> [u8; 4] = |v| [v, v, v, 255];

fn afar(original: &[[u8; 4]], width: usize, codes: &[u8], palette: &[[u8; 4]]) -> f64 {
    psnr_afar(original, Indexed { width, codes, palette, tiles: None }, &Control::unwatched()).unwrap()
}

fn oklab(original: &[[u8; 4]], width: usize, codes: &[u8], palette: &[[u8; 4]]) -> f64 {
    oklab_afar(original, Indexed { width, codes, palette, tiles: None }, &Control::unwatched()).unwrap()
}

/// Four in five pixels seen, colours and codes by chance.
fn noise(len: usize) -> (Vec<[u8; 4]>, Vec<u8>, Vec<[u8; 4]>) {
    let mut random = Random::seeded(12);
    let mut pixel = |seen: bool| {
        let v = random.next_u64();
        [v as u8, (v >> 8) as u8, (v >> 16) as u8, if seen || v >> 40 & 0xff > 50 { 255 } else { 0 }]
    };
    let original: Vec<[u8; 4]> = (0..len).map(|_| pixel(false)).collect();
    let palette: Vec<[u8; 4]> = (0..16).map(|_| pixel(true)).collect();
    (original, (0..len).map(|i| (i * 5 % 16) as u8).collect(), palette)
}

/// Both blurred as the definition says, window by window, in f64: the light of each visible pixel.
fn blurred(
    original: &[[u8; 4]],
    (width, sigma, reach): (usize, f64, isize),
    codes: &[u8],
    palette: &[[u8; 4]],
) -> Vec<[[f64; 3]; 2]> {
    let height = original.len() / width;
    let light = |c: [u8; 4], channel: usize| f64::from(linear_from_srgb8(over_white(c)[channel]));
    let bell = |i: isize| (-((i * i) as f64) / (2.0 * sigma * sigma)).exp();
    let mut found = Vec::new();
    for at in (0..original.len()).filter(|&i| original[i][3] > 0) {
        let [mut xs, mut ys] = [[0.0; 3]; 2];
        for (channel, (blurred_x, blurred_y)) in xs.iter_mut().zip(&mut ys).enumerate() {
            let (mut x, mut y, mut weight) = (0.0, 0.0, 0.0);
            for (dy, dx) in (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dy, dx))) {
                let (row, column) = ((at / width) as isize + dy, (at % width) as isize + dx);
                if !(0..height as isize).contains(&row) || !(0..width as isize).contains(&column) {
                    continue;
                }
                let near = row as usize * width + column as usize;
                if original[near][3] > 0 {
                    let w = bell(dx) * bell(dy);
                    x += w * light(original[near], channel);
                    y += w * light(palette[usize::from(codes[near])], channel);
                    weight += w;
                }
            }
            (*blurred_x, *blurred_y) = (x / weight, y / weight);
        }
        found.push([xs, ys]);
    }
    found
}

fn naive(original: &[[u8; 4]], width: usize, codes: &[u8], palette: &[[u8; 4]]) -> f64 {
    let pixels = blurred(original, (width, 1.5, 5), codes, palette);
    let squares = |[x, y]: &[[f64; 3]; 2]| x.iter().zip(y).map(|(x, y)| (x - y).powi(2)).sum::<f64>();
    -10.0 * (pixels.iter().map(squares).sum::<f64>() / (3 * pixels.len()) as f64).log10()
}

fn naive_oklab(original: &[[u8; 4]], width: usize, codes: &[u8], palette: &[[u8; 4]]) -> f64 {
    let pixels = blurred(original, (width, 2.0, 7), codes, palette);
    let distance = |both: &[[f64; 3]; 2]| {
        let [x, y] = both.map(|light| oklab_from_linear(light.map(|v| v as f32)).map(f64::from));
        x.iter().zip(y).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt()
    };
    100.0 * pixels.iter().map(distance).sum::<f64>() / pixels.len() as f64
}

#[test]
fn the_bands_agree_with_the_definition() {
    for (width, height) in [(40, 300), (13, 17), (3, 200), (200, 3), (1, 1)] {
        let (original, codes, palette) = noise(width * height);
        let (fast, slow) = (afar(&original, width, &codes, &palette), naive(&original, width, &codes, &palette));
        assert!((fast - slow).abs() < 1e-4, "{width} × {height}: {fast} against {slow}");
        let (fast, slow) = (oklab(&original, width, &codes, &palette), naive_oklab(&original, width, &codes, &palette));
        assert!((fast - slow).abs() < 1e-3, "{width} × {height}: {fast} against {slow} in Oklab");
    }
}

#[test]
fn what_is_exact_is_exact_from_afar() {
    let palette: Vec<[u8; 4]> = (0..=255).map(GREYS).collect();
    let codes: Vec<u8> = (0..900).map(|i| (i % 256) as u8).collect();
    let original: Vec<[u8; 4]> = codes.iter().map(|&k| palette[usize::from(k)]).collect();
    assert_eq!(afar(&original, 30, &codes, &palette), f64::INFINITY);
    assert_eq!(afar(&[], 0, &[], &palette), f64::INFINITY);
    assert_eq!((oklab(&original, 30, &codes, &palette), oklab(&[], 0, &[], &palette)), (0.0, 0.0));
}

/// Black beside white, blurred: with g = e^(−1/8) beside a middle of 1, a light of g/(1 + g) = 0.46879 beside one of
/// 0.53121. Against black, the distances are their cube roots, 0.77686 and 0.80991.
#[test]
fn two_pixels_seen_from_afar_worked_by_hand() {
    let found = oklab(&[GREYS(0), GREYS(255)], 2, &[0, 0], &[GREYS(0)]);
    assert!((found - 79.339).abs() < 0.005, "{found}");
}

#[test]
fn a_checker_is_near_from_afar_and_far_off_pixel_by_pixel() {
    let original = vec![GREYS(srgb8_from_linear(0.5)); 64 * 64];
    let checker: Vec<u8> = (0..64 * 64).map(|i| ((i % 64 + i / 64) % 2) as u8).collect();
    let palette = [GREYS(0), GREYS(255)];
    let indexed = Indexed { width: 64, codes: &checker, palette: &palette, tiles: None };
    let near = compare_indexed(&original, indexed, 20.0, &Control::unwatched()).unwrap().error;
    let found = oklab(&original, 64, &checker, &palette);
    assert!(found < 0.5 && near.delta_e_mean > 20.0, "{found} {}", near.delta_e_mean);
    assert!(oklab(&original, 64, &[1; 4096], &palette) > 15.0, "white is no grey from any distance");
}

#[test]
fn the_map_from_afar_is_what_the_figure_is_the_mean_of() {
    for (width, height) in [(60, 300), (13, 7)] {
        let (original, codes, palette) = noise(width * height);
        let indexed = Indexed { width, codes: &codes, palette: &palette, tiles: None };
        let map = oklab_afar_map(&original, indexed, 60.0, &Control::unwatched()).unwrap();
        let seen = original.iter().zip(&map).filter(|(c, _)| c[3] > 0);
        let values: Vec<f64> = seen.map(|(_, &code)| (f64::from(code) + 0.5) / 255.0 * 60.0).collect();
        let (mean, figure) =
            (values.iter().sum::<f64>() / values.len() as f64, oklab(&original, width, &codes, &palette));
        assert!((mean - figure).abs() < 0.1, "{mean} against {figure}");
        assert!(original.iter().zip(&map).all(|(c, &code)| c[3] > 0 || code == 0), "hidden pixels have no error");
    }
}

#[test]
fn distance_takes_nothing_off_a_flat_offset_edges_included() {
    for size in [(64, 64), (7, 200), (1, 1)] {
        let found = afar(&vec![GREYS(100); size.0 * size.1], size.0, &vec![0; size.0 * size.1], &[GREYS(120)]);
        let offset = f64::from(linear_from_srgb8(120) - linear_from_srgb8(100));
        assert!((found + 20.0 * offset.log10()).abs() < 1e-4, "{size:?}: {found}");
    }
}

#[test]
fn a_checker_of_black_and_white_is_nearly_a_grey_of_half_the_light() {
    let original = vec![GREYS(srgb8_from_linear(0.5)); 64 * 64];
    let checker: Vec<u8> = (0..64 * 64).map(|i| ((i % 64 + i / 64) % 2) as u8).collect();
    let palette = [GREYS(0), GREYS(255)];
    let (dithered, flat) = (afar(&original, 64, &checker, &palette), afar(&original, 64, &[1; 4096], &palette));
    assert!(dithered > 45.0 && flat < 7.0, "{dithered} {flat}");
    // The mean of the codes is not the mean of the light.
    let wrong = afar(&vec![GREYS(128); 64 * 64], 64, &checker, &palette);
    assert!(wrong < 12.0, "{wrong}");
}

#[test]
fn hidden_pixels_neither_count_nor_lend_their_colour() {
    let (mut original, mut codes, palette) = noise(50 * 40);
    let both = |original: &[[u8; 4]], codes: &[u8]| {
        (afar(original, 50, codes, &palette), oklab(original, 50, codes, &palette))
    };
    let before = both(&original, &codes);
    for (c, k) in original.iter_mut().zip(&mut codes).filter(|(c, _)| c[3] == 0) {
        (*c, *k) = ([255, 0, 255, 0], 3);
    }
    assert_eq!(both(&original, &codes), before);
    assert_eq!(afar(&[[9, 9, 9, 0]; 6], 3, &[0; 6], &palette), f64::INFINITY);
}

#[test]
fn the_figure_does_not_depend_on_the_number_of_threads() {
    let (original, codes, palette) = noise(90 * 700);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| (afar(&original, 90, &codes, &palette), oklab(&original, 90, &codes, &palette)))
    };
    assert_eq!(with(1), with(2));
}

#[test]
fn work_that_is_no_longer_wanted_ends() {
    let stop = std::sync::atomic::AtomicBool::new(true);
    let (original, codes, palette) = noise(64 * 64);
    let indexed = Indexed { width: 64, codes: &codes, palette: &palette, tiles: None };
    let control = Control::new(&stop, &|_| {});
    assert_eq!(psnr_afar(&original, indexed, &control), Err(Stopped));
    assert_eq!(oklab_afar(&original, indexed, &control), Err(Stopped));
    assert_eq!(oklab_afar_map(&original, indexed, 5.0, &control), Err(Stopped));
}
