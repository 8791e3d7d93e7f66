//! Patterns of tensors' names: the same for `--tensor`, `--lock`, the window's locks and the filter of its table.
//!
//! `*` stands for any characters, `?` for any one, `[abc]` and `[a-c]` for one of these, `[!abc]` for one that is none
//! of these. Brackets make a sign stand for itself: `[*]`. (Recipes have llama.cpp's regular expressions instead.)

/// A pattern that a whole name matches or does not.
#[derive(Clone, Debug)]
pub struct NamePattern(glob::Pattern);

impl NamePattern {
    /// Parses a pattern: see the head of this file for its signs.
    ///
    /// # Errors
    /// A sentence for people: a bracket is not closed.
    pub fn new(text: &str) -> Result<Self, String> {
        // To the crate two stars stand for folders, which names of tensors have none of.
        let mut plain = text.to_owned();
        while plain.contains("**") {
            plain = plain.replace("**", "*");
        }
        glob::Pattern::new(&plain).map(Self).map_err(|e| format!("the pattern '{text}' cannot be read: {e}"))
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

/// The words of a filter: each is to be found anywhere in a name. A word that is no pattern, or none yet, stands for
/// itself.
pub fn filter(text: &str) -> Vec<NamePattern> {
    let anywhere = |word: &str| NamePattern::new(&format!("*{word}*"));
    text.split_whitespace().filter_map(|word| anywhere(word).or_else(|_| anywhere(&exactly(word))).ok()).collect()
}
