//! A frame from the window's side, and what becomes of a panic in one.

use eframe::Storage;
use egui::{Context, Ui, ViewportCommand};

use super::App;
use crate::panics;
use crate::view::shell::fault::Fault;

impl App {
    /// Where it is said should a frame panic.
    #[must_use]
    pub fn with_fault(self, fault: Fault) -> Self {
        Self { fault, ..self }
    }

    /// A part of a frame. When it panics, the settings are kept, the window closes, and no other frame is begun.
    fn guarded(&mut self, ctx: &Context, frame: &mut eframe::Frame, part: impl FnOnce(&mut Self, &mut eframe::Frame)) {
        if self.fault.get().is_some() {
            return;
        }
        if let Err(why) = panics::caught(|| part(self, frame)) {
            self.give_up(why.to_string(), ctx, frame.storage_mut());
        }
    }

    /// Keeps the settings in `storage`, tells why, and has the window closed; no other frame is begun.
    pub fn give_up(&mut self, why: String, ctx: &Context, storage: Option<&mut (dyn Storage + 'static)>) {
        let kept = match storage {
            Some(storage) => {
                eframe::App::save(self, storage);
                storage.flush();
                "the settings are kept"
            }
            None => "the settings could not be kept",
        };
        // The first one is the cause.
        let _ = self.fault.set(format!("the window failed and was closed: {why}; {kept}"));
        ctx.send_viewport_cmd(ViewportCommand::Close);
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        self.guarded(ctx, frame, |app, _| {
            app.take_results(ctx.input(|i| i.focused));
            app.request_wanted();
        });
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.guarded(&ctx, frame, |app, frame| app.frame_ui(ui, frame));
    }

    fn save(&mut self, storage: &mut dyn Storage) {
        eframe::set_value(storage, eframe::APP_KEY, &self.state.to_keep());
    }
}
