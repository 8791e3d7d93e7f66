//! The application: what it holds, and a frame of it. Its work is told file by file: what is `opening`, what is
//! `wanted` of the workers, the `jobs` that run, how commands `apply`, what the `log` is told, and what becomes of a
//! `frame` that panics.

mod apply;
mod frame;
mod jobs;
mod log;
mod opening;
mod wanted;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, Ui};

pub use self::frame::Fault;
use self::log::Logged;
use self::opening::Opening;
use super::budget::BudgetState;
use super::clipboard::{Board, Clipboard};
use super::dialog::Dialog;
use super::dropping::{self, Destination, Drops};
use super::format_comparison::FormatComparison;
use super::learn::{self, Learn};
use super::microscope::Microscope;
use super::notices::Notices;
use super::save::{self, Saving, What};
use super::state::{Kept, State, Tab};
use super::table::TensorTable;
use super::talk::Talk;
use super::timings::Timings;
use super::work::{ModelDocument, Origin, PhotoDocument, Work};
use super::{bridge, keys, photo, shell, theme, weights};
use crate::jobs::Wake;
use crate::run::report::TensorOriginal;

/// The window's application: the opened photo and model, what the user has chosen, and the work that runs.
pub struct App {
    pub(super) state: State,
    pub(super) work: Work,
    pub(super) photo: Option<PhotoDocument>,
    pub(super) model: Option<ModelDocument>,
    pub(super) table: TensorTable,
    pub(super) format_comparison: FormatComparison,
    pub(super) microscope: Microscope,
    pub(super) budget_state: BudgetState,
    pub(super) learn: Learn,
    /// The model that speaks on the bridge.
    pub(super) talk: Talk,
    pub(super) notices: Notices,
    pub(super) timings: Timings,
    /// What the pointer is over, in words, for the status bar; set anew each frame.
    pub(super) hover: String,
    to_open: VecDeque<(Vec<Origin>, Destination)>,
    opening: Option<Opening>,
    pub(super) saving: Saving,
    pub(super) dialog: Option<Dialog>,
    /// Whether the system's file dialogs are used.
    pub(super) dialogs: bool,
    pub(super) drops: Drops,
    pub(super) clipboard: Clipboard,
    pub(super) wake: Wake,
    next_id: u64,
    logged: Logged,
    fault: Fault,
    started_at: Instant,
    /// When it was last asked for all that is wanted.
    asked_at: Instant,
}

impl App {
    /// `files` are opened after the samples, so that there is always a photo and a model.
    pub fn new(ctx: &Context, storage: Option<&dyn eframe::Storage>, files: Vec<PathBuf>, timings: Timings) -> Self {
        theme::install(ctx);
        let repaint = ctx.clone();
        let soon = repaint.clone();
        let wake: Wake = Arc::new(move || repaint.request_repaint());
        // Many small results in a row are shown together.
        let wake_soon: Wake = Arc::new(move || soon.request_repaint_after(Duration::from_millis(80)));
        let kept: Kept = storage.and_then(|s| eframe::get_value(s, eframe::APP_KEY)).unwrap_or_default();
        kept.fitting.restore(ctx);
        let mut app = Self {
            state: State::new(kept),
            work: Work::new(&wake, &wake_soon),
            photo: None,
            model: None,
            table: TensorTable::default(),
            format_comparison: FormatComparison::default(),
            microscope: Microscope::default(),
            budget_state: BudgetState::new(&wake, &wake_soon),
            learn: Learn::new(&wake),
            talk: Talk::new(&wake),
            notices: Notices::default(),
            timings,
            hover: String::new(),
            to_open: VecDeque::new(),
            opening: None,
            saving: Saving::default(),
            dialog: None,
            dialogs: true,
            drops: Drops::default(),
            clipboard: Clipboard::default(),
            wake,
            next_id: 0,
            logged: Logged::default(),
            fault: Fault::default(),
            started_at: Instant::now(),
            asked_at: Instant::now(),
        };
        app.enqueue(vec![Origin::SamplePhoto, Origin::SampleModel]);
        if !files.is_empty() {
            app.enqueue(files.into_iter().map(Origin::Path).collect());
        }
        app
    }

