//! The application: `logic` takes what the workers have finished and asks for what is wanted,
//! `ui` draws, and `apply` is the one place where commands are carried out.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, Ui};
use serde_json::json;

use super::bridge::Below;
use super::budget::Desk;
use super::command::{Command, Zoom};
use super::dialog::{Dialog, Purpose};
use super::league::League;
use super::learn::{self, Learn};
use super::microscope::Microscope;
use super::notices::Notices;
use super::save::{self, Saving, What};
use super::state::{Kept, PhotoSettings, Side, State, Tab};
use super::table::TensorTable;
use super::talk::{Speaking, Talk};
use super::timings::Timings;
use super::work::{Arrival, ModelDocument, Opened, Origin, PhotoDocument, Work, request_tensor};
use super::{bridge, dial, keys, photo, shell, theme, weights};
use crate::jobs::Wake;
use crate::lesson::Lesson;
use crate::palette::edit::Edit;
use crate::report::{PhotoReport, TensorOriginal};
use crate::source::open::Source;
use crate::spec::Stage;

pub struct App {
    pub(super) state: State,
    pub(super) work: Work,
    pub(super) photo: Option<PhotoDocument>,
    pub(super) model: Option<ModelDocument>,
    pub(super) table: TensorTable,
    pub(super) league: League,
    pub(super) microscope: Microscope,
    pub(super) desk: Desk,
    pub(super) learn: Learn,
    /// The model that speaks on the bridge.
    pub(super) talk: Talk,
    pub(super) notices: Notices,
    pub(super) timings: Timings,
    /// What the pointer is over, in words, for the status bar; set anew each frame.
    pub(super) hover: String,
    to_open: VecDeque<Vec<Origin>>,
    opening: Option<Opening>,
    pub(super) saving: Saving,
    pub(super) dialog: Option<Dialog>,
    /// Whether the system's file dialogs are used.
    pub(super) dialogs: bool,
    pub(super) wake: Wake,
    next_id: u64,
    logged: Logged,
}

/// A batch of files on its way in.
struct Opening {
    taken: usize,
    total: usize,
    from_user: bool,
    photo: bool,
    model: bool,
    palette: bool,
}

/// Which results the log has already named.
#[derive(Default)]
struct Logged {
    photo: [Option<(super::work::PhotoKey, Stage)>; 3],
    tensor: Option<super::work::TensorKey>,
    table: Option<super::work::TableKey>,
    /// The model whose first cell has come.
    first_cell: Option<u64>,
    /// When a cancel was asked for that the work on all tensors has not obeyed yet.
    cancel: Option<Instant>,
    league: Option<super::work::LeagueKey>,
    lesson: Option<(usize, usize)>,
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
        let mut to_open = VecDeque::from([vec![Origin::SamplePhoto, Origin::SampleModel]]);
        if !files.is_empty() {
            to_open.push_back(files.into_iter().map(Origin::Path).collect());
        }
        Self {
            state: State::new(kept),
            work: Work::new(&wake, &wake_soon),
            photo: None,
            model: None,
            table: TensorTable::default(),
            league: League::default(),
            microscope: Microscope::default(),
            desk: Desk::new(&wake, &wake_soon),
            learn: Learn::new(&wake),
            talk: Talk::new("bridge", &wake),
            notices: Notices::default(),
            timings,
            hover: String::new(),
            to_open,
            opening: None,
            saving: Saving::default(),
            dialog: None,
            dialogs: true,
            wake,
            next_id: 0,
            logged: Logged::default(),
        }
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
    pub fn is_idle(&self) -> bool {
        let there = self.photo.is_some() && self.model.is_some();
        let table = self.table.complete().is_some() || !self.work.table.is_busy();
        let saved = !self.saving.is_waiting() && !self.desk.is_busy();
        let learned = self.learn.busy().is_none() && self.talk.busy().is_none() && !self.work.voice.is_busy();
        there
            && saved
            && learned
            && self.to_open.is_empty()
            && self.opening.is_none()
            && self.work.busiest().is_none()
            && table
    }

    pub(super) fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    // ---- what comes back -------------------------------------------------------------------

