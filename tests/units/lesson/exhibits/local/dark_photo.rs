use quantscope::engine::control::Control;
use quantscope::lesson::exhibits::local::dark_photo::*;
use quantscope::picture::image::Image;

fn photo() -> Image {
    let pixel = |x: u32, y: u32| {
        let v = ((x * 3 + y * 2) % 256) as u8;
        [v, v, v, 255]
    };
    Image::new(96, 80, (0..80).flat_map(|y| (0..96).map(move |x| pixel(x, y))).collect())
}

#[test]
fn one_white_pixel_ruins_the_scale_that_all_share_and_no_other() {
    let at = |factor: f32| measure(&photo(), factor, &Control::unwatched()).unwrap();
    let (calm, spoilt) = (at(1.0), at(20.0));
    let lost = |k: usize| calm.cases[k].psnr_db - spoilt.cases[k].psnr_db;
    assert_eq!(calm.cases.iter().map(|c| c.name).collect::<Vec<_>>(), CASES.map(|c| c.0));
    assert!(lost(0) > 8.0, "one scale lost {} dB", lost(0));
    assert!(lost(1).abs() < 1.0, "clipped it lost {} dB", lost(1));
    // One of thirty tiles is lost.
    assert!(lost(2) < 4.0, "tiles lost {} dB", lost(2));
    assert!(spoilt.cases[0].greys <= 4 && calm.cases[0].greys > 12);
    let bits = spoilt.cases[2].rate.bits_per_sample();
    assert!(bits > 4.05 && bits < 4.2, "scales are counted: {bits}");
}

#[test]
fn the_bright_pixel_is_white_in_the_original() {
    let found = measure(&photo(), 20.0, &Control::unwatched()).unwrap();
    let (x, y) = found.pixel;
    assert_eq!(found.original.pixel(x, y), [255, 255, 255, 255]);
}
