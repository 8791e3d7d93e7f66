use quantscope::engine::colour::{linear_from_srgb8, srgb8_from_linear};
use quantscope::engine::control::{Control, Stopped};
use quantscope::engine::indexed::Indexed;
use quantscope::engine::metric::{over_white, psnr_afar};
use quantscope::engine::random::Random;

const GREYS: fn(u8) -> [u8; 4] = |v| [v, v, v, 255];

fn afar(original: &[[u8; 4]], width: usize, codes: &[u8], palette: &[[u8; 4]]) -> f64 {
    psnr_afar(original, Indexed { width, codes, palette, tiles: None }, &Control::unwatched()).unwrap()
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

/// The definition, window by window, in f64.
fn naive(original: &[[u8; 4]], width: usize, codes: &[u8], palette: &[[u8; 4]]) -> f64 {
    let height = original.len() / width;
    let light = |c: [u8; 4], channel: usize| f64::from(linear_from_srgb8(over_white(c)[channel]));
    let bell = |i: isize| (-((i * i) as f64) / (2.0 * 1.5 * 1.5)).exp();
    let (mut sum, mut count) = (0.0, 0.0);
    for at in (0..original.len()).filter(|&i| original[i][3] > 0) {
        for channel in 0..3 {
            let (mut x, mut y, mut weight) = (0.0, 0.0, 0.0);
            for (dy, dx) in (-5..=5).flat_map(|dy| (-5..=5).map(move |dx| (dy, dx))) {
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
            sum += ((x - y) / weight).powi(2);
            count += 1.0;
        }
    }
    -10.0 * (sum / count).log10()
}

#[test]
fn the_bands_agree_with_the_definition() {
    for (width, height) in [(40, 300), (13, 17), (3, 200), (200, 3), (1, 1)] {
        let (original, codes, palette) = noise(width * height);
        let (fast, slow) = (afar(&original, width, &codes, &palette), naive(&original, width, &codes, &palette));
        assert!((fast - slow).abs() < 1e-4, "{width} × {height}: {fast} against {slow}");
    }
}

#[test]
fn what_is_exact_is_exact_from_afar() {
    let palette: Vec<[u8; 4]> = (0..=255).map(GREYS).collect();
    let codes: Vec<u8> = (0..900).map(|i| (i % 256) as u8).collect();
    let original: Vec<[u8; 4]> = codes.iter().map(|&k| palette[usize::from(k)]).collect();
    assert_eq!(afar(&original, 30, &codes, &palette), f64::INFINITY);
    assert_eq!(afar(&[], 0, &[], &palette), f64::INFINITY);
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
    let before = afar(&original, 50, &codes, &palette);
    for (c, k) in original.iter_mut().zip(&mut codes).filter(|(c, _)| c[3] == 0) {
        (*c, *k) = ([255, 0, 255, 0], 3);
    }
    assert_eq!(afar(&original, 50, &codes, &palette), before);
    assert_eq!(afar(&[[9, 9, 9, 0]; 6], 3, &[0; 6], &palette), f64::INFINITY);
}

#[test]
fn the_figure_does_not_depend_on_the_number_of_threads() {
    let (original, codes, palette) = noise(90 * 700);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| afar(&original, 90, &codes, &palette))
    };
    assert_eq!(with(1), with(2));
}

#[test]
fn work_that_is_no_longer_wanted_ends() {
    let stop = std::sync::atomic::AtomicBool::new(true);
    let (original, codes, palette) = noise(64 * 64);
    let indexed = Indexed { width: 64, codes: &codes, palette: &palette, tiles: None };
    assert_eq!(psnr_afar(&original, indexed, &Control::new(&stop, &|_| {})), Err(Stopped));
}
