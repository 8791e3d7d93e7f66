//! The table of commands: for each, its words, its keys, where it is available and what it asks for. Keys, buttons,
//! menus, tooltips and the list of keys read it.

use std::fmt;

use egui::text_selection::LabelSelectionState;
use egui::{Context, Key, KeyboardShortcut, Modifiers, Popup, Ui};

use super::command::Command::{self, *};
use super::command::{Copied, Zoom};
use super::state::{Side, State, Tab};
use crate::export::packed::PNG;
use crate::palette::edit::Edit;
use crate::view::bridge::below::Below;
use crate::view::learn::act::{Act, LearnPlace};
use crate::view::photo::cloud_state::CloudMove;
use crate::view::photo::settings::Goal;
use crate::view::photo::shelf::kept::Action;
use crate::view::photo::target_state::TargetAct;
use crate::view::photo::tray_state::TrayAction;
use crate::view::shell::dialog::Purpose;
use crate::view::shell::savable::Savable;
use crate::view::weights::tensor_plot_state::TensorPlot;
use crate::view::widgets::compare::mode::Mode;
use crate::view::widgets::keys::name;
use crate::view::widgets::look::Look;

/// A command that can be asked for at any time. As text it is its first shortcut.
pub struct Row {
    /// What it does, in the list of keys: neighbours with the same words share a line there.
    pub line: &'static str,
    /// Where it is available.
    pub at: At,
    /// The command's shortcuts, the one that hints name first; none where it has a button only.
    pub keys: &'static [KeyboardShortcut],
    /// On its button and in menus.
    pub text: &'static str,
    /// The tooltip, without the key.
    pub hint: &'static str,
    asks: fn(&Place<'_>) -> Option<Command>,
}

/// Where a command is available: the tabs, as the list of keys names them, and all that has to hold.
pub struct At(&'static str, fn(&Place<'_>) -> bool);

/// What decides which commands are available.
pub struct Place<'a> {
    /// What is shown and chosen.
    pub state: &'a State,
    /// The lessons and the step on show.
    pub learn: LearnPlace,
    /// A control has the keyboard.
    pub typing: bool,
    /// That control is a text field.
    pub in_text: bool,
    /// A part of a label is marked.
    pub selected: bool,
    /// A menu or a list to choose from is open.
    pub menu: bool,
}

impl At {
    // Where a control has the keyboard, the first three alone are available.
    const ALWAYS: At = At("", |_| true);
    const PHOTO_ALWAYS: At = At(" (Photo)", |p| p.state.tab == Tab::Photo);
    const LESSON_ALWAYS: At = At(" (Learn)", |p| p.state.tab == Tab::Learn && p.learn.in_lesson);
    const ANY_TAB: At = At("", |p| !p.typing);
    const NOT_LEARN: At = At("", |p| !p.typing && p.state.tab != Tab::Learn);
    const BRIDGE: At = At(" (Bridge)", |p| p.is_on(Tab::Bridge));
    const PHOTO: At = At(" (Photo)", |p| p.is_on(Tab::Photo));
    const WITH_PHOTO: At = At(" (Bridge, Photo)", |p| p.is_on(Tab::Bridge) || p.is_on(Tab::Photo));
    const CLOUD: At = At(" (Photo)", |p| p.is_on(Tab::Photo) && p.state.photo_mode == Mode::Cloud);
    const PANES: At = At(" (Photo, Weights)", |p| p.is_on(Tab::Photo) || p.is_on(Tab::Weights));
    const WEIGHTS: At = At(" (Weights)", |p| p.is_on(Tab::Weights));
    const COMPARISON: At =
        At(" (Weights)", |p| p.is_on(Tab::Weights) && p.state.weights_side == Side::FormatComparison);
    const LEARN: At = At(" (Learn)", |p| p.is_on(Tab::Learn));
    const CONTENTS: At = At(" (Learn)", |p| p.is_on(Tab::Learn) && !p.learn.in_lesson);
    const LESSON: At = At(" (Learn)", |p| p.is_on(Tab::Learn) && p.learn.in_lesson);
}

