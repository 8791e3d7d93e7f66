//! The format comparison: every number format as a point of error against bits for the chosen tensor, with the
//! frontier of those that none beats, and what is possible on a Gaussian source.

use egui::{
    Align2, Color32, CursorIcon, Layout, Pos2, Rangef, Rect, Response, RichText, Sense, Stroke, Ui, pos2, vec2,
};
use egui_plot::{AxisHints, Corner, Legend, Line, PlotPoint, PlotPoints, PlotTransform};

use crate::engine::format::{Family, Format};
use crate::engine::theory::frontier::{self, Point};
use crate::engine::theory::gaussian;
use crate::figures;
use crate::run::format_comparison::candidates;
use crate::view::command::Command;
use crate::view::command_table::{FRONTIER_AFTER, FRONTIER_BEFORE, TAKE_FORMAT};
use crate::view::state::State;
use crate::view::theme;
use crate::view::weights::format_comparison_state::{Drawn, FormatComparison, FormatComparisonState, Scale};
use crate::view::widgets::plots;

/// Height of what stands below the plot: the line about one format.
const READ_OUT: f32 = 50.0;

/// Plot, filters and read-out, in all the space there is but `below`.
pub fn format_comparison_ui(
    ui: &mut Ui,
    format_comparison: &FormatComparison,
    state: &mut State,
    (progress, cancelled): (Option<f32>, bool),
    below: f32,
    commands: &mut Vec<Command>,
) {
    families_ui(ui, format_comparison, &state.format_comparison, commands);
    let drawn = format_comparison.drawn(&state.format_comparison);
    if drawn.is_empty() && (cancelled || !format_comparison.ranks.is_empty() && progress.is_none()) {
        nothing_ui(ui, format_comparison);
        return;
    }
    scale_ui(ui, format_comparison, &state.format_comparison, progress, commands);
    let height = (ui.available_height() - READ_OUT - below).max(80.0);
    let hovered = plot_ui(ui, &drawn, state, height, commands);
    let about = hovered.or(state.format_comparison.cursor);
    let about = about.and_then(|format| drawn.iter().find(|d| d.row.format == format));
    ui.allocate_ui(vec2(ui.available_width(), READ_OUT), |ui| {
        ui.set_min_height(READ_OUT);
        read_out_ui(ui, about, state, commands);
    });
}

fn nothing_ui(ui: &mut Ui, format_comparison: &FormatComparison) {
    let why = format_comparison.ranks.iter().find_map(|s| s.outcome.as_ref().err());
    let text = match why {
        Some(why) => format!("No format can be measured on this tensor: {why}."),
        None if format_comparison.ranks.is_empty() => {
            "The formats were not measured: the work was cancelled.".to_owned()
        }
        None => "All families of formats are hidden.".to_owned(),
    };
    ui.add(egui::Label::new(RichText::new(text).weak()).wrap());
}

/// A chip a family: its mark, its name, and whether it is shown.
fn families_ui(
    ui: &mut Ui,
    format_comparison: &FormatComparison,
    state: &FormatComparisonState,
    commands: &mut Vec<Command>,
) {
    let dark = ui.visuals().dark_mode;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for family in Family::ALL {
            if !candidates().iter().any(|row| row.family == family) {
                continue;
            }
            let shown = !state.hides(family);
            let count = format_comparison.ranks.iter().filter(|s| s.row.family == family).count();
            let text = RichText::new(format!("     {}", family.label())).small();
            let text = if shown { text } else { text.weak().strikethrough() };
            let hint = format!("{count} formats of this family are measured; click to hide or show them");
            let chip = ui.add(egui::Button::new(text).frame_when_inactive(false)).on_hover_text(hint);
            chip.widget_info(|| {
                egui::WidgetInfo::selected(egui::accesskit::Role::CheckBox, true, shown, family.label())
            });
            let color = theme::family_color(dark, family);
            let at = chip.rect.left_center() + vec2(13.0, 0.0);
            paint_mark(ui.painter(), family, at, 4.5, if shown { color } else { color.gamma_multiply(0.4) }, true);
            if chip.clicked() {
                commands.push(Command::ToggleFamily(family));
            }
        }
    });
}

