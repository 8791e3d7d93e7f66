//! What is around every panel: the top bar, notices, the status bar, and windows.

use egui::{Align, Align2, Area, Context, Frame, Id, LayerId, Layout, Margin, Order, Panel, Rect, RichText, Ui, vec2};

use super::dialog::Purpose;
use super::notices::Notices;
use crate::view::command::Command;
use crate::view::command_table::*;
use crate::view::photo::destination::Destination;
use crate::view::results::Results;
use crate::view::shell::drops::Drops;
use crate::view::state::{State, Tab};
use crate::view::theme;

pub(crate) fn top_bar_ui(
    (state, results): (&State, &Results),
    drops: &Drops,
    ui: &mut Ui,
    commands: &mut Vec<Command>,
) {
    Panel::top("top-bar").frame(bar_frame(ui)).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(RichText::new("Quantscope").size(theme::HEADING).strong());
            ui.add_space(10.0);
            for (tab, row) in Tab::ALL.into_iter().zip([&SHOW_BRIDGE, &SHOW_PHOTO, &SHOW_WEIGHTS, &SHOW_LEARN]) {
                let chosen = state.tab == tab;
                let text = RichText::new(row.text);
                let text = if chosen { text.strong() } else { text };
                if ui.selectable_label(chosen, text).on_hover_text(row.to_string()).clicked() {
                    commands.push(Command::Show(tab));
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button(KEYS.text).on_hover_text(KEYS.tip()).clicked() {
                    commands.push(Command::ToggleKeys);
                }
                let dark = ui.visuals().dark_mode;
                let other = if dark { "Light" } else { "Dark" };
                if ui.button(other).on_hover_text(THEME.tip()).clicked() {
                    commands.push(Command::ToggleTheme);
                }
                let hint = OPEN.tip() + drops.or("; or drop them anywhere", "");
                if ui.button(OPEN.text).on_hover_text(hint).clicked() {
                    commands.push(Command::ToggleOpenPanel);
                }
                ui.add(egui::Label::new(RichText::new(open_names(results)).weak()).truncate());
            });
        });
    });
}

fn open_names(results: &Results) -> String {
    let photo = results.photos.current().map(|d| d.photo.name.as_str());
    let model = results.model.as_ref().map(|d| d.model.name.as_str());
    photo.into_iter().chain(model).collect::<Vec<_>>().join("  ·  ")
}

fn bar_frame(ui: &Ui) -> Frame {
    Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin::symmetric(10, 5))
}

/// What the window is called: the program, and what is open in it.
pub(crate) fn window_title(results: &Results) -> String {
    match open_names(results) {
        names if names.is_empty() => "Quantscope".to_owned(),
        names => format!("Quantscope – {names}"),
    }
}

/// Messages, over the lower right corner of the pictures, which end at `foot`, or else of the window. Nothing moves to
/// make room for them: a click on its way hits what it was for.
pub(crate) fn notices_ui(
    (notices, failures): (&Notices, &[String]),
    foot: Option<f32>,
    ctx: &Context,
    commands: &mut Vec<Command>,
) {
    let in_sight = notices.in_sight();
    let several = in_sight.len() > 1;
    if in_sight.len() + failures.len() == 0 {
        return;
    }
    let screen = ctx.content_rect();
    let foot = foot.unwrap_or(screen.bottom() - STATUS_BAR) - screen.bottom();
    let area = Area::new(Id::unique("notices")).order(Order::Foreground);
    area.anchor(Align2::RIGHT_BOTTOM, vec2(-10.0, foot - 8.0)).show(ctx, |ui| {
        let dark = ui.visuals().dark_mode;
        Frame::popup(ui.style()).show(ui, |ui| {
            ui.set_width(TOAST.min(screen.width() - 60.0));
            egui::ScrollArea::vertical().max_height(screen.height() / 2.0).stick_to_bottom(true).show(ui, |ui| {
                for (at, notice) in in_sight {
                    let color = if notice.is_error { theme::error(dark) } else { theme::accent(dark) };
                    line_ui(ui, &notice.text, color, "Dismiss", || commands.push(Command::DismissNotice(at)));
                }
                for failure in failures {
                    line_ui(ui, failure, theme::error(dark), "Try again", || commands.push(Command::RetryJobs));
                }
            });
            if several {
                ui.horizontal(|ui| {
                    if ui.button("Dismiss all").clicked() {
                        commands.push(Command::DismissAllNotices);
                    }
                    let earlier = notices.earlier();
                    if earlier > 0 && ui.button(format!("Show {earlier} earlier")).clicked() {
                        commands.push(Command::ShowAllNotices);
                    }
                });
            }
        });
    });
}

const STATUS_BAR: f32 = 30.0;
/// The width of messages.
const TOAST: f32 = 560.0;

fn line_ui(ui: &mut Ui, text: &str, color: egui::Color32, button: &str, mut act: impl FnMut()) {
    // A layout from right to left by itself would take all the height there is.
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button(button).clicked() {
                act();
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(egui::Label::new(RichText::new(text).color(color)).wrap());
            });
        });
    });
}

