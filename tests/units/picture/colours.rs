use std::collections::BTreeMap;

use quantscope::engine::random::Random;
use quantscope::picture::colours::*;

/// Colours around a few centres, as photos have; with `alpha`, some hidden and some translucent.
fn pixels(n: usize, seed: u64, alpha: bool) -> Vec<[u8; 4]> {
    let mut random = Random::seeded(seed);
    (0..n)
        .map(|_| {
            let bits = random.next_u64();
            let [near, g, b, a, centre, ..] = bits.to_le_bytes();
            let red = (centre & 3) * 60 + (near & 7);
            let a = if alpha { [0, 255, 255, a][(bits >> 62) as usize] } else { 255 };
            [red, red.wrapping_add(g & 31), red.wrapping_add(b & 31), a]
        })
        .collect()
}

fn naive(pixels: &[[u8; 4]]) -> BTreeMap<[u8; 4], u32> {
    let mut counts = BTreeMap::new();
    for &pixel in pixels.iter().filter(|p| p[3] != 0) {
        *counts.entry(pixel).or_insert(0) += 1;
    }
    counts
}

fn as_map(colours: &Colours, pixels: &[[u8; 4]]) -> BTreeMap<[u8; 4], u32> {
    colours.keys.iter().copied().zip(colours.counts(pixels).iter().copied()).collect()
}

#[test]
fn the_colours_are_those_of_a_plain_count() {
    let opaque_and_hidden: Vec<[u8; 4]> =
        pixels(90_000, 5, true).into_iter().map(|[r, g, b, a]| [r, g, b, a / 255 * 255]).collect();
    let (found, naive_counts) = (Colours::of(&opaque_and_hidden, false), naive(&opaque_and_hidden));
    assert_eq!(as_map(&found, &opaque_and_hidden), naive_counts);
    assert_eq!(found.hidden, opaque_and_hidden.iter().filter(|c| c[3] == 0).count() as u64);
    for (n, alpha) in [(0, false), (1, true), (5000, false), (5000, true), (700_001, false), (700_001, true)] {
        let pixels = pixels(n, n as u64, alpha);
        let colours = Colours::of(&pixels, alpha);
        let naive = naive(&pixels);
        assert_eq!(as_map(&colours, &pixels), naive, "{n} {alpha}");
        assert_eq!(colours.hidden, pixels.iter().filter(|c| c[3] == 0).count() as u64);
    }
}

#[test]
fn cubes_hold_every_pixel_that_can_be_seen_whatever_the_number_of_threads() {
    // One colour in most pixels, so that sums grow full.
    let pixels: Vec<[u8; 4]> = pixels(200_000, 8, false)
        .into_iter()
        .enumerate()
        .map(|(i, p)| if i % 3 > 0 { [9, 8, 7, 255] } else { p })
        .collect();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Colours::of(&pixels, false))
    };
    let found = with(1);
    assert_eq!((&found.keys, &found.cubes), (&with(2).keys, &with(3).cubes));
    let mut naive = BTreeMap::new();
    for pixel in &pixels {
        let cube = naive.entry(place_of(*pixel) >> CUBE_BITS).or_insert(Cube { pixels: 0, sums: [0; 3] });
        cube.pixels += 1;
        cube.sums.iter_mut().zip(pixel).for_each(|(sum, &v)| *sum += u64::from(v));
    }
    assert_eq!(found.cubes, naive.into_values().collect::<Vec<Cube>>());
}

#[test]
fn a_place_gives_its_colour_back_and_neighbours_share_its_upper_bits() {
    for [r, g, b] in [[0, 0, 0], [255, 255, 255], [1, 2, 3], [200, 100, 50], [31, 32, 127], [4, 8, 16]] {
        let color = [r, g, b, 255];
        assert_eq!(color_at(place_of(color)), color);
        for (bits, side) in [(6, 4), (9, 8), (15, 32)] {
            let neighbour = [r ^ (side - 1), g ^ (side - 1), b ^ (side - 1), 255];
            assert_eq!(place_of(color) >> bits, place_of(neighbour) >> bits);
            assert_ne!(place_of(color) >> bits, place_of([r ^ side.min(128), g, b, 255]) >> bits);
        }
    }
    assert!((0..1u32 << 24).step_by(977).all(|place| place_of(color_at(place)) == place));
}

#[test]
fn greys_ascend() {
    let greys: Vec<[u8; 4]> = (0..=255).rev().map(|v| [v, v, v, 255]).collect();
    assert!(Colours::of(&greys, false).keys.is_sorted());
}

#[test]
fn every_colour_has_its_place_and_others_have_none() {
    let colours = Colours::of(&pixels(20_000, 3, true), true);
    for (place, &key) in colours.keys.iter().enumerate() {
        assert_eq!(colours.id(key), place as u32);
    }
    for absent in [[1, 2, 3, 0], [255, 255, 255, 255], [0, 255, 0, 255], [59, 0, 0, 1]] {
        assert_eq!(colours.id(absent), ABSENT);
    }
    assert_eq!(Colours::of(&[], false).id([0; 4]), ABSENT);
}

#[test]
fn mapping_pixels_is_looking_each_one_up() {
    let pixels = pixels(200_000, 4, true);
    let colours = Colours::of(&pixels, true);
    let table: Vec<u32> = (0..colours.len() as u32).map(|id| id * 2 + 1).collect();
    let naive = pixels.iter().map(|&p| if p[3] == 0 { 0 } else { table[colours.id(p) as usize] });
    assert!(colours.map_pixels(&pixels, &table, 0).into_iter().eq(naive));
    let pairs: Vec<(u8, u8)> = table.iter().map(|&t| (t as u8, !t as u8)).collect();
    let (first, second) = colours.map_pixels_to_pairs(&pixels, &pairs, (9, 8));
    for ((p, a), b) in pixels.iter().zip(first).zip(second) {
        assert_eq!((a, b), if p[3] == 0 { (9, 8) } else { pairs[colours.id(*p) as usize] });
    }
}
