use half::f16;
use quantscope::export::safetensors::*;

#[test]
fn halves_round_to_even_and_what_they_cannot_hold_is_counted() {
    let mut out = Vec::new();
    assert_eq!(FloatType::F16.append(&[1.0 + 1.0 / 2048.0, 7e4, f32::INFINITY], &mut out), 1);
    assert_eq!(out[..2], f16::ONE.to_le_bytes());
    assert_eq!(FloatType::Bf16.append(&[7e4, f32::MAX], &mut out), 1);
    out.clear();
    assert_eq!(FloatType::F32.append(&[f32::MAX, -0.0], &mut out), 0);
    assert_eq!(out[4..], (-0.0f32).to_le_bytes());
}
