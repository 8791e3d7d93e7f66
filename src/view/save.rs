//! Saving: what of the photo can be saved, where to, and the work of it beside the window. What is asked for
//! while a file is being written waits for its turn; none is lost.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Button, Context, Key, RichText, Ui};
use serde_json::json;

use super::app::App;
use super::command::Command;
use super::command_table::{COPY_PICTURE, SAVE_PNG};
use super::dialog::{Dialog, Purpose};
use super::learn;
use super::lettering::Lettering;
use super::photo::shown_report;
use super::theme;
use super::work::{Bytes, PhotoDocument, SaveJob, Saved};
use crate::engine::control::{Control, Failure};
use crate::export::exporters::{PICTURES, TABLES};
use crate::export::packed::{OfReduced, PNG, PngSize, Reduced};
use crate::export::photo_table::{self, Row};
use crate::export::table::OfTable;
use crate::export::{destination, sheet};
use crate::figures;
use crate::jobs;
use crate::jobs::Running;
use crate::palette::FileKind;
use crate::palette::order::listed;
use crate::run::report::{PhotoReport, SizeTruth};
use crate::signal::sound;
use crate::spec::Stage;

/// What can be saved; panes by their numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    Picture(usize, &'static OfReduced),
    Palette(usize, &'static FileKind),
    /// Original and reductions in one picture.
    Sheet,
    /// The figures of the reductions on show.
    Figures(&'static OfTable),
    /// The figures of the kept results.
    Shelf(&'static OfTable),
    /// A step of a lesson as it stands, with photo and weights.
    Moment,
    Lesson,
    /// A picture of what a lesson shows.
    Figure,
    /// A sound of a lesson.
    Sound(SoundVersion),
}

/// A sound as it is, or cut to fewer bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundVersion {
    Before,
    After,
}

impl What {
    /// How it is called, its file's ending without the dot, and what the file's name says of it where that is not what
    /// the pane shows.
    fn facts(self) -> [&'static str; 3] {
        match self {
            What::Picture(_, kind) => [kind.label, kind.ending, ""],
            What::Palette(_, kind) => [kind.label, kind.ending, ""],
            What::Sheet => ["Side-by-side sheet", "png", "sheet"],
            What::Figures(kind) => ["Figures", kind.ending, "figures"],
            What::Shelf(kind) => ["Table of kept results", kind.ending, "kept"],
            What::Moment => ["Moment of a lesson", "toml", "lesson"],
            What::Lesson => ["Lesson", "toml", "lesson"],
            What::Figure => ["Figure", "png", "lesson"],
            What::Sound(SoundVersion::Before) => ["Sound before", "wav", "lesson"],
            What::Sound(SoundVersion::After) => ["Sound after", "wav", "lesson"],
        }
    }

    pub fn label(self) -> &'static str {
        self.facts()[0]
    }

    /// Without the dot.
    pub fn extension(self) -> &'static str {
        self.facts()[1]
    }
}

/// Files that wait to be written, and the form for a path where there is no dialog.
#[derive(Default)]
pub(super) struct Saving {
    waiting: VecDeque<(What, SaveJob)>,
    /// What is being written.
    current: Option<What>,
    form: Option<Form>,
}

struct Form {
    what: What,
    path: String,
    /// Why the path that was given is refused, until it is another.
    problem: Option<String>,
    /// A file of that name is there, and is replaced when that is asked for once more.
    is_taken: bool,
    /// The field takes the keyboard when it appears.
    fresh: bool,
}

impl Form {
    fn new(what: What, path: String) -> Self {
        Self { what, path, problem: None, is_taken: false, fresh: true }
    }
}

impl Saving {
    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    pub(super) fn close_form(&mut self) {
        self.form = None;
    }
}

