//! Figures as people read them: names at the left, figures at the right, a hint where a name is not plain.

use egui::{Align, Label, Layout, RichText, Ui};

use crate::engine::metric::ScalarError;
use crate::figures;
use crate::spec::Stage;

/// A line of figures: name, figure, and what it says where that is not plain.
pub(crate) struct Figure {
    pub name: String,
    pub figure: String,
    pub hint: Option<String>,
}

impl Figure {
    pub(crate) fn new(name: impl Into<String>, figure: impl Into<String>) -> Self {
        Self { name: name.into(), figure: figure.into(), hint: None }
    }

    pub(crate) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Marked as a preview's where it is one: it may differ from the figure of the whole.
    pub(crate) fn of_stage(self, stage: Stage) -> Self {
        match stage {
            Stage::Full => self,
            Stage::Preview => Self { figure: format!("preview {}", self.figure), ..self.with_hint(OF_PREVIEW) },
            Stage::Draft => Self { figure: format!("draft {}", self.figure), ..self.with_hint(OF_DRAFT) },
        }
    }
}

const OF_DRAFT: &str = "Of every pixel, with a part of the work: a better picture is on the way";
const OF_PREVIEW: &str = "Of a preview, which takes one of several: the figure of the whole is on the way";

/// Names at the left, figures at the right.
pub(crate) fn figure_grid(ui: &mut Ui, rows: &[(&str, String)]) {
    let rows: Vec<Figure> = rows.iter().map(|(name, figure)| Figure::new(*name, figure)).collect();
    figures_ui(ui, &rows);
}

/// Names at the left, figures at the right, each row with its hint. A name that has no room is cut off, a figure never.
pub(crate) fn figures_ui(ui: &mut Ui, rows: &[Figure]) {
    ui.spacing_mut().item_spacing.y = 1.0;
    ui.spacing_mut().interact_size.y = 15.0;
    for row in rows {
        let line = ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.label(RichText::new(&row.figure).small());
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.add(Label::new(RichText::new(&row.name).small().weak()).truncate());
                });
            });
        });
        if let Some(hint) = &row.hint {
            line.response.on_hover_text(hint);
        }
    }
}

/// A cell of a grid at the right of its column.
pub(crate) fn right(ui: &mut Ui, text: RichText) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.label(text));
}

/// An error in dB; no figure where nothing was compared, as in a tensor of nothing but NaN: that is not "exact".
pub fn sqnr(error: &ScalarError) -> String {
    if error.values == 0 { figures::NONE.to_owned() } else { figures::db(error.sqnr_db()) }
}

/// An error as ρ; no figure where nothing was compared.
pub fn rho(error: &ScalarError) -> String {
    if error.values == 0 { figures::NONE.to_owned() } else { figures::rho(error.relative_error()) }
}
