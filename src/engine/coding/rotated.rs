//! Symmetric integers with an f16 scale a group, after a rotation of the rows.
//!
//! Choose it where a few outliers decide the scales of plain integers; where weights are well behaved it
//! gains nothing. The levels and the search of the scale are those of `intB-GROUP` and its `-clip`.

use rayon::prelude::*;

use super::bits::{Malformed, Part, Reader, Writer};
use super::groups::{decode_groups, groups_of};
use super::rotation::Rotation;
use super::row::{Coded, Coding, LONGEST_RUN, Row, TensorPlan, coded, number};
use super::unit::{Scaled, Unit};
use crate::engine::assign::nearest;
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::format::family::Family;
use crate::engine::quantized::Affine;
use crate::engine::samples::Samples;
use crate::engine::scale::{Clip, Members, Range, ScaleRule, StoredScale};

pub(super) static ROW: Row = Row {
    family: Family::Integer,
    purpose: "outliers spread over their neighbours before rounding",
    layout: "codes of B bits and an f16 scale a group, of rows turned by a fixed rotation",
    source: "QuaRot, Ashkboos et al. 2024; QuIP#, Tseng et al. 2024",
    offered: &["had-int4-g32-clip"],
    parse: |name| {
        let rest = name.strip_prefix("had-int")?;
        let (rest, clip) = rest.strip_suffix("-clip").map_or((rest, false), |rest| (rest, true));
        let (bits, group) = rest.split_once('-')?;
        let group = match group {
            "row" => None,
            _ => Some(number(group.strip_prefix('g')?, 1..=LONGEST_RUN)?),
        };
        Some(Box::new(Rotated { bits: number(bits, 2..=8)?, group, clip }))
    },
    is_planned: false,
    takes_importance: false,
};

#[derive(Clone, Copy)]
struct Rotated {
    bits: u32,
    /// Weights of a row that share a scale, where not all do.
    group: Option<u32>,
    clip: bool,
}

impl Rotated {
    fn group(self, row_len: usize) -> usize {
        self.group.map_or(row_len, |n| n as usize)
    }
}

impl Coding for Rotated {
    fn name(&self) -> String {
        let group = self.group.map_or("row".to_owned(), |n| format!("g{n}"));
        format!("had-int{}-{group}{}", self.bits, if self.clip { "-clip" } else { "" })
    }

    fn bits_per_weight(&self) -> f64 {
        f64::from(self.bits) + self.group.map_or(0.0, |n| 16.0 / f64::from(n))
    }

    fn plan(&self, _samples: Samples<'_, 1>, _control: &Control<'_>) -> Result<Box<dyn TensorPlan>, Stopped> {
        Ok(Box::new(*self))
    }

    fn decode(&self, bytes: &[u8], len: usize, row_len: usize) -> Result<Vec<f32>, Malformed> {
        let mut from = Reader::new(bytes);
        let unit = Unit::take(&mut from)?;
        let groups = groups_of(len, row_len, self.group(row_len));
        let head = |from: &mut Reader<'_>| Ok(Affine { scale: from.take_f16()?, offset: [0.0] });
        // Two's complement of `bits` bits.
        let level = |code: u32| (code << (32 - self.bits)) as i32 >> (32 - self.bits);
        let value = |affine: &Affine<1>, code: u32| affine.apply([level(code) as f32])[0];
        let mut out = decode_groups(&mut from, self.bits, &groups, head, value)?;
        Rotation::of_rows(row_len).turn_back(&mut out);
        unit.multiply(&mut out);
        Ok(out)
    }
}

impl TensorPlan for Rotated {
    fn encode_part(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Coded, Stopped> {
        let (values, row_len) = (samples.values.as_flattened(), samples.width);
        let mut scaled = Scaled::new(values, None);
        Rotation::of_rows(row_len).turn(&mut scaled.values);
        let points = scaled.values.as_chunks::<1>().0;
        let top = (1i32 << (self.bits - 1)) - 1;
        let (clip, low) = if self.clip { (Clip::Searched, -top - 1) } else { (Clip::None, -top) };
        let rule = ScaleRule { range: Range::AbsMax { top: top as f32 }, clip, stored: StoredScale::F16 };
        let book = Codebook::new((low..=top).map(|k| [k as f32]).collect());
        let groups = groups_of(values.len(), row_len, self.group(row_len));
        let part = |g: &std::ops::Range<usize>| {
            control.check()?;
            let members = Members { values: &points[g.clone()], weights: None };
            let affine = rule.fit(members, &book, 1.0);
            let mut codes = vec![0; g.len()];
            nearest::codes(members.values, &affine, &book, &mut codes);
            Ok((affine.scale, codes))
        };
        let parts: Vec<(f32, Vec<u16>)> =
            groups.par_iter().with_min_len(BATCH).map(part).collect::<Result<_, Stopped>>()?;
        let mut out = Writer::for_samples(values.len());
        scaled.unit.put(&mut out);
        for (scale, codes) in parts {
            out.put_f16(Part::Side, scale);
            for code in codes {
                let level = i32::from(code) + low;
                out.put(Part::Code, level as u32 & ((1 << self.bits) - 1), self.bits);
            }
        }
        coded(out, |bytes| self.decode(bytes, values.len(), row_len))
    }
}

/// Groups that one task codes.
const BATCH: usize = 1 << 10;
