use std::cmp::Ordering;

use quantscope::source::order::*;
use quantscope::source::tensor::{Dtype, Tensor};

fn ordered(names: &[&str]) -> Vec<String> {
    let tensor = |name: &&str| Tensor {
        name: (*name).to_owned(),
        dtype: Dtype::Plain(safetensors::Dtype::F32),
        shape: vec![1],
        values: 1,
        file: 0,
        bytes: 0..4,
        packed: None,
    };
    let tensors: Vec<Tensor> = names.iter().map(tensor).collect();
    natural_order(&tensors).into_iter().map(|t| tensors[t].name.clone()).collect()
}

#[test]
fn layers_stand_by_their_numbers_where_the_file_has_them_as_text() {
    let file = ["embed", "l.0.q", "l.1.q", "l.10.q", "l.11.q", "l.2.q", "l.9.q", "norm"];
    assert_eq!(ordered(&file), ["embed", "l.0.q", "l.1.q", "l.2.q", "l.9.q", "l.10.q", "l.11.q", "norm"]);
    let experts = ["l.0.e.0.w", "l.0.e.1.w", "l.0.e.10.w", "l.0.e.2.w", "l.1.e.0.w"];
    assert_eq!(ordered(&experts), ["l.0.e.0.w", "l.0.e.1.w", "l.0.e.2.w", "l.0.e.10.w", "l.1.e.0.w"]);
}

#[test]
fn what_is_no_number_stays_in_the_order_of_the_file() {
    let file = ["token_embd", "blk.0.attn_q", "blk.0.attn_k", "blk.1.attn_q", "output_norm", "blk.1.attn_k"];
    let expected = ["token_embd", "blk.0.attn_q", "blk.0.attn_k", "blk.1.attn_q", "blk.1.attn_k", "output_norm"];
    assert_eq!(ordered(&file), expected);
    assert_eq!(ordered(&["b..", "", ".a", "b.."]), ["b..", "b..", "", ".a"]);
}

#[test]
fn names_are_compared_as_text_and_their_numbers_as_numbers() {
    for (less, more) in [("blk.2.q", "blk.10.q"), ("a", "b"), ("a", "a1"), ("a01", "a1"), ("a1b", "a1c"), ("", "a")] {
        assert_eq!((by_name(less, more), by_name(more, less)), (Ordering::Less, Ordering::Greater), "{less} {more}");
    }
    assert_eq!(by_name("l.3.é", "l.3.é"), Ordering::Equal);
}
