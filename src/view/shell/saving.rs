//! Files that wait to be written, and the form for a path where the desktop opens no dialog.

use std::collections::VecDeque;
use std::path::PathBuf;

use egui::{Button, Context, Key, RichText};

use crate::view::command::Command;
use crate::view::shell::batch_state::BatchState;
use crate::view::shell::savable::Savable;
use crate::view::state::State;
use crate::view::theme;
use crate::view::work::SaveJob;

/// Files that wait to be written.
#[derive(Default)]
pub(crate) struct Saving {
    pub(crate) waiting: VecDeque<(Savable, SaveJob)>,
    /// What is being written, and where to.
    pub(crate) current: Option<(Savable, PathBuf)>,
    /// The files that are written into one folder.
    pub(crate) batch: Option<BatchState>,
}

impl Saving {
    pub(crate) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty() || self.batch.is_some()
    }
}

/// Where a file goes, as a path to be typed: for desktops that open no dialog.
pub(crate) fn save_form_ui(state: &mut State, ctx: &Context, commands: &mut Vec<Command>) {
    let Some(form) = &mut state.save_form else { return };
    let mut open = true;
    let title = format!("Save: {}", form.what.label());
    let window = egui::Window::new(title).collapsible(false).resizable(false).default_width(560.0);
    window.open(&mut open).anchor(egui::Align2::CENTER_TOP, [0.0, 60.0]).show(ctx, |ui| {
        let of_folder = form.what.of_folder().is_some();
        let hint = if of_folder { "Path of the folder" } else { "Path of the file" };
        let field = egui::TextEdit::singleline(&mut form.path).hint_text(hint).desired_width(540.0);
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
                ui.label(if form.what.of_folder().is_some() {
                    "Files of these names are there."
                } else {
                    "A file of that name is there."
                });
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
