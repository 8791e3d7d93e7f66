//! Saving: what of the photo can be saved, where to, and the work of it beside the window. What is asked for
//! while a file is being written waits for its turn; none is lost.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::App;
use crate::engine::control::Control;
use crate::export::packed::Reduced;
use crate::export::photo_table::{self, Row};
use crate::export::{destination, sheet};
use crate::figures;
use crate::jobs::{self, Running};
use crate::palette::order::listed;
use crate::picture::error::PngError;
use crate::run::photo;
use crate::run::report::{PhotoCoding, PhotoReport};
use crate::signal::sound;
use crate::spec::{PhotoSpec, Stage};
use crate::view::document::PhotoDocument;
use crate::view::photo::pane::shown_report;
use crate::view::shell::dialog::{Dialog, Purpose};
use crate::view::shell::notices::About;
use crate::view::shell::savable::Savable;
use crate::view::shell::save_form::SaveForm;
use crate::view::widgets::lettering::Lettering;
use crate::view::work::{Bytes, SaveJob, Saved};

impl App {
    pub(crate) fn ask_where_to_save(&mut self, what: Savable, frame: &eframe::Frame) {
        let Some(document) = self.results.photos.current() else { return };
        if self.dialog.is_some() {
            return;
        }
        let checked = match what.of_folder() {
            Some(_) if self.saving.batch.is_some() => Err("other files are still being written".to_owned()),
            Some(_) => Ok(()),
            None => self.bytes_of(what, Path::new("")).map(drop),
        };
        if let Err(why) = checked {
            self.notices.error(About::Saving(what), format!("Nothing to save yet: {why}"));
            return;
        }
        let suggested = self.suggested_name(document, what);
        if self.dialogs {
            self.dialog = Some(Dialog::open(Purpose::Save { what, suggested }, frame, self.wake.clone()));
        } else {
            self.open_save_form(what, &suggested);
        }
    }

    /// A path to be typed, beside the photo or else where the program was started.
    pub(crate) fn open_save_form(&mut self, what: Savable, suggested: &str) {
        let beside = self.results.photos.current().and_then(|d| d.photo.path.as_deref()).and_then(Path::parent);
        let folder = match beside {
            Some(folder) => std::path::absolute(folder).ok(),
            None => std::env::current_dir().ok(),
        };
        let path = folder.unwrap_or_default().join(suggested).display().to_string();
        self.state.save_form = Some(SaveForm::new(what, path));
    }

    /// To the path in the form; a file that is there is replaced only where the form says so.
    pub(crate) fn save_typed(&mut self, what: Savable, path: PathBuf) {
        let replace = self.state.save_form.take().is_some_and(|form| form.is_taken);
        self.save_to(what, path, replace);
    }

    /// A path of the wrong ending stays in the form, to be mended there.
    pub(crate) fn save_to(&mut self, what: Savable, path: PathBuf, replace: bool) {
        if let Some(kind) = what.of_folder() {
            self.begin_batch(what, kind, path, replace);
            return;
        }
        if let Err(why) = destination::ending(&path, what.label(), &[what.extension()]) {
            self.ask_again(what, &path, why.to_string());
            return;
        }
        match self.bytes_of(what, &path) {
            Ok(bytes) => {
                if let Some(lost) = self.lost(what) {
                    self.notices.error(About::Itself, format!("{}: {lost}", path.display()));
                }
                self.saving.waiting.push_back((what, SaveJob { path, replace, bytes }));
            }
            Err(why) => self.not_saved(what, &path, format!("{}: {why}", path.display())),
        }
    }

    /// Where the path was typed it stays in the form beside the reason, to be mended or tried again.
    fn not_saved(&mut self, what: Savable, path: &Path, why: String) {
        self.notices.error(About::Saving(what), format!("Not saved: {why}"));
        if !self.dialogs {
            self.ask_again(what, path, why);
        }
    }

    fn ask_again(&mut self, what: Savable, path: &Path, why: String) {
        let form = SaveForm::new(what, path.display().to_string());
        self.state.save_form = Some(SaveForm { problem: Some(why), ..form });
    }

