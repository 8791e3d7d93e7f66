//! The photo, and how its pixels go with their neighbours.

use std::sync::Arc;

use egui::{Align, Align2, Layout, Rect, RichText, Slider, Ui, pos2, vec2};

use super::super::super::exhibit::{PLAY, turned};
use crate::figures;
use crate::lesson::exhibits::why::neighbours::{ALIKE, Neighbours};
use crate::lesson::exhibits::why::{MOST_DISTANCE, WhyShow};
use crate::picture::Picture;
use crate::view::theme;
use crate::view::widgets::compare::comparison::{CompareState, Comparison, PaneContent};
use crate::view::widgets::compare::draw::compare_ui;

/// The entries of the palette that can be laid over the pixels.
const FEW: u16 = 16;

pub(super) fn pairs_ui(ui: &mut Ui, settings: &mut WhyShow, compare: &mut CompareState, shown: Option<&Neighbours>) {
    ui.horizontal(|ui| {
        ui.label("Pixels apart");
        ui.spacing_mut().slider_width = 160.0;
        ui.add(Slider::new(&mut settings.distance, 1..=MOST_DISTANCE).logarithmic(true))
            .on_hover_text(turned("How far to the right the other pixel of a pair is"));
        ui.checkbox(&mut settings.shuffled, "Shuffled")
            .on_hover_text(PLAY.tip_for("All pixels put in random places: the same colours, no neighbours"));
        let mut few = settings.colors.is_some();
        ui.checkbox(&mut few, format!("{FEW} colours")).on_hover_text("The pixels under a palette");
        settings.colors = few.then(|| settings.colors.unwrap_or(FEW));
    });
    let Some(neighbours) = shown else { return };
    let below = 44.0;
    let height = ui.available_height() - below;
    let side = height.min(ui.available_width() * 0.48);
    ui.horizontal_top(|ui| {
        let left = vec2(ui.available_width() - side - ui.spacing().item_spacing.x, height);
        ui.allocate_ui_with_layout(left, Layout::top_down(Align::Min), |ui| photo_ui(ui, compare, neighbours));
        let (rect, response) = ui.allocate_exact_size(vec2(side, height), egui::Sense::hover());
        response.widget_info(|| {
            egui::WidgetInfo::labeled(
                egui::accesskit::Role::Image,
                true,
                "A pixel's brightness against its neighbour's",
            )
        });
        square_ui(ui, Rect::from_min_size(rect.min, vec2(side, side)), &neighbours.square, neighbours.pairs.distance);
    });
    let r = format!("{:.3}", neighbours.correlation);
    let apart = if neighbours.pairs.distance == 1 {
        "neighbours".to_owned()
    } else {
        format!("pixels {} apart", neighbours.pairs.distance)
    };
    ui.label(RichText::new(format!("Correlation of {apart}: {r}")).strong().size(theme::HEADING - 1.0));
    ui.label(format!(
        "{:.0} % of {} pairs differ by at most {ALIKE:.0} of 255 steps of brightness.",
        neighbours.alike * 100.0,
        figures::count(neighbours.count)
    ));
}

fn photo_ui(ui: &mut Ui, compare: &mut CompareState, neighbours: &Neighbours) {
    let panes = [PaneContent {
        title: if neighbours.pairs.shuffled.is_some() { "Its pixels shuffled" } else { "The photo" },
        picture: Some(&neighbours.picture),
        ..PaneContent::default()
    }];
    let comparison =
        Comparison::side_by_side("lesson-pairs", &panes, (neighbours.picture.width, neighbours.picture.height));
    compare_ui(ui, compare, &comparison);
}

/// One cell of the square a rectangle; dark where there is no pair.
fn square_ui(ui: &Ui, rect: Rect, square: &Arc<Picture>, distance: u32) {
    let plot = Rect::from_min_max(rect.min + vec2(20.0, 24.0), rect.max - vec2(2.0, 20.0));
    let (cells, mut mesh) = (square.width.max(1), egui::Mesh::default());
    let step = vec2(plot.width() / cells as f32, plot.height() / square.height.max(1) as f32);
    for y in 0..square.height {
        for x in 0..cells {
            let [r, g, b, _] = square.pixel(x, y);
            let at = plot.min + vec2(step.x * x as f32, step.y * y as f32);
            mesh.add_colored_rect(Rect::from_min_size(at, step), egui::Color32::from_rgb(r, g, b));
        }
    }
    ui.painter().add(egui::Shape::mesh(mesh));
    let weak = ui.visuals().weak_text_color();
    let text = |at, align, text: &str| ui.painter().text(at, align, text, theme::small_font(), weak);
    let other =
        if distance == 1 { "its right neighbour".to_owned() } else { format!("the one {distance} to its right") };
    text(pos2(plot.left(), rect.top() + 5.0), Align2::LEFT_TOP, &format!("↑ {other}: dark to bright"));
    text(pos2(plot.right(), rect.bottom()), Align2::RIGHT_BOTTOM, "a pixel: dark to bright →");
}
