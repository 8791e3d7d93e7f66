use quantscope::source::role::Place;
use quantscope::view::weights::table::lines::key;
use quantscope::view::weights::table::state::GroupBy;

#[test]
fn layers_stand_in_the_order_of_their_numbers_and_kinds_in_that_of_their_list() {
    let places = ["blk.10.attn_q.weight", "token_embd.weight", "blk.9.ffn_up.weight"].map(Place::of);
    let mut layers = places.map(|p| key(GroupBy::Layer, p));
    layers.sort();
    assert_eq!(layers.map(|k| k.0), [9, 10, u32::MAX]);
    let mut kinds = places.map(|p| key(GroupBy::Kind, p));
    kinds.sort();
    assert_eq!(kinds.map(|k| k.1), ["Attention", "FFN", "Embedding"]);
}