/// What is running, at the right; returns the place for the text at the left.
pub(crate) fn status_bar_ui(
    busiest: Option<(&str, Option<f32>)>,
    is_cancelled: bool,
    ui: &mut Ui,
    commands: &mut Vec<Command>,
) -> Rect {
    let bar = Panel::bottom("status-bar").frame(bar_frame(ui)).exact_size(STATUS_BAR).show(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some((name, progress)) = busiest {
                if ui.small_button(CLOSE.text).on_hover_text(CLOSE.tip()).clicked() {
                    commands.push(Command::CancelJobs);
                }
                ui.add(egui::ProgressBar::new(progress.unwrap_or(0.0)).desired_width(110.0).desired_height(8.0));
                ui.label(RichText::new(name).small());
                // Progress does not wake the window by itself.
                ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
            } else if is_cancelled {
                if ui.small_button("Resume").on_hover_text("Start again what was cancelled").clicked() {
                    commands.push(Command::RetryJobs);
                }
                ui.label(RichText::new("Cancelled").small());
            }
            ui.available_rect_before_wrap()
        })
        .inner
    });
    bar.inner
}

/// What the pointer is over, or else a hint: drawn after the content, which is what says so.
pub(crate) fn status_text_ui(state: &State, drops: &Drops, ui: &Ui, rect: Rect) {
    let text = if state.hover.is_empty() { hint(state, drops) } else { state.hover.clone() };
    let painter = ui.painter().with_clip_rect(rect);
    painter.text(rect.left_center(), Align2::LEFT_CENTER, text, theme::small_font(), ui.visuals().text_color());
}

fn hint(state: &State, drops: &Drops) -> String {
    let open = |what: &str| drops.or(format!("Drop {what} anywhere."), format!("{OPEN} opens {what}."));
    match state.tab {
        Tab::Photo if state.is_bare() => format!("{PANELS} brings back what stands around the pictures."),
        Tab::Bridge => {
            "Turn the dial by mouse or arrow keys. ".to_owned() + &open("a photo or a model (.safetensors, .gguf)")
        }
        Tab::Photo => {
            format!(
                "Hover for a pixel's colour, entry and error. Wheel zooms, drag pans, {FIT} fits, {EXACT} is 100 %."
            )
        }
        Tab::Learn => {
            format!("{STEP_BEFORE} {STEP_AFTER} go through the steps. {}", open("a photo, a model or a lesson file"))
        }
        Tab::Weights => "Hover for a weight's code, scale and error. Arrow keys walk through the tensors.".to_owned(),
    }
}

/// The windows that come and go.
pub(crate) fn windows_ui(state: &mut State, drops: &Drops, ctx: &Context, commands: &mut Vec<Command>) {
    if state.show_keys {
        let shown =
            egui::Window::new("Keys").collapsible(false).resizable(false).anchor(Align2::CENTER_CENTER, [0.0, 0.0]);
        let mut open = true;
        // The title and the margins take some of the window's height.
        let height = (ctx.content_rect().height() - 80.0).max(80.0);
        shown.open(&mut open).show(ctx, |ui| {
            egui::ScrollArea::vertical().max_height(height).show(ui, |ui| {
                egui::Grid::new("keys").num_columns(2).spacing([24.0, 5.0]).show(ui, |ui| {
                    for (keys, what) in lines() {
                        ui.strong(keys);
                        ui.label(what);
                        ui.end_row();
                    }
                });
            });
        });
        if !open {
            commands.push(Command::ToggleKeys);
        }
    }
    if state.show_open {
        open_window_ui(state, drops, ctx, commands);
    }
}

fn open_window_ui(state: &mut State, drops: &Drops, ctx: &Context, commands: &mut Vec<Command>) {
    let mut open = true;
    let compares = matches!(state.open_to, Destination::Compare(_));
    let title = if compares { COMPARE.text } else { "Open" };
    let id = Id::unique("Open");
    let is_new = !ctx.memory(|memory| memory.areas().visible_last_frame(&LayerId::new(Order::Middle, id)));
    let window = egui::Window::new(title).id(id).collapsible(false).resizable(false).default_width(460.0);
    window.open(&mut open).anchor(Align2::CENTER_TOP, [0.0, 60.0]).show(ctx, |ui| {
        let anything = drops.or(
            "Drop photos, models (.safetensors, .gguf), palettes and importance matrices anywhere, or:",
            "Photos, models (.safetensors, .gguf), palettes and importance matrices. This desktop (Wayland without X11) \
             delivers no dropped files:",
        );
        ui.label(if compares { COMPARE.hint } else { anything });
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            let field =
                egui::TextEdit::singleline(&mut state.path_field).hint_text("Path of a file").desired_width(330.0);
            let response = ui.add(field);
            if is_new {
                response.request_focus();
            }
            let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            let text = state.path_field.trim().to_owned();
            if (ui.button("Open path").clicked() || entered) && !text.is_empty() {
                state.path_field.clear();
                commands.push(Command::OpenPaths(vec![text.into()], state.open_to));
            }
        });
        if ui.button("Choose files…").on_hover_text("The system's file dialog, where there is one").clicked() {
            let purpose = match state.open_to {
                Destination::Compare(pane) => Purpose::Compare(pane),
                _ => Purpose::Open(None),
            };
            commands.push(Command::OpenDialog(purpose));
        }
        if !state.kept.recent.is_empty() {
            ui.separator();
            ui.label(RichText::new("Recent").strong());
            for path in &state.kept.recent {
                if ui.link(path.display().to_string()).clicked() {
                    commands.push(Command::OpenPaths(vec![path.clone()], state.open_to));
                }
            }
        }
    });
    // While the field has the keyboard, the key is not the window's.
    if !open || ctx.input(|i| i.key_pressed(egui::Key::Escape)) {
        commands.push(Command::ToggleOpenPanel);
    }
}
