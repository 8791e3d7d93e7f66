//! The application: what it holds, and a frame of it. Its work is in the files beside it: what is `opening`, what is
//! `wanted` of the workers, the `jobs` that run, how commands `apply`, what the `log` records, and what becomes of a
//! `frame` that panics.

mod apply;
pub mod batch;
mod editing;
mod frame;
mod import;
mod jobs;
mod log;
pub mod logged;
mod opening;
mod pasting;
mod save;
mod save_all;
mod shelf;
mod tray;
mod wanted;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, Ui, ViewportCommand};

use super::clipboard::{Board, Clipboard};
use super::dialog::Dialog;
use super::keys;
use super::notices::{About, Notices};
use super::timings::Timings;
use crate::jobs::Wake;
use crate::source::photo::Photo;
use crate::view::bridge::tab::bridge_ui;
use crate::view::bridge::talk::speaking::Talk;
use crate::view::command::without_stale;
use crate::view::document::Origin;
use crate::view::learn::state::Learn;
use crate::view::learn::tab::learn_ui;
use crate::view::photo::destination::Destination;
use crate::view::photo::photos::Photos;
use crate::view::photo::tab::photo_ui;
use crate::view::photo::tray::tray_ui;
use crate::view::results::Results;
use crate::view::shell::app::batch::Opening;
use crate::view::shell::app::logged::Logged;
use crate::view::shell::bars::{notices_ui, status_bar_ui, status_text_ui, top_bar_ui, window_title, windows_ui};
use crate::view::shell::dropping::{ask_ui, dropped, overlay_ui};
use crate::view::shell::drops::Drops;
use crate::view::shell::savable::Savable;
use crate::view::shell::saving::{Saving, save_form_ui};
use crate::view::state::{Kept, State, Tab};
use crate::view::theme;
use crate::view::weights::budget::budget_state::BudgetState;
use crate::view::weights::tab::weights_ui;
use crate::view::work::Work;

pub use crate::view::shell::fault::Fault;

/// The window's application: the opened photo and model, what the user has chosen, and the work that runs.
pub struct App {
    pub(crate) state: State,
    pub(crate) results: Results,
    pub(crate) budget_state: BudgetState,
    pub(crate) learn: Learn,
    /// The model that speaks on the bridge.
    pub(crate) talk: Talk,
    pub(crate) notices: Notices,
    pub(crate) timings: Timings,
    to_open: VecDeque<(Vec<Origin>, Destination)>,
    opening: Option<Opening>,
    pub(crate) saving: Saving,
    pub(crate) dialog: Option<Dialog>,
    /// Whether the system's file dialogs are used.
    pub(crate) dialogs: bool,
    pub(crate) drops: Drops,
    pub(crate) clipboard: Clipboard,
    pub(crate) wake: Wake,
    next_id: u64,
    logged: Logged,
    /// What the window is called.
    title: String,
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
            results: Results::new(Work::new(&wake, &wake_soon)),
            budget_state: BudgetState::new(&wake, &wake_soon),
            learn: Learn::new(&wake),
            talk: Talk::new(&wake),
            notices: Notices::default(),
            timings,
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
            title: String::new(),
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

    /// The photo that the panes are about.
    pub fn current_photo(&self) -> Option<&Photo> {
        self.results.photos.current().map(|document| &*document.photo)
    }

    /// The photos that are open.
    pub fn photos(&self) -> &Photos {
        &self.results.photos
    }

    /// Whether everything that was asked for is there (or has failed, or was cancelled).
    pub fn is_idle(&mut self) -> bool {
        let there = self.results.photos.current().is_some() && self.results.model.is_some();
        let opened = !self.is_opening() && !self.clipboard.is_busy();
        there && opened && !self.saving.is_waiting() && self.busiest().is_none()
    }

    pub(crate) fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// Takes what comes back from the workers.
    fn take_results(&mut self, focused: bool) {
        self.poll_jobs();
        self.bound_spares();
        self.take_opened();
        self.take_reopened();
        self.take_edited();
        self.take_batch();
        self.take_saved();
        self.take_answer(focused);
        self.take_pasted();
        self.tend_shelf();
        self.results.table.take(&mut self.results.work.table);
        self.results.format_comparison.take(&mut self.results.work.format_comparison);
        self.results.microscope.take(&mut self.results.work.microscope);
        match self.budget_state.take() {
            Some(Ok(done)) => self.notices.done(About::Mix, done),
            Some(Err(why)) => self.notices.error(About::Mix, why),
            None => {}
        }
        self.log_results();
    }
}

impl App {
    /// Lists of windows show which files are open.
    fn name_window(&mut self, ctx: &Context) {
        let title = window_title(&self.results);
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// Draws, and carries out what the views ask for.
    fn frame_ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        let start = Instant::now();
        let learning = self.state.tab == Tab::Learn;
        if learning {
            self.learn.watch_keys(ui.ctx());
        }
        if self.learn.figure.take() {
            self.ask_where_to_save(Savable::Figure, frame);
        }
        let pointed = self.state.pointed;
        self.type_pasted(ui.ctx());
        let mut commands = keys::pressed(ui.ctx(), &self.state, self.learn.at());
        dropped(&self.state, &self.drops, ui.ctx(), &mut commands);
        self.state.hover.clear();
        self.state.pictures_end = None;
        let presenting = learning && self.learn.presenting;
        if !presenting {
            self.state.kept.fitting.update(ui.ctx());
            top_bar_ui((&self.state, &self.results), &self.drops, ui, &mut commands);
        }
        let (busiest, is_cancelled) = (self.busiest(), self.is_cancelled());
        let status = (!presenting).then(|| status_bar_ui(busiest, is_cancelled, ui, &mut commands));
        match self.state.tab {
            Tab::Bridge => bridge_ui(&mut self.state, &self.results, &mut self.talk, ui, &mut commands),
            Tab::Photo => {
                tray_ui(&mut self.state, &self.results, self.saving.batch.as_ref(), ui, &mut commands);
                photo_ui(&mut self.state, &self.results, &self.drops, ui, &mut commands);
            }
            Tab::Weights => {
                let views = (&mut self.state, &self.results, &mut self.budget_state);
                weights_ui(views, &self.drops, ui, &mut commands);
            }
            Tab::Learn => learn_ui(&mut self.learn, (&self.state, &self.results), &self.drops, ui, &mut commands),
        }
        if let Some(status) = status {
            status_text_ui(&self.state, &self.drops, ui, status);
        }
        let failures = self.errors();
        notices_ui((&self.notices, &failures), self.state.pictures_end, ui.ctx(), &mut commands);
        windows_ui(&mut self.state, &self.drops, ui.ctx(), &mut commands);
        ask_ui(&self.state, ui.ctx(), &mut commands);
        save_form_ui(&mut self.state, ui.ctx(), &mut commands);
        overlay_ui(&self.state, &self.drops, ui.ctx());
        let changed = !commands.is_empty() || self.state.pointed != pointed;
        for command in without_stale(commands) {
            self.apply(command, ui.ctx(), frame);
        }
        let held = ui.ctx().input(|i| i.pointer.any_down()) || ui.ctx().text_edit_focused();
        self.state.record(held);
        self.name_window(ui.ctx());
        if changed {
            // The new wishes go to the workers now, not a frame later.
            self.request_wanted();
            ui.ctx().request_repaint();
        }
        let painted = frame.info().cpu_usage.unwrap_or(0.0);
        self.timings.frame(start.elapsed().as_secs_f64().max(f64::from(painted)) * 1e3);
    }
}
