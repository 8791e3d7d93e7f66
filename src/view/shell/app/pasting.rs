//! What is copied to the clipboard and pasted from it.

use std::sync::Arc;

use egui::{Context, Event};

use super::App;
use crate::palette::Fixed;
use crate::source::photo::Photo;
use crate::spec::Stage;
use crate::view::document::{Origin, PhotoKey};
use crate::view::photo::destination::Destination;
use crate::view::shell::clipboard::{Answer, Fault, Pasted, read};
use crate::view::state::Tab;

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

    /// Copies what the chosen pane of the photo shows, at its full size.
    pub(crate) fn copy_picture(&mut self) {
        let Some(document) = &self.results.photo else { return };
        let pane = self.state.photo_pane;
        let wanted = PhotoKey { document: document.id, spec: self.state.pane_spec(pane) };
        let shown = self.results.work.photo_panes.get(pane).and_then(|p| p.report.shown());
        let Some((_, report)) = shown.filter(|(key, report)| **key == wanted && report.stage == Stage::Full) else {
            self.notices.error("Not copied: the reduction is still being made; try again in a moment.".to_owned());
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
                Answer::Copied(Ok(done)) => self.notices.done(done),
                Answer::Copied(Err(why)) | Answer::Pasted(Err(why)) => self.notices.error(why),
                Answer::Pasted(Ok(pasted)) => self.open_pasted(pasted),
            }
        }
    }

    fn open_pasted(&mut self, pasted: Pasted) {
        match pasted {
            Pasted::Text(text) => self.clipboard.typed = Some(text),
            Pasted::Files(paths) => self.enqueue(paths.into_iter().map(Origin::Path).collect()),
            Pasted::Palette(palette) => {
                self.state.tab = Tab::Photo;
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
