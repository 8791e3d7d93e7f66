//! One step on screen: its text at the left, its exhibit at the right.

use egui::{Align, CentralPanel, Frame, Layout, Margin, Panel, RichText, ScrollArea, Sense, Ui, vec2};

use super::prose::{Sizes, headed_ui, prose_ui};
use super::{Act, Learn, given};
use crate::lesson::Step;
use crate::view::app::App;
use crate::view::command::Command;
use crate::view::photo::content_frame;
use crate::view::save::What;
use crate::view::theme;

pub fn player_ui(app: &mut App, ui: &mut Ui, commands: &mut Vec<Command>) {
    let Some((lesson, place)) = app.learn.lesson().cloned().zip(app.learn.place) else { return };
    let Some(step) = lesson.steps.get(place.1) else { return };
    let given = given(app);
    Panel::top("lesson-bar").frame(bar_frame(ui)).show(ui, |ui| {
        ui.horizontal(|ui| bar_ui(&app.learn, &lesson.title, ui, commands));
    });
    Panel::bottom("lesson-steps").frame(bar_frame(ui)).show(ui, |ui| {
        ui.horizontal(|ui| {
            steps_ui(&app.learn, lesson.steps.len(), ui, commands);
            if !given.presenting {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| sources_ui(app, ui, commands));
            }
        });
    });
    let width = (ui.available_width() * 0.31).clamp(290.0, 520.0);
    let frame =
        Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin { left: 14, right: 12, top: 8, bottom: 4 });
    Panel::left("lesson-text").frame(frame).resizable(false).exact_size(width).show(ui, |ui| {
        let revealed = (app.learn.revealed, std::mem::take(&mut app.learn.answer_is_new));
        // Long texts of other people's lessons are scrolled; ours are tested to fit.
        ScrollArea::vertical()
            .auto_shrink([false, false])
            .show(ui, |ui| text_ui(ui, step, revealed, given.presenting, commands));
    });
    CentralPanel::default().frame(content_frame(ui)).show(ui, |ui| {
        app.learn.figure.set_place(ui.available_rect_before_wrap());
        if given.presenting {
            ui.spacing_mut().item_spacing.y = 4.0;
        }
        if let Some(exhibit) = app.learn.exhibit() {
            exhibit.ui(ui, &given);
            commands.extend(exhibit.asked().map(Command::Save));
        }
    });
}

fn bar_frame(ui: &Ui) -> Frame {
    Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin::symmetric(12, 4))
}

fn bar_ui(learn: &Learn, title: &str, ui: &mut Ui, commands: &mut Vec<Command>) {
    if ui.button("All lessons").on_hover_text("Back to the list (Backspace)").clicked() {
        commands.push(Command::Learn(Act::Contents));
    }
    let number = learn.place.map(|(lesson, _)| lesson).filter(|&lesson| lesson < learn.builtin);
    let text = number.map_or(title.to_owned(), |n| format!("{}  {title}", n + 1));
    ui.label(RichText::new(text).strong().size(theme::HEADING - 1.0));
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let mut act = |act: Act| commands.push(Command::Learn(act));
        let (label, hint) = if learn.presenting {
            ("End", "Back to the window (F5)")
        } else {
            ("Present", "For a room: large text, nothing else (F5)")
        };
        if ui.button(label).on_hover_text(hint).clicked() {
            act(Act::Present);
        }
        if ui.button("Reset").on_hover_text("This step as it was (R)").clicked() {
            act(Act::Reset);
        }
        let keys = if learn.show_keys { "Keys shown" } else { "Keys hidden" };
        if ui.button(keys).on_hover_text("Whether the keys you press appear on screen (K)").clicked() {
            act(Act::ShowKeys);
        }
        ui.menu_button("Save ⏷", |ui| {
            if ui
                .button("This moment…")
                .on_hover_text("This step as it stands, with photo and weights (Ctrl S)")
                .clicked()
            {
                commands.push(Command::Save(What::Moment));
            }
            if ui.button("This lesson…").on_hover_text("The lesson's text file, to edit or to pass on").clicked() {
                commands.push(Command::Save(What::Lesson));
            }
            if ui.button("Figure as PNG…").on_hover_text("A picture of what is shown (G)").clicked() {
                commands.push(Command::Learn(Act::CaptureFigure));
            }
        });
    });
}

/// Before, after, and where one is.
fn steps_ui(learn: &Learn, steps: usize, ui: &mut Ui, commands: &mut Vec<Command>) {
    let Some((_, step)) = learn.place else { return };
    if ui.button("← Back").on_hover_text("Step before (←)").clicked() {
        commands.push(Command::Learn(Act::Step(-1)));
    }
    let accent = theme::accent(ui.visuals().dark_mode);
    let other = ui.visuals().widgets.noninteractive.bg_stroke.color;
    for k in 0..steps {
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 14.0), Sense::hover());
        let (radius, color) = if k == step { (6.0, accent) } else { (4.0, other) };
        ui.painter().circle_filled(rect.center(), radius, color);
    }
    if ui.button("Next →").on_hover_text("Next step (→)").clicked() {
        commands.push(Command::Learn(Act::Step(1)));
    }
    ui.label(RichText::new(format!("{} of {steps}", step + 1)).weak());
}

/// Whose photo and whose model.
fn sources_ui(app: &App, ui: &mut Ui, commands: &mut Vec<Command>) {
    let hint = app.drops.or("Open files (Ctrl O), or drop them anywhere", "Open files (Ctrl O)");
    if ui.button("Use my photo or model…").on_hover_text(hint).clicked() {
        commands.push(Command::ToggleOpenPanel);
    }
    let own = app.photo.as_ref().is_some_and(|d| d.photo.path.is_some())
        || app.model.as_ref().is_some_and(|d| d.model.path.is_some());
    if own && ui.button("Use the samples").on_hover_text("The photo and the model that come with the program").clicked()
    {
        commands.push(Command::OpenSamples);
    }
}

fn text_ui(
    ui: &mut Ui,
    step: &Step,
    (revealed, answer_is_new): (bool, bool),
    presenting: bool,
    commands: &mut Vec<Command>,
) {
    let sizes = Sizes::of(ui.available_width(), presenting);
    let gap = if presenting { 6.0 } else { 14.0 };
    ui.label(RichText::new(&step.title).size(sizes.title).strong());
    ui.add_space(gap * 0.5);
    prose_ui(ui, &step.text, sizes.body);
    ui.add_space(gap);
    headed_ui(ui, "Try", &step.try_it, sizes.body);
    ui.add_space(gap);
    headed_ui(ui, "Question", &step.question, sizes.body);
    ui.add_space(gap * 0.5);
    if revealed {
        let answer = ui.scope(|ui| headed_ui(ui, "Answer", &step.answer, sizes.body)).response;
        // A long text leaves no room for it: then it comes into view.
        if answer_is_new {
            answer.scroll_to_me(None);
        }
    } else if ui.button(RichText::new("Show the answer").size(sizes.body)).on_hover_text("Enter").clicked() {
        commands.push(Command::Learn(Act::Reveal));
    }
}
