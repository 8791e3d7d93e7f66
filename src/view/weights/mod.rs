//! The weights' tab: the table of tensors, the chosen tensor, the comparison of formats, the microscope, the bit budget.

pub mod budget;
pub mod format_comparison;
pub mod format_comparison_state;
pub(crate) mod formats;
pub mod microscope;
pub mod microscope_state;
pub mod pane;
pub(crate) mod tab;
pub mod table;
pub mod tensor_plot_state;
pub mod tensor_plots;
pub(crate) mod weight_views;
