//! Everything a view can ask for. Views return these; `App::apply` is the one place that carries
//! them out.

use std::path::PathBuf;

use super::bridge::Below;
use super::budget::BudgetAction;
use super::cloud::CloudMove;
use super::compare::Mode;
use super::dialog::Purpose;
use super::dropping::Destination;
use super::edits::Gesture;
use super::error_map::ErrorKind;
use super::format_comparison::Scale;
use super::learn::Act;
use super::microscope::Sort;
use super::save::What;
use super::shelf::Action;
use super::state::{PhotoSettings, Side, Tab};
use super::swatches::Look;
use super::table::{SortBy, TableState};
use super::tensor_plots::TensorPlot;
use crate::engine::format::{Family, Format};
use crate::palette::edit::Edit;
use crate::palette::order::Order;
use crate::spec::WeightSettings;

#[derive(Clone, Debug)]
pub enum Command {
    Show(Tab),
    OpenDialog(Purpose),
    OpenPaths(Vec<PathBuf>),
    /// Files that were dropped; palettes among them go there.
    OpenDropped(Vec<PathBuf>, Destination),
    /// The palette that was dropped onto no pane goes to this one, or to none.
    DirectPalette(Option<usize>),
    ToggleOpenPanel,
    SetDial(u8),
    /// To the next position of the dial with fewer (−) or more (+) bits.
    TurnDial(i32),
    /// What stands below on the bridge.
    ShowBelow(Below),
    SetPhoto(PhotoSettings),
    SetWeights(WeightSettings),
    /// A pane of the weights shows this format; `None`: what the settings say.
    SetPaneFormat(usize, Option<Format>),
    /// What stands at the left of the weights.
    ShowSide(Side),
    /// To this, or back to the table.
    ToggleSide(Side),
    ToggleFamily(Family),
    SetLeagueScale(Scale),
    /// The league's cursor stands on this format.
    PointAtFormat(Format),
    /// The league's cursor walks along the frontier.
    StepFrontier(i32),
    SortMicroscope(Sort),
    /// What the panel of the budget asks for.
    Budget(BudgetAction),
    /// Choose in a dialog where the mix is written to.
    ChooseMixFile,
    SelectTensor(usize),
    /// To the next row of the table as it is sorted and filtered.
    StepTensor(i32),
    SelectPane(usize),
    SetMode(Mode),
    SetErrorKind(ErrorKind),
    ToggleLens,
    /// A plot of the chosen tensor; none: of all tensors.
    ShowTensorPlot(Option<TensorPlot>),
    /// To the next of all plots below the weights.
    NextPlot,
    Cloud(CloudMove),
    Zoom(Zoom),
    SortTable(SortBy),
    FilterTable(String),
    /// Columns, groups and figures of the table.
    SetTable(TableState),
    /// Hides the tensors of a group of the table, or shows them again.
    FoldGroup(String),
    /// What the chosen pane of the photo shows, to the clipboard.
    CopyPicture,
    /// Opens what the clipboard holds, or (into a text field) types it.
    Paste {
        into_text: bool,
    },
    /// Ask where to, then save.
    Save(What),
    SaveTo(What, PathBuf),
    CloseSaveForm,
    /// The chosen pane's given colours become locked ones.
    LockGivenColours,
    SetLook(Look),
    Shelf(Action),
    /// A swatch of a pane of the photo, by its colour; none puts down what was chosen.
    ChooseSwatch(usize, Option<[u8; 4]>),
    SetGesture(Gesture),
    /// Of the chosen pane's palette.
    EditPalette(Edit),
    /// Of all that changes what the panes of the photo show.
    Undo,
    Redo,
    ResetPalette(usize),
    SortPalettes(Order),
    Learn(Act),
    /// The photo and the model that come with the program.
    OpenSamples,
    CancelJobs,
    RetryJobs,
    DismissNotice(usize),
    ToggleTheme,
    ToggleKeys,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Zoom {
    Fit,
    /// Physical pixels a picture pixel.
    To(f64),
    By(f64),
}
