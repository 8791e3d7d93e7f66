use quantscope::source::pattern::*;

const NAME: &str = "model.layers.10.self_attn.q_proj.weight";

fn passes(text: &str, name: &str) -> bool {
    filter(text).iter().all(|word| word.matches(name))
}

#[test]
fn a_pattern_is_of_the_whole_name_and_a_filters_words_are_the_same_anywhere_in_it() {
    for part in ["attn", "layers*q_proj", "q**proj", "layers.??.", "[qk]_proj", "[!v]_proj", "1[0-3]"] {
        let whole = |text: &str| NamePattern::new(text).unwrap().matches(NAME);
        assert!(passes(part, NAME) && whole(&format!("*{part}*")) && !whole(part), "{part}");
    }
    for part in ["mlp", "q_proj*layers", "layers.?.", "[vk]_proj", "[!q]_proj", "1[1-3]", "attn bias"] {
        assert!(!passes(part, NAME), "{part}");
    }
    assert!(passes("", NAME) && passes("q_proj  10", NAME));
}

#[test]
fn a_sign_that_means_nothing_is_refused_in_a_pattern_and_stands_for_itself_in_a_filter() {
    assert!(NamePattern::new("a[b").unwrap_err().to_string().contains("'a[b'"));
    assert!(passes("a[b", "xa[bx") && !passes("a[b", "ab"));
    for name in ["a*b", "a?b", "a[b]c", "[*]", "**"] {
        let (text, pattern) = (exactly(name), NamePattern::new(&exactly(name)).unwrap());
        assert!(pattern.matches(name) && !pattern.matches("axb") && shown(&text) == name, "{name}");
    }
}
