//! Patterns of tensors' names: the same for `--tensor`, `--lock`, the window's locks and the filter of its table.
//!
//! `*` stands for any characters, `?` for any one, `[abc]` and `[a-c]` for one of these, `[!abc]` for one that is none
//! of these. Brackets make a sign stand for itself: `[*]`. (Recipes have llama.cpp's regular expressions instead.)

use super::error::PatternError;

/// A pattern that a whole name matches or does not.
#[derive(Clone, Debug)]
pub struct NamePattern(glob::Pattern);

impl NamePattern {
    /// Parses a pattern: see the head of this file for its signs.
    ///
    /// # Errors
    /// A bracket is not closed.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        // To the crate two stars stand for folders, which names of tensors have none of.
        let mut plain = text.to_owned();
        while plain.contains("**") {
            plain = plain.replace("**", "*");
        }
        let error = |e: glob::PatternError| PatternError { pattern: text.to_owned(), why: e.to_string() };
        glob::Pattern::new(&plain).map(Self).map_err(error)
    }

    /// Whether the whole name matches; upper and lower case differ.
    pub fn matches(&self, name: &str) -> bool {
        self.0.matches(name)
    }
}

/// The pattern that this name alone matches.
pub fn exactly(name: &str) -> String {
    glob::Pattern::escape(name)
}

/// A pattern for people: without the brackets of [`exactly`].
pub fn shown(pattern: &str) -> String {
    ["*", "?", "[", "]"].iter().fold(pattern.to_owned(), |text, c| text.replace(&format!("[{c}]"), c))
}

/// The words of a filter, each to be found anywhere in a name. One that is no pattern, or none yet, stands for itself.
pub fn filter(text: &str) -> Vec<NamePattern> {
    let anywhere = |word: &str| NamePattern::new(&format!("*{word}*"));
    text.split_whitespace().filter_map(|word| anywhere(word).or_else(|_| anywhere(&exactly(word))).ok()).collect()
}
