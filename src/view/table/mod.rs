//! The table of all tensors: any set of formats as columns, figures as they stream in, sorted, filtered and
//! grouped, drawn a screenful at a time.

mod cells;
mod draw;
mod line;
mod lines;
mod state;

pub use cells::TensorTable;
pub use draw::{caveats_ui, table_ui};
pub use state::{Column, Figure, GroupBy, SortBy, Statistic, TableState};
