use quantscope::engine::colour::lab_from_srgb8;
use quantscope::picture::colourmap::*;

fn lightness(c: [u8; 4]) -> f32 {
    lab_from_srgb8([c[0], c[1], c[2]])[0]
}

#[test]
fn lightness_rises_evenly_along_the_sequential_map() {
    let l: Vec<f32> = sequential().map(lightness).to_vec();
    assert!(l.windows(2).all(|w| w[1] >= w[0] - 0.35), "{l:?}");
    assert!(l.windows(17).all(|w| w[16] > w[0]), "{l:?}");
    assert!(l[0] < 12.0 && l[255] > 88.0, "{} {}", l[0], l[255]);
}

#[test]
fn the_diverging_map_is_neutral_at_zero_and_as_dark_at_both_ends() {
    let map = diverging();
    let [r, g, b, _] = map[127];
    assert!(r == g && g == b);
    for k in 0..127 {
        let (low, high) = (lightness(map[127 - k]), lightness(map[127 + k]));
        assert!((low - high).abs() < 6.0, "{k}: {low} {high}");
    }
    assert!((0..127).all(|k| lightness(map[k + 1]) > lightness(map[k]) - 0.3));
    assert!(map[..255].iter().all(|c| *c != NOT_A_NUMBER));
}
