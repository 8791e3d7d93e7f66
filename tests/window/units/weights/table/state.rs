use quantscope::engine::format::Format;
use quantscope::view::weights::table::state::{Column, TableState};

#[test]
fn columns_are_any_formats_each_once_and_those_of_panes_go_with_the_panes() {
    let formats = |names: [&str; 3]| names.map(|n| n.parse::<Format>().unwrap());
    let mut state = TableState::default();
    state.toggle(Column::Of("q4_k".parse().unwrap()));
    state.toggle(Column::Pane(2));
    let told = |panes| state.formats(formats(panes)).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(told(["q8_0", "nf4", "q2_k"]), ["q8_0", "nf4", "q4_k"]);
    assert_eq!(told(["q8_0", "q4_k", "q2_k"]), ["q8_0", "q4_k"]);
}
