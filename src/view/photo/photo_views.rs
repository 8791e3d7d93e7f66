//! What the photo's tab needs beside its reductions, made only while it is looked at: error maps, the cloud of colours,
//! what models of the eye make of the panes, and a colour of the palette while another is mixed for its place.

use std::sync::Arc;

use crate::engine::control::{Control, Failure};
use crate::engine::metric::EyeError;
use crate::export::packed;
use crate::jobs::{self, Emit, Held, Running, Slot, Wake, each};
use crate::picture::Picture;
use crate::run::cloud::{CloudReport, cloud_report};
use crate::run::photo;
use crate::run::report::PhotoReport;
use crate::run::target::{self, Point};
use crate::spec::{PaletteSpec, Stage};
use crate::view::document::{DocumentId, PhotoDocument, PhotoKey};
use crate::view::photo::error_kind::ErrorKind;
use crate::view::photo::error_map::MapKey;
use crate::view::photo::pane_slots::{PhotoPane, settle};
use crate::view::photo::settings::MOST_PANES;
use crate::view::photo::target_state::TargetKey;
use crate::view::widgets::compare::mode::Mode;

/// A reduction in which a colour of the palette is another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DraftKey {
    pub of: PhotoKey,
    pub from: [u8; 4],
    pub to: [u8; 4],
}

pub(crate) struct PhotoViews {
    /// The chosen pane with the colour that is being mixed.
    pub draft: Slot<DraftKey, Arc<Picture>>,
    /// The panes' error maps, of a kind that no report carries, in the panes' order.
    pub maps: [Slot<MapKey, Arc<Picture>>; MOST_PANES],
    /// The colours of the chosen pane in space.
    pub cloud: Slot<PhotoKey, CloudReport>,
    /// Files of many numbers of colours, as they come.
    pub frontier: Slot<PhotoKey, Vec<Point>>,
    /// The file that meets a target.
    pub target: Slot<TargetKey, Point>,
    /// What models of the eye make of the panes' reductions: it comes after them and holds nothing up.
    pub eyes: [Slot<PhotoKey, EyeError>; MOST_PANES],
}

impl PhotoViews {
    pub(crate) fn new(wake: &Wake) -> Self {
        Self {
            draft: Slot::new("Recolouring", wake.clone()),
            maps: [(); MOST_PANES].map(|()| Slot::new("Mapping the error", wake.clone())),
            cloud: Slot::new("Placing the colours", wake.clone()),
            frontier: Slot::new("Measuring bytes and quality", wake.clone()),
            target: Slot::new("Looking for the file", wake.clone()),
            eyes: [(); MOST_PANES].map(|()| Slot::new("Comparing as the eye does", wake.clone())),
        }
    }

    /// All its jobs, in the order in which a user waits for them.
    pub(crate) fn jobs(&mut self) -> impl Iterator<Item = &mut dyn Running> {
        let (draft, cloud, target, frontier) = (&mut self.draft, &mut self.cloud, &mut self.target, &mut self.frontier);
        let asked = each([draft]).chain(each(&mut self.maps)).chain(each([cloud])).chain(each([target]));
        asked.chain(each(&mut self.eyes)).chain(each([frontier]))
    }

    /// What nobody looks at is not gone on with.
    pub(crate) fn stop_targets(&mut self) {
        if self.frontier.is_busy() {
            self.frontier.clear();
        }
        if self.target.is_busy() {
            self.target.clear();
        }
    }

    /// Asks for the file that meets a target, and for the frontier of bytes and quality.
    pub(crate) fn request_target(&mut self, document: &PhotoDocument, base: PaletteSpec, asked: Option<&TargetKey>) {
        let photo = PhotoKey { document: document.id, spec: base.clone().into() };
        if let Some(key) = asked.filter(|asked| asked.photo == photo) {
            let (image, base, target) = (document.photo.image.clone(), base.clone(), key.target);
            self.target.request_value(key.clone(), move |control| {
                jobs::in_background(|| target::best(&image, &base, target, &packed::png_size, control))
            });
        }
        let image = document.photo.image.clone();
        self.frontier.request(photo, move |emit, control| {
            let mut points = Vec::new();
            let found = |point: Point| {
                points.push(point);
                emit.emit(points.clone());
            };
            jobs::in_background(|| target::frontier(&image, &base, &packed::png_size, found, control))?;
            emit.emit_final(points);
            Ok(())
        });
    }

