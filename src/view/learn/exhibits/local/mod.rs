//! Local palettes: one palette or scale for all against one for each part, where it helps and what it costs.

mod pictures;
mod weights;

use egui::{Slider, Ui};

use super::super::exhibit::{Exhibit, Inputs, settings_of, turned};
use crate::jobs::{Running, Slot, Wake, each};
use crate::lesson::exhibits::local::dark_photo::{DarkPhoto, measure};
use crate::lesson::exhibits::local::outlier::{CASES, Outlier, outlier};
use crate::lesson::exhibits::local::{LocalShow, MOST_STRENGTH, SeenLocal};
use crate::run::report::PhotoReport;
use crate::view::document::{DocumentId, PhotoKey, TensorId};
use crate::view::learn::stops;
use crate::view::photo::pane_slots::request_reduction;
use crate::view::widgets::compare::comparison::CompareState;

/// What the arrow keys walk through.
const SIDES: [u16; 5] = [4, 8, 16, 32, 64];
const STRENGTHS: [f32; 8] = [1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 40.0];

/// The dark photo with a bright pixel in it.
#[derive(Clone, Copy, PartialEq)]
struct DarkPhotoKey {
    document: DocumentId,
    /// How bright the pixel is, as the bits of an f32.
    strength: u32,
}

/// A tensor with an outlier in it.
#[derive(Clone, Copy, PartialEq)]
struct OutlierKey {
    tensor: TensorId,
    /// How large the outlier is, as the bits of an f32.
    strength: u32,
}

pub(crate) struct LocalExhibit {
    settings: LocalShow,
    /// The photo with one palette, then with one for each tile.
    reports: [Slot<PhotoKey, PhotoReport>; 2],
    dark_photo: Slot<DarkPhotoKey, DarkPhoto>,
    outlier: Slot<OutlierKey, Outlier>,
    compare: CompareState,
    /// The pixel last pointed at.
    pixel: Option<(u32, u32)>,
}

impl LocalExhibit {
    pub(crate) fn new(wake: &Wake) -> Self {
        Self {
            settings: LocalShow::default(),
            reports: [(); 2].map(|()| Slot::new("Reducing the photo", wake.clone())),
            dark_photo: Slot::new("Reducing the dark photo", wake.clone()),
            outlier: Slot::new("Measuring the formats", wake.clone()),
            compare: CompareState::default(),
            pixel: None,
        }
    }
}

impl Exhibit for LocalExhibit {
    settings_of!(Local);

    fn reset(&mut self) {
        self.compare = CompareState::default();
        if self.settings.seen == SeenLocal::Tiles {
            // Near enough to see what a tile does.
            self.compare.viewport.set_zoom(1.0);
        }
        self.pixel = None;
    }

    fn update(&mut self, inputs: &Inputs) {
        let strength = self.settings.strength;
        match self.settings.seen {
            SeenLocal::Tiles => {
                let Some(document) = &inputs.photo else { return };
                let specs = [self.settings.one_palette(), self.settings.palette_a_tile()];
                for (slot, spec) in self.reports.iter_mut().zip(specs) {
                    request_reduction(slot, document, spec);
                }
            }
            SeenLocal::Pixel => {
                let Some(document) = &inputs.photo else { return };
                let image = document.photo.image.clone();
                let key = DarkPhotoKey { document: document.id, strength: strength.to_bits() };
                self.dark_photo.request_value(key, move |control| measure(&image, strength, control));
            }
            SeenLocal::Weights => {
                let (Some(document), Some(original)) = (&inputs.model, &inputs.tensor_original) else { return };
                let original = original.clone();
                let key = OutlierKey { tensor: document.tensor_id(inputs.tensor), strength: strength.to_bits() };
                self.outlier.request_value(key, move |control| {
                    outlier(&original.values, original.picture_width, strength, control)
                });
            }
        }
    }

    fn ui(&mut self, ui: &mut Ui, inputs: &Inputs) {
        match self.settings.seen {
            SeenLocal::Tiles => self.tiles_ui(ui, inputs),
            SeenLocal::Pixel => {
                self.strength_ui(ui, "Bright pixel");
                self.dark_photo_ui(ui);
            }
            SeenLocal::Weights => {
                self.strength_ui(ui, "Outlier");
                self.weights_ui(ui, inputs);
            }
        }
    }

    fn turn(&mut self, step: i32) {
        match self.settings.seen {
            SeenLocal::Tiles => self.settings.tile = stops::next(&SIDES, self.settings.tile, step),
            _ => self.settings.strength = stops::next(&STRENGTHS, self.settings.strength, step),
        }
    }

    /// The next of what is compared; with a bright pixel, with and without it.
    fn play(&mut self) {
        match self.settings.seen {
            SeenLocal::Tiles => {
                self.settings.tile_colors =
                    if self.settings.tile_colors >= 8 { 2 } else { self.settings.tile_colors * 2 };
            }
            SeenLocal::Pixel => self.settings.strength = if self.settings.strength > 1.0 { 1.0 } else { 20.0 },
            SeenLocal::Weights => {
                let at = CASES.iter().position(|(name, _)| *name == self.settings.format).unwrap_or(0);
                self.settings.format = CASES[(at + 1) % CASES.len()].0.to_owned();
            }
        }
    }

    fn jobs(&mut self) -> Vec<&mut dyn Running> {
        let mut jobs: Vec<&mut dyn Running> = each(&mut self.reports).collect();
        jobs.extend([&mut self.dark_photo as &mut dyn Running, &mut self.outlier]);
        jobs
    }
}

impl LocalExhibit {
    fn strength_ui(&mut self, ui: &mut Ui, name: &str) {
        ui.horizontal(|ui| {
            ui.label(name);
            ui.spacing_mut().slider_width = (ui.available_width() * 0.35).clamp(120.0, 320.0);
            let slider = Slider::new(&mut self.settings.strength, 1.0..=MOST_STRENGTH).logarithmic(true);
            ui.add(slider.prefix("× ").max_decimals(1))
                .on_hover_text(turned("How many times the largest of the others"));
            if ui.selectable_label(self.settings.strength <= 1.0, "None").clicked() {
                self.settings.strength = 1.0;
            }
        });
    }
}