fn scale_ui(
    ui: &mut Ui,
    format_comparison: &FormatComparison,
    state: &FormatComparisonState,
    progress: Option<f32>,
    commands: &mut Vec<Command>,
) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (scale, label, hint) in [
            (Scale::Sqnr, "SQNR", "Signal to noise of the weights: up is better"),
            (Scale::OfShannon, "Against Shannon", "dB above or below Shannon's bound: parts formats of the same bits"),
        ] {
            let text = RichText::new(label).small();
            if ui.selectable_label(state.scale == scale, text).on_hover_text(hint).clicked() {
                commands.push(Command::SetComparisonScale(scale));
            }
        }
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            let (known, all) = (format_comparison.ranks.len(), candidates().len());
            if let Some(progress) = progress {
                ui.add(egui::ProgressBar::new(progress).desired_width(60.0).desired_height(6.0));
            }
            let text = if known == all { format!("{all} formats") } else { format!("{known} of {all} formats") };
            ui.label(RichText::new(text).small().weak());
        });
    });
}

/// The plot; returns the format under the pointer.
fn plot_ui(
    ui: &mut Ui,
    drawn: &[Drawn],
    state: &mut State,
    height: f32,
    commands: &mut Vec<Command>,
) -> Option<Format> {
    let scale = state.format_comparison.scale;
    let [x, y] = state.format_comparison.view.unwrap_or_else(|| whole(drawn, scale));
    let points: Vec<Point> = drawn.iter().map(|d| d.place.point()).collect();
    let front = frontier::frontier(&points);
    let strong = ui.visuals().strong_text_color();
    let y_label = if scale == Scale::Sqnr { "SQNR, dB" } else { "dB above Shannon's bound" };
    let response = plots::decibel_axis(plots::still_plot(ui, "format_comparison"), y_label, height)
        .height(height)
        .custom_x_axes(vec![
            AxisHints::new_x().label("bits per weight, everything counted").label_spacing(Rangef::new(24.0, 40.0)),
        ])
        .label_formatter(|_| None)
        .legend(Legend::default().follow_insertion_order(true).position(Corner::RightBottom).background_alpha(0.6))
        .show(ui, |plot| {
            plot.set_plot_bounds_x(x.0..=x.1);
            plot.set_plot_bounds_y(y.0..=y.1);
            let style = plot.ctx().global_style();
            for line in plots::theory_lines(&style.visuals, |bits, db| place_on(scale, Point { bits, db })) {
                plot.line(line);
            }
            let places: Vec<[f64; 2]> = front.iter().map(|&i| place_on(scale, points[i])).collect();
            // Piece by piece: joined, pieces shorter than the line is thick make long spikes.
            for piece in places.windows(2) {
                plot.line(
                    Line::new("frontier: none is better", PlotPoints::from(piece.to_vec())).color(strong).width(1.4),
                );
            }
        });
    let (transform, response) = (response.transform, response.response);
    move_view(ui, &response, &transform, state, [x, y]);
    let at: Vec<Pos2> = points.iter().map(|&p| screen(&transform, scale, p)).collect();
    let hovered = ui.ctx().pointer_hover_pos().filter(|_| response.contains_pointer()).and_then(|p| nearest(&at, p));
    paint_points(ui, drawn, (&at, &front), state, *transform.frame(), hovered);
    name_points(ui, drawn, &at, *transform.frame());
    let hovered = hovered.map(|i| drawn[i]);
    if let Some(d) = hovered {
        ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
        if response.clicked() {
            commands.push(Command::PointAtFormat(d.row.format));
            commands.push(Command::SetPaneFormat(state.weights_pane, Some(d.row.format)));
        }
        response.on_hover_ui_at_pointer(|ui| about_ui(ui, d, state.weights_pane));
    } else if response.double_clicked() {
        state.format_comparison.view = None;
    }
    hovered.map(|d| d.row.format)
}

/// The range of both axes that shows all there is.
fn whole(drawn: &[Drawn], scale: Scale) -> [(f64, f64); 2] {
    let places = || drawn.iter().map(|d| place_on(scale, d.place.point()));
    let bits = places().map(|p| p[0]).filter(|b| *b <= 16.5).fold(8.9, f64::max);
    let top = places().map(|p| p[1]);
    let y = match scale {
        Scale::Sqnr => (0.0, top.fold(48.0, f64::max) * 1.05),
        Scale::OfShannon => (-15.0, top.fold(0.5, f64::max) + 1.5),
    };
    [(0.6, bits + 0.3), y]
}

fn place_on(scale: Scale, p: Point) -> [f64; 2] {
    match scale {
        Scale::Sqnr => [p.bits, p.db],
        Scale::OfShannon => [p.bits, p.db - gaussian::shannon_db(p.bits)],
    }
}

