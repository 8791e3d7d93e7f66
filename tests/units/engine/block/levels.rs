use quantscope::engine::block::{Kind, affines, decode_row, encode_row};
use quantscope::engine::random::Random;

#[test]
fn codes_scales_and_minima_decode_to_what_the_decoder_makes_of_the_bytes() {
    let mut random = Random::seeded(21);
    let values: Vec<f32> = (0..2048).map(|i| random.next_gaussian() * 0.03 + (i % 512) as f32 * 1e-4).collect();
    for kind in Kind::ALL {
        let (mut bytes, mut decoded) = (Vec::new(), Vec::new());
        encode_row(kind, &values, &mut bytes).unwrap();
        decode_row(kind, &bytes, &mut decoded).unwrap();
        let (book, affines) = (kind.levels(), affines(kind, &bytes));
        assert_eq!(affines.len(), values.len() / kind.run(), "{kind:?}");
        for (i, y) in decoded.iter().enumerate() {
            let affine = affines[i / kind.run()];
            let back = affine.apply(book.points()[usize::from(book.nearest(affine.invert([*y])))])[0];
            let size = (affine.scale * 127.0).abs().max(y.abs());
            assert!((back - y).abs() <= size * 2e-6, "{kind:?} weight {i}: {back} for {y}");
        }
    }
}

#[test]
fn the_receipt_of_a_block_adds_up() {
    for kind in Kind::ALL {
        let bits = kind.block_bytes() * 8;
        assert!(kind.code_bits() + kind.minima_bits() <= bits, "{kind:?}");
    }
    assert_eq!((Kind::Q4K.code_bits(), Kind::Q4K.minima_bits()), (1024, 64));
    assert_eq!((Kind::Q8_0.code_bits(), Kind::Q8_0.minima_bits()), (256, 0));
}
