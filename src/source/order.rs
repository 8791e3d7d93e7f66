//! The order in which a model's tensors are listed and drawn: that of the file, with numbers in a name counted as
//! numbers. Files whose names are sorted as text hold layer 10 before layer 2.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::tensor::Tensor;

/// The places of the tensors, in order: a part of a name that is a number stands by its number among its like, any
/// other where it first occurs in the file.
/// Cost: a look-up for each part of each name.
pub fn natural_order(tensors: &[Tensor]) -> Vec<usize> {
    let mut first: HashMap<&str, u64> = HashMap::new();
    let mut keys: Vec<Vec<u64>> = Vec::with_capacity(tensors.len());
    for (place, tensor) in tensors.iter().enumerate() {
        let name = tensor.name.as_str();
        let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
        let mut start = 0;
        let key = ends.map(|end| {
            let number = name[start..end].parse();
            start = end + 1;
            number.unwrap_or_else(|_| *first.entry(&name[..end]).or_insert(place as u64))
        });
        keys.push(key.collect());
    }
    let mut order: Vec<usize> = (0..tensors.len()).collect();
    order.sort_by(|&a, &b| keys[a].cmp(&keys[b]).then(a.cmp(&b)));
    order
}

/// Names as text, but for the numbers in them.
pub fn by_name(a: &str, b: &str) -> Ordering {
    let (mut a_rest, mut b_rest) = (a, b);
    while !a_rest.is_empty() && !b_rest.is_empty() {
        let (head, other) = (run_of(a_rest), run_of(b_rest));
        let number = |run: &str| run.parse::<u128>().ok();
        let order = match (number(head), number(other)) {
            (Some(x), Some(y)) => x.cmp(&y),
            _ => head.cmp(other),
        };
        if order != Ordering::Equal {
            return order;
        }
        (a_rest, b_rest) = (&a_rest[head.len()..], &b_rest[other.len()..]);
    }
    a_rest.len().cmp(&b_rest.len()).then_with(|| a.cmp(b))
}

/// The digits that a text begins with, or what stands before the first digit.
fn run_of(text: &str) -> &str {
    let digit = |c: char| c.is_ascii_digit();
    let kind = text.starts_with(digit);
    text.find(|c| digit(c) != kind).map_or(text, |end| &text[..end])
}