#[rustfmt::skip]
macro_rules! shortcut {
    ($key:ident) => { KeyboardShortcut::new(Modifiers::NONE, Key::$key) };
    (Ctrl $key:ident) => { KeyboardShortcut::new(Modifiers::COMMAND, Key::$key) };
    (Shift $key:ident) => { KeyboardShortcut::new(Modifiers::SHIFT, Key::$key) };
    (Ctrl Shift $key:ident) => { KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::$key) };
}

/// `"line", AT: NAME [keys], "text", "hint" => command;` for each line of the list of keys, with as many rows as share
/// it. A text or a hint that is left out is the line's. A command may read the place, `p`, and be none.
macro_rules! table {
    (|$p:ident| $($line:literal, $at:ident:
        $($id:ident [$($($key:ident)+),*] $(, $text:literal $(, $hint:literal)?)? => $asks:expr;)+)+) => {
        $($(
            #[doc = $line]
            #[allow(unused_variables)]
            pub static $id: Row = Row {
                line: $line,
                at: At::$at,
                keys: &[$(shortcut!($($key)+)),*],
                text: [$($text,)? $line][0],
                hint: [$($($hint,)?)? $line][0],
                asks: |$p| Option::<Command>::from($asks),
            };
        )+)+
        /// All commands, in the order of the list of keys.
        pub static ROWS: &[&Row] = &[$($(&$id),+),+];
    };
}

