//! What stands in the form for a path to save to.

use crate::view::shell::savable::Savable;

/// A path that is being typed, for desktops that open no dialog.
#[derive(Clone, Debug)]
pub struct SaveForm {
    /// What is saved there.
    pub what: Savable,
    /// The path as it stands in the field.
    pub path: String,
    /// Why the path that was typed is refused, until it is another.
    pub problem: Option<String>,
    /// A file of that name is there, and is replaced when that is asked for once more.
    pub is_taken: bool,
    /// The field takes the keyboard when it appears.
    pub fresh: bool,
}

impl SaveForm {
    /// A form that nothing was refused in yet.
    pub fn new(what: Savable, path: String) -> Self {
        Self { what, path, problem: None, is_taken: false, fresh: true }
    }
}
