//! What some views of the photo need beside its reductions, made only while they are looked at: maps of the
//! squared error, and the cloud of colours.

use std::sync::Arc;

use super::compare::Mode;
use super::error_map::ErrorKind;
use super::state::State;
use super::work::{PhotoDocument, PhotoKey, PhotoPane};
use crate::engine::control::Control;
use crate::jobs::{Emit, Slot, Wake};
use crate::picture::Picture;
use crate::report::PhotoReport;
use crate::run::cloud::{CloudReport, cloud_report};
use crate::run::photo;
use crate::spec::Stage;

pub struct PhotoViews {
    pub squared: [Slot<PhotoKey, Arc<Picture>>; 3],
    /// Of the chosen pane.
    pub cloud: Slot<PhotoKey, CloudReport>,
}

impl PhotoViews {
    pub fn new(wake: &Wake) -> Self {
        Self {
            squared: [1, 2, 3].map(|i| Slot::new(&format!("squared-{i}"), wake.clone())),
            cloud: Slot::new("cloud", wake.clone()),
        }
    }

    pub fn poll(&mut self) {
        self.squared.iter_mut().for_each(Slot::poll);
        self.cloud.poll();
    }

    pub fn cancel(&mut self) {
        self.squared.iter_mut().for_each(Slot::cancel);
        self.cloud.cancel();
    }

    pub fn retry(&mut self) {
        self.squared.iter_mut().for_each(Slot::retry);
        self.cloud.retry();
    }

    /// For another photo: nothing of the last one is asked for again.
    pub fn renew(&mut self, most_kept: usize) {
        self.squared.iter_mut().for_each(Slot::clear);
        self.squared.iter_mut().for_each(|slot| slot.renew(most_kept));
        self.cloud.clear();
    }

    pub fn busiest(&self) -> Option<(&'static str, Option<f32>)> {
        let map = self.squared.iter().find(|s| s.is_busy()).map(|s| ("Mapping the error", s.progress()));
        map.or_else(|| self.cloud.is_busy().then(|| ("Placing the colours", self.cloud.progress())))
    }

    pub fn is_cancelled(&self) -> bool {
        self.squared.iter().any(Slot::is_cancelled) || self.cloud.is_cancelled()
    }

    pub fn errors(&self) -> impl Iterator<Item = &str> {
        self.squared.iter().filter_map(Slot::error).chain(self.cloud.error())
    }

    /// Asks for what the mode shows, of those reductions that are there in full.
    pub fn request(&mut self, document: &PhotoDocument, state: &State, panes: &[PhotoPane; 3]) {
        match state.photo_mode {
            Mode::ErrorMap if state.photo_error == ErrorKind::Squared => {
                for (slot, pane) in self.squared.iter_mut().zip(panes) {
                    if let Some((key, report)) = finished(pane, document.id) {
                        request_squared(slot, document, key, report);
                    }
                }
            }
            Mode::Cloud => {
                if let Some((key, report)) = finished(&panes[state.photo_pane], document.id) {
                    let (image, report) = (document.photo.image.clone(), report.clone());
                    self.cloud.request(key, move |emit: &Emit<'_, CloudReport>, control: &Control<'_>| {
                        emit.emit_final(cloud_report(&image, &report.palette, key.1, control)?);
                        Ok(())
                    });
                }
            }
            _ => {}
        }
    }
}

fn finished(pane: &PhotoPane, document: u64) -> Option<(PhotoKey, &Arc<PhotoReport>)> {
    let (key, report) = pane.report.shown()?;
    (key.0 == document && report.stage == Stage::Full).then_some((*key, report))
}

fn request_squared(
    slot: &mut Slot<PhotoKey, Arc<Picture>>,
    document: &PhotoDocument,
    key: PhotoKey,
    report: &Arc<PhotoReport>,
) {
    let (image, report) = (document.photo.image.clone(), report.clone());
    slot.request(key, move |emit: &Emit<'_, Arc<Picture>>, control: &Control<'_>| {
        emit.emit_final(photo::squared_map(&image, &report, control)?);
        Ok(())
    });
}
