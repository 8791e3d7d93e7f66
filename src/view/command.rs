//! Everything a view can ask for. Views return these; `App::apply` is the one place that carries
//! them out.

use std::path::PathBuf;

use super::state::{Side, Tab};
use crate::engine::format::{Family, Format};
use crate::palette::edit::Edit;
use crate::palette::order::Order;
use crate::spec::WeightSettings;
use crate::view::bridge::below::Below;
use crate::view::learn::act::Act;
use crate::view::photo::cloud_state::CloudMove;
use crate::view::photo::destination::Destination;
use crate::view::photo::edits::Gesture;
use crate::view::photo::error_kind::ErrorKind;
use crate::view::photo::settings::{Goal, PhotoSettings};
use crate::view::photo::shelf::kept::Action;
use crate::view::photo::target_state::TargetAct;
use crate::view::photo::tray_state::TrayAction;
use crate::view::shell::dialog::Purpose;
use crate::view::shell::savable::Savable;
use crate::view::weights::budget::settings::BudgetAction;
use crate::view::weights::format_comparison_state::Scale;
use crate::view::weights::microscope_state::Sort;
use crate::view::weights::table::state::{SortBy, TableState};
use crate::view::weights::tensor_plot_state::TensorPlot;
use crate::view::widgets::compare::mode::Mode;
use crate::view::widgets::look::Look;

