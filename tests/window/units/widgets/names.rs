use quantscope::view::widgets::names::shortened;

fn within(name: &str, most: usize) -> String {
    shortened(name, &|text| text.chars().count() <= most)
}

#[test]
fn a_name_keeps_its_layers_number_and_its_end_however_little_room_there_is() {
    let name = "bert.encoder.layer.11.attention.output.LayerNorm.bias";
    assert_eq!(within(name, 99), name);
    assert_eq!(within(name, 46), "…layer.11.attention.output.LayerNorm.bias");
    assert_eq!(within(name, 30), "…11…output.LayerNorm.bias");
    assert_eq!(within(name, 20), "…11…LayerNorm.bias");
    assert_eq!(within(name, 12), "…11…bias");
    assert_eq!(within(name, 6), "…11…as");
    assert_eq!(within("model.layers.3.mlp.experts.10.gate_proj.weight", 24), "…3…experts.10.gate_proj");
    assert_eq!(within("model.layers.3.mlp.experts.10.gate_proj.weight", 16), "…3…10.gate_proj");
    assert_eq!(within("embeddings.position_embeddings.weight", 18), "…sition_embeddings");
    assert_eq!((within("é", 0), within("", 0)), ("…".to_owned(), String::new()));
}

#[test]
fn what_differs_only_in_a_number_stays_apart_in_any_room() {
    for most in 8..50 {
        let name = |layer: u32| within(&format!("encoder.layer.{layer}.attention.output.LayerNorm.bias"), most);
        let mut names: Vec<String> = (0..12).map(name).collect();
        assert!(names.iter().all(|name| name.chars().count() <= most), "{names:?}");
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 12, "{most}: {names:?}");
    }
}
