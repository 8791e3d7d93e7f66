//! A mix as llama.cpp's options: `--tensor-type 'NAME=TYPE'`, a line a tensor.
//!
//! `llama-quantize` writes the part before `=` in lower case and searches for it, as a regular expression,
//! in the GGUF names of the tensors; the first that is found decides. So each name is anchored at both
//! ends, its dots are escaped, and a capital stands as "any character". Read back by [`parse`], for
//! `quantscope convert --recipe-file`. Source: llama.cpp, tools/quantize and src/llama-quant.cpp.

use crate::engine::format::Format;
use crate::run::bytes::gguf_dtype;
use crate::source::gguf::type_number;
use crate::source::model::Model;
use crate::source::naming::Naming;
use crate::source::tensor::Tensor;

/// The options that make `llama-quantize` store a model in a mix of formats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipe {
    /// One `--tensor-type 'NAME=TYPE'` a tensor, in the model's order, without line breaks.
    pub lines: Vec<String>,
    /// Tensors that no line can be written for, and why.
    pub left_out: Vec<String>,
}

/// What is stored as what: a format, or (none) as it is.
pub fn recipe(model: &Model, formats: &[Option<Format>]) -> Recipe {
    let naming = Naming::of(model);
    let mut recipe = Recipe::default();
    for (tensor, format) in model.tensors.iter().zip(formats) {
        // What converters leave alone needs no line.
        if format.is_none() && tensor.kept_because().is_some() {
            continue;
        }
        let name = naming.gguf_name(&tensor.name).ok_or_else(|| "llama.cpp's name for it is not known".to_owned());
        match name.and_then(|name| Ok((name, type_name(tensor, *format)?))) {
            Ok((name, dtype)) => recipe.lines.push(format!("--tensor-type '{}={dtype}'", anchored(&name))),
            Err(why) => recipe.left_out.push(format!("{}: {why}", tensor.name)),
        }
    }
    recipe
}

impl Recipe {
    /// The lines under a comment that says how the mix was chosen; what has no line is told elsewhere.
    pub fn to_text(&self, chosen_by: &str) -> String {
        let head = format!("# {chosen_by}\n");
        [head].into_iter().chain(self.lines.iter().map(|line| line.clone() + "\n")).collect()
    }
}

fn type_name(tensor: &Tensor, format: Option<Format>) -> Result<String, String> {
    let dtype = match format {
        Some(format) => gguf_dtype(tensor, format)?,
        None => tensor.dtype,
    };
    match type_number(dtype) {
        Some(_) => Ok(dtype.name().to_lowercase()),
        None => Err(format!("GGUF has no type for {}", dtype.name())),
    }
}

fn anchored(name: &str) -> String {
    let mut pattern = String::from("^");
    for c in name.chars() {
        match c {
            '.' => pattern.push_str("\\."),
            c if c.is_ascii_lowercase() || c.is_ascii_digit() || "_-/:".contains(c) => pattern.push(c),
            // Capitals would be made small; what else there is may mean something.
            _ => pattern.push('.'),
        }
    }
    pattern + "$"
}

/// A line of a recipe that was read: what it matches, and the format.
#[derive(Clone, Debug)]
pub struct Rule {
    pattern: regex_lite::Regex,
    /// None: F32, F16 or BF16, which is to stay in high precision.
    pub format: Option<Format>,
}

impl Rule {
    /// Whether the pattern is found anywhere in a tensor's name; patterns are in lower case, as GGUF names are.
    pub fn matches(&self, name: &str) -> bool {
        self.pattern.is_match(name)
    }
}

/// Lines as [`recipe`] writes them, or as `--tensor-type-file` has them (`NAME=TYPE`, one after another).
///
/// # Errors
/// A sentence for people that names the line.
pub fn parse(text: &str) -> Result<Vec<Rule>, String> {
    let words = |line: &str| -> Vec<String> {
        let bare = line.split('#').next().unwrap_or_default();
        bare.split_whitespace().map(|w| w.trim_matches(['\'', '"', '\\']).to_owned()).collect()
    };
    let mut rules = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for word in words(line).iter().filter(|w| !w.is_empty() && *w != "--tensor-type") {
            rules.push(rule(word).map_err(|why| format!("line {}: {why}", number + 1))?);
        }
    }
    if rules.is_empty() { Err("it has no line such as --tensor-type 'NAME=TYPE'".to_owned()) } else { Ok(rules) }
}

fn rule(word: &str) -> Result<Rule, String> {
    let (name, dtype) = word.split_once('=').ok_or_else(|| format!("'{word}' is not NAME=TYPE"))?;
    if name.is_empty() || dtype.is_empty() {
        return Err(format!("'{word}' is not NAME=TYPE"));
    }
    let pattern = regex_lite::Regex::new(&name.to_lowercase())
        .map_err(|e| format!("the name '{name}' is no regular expression ({e})"))?;
    let format = match dtype.to_ascii_lowercase().as_str() {
        "f32" | "f16" | "bf16" => None,
        other => Some(other.parse()?),
    };
    Ok(Rule { pattern, format })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::builtin;
    use crate::source::open::Source;

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
                t.kept_because()
                    .is_none()
                    .then(|| if t.name.contains("q_proj") { "q8_0" } else { "q4_0" }.parse().unwrap())
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
            let why = parse(text).unwrap_err();
            assert!(why.contains(words), "{why}");
        }
    }
}
