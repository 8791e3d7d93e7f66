use quantscope::engine::format::{add, register};

#[test]
fn what_is_wrong_with_a_row_is_said_with_its_name() {
    for (text, why) in [
        ("{}", "no list"),
        (r#"[{"name": "A b", "levels": [0, 1]}]"#, "'A b' needs a name"),
        (r#"[{"name": "one", "levels": [1, 1]}]"#, "'one' needs 2 to 256"),
        (r#"[{"name": "two", "levels": [0, 1], "group": "q7"}]"#, "'two' has no group 'q7'"),
        (r#"[{"name": "two", "levels": [0, 1], "scale": "f17"}]"#, "'two' has no scale 'f17'"),
        (r#"[{"name": "two", "levels": [0, 1], "group": "tensor", "scale": "e4m3"}]"#, "too narrow"),
        (r#"[{"name": "two", "levels": [0, 1], "colour": 3}]"#, "colour"),
        (r#"[{"name": "nf4-g48", "levels": [0, 1]}]"#, "'nf4-g48' has other levels than the formats called 'nf4'"),
        (r#"[{"name": "two", "levels": [0, 1]}, {"name": "two-row", "levels": [0, 2]}]"#, "called 'two'"),
        (r#"[{"name": "two", "levels": [0, 1]}, {"name": "two", "levels": [0, 1]}]"#, "'two' already"),
    ] {
        let error = register(text).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn nothing_is_built_to_stay_for_a_list_that_is_refused() {
    let built = || panic!("a name is taken");
    assert!(add(&["never-seen", "nf4"], built).unwrap_err().to_string().contains("'nf4' already"));
}
