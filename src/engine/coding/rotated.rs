//! Symmetric integers with an f16 scale a group, after a rotation of the rows.
//!
//! Choose it where a few outliers decide the scales of plain integers; where weights are well behaved it
//! gains nothing. The levels and the search of the scale are those of `intB-GROUP` and its `-clip`.

use rayon::prelude::*;

use super::bits::{Malformed, Part, Reader, Writer};
use super::coded::{Coded, coded};
use super::groups::{decode_groups, groups_of};
use super::rotation::Rotation;
use super::unit::{Scaled, Unit};
use crate::engine::assign::nearest;
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::quantized::Affine;
use crate::engine::scale::{Clip, Members, Range, ScaleRule, StoredScale};

/// Groups that one task codes.
const BATCH: usize = 1 << 10;

fn levels(bits: u32, clip: bool) -> Codebook<1> {
    let top = (1i32 << (bits - 1)) - 1;
    let low = if clip { -top - 1 } else { -top };
    Codebook::new((low..=top).map(|k| [k as f32]).collect())
}

pub fn encode(
    bits: u32,
    group: usize,
    clip: bool,
    values: &[f32],
    row_len: usize,
    control: &Control<'_>,
) -> Result<Coded, Stopped> {
    let mut scaled = Scaled::new(values, None);
    Rotation::of_rows(row_len).turn(&mut scaled.values);
    let points = scaled.values.as_chunks::<1>().0;
    let top = ((1i32 << (bits - 1)) - 1) as f32;
    let searched = if clip { Clip::Searched } else { Clip::None };
    let rule = ScaleRule { range: Range::AbsMax { top }, clip: searched, stored: StoredScale::F16 };
    let book = levels(bits, clip);
    let groups = groups_of(values.len(), row_len, group);
    let parts: Vec<Vec<(f32, Vec<u16>)>> = groups
        .par_chunks(BATCH)
        .map(|groups| {
            control.check()?;
            let one = |g: &std::ops::Range<usize>| {
                let members = Members { values: &points[g.clone()], weights: None };
                let affine = rule.fit(members, &book, 1.0);
                let mut codes = vec![0; g.len()];
                nearest::codes(members.values, &affine, &book, &mut codes);
                (affine.scale, codes)
            };
            Ok(groups.iter().map(one).collect())
        })
        .collect::<Result<_, Stopped>>()?;
    let first = book.points()[0][0];
    let mut out = Writer::for_samples(values.len());
    scaled.put_unit(&mut out);
    for (scale, codes) in parts.iter().flatten() {
        out.put_f16(Part::Side, *scale);
        for &code in codes {
            let level = i32::from(code) + first as i32;
            out.put(Part::Code, level as u32 & ((1 << bits) - 1), bits);
        }
    }
    coded(out, |bytes| decode(bits, group, bytes, values.len(), row_len))
}

pub fn decode(bits: u32, group: usize, bytes: &[u8], len: usize, row_len: usize) -> Result<Vec<f32>, Malformed> {
    let mut from = Reader::new(bytes);
    let unit = Unit::take(&mut from)?;
    let groups = groups_of(len, row_len, group);
    let head = |from: &mut Reader<'_>| Ok(Affine { scale: from.take_f16()?, offset: [0.0] });
    // Two's complement of `bits` bits.
    let level = |code: u32| (code << (32 - bits)) as i32 >> (32 - bits);
    let value = |affine: &Affine<1>, code: u32| affine.apply([level(code) as f32])[0];
    let mut out = decode_groups(&mut from, bits, &groups, head, value)?;
    Rotation::of_rows(row_len).turn_back(&mut out);
    unit.multiply(&mut out);
    Ok(out)
}