impl App {
    pub(super) fn ask_where_to_save(&mut self, what: What, frame: &eframe::Frame) {
        let Some(document) = &self.photo else { return };
        if self.dialog.is_some() {
            return;
        }
        if let Err(why) = self.bytes_of(what, Path::new("")) {
            self.notices.error(format!("Nothing to save yet: {why}"));
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
    pub(super) fn open_save_form(&mut self, what: What, suggested: &str) {
        let beside = self.photo.as_ref().and_then(|d| d.photo.path.as_deref()).and_then(Path::parent);
        let folder = match beside {
            Some(folder) => std::path::absolute(folder).ok(),
            None => std::env::current_dir().ok(),
        };
        let path = folder.unwrap_or_default().join(suggested).display().to_string();
        self.saving.form = Some(Form::new(what, path));
    }

    /// To the path in the form; a file that is there is replaced only where the form says so.
    pub(super) fn save_typed(&mut self, what: What, path: PathBuf) {
        let replace = self.saving.form.take().is_some_and(|form| form.is_taken);
        self.save_to(what, path, replace);
    }

    /// A path of the wrong ending stays in the form, to be mended there.
    pub(super) fn save_to(&mut self, what: What, path: PathBuf, replace: bool) {
        if let Err(why) = destination::ending(&path, what.label(), &[what.extension()]) {
            self.saving.form = Some(Form { problem: Some(why), ..Form::new(what, path.display().to_string()) });
            return;
        }
        match self.bytes_of(what, &path) {
            Ok(bytes) => {
                if let Some(lost) = self.lost(what) {
                    self.notices.error(format!("{}: {lost}", path.display()));
                }
                self.saving.waiting.push_back((what, SaveJob { path, replace, bytes }));
            }
            Err(why) => self.notices.error(format!("Not saved: {}: {why}", path.display())),
        }
    }

    /// What a palette file does not hold of the palette on show.
    fn lost(&self, what: What) -> Option<String> {
        let (What::Palette(pane, kind), Some(document)) = (what, &self.photo) else { return None };
        let report = shown_report(self.work.photo_panes.get(pane)?, document.id)?;
        let list = listed(self.state.palette.order, &report.palette, report.spec.palette.as_ref(), String::new());
        kind.lost(&list)
    }

    /// Says how the last file went and begins the next.
    pub(super) fn take_saved(&mut self) {
        if let Some(why) = self.work.save.error().map(str::to_owned) {
            self.timings.event("not_saved", json!({ "message": why }));
            self.notices.error(format!("Not saved: {why}"));
            self.work.save.clear();
        } else if let Some((_, saved)) = self.work.save.shown() {
            match &**saved {
                Saved::Taken(path) => {
                    let form = |what| Form { is_taken: true, ..Form::new(what, path.display().to_string()) };
                    self.saving.form = self.saving.current.map(form);
                }
                Saved::Done { path, bytes } => {
                    let path = path.display().to_string();
                    self.timings.event("saved", json!({ "path": path, "bytes": bytes }));
                    self.notices.done(format!("Saved {path}, {} bytes", figures::count(*bytes)));
                }
            }
            self.work.save.clear();
        }
        if !self.work.save.is_busy()
            && let Some((what, job)) = self.saving.waiting.pop_front()
        {
            self.saving.current = Some(what);
            let id = self.fresh_id();
            self.work.request_save(id, job);
        }
    }

    /// The work that makes the file of what is on show now.
    ///
    /// # Errors
    /// What is missing, for people.
    fn bytes_of(&self, what: What, path: &Path) -> Result<Bytes, String> {
        let document = self.photo.as_ref().ok_or("there is no photo")?;
        let shown = |pane: usize| {
            self.work.photo_panes.get(pane).and_then(|p| shown_report(p, document.id)).ok_or(UNFINISHED.to_owned())
        };
        Ok(match what {
            What::Picture(pane, kind) => {
                let png = self.work.photo_panes.get(pane).and_then(|p| p.file()).cloned().ok_or(UNFINISHED)?;
                let reduced = Reduced { picture: full(shown(pane)?)?.picture.clone(), png, pack: true };
                Box::new(move |control| Ok(jobs::in_turn(control, || (kind.write)(&reduced, control))??))
            }
            What::Palette(pane, kind) => {
                let report = shown(pane)?;
                if report.numbers.is_some() {
                    return Err("under a number format the photo has no palette".to_owned());
                }
                let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
                let list = listed(self.state.palette.order, &report.palette, report.spec.palette.as_ref(), name);
                ready(kind.write(&list)?)
            }
            What::Sheet => self.sheet(document)?,
            What::Figures(kind) => {
                let rows = (0..3).map(|pane| {
                    let report = full(shown(pane)?)?;
                    let figures = report.figures();
                    Ok(Row { file: &document.photo.name, figures, sizes: self.pane_sizes(document, pane) })
                });
                let rows = rows.collect::<Result<Vec<_>, String>>()?;
                ready((kind.write)(&photo_table::table(&rows)).into_bytes())
            }
            What::Moment | What::Lesson => {
                let file = learn::file(self, what == What::Moment)?;
                Box::new(move |control| Ok(Arc::new(file(control)?)))
            }
            What::Figure => {
                let picture = self.learn.figure.taken().ok_or("no picture was taken")?;
                Box::new(move |control| Ok(Arc::new(figure_png(&picture, control)?)))
            }
            What::Sound(which) => {
                let samples = self.learn.sound(which).ok_or("the sound is still being made; try again in a moment")?;
                Box::new(move |_| Ok(Arc::new(sound::wav::file(&samples))))
            }
            What::Shelf(kind) => match self.state.shelf.rows() {
                rows if rows.is_empty() => return Err("no result is kept; K keeps the chosen one".to_owned()),
                rows => ready((kind.write)(&photo_table::table(&rows)).into_bytes()),
            },
        })
    }

    fn sheet(&self, document: &PhotoDocument) -> Result<Bytes, String> {
        let image = &document.photo.image;
        let original = self.work.photo_original.shown().filter(|(id, _)| **id == document.id).map(|(_, o)| o.clone());
        let original = original.filter(|o| o.picture.width == image.width).ok_or(UNFINISHED)?;
        let mut reductions = Vec::new();
        for pane in &self.work.photo_panes {
            let shown = pane.report.shown().filter(|(key, r)| key.0 == document.id && r.stage == Stage::Full);
            let (_, report) = shown.ok_or(UNFINISHED)?;
            reductions.push((report.clone(), pane.file().map(|f| f.size)));
        }
        let (photo, png) = (document.photo.clone(), self.original_png(document));
        Ok(Box::new(move |control| {
            let sheet = sheet::of_reductions(&photo, (&original, png), &reductions);
            let mut lettering = Lettering::default();
            let mut letters = |text: &str, size: f32| lettering.draw(text, size);
            Ok(Arc::new(jobs::in_turn(control, || sheet::write(&sheet, &mut letters, control))??))
        }))
    }

    /// The size of the photo's own PNG, once it is known.
    pub(super) fn original_png(&self, document: &PhotoDocument) -> Option<PngSize> {
        self.work.full_png.shown().filter(|(id, _)| **id == document.id).map(|(_, size)| **size)
    }

    /// What a pane's reduction saves, once both files are there.
    pub(super) fn pane_sizes(&self, document: &PhotoDocument, pane: usize) -> Option<SizeTruth> {
        let pane = self.work.photo_panes.get(pane)?;
        let report = shown_report(pane, document.id)?;
        let (original, reduced) = (self.original_png(document)?, pane.file()?.size);
        Some(SizeTruth::new(&document.photo, report.rate, original.alike(reduced), reduced.bytes()))
    }

    /// From the photo's name and what the file shows of it.
    fn suggested_name(&self, document: &PhotoDocument, what: What) -> String {
        if let Some(name) = self.learn.suggested_name(what) {
            return name;
        }
        let stem = Path::new(&document.photo.name).file_stem().map(|s| s.to_string_lossy().into_owned());
        let stem = stem.unwrap_or_else(|| "photo".to_owned());
        let shown = match what {
            What::Picture(pane, _) | What::Palette(pane, _) => {
                let spec = self.pane_spec(pane);
                let palette = spec.palette.as_ref().map_or_else(|| spec.colors.to_string(), |p| p.name().to_owned());
                spec.format.map_or(palette, |format| format.to_string())
            }
            _ => what.facts()[2].to_owned(),
        };
        // A palette's name is another's text: it must not lead elsewhere.
        format!("{stem}-{}.{}", shown.replace(['/', '\\'], "-"), what.extension())
    }
}

const UNFINISHED: &str = "the reduction is still being made; try again in a moment";

fn full(report: &PhotoReport) -> Result<&PhotoReport, String> {
    if report.stage == Stage::Full { Ok(report) } else { Err(UNFINISHED.to_owned()) }
}

fn figure_png(picture: &egui::ColorImage, control: &Control<'_>) -> Result<Vec<u8>, Failure> {
    let rgba: Vec<[u8; 4]> = picture.pixels.iter().map(|p| p.to_srgba_unmultiplied()).collect();
    let side = |n: usize| u32::try_from(n).unwrap_or(0);
    crate::picture::png::true_png(side(picture.width()), side(picture.height()), &rgba, control)
}

fn ready(bytes: Vec<u8>) -> Bytes {
    Box::new(move |_| Ok(Arc::new(bytes)))
}

/// All that can be saved of the photo.
pub(super) fn save_menu_ui(ui: &mut Ui, app: &App, commands: &mut Vec<Command>) {
    let pane = app.state.photo_pane;
    let response = ui.menu_button("Save ⏷", |ui| {
        let file = app.work.photo_panes[pane].file();
        let title = app.pane_spec(pane).title();
        ui.label(RichText::new(format!("Of the chosen pane, {title}")).small().weak());
        for &kind in PICTURES {
            let (size, hint) = match file.filter(|_| *kind == PNG) {
                Some(file) => (format!("  {}", size_text(file.size)), SAVE_PNG.tip()),
                None => (String::new(), "The same pixels and palette".to_owned()),
            };
            item(ui, file.is_some(), &format!("{}…{size}", kind.label), &hint, What::Picture(pane, kind), commands);
        }
        ui.add_enabled_ui(file.is_some(), |ui| {
            ui.menu_button("Palette", |ui| {
                for kind in FileKind::written() {
                    let text = format!("{}…", kind.label);
                    item(ui, true, &text, "In the order of the swatches", What::Palette(pane, kind), commands);
                }
            });
        });
        let copy = ui.add_enabled(file.is_some(), Button::new(COPY_PICTURE.text));
        if copy.on_hover_text(COPY_PICTURE.tip()).clicked() {
            commands.push(Command::CopyPicture);
            ui.close();
        }
        ui.separator();
        ui.label(RichText::new("Of all panes").small().weak());
        let all = app.work.photo_panes.iter().all(|p| p.file().is_some());
        item(ui, all, "Side-by-side sheet…", SHEET_HINT, What::Sheet, commands);
        ui.add_enabled_ui(all, |ui| {
            ui.menu_button("Figures", |ui| {
                for kind in TABLES {
                    let text = format!("{}…", kind.label);
                    item(ui, true, &text, "A row a reduction", What::Figures(kind), commands);
                }
            });
        });
    });
    response.response.on_hover_text("The chosen reduction as PNG or GIF, its palette, a sheet of all, the figures");
}

const SHEET_HINT: &str = "Original and reductions with titles, palettes and figures in one PNG";

fn item(ui: &mut Ui, enabled: bool, text: &str, hint: &str, what: What, commands: &mut Vec<Command>) {
    if ui.add_enabled(enabled, Button::new(text)).on_hover_text(hint).clicked() {
        commands.push(Command::Save(what));
        ui.close();
    }
}

/// "151 kB, packed from 165 kB".
pub(super) fn size_text(size: PngSize) -> String {
    match size.packed {
        Some(packed) if packed < size.quick => {
            format!("{}, packed from {}", figures::kilobytes(packed), figures::kilobytes(size.quick))
        }
        _ => figures::kilobytes(size.quick),
    }
}

/// Where a file goes, as a path to be typed: for desktops that open no dialog.
pub(super) fn save_form_ui(saving: &mut Saving, ctx: &Context, commands: &mut Vec<Command>) {
    let Some(form) = &mut saving.form else { return };
    let mut open = true;
    let title = format!("Save: {}", form.what.label());
    let window = egui::Window::new(title).collapsible(false).resizable(false).default_width(560.0);
    window.open(&mut open).anchor(egui::Align2::CENTER_TOP, [0.0, 60.0]).show(ctx, |ui| {
        let field = egui::TextEdit::singleline(&mut form.path).hint_text("Path of the file").desired_width(540.0);
        let response = ui.add(field);
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::accesskit::Role::TextInput, true, "Path of the file to be saved")
        });
        if std::mem::take(&mut form.fresh) {
            response.request_focus();
        }
        if response.changed() {
            (form.problem, form.is_taken) = (None, false);
        }
        if let Some(why) = &form.problem {
            let text = RichText::new(why).color(theme::error(ui.visuals().dark_mode));
            ui.add(egui::Label::new(text).wrap());
        }
        let entered = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        let path = PathBuf::from(form.path.trim());
        let there = form.is_taken;
        ui.horizontal(|ui| {
            let button =
                ui.add_enabled(path.file_name().is_some(), Button::new(if there { "Replace" } else { "Save" }));
            if there {
                ui.label("A file of that name is there.");
            }
            // Enter does not replace what the eye may have missed.
            if button.clicked() || (entered && !there && path.file_name().is_some()) {
                commands.push(Command::SaveTo(form.what, path));
            }
        });
    });
    if !open || ctx.input(|i| i.key_pressed(Key::Escape)) {
        commands.push(Command::CloseSaveForm);
    }
}