table! { |p|
"Bridge, Photo, Weights, Learn", ALWAYS:
    SHOW_BRIDGE [Ctrl Num1], "Bridge" => Show(Tab::Bridge);
    SHOW_PHOTO [Ctrl Num2], "Photo" => Show(Tab::Photo);
    SHOW_WEIGHTS [Ctrl Num3], "Weights" => Show(Tab::Weights);
    SHOW_LEARN [Ctrl Num4], "Learn" => Show(Tab::Learn);
"Open photos and models", ALWAYS: OPEN [Ctrl O], "Open…" => OpenDialog(Purpose::Open(None));
"Compare the photo with a picture from elsewhere, in the chosen pane", PHOTO_ALWAYS:
    COMPARE [Ctrl Shift O], "Compare with a file…",
        "Someone's reduced picture of the photo, of the same size, in the chosen pane: figures, palette and maps" =>
        OpenDialog(Purpose::Compare(p.state.photo_pane));
"Save the chosen reduction as PNG…", PHOTO_ALWAYS:
    SAVE_PNG [Ctrl S], "PNG…", "Indexed up to 256 colours, packed as small as it goes" =>
        Save(Savable::Picture(p.state.photo_pane, &PNG));
"Copy the picture of the chosen reduction", PHOTO_ALWAYS:
    COPY_PICTURE [Ctrl C, Ctrl Insert, Copy], "Copy picture", "All its pixels, for another program" =>
        (!p.in_text && !p.selected).then_some(Copy(Copied::Picture));
"Copy its palette as hex, its figures, its settings as a command line", PHOTO_ALWAYS:
    COPY_PALETTE [Ctrl Shift C], "Copy palette", "The colours of the chosen pane, a line of hex each" =>
        (!p.in_text).then_some(Copy(Copied::Palette));
    COPY_FIGURES [Ctrl Shift G], "Copy figures", "All figures of the chosen pane, a line each" =>
        (!p.in_text).then_some(Copy(Copied::Figures));
    COPY_COMMAND [Ctrl Shift L], "Copy as command line", "What makes the same file in a terminal" =>
        (!p.in_text).then_some(Copy(Copied::CommandLine));
"Open a copied picture, file or list of colours", ALWAYS:
    PASTE [Ctrl V, Shift Insert, Paste], "Paste" => Paste { into_text: p.in_text };
"Keep what the chosen pane shows, with its figures and file size", PHOTO: KEEP [K], "Keep" => Shelf(Action::Keep);
"Bytes and quality: the best file of a size, the smallest of a quality", PHOTO:
    TARGET [J], "Target…", "The best look in so many bytes, or the fewest bytes that look so good; the frontier of both" =>
        Target(TargetAct::Toggle);
"Kept results as a table: show, compare, restore", PHOTO: SHELF [L], "Shelf" => Shelf(Action::Toggle);
"Flick through the kept ones", PHOTO:
    KEPT_BEFORE [OpenBracket], "Kept result before" => Shelf(Action::Step(-1));
    KEPT_AFTER [CloseBracket], "Kept result after" => Shelf(Action::Step(1));
"Photo before, after", WITH_PHOTO:
    PHOTO_BEFORE [Ctrl ArrowLeft], "Photo before" => Tray(TrayAction::Step(-1));
    PHOTO_AFTER [Ctrl ArrowRight], "Photo after" => Tray(TrayAction::Step(1));
"Undo; redo", PHOTO:
    UNDO [Ctrl Z], "Undo", "Take back the last change, in whatever pane it was" => Undo;
    REDO [Ctrl Y, Ctrl Shift Z], "Redo", "Make the change again that was taken back" => Redo;
"Delete the chosen colour of the palette", PHOTO:
    DELETE_SWATCH [Delete], "Delete", "One entry fewer; the others stay as they are" =>
        p.state.palette.chosen.map(|color| EditPalette(Edit::Delete(color)));
"Hide what stands around the pictures, or show it again", PHOTO: PANELS [H], "Hide panels" => TogglePanels;
"Turn the dial", BRIDGE:
    FEWER_BITS [ArrowLeft, ArrowDown], "Fewer bits" => TurnDial(-1);
    MORE_BITS [ArrowRight, ArrowUp], "More bits" => TurnDial(1);
"Set the dial", BRIDGE:
    BITS_8 [Num8], "8 bits" => SetDial(8);
    BITS_6 [Num6], "6 bits" => SetDial(6);
    BITS_5 [Num5], "5 bits" => SetDial(5);
    BITS_4 [Num4], "4 bits" => SetDial(4);
    BITS_3 [Num3], "3 bits" => SetDial(3);
    BITS_2 [Num2], "2 bits" => SetDial(2);
    BITS_1 [Num1], "1 bit" => SetDial(1);
"Error against bits, what the model says, layer by layer", BRIDGE:
    NEXT_BELOW [O], "Next below the dial" => ShowBelow(p.state.below.next());
    BELOW_ERROR [], "Error against bits", "What each bit buys for the photo and for the tensor" =>
        ShowBelow(Below::Error);
    BELOW_SAYS [], "What the model says",
        "A language model runs with all its weights at the dial's bits: its text and how well it predicts" =>
        ShowBelow(Below::Says);
    BELOW_LAYERS [], "Layer by layer",
        "One matrix at a time is quantized: what the model makes of it, and that matrix's own error" =>
        ShowBelow(Below::Layers);
"Choose the reduction", PANES:
    PANE_1 [Num1], "First reduction" => SelectPane(0);
    PANE_2 [Num2], "Second reduction" => SelectPane(1);
    PANE_3 [Num3], "Third reduction" => SelectPane(2);
    PANE_4 [Num4], "Fourth reduction" => (p.state.tab == Tab::Photo).then_some(SelectPane(3));
"What the reduction is made for", PHOTO:
    GOAL_EYE [], "Best for the eye", "The picture that looks best: its error is put where the eye sees the least of it" =>
        SetGoal(Goal::Eye);
    GOAL_NEAREST [], "Nearest colours",
        "The palette of least squared error, and for each pixel its nearest colour: no dither" =>
        SetGoal(Goal::Nearest);
    GOAL_CUSTOM [], "Custom", "Method, space, dither and tiles one by one" => SetGoal(Goal::Custom);
"Settings for all panes, or for the chosen one", PHOTO:
    ALL_PANES [A], "All panes", "Goal, method, space, dither and tiles are changed in all panes, not only in the chosen one" =>
        ToggleAllPanes;
"Add a pane; close the chosen one", PHOTO:
    ADD_PANE [N], "+", "Add a pane with the settings of the chosen one" => AddPane;
    CLOSE_PANE [X], "×", "Close this pane" => ClosePane(p.state.photo_pane);
"Tensor before, after", WEIGHTS:
    TENSOR_BEFORE [ArrowUp], "Tensor before" => StepTensor(-1);
    TENSOR_AFTER [ArrowDown], "Tensor after" => StepTensor(1);
"All tensors of the model under the panes' formats", WEIGHTS: TENSORS [], "Tensors" => ShowSide(Side::Tensors);
"All formats on the chosen tensor: error against bits", WEIGHTS:
    FORMAT_COMPARISON [L], "Format comparison" => ToggleSide(Side::FormatComparison);
"The weight under the pointer in every format at once", WEIGHTS:
    MICROSCOPE [I], "Microscope" => ToggleSide(Side::Microscope);
"A format for each tensor under a budget of bits, which arrow keys set", WEIGHTS:
    BUDGET [B], "Bit budget",
        "A format for each tensor under a budget of bits; recipe, report and files" => ToggleSide(Side::Budget);
"Along the frontier of the formats; take one", COMPARISON:
    FRONTIER_BEFORE [ArrowLeft], "Fewer bits on the frontier" => StepFrontier(-1);
    FRONTIER_AFTER [ArrowRight], "More bits on the frontier" => StepFrontier(1);
    TAKE_FORMAT [Enter], "Into the chosen pane" =>
        p.state.format_comparison.cursor.map(|format| SetPaneFormat(p.state.weights_pane, Some(format)));
"Next plot below the weights", WEIGHTS:
    NEXT_PLOT [P], "Next plot" => NextPlot;
    PLOT_ROWS [], "Rows of this tensor", "The error of each row of the chosen tensor, under the panes' formats" =>
        ShowTensorPlot(Some(TensorPlot::Rows));
    PLOT_HISTOGRAM [], "Histogram and tails",
        "The chosen tensor's weights and the chosen pane's levels, down to single weights" =>
        ShowTensorPlot(Some(TensorPlot::Histogram));
    PLOT_QUANTILES [], "Q–Q plot", "The chosen tensor's weights beside a Gaussian's, share by share" =>
        ShowTensorPlot(Some(TensorPlot::Quantiles));
"Side by side, split, flicker, error map", PANES:
    SIDE_BY_SIDE [S], "Side by side", "All panes at once" => SetMode(Mode::SideBySide);
    SPLIT [D], "Split", "Original and chosen reduction on both sides of a line" => SetMode(Mode::Split);
    FLICKER [V], "Flicker", "Original and chosen reduction in turn" => SetMode(Mode::Flicker);
    ERROR_MAP [E], "Error map", "Where and how large the error is" => SetMode(Mode::ErrorMap);
"The photo's colours in space, and the chosen palette among them", PHOTO: CLOUD [C], "3-D" => SetMode(Mode::Cloud);
"Turn, zoom, reset the colours in space", CLOUD:
    CLOUD_LEFT [ArrowLeft], "Turn left" => Cloud(CloudMove::Turn(-1.0, 0.0));
    CLOUD_RIGHT [ArrowRight], "Turn right" => Cloud(CloudMove::Turn(1.0, 0.0));
    CLOUD_UP [ArrowUp], "Turn up" => Cloud(CloudMove::Turn(0.0, 1.0));
    CLOUD_DOWN [ArrowDown], "Turn down" => Cloud(CloudMove::Turn(0.0, -1.0));
    CLOUD_NEARER [PageUp], "Nearer" => Cloud(CloudMove::Zoom(1.25));
    CLOUD_FARTHER [PageDown], "Farther" => Cloud(CloudMove::Zoom(0.8));
    CLOUD_RESET [Home], "As at first" => Cloud(CloudMove::Reset);
"How palettes are laid out", PHOTO:
    GRID [], "Grid", "Palettes as equal swatches" => SetLook(Look::Grid);
    STRIP [], "Strip", "Palettes as strips: each colour as wide as it is used" => SetLook(Look::Strip);
    LINES [], "Lines", "Palettes on a number line a channel, 0 to 255" => SetLook(Look::Lines);
"The spot under the pointer in all panes, 8 times as large", NOT_LEARN: MAGNIFIER [M], "Magnifier" => ToggleLens;
"Step before, after, first, last", LESSON:
    STEP_BEFORE [ArrowLeft], "← Back", "Step before" => Learn(Act::Step(-1));
    STEP_AFTER [ArrowRight], "Next →", "Next step" => Learn(Act::Step(1));
    FIRST_STEP [Home], "First step" => Learn(Act::FirstStep);
    LAST_STEP [End], "Last step" => Learn(Act::LastStep);
"Lesson before, after; all lessons", LESSON:
    LESSON_BEFORE [PageUp], "Lesson before" => Learn(Act::Lesson(-1));
    LESSON_AFTER [PageDown], "Next lesson" => Learn(Act::Lesson(1));
    ALL_LESSONS [Backspace], "All lessons", "Back to the list" => Learn(Act::Contents);
"Turn, play, show the answer, reset", LESSON:
    TURN_UP [ArrowUp], "Turn up" => Learn(Act::Turn(1));
    TURN_DOWN [ArrowDown], "Turn down" => Learn(Act::Turn(-1));
    PLAY [Space], "Play" => Learn(Act::Play);
    SHOW_ANSWER [Enter], "Show the answer", "The answer to the question" => Learn(Act::Reveal);
    RESET_STEP [R], "Reset", "This step as it was" => Learn(Act::Reset);
"This step as it stands, with photo and weights", LESSON_ALWAYS:
    SAVE_MOMENT [Ctrl S], "This moment…" => Save(Savable::Moment);
"A picture of what is shown", LESSON: SAVE_FIGURE [G], "Figure as PNG…" => Learn(Act::CaptureFigure);
"Along the list of lessons; open one", CONTENTS:
    CHOOSE_LEFT [ArrowLeft], "Lesson to the left" => Learn(Act::Choose(-1));
    CHOOSE_RIGHT [ArrowRight], "Lesson to the right" => Learn(Act::Choose(1));
    CHOOSE_ABOVE [ArrowUp], "Lesson above" => Learn(Act::Choose(-p.learn.columns));
    CHOOSE_BELOW [ArrowDown], "Lesson below" => Learn(Act::Choose(p.learn.columns));
    CHOOSE_FIRST [Home], "First lesson" => Learn(Act::Choose(i32::MIN / 2));
    CHOOSE_LAST [End], "Last lesson" => Learn(Act::Choose(i32::MAX / 2));
    OPEN_CHOSEN [Enter], "Open the chosen lesson" => Learn(Act::OpenChosen);
"Present; keys on screen", LEARN:
    PRESENT [F5], "Present", "For a room: large text, nothing else" => Learn(Act::Present);
    SHOW_KEYS [K], "Keys shown", "Whether the keys you press appear on screen" => Learn(Act::ShowKeys);
// Held and not pressed: `Row::is_held`.
"Hold to see the original", NOT_LEARN: ORIGINAL [Space], "Original" => None::<Command>;
"Fit", NOT_LEARN: FIT [F] => Zoom(Zoom::Fit);
"Exactly 100 %", NOT_LEARN: EXACT [Num0] => Zoom(Zoom::To(1.0));
"Zoom in, out", NOT_LEARN:
    ZOOM_IN [Plus, Equals], "Zoom in" => Zoom(Zoom::By(2.0));
    ZOOM_OUT [Minus], "Zoom out" => Zoom(Zoom::By(0.5));
"Dark or light", ANY_TAB: THEME [T] => ToggleTheme;
"Cancel what is running; close a window", ANY_TAB:
    CLOSE [Escape], "Cancel", "Stop what is running; what is shown stays" => p.close();
"These keys", ALWAYS: KEYS [F1], "Keys", "All keys" => ToggleKeys;
}