fn screen(transform: &PlotTransform, scale: Scale, p: Point) -> Pos2 {
    let [x, y] = place_on(scale, p);
    transform.position_from_point(&PlotPoint::new(x, y))
}

/// The least width of an axis, in bits or decibels.
const NEAREST: f64 = 1e-3;

/// The wheel zooms about the pointer, a drag pans.
fn move_view(ui: &Ui, response: &Response, transform: &PlotTransform, state: &mut State, [x, y]: [(f64, f64); 2]) {
    let wheel = ui.input(|i| i.smooth_scroll_delta().y);
    let per_point = transform.dpos_dvalue();
    if response.dragged() {
        let moved = response.drag_delta();
        let (dx, dy) = (f64::from(moved.x) / per_point[0], f64::from(moved.y) / per_point[1]);
        state.format_comparison.view = Some([(x.0 - dx, x.1 - dx), (y.0 - dy, y.1 - dy)]);
    } else if let Some(p) = response.hover_pos().filter(|_| wheel != 0.0) {
        let about = transform.value_from_position(p);
        let factor = (-f64::from(wheel) / 240.0).exp().clamp(0.5, 2.0);
        let zoomed = |(low, high): (f64, f64), at: f64, widest: f64| {
            let factor = if high - low > widest { factor.min(1.0) } else { factor };
            (at - (at - low) * factor, at + (high - at) * factor)
        };
        let view = [zoomed(x, about.x, 20.0), zoomed(y, about.y, 140.0)];
        // Nearer than that, an axis has no two numbers any more.
        if view.iter().all(|(low, high)| high - low > NEAREST) {
            state.format_comparison.view = Some(view);
        }
    }
}

/// The point that the pointer is on.
fn nearest(at: &[Pos2], pointer: Pos2) -> Option<usize> {
    const REACH: f32 = 11.0;
    let distances = at.iter().map(|p| p.distance_sq(pointer)).enumerate();
    distances.filter(|(_, d)| *d <= REACH * REACH).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
}

fn paint_points(
    ui: &Ui,
    drawn: &[Drawn],
    (at, front): (&[Pos2], &[usize]),
    state: &State,
    frame: Rect,
    hovered: Option<usize>,
) {
    let dark = ui.visuals().dark_mode;
    let painter = ui.painter().with_clip_rect(frame.intersect(ui.clip_rect()));
    let on_front = |i: usize| front.contains(&i);
    let mut order: Vec<usize> = (0..drawn.len()).collect();
    order.sort_by_key(|&i| on_front(i));
    for i in order {
        let color = theme::family_color(dark, drawn[i].row.family);
        let color = if on_front(i) { color } else { color.gamma_multiply(0.6) };
        let radius = if on_front(i) { 4.6 } else { 3.6 };
        paint_mark(&painter, drawn[i].row.family, at[i], radius, color, drawn[i].place.of_sample.is_none());
    }
    let accent = theme::accent(dark);
    let mut taken = Vec::new();
    for (pane, format) in state.pane_formats().into_iter().enumerate() {
        let Some(i) = drawn.iter().position(|d| d.row.format == format) else { continue };
        let chosen = pane == state.weights_pane;
        let color = if chosen { accent } else { ui.visuals().strong_text_color() };
        painter.circle_stroke(at[i], 8.0, Stroke::new(if chosen { 2.0 } else { 1.2 }, color));
        taken.push(label(&painter, at[i] + vec2(9.0, 5.0), Align2::LEFT_TOP, &format!("pane {}", pane + 1), color));
    }
    for &i in front.iter().rev() {
        let name = drawn[i].row.name;
        let color = ui.visuals().text_color();
        let place = at[i] + vec2(-6.0, -3.0);
        let rect = measured(&painter, place, Align2::RIGHT_BOTTOM, name);
        let free = frame.contains_rect(rect) && taken.iter().all(|t: &Rect| !t.expand(1.0).intersects(rect));
        if free {
            taken.push(label(&painter, place, Align2::RIGHT_BOTTOM, name, color));
        }
    }
    let cursor = state.format_comparison.cursor.and_then(|format| drawn.iter().position(|d| d.row.format == format));
    for i in hovered.into_iter().chain(cursor) {
        painter.circle_stroke(at[i], 6.5, Stroke::new(2.0, ui.visuals().strong_text_color()));
    }
}

fn measured(painter: &egui::Painter, at: Pos2, align: Align2, text: &str) -> Rect {
    let size = painter.layout_no_wrap(text.to_owned(), theme::small_font(), Color32::WHITE).size();
    align.anchor_size(at, size)
}

