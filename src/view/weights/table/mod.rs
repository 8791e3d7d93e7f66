//! The table of all tensors: any set of formats as columns, figures as they stream in, sorted, filtered and
//! grouped, drawn a screenful at a time.

pub mod cells;
pub(crate) mod draw;
pub(crate) mod line;
pub mod lines;
pub mod state;
