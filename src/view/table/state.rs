//! How the table is set: its columns, its order, its groups and its filter.

use crate::engine::format::Format;

/// A format's columns: those of a pane go with the pane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Column {
    Pane(usize),
    Of(Format),
}

/// What the table is sorted by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SortBy {
    /// As in the file, with layers by their numbers.
    Model,
    Name,
    Kind,
    Shape,
    Dtype,
    Values,
    Error(Format),
    Bits(Format),
    Statistic(Statistic),
}

/// A column of what the weights themselves look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    Min,
    Max,
    Mean,
    Std,
    Kurtosis,
    Outliers,
    Sparsity,
    Nan,
}

/// Rows that are looked at together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    Nothing,
    Layer,
    Kind,
}

/// How errors are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Rho,
    Sqnr,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TableState {
    pub filter: String,
    pub sort: SortBy,
    pub descending: bool,
    pub columns: Vec<Column>,
    pub figure: Figure,
    pub group: GroupBy,
    /// Groups whose tensors are hidden, by their names.
    pub folded: Vec<String>,
    pub kinds: bool,
    pub statistics: bool,
    /// The plot below is of depth and kinds, not of one tensor after another.
    pub by_depth: bool,
}

impl Default for TableState {
    fn default() -> Self {
        Self {
            filter: String::new(),
            sort: SortBy::Model,
            descending: false,
            columns: [0, 1, 2].map(Column::Pane).to_vec(),
            figure: Figure::Rho,
            group: GroupBy::Nothing,
            folded: Vec::new(),
            kinds: false,
            statistics: false,
            by_depth: false,
        }
    }
}

impl TableState {
    /// The formats of the columns, each once.
    pub fn formats(&self, panes: [Format; 3]) -> Vec<Format> {
        let mut formats = Vec::new();
        for column in &self.columns {
            let format = match *column {
                Column::Pane(pane) => panes[pane.min(2)],
                Column::Of(format) => format,
            };
            if !formats.contains(&format) {
                formats.push(format);
            }
        }
        formats
    }

    /// Shows a column, or no longer.
    pub fn toggle(&mut self, column: Column) {
        match self.columns.iter().position(|c| *c == column) {
            Some(at) => drop(self.columns.remove(at)),
            None => self.columns.push(column),
        }
    }

    pub fn fold(&mut self, group: &str) {
        match self.folded.iter().position(|name| name == group) {
            Some(at) => drop(self.folded.swap_remove(at)),
            None => self.folded.push(group.to_owned()),
        }
    }

    pub fn sort(&mut self, by: SortBy) {
        self.descending = self.sort == by && !self.descending;
        self.sort = by;
    }
}

impl Statistic {
    pub const ALL: [Statistic; 8] = [
        Statistic::Min,
        Statistic::Max,
        Statistic::Mean,
        Statistic::Std,
        Statistic::Kurtosis,
        Statistic::Outliers,
        Statistic::Sparsity,
        Statistic::Nan,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Statistic::Min => "min",
            Statistic::Max => "max",
            Statistic::Mean => "mean",
            Statistic::Std => "σ",
            Statistic::Kurtosis => "kurtosis",
            Statistic::Outliers => "> 6σ",
            Statistic::Sparsity => "zeros",
            Statistic::Nan => "NaN",
        }
    }

    pub fn hint(self) -> &'static str {
        match self {
            Statistic::Min => "The least finite weight",
            Statistic::Max => "The largest finite weight",
            Statistic::Mean => "The mean of the finite weights",
            Statistic::Std => "Standard deviation",
            Statistic::Kurtosis => "How heavy the tails are: 3 for a Gaussian, more where few weights are very large",
            Statistic::Outliers => "Weights more than 6σ from the mean",
            Statistic::Sparsity => "The share of weights that are exactly 0",
            Statistic::Nan => "Weights that are no finite number",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_any_formats_each_once_and_those_of_panes_go_with_the_panes() {
        let formats = |names: [&str; 3]| names.map(|n| n.parse::<Format>().unwrap());
        let mut state = TableState::default();
        state.toggle(Column::Of("q4_k".parse().unwrap()));
        state.toggle(Column::Pane(2));
        let told = |panes| state.formats(formats(panes)).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(told(["q8_0", "nf4", "q2_k"]), ["q8_0", "nf4", "q4_k"]);
        assert_eq!(told(["q8_0", "q4_k", "q2_k"]), ["q8_0", "q4_k"]);
    }
}
