use butteraugli::{ButteraugliParams, Img, RGB, RGB8, butteraugli, butteraugli_linear};
use fast_ssim2::{PixelDescriptor, PixelSlice, compute_ssimulacra2};
use quantscope::engine::colour::linear_from_srgb8;
use quantscope::engine::control::{Control, Stopped};
use quantscope::engine::indexed::Indexed;
use quantscope::engine::metric::{EyeError, over_white, ssimulacra2};
use quantscope::engine::random::Random;

const EXACT: EyeError =
    EyeError { ssimulacra2: Some(100.0), butteraugli_3norm: Some(0.0), butteraugli_max: Some(0.0), afar: 0.0 };

/// A soft picture with a little noise, and the nearest of nine greys.
struct Reduced {
    width: usize,
    original: Vec<[u8; 4]>,
    codes: Vec<u8>,
    palette: Vec<[u8; 4]>,
}

impl Reduced {
    fn new(width: usize, height: usize) -> Self {
        let mut random = Random::seeded(4);
        let pixel = |i: usize| {
            let (x, y) = (i % width, i / width);
            let noise = random.next_u64() as usize % 12;
            [(x * 199 / width + noise) as u8, (y * 199 / height + noise) as u8, ((x + y) % 220) as u8, 255]
        };
        let original: Vec<[u8; 4]> = (0..width * height).map(pixel).collect();
        let palette = (0..9).map(|k| [k * 28, k * 28, k * 28, 255]).collect();
        let codes = original.iter().map(|c| ((u32::from(c[0]) + u32::from(c[1])) / 56) as u8).collect();
        Self { width, original, codes, palette }
    }

    fn indexed(&self) -> Indexed<'_> {
        Indexed { width: self.width, codes: &self.codes, palette: &self.palette, tiles: None }
    }

    fn height(&self) -> usize {
        self.codes.len() / self.width
    }

    fn eye(&self) -> EyeError {
        EyeError::measure(&self.original, self.indexed(), &Control::unwatched()).unwrap()
    }

    /// Both as they lie on white paper.
    fn both(&self) -> [Vec<[u8; 3]>; 2] {
        let on_white = |pixels: Vec<[u8; 4]>| pixels.into_iter().map(over_white).collect();
        [on_white(self.original.clone()), on_white(self.indexed().pixels().collect())]
    }
}

/// The crates are given linear light, in floating point, in place of sRGB codes.
#[test]
fn the_figures_are_those_of_the_crates_in_linear_light() {
    let reduced = Reduced::new(90, 70);
    let light = reduced.both().map(|both| both.into_iter().map(|c| c.map(linear_from_srgb8)).collect::<Vec<_>>());
    let (width, height) = (90, 70);
    let bytes = light.each_ref().map(|light| light.iter().flatten().flat_map(|v| v.to_ne_bytes()).collect::<Vec<u8>>());
    let slice = |bytes| PixelSlice::new(bytes, 90, 70, 90 * 12, PixelDescriptor::RGBF32_LINEAR).unwrap();
    let score = compute_ssimulacra2(&slice(&bytes[0]), &slice(&bytes[1])).unwrap();
    let [x, y] = light.map(|light| Img::new(light.into_iter().map(RGB::from).collect::<Vec<_>>(), width, height));
    let distance = butteraugli_linear(x.as_ref(), y.as_ref(), &ButteraugliParams::default()).unwrap();
    let eye = reduced.eye();
    assert!((eye.ssimulacra2.unwrap() - score).abs() < 0.05, "{eye:?} against {score}");
    assert!((eye.butteraugli_3norm.unwrap() / distance.pnorm_3 - 1.0).abs() < 1e-3, "{eye:?} against {distance:?}");
    assert!((eye.butteraugli_max.unwrap() / distance.score - 1.0).abs() < 1e-3, "{eye:?} against {distance:?}");
    assert!(score < 60.0 && eye.afar > 1.0, "there is something to be seen");
    assert_eq!(ssimulacra2(&reduced.original, reduced.indexed(), &Control::unwatched()), Ok(eye.ssimulacra2));
}

#[test]
fn butteraugli_strip_by_strip_is_that_of_the_whole() {
    let reduced = Reduced::new(1000, 1010);
    let [x, y] = reduced
        .both()
        .map(|both| Img::new(both.into_iter().map(RGB8::from).collect::<Vec<_>>(), 1000, reduced.height()));
    let whole = butteraugli(x.as_ref(), y.as_ref(), &ButteraugliParams::default()).unwrap();
    let eye = reduced.eye();
    assert!((eye.butteraugli_3norm.unwrap() / whole.pnorm_3 - 1.0).abs() < 1e-6, "{eye:?} against {whole:?}");
    assert!((eye.butteraugli_max.unwrap() / whole.score - 1.0).abs() < 1e-6, "{eye:?} against {whole:?}");
}

#[test]
fn equal_pictures_are_exact() {
    let reduced = Reduced::new(40, 30);
    let original: Vec<[u8; 4]> = reduced.indexed().pixels().collect();
    assert_eq!(Reduced { original, ..reduced }.eye(), EXACT);
}

#[test]
fn a_picture_that_is_too_small_for_a_model_has_no_figure_of_it() {
    for (width, height) in [(7, 40), (40, 7), (1, 1)] {
        let eye = Reduced::new(width, height).eye();
        assert_eq!((eye.ssimulacra2, eye.butteraugli_3norm, eye.butteraugli_max), (None, None, None));
        assert!(eye.afar > 0.0);
    }
    assert!(Reduced::new(8, 8).eye().ssimulacra2.is_some_and(f64::is_finite));
}

#[test]
fn hidden_pixels_make_no_difference() {
    let mut reduced = Reduced::new(40, 30);
    (100..300).for_each(|i| reduced.original[i] = [9, 200, 30, 0]);
    let before = reduced.eye();
    (100..300).for_each(|i| (reduced.original[i], reduced.codes[i]) = ([255, 0, 255, 0], 8));
    assert_eq!(reduced.eye(), before);
    reduced.original.iter_mut().for_each(|c| c[3] = 0);
    assert_eq!(reduced.eye(), EXACT, "nothing is seen");
}

#[test]
fn work_that_is_no_longer_wanted_ends() {
    let stop = std::sync::atomic::AtomicBool::new(true);
    let reduced = Reduced::new(40, 30);
    let found = EyeError::measure(&reduced.original, reduced.indexed(), &Control::new(&stop, &|_| {}));
    assert_eq!(found, Err(Stopped));
}
