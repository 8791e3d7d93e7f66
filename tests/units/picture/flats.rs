use quantscope::engine::random::Random;
use quantscope::picture::flats::*;

#[test]
fn small_and_large_pictures_tell_their_flat_colours_and_nothing_hidden() {
    let mut random = Random::seeded(3);
    for len in [5_000, 900_000] {
        let pixels: Vec<[u8; 4]> = (0..len)
            .map(|i| match i % 50 {
                0..20 => [200, 10, 30, 255],
                20..22 => [9, 9, 9, 255],
                22..30 => [1, 2, 3, 0],
                _ => random.next_u64().to_le_bytes()[..4].try_into().unwrap(),
            })
            .collect();
        let flats = of(&pixels);
        assert_eq!(flats.iter().map(|f| f.color).collect::<Vec<_>>(), [[9, 9, 9, 255], [200, 10, 30, 255]]);
        for (flat, share) in flats.iter().zip([0.04, 0.4]) {
            let off = flat.pixels as f64 / (share * f64::from(len)) - 1.0;
            assert!(off.abs() < 0.3 && (len > 5_000 || off == 0.0), "{flat:?}");
        }
    }
    assert!(of(&[]).is_empty());
}
