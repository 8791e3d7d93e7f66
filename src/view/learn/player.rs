//! One step on screen: its text at the left, its exhibit at the right.

use egui::{Align, CentralPanel, Frame, Layout, Margin, Panel, RichText, ScrollArea, Sense, Ui, vec2};

use super::prose::{Sizes, headed_ui, prose_ui};
use super::state::{Answer, Learn};
use crate::lesson::Step;
use crate::view::command::Command;
use crate::view::command_table::{Place, SHOW_ANSWER};
use crate::view::learn::act::{Act, StepPlace};
use crate::view::results::Results;
use crate::view::shell::drops::Drops;
use crate::view::shell::savable::Savable;
use crate::view::state::State;
use crate::view::widgets::frames::content_frame;
use crate::view::{command_table as rows, theme};

pub(super) fn player_ui(
    learn: &mut Learn,
    (state, results): (&State, &Results),
    drops: &Drops,
    ui: &mut Ui,
    commands: &mut Vec<Command>,
) {
    let Some((lesson, place)) = learn.lesson().cloned().zip(learn.place) else { return };
    let Some(step) = lesson.steps.get(place.step) else { return };
    let inputs = learn.inputs(results, state.tensor);
    Panel::top("lesson-bar").frame(bar_frame(ui)).show(ui, |ui| {
        ui.horizontal(|ui| bar_ui(learn, &Place::of(ui.ctx(), state, learn.at()), &lesson.title, ui, commands));
    });
    Panel::bottom("lesson-steps").frame(bar_frame(ui)).show(ui, |ui| {
        ui.horizontal(|ui| {
            steps_ui(learn, &Place::of(ui.ctx(), state, learn.at()), lesson.steps.len(), ui, commands);
            if !inputs.presenting {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| sources_ui(results, drops, ui, commands));
            }
        });
    });
    let width = (ui.available_width() * 0.31).clamp(290.0, 520.0);
    let frame =
        Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin { left: 14, right: 12, top: 8, bottom: 4 });
    Panel::left("lesson-text").frame(frame).resizable(false).exact_size(width).show(ui, |ui| {
        let answer = learn.answer;
        if answer == Answer::New {
            learn.answer = Answer::Shown;
        }
        // Long texts of other people's lessons are scrolled; ours are tested to fit.
        ScrollArea::vertical()
            .auto_shrink([false, false])
            .show(ui, |ui| text_ui(ui, step, answer, inputs.presenting, commands));
    });
    CentralPanel::default().frame(content_frame(ui)).show(ui, |ui| {
        learn.figure.set_place(ui.available_rect_before_wrap());
        if inputs.presenting {
            ui.spacing_mut().item_spacing.y = 4.0;
        }
        if let Some(exhibit) = learn.exhibit() {
            exhibit.ui(ui, &inputs);
            commands.extend(exhibit.asked().map(Command::Save));
        }
    });
}

fn bar_frame(ui: &Ui) -> Frame {
    Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin::symmetric(12, 4))
}

fn bar_ui(learn: &Learn, place: &Place<'_>, title: &str, ui: &mut Ui, commands: &mut Vec<Command>) {
    rows::ALL_LESSONS.button_ui(ui, place, commands);
    let number = learn.place.map(|place| place.lesson).filter(|&lesson| lesson < learn.builtin);
    let text = number.map_or(title.to_owned(), |n| format!("{}  {title}", n + 1));
    ui.label(RichText::new(text).strong().size(theme::HEADING - 1.0));
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let (label, hint) =
            if learn.presenting { ("End", "Back to the window") } else { (rows::PRESENT.text, rows::PRESENT.hint) };
        if ui.button(label).on_hover_text(rows::PRESENT.tip_for(hint)).clicked() {
            commands.push(Command::Learn(Act::Present));
        }
        rows::RESET_STEP.button_ui(ui, place, commands);
        let keys = if learn.show_keys { rows::SHOW_KEYS.text } else { "Keys hidden" };
        if ui.button(keys).on_hover_text(rows::SHOW_KEYS.tip()).clicked() {
            commands.push(Command::Learn(Act::ShowKeys));
        }
        ui.menu_button("Save ⏷", |ui| {
            rows::SAVE_MOMENT.button_ui(ui, place, commands);
            if ui.button("This lesson…").on_hover_text("The lesson's text file, to edit or to pass on").clicked() {
                commands.push(Command::Save(Savable::Lesson));
            }
            rows::SAVE_FIGURE.button_ui(ui, place, commands);
        });
    });
}

/// Before, after, and where one is.
fn steps_ui(learn: &Learn, place: &Place<'_>, steps: usize, ui: &mut Ui, commands: &mut Vec<Command>) {
    let Some(StepPlace { step, .. }) = learn.place else { return };
    rows::STEP_BEFORE.button_ui(ui, place, commands);
    let accent = theme::accent(ui.visuals().dark_mode);
    let other = ui.visuals().widgets.noninteractive.bg_stroke.color;
    for k in 0..steps {
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 14.0), Sense::hover());
        let (radius, color) = if k == step { (6.0, accent) } else { (4.0, other) };
        ui.painter().circle_filled(rect.center(), radius, color);
    }
    rows::STEP_AFTER.button_ui(ui, place, commands);
    ui.label(RichText::new(format!("{} of {steps}", step + 1)).weak());
}

/// Whose photo and whose model.
fn sources_ui(results: &Results, drops: &Drops, ui: &mut Ui, commands: &mut Vec<Command>) {
    let hint = rows::OPEN.tip() + drops.or("; or drop them anywhere", "");
    if ui.button("Use my photo or model…").on_hover_text(hint).clicked() {
        commands.push(Command::ToggleOpenPanel);
    }
    let own = results.photos.current().is_some_and(|d| d.photo.path.is_some())
        || results.model.as_ref().is_some_and(|d| d.model.path.is_some());
    if own && ui.button("Use the samples").on_hover_text("The photo and the model that come with the program").clicked()
    {
        commands.push(Command::OpenSamples);
    }
}

fn text_ui(ui: &mut Ui, step: &Step, answer: Answer, presenting: bool, commands: &mut Vec<Command>) {
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
    if answer != Answer::Hidden {
        let text = ui.scope(|ui| headed_ui(ui, "Answer", &step.answer, sizes.body)).response;
        // A long text leaves no room for it: then it comes into view.
        if answer == Answer::New {
            text.scroll_to_me(None);
        }
    } else if ui.button(RichText::new(SHOW_ANSWER.text).size(sizes.body)).on_hover_text(SHOW_ANSWER.tip()).clicked() {
        commands.push(Command::Learn(Act::Reveal));
    }
}
