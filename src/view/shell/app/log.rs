//! What the log of timings records: each result once, when it is there.

use std::time::Instant;

use serde_json::json;

use super::App;
use crate::spec::Stage;
use crate::view::learn::act::StepPlace;
use crate::view::photo::pane_slots::PhotoPane;
use crate::view::photo::settings::MOST_PANES;
use crate::view::state::Tab;
use crate::view::work::Work;

/// The panes of the Photo tab by their places, and that of the bridge behind all there may be.
fn panes(work: &Work) -> impl Iterator<Item = (usize, &PhotoPane)> {
    work.photo_panes.iter().enumerate().chain([(MOST_PANES, &work.bridge_photo)])
}

impl App {
    /// Remembers since when the panes of the photo want what they want.
    pub(super) fn log_wishes(&mut self) {
        for (i, pane) in panes(&self.results.work) {
            let asked = &mut self.logged.asked[i];
            if asked.as_ref().map(|(key, _)| key) != pane.report.wanted() {
                *asked = pane.report.wanted().map(|key| (key.clone(), Instant::now()));
            }
        }
    }

    pub(super) fn log_results(&mut self) {
        for (i, pane) in panes(&self.results.work) {
            let (logged, asked) = (&mut self.logged.photo[i], &self.logged.asked[i]);
            let Some((key, report)) = pane.report.shown() else { continue };
            if logged.as_ref().is_none_or(|(of, stage)| (of, *stage) != (key, report.stage)) {
                *logged = Some((key.clone(), report.stage));
                let after = asked.as_ref().filter(|(wanted, _)| wanted == key).map(|(_, since)| since.elapsed());
                self.timings.event(
                    if report.stage == Stage::Full { "photo_report" } else { "photo_preview" },
                    json!({
                        "document": key.document, "pane": i, "colors": key.spec.fitted().map(|palette| palette.colors), "psnr_db": report.error.psnr_db,
                        "quantize_ms": report.quantize_time.as_secs_f64() * 1e3,
                        "after_ms": after.map(|time| time.as_secs_f64() * 1e3),
                    }),
                );
            }
        }
        let slots = self
            .results
            .work
            .tensor_panes
            .iter()
            .chain([&self.results.work.bridge_tensor])
            .zip(&mut self.logged.tensor);
        for (pane, (slot, logged)) in slots.enumerate() {
            let Some((key, report)) = slot.shown() else { continue };
            if *logged != Some((*key, report.stage)) {
                *logged = Some((*key, report.stage));
                self.timings.event(
                    if report.stage == Stage::Full { "tensor_report" } else { "tensor_preview" },
                    json!({
                        "document": key.document, "pane": pane, "tensor": key.spec.tensor, "format": key.spec.format,
                        "sqnr_db": report.error.sqnr_db(),
                    }),
                );
            }
        }
        if let Some(key) = self.results.table.complete()
            && self.logged.table.as_ref() != Some(key)
        {
            self.timings.event("table_complete", json!({ "document": key.document }));
            self.logged.table = Some(key.clone());
        }
        if let (Some(document), true) = (&self.results.model, self.results.table.arrived() > 0)
            && self.logged.first_cell != Some(document.id)
        {
            self.timings.event("table_first", json!({ "document": document.id }));
            self.logged.first_cell = Some(document.id);
        }
        if let Some(asked) =
            self.logged.cancel.filter(|_| !self.results.work.table.is_working() && !self.budget_state.is_working())
        {
            let after = asked.elapsed().as_secs_f64() * 1e3;
            self.timings.event(
                "cancelled",
                json!({ "after_ms": after, "cells_kept": self.results.table.arrived() + self.budget_state.arrived() }),
            );
            self.logged.cancel = None;
        }
        if let Some((key, formats)) = self.results.format_comparison.complete()
            && self.logged.format_comparison != Some(key)
        {
            self.timings.event(
                "format_comparison_complete",
                json!({ "document": key.document, "tensor": key.tensor, "formats": formats }),
            );
            self.logged.format_comparison = Some(key);
        }
        self.log_lesson();
    }

    /// A step is ready when nothing it shows is still being computed.
    pub(super) fn log_lesson(&mut self) {
        let place = self.learn.place().filter(|_| self.state.tab == Tab::Learn);
        if place == self.logged.lesson || self.learn.is_busy() {
            return;
        }
        self.logged.lesson = place;
        if let Some(StepPlace { lesson, step }) = place {
            self.timings.event("lesson_ready", json!({ "lesson": lesson, "step": step }));
        }
    }
}
