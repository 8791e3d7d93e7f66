//! What some views of the photo need beside its reductions, made only while they are looked at: maps of the
//! squared error, and the cloud of colours.

use std::sync::Arc;

use crate::jobs::{Running, Slot, Wake, each};
use crate::picture::Picture;
use crate::run::cloud::{CloudReport, cloud_report};
use crate::run::photo;
use crate::run::report::PhotoReport;
use crate::spec::Stage;
use crate::view::document::{DocumentId, PhotoDocument, PhotoKey};
use crate::view::photo::error_kind::ErrorKind;
use crate::view::photo::pane_slots::PhotoPane;
use crate::view::widgets::compare::mode::Mode;

pub(crate) struct PhotoViews {
    pub squared: [Slot<PhotoKey, Arc<Picture>>; 3],
    /// The colours of the chosen pane in space.
    pub cloud: Slot<PhotoKey, CloudReport>,
}

impl PhotoViews {
    pub(crate) fn new(wake: &Wake) -> Self {
        Self {
            squared: [(); 3].map(|()| Slot::new("Mapping the error", wake.clone())),
            cloud: Slot::new("Placing the colours", wake.clone()),
        }
    }

    /// All its jobs, in the order in which a user waits for them.
    pub(crate) fn jobs(&mut self) -> impl Iterator<Item = &mut dyn Running> {
        each(&mut self.squared).chain(each([&mut self.cloud]))
    }

    /// Asks for what the mode shows, with the error maps of this kind or for the chosen pane, of those reductions that
    /// are there in full.
    pub(crate) fn request(
        &mut self,
        document: &PhotoDocument,
        (mode, kind, chosen): (Mode, ErrorKind, usize),
        panes: &[PhotoPane; 3],
    ) {
        match mode {
            Mode::ErrorMap if kind == ErrorKind::Squared => {
                for (slot, pane) in self.squared.iter_mut().zip(panes) {
                    if let Some((key, report)) = finished(pane, document.id) {
                        request_squared(slot, document, key, report);
                    }
                }
            }
            Mode::Cloud => {
                if let Some((key, report)) = finished(&panes[chosen], document.id) {
                    let (image, report) = (document.photo.image.clone(), report.clone());
                    let spec = key.spec.clone();
                    self.cloud.request_value(key, move |control| cloud_report(&image, &report.palette, spec, control));
                }
            }
            _ => {}
        }
    }
}

fn finished(pane: &PhotoPane, document: DocumentId) -> Option<(PhotoKey, &Arc<PhotoReport>)> {
    let (key, report) = pane.report.shown()?;
    (key.document == document && report.stage == Stage::Full).then(|| (key.clone(), report))
}

fn request_squared(
    slot: &mut Slot<PhotoKey, Arc<Picture>>,
    document: &PhotoDocument,
    key: PhotoKey,
    report: &Arc<PhotoReport>,
) {
    let (image, report) = (document.photo.image.clone(), report.clone());
    slot.request_value(key, move |control| photo::squared_map(&image, &report, control));
}
