use quantscope::engine::coding::bits::{Reader, Writer};
use quantscope::engine::coding::entropy::rans::{Decoder, LARGEST, MOST, Stream, Table, WHOLE};
use quantscope::engine::random::Random;

fn codes(len: usize, spread: f32) -> Vec<i32> {
    let mut random = Random::seeded(4);
    let mut codes: Vec<i32> = (0..len).map(|_| (random.next_gaussian() * spread).round() as i32).collect();
    codes.extend([LARGEST, -LARGEST, 1000, -77]);
    codes
}

fn table_of(codes: &[i32], larger: usize) -> Table {
    let mut counts = vec![0; larger + 1];
    codes.iter().for_each(|c| counts[(c.unsigned_abs() as usize).min(larger)] += 1);
    Table::of_counts(&counts)
}

#[test]
fn what_is_put_is_taken_in_turn_and_takes_the_bits_it_should() {
    for (spread, larger) in [(0.3, 3), (3.0, 14), (40.0, MOST)] {
        let codes = codes(20_000, spread);
        let table = table_of(&codes, larger);
        let mut stream = Stream::default();
        codes.iter().rev().for_each(|&code| stream.put(&table, code));
        let mut out = Writer::for_samples(codes.len());
        stream.write(&mut out);
        let (bytes, rate) = out.finish();
        let told: f64 = codes.iter().map(|c| f64::from(table.cost(c.unsigned_abs()))).sum();
        assert!((rate.total_bits() as f64 - told).abs() < 64.0 + told * 1e-3, "{} {told}", rate.total_bits());
        let mut from = Reader::new(&bytes);
        let mut decoder = Decoder::new(&mut from).unwrap();
        assert!(codes.iter().all(|&code| decoder.take(&table, &mut from) == Ok(code)));
        assert_eq!(decoder.finish(), Ok(()));
    }
}

#[test]
fn frequencies_add_up_and_rule_nothing_out() {
    for counts in [vec![1, 0], vec![u64::MAX >> 20, 1, 0, 5], vec![1; 255], vec![0; 255], (0..255).collect()] {
        let table = Table::of_counts(&counts);
        assert_eq!(table.frequencies().iter().map(|&f| u32::from(f)).sum::<u32>(), WHOLE);
        assert!(table.frequencies().iter().all(|&f| f > 0));
        let mut out = Writer::for_samples(1);
        table.put(&mut out);
        let (bytes, rate) = out.finish();
        assert_eq!(rate.table_bits, table.stored_bits());
        assert_eq!(Table::take(&mut Reader::new(&bytes)).unwrap().frequencies(), table.frequencies());
    }
}
