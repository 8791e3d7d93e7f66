use quantscope::engine::random::Random;
use quantscope::picture::image::*;

fn noise(width: u32, height: u32, mask: u64) -> Image {
    let mut random = Random::seeded(9);
    let mut pixel = || (random.next_u64() & mask).to_le_bytes()[..4].try_into().unwrap();
    Image::new(width, height, (0..width * height).map(|_| pixel()).collect())
}

#[test]
fn a_preview_is_small_keeps_the_shape_and_shows_only_colours_of_the_photo() {
    let image = noise(400, 200, u64::MAX);
    let small = image.preview(1000);
    assert!(small.rgba.len() <= 1000 && small.width == 2 * small.height, "{} {}", small.width, small.height);
    assert!(small.rgba.iter().all(|c| image.rgba.contains(c)));
    let dot = noise(1, 1, u64::MAX).preview(10);
    assert_eq!((dot.width, dot.height), (1, 1));
    let line = noise(5000, 1, u64::MAX).preview(100);
    assert_eq!(line.height, 1);
}

#[test]
fn grey_and_alpha_are_noticed() {
    let image = |pixels: &[[u8; 4]]| Image::new(pixels.len() as u32, 1, pixels.to_vec());
    assert!(image(&[[7, 7, 7, 255]]).is_grey());
    assert!(!image(&[[7, 7, 7, 254]]).is_grey());
    assert!(image(&[[7, 7, 7, 254]]).has_translucency());
    assert!(!image(&[[7, 7, 7, 0]]).has_translucency());
    assert!(!image(&[[7, 7, 7, 0]]).is_opaque() && image(&[[7, 8, 7, 255]]).is_opaque());
}
