//! The jobs of one pane of the photo.

use std::time::Duration;

use crate::engine::control::{Control, Failure};
use crate::export::packed::PngFile;
use crate::jobs::{self, Emit, Running, Slot, Wake};
use crate::run::photo;
use crate::run::report::PhotoReport;
use crate::spec::{PhotoSpec, Stage};
use crate::view::document::{PhotoDocument, PhotoKey};

/// A reduction of the photo and, once it is there in full, its file.
pub struct PhotoPane {
    /// The reduction.
    pub report: Slot<PhotoKey, PhotoReport>,
    /// The file of the reduction that is shown.
    pub png: Slot<PhotoKey, PngFile>,
}

impl PhotoPane {
    /// Nothing is asked for yet; `wake` draws the next frame when a result is there.
    pub fn new(wake: &Wake) -> Self {
        Self {
            report: Slot::new("Reducing the photo", wake.clone()).keep_previews(),
            png: Slot::new("Compressing", wake.clone()),
        }
    }

    /// The reduction, then its file.
    pub fn jobs(&mut self) -> [&mut dyn Running; 2] {
        [&mut self.report, &mut self.png]
    }

    /// Asks for the reduction and, once it is there in full, for its file.
    pub fn request(&mut self, document: &PhotoDocument, spec: PhotoSpec) {
        let key = PhotoKey { document: document.id, spec };
        request_reduction(&mut self.report, document, key.spec.clone());
        if let Some((shown, report)) = self.report.shown()
            && *shown == key
            && report.stage == Stage::Full
        {
            let report = report.clone();
            self.png.request(key, move |emit: &Emit<'_, PngFile>, control: &Control<'_>| {
                let picture = report.written();
                let quick = PngFile::quick(crate::picture::png::of_picture(&picture, control)?);
                emit.emit(quick.clone());
                settle(picture.width as usize * picture.height as usize, control)?;
                emit.emit_final(jobs::in_turn(control, || quick.packed(control))??);
                Ok(())
            });
        }
    }

    /// The file of the reduction that is shown, when it is ready.
    pub fn file(&self) -> Option<&PngFile> {
        let (report, _) = self.report.shown()?;
        self.png.shown().filter(|(key, _)| *key == report).map(|(_, file)| &**file)
    }
}

/// A hand that drags moves again within this time.
pub(crate) const STILL: Duration = Duration::from_millis(80);

/// Lets newer wishes come first where packing takes long: it cannot be stopped half-way.
pub(crate) fn settle(pixels: usize, control: &Control<'_>) -> Result<(), Failure> {
    const LARGE: usize = 1_000_000;
    const WAIT: Duration = Duration::from_millis(600);
    Ok(jobs::settle(if pixels > LARGE { WAIT } else { Duration::ZERO }, control)?)
}

/// Asks for a reduction of the photo.
pub(crate) fn request_reduction(slot: &mut Slot<PhotoKey, PhotoReport>, document: &PhotoDocument, spec: PhotoSpec) {
    let image = document.photo.image.clone();
    let key = PhotoKey { document: document.id, spec: spec.clone() };
    slot.request(key, move |emit: &Emit<'_, PhotoReport>, control: &Control<'_>| {
        if photo::preview_pays(&image) && spec.candidate().is_none() {
            emit.emit(photo::reduce(&image, spec.clone(), Stage::Preview, control)?);
            // Under a hand that drags, the previews of all panes go before the whole of any.
            jobs::settle(STILL, control)?;
        }
        if photo::draft_pays(&image, &spec) {
            // Whoever stops the work after this has a picture of every pixel.
            emit.emit(photo::reduce(&image, spec.clone(), Stage::Draft, control)?);
        }
        emit.emit_final(photo::reduce(&image, spec, Stage::Full, control)?);
        Ok(())
    });
}