    fn take_results(&mut self) {
        self.work.poll();
        self.talk.poll();
        self.take_opened();
        self.take_saved();
        self.take_answer();
        self.tend_shelf();
        self.table.take(&mut self.work.table);
        self.league.take(&mut self.work.league);
        self.microscope.take(&mut self.work.microscope);
        match self.desk.poll() {
            Some(Ok(done)) => self.notices.done(done),
            Some(Err(why)) => self.notices.error(why),
            None => {}
        }
        self.log_results();
    }

    fn take_opened(&mut self) {
        let Some(mut opening) = self.opening.take() else { return };
        let arrived: Vec<Opened> = self.work.open.drain();
        for opened in arrived {
            opening.taken += 1;
            self.accept(opened, &mut opening);
        }
        if let Some(why) = self.work.open.error() {
            self.notices.error(format!("Opening failed: {why}"));
            opening.taken = opening.total;
        }
        let finished = opening.taken >= opening.total || !self.work.open.is_busy();
        if !finished {
            self.opening = Some(opening);
        } else if opening.from_user && self.state.tab != Tab::Learn {
            match (opening.photo || opening.palette, opening.model) {
                (true, true) => self.state.tab = Tab::Bridge,
                (true, false) => self.state.tab = Tab::Photo,
                (false, true) => self.state.tab = Tab::Weights,
                (false, false) => {}
            }
        }
    }

    fn accept(&mut self, opened: Opened, opening: &mut Opening) {
        let id = self.fresh_id();
        match opened.outcome {
            Ok(Arrival::Palette(palette)) => {
                opening.palette = true;
                self.timings.event("opened", json!({ "kind": "palette", "name": palette.name() }));
                self.give_palette(palette);
                return;
            }
            Ok(Arrival::Lesson(lesson)) => {
                self.timings.event("opened", json!({ "kind": "lesson", "name": lesson.title }));
                self.open_lesson(lesson);
                return;
            }
            Ok(Arrival::Imatrix(imatrix)) => {
                self.timings.event("opened", json!({ "kind": "imatrix", "name": imatrix.name }));
                self.desk.weigh_by(id, imatrix);
                if opening.from_user {
                    (self.state.tab, self.state.weights_side) = (Tab::Weights, Side::Budget);
                }
                return;
            }
            Ok(Arrival::Source(Source::Photo(photo))) => {
                opening.photo = true;
                self.timings.event("opened", json!({ "kind": "photo", "name": photo.name }));
                self.work.renew_photo(photo.image.rgba.len());
                self.photo = Some(PhotoDocument { id, photo });
                self.state.palette.put_down();
                self.state.shelf.photo_changed();
                self.state.compare_photo = Default::default();
                self.state.bridge_photo = Default::default();
            }
            Ok(Arrival::Source(Source::Model(model))) => {
                opening.model = true;
                let count = model.tensors.len();
                self.timings.event("opened", json!({ "kind": "model", "name": model.name, "tensors": count }));
                let wished = self.state.wished_tensor.take();
                let wished = wished.and_then(|name| model.tensors.iter().position(|t| t.name == name));
                self.state.tensor = wished.unwrap_or_else(|| most_telling(&model.tensors));
                self.state.microscope.index = None;
                self.model = Some(ModelDocument { id, model });
                self.state.compare_weights = Default::default();
                self.state.bridge_weights = Default::default();
            }
            Err(error) => {
                self.timings.event("refused", json!({ "message": error }));
                self.notices.error(error);
                return;
            }
        }
        if let Some(path) = opened.path.filter(|_| opening.from_user) {
            self.state.kept.remember(std::path::absolute(&path).unwrap_or(path));
        }
    }

    /// A lesson and what it carries.
    fn open_lesson(&mut self, lesson: Arc<Lesson>) {
        let carried = lesson.photo.iter().chain(&lesson.model).cloned().map(Origin::Carried);
        let carried: Vec<_> = carried.collect();
        self.state.wished_tensor = lesson.tensor.clone();
        self.state.tab = Tab::Learn;
        self.learn.add(lesson);
        if !carried.is_empty() {
            self.enqueue(carried);
        }
    }

