//! What is wanted: asked for anew every frame, which costs nothing where it is wanted already.

use std::time::Instant;

use super::App;
use crate::jobs::Running;
use crate::view::bridge::below::Below;
use crate::view::bridge::photo::photo_spec;
use crate::view::document::TableKey;
use crate::view::state::{Side, Tab};
use crate::view::work::{Work, request_tensor};

impl App {
    pub(super) fn request_wanted(&mut self) {
        self.asked_at = Instant::now();
        self.results.work.set_photo_panes(self.state.photo.panes.len(), &self.wake);
        self.open_next();
        if let Some(photo) = self.results.photos.awaited() {
            self.results.work.request_reopen(photo);
        }
        self.request_edited();
        if self.state.tab != Tab::Photo || !self.state.target.is_open {
            self.results.work.photo_views.stop_targets();
        }
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
                if !self.results.work.is_photo_busy() {
                    self.request_weights();
                }
            }
            Tab::Weights => {
                self.request_weights();
                if !self.results.work.is_weights_busy() {
                    self.request_photo();
                }
            }
            Tab::Learn => self.request_lesson(),
        }
        self.log_wishes();
    }

    /// What lessons build on; each exhibit asks for its own.
    pub(super) fn request_lesson(&mut self) {
        if let Some(document) = self.results.photos.current() {
            self.results.work.request_photo_original(document);
            self.results.work.request_full_png(document);
        }
        if let Some(document) = &self.results.model {
            self.results.work.request_tensor_original(document, self.results.tensor_with_weights(self.state.tensor));
            self.results.work.request_loaded(document);
        }
        self.learn.update(&self.results, self.state.tensor);
    }

    /// What the model says and what its layers lose, while the bridge shows it.
    pub(super) fn request_talk(&mut self) {
        let (Some(document), true) = (&self.results.model, self.state.below != Below::Error) else { return };
        self.results.work.request_loaded(document);
        let Some(speaking) = self.results.speaking() else { return };
        let format = self.state.weights.format(self.state.dial);
        match self.state.below {
            Below::Error => {}
            Below::Says => self.talk.request_generation(speaking, format),
            Below::Layers => self.talk.request_layers(speaking, format),
        }
    }
    pub(super) fn request_photo(&mut self) {
        let Some(document) = self.results.photos.current() else { return };
        self.results.work.request_photo_original(document);
        let on_bridge = self.state.tab == Tab::Bridge;
        if on_bridge {
            self.results.work.bridge_photo.request(document, photo_spec(self.state.dial));
        }
        if !on_bridge || !self.results.work.bridge_photo.report.is_busy() {
            for (i, pane) in self.results.work.photo_panes.iter_mut().enumerate() {
                pane.request(document, self.state.pane_spec(i));
            }
            self.request_versus();
        }
        let Some(document) = self.results.photos.current() else { return };
        if self.state.tab == Tab::Photo {
            let looked_at = (self.state.photo_mode, self.state.photo_error, self.state.photo_pane);
            self.results.work.photo_views.request(document, looked_at, &self.results.work.photo_panes);
            if let Some(base) = self.state.target.base(&self.state.pane_spec(self.state.photo_pane))
                && self.state.target.is_open
                && !self.results.work.is_photo_busy()
            {
                self.results.work.photo_views.request_target(document, base, self.state.target.asked.as_ref());
            }
            let chosen = self.results.work.photo_panes.get(self.state.photo_pane);
            if let (Some(draft), Some(pane)) = (self.state.palette.draft(), chosen) {
                self.results.work.photo_views.request_draft(document.id, pane, draft);
            }
        }
        if !self.results.work.is_photo_busy() && !self.results.work.is_photo_cancelled() {
            self.results.work.request_full_png(document);
            self.results.work.request_photo_rate(document);
        }
    }

    pub(super) fn request_weights(&mut self) {
        let Some(document) = &self.results.model else { return };
        let (tensor, settings) = (self.state.tensor, self.state.weights);
        self.results.work.request_tensor_original(document, tensor);
        let on_comparison = self.state.tab == Tab::Weights && self.state.weights_side == Side::FormatComparison;
        let on_microscope = self.state.tab == Tab::Weights && self.state.weights_side == Side::Microscope;
        if on_comparison {
            self.results.format_comparison.set_key(document.tensor_id(tensor));
        }
        if on_microscope {
            self.results.microscope.set_key(document.tensor_id(tensor));
        }
        let original = self.results.tensor_original(tensor).cloned();
        if self.state.tab == Tab::Weights {
            let Work { weight_views, tensor_panes, .. } = &mut self.results.work;
            weight_views.request_bin_members(self.state.pointed, original.as_ref(), tensor_panes);
        }
        if let Some(original) = original {
            if self.state.tab == Tab::Bridge {
                request_tensor(
                    &mut self.results.work.bridge_tensor,
                    document,
                    &original,
                    settings.format(self.state.dial),
                );
            }
            if self.state.tab == Tab::Weights {
                for (slot, format) in self.results.work.tensor_panes.iter_mut().zip(self.state.pane_formats()) {
                    request_tensor(slot, document, &original, format);
                }
            }
            if let (Tab::Weights, Some(plot)) = (self.state.tab, self.state.tensor_plots.shown) {
                let Work { weight_views, tensor_panes, .. } = &mut self.results.work;
                weight_views.request(plot, document.id, &original, tensor_panes, self.state.weights_pane);
            }
            let reducing =
                self.results.work.tensor_panes.iter().chain([&self.results.work.bridge_tensor]).any(|s| s.is_busy());
            if !reducing {
                self.results.work.request_tensor_rate(document, tensor, settings);
            }
            if let Some(index) = self.state.microscope.index.filter(|_| on_microscope) {
                self.results.work.request_microscope(document, tensor, index, &self.results.microscope.prepared);
            }
            if !reducing && on_comparison {
                self.results.work.request_format_comparison(document, tensor, self.results.format_comparison.missing());
            }
        }
        let formats = self.state.table.formats(self.state.pane_formats());
        let with_statistics = self.state.table.statistics;
        let key = TableKey { document: document.id, formats, with_statistics };
        self.results.table.set_key(document, &key);
        let chosen = self.state.pane_format(self.state.weights_pane);
        self.results.table.arrange(document, &self.state.table, &key.formats, chosen);
        self.results.work.request_table(document, &key, || self.results.table.missing(tensor));
        if self.state.tab == Tab::Weights && self.state.weights_side == Side::Budget {
            self.budget_state.request(document);
        }
    }
}
