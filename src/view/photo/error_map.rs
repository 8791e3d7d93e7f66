//! Which error the photo's error maps show: the choice, its scale, and the map itself.

use std::sync::Arc;

use egui::{Align, Layout, Rect, Ui, UiBuilder};

use crate::engine::metric::over_white;
use crate::jobs::{Running, Slot};
use crate::picture::Picture;
use crate::run::report::PhotoReport;
use crate::view::command::Command;
use crate::view::document::{DocumentId, PhotoKey};
use crate::view::photo::error_kind::ErrorKind;

/// What an error map is of that no report carries.
#[derive(Clone, Debug, PartialEq)]
pub struct MapKey {
    /// The reduction.
    pub photo: PhotoKey,
    /// What the map shows.
    pub kind: ErrorKind,
}

/// The map that a pane is to show, where it is there.
pub fn map_of<'a>(
    kind: ErrorKind,
    report: Option<&'a PhotoReport>,
    computed: &'a Slot<MapKey, Arc<Picture>>,
    document: DocumentId,
) -> Option<&'a Arc<Picture>> {
    match kind {
        ErrorKind::DeltaE => report.map(|r| &r.error_map),
        ErrorKind::Bits => report?.tile_allocation().map(|allocation| &allocation.map),
        ErrorKind::Afar | ErrorKind::Squared => {
            let of_photo = |key: &MapKey| key.photo.document == document && key.kind == kind;
            computed.shown().filter(|(key, _)| of_photo(key)).map(|(_, map)| &**map)
        }
    }
}

/// How far a pane's map is, where what is shown is not of the settings wanted.
pub fn stale(kind: ErrorKind, computed: &Slot<MapKey, Arc<Picture>>, wanted: &PhotoKey) -> Option<f32> {
    let current = computed.shown().is_some_and(|(key, _)| key.photo == *wanted && key.kind == kind);
    let coming = kind.computed().is_some() && !current && computed.is_busy();
    coming.then(|| computed.progress().unwrap_or(0.0))
}

/// The choice, in the strip under the original where the maps have their scales.
/// `tiles`: whether bits were allocated to any.
pub fn choice_ui(ui: &mut Ui, at: Rect, current: ErrorKind, tiles: bool, commands: &mut Vec<Command>) {
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(at).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.label("Error as");
        ui.add_space(4.0);
        for kind in ErrorKind::ALL.into_iter().filter(|kind| tiles || *kind != ErrorKind::Bits) {
            if ui.selectable_label(kind == current, kind.label()).on_hover_text(kind.scale().hint).clicked() {
                commands.push(Command::SetErrorKind(kind));
            }
        }
    });
}

/// Mean over the channels of the squared difference, as the map has it.
pub fn squared(original: [u8; 4], reduced: [u8; 4]) -> f64 {
    let pairs = over_white(original).into_iter().zip(over_white(reduced));
    pairs.map(|(x, y)| f64::from(x.abs_diff(y)).powi(2)).sum::<f64>() / 3.0
}