    /// What came of a dialog.
    fn take_answer(&mut self) {
        let Some((purpose, answer)) = self.dialog.as_ref().and_then(Dialog::poll) else { return };
        self.dialog = None;
        if answer.is_no_dialog() {
            self.notices.done(
                "This desktop opens no file dialog (a portal or zenity is needed). Type a path, or drop files onto \
                 the window."
                    .to_owned(),
            );
            // Nor will it open the next.
            self.dialogs = false;
            match &purpose {
                Purpose::Open | Purpose::OpenPalette | Purpose::OpenImatrix => self.state.show_open = true,
                Purpose::SaveMix { .. } => {}
                Purpose::Save { what, suggested } => self.open_save_form(*what, suggested),
            }
        }
        let paths = answer.paths;
        match purpose {
            Purpose::Open if !paths.is_empty() => self.enqueue(paths.into_iter().map(Origin::Path).collect()),
            Purpose::OpenPalette if !paths.is_empty() => {
                self.enqueue(paths.into_iter().map(Origin::Palette).collect());
            }
            Purpose::OpenImatrix if !paths.is_empty() => {
                self.enqueue(paths.into_iter().map(Origin::Imatrix).collect());
            }
            Purpose::Save { what, .. } => {
                if let Some(path) = paths.into_iter().next() {
                    self.save_to(what, path);
                }
            }
            Purpose::SaveMix { .. } => {
                if let Some(path) = paths.into_iter().next() {
                    self.desk.destination = path.display().to_string();
                }
            }
            Purpose::Open | Purpose::OpenPalette | Purpose::OpenImatrix => {}
        }
    }

    fn log_results(&mut self) {
        for (pane, logged) in self.work.photo_panes.iter().zip(&mut self.logged.photo) {
            let Some((key, report)) = pane.report.shown() else { continue };
            if *logged != Some((*key, report.stage)) {
                *logged = Some((*key, report.stage));
                self.timings.event(
                    if report.stage == Stage::Full { "photo_report" } else { "photo_preview" },
                    json!({
                        "document": key.0, "colors": key.1.colors, "psnr_db": report.error.psnr_db,
                        "quantize_ms": report.quantize_time.as_secs_f64() * 1e3,
                    }),
                );
            }
        }
        if let Some((key, report)) = self.work.bridge_tensor.shown()
            && self.logged.tensor.as_ref() != Some(key)
        {
            self.logged.tensor = Some(*key);
            self.timings.event(
                "tensor_report",
                json!({
                    "document": key.0, "format": key.1.format, "sqnr_db": report.error.sqnr_db(),
                }),
            );
        }
        if let Some(key) = self.table.complete()
            && self.logged.table.as_ref() != Some(key)
        {
            self.timings.event("table_complete", json!({ "document": key.0 }));
            self.logged.table = Some(key.clone());
        }
        if let (Some(document), true) = (&self.model, self.table.arrived() > 0)
            && self.logged.first_cell != Some(document.id)
        {
            self.timings.event("table_first", json!({ "document": document.id }));
            self.logged.first_cell = Some(document.id);
        }
        if let Some(asked) = self.logged.cancel.filter(|_| !self.work.table.is_working() && !self.desk.is_working()) {
            let after = asked.elapsed().as_secs_f64() * 1e3;
            self.timings.event(
                "cancelled",
                json!({ "after_ms": after, "cells_kept": self.table.arrived() + self.desk.arrived() }),
            );
            self.logged.cancel = None;
        }
        if let Some((key, formats)) = self.league.complete()
            && self.logged.league != Some(key)
        {
            self.timings.event("league_complete", json!({ "document": key.0, "tensor": key.1, "formats": formats }));
            self.logged.league = Some(key);
        }
        self.log_lesson();
    }

    /// A step is ready when nothing it shows is still being computed.
    fn log_lesson(&mut self) {
        let place = self.learn.place().filter(|_| self.state.tab == Tab::Learn);
        if place == self.logged.lesson || self.learn.busy().is_some() {
            return;
        }
        self.logged.lesson = place;
        if let Some((lesson, step)) = place {
            self.timings.event("lesson_ready", json!({ "lesson": lesson, "step": step }));
        }
    }

    // ---- what is wanted --------------------------------------------------------------------

    fn request_wanted(&mut self) {
        self.open_next();
        // What is on screen goes first; the rest follows so that a change of tab shows it at once.
        match self.state.tab {
            Tab::Bridge => {
                // The text is there before the figures are.
                self.request_talk();
                self.request_photo();
                self.request_weights();
            }
            Tab::Photo => {
                self.request_photo();
                if !self.work.is_photo_busy() {
                    self.request_weights();
                }
            }
            Tab::Weights => {
                self.request_weights();
                if !self.work.is_weights_busy() {
                    self.request_photo();
                }
            }
            Tab::Learn => self.request_lesson(),
        }
    }

