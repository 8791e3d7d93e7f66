use quantscope::engine::control::Control;
use quantscope::picture::image::Image;
use quantscope::run::photo;
use quantscope::spec::{FittedPalette, PaletteSpec, Stage, TileBudget, TileSpec};

/// Left half flat, right half noise.
fn half_and_half() -> Image {
    let mut random = quantscope::engine::random::Random::seeded(5);
    let pixel = |i: u32| {
        let noise = random.next_u64().to_le_bytes();
        if i % 64 < 32 { [90, 120, 150, 255] } else { [noise[0], noise[1], noise[2], 255] }
    };
    Image::new(64, 48, (0..64 * 48).map(pixel).collect())
}

fn tiled(budget: Option<TileBudget>, colors: u16) -> FittedPalette {
    FittedPalette { tiles: Some(TileSpec { side: 8, budget }), ..FittedPalette::new(colors) }
}

#[test]
fn flat_tiles_get_one_colour_and_busy_ones_what_is_left_over() {
    let image = half_and_half();
    let reduce = |spec| photo::reduce(&image, spec, Stage::Full, &Control::unwatched()).unwrap();
    let uniform = reduce(tiled(None, 4));
    let tile_allocation = reduce(tiled(Some(TileBudget::SameSize), 4));
    let told = tile_allocation.tile_allocation().unwrap();
    for (tile, &bits) in told.bits.iter().enumerate() {
        assert!(if tile % 8 < 4 { bits == 0 } else { bits >= 2 }, "tile {tile}: {bits} bits");
    }
    assert!(tile_allocation.rate.total_bits() <= uniform.rate.total_bits());
    assert!(tile_allocation.error.psnr_db > uniform.error.psnr_db + 1.0);
    let gain = told.uniform.unwrap().gain_db;
    assert!((gain - (tile_allocation.error.psnr_db - uniform.error.psnr_db)).abs() < 1e-6, "{gain}");
    assert_eq!(told.uniform.unwrap().bits, uniform.rate.total_bits());
}

#[test]
fn a_larger_budget_is_used_and_never_exceeded_and_never_means_more_error() {
    let image = half_and_half();
    let mut last = f64::INFINITY;
    for hundredths in [43, 100, 250, 600, 1200] {
        let spec = PaletteSpec::from(tiled(Some(TileBudget::Centibits(hundredths)), 4));
        let report = photo::reduce(&image, spec.clone(), Stage::Full, &Control::unwatched()).unwrap();
        assert!(report.rate.bits_per_sample() <= f64::from(hundredths) / 100.0, "{hundredths}");
        assert!(report.error.mse <= last);
        last = report.error.mse;
        let floor = photo::tile_budget_floor(&image, &spec).unwrap();
        assert_eq!(report.tile_allocation().unwrap().floor_bits as f64 / (64.0 * 48.0), floor);
    }
}

#[test]
fn every_pixel_has_a_colour_of_its_tile_with_any_dither_hidden_pixels_and_locked_colours() {
    use quantscope::engine::assign::dithering::{Dithering, Pattern};
    use quantscope::palette::{Fixed, NamedPalette};
    let mut image = half_and_half();
    let mut rgba = image.rgba.to_vec();
    rgba.iter_mut().step_by(7).for_each(|c| *c = [0; 4]);
    image = Image::new(image.width, image.height, rgba);
    let locked = Fixed::new(NamedPalette::new("locked", vec![[255, 0, 255, 255]]));
    for pattern in ["none", "floyd-steinberg", "bayer8"].map(|name| Pattern::from_name(name).unwrap()) {
        let dither = Dithering::of(pattern);
        let palette = FittedPalette { locked: Some(locked.clone()), ..tiled(Some(TileBudget::SameSize), 8) };
        let spec = PaletteSpec { dither, ..palette.into() };
        let report = photo::reduce(&image, spec, Stage::Full, &Control::unwatched()).unwrap();
        for (i, pixel) in image.rgba.iter().enumerate() {
            let at = report.picture.pixel(i as u32 % 64, i as u32 / 64);
            assert_eq!(at[3] == 0, pixel[3] == 0, "{pattern:?}, pixel {i}");
        }
    }
}
