use quantscope::engine::block::{GRIDS, GridKind, decode_grid_row, even_signs};

#[test]
fn the_grids_are_whole_and_no_point_stands_in_one_twice() {
    fn distinct<const D: usize>(grid: &[[i8; D]], len: usize) {
        let set: std::collections::HashSet<_> = grid.iter().collect();
        assert_eq!((grid.len(), set.len()), (len, len));
    }
    distinct(&GRIDS.iq2_xxs, 256);
    distinct(&GRIDS.iq2_xs, 512);
    distinct(&GRIDS.iq2_s, 1024);
    distinct(&GRIDS.iq3_xxs, 256);
    distinct(&GRIDS.iq3_s, 512);
    distinct(&GRIDS.iq1, 2048);
}

#[test]
fn the_eighth_sign_makes_the_negative_ones_even() {
    assert_eq!(even_signs(0), 0);
    assert_eq!(even_signs(0b101), 0b101);
    assert_eq!(even_signs(0xff01), 0x81);
    assert!((0..128).all(|bits| even_signs(bits).count_ones().is_multiple_of(2)));
}

#[test]
fn whatever_the_bytes_are_a_block_gives_256_weights_and_half_a_block_none() {
    for kind in GridKind::ALL {
        for byte in [0, 0x55, 0xff] {
            let mut out = Vec::new();
            decode_grid_row(kind, &vec![byte; kind.block_bytes() * 5 / 2], &mut out);
            assert_eq!(out.len(), 2 * 256, "{kind:?}");
        }
    }
}
