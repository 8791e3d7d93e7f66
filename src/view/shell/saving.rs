//! Files that wait to be written, and the form for a path where the desktop opens no dialog.

use std::collections::VecDeque;
use std::path::PathBuf;

use egui::{Button, Context, Key, RichText};

use crate::view::command::Command;
use crate::view::shell::savable::Savable;
use crate::view::theme;
use crate::view::work::SaveJob;

/// Files that wait to be written, and the form for a path where there is no dialog.
#[derive(Default)]
pub(crate) struct Saving {
    pub(crate) waiting: VecDeque<(Savable, SaveJob)>,
    /// What is being written.
    pub(crate) current: Option<Savable>,
    pub(crate) form: Option<Form>,
}

pub(crate) struct Form {
    pub(crate) what: Savable,
    pub(crate) path: String,
    /// Why the path that was typed is refused, until it is another.
    pub(crate) problem: Option<String>,
    /// A file of that name is there, and is replaced when that is asked for once more.
    pub(crate) is_taken: bool,
    /// The field takes the keyboard when it appears.
    pub(crate) fresh: bool,
}

impl Form {
    pub(crate) fn new(what: Savable, path: String) -> Self {
        Self { what, path, problem: None, is_taken: false, fresh: true }
    }
}

impl Saving {
    pub(crate) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    pub(crate) fn close_form(&mut self) {
        self.form = None;
    }
}

/// Where a file goes, as a path to be typed: for desktops that open no dialog.
pub(crate) fn save_form_ui(saving: &mut Saving, ctx: &Context, commands: &mut Vec<Command>) {
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
