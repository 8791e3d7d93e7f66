//! What there is to know of a method of fitting.

/// Stands in the method's file, beside its `fit`.
pub struct Row {
    /// As on the command line and in format names.
    pub name: &'static str,
    /// What a palette maker calls it.
    pub palette_label: &'static str,
    /// What the same method is called when it chooses levels on the number line.
    pub levels_label: &'static str,
    /// When to choose it, in one line.
    pub hint: &'static str,
    /// Who describes it, as a choice of levels.
    pub source: &'static str,
    /// Its entries are a grid over what the outermost samples span: there are not as many as any number asked for.
    pub is_grid: bool,
}
