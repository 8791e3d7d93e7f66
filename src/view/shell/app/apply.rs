//! Commands carried out: the one place where what a view asks for changes anything.

use std::time::Instant;

use egui::Context;
use serde_json::json;

use super::App;
use crate::palette::edit::Edit;
use crate::view::command::{Command, Zoom};
use crate::view::document::Origin;
use crate::view::photo::destination::Destination;
use crate::view::photo::settings::{Goal, PhotoSettings};
use crate::view::photo::target_state::TargetAct;
use crate::view::shell::dialog::{Dialog, Purpose};
use crate::view::shell::notices::About;
use crate::view::state::{Side, Tab};
use crate::view::widgets::dial;

impl App {
    pub(super) fn apply(&mut self, command: Command, ctx: &Context, frame: &eframe::Frame) {
        let state = &mut self.state;
        match command {
            Command::Show(tab) => {
                if tab != Tab::Learn {
                    self.learn.end_presenting(ctx);
                }
                state.tab = tab;
                self.timings.event("tab", json!({ "tab": format!("{tab:?}") }));
            }
            Command::OpenDialog(purpose) => {
                let opens = self.dialog.is_none() && self.dialogs;
                state.show_open |= !opens || matches!(purpose, Purpose::Open(None));
                state.open_to = purpose.destination();
                if opens {
                    self.dialog = Some(Dialog::open(purpose, frame, self.wake.clone()));
                }
            }
            Command::OpenPaths(paths, to) => {
                state.show_open = false;
                self.open_paths(paths, to);
            }
            Command::DirectPalette(pane) => {
                if let (Some(palette), Some(pane)) = (state.palette.undirected.take(), pane) {
                    self.give_palette(palette, Destination::Pane(pane));
                }
            }
            Command::ToggleOpenPanel => {
                state.show_open = !state.show_open;
                state.open_to = Destination::Chosen;
            }
            Command::SetDial(bits) => self.set_dial(bits),
            Command::TurnDial(step) => {
                let bits = dial::neighbour(state.dial, step);
                self.set_dial(bits);
            }
            Command::ShowBelow(below) => state.below = below,
            Command::SetPhoto(settings) => self.set_photo(settings),
            Command::SetGoal(goal) => {
                state.custom = goal == Goal::Custom;
                let settings = state.photo.with_goal(goal, state.photo_pane, state.all_panes);
                self.set_photo(settings);
            }
            Command::ToggleAllPanes => state.all_panes = !state.all_panes,
            Command::AddPane => state.add_pane(),
            Command::ClosePane(pane) => {
                if state.close_pane(pane) {
                    self.results.work.close_photo_pane(pane);
                }
            }
            Command::SetWeights(settings) => state.set_weights(settings),
            Command::SetPaneFormat(pane, format) => {
                if let Some(chosen) = state.pane_formats.get_mut(pane) {
                    *chosen = format;
                }
            }
            Command::ShowSide(side) => state.weights_side = side,
            Command::ToggleSide(side) => {
                state.weights_side = if state.weights_side == side { Side::Tensors } else { side };
                self.budget_state.called_by_key = state.weights_side == Side::Budget;
            }
            Command::SortMicroscope(by) => state.microscope.sort = by,
            Command::Budget(action) => self.budget_state.apply(action, self.results.model.as_ref()),
            Command::ChooseMixFile => self.ask_where_to_write_mix(frame),
            Command::ToggleFamily(family) => state.format_comparison.toggle(family),
            Command::SetComparisonScale(scale) => state.format_comparison.set_scale(scale),
            Command::PointAtFormat(format) => state.format_comparison.cursor = Some(format),
            Command::StepFrontier(step) => {
                if let Some(format) = self.results.format_comparison.neighbour(&state.format_comparison, step) {
                    state.format_comparison.cursor = Some(format);
                }
            }
            Command::SelectTensor(tensor) => self.select_tensor(tensor),
            Command::StepTensor(step) => {
                if let Some(tensor) = self.results.table.neighbour(state.tensor, step) {
                    self.select_tensor(tensor);
                    self.results.table.scroll_to_selected();
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
            Command::Copy(what) => self.copy(what, ctx),
            Command::Paste { into_text } => self.paste(into_text),
            Command::Save(what) => self.ask_where_to_save(what, frame),
            Command::SaveTo(what, path) => self.save_typed(what, path),
            Command::CloseSaveForm => state.save_form = None,
            Command::LockGivenColours => self.lock_given_colours(),
            Command::SetLook(look) => state.palette.look = look,
            Command::TogglePanels => state.toggle_panels(),
            Command::Shelf(action) => self.act_on_shelf(action),
            Command::Target(act) => self.act_on_target(act),
            Command::ChooseSwatch(pane, color) => {
                self.select_photo_pane(pane);
                self.state.palette.close();
                self.state.palette.chosen = color;
            }
            Command::SetGesture(gesture) => state.palette.begin(gesture),
            Command::EditPalette(edit) => {
                self.edit_palette(edit);
            }
            Command::Undo => state.undo(),
            Command::Redo => state.redo(),
            Command::ResetPalette(pane) => state.palette.reset(&mut state.photo, pane),
            Command::SortPalettes(order) => state.palette.order = order,
            Command::Learn(act) => self.learn.apply(&act, ctx),
            Command::OpenSamples => self.enqueue(vec![Origin::SamplePhoto, Origin::SampleModel]),
            Command::CancelJobs => {
                self.logged.cancel = Some(Instant::now());
                self.learn.pause();
                self.cancel_jobs();
            }
            Command::RetryJobs => self.retry_jobs(),
            Command::Tray(action) => self.act_on_tray(action),
            Command::DismissNotice(at) => self.notices.dismiss(at),
            Command::DismissAllNotices => self.notices.dismiss_all(),
            Command::ShowAllNotices => self.notices.show_all(),
            Command::ToggleTheme => {
                let dark = ctx.theme() == egui::Theme::Dark;
                ctx.set_theme(if dark { egui::Theme::Light } else { egui::Theme::Dark });
            }
            Command::ToggleKeys => state.show_keys = !state.show_keys,
        }
    }

    pub(super) fn set_dial(&mut self, bits: u8) {
        if crate::run::DIAL.contains(&bits) {
            self.state.dial = bits;
            self.timings.event("dial", json!({ "bits": bits }));
        }
    }

    /// What was chosen of another pane's palette is put down.
    pub(in crate::view) fn select_photo_pane(&mut self, pane: usize) {
        if self.state.photo_pane != pane && pane < self.state.photo.panes.len() {
            self.state.photo_pane = pane;
            self.state.palette.close();
        }
    }

    pub(in crate::view) fn set_photo(&mut self, settings: PhotoSettings) {
        let state = &mut self.state;
        let settings = settings.chosen_after(&state.photo, state.photo_pane);
        state.palette.settings_changed(&state.photo, &settings);
        state.shelf.settings_changed(&state.photo, &settings);
        state.photo = settings;
    }

    fn act_on_target(&mut self, act: TargetAct) {
        match act {
            TargetAct::Toggle => self.state.target.toggle(),
            TargetAct::Find(key) => self.state.target.asked = Some(key),
            TargetAct::Take(found, base) => {
                let (pane, spec) = (self.state.photo_pane, found.clone().into());
                let Some(shown) = self.state.photo.panes.get(pane).map(|pane| pane.showing(&spec)) else { return };
                self.set_photo(self.state.photo.with_pane(pane, shown, false));
                self.state.shelf.hide(pane);
                self.state.target.took(found, base);
            }
        }
    }

    /// Whether the edit was made; where it cannot be made, it is told why.
    pub(super) fn edit_palette(&mut self, edit: Edit) -> bool {
        let pane = self.state.photo_pane;
        let Some(report) = self.results.editable(&self.state, pane) else { return false };
        match self.state.palette.edit(&mut self.state.photo, pane, edit, report) {
            Ok(()) => self.notices.succeeded(&About::Editing),
            Err(why) => {
                self.notices.error(About::Editing, format!("The palette stays as it is: {why}"));
                return false;
            }
        }
        true
    }

    pub(super) fn select_tensor(&mut self, tensor: usize) {
        if self.state.tensor != tensor {
            self.state.tensor = tensor;
            self.state.microscope.index = None;
            self.state.compare_weights = Default::default();
            self.state.bridge_weights = Default::default();
        }
    }

    pub(super) fn zoom(&mut self, zoom: Zoom) {
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

    pub(super) fn ask_where_to_write_mix(&mut self, frame: &eframe::Frame) {
        let Some(document) = &self.results.model else { return };
        let stem = std::path::Path::new(&document.model.name).file_stem();
        let suggested = format!("{}-mix.gguf", stem.map(|s| s.to_string_lossy()).unwrap_or_default());
        if !self.dialogs {
            // Nothing to choose in: a name to go on with.
            self.budget_state.destination = suggested;
        } else if self.dialog.is_none() {
            self.dialog = Some(Dialog::open(Purpose::SaveMix { suggested }, frame, self.wake.clone()));
        }
    }
}