    /// What lessons build on; each exhibit asks for its own.
    fn request_lesson(&mut self) {
        if let Some(document) = &self.photo {
            self.work.request_photo_original(document);
            self.work.request_full_png(document);
        }
        if let Some(document) = &self.model {
            self.work.request_tensor_original(document, self.state.tensor);
            self.work.request_voice(document);
        }
        learn::tend(self);
    }

    /// A model speaks only where it is listened to.
    fn request_talk(&mut self) {
        let (Some(document), true) = (&self.model, self.state.below != Below::Error) else { return };
        self.work.request_voice(document);
        let Some((&id, voice)) = self.work.voice.shown().filter(|(id, _)| **id == document.id) else { return };
        let (speaking, format) = (Speaking { id, voice }, self.state.weights.format(self.state.dial));
        match self.state.below {
            Below::Error => {}
            Below::Says => self.talk.request_said(speaking, format),
            Below::Layers => self.talk.request_layers(speaking, format),
        }
    }

    fn open_next(&mut self) {
        if self.opening.is_some() {
            return;
        }
        let Some(origins) = self.to_open.pop_front() else { return };
        let batch = self.fresh_id();
        let from_user = !origins.iter().any(|o| matches!(o, Origin::SamplePhoto | Origin::SampleModel));
        self.opening =
            Some(Opening { taken: 0, total: origins.len(), from_user, photo: false, model: false, palette: false });
        self.work.request_open(batch, origins);
    }

    fn request_photo(&mut self) {
        let Some(document) = &self.photo else { return };
        let settings = self.state.photo;
        self.work.request_photo_original(document);
        let on_bridge = self.state.tab == Tab::Bridge;
        if on_bridge {
            self.work.bridge_photo.request(document, settings.spec(1 << self.state.dial));
        }
        if !on_bridge || !self.work.bridge_photo.report.is_busy() {
            let specs = [0, 1, 2].map(|pane| self.pane_spec(pane));
            for (pane, spec) in self.work.photo_panes.iter_mut().zip(specs) {
                pane.request(document, spec);
            }
            self.request_versus();
        }
        let Some(document) = &self.photo else { return };
        if self.state.tab == Tab::Photo {
            self.work.photo_views.request(document, &self.state, &self.work.photo_panes);
        }
        if !self.work.is_photo_busy() && !self.work.is_photo_cancelled() {
            self.work.request_full_png(document);
            self.work.request_photo_rate(document, settings.spec(2));
        }
    }

    fn request_weights(&mut self) {
        let Some(document) = &self.model else { return };
        let (tensor, settings) = (self.state.tensor, self.state.weights);
        self.work.request_tensor_original(document, tensor);
        let on_league = self.state.tab == Tab::Weights && self.state.weights_side == Side::League;
        let on_microscope = self.state.tab == Tab::Weights && self.state.weights_side == Side::Microscope;
        if on_league {
            self.league.turn_to((document.id, tensor));
        }
        if on_microscope {
            self.microscope.turn_to((document.id, tensor));
        }
        if let Some(original) = original_of(&self.work, document.id, tensor) {
            if self.state.tab == Tab::Bridge {
                request_tensor(&mut self.work.bridge_tensor, document, &original, settings.format(self.state.dial));
            }
            if self.state.tab == Tab::Weights {
                for (slot, format) in self.work.tensor_panes.iter_mut().zip(self.state.pane_formats()) {
                    request_tensor(slot, document, &original, format);
                }
            }
            if let (Tab::Weights, Some(plot)) = (self.state.tab, self.state.tensor_plots.shown) {
                let Work { weight_views, tensor_panes, .. } = &mut self.work;
                weight_views.request(plot, (document.id, &original), tensor_panes, self.state.weights_pane);
            }
            let reducing = self.work.tensor_panes.iter().chain([&self.work.bridge_tensor]).any(|s| s.is_busy());
            if !reducing {
                self.work.request_tensor_rate(document, tensor, settings);
            }
            if let Some(index) = self.state.microscope.index.filter(|_| on_microscope) {
                self.work.request_microscope(document, (tensor, index), &self.microscope.prepared);
            }
            if !reducing && on_league {
                self.work.request_league(document, tensor, self.league.missing());
            }
        }
        let formats = self.state.table.formats(self.state.pane_formats());
        let key = (document.id, formats, self.state.table.statistics);
        self.table.turn_to(document, &key);
        self.work.request_table(document, &key, || self.table.missing());
        if self.state.tab == Tab::Weights && self.state.weights_side == Side::Budget {
            self.desk.request(document);
        }
    }