impl Row {
    /// Whether one of its keys is held down, while no control has the keyboard.
    pub fn is_held(&self, ctx: &Context) -> bool {
        !ctx.egui_wants_keyboard_input() && ctx.input(|i| self.keys.iter().any(|s| i.key_down(s.logical_key)))
    }

    /// What it asks for, if it is available.
    pub fn command(&self, place: &Place<'_>) -> Option<Command> {
        if (self.at.1)(place) { (self.asks)(place) } else { None }
    }

    /// The shortcut of its own that was pressed.
    pub fn pressed(&self, key: Key, held: Modifiers) -> Option<&KeyboardShortcut> {
        self.keys.iter().find(|s| s.logical_key == key && held.matches_logically(s.modifiers))
    }

    /// The hint with the shortcut.
    pub fn tip(&self) -> String {
        self.tip_for(self.hint)
    }

    /// The hint of a control that says more than the row, with the row's shortcut.
    pub fn tip_for(&self, hint: &str) -> String {
        if self.keys.is_empty() { hint.to_owned() } else { format!("{hint} ({self})") }
    }

    /// A button with its text and tooltip; a click pushes its command.
    pub fn button_ui(&self, ui: &mut Ui, place: &Place<'_>, commands: &mut Vec<Command>) {
        if ui.button(self.text).on_hover_text(self.tip()).clicked() {
            commands.extend((self.asks)(place));
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.keys.first().map_or(Ok(()), |s| f.write_str(&name(s.logical_key, s.modifiers)))
    }
}

impl<'a> Place<'a> {
    /// The place in this frame: what is shown, and what has the keyboard in `ctx`.
    pub fn of(ctx: &Context, state: &'a State, learn: LearnPlace) -> Self {
        let selected = ctx.with_plugin(|labels: &mut LabelSelectionState| labels.has_selection()).unwrap_or(false);
        let (typing, in_text) = (ctx.egui_wants_keyboard_input(), ctx.text_edit_focused());
        Self { state, learn, typing, in_text, selected, menu: Popup::is_any_open(ctx) }
    }