    /// Asks for the chosen pane with another colour in the place of one of its palette's.
    pub(crate) fn request_draft(&mut self, document: DocumentId, pane: &PhotoPane, (from, to): ([u8; 4], [u8; 4])) {
        let Some((of, report)) = finished(pane, document) else { return };
        let report = report.clone();
        self.draft.request(DraftKey { of, from, to }, move |emit, _| {
            if let Some(picture) = report.picture.recoloured(from, to) {
                emit.emit_final(Arc::new(picture));
            }
            Ok(())
        });
    }

    /// The maps and figures of the panes behind a closed one go with their panes.
    pub(crate) fn close_pane(&mut self, pane: usize) {
        close(&mut self.maps, pane);
        close(&mut self.eyes, pane);
    }

    /// Asks for what the mode shows, with the error maps of this kind or for the chosen pane, and for the figures of the
    /// eye, of those reductions that are there in full.
    pub(crate) fn request(
        &mut self,
        document: &PhotoDocument,
        (mode, kind, chosen): (Mode, ErrorKind, usize),
        panes: &[PhotoPane],
    ) {
        match mode {
            Mode::ErrorMap => {
                for (slot, pane) in self.maps.iter_mut().zip(panes) {
                    if let (Some(map), Some((photo, report))) = (kind.computed(), finished(pane, document.id)) {
                        let (image, report) = (document.photo.image.clone(), report.clone());
                        slot.request_value(MapKey { photo, kind }, move |control| map(&image, &report, control));
                    }
                }
            }
            Mode::Cloud => {
                if let Some((key, report)) = panes.get(chosen).and_then(|pane| finished(pane, document.id)) {
                    let (image, report) = (document.photo.image.clone(), report.clone());
                    let spec = key.spec.clone();
                    self.cloud.request_value(key, move |control| cloud_report(&image, &report.palette, spec, control));
                }
            }
            _ => {}
        }
        self.request_eyes(document, chosen, panes);
    }

    /// One pane after the other, the chosen one first: each takes memory by the hundred megabytes where photos are large.
    /// When the user has stopped one, no other is begun.
    fn request_eyes(&mut self, document: &PhotoDocument, chosen: usize, panes: &[PhotoPane]) {
        // Those of panes that are there no more stand in nobody's way.
        self.eyes.iter_mut().skip(panes.len()).for_each(Slot::clear);
        for pane in [chosen].into_iter().chain(0..panes.len()) {
            let is_in_the_way = |eye: &Slot<PhotoKey, EyeError>| eye.is_busy() || eye.is_cancelled();
            let has_to_wait = self.eyes.iter().enumerate().any(|(other, eye)| other != pane && is_in_the_way(eye));
            let found = panes.get(pane).and_then(|pane| finished(pane, document.id)).filter(|_| !has_to_wait);
            if let (Some((key, report)), Some(eye)) = (found, self.eyes.get_mut(pane)) {
                request_eye(eye, document, key, report);
            }
        }
    }

    /// What models of the eye make of the reduction that a pane shows, once it is known.
    pub(crate) fn eye_of(&self, pane: usize, shown: &PhotoKey) -> Option<EyeError> {
        self.eyes.get(pane)?.shown().filter(|(key, _)| *key == shown).map(|(_, eye)| **eye)
    }
}

/// Those behind a closed one move up.
fn close<K: Clone + PartialEq + Send + 'static, T: Held>(slots: &mut [Slot<K, T>], pane: usize) {
    if let Some(from) = slots.get_mut(pane..).filter(|from| !from.is_empty()) {
        from[0].clear();
        from.rotate_left(1);
    }
}

fn finished(pane: &PhotoPane, document: DocumentId) -> Option<(PhotoKey, &Arc<PhotoReport>)> {
    let (key, report) = pane.report.shown()?;
    (key.document == document && report.stage == Stage::Full).then(|| (key.clone(), report))
}

fn request_eye(
    slot: &mut Slot<PhotoKey, EyeError>,
    document: &PhotoDocument,
    key: PhotoKey,
    report: &Arc<PhotoReport>,
) {
    let (image, report) = (document.photo.image.clone(), report.clone());
    slot.request(key, move |emit: &Emit<'_, EyeError>, control: &Control<'_>| -> Result<(), Failure> {
        settle(image.rgba.len(), control)?;
        if let Some(eye) = jobs::in_background(|| photo::eye_error(&image, &report, control))? {
            emit.emit_final(eye);
        }
        Ok(())
    });
}