    fn enqueue(&mut self, origins: Vec<Origin>) {
        self.to_open.push_back(origins);
    }

    // ---- commands --------------------------------------------------------------------------

    fn apply(&mut self, command: Command, ctx: &Context, frame: &eframe::Frame) {
        let state = &mut self.state;
        match command {
            Command::Show(tab) => {
                state.tab = tab;
                self.timings.event("tab", json!({ "tab": tab.label() }));
            }
            Command::OpenDialog => {
                if self.dialog.is_none() && self.dialogs {
                    self.dialog = Some(Dialog::open(Purpose::Open, frame, self.wake.clone()));
                }
                state.show_open = true;
            }
            Command::OpenPaths(paths) => {
                state.show_open = false;
                self.enqueue(paths.into_iter().map(Origin::Path).collect());
            }
            Command::ToggleOpenPanel => state.show_open = !state.show_open,
            Command::SetDial(bits) => self.set_dial(bits),
            Command::TurnDial(step) => {
                let bits = dial::neighbour(state.dial, step);
                self.set_dial(bits);
            }
            Command::ShowBelow(below) => state.below = below,
            Command::SetPhoto(settings) => self.set_photo(settings),
            Command::SetWeights(settings) => state.weights = settings,
            Command::SetPaneFormat(pane, format) => {
                if let Some(chosen) = state.pane_formats.get_mut(pane) {
                    *chosen = format;
                }
            }
            Command::ShowSide(side) => state.weights_side = side,
            Command::ToggleSide(side) => {
                state.weights_side = if state.weights_side == side { Side::Tensors } else { side };
            }
            Command::SortMicroscope(by) => state.microscope.sort = by,
            Command::Budget(wish) => self.desk.apply(wish, self.model.as_ref()),
            Command::ChooseImatrix => {
                if self.dialog.is_none() && self.dialogs {
                    self.dialog = Some(Dialog::open(Purpose::OpenImatrix, frame, self.wake.clone()));
                } else {
                    state.show_open = true;
                }
            }
            Command::ChooseMixFile => self.ask_where_to_write_mix(frame),
            Command::ToggleFamily(family) => state.league.toggle(family),
            Command::SetLeagueScale(scale) => state.league.set_scale(scale),
            Command::PointAtFormat(format) => state.league.cursor = Some(format),
            Command::StepFrontier(step) => {
                if let Some(format) = self.league.neighbour(&state.league, step) {
                    state.league.cursor = Some(format);
                }
            }
            Command::SelectTensor(tensor) => self.select_tensor(tensor),
            Command::StepTensor(step) => {
                if let Some(tensor) = self.table.neighbour(state.tensor, step) {
                    self.select_tensor(tensor);
                    self.table.scroll_to_selected();
                }
            }
            Command::SelectPane(pane) => match state.tab {
                Tab::Weights => state.weights_pane = pane.min(2),
                _ => self.select_photo_pane(pane),
            },
            Command::SetMode(mode) => match state.tab {
                Tab::Weights => state.weights_mode = mode,
                _ => state.photo_mode = mode,
            },
            Command::SetErrorKind(kind) => state.photo_error = kind,
            Command::ShowTensorPlot(plot) => state.tensor_plots.shown = plot,
            Command::NextPlot => state.next_plot(),
            Command::ToggleLens => state.lens = !state.lens,
            Command::Cloud(act) => state.cloud.apply(act),
            Command::Zoom(zoom) => self.zoom(zoom),
            Command::SortTable(by) => {
                state.table.sort(by);
            }
            Command::FilterTable(filter) => state.table.filter = filter,
            Command::SetTable(table) => state.table = table,
            Command::FoldGroup(group) => state.table.fold(&group),
            Command::Save(what) => self.ask_where_to_save(what, frame),
            Command::SaveTo(what, path) => self.save_to(what, path),
            Command::CloseSaveForm => self.saving.close_form(),
            Command::OpenPaletteDialog => {
                if self.dialog.is_none() && self.dialogs {
                    self.dialog = Some(Dialog::open(Purpose::OpenPalette, frame, self.wake.clone()));
                } else {
                    state.show_open = true;
                }
            }
            Command::LockGivenColours => self.lock_given_colours(),
            Command::SetLook(look) => state.palette.look = look,
            Command::Shelf(action) => self.act_on_shelf(action),
            Command::ChooseSwatch(pane, color) => {
                self.select_photo_pane(pane);
                self.state.palette.put_down();
                self.state.palette.chosen = color;
            }
            Command::SetGesture(gesture) => state.palette.begin(gesture),
            Command::EditPalette(edit) => self.edit_palette(edit),
            Command::UndoPalette => {
                if let Some(pane) = state.palette.undo(&mut state.photo) {
                    self.select_photo_pane(pane);
                }
            }
            Command::ResetPalette(pane) => state.palette.reset(&mut state.photo, pane),
            Command::SortPalettes(order) => state.palette.order = order,
            Command::Learn(act) => self.learn.apply(&act, ctx),
            Command::OpenSamples => self.enqueue(vec![Origin::SamplePhoto, Origin::SampleModel]),
            Command::CancelJobs => {
                self.logged.cancel = Some(Instant::now());
                self.work.cancel();
                self.learn.cancel();
                self.talk.cancel();
                self.desk.cancel();
            }
            Command::RetryJobs => {
                self.work.retry();
                self.learn.retry();
                self.talk.retry();
                self.desk.retry();
            }
            Command::DismissNotice(at) => self.notices.dismiss(at),
            Command::ToggleTheme => {
                let dark = ctx.theme() == egui::Theme::Dark;
                ctx.set_theme(if dark { egui::Theme::Light } else { egui::Theme::Dark });
            }
            Command::ToggleKeys => state.show_keys = !state.show_keys,
        }
    }

