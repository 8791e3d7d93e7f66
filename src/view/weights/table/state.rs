//! How the table is set: its columns, its order, its groups and its filter.

use crate::engine::format::Format;

/// The columns of one format: error and, where tensors differ in them, bits per weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Column {
    /// The format of a pane, 0, 1 or 2, whichever it is.
    Pane(usize),
    /// This format, whatever the panes show.
    Of(Format),
}

/// What the table is sorted by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SortBy {
    /// As in the file, with layers by their numbers.
    Model,
    /// By name, numbers in it as numbers.
    Name,
    /// By what tensors do in the model; biases after their matrices.
    Kind,
    /// By shape, the first dimension first.
    Shape,
    /// By the name of the type of the stored values.
    Dtype,
    /// By the number of weights.
    Values,
    /// By ρ under this format.
    Error(Format),
    /// By bits per weight under this format.
    Bits(Format),
    /// By a figure of the weights themselves.
    Statistic(Statistic),
}

/// A column of what the weights themselves look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// The least finite weight.
    Min,
    /// The largest finite weight.
    Max,
    /// The mean of the finite weights.
    Mean,
    /// The standard deviation of the finite weights, σ.
    Std,
    /// The kurtosis of the finite weights: 3 for a Gaussian.
    Kurtosis,
    /// The number of weights more than 6 σ from the mean.
    Outliers,
    /// The share of finite weights that are exactly 0, 0 to 1.
    Sparsity,
    /// The number of weights that are NaN or infinite.
    Nan,
}

/// What tensors are grouped by, each group under a heading with its sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// No headings: one list.
    Nothing,
    /// By layer; tensors outside the layers come last.
    Layer,
    /// By kind, which the name shows: attention, FFN, embedding and so on.
    Kind,
}

/// How errors are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// As ρ = ‖error‖ ÷ ‖original‖.
    Rho,
    /// As SQNR, in dB.
    Sqnr,
}

/// How the table of tensors is set.
#[derive(Clone, Debug, PartialEq)]
pub struct TableState {
    /// The words that names must contain, as typed.
    pub filter: String,
    /// The column that it is sorted by.
    pub sort: SortBy,
    /// Whether the largest comes first.
    pub descending: bool,
    /// The formats that are shown, from left to right.
    pub columns: Vec<Column>,
    /// How errors are written.
    pub figure: Figure,
    /// What tensors are grouped by.
    pub group: GroupBy,
    /// Groups whose tensors are hidden, by their names.
    pub folded: Vec<String>,
    /// Whether there is a column of what each tensor does in the model.
    pub kinds: bool,
    /// Whether there are columns of the statistics of the weights.
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

    /// Hides the tensors of the group with this name, or shows them again.
    pub fn fold(&mut self, group: &str) {
        match self.folded.iter().position(|name| name == group) {
            Some(at) => drop(self.folded.swap_remove(at)),
            None => self.folded.push(group.to_owned()),
        }
    }

    /// Sorts by this column from the least; by the same column again, in the opposite order.
    pub fn sort(&mut self, by: SortBy) {
        self.descending = self.sort == by && !self.descending;
        self.sort = by;
    }
}

impl Statistic {
    /// All statistics, in the order of their columns.
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

    /// The heading of its column.
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

    /// What it is, in the tooltip of its heading.
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
