//! Locks: what some tensors are stored as, whatever the budget.

use crate::engine::format::Format;

/// What the tensors that a pattern matches are stored as, whatever the budget.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lock {
    /// As [`NamePattern`](crate::source::pattern::NamePattern) has them.
    pub pattern: String,
    /// None: as they are stored in the file.
    pub format: Option<Format>,
    /// The program proposed it, no person asked for it: see [`default_locks`](super::default_locks()).
    pub by_default: bool,
}

impl Lock {
    /// A lock that a person asked for; `format` none: as it is stored in the file.
    pub fn new(pattern: String, format: Option<Format>) -> Self {
        Self { pattern, format, by_default: false }
    }
}