    /// What a palette file does not hold of the palette on show.
    fn lost(&self, what: Savable) -> Option<String> {
        let (Savable::Palette(pane, kind), Some(document)) = (what, self.results.photos.current()) else { return None };
        let report = shown_report(self.results.work.photo_panes.get(pane)?, document.id)?;
        let list = listed(self.state.palette.order, &report.palette, report.spec.given(), String::new());
        kind.lost(&list)
    }

    /// Says how the last file went and begins the next.
    pub(crate) fn take_saved(&mut self) {
        if let Some(why) = self.results.work.save.error().map(str::to_owned) {
            self.timings.event("not_saved", json!({ "message": why }));
            self.results.work.save.clear();
            if let Some((what, path)) = self.saving.current.take() {
                self.not_saved(what, &path, why);
            }
        } else if let Some((_, saved)) = self.results.work.save.shown() {
            match &**saved {
                Saved::Taken(path) => {
                    let path = path.display().to_string();
                    let form = |(what, _)| SaveForm { is_taken: true, ..SaveForm::new(what, path) };
                    self.state.save_form = self.saving.current.take().map(form);
                }
                Saved::Done { path, bytes } => {
                    let path = path.display().to_string();
                    self.timings.event("saved", json!({ "path": path, "bytes": bytes }));
                    let about = self.saving.current.take().map_or(About::Itself, |(what, _)| About::Saving(what));
                    self.notices.done(about, format!("Saved {path}, {} bytes", figures::count(*bytes)));
                }
            }
            self.results.work.save.clear();
        }
        if !self.results.work.save.is_busy()
            && let Some((what, job)) = self.saving.waiting.pop_front()
        {
            self.saving.current = Some((what, job.path.clone()));
            let id = self.fresh_id();
            self.results.work.request_save(id, job);
        }
    }

    /// The work that makes the file of what is on show now.
    ///
    /// # Errors
    /// What is missing, for people.
    fn bytes_of(&self, what: Savable, path: &Path) -> Result<Bytes, String> {
        let document = self.results.photos.current().ok_or("there is no photo")?;
        let shown = |pane: usize| {
            self.results
                .work
                .photo_panes
                .get(pane)
                .and_then(|p| shown_report(p, document.id))
                .ok_or(UNFINISHED.to_owned())
        };
        Ok(match what {
            Savable::Picture(pane, kind) => {
                let png = self.results.work.photo_panes.get(pane).and_then(|p| p.file()).cloned().ok_or(UNFINISHED)?;
                let reduced = Reduced { picture: full(shown(pane)?)?.written(), png, pack: true };
                Box::new(move |control| Ok(jobs::in_turn(control, || (kind.write)(&reduced, control))??))
            }
            Savable::Kept(number, kind) => self.kept_bytes(number, kind)?,
            Savable::Photos(_) | Savable::Panes(_) => return Err("several files go into a folder".to_owned()),
            Savable::Palette(pane, kind) => {
                let report = shown(pane)?;
                match report.coding {
                    PhotoCoding::Palette | PhotoCoding::Tiles(_) => {}
                    PhotoCoding::Numbers(_) => return Err("under a number format the photo has no palette".to_owned()),
                    PhotoCoding::TrueColour { colors } => {
                        return Err(format!("{} are more than a palette holds", figures::colours(colors as u64)));
                    }
                }
                let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
                let list = listed(self.state.palette.order, &report.palette, report.spec.given(), name);
                ready(kind.write(&list).map_err(|why| why.to_string())?)
            }
            Savable::Sheet => self.sheet(document)?,
            Savable::Figures(kind) => {
                let rows = (0..self.results.work.photo_panes.len()).map(|pane| {
                    let report = full(shown(pane)?)?;
                    let figures = report.figures(self.results.eye_error(pane));
                    Ok(Row { file: &document.photo.name, figures, sizes: self.results.pane_sizes(pane) })
                });
                let rows = rows.collect::<Result<Vec<_>, String>>()?;
                ready((kind.write)(&photo_table::table(&rows)).into_bytes())
            }
            Savable::Moment | Savable::Lesson => {
                let file = self.learn.file(&self.results, self.state.tensor, what == Savable::Moment)?;
                Box::new(move |control| Ok(Arc::new(file(control)?)))
            }
            Savable::Figure => {
                let picture = self.learn.figure.taken().ok_or("no picture was taken")?;
                Box::new(move |control| Ok(Arc::new(figure_png(&picture, control)?)))
            }
            Savable::Sound(which) => {
                let samples = self.learn.sound(which).ok_or("the sound is still being made; try again in a moment")?;
                Box::new(move |_| Ok(Arc::new(sound::wav::file(&samples))))
            }
            Savable::Shelf(kind) => match self.state.shelf.rows() {
                rows if rows.is_empty() => return Err("no result is kept; K keeps the chosen one".to_owned()),
                rows => ready((kind.write)(&photo_table::table(&rows)).into_bytes()),
            },
        })
    }

