//! The frames that panels stand in, and what stands in one that has nothing to show.

use egui::{Frame, Margin, RichText, Ui};

use crate::view::theme;

pub(crate) fn controls_frame(ui: &Ui) -> Frame {
    Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin::symmetric(10, 5))
}

pub(crate) fn content_frame(ui: &Ui) -> Frame {
    Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin { left: 10, right: 10, top: 4, bottom: 6 })
}

pub(crate) fn empty_ui(ui: &mut Ui, text: &str) {
    ui.centered_and_justified(|ui| ui.label(RichText::new(text).size(theme::HEADING).weak()));
}