    fn set_dial(&mut self, bits: u8) {
        if crate::run::DIAL.contains(&bits) {
            self.state.dial = bits;
            self.timings.event("dial", json!({ "bits": bits }));
        }
    }

    /// What was chosen of another pane's palette is put down.
    fn select_photo_pane(&mut self, pane: usize) {
        if self.state.photo_pane != pane.min(2) {
            self.state.photo_pane = pane.min(2);
            self.state.palette.put_down();
        }
    }

    pub(super) fn set_photo(&mut self, settings: PhotoSettings) {
        let state = &mut self.state;
        state.palette.settings_changed(state.photo, settings);
        state.shelf.settings_changed(state.photo, settings);
        state.photo = settings;
    }

    /// A kept result is looked at, not edited: its settings would have to be the panes' first.
    pub(super) fn editable(&self, pane: usize) -> Option<&PhotoReport> {
        if self.state.shelf.shown_in(pane).is_some() {
            return None;
        }
        finished(&self.work, self.photo.as_ref()?, self.state.photo, pane)
    }

    fn edit_palette(&mut self, edit: Edit) {
        let pane = self.state.photo_pane;
        if self.state.shelf.shown_in(pane).is_some() {
            return;
        }
        let Self { state, work, photo: Some(document), .. } = &mut *self else { return };
        let Some(report) = finished(work, document, state.photo, pane) else { return };
        if let Err(why) = state.palette.edit(&mut state.photo, pane, edit, report) {
            self.notices.error(format!("The palette stays as it is: {why}"));
        }
    }

    fn select_tensor(&mut self, tensor: usize) {
        if self.state.tensor != tensor {
            self.state.tensor = tensor;
            self.state.microscope.index = None;
            if let Some(info) = self.model.as_ref().and_then(|m| m.model.tensors.get(tensor)) {
                self.work.renew_tensor(crate::run::tensor::pictured(info));
            }
            self.state.compare_weights = Default::default();
            self.state.bridge_weights = Default::default();
        }
    }

    fn zoom(&mut self, zoom: Zoom) {
        let compare = match self.state.tab {
            Tab::Photo => vec![&mut self.state.compare_photo],
            Tab::Weights => vec![&mut self.state.compare_weights],
            Tab::Bridge => vec![&mut self.state.bridge_photo, &mut self.state.bridge_weights],
            Tab::Learn => vec![],
        };
        for compare in compare {
            match zoom {
                Zoom::Fit => compare.viewport.fit(),
                Zoom::To(zoom) => compare.viewport.set_zoom(zoom),
                Zoom::By(factor) => compare.viewport.zoom_by(factor),
            }
        }
    }

