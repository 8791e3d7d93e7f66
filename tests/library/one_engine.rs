//! One engine: a grey picture as a picture and as a tensor, with the same settings, gets the same codes.

use std::sync::Arc;

use quantscope::engine::assign::dithering::{Dithering, Pattern};
use quantscope::engine::control::Control;
use quantscope::engine::fit::Method;
use quantscope::engine::format::table;
use quantscope::engine::grouping::Grouping;
use quantscope::engine::recipe::{Levels, Recipe};
use quantscope::engine::samples::Samples;
use quantscope::picture::Pixels;
use quantscope::picture::image::Image;
use quantscope::run::{photo, tensor};
use quantscope::source::model::Model;
use quantscope::source::open::{Source, open_bytes};
use quantscope::source::safetensors::one_tensor;
use quantscope::spec::{FittedPalette, PaletteSpec, PhotoSpec, Stage};

const WIDTH: usize = 160;
const HEIGHT: usize = 120;

/// The sample photo's luma, cut out and made grey.
fn grey_values() -> Vec<u8> {
    let Ok(Source::Photo(sample)) = quantscope::source::builtin::photo() else { panic!("no sample photo") };
    let image = &sample.image;
    let at = |x: usize, y: usize| image.rgba[(y * 3 + 60) * image.width as usize + x * 3 + 100];
    let luma = |c: [u8; 4]| ((u32::from(c[0]) * 299 + u32::from(c[1]) * 587 + u32::from(c[2]) * 114) / 1000) as u8;
    (0..WIDTH * HEIGHT).map(|i| luma(at(i % WIDTH, i / WIDTH))).collect()
}

fn codes_as_picture(values: &[u8], spec: PaletteSpec) -> Vec<u16> {
    let rgba = values.iter().map(|&v| [v, v, v, 255]).collect();
    let image = Image::new(WIDTH as u32, HEIGHT as u32, rgba);
    let report = photo::reduce(&image, spec, Stage::Full, &Control::unwatched()).unwrap();
    let Pixels::Indexed { codes, .. } = &report.picture.pixels else { panic!("not indexed") };
    codes.iter().map(|&k| u16::from(k)).collect()
}

fn codes_as_tensor(values: &[u8], palette: &FittedPalette, dither: Dithering) -> Vec<u16> {
    let values: Vec<[f32; 1]> = values.iter().map(|&v| [f32::from(v)]).collect();
    let stored = |p: [f32; 1]| p.map(|v| v.round().clamp(0.0, 255.0));
    let recipe = Recipe {
        grouping: Grouping::Whole,
        scale: None,
        levels: Levels::Fitted {
            method: palette.method,
            count: usize::from(palette.colors),
            kept: Vec::new(),
            stored,
            exact: Some(0.01),
            entry_bits: 8,
            code_bits: None,
        },
        dither,
    };
    recipe.encode(Samples::new(&values, WIDTH), &Control::unwatched()).unwrap().codes
}

#[test]
fn a_grey_picture_and_a_tensor_of_its_values_get_the_same_codes() {
    let values = grey_values();
    for method in Method::ALL {
        for colors in [2, 4, 7, 16, 100, 256] {
            // The eye's pattern is of photos alone.
            for pattern in Pattern::ALL.into_iter().filter(|pattern| *pattern != Pattern::Eye) {
                let dither = Dithering { strength_percent: 80, serpentine: true, ..Dithering::of(pattern) };
                let palette = FittedPalette { method, ..FittedPalette::new(colors) };
                let spec = PaletteSpec { dither, ..palette.clone().into() };
                let tensor = codes_as_tensor(&values, &palette, dither);
                let picture = codes_as_picture(&values, spec.clone());
                let differing = picture.iter().zip(&tensor).filter(|(a, b)| a != b).count();
                assert_eq!(differing, 0, "{spec:?}");
                assert!(picture.iter().any(|&k| k != picture[0]), "{spec:?}: the picture has more than one level");
            }
        }
    }
}

/// A .safetensors file of one matrix.
fn model_of(columns: usize, values: impl Iterator<Item = f32>) -> Arc<Model> {
    let values: Vec<f32> = values.collect();
    let file = one_tensor("grey", &[values.len() / columns, columns], &values).unwrap();
    let Ok(Source::Model(model)) = open_bytes("grey.safetensors", file) else { panic!("not opened") };
    model
}

/// Under every number format of the table: the picture decodes to what the tensor of its values (less 128, as
/// numbers around 0) decodes to, and takes as many bits.
#[test]
fn a_grey_picture_under_a_number_format_is_the_tensor_of_its_values() {
    // In lines of 256: whole blocks of every format.
    let values = grey_values();
    let image = Image::new(256, (values.len() / 256) as u32, values.iter().map(|&v| [v, v, v, 255]).collect());
    let model = model_of(256, values.iter().map(|&v| f32::from(v) - 128.0));
    let control = Control::unwatched();
    let original = tensor::original(&model, 0, &control).unwrap();
    for row in table() {
        let as_tensor = tensor::reduce(&model, &original, row.format, Stage::Full, &control).unwrap().unwrap();
        let as_photo = photo::reduce(&image, PhotoSpec::Numbers(row.format), Stage::Full, &control).unwrap();
        let decoded = as_tensor.decoded.iter().map(|v| (v + 128.0).round().clamp(0.0, 255.0) as u8);
        let pixels = as_photo.picture.indexed().unwrap().pixels();
        assert!(pixels.map(|c| c[0]).eq(decoded), "{}", row.name);
        assert_eq!(as_photo.rate, as_tensor.rate, "{}", row.name);
    }
}

/// The same through the files: a grey picture, and a .safetensors file of its values under the number
/// format of that method. Levels of whole numbers up to 255 are exact in f16, so storage rounds neither.
#[test]
fn the_number_formats_of_the_weights_side_code_the_picture_alike() {
    let values = grey_values();
    let model = model_of(WIDTH, values.iter().map(|&v| f32::from(v)));
    let control = Control::unwatched();
    let original = Arc::new(tensor::original(&model, 0, &control).unwrap());
    // Median cut makes means of runs; whole numbers of them are compared by rounding to the nearest code.
    for (name, method, colors) in [("uniform4-tensor", Method::Uniform, 16), ("kmeans8-tensor", Method::KMeans, 256)] {
        let format = name.parse().unwrap();
        let report = tensor::reduce(&model, &original, format, Stage::Full, &control).unwrap().unwrap();
        let palette = FittedPalette { method, ..FittedPalette::new(colors) };
        let picture = codes_as_picture(&values, palette.into());
        let agree = picture.iter().zip(&report.quantized.codes).filter(|(a, b)| a == b).count();
        let share = agree as f64 / picture.len() as f64;
        // A level stored as 8 bits and one stored as f16 may part a value that lies between two levels.
        assert!(share > 0.95, "{name}: {share}");
    }
}
