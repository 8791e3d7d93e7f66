use quantscope::signal::jpeg::symbols::Kind;
use quantscope::signal::jpeg::write::*;

#[test]
fn the_tables_are_whole_and_no_code_is_the_start_of_another() {
    for kind in [Kind::Luma, Kind::Chroma] {
        for (table, count) in [(first_table(kind), 12), (other_table(kind), 162)] {
            assert_eq!((table.symbols.len(), table.lengths.iter().map(|n| usize::from(*n)).sum()), (count, count));
            let codes = codes(&table);
            let used: Vec<(u16, u32)> = codes.into_iter().filter(|c| c.1 > 0).collect();
            assert_eq!(used.len(), count);
            for (i, a) in used.iter().enumerate() {
                for b in used.iter().skip(i + 1) {
                    let shorter = a.1.min(b.1);
                    assert_ne!(a.0 >> (a.1 - shorter), b.0 >> (b.1 - shorter), "{a:?} {b:?}");
                }
            }
        }
    }
}

#[test]
fn a_byte_of_ones_is_followed_by_an_empty_one() {
    let mut bits = BitWriter::new(Vec::new());
    bits.put(0b1010, 4);
    bits.put(0x1fff, 13);
    assert_eq!(bits.finish(), [0xaf, 0xff, 0x00, 0xff, 0x00]);
}
