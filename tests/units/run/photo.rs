use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::engine::random::Random;
use quantscope::picture::image::Image;
use quantscope::run::photo::*;
use quantscope::spec::{FittedPalette, PhotoSpec, Stage, TileSpec};

#[test]
fn a_preview_says_how_many_bits_the_whole_will_take() {
    let mut random = Random::seeded(2);
    let image = Image::new(512, 512, (0..512 * 512).map(|_| random.next_u64().to_le_bytes()).map(opaque).collect());
    assert!(image.small().rgba.len() < image.rgba.len());
    let format: Format = "int4-g32".parse().unwrap();
    for spec in [
        PhotoSpec::from(FittedPalette::new(16)),
        FittedPalette { tiles: Some(TileSpec { side: 16, budget: None }), ..FittedPalette::new(4) }.into(),
        PhotoSpec::Numbers(format),
    ] {
        let rate = |stage| reduce(&image, spec.clone(), stage, &Control::unwatched()).unwrap().rate;
        let (preview, full) = (rate(Stage::Preview), rate(Stage::Full));
        assert_eq!(preview.samples, full.samples);
        assert!((preview.bits_per_sample() / full.bits_per_sample() - 1.0).abs() < 1e-3, "{preview:?} {full:?}");
    }
}

#[test]
fn the_nearest_entry_is_the_one_that_the_pixel_became() {
    let mut random = Random::seeded(3);
    let image = Image::new(64, 64, (0..64 * 64).map(|_| random.next_u64().to_le_bytes()).map(opaque).collect());
    let spec = FittedPalette::new(24);
    let report = reduce(&image, spec, Stage::Full, &Control::unwatched()).unwrap();
    for (at, color) in image.rgba.iter().enumerate() {
        let near = report.nearest(*color);
        assert!(near.len() == 24 && near.is_sorted_by(|a, b| a.0 <= b.0));
        let became = report.picture.pixel(at as u32 % 64, at as u32 / 64);
        let distance = near.iter().find(|(_, rgba)| *rgba == became).map(|(distance, _)| *distance);
        assert_eq!(distance, Some(near[0].0), "pixel {at}");
    }
}

fn opaque([r, g, b, ..]: [u8; 8]) -> [u8; 4] {
    [r, g, b, 255]
}
