use quantscope::engine::indexed::{Indexed, Tiles};

#[test]
fn every_pixel_finds_the_palette_of_its_tile() {
    let codes: Vec<u8> = (0..7 * 5).map(|i| (i % 3) as u8).collect();
    let tiles = Tiles::new(7, 4, 3);
    let palette = vec![[0; 4]; tiles.count(5) * 3];
    let indexed = Indexed { width: 7, codes: &codes, palette: &palette, tiles: Some(tiles) };
    for y in 0..5 {
        let row: Vec<usize> = indexed.row(y).collect();
        assert_eq!(row.len(), 7);
        for (x, place) in row.into_iter().enumerate() {
            let tile = tiles.grouping().group_of(y * 7 + x, 7);
            assert_eq!(place, tile * 3 + usize::from(codes[y * 7 + x]));
            assert_eq!(place - usize::from(codes[y * 7 + x]), tiles.first(x, y));
        }
    }
    assert_eq!(indexed.counts().iter().sum::<u64>(), 35);
    let whole = Indexed { tiles: None, ..indexed };
    assert!(whole.row(2).eq(codes[14..21].iter().map(|&k| usize::from(k))));
}
