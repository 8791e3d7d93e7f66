//! A mix as llama.cpp's options: `--tensor-type 'NAME=TYPE'`, a line a tensor.
//!
//! `llama-quantize` writes the part before `=` in lower case and searches for it, as a regular expression,
//! in the GGUF names of the tensors; the first that is found decides. So each name is anchored at both
//! ends, its dots are escaped, and a capital stands as "any character". Read back by [`parse`], for
//! `quantscope convert --recipe-file`. Source: llama.cpp, tools/quantize and src/llama-quant.cpp.

use super::error::{RecipeError, RuleError};
use crate::engine::format::Format;
use crate::run::bytes::gguf_dtype;
use crate::run::error::RunError;
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
        match (naming.gguf_name(&tensor.name), type_name(tensor, *format)) {
            (None, _) => recipe.left_out.push(format!("{}: llama.cpp's name for it is not known", tensor.name)),
            (_, Err(why)) => recipe.left_out.push(format!("{}: {why}", tensor.name)),
            (Some(name), Ok(dtype)) => recipe.lines.push(format!("--tensor-type '{}={dtype}'", anchored(&name))),
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

fn type_name(tensor: &Tensor, format: Option<Format>) -> Result<String, RunError> {
    let dtype = match format {
        Some(format) => gguf_dtype(tensor, format)?,
        None => tensor.dtype,
    };
    match type_number(dtype) {
        Some(_) => Ok(dtype.name().to_lowercase()),
        None => Err(RunError::NoGgufType(dtype.name())),
    }
}

/// A name as a regular expression that matches it alone but for capitals, which `llama-quantize` lets be any character.
pub fn anchored(name: &str) -> String {
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
/// A line breaks the rules, or there is none.
pub fn parse(text: &str) -> Result<Vec<Rule>, RecipeError> {
    let words = |line: &str| -> Vec<String> {
        let bare = line.split('#').next().unwrap_or_default();
        bare.split_whitespace().map(|w| w.trim_matches(['\'', '"', '\\']).to_owned()).collect()
    };
    let mut rules = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for word in words(line).iter().filter(|w| !w.is_empty() && *w != "--tensor-type") {
            rules.push(rule(word).map_err(|why| RecipeError::Line { line: number + 1, why })?);
        }
    }
    if rules.is_empty() { Err(RecipeError::Empty) } else { Ok(rules) }
}

fn rule(word: &str) -> Result<Rule, RuleError> {
    let parts = word.split_once('=').filter(|(name, dtype)| !name.is_empty() && !dtype.is_empty());
    let (name, dtype) = parts.ok_or_else(|| RuleError::Form(word.to_owned()))?;
    let pattern = regex_lite::Regex::new(&name.to_lowercase())
        .map_err(|why| RuleError::Pattern { name: name.to_owned(), why })?;
    let format = match dtype.to_ascii_lowercase().as_str() {
        "f32" | "f16" | "bf16" => None,
        other => Some(other.parse()?),
    };
    Ok(Rule { pattern, format })
}
