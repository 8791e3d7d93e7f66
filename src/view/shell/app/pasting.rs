//! What is copied to the clipboard and pasted from it.

use std::sync::Arc;

use egui::{Context, Event};

use super::App;
use super::save::{UNFINISHED, full};
use crate::export::command_line;
use crate::export::packed::PNG;
use crate::export::photo_table::{self, Row};
use crate::figures;
use crate::palette::edit::Edit;
use crate::palette::{Fixed, hex_line};
use crate::source::photo::Photo;
use crate::spec::Stage;
use crate::view::command::Copied;
use crate::view::command_table::UNDO;
use crate::view::document::{Origin, PhotoKey};
use crate::view::photo::destination::Destination;
use crate::view::photo::palette::colors_in_order;
use crate::view::photo::pane::shown_report;
use crate::view::shell::clipboard::{Answer, Fault, Pasted, read};
use crate::view::shell::notices::About;
use crate::view::shell::savable::Savable;
use crate::view::state::Tab;
use crate::view::widgets::codebook::hex;

impl App {
    /// Text for the field that has the keyboard, if a paste has brought some.
    pub(crate) fn type_pasted(&mut self, ctx: &Context) {
        if let Some(text) = self.clipboard.typed.take() {
            ctx.input_mut(|input| input.events.push(Event::Paste(text)));
        }
    }

    pub(crate) fn paste(&mut self, into_text: bool) {
        self.clipboard.ask(&self.wake, move |board| Answer::Pasted(read(board, into_text)));
    }

    /// Copies this of the chosen pane of the photo.
    pub(super) fn copy(&mut self, what: Copied, ctx: &Context) {
        match self.text_of(what) {
            None => self.copy_picture(),
            Some(Ok((said, text))) => {
                ctx.copy_text(text);
                self.notices.done(About::Copying, format!("Copied: {said}"));
            }
            Some(Err(why)) => self.notices.error(About::Copying, format!("Not copied: {why}")),
        }
    }

    /// What is copied as text, and before it what it is called; none for what is no text.
    fn text_of(&self, what: Copied) -> Option<Result<(String, String), String>> {
        let pane = self.state.photo_pane;
        let spec = self.state.pane_spec(pane);
        let document = self.results.photos.current()?;
        let report = shown_report(self.results.work.photo_panes.get(pane)?, document.id).ok_or(UNFINISHED.to_owned());
        Some(match what {
            Copied::Picture => return None,
            Copied::Palette => report.and_then(|report| {
                report.spec.palette().ok_or("under a number format the photo has no palette")?;
                let colors = colors_in_order(report, self.state.palette.order);
                let said = figures::colours(colors.len() as u64);
                Ok((said, colors.into_iter().map(|color| hex_line(color) + "\n").collect()))
            }),
            Copied::Figures => report.and_then(full).map(|report| {
                let row = Row {
                    file: &document.photo.name,
                    figures: report.figures(self.results.eye_error(pane)),
                    sizes: self.results.pane_sizes(pane),
                };
                (format!("the figures of {}", report.spec.title()), photo_table::table(&[row]).to_lines())
            }),
            Copied::CommandLine => {
                let photo = document.photo.path.as_ref().map(|path| path.display().to_string());
                let output = self.suggested_name(document, Savable::Picture(pane, &PNG));
                let words = command_line::words(
                    &photo.unwrap_or(document.photo.name.clone()),
                    &document.photo.edits,
                    &spec,
                    &output,
                );
                let line = command_line::line(&words);
                Ok((line.clone(), line))
            }
        })
    }

    /// Copies what the chosen pane of the photo shows, at its full size.
    fn copy_picture(&mut self) {
        let Some(document) = self.results.photos.current() else { return };
        let pane = self.state.photo_pane;
        let wanted = PhotoKey { document: document.id, spec: self.state.pane_spec(pane) };
        let shown = self.results.work.photo_panes.get(pane).and_then(|p| p.report.shown());
        let Some((_, report)) = shown.filter(|(key, report)| **key == wanted && report.stage == Stage::Full) else {
            self.notices.error(About::Copying, format!("Not copied: {UNFINISHED}"));
            return;
        };
        let report = report.clone();
        self.clipboard.ask(&self.wake, move |board| {
            let (width, height) = (report.picture.width, report.picture.height);
            let done = board.set_picture(width, height, report.picture.rgba());
            Answer::Copied(match done {
                Ok(()) => Ok(format!("Copied: {}, {width} × {height} pixels", report.spec.title())),
                Err(Fault::Absent) => Err("Not copied: there is no clipboard.".to_owned()),
                Err(Fault::Failed(why)) => Err(format!("Not copied: {why}")),
            })
        });
    }

    /// What the clipboard answered, to where it belongs.
    pub(crate) fn take_pasted(&mut self) {
        for answer in self.clipboard.answers() {
            match answer {
                Answer::Copied(Ok(done)) => self.notices.done(About::Copying, done),
                Answer::Copied(Err(why)) => self.notices.error(About::Copying, why),
                Answer::Pasted(Err(why)) => self.notices.error(About::Pasting, why),
                Answer::Pasted(Ok(pasted)) => {
                    self.notices.succeeded(&About::Pasting);
                    self.open_pasted(pasted);
                }
            }
        }
    }

    /// A single colour is no palette: it goes into that of the chosen pane and stays there.
    fn lock_pasted(&mut self, color: [u8; 4]) {
        let pane = self.state.photo_pane;
        let (hex, number) = (hex(color), pane + 1);
        if self.results.editable(&self.state, pane).is_none() {
            let why = "its palette is still being fitted, or what it shows cannot be edited";
            return self.notices.error(About::Pasting, format!("{hex} is not in the palette of pane {number}: {why}"));
        }
        if self.edit_palette(Edit::Force(color)) {
            let done = format!("{hex} is locked in the palette of pane {number}. {UNDO} takes it back.");
            self.notices.done(About::Pasting, done);
        }
    }

    fn open_pasted(&mut self, pasted: Pasted) {
        match pasted {
            Pasted::Text(text) => self.clipboard.typed = Some(text),
            Pasted::Files(paths) => self.enqueue(paths.into_iter().map(Origin::Path).collect()),
            Pasted::Palette(palette) => {
                self.state.tab = Tab::Photo;
                if let [color] = palette.colors[..] {
                    return self.lock_pasted(color);
                }
                self.give_palette(Fixed::new(palette), Destination::Chosen);
            }
            Pasted::Picture(image) => {
                self.clipboard.pictures += 1;
                let name = match self.clipboard.pictures {
                    1 => "Pasted picture".to_owned(),
                    n => format!("Pasted picture {n}"),
                };
                self.enqueue(vec![Origin::Pasted(Arc::new(Photo::without_file(name, image)))]);
            }
        }
    }
}