    /// What is known of drops onto the window.
    #[must_use]
    pub fn with_drops(self, drops: Drops) -> Self {
        Self { drops, ..self }
    }

    /// Copies to `board` and pastes from it, in place of the desktop's clipboard.
    #[must_use]
    pub fn with_clipboard(self, board: Arc<dyn Board>) -> Self {
        Self { clipboard: Clipboard::of(board), ..self }
    }

    /// Never opens a dialog of the system's: paths are typed instead.
    #[must_use]
    pub fn without_dialogs(self) -> Self {
        Self { dialogs: false, ..self }
    }

    /// What the user has chosen.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whether everything that was asked for is there (or has failed, or was cancelled).
    pub fn is_idle(&mut self) -> bool {
        let there = self.photo.is_some() && self.model.is_some();
        let opened = !self.is_opening() && !self.clipboard.is_busy();
        there && opened && !self.saving.is_waiting() && self.busiest().is_none()
    }

    pub(super) fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// What comes back from the workers, each to where it belongs.
    fn take_results(&mut self, focused: bool) {
        self.poll_jobs();
        self.bound_spares();
        self.take_opened();
        self.take_saved();
        self.take_answer(focused);
        self.take_pasted();
        self.tend_shelf();
        self.table.take(&mut self.work.table);
        self.format_comparison.take(&mut self.work.format_comparison);
        self.microscope.take(&mut self.work.microscope);
        match self.budget_state.take() {
            Some(Ok(done)) => self.notices.done(done),
            Some(Err(why)) => self.notices.error(why),
            None => {}
        }
        self.log_results();
    }
}

/// The tensor's original, if it is the one that is there.
pub(super) fn original_of(work: &Work, document: u64, tensor: usize) -> Option<Arc<TensorOriginal>> {
    work.tensor_original.shown().filter(|(key, _)| **key == (document, tensor)).map(|(_, original)| original.clone())
}

impl App {
    /// Draws, and carries out what the views ask for.
    fn frame_ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        let start = Instant::now();
        let learning = self.state.tab == Tab::Learn;
        if learning {
            self.learn.watch_keys(ui.ctx());
        }
        if self.learn.figure.take() {
            self.ask_where_to_save(What::Figure, frame);
        }
        let pointed = self.state.pointed;
        self.type_pasted(ui.ctx());
        let mut commands = keys::pressed(ui.ctx(), &self.state, &self.learn);
        dropping::dropped(self, ui.ctx(), &mut commands);
        self.hover.clear();
        let presenting = learning && self.learn.presenting;
        if !presenting {
            self.state.kept.fitting.update(ui.ctx());
            shell::top_bar_ui(self, ui, &mut commands);
        }
        let failures = self.errors();
        shell::notices_ui(self.notices.all(), &failures, ui, &mut commands);
        let (busiest, is_cancelled) = (self.busiest(), self.is_cancelled());
        let status = (!presenting).then(|| shell::status_bar_ui(busiest, is_cancelled, ui, &mut commands));
        match self.state.tab {
            Tab::Bridge => bridge::bridge_ui(self, ui, &mut commands),
            Tab::Photo => photo::photo_ui(self, ui, &mut commands),
            Tab::Weights => weights::weights_ui(self, ui, &mut commands),
            Tab::Learn => learn::learn_ui(self, ui, &mut commands),
        }
        if let Some(status) = status {
            shell::status_text_ui(self, ui, status);
        }
        shell::windows_ui(&mut self.state, &self.drops, ui.ctx(), &mut commands);
        dropping::ask_ui(self, ui.ctx(), &mut commands);
        save::save_form_ui(&mut self.saving, ui.ctx(), &mut commands);
        dropping::overlay_ui(self, ui.ctx());
        let changed = !commands.is_empty() || self.state.pointed != pointed;
        for command in commands {
            self.apply(command, ui.ctx(), frame);
        }
        let held = ui.ctx().input(|i| i.pointer.any_down()) || ui.ctx().text_edit_focused();
        self.state.record(held);
        if changed {
            // The new wishes go to the workers now, not a frame later.
            self.request_wanted();
            ui.ctx().request_repaint();
        }
        let painted = frame.info().cpu_usage.unwrap_or(0.0);
        self.timings.frame(start.elapsed().as_secs_f64().max(f64::from(painted)) * 1e3);
    }
}
