use half::{bf16, f16};
use quantscope::source::tensor::*;
use safetensors::Dtype as Stored;

fn decoded(dtype: Stored, bytes: &[u8]) -> Vec<f32> {
    let mut out = Vec::new();
    decode(Dtype::Plain(dtype), bytes, &mut out);
    out
}

#[test]
fn fp8_values_are_those_of_the_specification() {
    assert_eq!(
        decoded(Stored::F8_E4M3, &[0x00, 0x01, 0x08, 0x38, 0x7e, 0xfe]),
        [0.0, 0.001_953_125, 0.015_625, 1.0, 448.0, -448.0]
    );
    assert!(decoded(Stored::F8_E4M3, &[0x7f, 0xff]).iter().all(|x| x.is_nan()));
    assert_eq!(
        decoded(Stored::F8_E5M2, &[0x01, 0x04, 0x3c, 0x7b, 0x7c, 0xfc]),
        [2f32.powi(-16), 2f32.powi(-14), 1.0, 57344.0, f32::INFINITY, f32::NEG_INFINITY]
    );
}

#[test]
fn every_type_reads_minus_one_or_its_like() {
    assert_eq!(decoded(Stored::F32, &(-1.5f32).to_le_bytes()), [-1.5]);
    assert_eq!(decoded(Stored::F64, &(-1.5f64).to_le_bytes()), [-1.5]);
    assert_eq!(decoded(Stored::F16, &f16::from_f32(-1.5).to_le_bytes()), [-1.5]);
    assert_eq!(decoded(Stored::BF16, &bf16::from_f32(-1.5).to_le_bytes()), [-1.5]);
    assert_eq!(decoded(Stored::I8, &[0xff]), [-1.0]);
    assert_eq!(decoded(Stored::I16, &(-3i16).to_le_bytes()), [-3.0]);
    assert_eq!(decoded(Stored::I32, &(-3i32).to_le_bytes()), [-3.0]);
    assert_eq!(decoded(Stored::I64, &(-3i64).to_le_bytes()), [-3.0]);
    assert_eq!(decoded(Stored::U64, &7u64.to_le_bytes()), [7.0]);
    assert_eq!(decoded(Stored::BOOL, &[0, 1, 7]), [0.0, 1.0, 1.0]);
}
