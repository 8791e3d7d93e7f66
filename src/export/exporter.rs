//! What is known of a kind of file that something is written as.

/// A kind of file: all that is known of it. Each has a line in a list of [`exporters`](super::exporters).
#[derive(Debug)]
pub struct Exporter<Write> {
    /// Where it is chosen.
    pub label: &'static str,
    /// Without the dot; the file's name ends so.
    pub ending: &'static str,
    /// Makes it of what it is written from.
    pub write: Write,
}

impl<Write> PartialEq for Exporter<Write> {
    fn eq(&self, other: &Self) -> bool {
        self.label == other.label
    }
}
