use quantscope::engine::coding::Malformed;
use quantscope::engine::coding::bits::{Part, Reader, Writer};
use quantscope::engine::random::Random;

#[test]
fn what_was_written_is_read_and_every_bit_is_counted_once() {
    let mut random = Random::seeded(1);
    let fields: Vec<(u32, u32)> = (0..1000)
        .map(|_| {
            let width = (random.next_u64() % 33) as u32;
            ((random.next_u64() & ((1 << width) - 1)) as u32, width)
        })
        .collect();
    let mut writer = Writer::for_samples(7);
    fields.iter().for_each(|&(value, width)| writer.put(Part::Code, value, width));
    writer.put(Part::Side, 5, 24);
    let (bytes, rate) = writer.finish();
    assert_eq!(rate.total_bits(), bytes.len() as u64 * 8);
    assert_eq!(rate.index_bits, fields.iter().map(|f| u64::from(f.1)).sum::<u64>());
    assert_eq!((rate.side_bits, rate.samples), (24, 7));
    let mut reader = Reader::new(&bytes);
    for (value, width) in fields {
        assert_eq!(reader.take(width), Ok(value));
    }
    assert_eq!(reader.take(24), Ok(5));
}

#[test]
fn reading_past_the_end_is_refused() {
    let mut reader = Reader::new(&[255, 1]);
    assert_eq!(reader.take(9), Ok(511));
    assert_eq!(reader.take(8), Err(Malformed));
    assert_eq!(Reader::new(&[]).take(1), Err(Malformed));
}