    fn is_on(&self, tab: Tab) -> bool {
        !self.typing && self.state.tab == tab
    }

    /// Closes what lies on top, or else cancels what is running. An open menu takes the key itself.
    fn close(&self) -> Option<Command> {
        let state = self.state;
        let command = match state.tab {
            _ if self.menu => return None,
            _ if state.save_form.is_some() => CloseSaveForm,
            _ if state.show_keys => ToggleKeys,
            _ if state.show_open => ToggleOpenPanel,
            _ if state.palette.undirected.is_some() => DirectPalette(None),
            Tab::Learn if self.learn.presenting => Learn(Act::Present),
            Tab::Photo if state.shelf.is_marked() => Shelf(Action::EndComparison),
            Tab::Photo if state.target.is_open => Target(TargetAct::Toggle),
            Tab::Photo if state.palette.is_up() => ChooseSwatch(state.photo_pane, None),
            _ => CancelJobs,
        };
        Some(command)
    }
}

/// What a key asks for at a place.
pub fn of_key(key: Key, held: Modifiers, place: &Place<'_>) -> Option<Command> {
    let asked = ROWS.iter().filter_map(|row| Some((row.pressed(key, held)?, row.command(place)?)));
    // Who presses Shift as well presses the shortcut without it, too.
    asked.min_by_key(|(shortcut, _)| !shortcut.modifiers.shift).map(|(_, command)| command)
}

/// The list of keys, and what the pointer does: (keys, what they do). Where several commands share a line and each has
/// as many keys, the first keys of all stand together, then the second ones: ← →, ↓ ↑.
pub fn lines() -> impl Iterator<Item = (String, String)> {
    let lines = ROWS.chunk_by(|a, b| a.line == b.line).map(|rows| {
        let mut keys: Vec<_> = rows.iter().flat_map(|row| row.keys.iter().enumerate()).collect();
        if rows.iter().all(|row| row.keys.len() * rows.len() == keys.len()) {
            keys.sort_by_key(|(place, _)| *place);
        }
        let keys: Vec<_> = keys.into_iter().map(|(_, s)| name(s.logical_key, s.modifiers)).collect();
        (keys.join("  "), rows.first().map_or_else(String::new, |row| row.line.to_owned() + row.at.0))
    });
    let pointer = ("Wheel, drag".to_owned(), "Zoom about the pointer, pan".to_owned());
    lines.filter(|(keys, _)| !keys.is_empty()).chain([pointer])
}
