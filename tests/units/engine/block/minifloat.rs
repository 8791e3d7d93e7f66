use quantscope::engine::block::{E2M3, E3M2, E4M3, E5M2, Mini};

/// Bits of exponent and of mantissa, and the code of the greatest finite value.
const ALL: [(Mini, u32, u32, u32); 4] = [(E4M3, 4, 3, 0x7E), (E5M2, 5, 2, 0x7B), (E2M3, 2, 3, 31), (E3M2, 3, 2, 31)];

/// Sign, exponent and mantissa taken apart: slow and plain.
fn value(exponent_bits: u32, mantissa_bits: u32, code: u32) -> f64 {
    let (e, m) = (code >> mantissa_bits & ((1 << exponent_bits) - 1), code & ((1 << mantissa_bits) - 1));
    let m = f64::from(m) / f64::from(1 << mantissa_bits);
    let power = |e: u32| 2f64.powi(e as i32 - ((1 << (exponent_bits - 1)) - 1));
    let size = if e == 0 { m * power(1) } else { (1.0 + m) * power(e) };
    if code >> (exponent_bits + mantissa_bits) != 0 { -size } else { size }
}

#[test]
fn every_finite_code_decodes_to_its_value_and_back() {
    for (mini, exponent_bits, mantissa_bits, top) in ALL {
        let sign = 1u32 << (exponent_bits + mantissa_bits);
        for code in (0..=top).flat_map(|size| [size, size | sign]) {
            let x = mini.decode(code as u8);
            assert_eq!(f64::from(x), value(exponent_bits, mantissa_bits, code));
            assert_eq!(u32::from(mini.encode(x)), code);
        }
        assert_eq!(mini.decode(top as u8), mini.greatest);
    }
}

#[test]
fn between_two_codes_the_nearest_is_taken_and_the_even_one_in_the_middle() {
    for (mini, _, _, top) in ALL {
        for code in 0..top as u8 {
            let middle = (mini.decode(code) + mini.decode(code + 1)) / 2.0;
            assert_eq!(mini.encode(middle), code + code % 2);
            assert_eq!(mini.encode(middle.next_down()), code);
            assert_eq!(mini.encode(middle.next_up()), code + 1);
        }
    }
}

#[test]
fn what_is_not_finite_has_its_code() {
    assert_eq!([E4M3.encode(f32::INFINITY), E4M3.encode(-1e9), E4M3.encode(f32::NAN)], [0x7E, 0xFE, 0x7F]);
    assert_eq!([E5M2.encode(f32::INFINITY), E2M3.encode(f32::INFINITY), E2M3.encode(f32::NAN)], [0x7B, 31, 0]);
    assert!(E4M3.decode(0x7F).is_nan() && E4M3.decode(0xFF).is_nan() && E5M2.decode(0x7D).is_nan());
    assert_eq!([E5M2.decode(0x7C), E5M2.decode(0xFC)], [f32::INFINITY, f32::NEG_INFINITY]);
}
