use quantscope::engine::block::e2m1::{codes, half_ue4m3, shared_exponent, to_ue4m3};
use quantscope::engine::random::Random;

/// Twice the elements, in the order of their codes.
const LEVELS: [f32; 16] = [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 0.0, -1.0, -2.0, -3.0, -4.0, -6.0, -8.0, -12.0];

/// The first of the levels at the least distance.
fn nearest(x: f32, half_scale: f32) -> u8 {
    let distance = |code: u8| (LEVELS[usize::from(code)] * half_scale - x).abs();
    (1..16).fold(0, |best, code| if distance(code) < distance(best) { code } else { best })
}

#[test]
fn borders_give_the_first_of_the_nearest_levels() {
    let mut random = Random::seeded(5);
    for scale in [1.0, 2.0f32.powi(-128), 2.0f32.powi(120), 0.0, 0.8125, 1.375 / 1024.0] {
        let mut values: Vec<f32> = (0..1000).map(|_| random.next_gaussian() * 6.0 * scale).collect();
        let borders = LEVELS[..8].windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
        for border in borders.chain(LEVELS).map(|border| border * scale) {
            values.extend([border, border.next_up(), border.next_down()].into_iter().flat_map(|x| [x, -x]));
        }
        for x in values {
            assert_eq!(codes(&[x], scale)[0], nearest(x, scale), "{x:?} at {scale:?}");
        }
    }
}

#[test]
fn the_exponent_is_the_floor_of_the_logarithm_in_f32() {
    let mut logarithms_rounded_up = 0;
    for exponent in 1..255u32 {
        for mantissa in [0, 1, 0x40_0000, 0x7F_F000, 0x7F_FE00].into_iter().chain(0x7F_FEF0..=0x7F_FFFF) {
            let x = f32::from_bits(exponent << 23 | mantissa);
            let reference = (f64::from(x).log2() as f32).floor();
            assert_eq!(f32::from(shared_exponent(x)), (reference + 125.0).max(0.0), "{x:?}");
            logarithms_rounded_up += u32::from(reference > exponent as f32 - 127.0);
        }
    }
    assert!(logarithms_rounded_up > 1000);
    assert_eq!((shared_exponent(1.0), shared_exponent(0.0), shared_exponent(1e-45)), (125, 0, 0));
}

#[test]
fn unsigned_e4m3_rounds_half_up_and_reads_back() {
    for code in 1..=0x77 {
        assert_eq!(to_ue4m3(2.0 * half_ue4m3(code)), code);
        let middle = half_ue4m3(code) + half_ue4m3(code + 1);
        let up = match code {
            7 => 7,
            0x77 => 0x7E,
            _ => code + 1,
        };
        assert_eq!((to_ue4m3(middle), to_ue4m3(middle.next_down())), (up, code));
    }
    assert_eq!([0, 0x7F, 0x80, 0xFF].map(half_ue4m3), [0.0, 0.0, 0.0, 240.0]);
    assert_eq!([to_ue4m3(0.0), to_ue4m3(-1.0), to_ue4m3(f32::NAN), to_ue4m3(1e9)], [0, 0, 0, 0x7E]);
}
