use std::cell::Cell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use eframe::Storage;
use eframe::egui::{Context, Pos2, RawInput, ViewportCommand};
use quantscope::view::shell::app::App;
use quantscope::view::shell::drops::Drops;
use quantscope::view::shell::fault::Fault;
use quantscope::view::shell::timings::Timings;

use crate::support::Dropped;

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
    let (ctx, fault, frames) = (Context::default(), Fault::default(), Rc::new(Cell::new(0)));
    let count = frames.clone();
    // Asked for in a frame in which files were dropped.
    let pointer = Box::new(move |_: &Context| -> Option<Pos2> {
        count.set(count.get() + 1);
        panic!("min > max")
    });
    let app = App::new(&ctx, None, Vec::new(), Timings::new(None).unwrap()).with_fault(fault.clone());
    let mut app = app.with_drops(Drops { pointer, ..Drops::default() });
    let mut frame = eframe::Frame::_new_kittest();
    let mut dropping = || {
        let mut input = RawInput::default();
        input.dropped_files.push(Arc::new(Dropped(PathBuf::from("a.png"))));
        let mut output = ctx.run_ui(input, |ui| eframe::App::ui(&mut app, ui, &mut frame));
        output.textures_delta.clear();
        output.viewport_output.into_values().flat_map(|viewport| viewport.commands).collect::<Vec<_>>()
    };
    let commands = dropping();
    let told = fault.get().cloned().unwrap_or_default();
    assert!(told.contains("min > max") && !told.contains("display"), "{told}");
    assert!(commands.contains(&ViewportCommand::Close));
    dropping();
    assert_eq!(frames.get(), 1);
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
