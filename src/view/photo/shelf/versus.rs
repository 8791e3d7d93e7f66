//! Two kept results beside each other: split, in turn, or side by side with the original.

use egui::Ui;

use crate::jobs::Running;
use crate::run::report::PhotoReport;
use crate::view::command_table::{CLOSE, ORIGINAL};
use crate::view::document::PhotoDocument;
use crate::view::photo::error_kind::ErrorKind;
use crate::view::photo::pane::{caption, eye_caption, joined, lens_text, pixel_text};
use crate::view::state::State;
use crate::view::widgets::compare::comparison::{Comparison, HoveredPixel, Marks, PaneContent};
use crate::view::widgets::compare::draw::compare_ui;
use crate::view::widgets::compare::mode::Mode;
use crate::view::work::Work;

/// Draws the two kept results that are compared in the place of the panes; returns whether there are two.
pub(crate) fn versus_ui((document, work): (&PhotoDocument, &Work), state: &mut State, ui: &mut Ui) -> bool {
    let Some(two) = state.shelf.versus(&document.photo) else { return false };
    let specs = two.map(|r| &r.figures.spec);
    let titles: Vec<String> =
        two.iter().zip(["A", "B"]).map(|(r, side)| format!("{side}: kept {}, {}", r.number, r.title())).collect();
    let details = specs.map(|spec| spec.words());
    let reports: Vec<Option<&PhotoReport>> = work
        .versus
        .iter()
        .zip(specs)
        .map(|(slot, spec)| {
            slot.shown().filter(|(key, _)| key.document == document.id && key.spec == *spec).map(|(_, r)| &**r)
        })
        .collect();
    let captions: Vec<String> = reports
        .iter()
        .zip(two)
        .map(|(report, kept)| joined([kept.figures.eye.and_then(eye_caption), report.map(caption)]))
        .collect();
    let extent = (document.photo.image.width, document.photo.image.height);
    let original = work.photo_original.shown().filter(|(id, _)| **id == document.id).map(|(_, o)| o.clone());
    let original_caption = format!("{} × {}", extent.0, extent.1);
    let mut panes = vec![PaneContent {
        title: "Original",
        detail: &document.photo.name,
        caption: &original_caption,
        picture: original.as_ref().map(|o| &o.picture),
        ..PaneContent::default()
    }];
    for (i, report) in reports.iter().enumerate() {
        let slot = &work.versus[i];
        panes.push(PaneContent {
            title: &titles[i],
            detail: if state.photo_mode == Mode::Split { "" } else { &details[i] },
            caption: &captions[i],
            picture: report.map(|r| &r.picture),
            error_map: report.map(|r| &r.error_map),
            error_scale: Some(ErrorKind::DeltaE.scale()),
            stale: slot.is_busy().then(|| slot.progress().unwrap_or(0.0)),
            message: slot.error(),
            ..PaneContent::default()
        });
    }
    let lens = |pane: usize, at| lens_text(&document.photo.image, &reports, pane, at);
    let comparison = Comparison {
        name: "photo",
        panes: &panes,
        extent,
        mode: state.photo_mode,
        base: 1,
        selected: 2,
        show_original: ORIGINAL.is_held(ui.ctx()),
        transparent: !document.photo.image.is_opaque(),
        lens: state.lens.then_some(&lens),
        marks: Marks::default(),
    };
    let response = compare_ui(ui, &mut state.compare_photo, &comparison);
    state.photo_hover = None;
    match response.hovered {
        Some(HoveredPixel { pane, pixel: (x, y) }) => {
            let report = pane.checked_sub(1).and_then(|i| reports.get(i).copied().flatten());
            state.hover = pixel_text(&document.photo.image, report, x, y);
        }
        None => {
            state.hover =
                format!("Two kept results, A and B. Hold {ORIGINAL} for the original, {CLOSE} ends the comparison.");
        }
    }
    true
}