fn label(painter: &egui::Painter, at: Pos2, align: Align2, text: &str, color: Color32) -> Rect {
    painter.text(at, align, text, theme::small_font(), color)
}

/// A shape a family, so that colour is not all that tells them apart; hollow where a sample was measured.
pub(crate) fn paint_mark(painter: &egui::Painter, family: Family, at: Pos2, r: f32, color: Color32, filled: bool) {
    let (fill, stroke) =
        if filled { (color, Stroke::NONE) } else { (color.gamma_multiply(0.15), Stroke::new(1.5, color)) };
    let polygon = |corners: &[(f32, f32)]| {
        let corners = corners.iter().map(|&(x, y)| pos2(at.x + x * r, at.y + y * r)).collect();
        painter.add(egui::Shape::convex_polygon(corners, fill, stroke));
    };
    match family {
        Family::Integer => drop(painter.circle(at, r, fill, stroke)),
        Family::Float => polygon(&[(0.0, -1.2), (1.15, 0.9), (-1.15, 0.9)]),
        Family::Gguf => polygon(&[(-0.95, -0.95), (0.95, -0.95), (0.95, 0.95), (-0.95, 0.95)]),
        Family::Learned => polygon(&[(0.0, -1.35), (1.35, 0.0), (0.0, 1.35), (-1.35, 0.0)]),
        Family::Coded => {
            polygon(&[(-1.25, 0.0), (-0.62, -1.08), (0.62, -1.08), (1.25, 0.0), (0.62, 1.08), (-0.62, 1.08)])
        }
        Family::Own => polygon(&[(0.0, 1.2), (1.15, -0.9), (-1.15, -0.9)]),
    }
}

/// A name for each point, for those who do not see them.
fn name_points(ui: &Ui, drawn: &[Drawn], at: &[Pos2], frame: Rect) {
    for (d, at) in drawn.iter().zip(at).filter(|(_, at)| frame.contains(**at)) {
        let id = ui.scope_id().with(("format-comparison-point", d.row.name));
        let response = ui.interact(Rect::from_center_size(*at, vec2(8.0, 8.0)), id, Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::GraphicsSymbol, true, summary(d)));
    }
}

/// "q4_k: 4.50 bits, 22.8 dB"
fn summary(d: &Drawn) -> String {
    format!("{}: {} bits, {}", d.row.name, figures::bits(d.place.bits), figures::db(d.place.sqnr_db))
}

fn about_ui(ui: &mut Ui, d: Drawn, pane: usize) {
    ui.set_max_width(330.0);
    ui.strong(summary(&d));
    ui.label(format!("weight error ρ {}", figures::rho(d.place.relative_error)));
    ui.label(format!("{}: {}", d.row.family.label(), d.row.purpose));
    ui.weak(d.row.layout);
    ui.weak(d.row.source);
    if let Some(measured) = d.place.of_sample {
        ui.weak(format!("measured on {} weights, in rows spread over the tensor", figures::count(measured as u64)));
    }
    ui.weak(format!("Click: into pane {}", pane + 1));
}

/// The format that is pointed at or that the cursor stands on, in words.
fn read_out_ui(ui: &mut Ui, about: Option<&Drawn>, state: &State, commands: &mut Vec<Command>) {
    let Some(d) = about else {
        ui.add_space(4.0);
        let hint = format!(
            "Click a format to put it into the chosen pane. {FRONTIER_BEFORE} {FRONTIER_AFTER} walk the frontier, \
             {TAKE_FORMAT} takes; the wheel zooms, a double click shows all."
        );
        ui.add(egui::Label::new(RichText::new(hint).small().weak()).wrap());
        return;
    };
    ui.horizontal(|ui| {
        ui.label(RichText::new(summary(d)).strong());
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            let there = state.pane_format(state.weights_pane) == d.row.format;
            let text = format!("Into pane {}", state.weights_pane + 1);
            let button = ui.add_enabled(!there, egui::Button::new(text).small()).on_hover_text(TAKE_FORMAT.to_string());
            if button.clicked() {
                commands.push(Command::SetPaneFormat(state.weights_pane, Some(d.row.format)));
            }
        });
    });
    let sample = d.place.of_sample.map(|n| format!("; on {} weights", figures::count(n as u64))).unwrap_or_default();
    let text = RichText::new(format!("{}{sample}", d.row.purpose)).small().weak();
    ui.add(egui::Label::new(text).truncate()).on_hover_text(d.row.layout);
}
