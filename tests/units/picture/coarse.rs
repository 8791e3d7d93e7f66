use quantscope::engine::random::Random;
use quantscope::picture::coarse::*;
use quantscope::picture::colours::{Colours, Cube, place_of};

/// Colours around a few centres, most of them one, some hidden.
fn pixels() -> Vec<[u8; 4]> {
    let mut random = Random::seeded(6);
    let mut pixel = |i: usize| {
        let [r, g, b, a, centre, ..] = random.next_u64().to_le_bytes();
        let near = (centre & 3) * 60;
        if !i.is_multiple_of(3) {
            [9, 8, 7, 255]
        } else {
            [near + (r & 7), near + (g & 31), b, if a < 20 { 0 } else { 255 }]
        }
    };
    (0..300_001).map(&mut pixel).collect()
}

#[test]
fn cells_hold_every_pixel_that_can_be_seen_however_they_are_found() {
    let pixels = pixels();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Coarse::of(&pixels).cells)
    };
    let found = with(1);
    assert_eq!(found, with(3));
    let colours = Colours::of(&pixels, false);
    assert_eq!(found, Coarse::of_cubes(colours.placed_cubes()).cells);
    let mut naive = vec![Cube::default(); CELLS];
    for pixel in pixels.iter().filter(|p| p[3] > 0) {
        let cube = &mut naive[cell_of(place_of(*pixel))];
        cube.pixels += 1;
        cube.sums.iter_mut().zip(pixel).for_each(|(sum, &v)| *sum += u64::from(v));
    }
    for Cell { number, cube } in found {
        assert_eq!(std::mem::take(&mut naive[usize::from(number)]), cube);
    }
    assert!(naive.iter().all(|cube| cube.pixels == 0));
}

#[test]
fn a_pixel_takes_what_its_cell_has() {
    let pixels = pixels();
    let table: Box<[u8; CELLS]> = Box::new(std::array::from_fn(|cell| (cell * 7) as u8));
    let naive = pixels.iter().map(|&p| if p[3] == 0 { 3 } else { table[cell_of(place_of(p))] });
    assert!(map_pixels(&pixels, &table, 3).into_iter().eq(naive));
}
