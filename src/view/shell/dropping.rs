//! Files dropped onto the window: whether they can be, what will come of them, and which pane one is for.

use std::path::PathBuf;

use egui::{Align2, Context, FontId, Id, LayerId, Order, Painter, Pos2, Rect, Stroke, StrokeKind, vec2};

use crate::source::family::Family;
use crate::view::command::Command;
use crate::view::photo::destination::Destination;
use crate::view::shell::drops::Drops;
use crate::view::state::{State, Tab};
use crate::view::theme;

/// A drop is about the pane that it hit; where that is not known, or no pane was hit, the user is asked.
pub fn destination(pointer: Option<Pos2>, places: &[(usize, Rect)]) -> Destination {
    let hit = pointer.and_then(|at| places.iter().find(|(_, rect)| rect.contains(at)));
    hit.map_or(Destination::Ask, |&(pane, _)| Destination::Pane(pane))
}

/// The places of the photo's panes, where they can be seen.
fn places(state: &State) -> &[(usize, Rect)] {
    if state.tab == Tab::Photo { &state.photo_places } else { &[] }
}

/// Files dropped in this frame.
pub fn dropped(state: &State, drops: &Drops, ctx: &Context, commands: &mut Vec<Command>) {
    let paths: Vec<_> = ctx.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_owned()).collect());
    if !paths.is_empty() {
        commands.push(Command::OpenPaths(paths, destination((drops.pointer)(ctx), places(state))));
    }
}

const COMPARED: &str = "Drop to compare it with the original";
const COMPARED_ELSE: &str = "in this pane; a picture of another size is opened";
const COMPARED_ON_PANE: &str = "On a reduction's pane it is compared with the original";

const UNKNOWN: &str = "by its name no photo, model, palette or lesson";
/// A frame does not look which of the two it is.
const FOLDER: &str = "a folder, or a file that its content tells";

/// What a drop of these files would do: in a few words, and file by file.
pub fn promise(paths: &[PathBuf]) -> (&'static str, Vec<String>) {
    const MOST_LINES: usize = 8;
    let line = |path: &PathBuf| {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let unknown = if path.extension().is_some() { UNKNOWN } else { FOLDER };
        let kind = Family::by_name(path).map_or(unknown, Family::label);
        format!("{name}: {kind}")
    };
    let mut lines: Vec<String> = paths.iter().take(MOST_LINES).map(line).collect();
    if paths.len() > MOST_LINES {
        lines.push(format!("and {} more", paths.len() - MOST_LINES));
    }
    let all = |wanted: Option<Family>| paths.iter().all(|path| Family::by_name(path) == wanted);
    let heading = match () {
        () if all(Some(Family::Palette)) => "Drop onto the pane that is to have this palette",
        () if all(None) && paths.iter().all(|path| path.extension().is_some()) => "This will hardly open",
        () => "Drop to open",
    };
    (heading, lines)
}

/// Over everything while files hover above the window.
pub fn overlay_ui(state: &State, drops: &Drops, ctx: &Context) {
    let paths: Vec<PathBuf> =
        ctx.input(|i| i.raw.hovered_files.iter().map(|f| f.path.clone().unwrap_or_default()).collect());
    if paths.is_empty() {
        return;
    }
    let painter = ctx.layer_painter(LayerId::new(Order::Foreground, Id::unique("drop-overlay")));
    let rect = ctx.content_rect();
    let style = ctx.global_style();
    let accent = theme::accent(style.visuals.dark_mode);
    painter.rect_filled(rect, 0.0, style.visuals.panel_fill.gamma_multiply(0.88));
    painter.rect_stroke(rect.shrink(16.0), 10.0, Stroke::new(3.0, accent), StrokeKind::Inside);
    let is_picture = matches!(&paths[..], [path] if Family::by_name(path) == Some(Family::Photo));
    if is_picture || paths.iter().any(|path| Family::by_name(path) == Some(Family::Palette)) {
        panes_ui(state, drops, ctx, &painter);
    }
    let text = |dy: f32, text: String, size: f32, color| {
        painter.text(rect.center() + vec2(0.0, dy), Align2::CENTER_CENTER, text, FontId::proportional(size), color);
    };
    let (mut heading, mut lines) = promise(&paths);
    if is_picture && !places(state).is_empty() {
        let hit = destination((drops.pointer)(ctx), places(state));
        (heading, lines) = match hit {
            Destination::Pane(_) => (COMPARED, vec![COMPARED_ELSE.to_owned()]),
            _ => (heading, [lines, vec![COMPARED_ON_PANE.to_owned()]].concat()),
        };
    }
    text(-16.0, heading.to_owned(), 30.0, style.visuals.strong_text_color());
    for (i, line) in lines.into_iter().enumerate() {
        text(22.0 + 22.0 * i as f32, line, 16.0, style.visuals.text_color());
    }
}

/// The panes that a file can be dropped onto, and the one that it would hit now.
fn panes_ui(state: &State, drops: &Drops, ctx: &Context, painter: &Painter) {
    let style = ctx.global_style();
    let accent = theme::accent(style.visuals.dark_mode);
    let hit = destination((drops.pointer)(ctx), places(state));
    for &(pane, rect) in places(state) {
        let is_hit = hit == Destination::Pane(pane);
        let (width, color) = if is_hit { (3.0, accent) } else { (1.0, style.visuals.weak_text_color()) };
        painter.rect_stroke(rect.shrink(2.0), 4.0, Stroke::new(width, color), StrokeKind::Inside);
        let title = state.pane_title(pane);
        painter.text(rect.left_top() + vec2(10.0, 8.0), Align2::LEFT_TOP, title, FontId::proportional(16.0), color);
    }
    // No event comes while the pointer moves.
    ctx.request_repaint_after(std::time::Duration::from_millis(40));
}

/// Asks which pane a palette is for that was dropped elsewhere.
pub fn ask_ui(state: &State, ctx: &Context, commands: &mut Vec<Command>) {
    let Some(palette) = &state.palette.undirected else { return };
    let mut open = true;
    let window = egui::Window::new("Which pane?").collapsible(false).resizable(false);
    window.open(&mut open).anchor(Align2::CENTER_CENTER, [0.0, 0.0]).show(ctx, |ui| {
        ui.label(format!("{} becomes the palette of:", palette.name()));
        ui.horizontal(|ui| {
            for pane in 0..state.photo.panes.len() {
                let title = state.pane_title(pane);
                let name = format!("Give the palette to pane {}, {title}", pane + 1);
                let response = ui.button(title);
                response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, &name));
                if response.clicked() {
                    commands.push(Command::DirectPalette(Some(pane)));
                }
            }
        });
    });
    if !open {
        commands.push(Command::DirectPalette(None));
    }
}
