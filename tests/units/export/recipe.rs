use quantscope::engine::format::Format;
use quantscope::export::recipe::*;
use quantscope::source::builtin;
use quantscope::source::naming::Naming;
use quantscope::source::open::Source;

#[test]
fn a_name_is_matched_whole_and_its_dots_mean_dots() {
    assert_eq!(anchored("blk.1.attn_q.weight"), r"^blk\.1\.attn_q\.weight$");
    assert_eq!(anchored("A=b(c"), "^..b.c$");
}

#[test]
fn every_line_is_read_back_as_the_tensor_and_the_type_that_it_was_written_for() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let formats: Vec<Option<Format>> = model
        .tensors
        .iter()
        .map(|t| {
            t.kept_because().is_none().then(|| if t.name.contains("q_proj") { "q8_0" } else { "q4_0" }.parse().unwrap())
        })
        .collect();
    let written = recipe(&model, &formats);
    assert_eq!(written.lines.len(), formats.iter().flatten().count());
    assert!(written.left_out.is_empty());
    assert!(
        written.lines.contains(&r"--tensor-type '^blk\.1\.attn_q\.weight$=q8_0'".to_owned()),
        "{:?}",
        written.lines
    );
    // Rows of 172 fit no block of 32: said by the type that is really written.
    assert!(written.lines.contains(&r"--tensor-type '^blk\.0\.ffn_down\.weight$=f16'".to_owned()));
    let rules = parse(&written.to_text("chosen by hand")).unwrap();
    for rule in &rules {
        let naming = Naming::of(&model);
        let names = model.tensors.iter().filter_map(|t| naming.gguf_name(&t.name));
        assert_eq!(names.filter(|n| rule.matches(n)).count(), 1);
    }
}

#[test]
fn what_gguf_cannot_hold_is_left_out_with_the_reason() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let format: Format = "nf4".parse().unwrap();
    let formats: Vec<Option<Format>> =
        model.tensors.iter().map(|t| t.kept_because().is_none().then_some(format)).collect();
    let written = recipe(&model, &formats);
    assert!(written.lines.is_empty() && written.left_out.iter().all(|why| why.contains("no type for nf4")));
}

#[test]
fn other_peoples_recipes_are_read_and_what_is_none_is_named_by_its_line() {
    let rules = parse("# mine\nattn_v=q6_k ffn_(up|gate)=q4_K\n--tensor-type \"token_embd=bf16\"\n").unwrap();
    assert_eq!(rules.len(), 3);
    assert!(rules[1].matches("blk.3.ffn_gate.weight") && !rules[1].matches("blk.3.ffn_down.weight"));
    assert!(rules[2].format.is_none());
    for (text, words) in
        [("", "no line"), ("a", "line 1"), ("\na=", "line 2"), ("a=q9_k", "q9_k"), ("(=q4_0", "regular expression")]
    {
        let why = parse(text).unwrap_err().to_string();
        assert!(why.contains(words), "{why}");
    }
}
