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

    fn give_up(&mut self, why: String, ctx: &Context, storage: Option<&mut (dyn Storage + 'static)>) {
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

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::view::shell::timings::Timings;

    #[derive(Default)]
    struct Kept(HashMap<String, String>, usize);

    impl Storage for Kept {
        fn get_string(&self, key: &str) -> Option<String> {
            self.0.get(key).cloned()
        }

        fn set_string(&mut self, key: &str, value: String) {
            self.0.insert(key.to_owned(), value);
        }

        fn remove_string(&mut self, key: &str) {
            self.0.remove(key);
        }

        fn flush(&mut self) {
            self.1 = self.0.len();
        }
    }

    #[test]
    fn a_panic_in_a_frame_is_told_with_its_cause_closes_the_window_and_begins_no_other_frame() {
        let ctx = Context::default();
        let fault = Fault::default();
        let mut app = App::new(&ctx, None, Vec::new(), Timings::new(None).unwrap()).with_fault(fault.clone());
        let mut frame = eframe::Frame::_new_kittest();
        app.guarded(&ctx, &mut frame, |_, _| panic!("min > max"));
        let told = fault.get().cloned().unwrap_or_default();
        assert!(told.contains("min > max") && !told.contains("display"), "{told}");
        let mut frames = 0;
        app.guarded(&ctx, &mut frame, |_, _| frames += 1);
        assert_eq!(frames, 0);
        let mut output = ctx.run_ui(egui::RawInput::default(), |_| {});
        output.textures_delta.clear();
        let commands = output.viewport_output.into_values().flat_map(|viewport| viewport.commands);
        assert!(commands.into_iter().any(|command| command == ViewportCommand::Close));
    }

    #[test]
    fn settings_are_written_before_a_window_that_failed_is_closed() {
        let ctx = Context::default();
        let (fault, mut kept) = (Fault::default(), Kept::default());
        let mut app = App::new(&ctx, None, Vec::new(), Timings::new(None).unwrap()).with_fault(fault.clone());
        app.give_up("broken".to_owned(), &ctx, Some(&mut kept));
        assert!(kept.get_string(eframe::APP_KEY).is_some() && kept.1 == 1);
        assert!(fault.get().is_some_and(|told| told.contains("broken") && told.ends_with("the settings are kept")));
    }
}