    fn ask_where_to_write_mix(&mut self, frame: &eframe::Frame) {
        let Some(document) = &self.model else { return };
        let stem = std::path::Path::new(&document.model.name).file_stem();
        let suggested = format!("{}-mix.gguf", stem.map(|s| s.to_string_lossy()).unwrap_or_default());
        if !self.dialogs {
            // Nothing to choose in: a name to go on with.
            self.desk.destination = suggested;
        } else if self.dialog.is_none() {
            self.dialog = Some(Dialog::open(Purpose::SaveMix { suggested }, frame, self.wake.clone()));
        }
    }
}

/// The finished result of what a pane is to show, once it is there: edits are made of that.
fn finished<'a>(
    work: &'a Work,
    document: &PhotoDocument,
    settings: PhotoSettings,
    pane: usize,
) -> Option<&'a PhotoReport> {
    let wanted = (document.id, settings.pane_spec(pane));
    let (key, report) = work.photo_panes.get(pane)?.report.shown()?;
    let has_palette = report.numbers.is_none();
    (*key == wanted && report.stage == Stage::Full && has_palette).then_some(&**report)
}

/// The tensor's original, if it is the one that is there.
pub(super) fn original_of(work: &Work, document: u64, tensor: usize) -> Option<Arc<TensorOriginal>> {
    work.tensor_original.shown().filter(|(key, _)| **key == (document, tensor)).map(|(_, original)| original.clone())
}

/// Where to begin in a model: the first matrix of attention, or else the first matrix.
fn most_telling(tensors: &[crate::source::tensor::Tensor]) -> usize {
    let matrix =
        |t: &&crate::source::tensor::Tensor| t.shape.len() >= 2 && t.values >= 1024 && t.unreadable().is_none();
    let find = |accept: &dyn Fn(&str) -> bool| tensors.iter().position(|t| matrix(&t) && accept(&t.name));
    let named = |part: &str| find(&|name| name.contains(part));
    let attention = ["q_proj", "attn_q", "query", "c_attn", "attn"].into_iter().find_map(named);
    attention.or_else(|| find(&|_| true)).unwrap_or(0)
}

impl eframe::App for App {
    fn logic(&mut self, _ctx: &Context, _frame: &mut eframe::Frame) {
        self.take_results();
        self.request_wanted();
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        let start = Instant::now();
        let learning = self.state.tab == Tab::Learn;
        if learning {
            learn::watch_keys(self, ui.ctx());
        }
        if self.learn.figure.take() {
            self.ask_where_to_save(What::Figure, frame);
        }
        let mut commands = keys::pressed(ui.ctx(), &self.state, &self.learn);
        shell::dropped(ui.ctx(), &mut commands);
        self.hover.clear();
        let presenting = learning && self.learn.presenting;
        if !presenting {
            shell::top_bar_ui(self, ui, &mut commands);
        }
        shell::notices_ui(self, ui, &mut commands);
        let status = (!presenting).then(|| shell::status_bar_ui(self, ui, &mut commands));
        match self.state.tab {
            Tab::Bridge => bridge::bridge_ui(self, ui, &mut commands),
            Tab::Photo => photo::photo_ui(self, ui, &mut commands),
            Tab::Weights => weights::weights_ui(self, ui, &mut commands),
            Tab::Learn => learn::learn_ui(self, ui, &mut commands),
        }
        if let Some(status) = status {
            shell::status_text_ui(self, ui, status);
        }
        shell::windows_ui(self, ui.ctx(), &mut commands);
        save::save_form_ui(self, ui.ctx(), &mut commands);
        shell::drop_overlay_ui(ui.ctx());
        let changed = !commands.is_empty();
        for command in commands {
            self.apply(command, ui.ctx(), frame);
        }
        if changed {
            // The new wishes go to the workers now, not a frame later.
            self.request_wanted();
            ui.ctx().request_repaint();
        }
        let painted = frame.info().cpu_usage.unwrap_or(0.0);
        self.timings.frame(start.elapsed().as_secs_f64().max(f64::from(painted)) * 1e3);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        eframe::set_value(storage, eframe::APP_KEY, &self.state.kept);
    }
}
