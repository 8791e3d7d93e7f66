use quantscope::engine::block::Kind;
use quantscope::source::gguf::*;
use quantscope::source::open::{Source, open_bytes};
use quantscope::source::tensor::Dtype;

#[test]
fn every_type_has_one_number_and_every_number_one_type() {
    assert!(types().filter_map(type_number).count() >= 31);
    for (known, number) in types().filter_map(|known| Some((known, type_number(known)?))) {
        assert_eq!(dtype(number), known);
    }
    let foreign = (0..1000).filter(|number| matches!(dtype(*number), Dtype::Foreign(_, Some(_))));
    assert_eq!(foreign.collect::<Vec<_>>(), [9, 15, 41, 42]);
    assert_eq!(dtype(19).name(), "IQ1_S");
    assert_eq!(dtype(15).name(), "Q8_K");
    assert_eq!(dtype(999).name(), "type 999");
    assert_eq!(type_number(Dtype::Block(Kind::Nf4)), None);
}

/// A value of the metadata, of a file that holds nothing else.
fn metadata(kind: u32, value: &[u8]) -> String {
    let mut file = b"GGUF\x03\0\0\0".to_vec();
    [0u64, 1, 1].iter().for_each(|n| file.extend(n.to_le_bytes()));
    file.push(b'k');
    file.extend(kind.to_le_bytes());
    file.extend(value);
    let Ok(Source::Model(model)) = open_bytes("x.gguf", file) else { panic!("opens") };
    model.metadata["k"].clone()
}

#[test]
fn numbers_of_the_metadata_are_read_with_their_sign_and_width() {
    assert_eq!(metadata(1, &[0xff]), "-1");
    assert_eq!(metadata(4, &7u32.to_le_bytes()), "7");
    assert_eq!(metadata(6, &1.5f32.to_le_bytes()), "1.5");
    assert_eq!(metadata(7, &[1]), "true");
    assert_eq!(metadata(11, &(-9i64).to_le_bytes()), "-9");
    assert_eq!(metadata(10, &u64::MAX.to_le_bytes()), u64::MAX.to_string());
}
