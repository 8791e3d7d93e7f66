//! Locks: what some tensors are stored as, whatever the budget.

use crate::engine::format::Format;

/// What the tensors that a pattern matches are stored as, whatever the budget.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lock {
    /// A name, or a pattern with `*` and `?`.
    pub pattern: String,
    /// None: as they are stored in the file.
    pub format: Option<Format>,
    /// Nobody asked for it: see [`default_locks`](super::default_locks()).
    pub by_default: bool,
}

impl Lock {
    pub fn new(pattern: String, format: Option<Format>) -> Self {
        Self { pattern, format, by_default: false }
    }
}

/// A pattern of names with `*` and `?`.
///
/// # Errors
/// A sentence for people.
pub fn pattern(text: &str) -> Result<glob::Pattern, String> {
    glob::Pattern::new(text).map_err(|e| format!("the pattern '{text}' cannot be read: {e}"))
}
