//! Floats of eight bits and less, and the plain casts to FP8.
//!
//! E4M3FN and E5M2: OCP 8-bit Floating Point Specification (OFP8). E2M3 and E3M2: OCP Microscaling Formats
//! specification v1.0. Rounding is to nearest, ties to the even code; what is beyond the greatest finite
//! value becomes that, infinities too.

/// A float with a sign, E bits of exponent and M of mantissa.
#[derive(Clone, Copy, Debug)]
pub struct Mini {
    exponent_bits: u32,
    mantissa_bits: u32,
    /// The greatest finite value and its code.
    pub greatest: f32,
    top: u32,
    not_a_number: Option<u32>,
    infinity: Option<u32>,
}

/// E4M3FN: 4 bits of exponent and 3 of mantissa, up to 448; NaN, but no infinity.
pub const E4M3: Mini =
    Mini { exponent_bits: 4, mantissa_bits: 3, greatest: 448.0, top: 0x7E, not_a_number: Some(0x7F), infinity: None };
/// E5M2: 5 bits of exponent and 2 of mantissa, up to 57,344; NaN and infinity.
pub const E5M2: Mini = Mini {
    exponent_bits: 5,
    mantissa_bits: 2,
    greatest: 57344.0,
    top: 0x7B,
    not_a_number: Some(0x7E),
    infinity: Some(0x7C),
};
/// E2M3: 2 bits of exponent and 3 of mantissa, up to 7.5; neither NaN nor infinity.
pub const E2M3: Mini =
    Mini { exponent_bits: 2, mantissa_bits: 3, greatest: 7.5, top: 31, not_a_number: None, infinity: None };
/// E3M2: 3 bits of exponent and 2 of mantissa, up to 28; neither NaN nor infinity.
pub const E3M2: Mini =
    Mini { exponent_bits: 3, mantissa_bits: 2, greatest: 28.0, top: 31, not_a_number: None, infinity: None };

impl Mini {
    const fn bias(self) -> u32 {
        (1 << (self.exponent_bits - 1)) - 1
    }

    /// The exponent of the greatest value.
    pub const fn reach(self) -> i32 {
        (self.top >> self.mantissa_bits) as i32 - self.bias() as i32
    }

    /// The bits that f32 has and this has not.
    const fn dropped(self) -> u32 {
        23 - self.mantissa_bits
    }

    /// Every finite value once, in rising order.
    pub fn values(self) -> Vec<f32> {
        let sizes = (0..=self.top as u8).map(|code| self.decode(code));
        let below: Vec<f32> = sizes.clone().skip(1).map(|x| -x).collect();
        below.into_iter().rev().chain(sizes).collect()
    }

    /// The code of the nearest finite value, ties to the even code; NaN becomes NaN, or 0 where there is none.
    #[inline(always)]
    pub fn encode(self, x: f32) -> u8 {
        let bits = x.to_bits();
        let size = x.abs();
        let kept = if size < self.greatest { size } else { self.greatest };

        // A normal value: half of the last bit that is kept, less one where that bit is 0.
        let dropped = self.dropped();
        let normal = kept.to_bits();
        let rounded = normal + ((1 << (dropped - 1)) - 1) + (normal >> dropped & 1);
        let normal = (rounded >> dropped).wrapping_sub((127 - self.bias()) << self.mantissa_bits);
        // A subnormal one: the sum has the step of the subnormals as its last bit.
        let anchor = f32::from_bits((127 + 1 - self.bias() + dropped) << 23);
        let subnormal = (kept + anchor).to_bits() & 0xFF;
        let least_normal = f32::from_bits((127 + 1 - self.bias()) << 23);
        let code = if kept < least_normal { subnormal } else { normal };

        let code = if x.is_nan() { self.not_a_number.unwrap_or(0) } else { code };
        (code | bits >> 31 << (self.exponent_bits + self.mantissa_bits)) as u8
    }

    /// The value of a code; bits above the sign are ignored.
    #[inline(always)]
    pub fn decode(self, code: u8) -> f32 {
        let code = u32::from(code);
        let size = code & ((1 << (self.exponent_bits + self.mantissa_bits)) - 1);
        let normal = f32::from_bits((size << self.dropped()) + ((127 - self.bias()) << 23));
        let step = f32::from_bits((127 + 1 - self.bias() - self.mantissa_bits) << 23);
        let subnormal = size as f32 * step;
        let mut x = if size < 1 << self.mantissa_bits { subnormal } else { normal };
        if self.infinity == Some(size) {
            x = f32::INFINITY;
        } else if self.not_a_number.is_some() && size > self.top {
            x = f32::NAN;
        }
        if code >> (self.exponent_bits + self.mantissa_bits) & 1 != 0 { -x } else { x }
    }
}
