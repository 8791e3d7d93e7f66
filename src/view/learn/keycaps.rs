//! The keys pressed, on screen, so that a class sees what the teacher does.

use std::time::{Duration, Instant};

use egui::{Align2, Area, Context, CornerRadius, Event, Frame, Id, Margin, Order, RichText};

use crate::view::theme;
use crate::view::widgets::keys::name;

const SHOWN: Duration = Duration::from_millis(1600);
const MOST: usize = 5;

#[derive(Default)]
pub(crate) struct Keycaps {
    pressed: Vec<(String, Instant)>,
}

impl Keycaps {
    /// Takes this frame's keys; call before they are consumed. What is typed into a field stays private.
    pub(super) fn take(&mut self, ctx: &Context) {
        let now = Instant::now();
        self.pressed.retain(|(_, at)| now.duration_since(*at) < SHOWN);
        if ctx.egui_wants_keyboard_input() {
            return;
        }
        let names: Vec<String> = ctx.input(|i| i.events.iter().filter_map(name_of).collect());
        self.pressed.extend(names.into_iter().map(|name| (name, now)));
        let over = self.pressed.len().saturating_sub(MOST);
        self.pressed.drain(..over);
    }

    /// In the bar below the step, `above_bottom` points over the window's edge.
    pub(super) fn ui(&self, ctx: &Context, above_bottom: f32) {
        if self.pressed.is_empty() {
            return;
        }
        let style = ctx.global_style();
        let area = Area::new(Id::unique("keycaps")).order(Order::Foreground).interactable(false);
        area.anchor(Align2::CENTER_BOTTOM, [0.0, -above_bottom]).show(ctx, |ui| {
            ui.horizontal(|ui| {
                for (name, _) in &self.pressed {
                    let frame =
                        Frame::new().fill(style.visuals.strong_text_color()).corner_radius(CornerRadius::same(5));
                    frame.inner_margin(Margin::symmetric(10, 1)).show(ui, |ui| {
                        ui.label(RichText::new(name).size(theme::HEADING).color(style.visuals.panel_fill));
                    });
                }
            });
        });
        ctx.request_repaint_after(Duration::from_millis(200));
    }
}

fn name_of(event: &Event) -> Option<String> {
    match event {
        Event::Key { key, pressed: true, repeat: false, modifiers, .. } => Some(name(*key, *modifiers)),
        _ => None,
    }
}
