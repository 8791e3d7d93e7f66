//! Bytes and quality: the frontier of the photo's files, and the file that meets a target. A point is taken by a click.

use egui::{DragValue, Grid, Id, ProgressBar, RichText, Ui, vec2};
use egui_plot::{Legend, MarkerShape, Plot, PlotPoints, Points};

use crate::figures;
use crate::jobs::Running;
use crate::run::target::{Point, Target};
use crate::spec::PhotoSpec;
use crate::view::command::Command;
use crate::view::document::PhotoKey;
use crate::view::photo::target_state::{TargetAct, TargetKey, TargetState};
use crate::view::results::Results;
use crate::view::state::State;
use crate::view::theme;

/// Points of the screen within which a click takes a point of the plot.
const REACH: f32 = 14.0;

/// Draws the window where it is open.
pub(crate) fn target_window_ui(state: &mut State, results: &Results, ui: &Ui, commands: &mut Vec<Command>) {
    let mut open = state.target.is_open;
    let document = results.photos.current().map(|document| document.id);
    let base = state.target.base(&state.pane_spec(state.photo_pane));
    egui::Window::new("Bytes and quality").id(Id::unique("target")).open(&mut open).default_width(520.0).show(
        ui.ctx(),
        |ui| match document.zip(base) {
            Some((document, base)) => {
                let photo = PhotoKey { document, spec: base.clone().into() };
                asked_ui(&mut state.target, &photo, ui, commands);
                let asked = state.target.asked.clone().filter(|asked| asked.photo == photo);
                let mut take = |point: &Point| {
                    commands.push(Command::Target(TargetAct::Take(point.spec.clone(), base.clone())));
                };
                found_ui(results, asked, ui, &mut take);
                ui.separator();
                frontier_ui(results, &photo, ui, &mut take);
            }
            None => {
                ui.label(
                    "Choose a pane whose palette is fitted to the whole photo: its number of colours is looked for.",
                );
            }
        },
    );
    if open != state.target.is_open {
        commands.push(Command::Target(TargetAct::Toggle));
    }
}

fn asked_ui(target: &mut TargetState, photo: &PhotoKey, ui: &mut Ui, commands: &mut Vec<Command>) {
    let mut find = |ui: &mut Ui, text: &str, target: Target| {
        let hint =
            "The number of colours is found, and with it smaller files at the same colours; never over the target";
        if ui.button(text).on_hover_text(hint).clicked() {
            commands.push(Command::Target(TargetAct::Find(TargetKey { photo: photo.clone(), target })));
        }
        ui.end_row();
    };
    Grid::new("targets").num_columns(3).show(ui, |ui| {
        ui.label("Best look in at most");
        ui.add(DragValue::new(&mut target.kilobytes).range(0.1..=1e6).speed(1.0).suffix(" kB"));
        find(ui, "Find the best", Target::MaxBytes((target.kilobytes * 1000.0) as u64));
        ui.label("Fewest bytes at SSIMULACRA2");
        let field = DragValue::new(&mut target.quality).range(-100.0..=100.0).speed(0.5).prefix("≥ ");
        ui.add(field).on_hover_text("90 is hardly seen side by side, 70 good, 50 fair");
        find(ui, "Find the smallest", Target::MinQuality(target.quality));
    });
}

/// What was found, or why nothing was.
fn found_ui(results: &Results, asked: Option<TargetKey>, ui: &mut Ui, take: &mut impl FnMut(&Point)) {
    let slot = &results.work.photo_views.target;
    if asked.is_none() || slot.wanted() != asked.as_ref() {
        return;
    }
    if slot.is_busy() {
        ui.add(ProgressBar::new(slot.progress().unwrap_or(0.0)).desired_height(8.0));
    } else if slot.is_cancelled() {
        ui.weak("Stopped");
    } else if let Some(error) = slot.error() {
        ui.colored_label(ui.visuals().error_fg_color, error);
    } else if let Some((_, found)) = slot.shown().filter(|(key, _)| Some(*key) == asked.as_ref()) {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(words(found)).strong());
            if ui.button("Take it").on_hover_text("The chosen pane gets these settings").clicked() {
                take(found);
            }
        });
    }
}

/// "96 colours, best for the eye, grain 50 %: 99 kB, SSIMULACRA2 81.2"
fn words(point: &Point) -> String {
    let spec = PhotoSpec::from(point.spec.clone());
    let (bytes, quality) = (figures::kilobytes(point.bytes), figures::ssimulacra2(point.quality));
    format!("{}, {}: {bytes}, SSIMULACRA2 {quality}", spec.title(), spec.words())
}

fn frontier_ui(results: &Results, photo: &PhotoKey, ui: &mut Ui, take: &mut impl FnMut(&Point)) {
    let slot = &results.work.photo_views.frontier;
    let Some((_, points)) = slot.shown().filter(|(key, _)| *key == photo) else {
        ui.weak(match slot.error() {
            Some(error) => error,
            None if slot.is_cancelled() => "Stopped",
            None => "Measuring files of 256 to 4 colours…",
        });
        return;
    };
    let way = |point: &Point| PhotoSpec::from(point.spec.clone()).words();
    let mut ways: Vec<String> = Vec::new();
    points.iter().map(way).for_each(|way| {
        if !ways.contains(&way) {
            ways.push(way);
        }
    });
    let place = |point: &Point| point.quality.map(|quality| [point.bytes as f64 / 1000.0, quality]);
    let dark = ui.visuals().dark_mode;
    let colors = [theme::photo_color(dark), theme::weights_color(dark), theme::accent(dark)];
    let shapes = [MarkerShape::Circle, MarkerShape::Square, MarkerShape::Diamond];
    let plot = Plot::new("frontier")
        .height(260.0)
        .x_axis_label("kB, packed PNG")
        .y_axis_label("SSIMULACRA2")
        .allow_scroll(false)
        .legend(Legend::default().position(egui_plot::Corner::RightBottom).background_alpha(0.6));
    let response = plot.show(ui, |plot| {
        for (i, way_shown) in ways.iter().enumerate() {
            let of_way = points.iter().filter(|point| way(point) == *way_shown);
            let places: Vec<[f64; 2]> = of_way.filter_map(place).collect();
            let (color, shape) = (colors[i % colors.len()], shapes[i % shapes.len()]);
            plot.points(Points::new(way_shown, PlotPoints::from(places)).radius(4.0).color(color).shape(shape));
        }
        plot.pointer_coordinate().map(|at| (plot.transform().position_from_point(&at), *plot.transform()))
    });
    let near = response.inner.and_then(|(pointer, transform)| {
        let far = |point: &Point| {
            let [x, y] = place(point)?;
            let at = transform.position_from_point(&egui_plot::PlotPoint::new(x, y));
            Some(at.distance(pointer))
        };
        let nearest = points.iter().filter_map(|point| far(point).map(|far| (far, point)));
        nearest.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(far, _)| *far < REACH).map(|(_, point)| point)
    });
    if slot.is_busy() {
        ui.add(ProgressBar::new(slot.progress().unwrap_or(0.0)).desired_height(6.0));
    }
    let hint = || "Point at a file for its settings; a click gives them to the chosen pane".to_owned();
    let said = near.map_or_else(hint, words);
    ui.add_sized(vec2(ui.available_width(), 18.0), egui::Label::new(said).truncate());
    if let Some(point) = near.filter(|_| response.response.clicked()) {
        take(point);
    }
}
