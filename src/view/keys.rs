//! The keyboard: one table of what each key does, and where.

use egui::{Context, Key, Modifiers};

use super::clipboard;
use super::cloud::CloudMove;
use super::command::{Command, Zoom};
use super::compare::Mode;
use super::learn::{Act, Learn};
use super::save::What;
use super::shelf::Action;
use super::state::{Side, State, Tab};
use crate::export::packed::PNG;

/// (keys, what they do), as the window of keys lists them.
pub const LISTED: &[(&str, &str)] = &[
    ("Ctrl 1, 2, 3, 4", "Bridge, Photo, Weights, Learn"),
    ("Ctrl O", "Open files…"),
    ("Ctrl S", "Save the chosen reduction as PNG… (Photo)"),
    ("Ctrl C", "Copy the picture of the chosen reduction (Photo)"),
    ("Ctrl V", "Open a copied picture, file or list of colours"),
    ("K, L", "Keep the chosen reduction; show the kept ones (Photo)"),
    ("[ ]", "Flick through the kept ones (Photo)"),
    ("Ctrl Z, Ctrl Y", "Undo; redo, also Ctrl Shift Z (Photo)"),
    ("← →", "Turn the dial (Bridge)"),
    ("8 6 5 4 3 2 1", "Set the dial (Bridge)"),
    ("O", "Error against bits, what the model says, layer by layer (Bridge)"),
    ("1 2 3", "Choose the reduction (Photo, Weights)"),
    ("↑ ↓", "Tensor before, after (Weights)"),
    ("L", "All tensors, or all formats on one (Weights)"),
    ("I", "The weight under the pointer in every format (Weights)"),
    ("B", "What each layer deserves under a budget: ← → set it, Esc leaves (Weights)"),
    ("← → Enter", "Along the frontier of the formats; take one (Weights)"),
    ("P", "Next plot below the weights (Weights)"),
    ("S D V E", "Side by side, split, flicker, error map"),
    ("C", "Colours in 3-D (Photo); there: arrows turn, Page ↑ ↓ zoom, Home resets"),
    ("M", "Magnifier: the spot under the pointer in all panes, 8×"),
    ("← → Home End", "Step before, after, first, last (Learn)"),
    ("Page ↑ ↓ Backspace", "Lesson before, after; all lessons (Learn)"),
    ("↑ ↓ Space Enter R", "Turn, play, show the answer, reset (Learn)"),
    ("F5 K G", "Present; keys on screen; figure as PNG (Learn)"),
    ("Space", "Hold to see the original"),
    ("F", "Fit"),
    ("0", "Exactly 100 %"),
    ("+ −", "Zoom in, out"),
    ("Wheel, drag", "Zoom about the pointer, pan"),
    ("T", "Dark or light"),
    ("Esc", "Cancel what is running; close a window"),
    ("F1", "These keys"),
];