/// What a view can ask for; `App::apply` carries it out.
#[derive(Clone, Debug)]
pub enum Command {
    /// Shows a tab.
    Show(Tab),
    /// Opens the system's file dialog for this purpose; where there is none, the window that takes a typed path.
    OpenDialog(Purpose),
    /// Opens these files, each as the kind of file that it is; what is for a pane goes there.
    OpenPaths(Vec<PathBuf>, Destination),
    /// The palette that was dropped onto no pane goes to this one, or to none.
    DirectPalette(Option<usize>),
    /// Shows or hides the window that opens files.
    ToggleOpenPanel,
    /// Sets the bridge's dial to one of [`DIAL`](crate::run::DIAL); other bits change nothing.
    SetDial(u8),
    /// To the next position of the dial with fewer (−) or more (+) bits.
    TurnDial(i32),
    /// Shows this below the dial on the bridge.
    ShowBelow(Below),
    /// Sets how the photo is reduced.
    SetPhoto(PhotoSettings),
    /// Gives the chosen pane, or all, the settings that serve a goal; `Custom` shows them one by one.
    SetGoal(Goal),
    /// Whether a change of goal, method, space, dither or tiles is one of all panes.
    ToggleAllPanes,
    /// Adds a pane with the settings of the chosen one.
    AddPane,
    /// Takes a pane of the photo away, unless it is the only one.
    ClosePane(usize),
    /// Sets what all panes of the weights share, and ends the formats that single panes have of their own.
    SetWeights(WeightSettings),
    /// A pane of the weights shows this format; `None`: what the settings say.
    SetPaneFormat(usize, Option<Format>),
    /// Shows this at the left of the tab of the weights.
    ShowSide(Side),
    /// Shows this at the left of the tab of the weights, or the table again where it is shown already.
    ToggleSide(Side),
    /// Shows or hides a family of formats in the format comparison.
    ToggleFamily(Family),
    /// Sets the vertical axis of the format comparison.
    SetComparisonScale(Scale),
    /// Puts the cursor of the format comparison on this format.
    PointAtFormat(Format),
    /// Moves the cursor of the format comparison so many formats along the frontier, to more (+) or fewer (−) bits.
    StepFrontier(i32),
    /// Sets the order of the microscope's list.
    SortMicroscope(Sort),
    /// What the panel of the budget asks for.
    Budget(BudgetAction),
    /// Choose in a dialog where the mix is written to.
    ChooseMixFile,
    /// Chooses a tensor by its place in the file.
    SelectTensor(usize),
    /// Chooses the tensor so many rows further down (+) or up (−) in the table as it is sorted and filtered.
    StepTensor(i32),
    /// Chooses a pane of the weights on their tab, of the photo on the others; no pane of that number changes nothing.
    SelectPane(usize),
    /// Sets how the panes of the weights on their tab, of the photo on the others, are compared.
    SetMode(Mode),
    /// Sets what the photo's error maps show.
    SetErrorKind(ErrorKind),
    /// Turns the magnifier on or off.
    ToggleLens,
    /// A plot of the chosen tensor; none: of all tensors.
    ShowTensorPlot(Option<TensorPlot>),
    /// To the next of all plots below the weights.
    NextPlot,
    /// Turns, zooms or resets the view of the photo's colours in space, or sets the space.
    Cloud(CloudMove),
    /// Zooms the pictures of the tab that is shown.
    Zoom(Zoom),
    /// Sorts the table of tensors; by the same column again, in the opposite order.
    SortTable(SortBy),
    /// Lists only tensors whose names contain all these words; words may be patterns with `*`, `?` and `[ab]`.
    FilterTable(String),
    /// Columns, groups and figures of the table.
    SetTable(TableState),
    /// Hides the tensors of a group of the table, or shows them again.
    FoldGroup(String),
    /// This of the chosen pane of the photo, to the clipboard.
    Copy(Copied),
    /// Opens what the clipboard holds, or (into a text field) types it.
    Paste {
        /// Whether a text field has the keyboard: then the clipboard's text is typed there and nothing is opened.
        into_text: bool,
    },
    /// Ask where to, then save.
    Save(Savable),
    /// Saves to the path that was typed in the form for saving.
    SaveTo(Savable, PathBuf),
    /// Closes the form for saving; nothing is saved.
    CloseSaveForm,
    /// The chosen pane's given colours become locked ones.
    LockGivenColours,
    /// Hides what stands around the photo's pictures, or shows it again.
    TogglePanels,
    /// Sets how palettes are laid out.
    SetLook(Look),
    /// An act on the kept results.
    Shelf(Action),
    /// An act in the window of bytes and quality.
    Target(TargetAct),
    /// An act on the tray of photos.
    Tray(TrayAction),
    /// Chooses a swatch of a pane of the photo by its sRGB colour and alpha; none ends the choice.
    ChooseSwatch(usize, Option<[u8; 4]>),
    /// Sets what the next click on a swatch or a pixel is for.
    SetGesture(Gesture),
    /// Edits the palette of the chosen pane of the photo.
    EditPalette(Edit),
    /// Goes back to the state before the last change on the photo's tab.
    Undo,
    /// Makes the change again that was last taken back.
    Redo,
    /// Clears all edits of the palette of a pane of the photo.
    ResetPalette(usize),
    /// Sets the order in which palettes list their colours.
    SortPalettes(Order),
    /// An act on the lessons.
    Learn(Act),
    /// Opens the photo and the model that come with the program.
    OpenSamples,
    /// Stops what is running; what is shown stays.
    CancelJobs,
    /// Starts again what was cancelled or has failed.
    RetryJobs,
    /// Removes the message at this place in the list of messages.
    DismissNotice(usize),
    /// Removes all messages.
    DismissAllNotices,
    /// Shows all messages, not only the latest ones.
    ShowAllNotices,
    /// Switches between the dark and the light theme.
    ToggleTheme,
    /// Shows or hides the list of all keys.
    ToggleKeys,
}

/// What can be copied of a pane of the photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// All its pixels.
    Picture,
    /// Its colours, a line of hex each.
    Palette,
    /// Its figures, a line each.
    Figures,
    /// Its settings as a command line.
    CommandLine,
}

/// A change of the zoom, about the middle of the pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Zoom {
    /// The largest zoom that shows the whole picture.
    Fit,
    /// To so many physical pixels for each pixel of the picture.
    To(f64),
    /// By this factor: above 1 nearer, below 1 farther.
    By(f64),
}

impl Command {
    /// Whether other panes or another photo may be on show afterwards.
    fn changes_panes(&self) -> bool {
        use Command::{AddPane, ClosePane, Redo, SetGoal, Tray, Undo};
        matches!(self, AddPane | ClosePane(_) | Redo | SetGoal(_) | Tray(_) | Undo)
    }
}

/// The commands of a frame without settings that were drawn before another of them changed the panes or the photo: they
/// are of other ones.
pub fn without_stale(commands: Vec<Command>) -> impl Iterator<Item = Command> {
    let mut has_changed = false;
    commands.into_iter().filter(move |command| {
        has_changed |= command.changes_panes();
        !(has_changed && matches!(command, Command::SetPhoto(_)))
    })
}
