use quantscope::engine::assign::eye::{Colours, Effort, Reduced, Request, reduce};
use quantscope::engine::colour::linear_from_srgb8;
use quantscope::engine::control::Control;
use quantscope::engine::random::Random;

const BLACK_AND_WHITE: [[u8; 4]; 2] = [[0, 0, 0, 255], [255, 255, 255, 255]];

fn reduced(pixels: &[[u8; 4]], width: usize, colours: Colours<'_>, grain: f32) -> Reduced {
    let request = Request { pixels, width, colours, grain, rate_weight: 0.3, effort: Effort::Full };
    reduce(request, &Control::unwatched()).unwrap()
}

fn fitted(count: usize) -> Colours<'static> {
    Colours::Fitted { count, kept: &[], flat: &[], grey: false }
}

/// Slopes of all channels with a little noise.
fn slopes(width: usize, height: usize) -> Vec<[u8; 4]> {
    let mut random = Random::seeded(3);
    let mut noisy = move |v: usize| (v as f32 + random.next_gaussian() * 3.0).clamp(0.0, 255.0) as u8;
    let pixel = |i: usize| (i % width * 255 / width, i / width * 255 / height);
    (0..width * height).map(pixel).map(|(x, y)| [noisy(x), noisy(y), noisy(255 - x), 255]).collect()
}

fn mean_light(colors: impl Iterator<Item = [u8; 4]>) -> f32 {
    let light: Vec<f32> = colors.map(|c| linear_from_srgb8(c[1])).collect();
    light.iter().sum::<f32>() / light.len() as f32
}

#[test]
fn flat_grey_of_black_and_white_has_the_light_of_the_grey() {
    let grey = vec![[120, 120, 120, 255]; 64 * 48];
    let found = reduced(&grey, 64, Colours::Given(&BLACK_AND_WHITE), 1.0);
    let light = mean_light(found.codes.iter().map(|&k| found.palette[usize::from(k)]));
    assert!((light - linear_from_srgb8(120)).abs() < 0.02, "{light}");
    // Not in lumps: no square of 6 x 6 pixels is all black or all white.
    let is_mixed = |x: usize, y: usize| {
        let codes: Vec<u8> = (0..36).map(|i| found.codes[(y + i / 6) * 64 + x + i % 6]).collect();
        codes.contains(&0) && codes.contains(&1)
    };
    assert!((0..42).step_by(6).all(|y| (0..58).step_by(6).all(|x| is_mixed(x, y))));
}

#[test]
fn without_grain_each_pixel_has_its_nearest_entry() {
    let palette = [[20, 20, 20, 255], [128, 128, 128, 255], [240, 240, 240, 255]];
    let greys = [(10, 0), (50, 0), (110, 1), (150, 1), (215, 2), (250, 2)];
    let at = |i: usize| greys[i % 96 / 16];
    let pixels: Vec<[u8; 4]> = (0..96 * 20).map(|i| [at(i).0, at(i).0, at(i).0, 255]).collect();
    let found = reduced(&pixels, 96, Colours::Given(&palette), 0.0);
    assert!(found.codes.iter().enumerate().all(|(i, &code)| code == at(i).1));
    // With grain the same picture is dithered.
    let dithered = reduced(&pixels, 96, Colours::Given(&palette), 1.0);
    assert!(dithered.codes.iter().enumerate().any(|(i, &code)| code != at(i).1));
}

#[test]
fn the_result_is_the_same_on_any_number_of_threads() {
    let pixels = slopes(200, 150);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| reduced(&pixels, 200, fitted(12), 1.0))
    };
    let alone = on(1);
    assert!((2..4).all(|threads| on(threads) == alone));
}

#[test]
fn pixels_of_a_flat_colour_are_left_exactly_so() {
    // A sign: a red disc with soft edges on white beside a slope.
    let (width, height) = (160usize, 120usize);
    let (red, white) = ([228, 0, 43, 255], [255; 4]);
    let pixel = |i: usize| -> [u8; 4] {
        let (x, y) = ((i % width) as f32, (i / width) as f32);
        if x >= 120.0 {
            let v = (y / height as f32 * 200.0) as u8;
            return [v, v, 255 - v, 255];
        }
        let inside = (30.5 - ((x - 60.0).powi(2) + (y - 60.0).powi(2)).sqrt()).clamp(0.0, 1.0);
        std::array::from_fn(|c| (f32::from(red[c]) * inside + f32::from(white[c]) * (1.0 - inside)).round() as u8)
    };
    let pixels: Vec<[u8; 4]> = (0..width * height).map(pixel).collect();
    let colours = Colours::Fitted { count: 6, kept: &[], flat: &[red, white], grey: false };
    let found = reduced(&pixels, width, colours, 1.0);
    for (pixel, &code) in pixels.iter().zip(&found.codes).filter(|(p, _)| **p == red || **p == white) {
        assert_eq!(found.palette[usize::from(code)], *pixel);
    }
}

#[test]
fn kept_colours_come_first_and_exactly() {
    let kept = [[1, 2, 3, 255], [250, 10, 20, 255]];
    let colours = Colours::Fitted { count: 8, kept: &kept, flat: &[], grey: false };
    let found = reduced(&slopes(80, 60), 80, colours, 1.0);
    assert_eq!(found.palette[..2], kept);
    assert!(found.palette.len() <= 8);
}

#[test]
fn grey_stays_grey() {
    let pixels: Vec<[u8; 4]> = slopes(80, 60).into_iter().map(|[v, ..]| [v, v, v, 255]).collect();
    let found = reduced(&pixels, 80, Colours::Fitted { count: 5, kept: &[], flat: &[], grey: true }, 1.0);
    assert!(found.palette.iter().all(|[r, g, b, _]| r == g && g == b), "{:?}", found.palette);
}

#[test]
fn pictures_of_one_row_or_column_are_reduced_too() {
    for width in [1, 37] {
        let found = reduced(&slopes(37, 1), width, fitted(4), 1.0);
        assert_eq!(found.codes.len(), 37);
        assert!(found.codes.iter().all(|&k| usize::from(k) < found.palette.len()));
    }
}

#[test]
fn work_that_is_stopped_gives_no_result() {
    let stop = std::sync::atomic::AtomicBool::new(true);
    let (pixels, quiet) = (slopes(64, 64), |_| {});
    let request =
        Request { pixels: &pixels, width: 64, colours: fitted(8), grain: 1.0, rate_weight: 0.0, effort: Effort::Quick };
    assert!(reduce(request, &Control::new(&stop, &quiet)).is_err());
}
