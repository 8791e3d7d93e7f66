use quantscope::engine::random::Random;
use quantscope::language::packed::Packed;

#[test]
fn the_product_is_that_of_a_plain_loop_at_every_size() {
    let mut random = Random::seeded(3);
    for (rows, columns) in [(1, 1), (31, 5), (32, 64), (33, 7), (172, 64), (64, 172)] {
        let values: Vec<f32> = (0..rows * columns).map(|_| random.next_gaussian()).collect();
        let x: Vec<f32> = (0..columns).map(|_| random.next_gaussian()).collect();
        let mut out = vec![f32::NAN; rows];
        Packed::new(rows, columns, &values).times(&x, &mut out);
        for (row, y) in values.chunks(columns).zip(out) {
            assert_eq!(y, row.iter().zip(&x).fold(0.0, |sum, (w, x)| sum + w * x));
        }
    }
}
