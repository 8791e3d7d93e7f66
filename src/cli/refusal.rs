//! Why a sub-command did nothing.

/// Why a sub-command did nothing: a line for people, and whose fault it is.
#[derive(Debug)]
pub(super) enum Refusal {
    /// What the arguments name cannot be read, measured or written.
    Input(String),
    /// The arguments themselves make no sense.
    Usage(String),
}

impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Self::Input(message)
    }
}