/// The commands of this frame's keys; none while a text field has the keyboard.
pub fn pressed(ctx: &Context, state: &State, learn: &Learn) -> Vec<Command> {
    let mut commands = Vec::new();
    let asked = clipboard::pressed(ctx);
    if asked.paste {
        commands.push(Command::Paste { into_text: ctx.text_edit_focused() });
    }
    if asked.copy && state.tab == Tab::Photo {
        commands.push(Command::CopyPicture);
    }
    let typing = ctx.egui_wants_keyboard_input();
    ctx.input_mut(|input| {
        for (key, tab) in [Key::Num1, Key::Num2, Key::Num3, Key::Num4].into_iter().zip(Tab::ALL) {
            if input.consume_key(Modifiers::COMMAND, key) {
                commands.push(Command::Show(tab));
            }
        }
        if input.consume_key(Modifiers::COMMAND, Key::O) {
            commands.push(Command::OpenDialog);
        }
        if state.tab == Tab::Photo && input.consume_key(Modifiers::COMMAND, Key::S) {
            commands.push(Command::Save(What::Picture(state.photo_pane, &PNG)));
        }
        if state.tab == Tab::Learn && learn.is_in_lesson() && input.consume_key(Modifiers::COMMAND, Key::S) {
            commands.push(Command::Save(What::Moment));
        }
        if input.consume_key(Modifiers::NONE, Key::F1) {
            commands.push(Command::ToggleKeys);
        }
        if typing {
            return;
        }
        if state.tab == Tab::Photo {
            // The one with more modifiers first: the other would be taken for it.
            let redo = input.consume_key(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
            if redo || input.consume_key(Modifiers::COMMAND, Key::Y) {
                commands.push(Command::Redo);
            }
            if input.consume_key(Modifiers::COMMAND, Key::Z) {
                commands.push(Command::Undo);
            }
        }
        if input.consume_key(Modifiers::NONE, Key::Escape) {
            commands.push(match (state.show_keys, state.show_open) {
                (true, _) => Command::ToggleKeys,
                (_, true) => Command::ToggleOpenPanel,
                _ if state.palette.undirected.is_some() => Command::DirectPalette(None),
                _ if state.tab == Tab::Learn && learn.presenting => Command::Learn(Act::Present),
                _ if state.tab == Tab::Photo && state.shelf.is_marked() => Command::Shelf(Action::EndComparison),
                _ if state.tab == Tab::Photo && state.palette.is_up() => Command::ChooseSwatch(state.photo_pane, None),
                _ => Command::CancelJobs,
            });
        }
        let mut on = |key: Key, command: Command| {
            // All presses count, also those that came while one frame was drawn.
            let presses = input.count_and_consume_key(Modifiers::NONE, key);
            commands.extend(std::iter::repeat_n(command, presses));
        };
        if state.tab == Tab::Learn {
            on(Key::T, Command::ToggleTheme);
            on_lesson(&mut on, learn);
            return;
        }
        everywhere(&mut on);
        match state.tab {
            Tab::Learn => {}
            Tab::Bridge => on_bridge(&mut on, state),
            Tab::Photo => {
                on_panes(&mut on);
                on_shelf(&mut on);
                on(Key::C, Command::SetMode(Mode::Cloud));
                if state.photo_mode == Mode::Cloud {
                    on_cloud(&mut on);
                }
            }
            Tab::Weights => {
                on_panes(&mut on);
                on(Key::P, Command::NextPlot);
                on(Key::ArrowUp, Command::StepTensor(-1));
                on(Key::ArrowDown, Command::StepTensor(1));
                on(Key::L, Command::ToggleSide(Side::FormatComparison));
                on(Key::I, Command::ToggleSide(Side::Microscope));
                on(Key::B, Command::ToggleSide(Side::Budget));
                if state.weights_side == Side::FormatComparison {
                    on_league(&mut on, state);
                }
            }
        }
    });
    commands
}

/// Whether the original is to be shown in place of the reductions.
pub fn original_is_held(ctx: &Context) -> bool {
    !ctx.egui_wants_keyboard_input() && ctx.input(|i| i.key_down(Key::Space))
}

fn everywhere(on: &mut impl FnMut(Key, Command)) {
    on(Key::F, Command::Zoom(Zoom::Fit));
    on(Key::Num0, Command::Zoom(Zoom::To(1.0)));
    on(Key::Plus, Command::Zoom(Zoom::By(2.0)));
    on(Key::Equals, Command::Zoom(Zoom::By(2.0)));
    on(Key::Minus, Command::Zoom(Zoom::By(0.5)));
    on(Key::T, Command::ToggleTheme);
    on(Key::M, Command::ToggleLens);
}

fn on_bridge(on: &mut impl FnMut(Key, Command), state: &State) {
    on(Key::O, Command::ShowBelow(state.below.next()));
    on(Key::ArrowLeft, Command::TurnDial(-1));
    on(Key::ArrowDown, Command::TurnDial(-1));
    on(Key::ArrowRight, Command::TurnDial(1));
    on(Key::ArrowUp, Command::TurnDial(1));
    let digits = [Key::Num8, Key::Num6, Key::Num5, Key::Num4, Key::Num3, Key::Num2, Key::Num1];
    for (key, bits) in digits.into_iter().zip(crate::run::DIAL) {
        on(key, Command::SetDial(bits));
    }
}

fn on_shelf(on: &mut impl FnMut(Key, Command)) {
    on(Key::K, Command::Shelf(Action::Keep));
    on(Key::L, Command::Shelf(Action::Toggle));
    on(Key::OpenBracket, Command::Shelf(Action::Step(-1)));
    on(Key::CloseBracket, Command::Shelf(Action::Step(1)));
}

fn on_cloud(on: &mut impl FnMut(Key, Command)) {
    for (key, act) in [
        (Key::ArrowLeft, CloudMove::Turn(-1.0, 0.0)),
        (Key::ArrowRight, CloudMove::Turn(1.0, 0.0)),
        (Key::ArrowUp, CloudMove::Turn(0.0, 1.0)),
        (Key::ArrowDown, CloudMove::Turn(0.0, -1.0)),
        (Key::PageUp, CloudMove::Zoom(1.25)),
        (Key::PageDown, CloudMove::Zoom(0.8)),
        (Key::Home, CloudMove::Reset),
    ] {
        on(key, Command::Cloud(act));
    }
}

fn on_lesson(on: &mut impl FnMut(Key, Command), learn: &Learn) {
    on(Key::F5, Command::Learn(Act::Present));
    on(Key::K, Command::Learn(Act::ShowKeys));
    for (key, in_list, in_lesson) in [
        (Key::ArrowLeft, Act::Choose(-1), Act::Step(-1)),
        (Key::ArrowRight, Act::Choose(1), Act::Step(1)),
        (Key::ArrowUp, Act::Choose(-learn.columns()), Act::Turn(1)),
        (Key::ArrowDown, Act::Choose(learn.columns()), Act::Turn(-1)),
        (Key::Enter, Act::OpenChosen, Act::Reveal),
        (Key::Home, Act::Choose(i32::MIN / 2), Act::FirstStep),
        (Key::End, Act::Choose(i32::MAX / 2), Act::LastStep),
    ] {
        on(key, Command::Learn(if learn.is_in_lesson() { in_lesson } else { in_list }));
    }
    if learn.is_in_lesson() {
        for (key, act) in [
            (Key::PageUp, Act::Lesson(-1)),
            (Key::PageDown, Act::Lesson(1)),
            (Key::Backspace, Act::Contents),
            (Key::R, Act::Reset),
            (Key::Space, Act::Play),
            (Key::G, Act::CaptureFigure),
        ] {
            on(key, Command::Learn(act));
        }
    }
}

fn on_league(on: &mut impl FnMut(Key, Command), state: &State) {
    on(Key::ArrowLeft, Command::StepFrontier(-1));
    on(Key::ArrowRight, Command::StepFrontier(1));
    if let Some(format) = state.format_comparison.cursor {
        on(Key::Enter, Command::SetPaneFormat(state.weights_pane, Some(format)));
    }
}

fn on_panes(on: &mut impl FnMut(Key, Command)) {
    for (pane, key) in [Key::Num1, Key::Num2, Key::Num3].into_iter().enumerate() {
        on(key, Command::SelectPane(pane));
    }
    for (key, mode) in [Key::S, Key::D, Key::V, Key::E].into_iter().zip(Mode::OF_ANY) {
        on(key, Command::SetMode(mode));
    }
}