    fn sheet(&self, document: &PhotoDocument) -> Result<Bytes, String> {
        let image = &document.photo.image;
        let original =
            self.results.work.photo_original.shown().filter(|(id, _)| **id == document.id).map(|(_, o)| o.clone());
        let original = original.filter(|o| o.picture.width == image.width).ok_or(UNFINISHED)?;
        let mut reductions = Vec::new();
        for (i, pane) in self.results.work.photo_panes.iter().enumerate() {
            let shown = pane.report.shown().filter(|(key, r)| key.document == document.id && r.stage == Stage::Full);
            let (_, report) = shown.ok_or(UNFINISHED)?;
            let (report, eye, png) = (report.clone(), self.results.eye_error(i), pane.file().map(|f| f.size));
            reductions.push(sheet::Measured { report, eye, png });
        }
        let (photo, png) = (document.photo.clone(), self.results.full_png());
        Ok(Box::new(move |control| {
            for measured in reductions.iter_mut().filter(|measured| measured.eye.is_none()) {
                measured.eye = photo::eye_error(&photo.image, &measured.report, control)?;
            }
            let sheet = sheet::of_reductions(&photo, (&original, png), &reductions);
            let mut lettering = Lettering::default();
            let mut letters = |text: &str, size: f32| lettering.draw(text, size);
            Ok(Arc::new(jobs::in_turn(control, || sheet::write(&sheet, &mut letters, control))??))
        }))
    }

    /// A name for the file, made of the photo's name and what the file shows of it.
    pub(super) fn suggested_name(&self, document: &PhotoDocument, what: Savable) -> String {
        if let Some(name) = self.learn.suggested_name(what) {
            return name;
        }
        let name = &document.photo.name;
        let stem = match what {
            Savable::Photos(_) | Savable::Panes(_) => return "reduced".to_owned(),
            Savable::Picture(pane, _) | Savable::Palette(pane, _) => stem_of(name, &self.state.pane_spec(pane)),
            Savable::Kept(number, _) => {
                let result = self.state.shelf.get(number);
                result.map_or_else(String::new, |r| stem_of(&r.photo.name, &r.figures.spec))
            }
            _ => format!("{}-{}", stem_of_file(name), what.facts()[2]),
        };
        format!("{stem}.{}", what.extension())
    }
}

fn stem_of_file(name: &str) -> String {
    Path::new(name).file_stem().map_or_else(|| "photo".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// What a file of a reduction is called, without its ending.
pub(super) fn stem_of(photo: &str, spec: &PhotoSpec) -> String {
    let shown = match (spec.fitted(), spec.candidate()) {
        (Some(palette), _) => palette.colors.to_string(),
        (None, Some(candidate)) => stem_of_file(&candidate.name),
        (None, None) => spec.title(),
    };
    // A palette's name is another's text: it must not lead elsewhere.
    format!("{}-{}", stem_of_file(photo), shown.replace(['/', '\\'], "-"))
}

pub(super) const UNFINISHED: &str = "the reduction is still being made; try again in a moment";

pub(super) fn full(report: &PhotoReport) -> Result<&PhotoReport, String> {
    if report.stage == Stage::Full { Ok(report) } else { Err(UNFINISHED.to_owned()) }
}

fn figure_png(picture: &egui::ColorImage, control: &Control<'_>) -> Result<Vec<u8>, PngError> {
    let rgba: Vec<[u8; 4]> = picture.pixels.iter().map(|p| p.to_srgba_unmultiplied()).collect();
    let side = |n: usize| u32::try_from(n).unwrap_or(0);
    crate::picture::png::true_png(side(picture.width()), side(picture.height()), &rgba, control)
}

fn ready(bytes: Vec<u8>) -> Bytes {
    Box::new(move |_| Ok(Arc::new(bytes)))
}
