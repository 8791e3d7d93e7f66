//! Groups of weights that share a property: runs in rows, and several short rows together.

use std::ops::Range;

use super::bits::{Malformed, Reader};
use crate::engine::grouping::Grouping;

/// Groups of codes, each after what `head` takes of it; `value` is what a code stands for in its group.
pub(super) fn decode_groups<H>(
    from: &mut Reader<'_>,
    bits: u32,
    groups: &[Range<usize>],
    head: impl Fn(&mut Reader<'_>) -> Result<H, Malformed>,
    value: impl Fn(&H, u32) -> f32,
) -> Result<Vec<f32>, Malformed> {
    let len = groups.last().map_or(0, |last| last.end);
    if from.left() < len * bits as usize {
        return Err(Malformed);
    }
    let mut out = Vec::with_capacity(len);
    for group in groups {
        let head = head(from)?;
        for _ in group.clone() {
            out.push(value(&head, from.take(bits)?));
        }
    }
    Ok(out)
}

/// Runs of `group` in rows of `row_len`, in order.
pub(super) fn groups_of(len: usize, row_len: usize, group: usize) -> Vec<Range<usize>> {
    let runs = Grouping::Runs(group.max(1));
    (0..runs.count(len, row_len)).flat_map(|g| runs.spans(g, len, row_len)).collect()
}

/// Rows with a property of their own: whole rows, several short ones together, runs of a long one.
pub fn row_groups(len: usize, row_len: usize) -> Vec<Range<usize>> {
    const SHORTEST: usize = 1 << 8;
    const LONGEST: usize = 1 << 12;
    let row_len = row_len.max(1);
    if row_len < SHORTEST {
        groups_of(len, SHORTEST.div_ceil(row_len) * row_len, usize::MAX)
    } else {
        groups_of(len, row_len, LONGEST)
    }
}
