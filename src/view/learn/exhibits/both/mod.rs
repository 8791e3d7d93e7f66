//! A photo and a tensor under one dial: their pictures, their error against bits, their levels, their sizes.

mod levels;
mod sizes;

use egui::{Align, Layout, RichText, Ui, vec2};

use super::super::exhibit::{Exhibit, Inputs, settings_of};
use super::photo::pictures_ui;
use crate::jobs::{Running, Slot, Wake};
use crate::lesson::exhibits::both::{BothSeen, BothShow};
use crate::lesson::exhibits::photo::PhotoShow;
use crate::run::report::{PhotoReport, RatePoint, TensorReport};
use crate::spec::PhotoSpec;
use crate::view::document::{DocumentId, TensorKey, TensorRateKey};
use crate::view::photo::pane::shown_report;
use crate::view::photo::pane_slots::PhotoPane;
use crate::view::theme;
use crate::view::weights::pane::{TensorPanes, shown_tensor_report, tensor_panes_ui};
use crate::view::widgets::codebook;
use crate::view::widgets::compare::comparison::CompareState;
use crate::view::widgets::compare::mode::Mode;
use crate::view::widgets::dial::{dial_ui, neighbour};
use crate::view::widgets::plots::rate_distortion::{Series, rate_distortion_ui};
use crate::view::work::request_tensor;
use crate::{figures, run};

const DIAL: f32 = 164.0;
/// The palette and the number line below the pictures.
const STRIP: f32 = 34.0;

pub(crate) struct BothExhibit {
    settings: BothShow,
    pane: PhotoPane,
    tensor: Slot<TensorKey, TensorReport>,
    photo_rate: Slot<DocumentId, Vec<RatePoint>>,
    tensor_rate: Slot<TensorRateKey, Vec<RatePoint>>,
    compare: [CompareState; 2],
}

impl BothExhibit {
    pub(crate) fn new(wake: &Wake) -> Self {
        let pane = PhotoPane {
            report: Slot::new("Reducing the photo", wake.clone()),
            png: Slot::new("Compressing", wake.clone()),
        };
        Self {
            settings: BothShow::default(),
            pane,
            tensor: Slot::new("Reducing the tensor", wake.clone()),
            photo_rate: Slot::new("Measuring the dial's stops", wake.clone()),
            tensor_rate: Slot::new("Measuring the dial's stops", wake.clone()),
            compare: Default::default(),
        }
    }

    fn spec(&self) -> PhotoSpec {
        self.photo_show().spec()
    }

    fn photo_show(&self) -> PhotoShow {
        PhotoShow { colors: 1 << self.settings.bits, ..PhotoShow::default() }
    }

    fn request_curves(&mut self, inputs: &Inputs) {
        if let Some(document) = &inputs.photo {
            let (image, PhotoShow { method, space, .. }) = (document.photo.image.clone(), PhotoShow::default());
            self.photo_rate
                .request_value(document.id, move |control| run::photo::rate_curve(&image, method, space, control));
        }
        if let Some(document) = &inputs.model {
            let (model, tensor, settings) = (document.model.clone(), inputs.tensor, self.settings.settings());
            let key = TensorRateKey { tensor: document.tensor_id(tensor), settings };
            self.tensor_rate
                .request_value(key, move |control| run::tensor::rate_curve(&model, tensor, settings, control));
        }
    }

    fn photo_report(&self, inputs: &Inputs) -> Option<&PhotoReport> {
        shown_report(&self.pane, inputs.photo.as_ref()?.id)
    }

    fn tensor_report(&self, inputs: &Inputs) -> Option<&TensorReport> {
        shown_tensor_report(&self.tensor, inputs.model.as_ref()?.tensor_id(inputs.tensor))
    }

    /// Photo above, heat map below, each with its palette.
    fn pictures(&mut self, ui: &mut Ui, inputs: &Inputs) {
        let gap = ui.spacing().item_spacing.y;
        let each = ((ui.available_height() - 2.0 * STRIP - 3.0 * gap) / 2.0).max(60.0);
        let size = vec2(ui.available_width(), each);
        let show = self.photo_show();
        ui.allocate_ui(size, |ui| pictures_ui(ui, &mut self.compare[0], inputs, &self.pane, &show));
        match self.photo_report(inputs) {
            Some(report) => codebook::palette_ui(ui, &report.palette, STRIP, None),
            None => ui.add_space(STRIP),
        }
        let Some(document) = &inputs.model else { return };
        let panes = TensorPanes {
            name: "lesson-weights",
            tensor: document.tensor_id(inputs.tensor),
            original: inputs.tensor_original.as_deref(),
            slots: &[&self.tensor],
            formats: &[self.settings.format()],
            mode: Mode::SideBySide,
            selected: 0,
            lens: false,
            marks: crate::view::widgets::compare::comparison::Marks::default(),
            failure: inputs.no_weights(),
        };
        ui.allocate_ui(size, |ui| tensor_panes_ui(ui, &mut self.compare[1], &panes));
        if let Some(report) = self.tensor_report(inputs) {
            let color = theme::bits_color(ui.visuals().dark_mode, report.spec.format.bits);
            codebook::levels_ui(ui, &report.levels, STRIP, color, None);
        }
    }

    fn curve(&self, ui: &mut Ui, inputs: &Inputs) {
        let photo = self.photo_rate.shown().filter(|(id, _)| inputs.photo.as_ref().is_some_and(|d| d.id == **id));
        let key = inputs
            .model
            .as_ref()
            .map(|d| TensorRateKey { tensor: d.tensor_id(inputs.tensor), settings: self.settings.settings() });
        let tensor = self.tensor_rate.shown().filter(|(k, _)| Some(**k) == key);
        let series = Series {
            photo: photo.map(|(_, points)| points.as_slice()).unwrap_or_default(),
            tensor: tensor.map(|(_, points)| points.as_slice()).unwrap_or_default(),
            layers: &[],
            dial: self.settings.bits,
        };
        let height = ui.available_height();
        rate_distortion_ui(ui, &series, height);
    }

    /// The dial, what it means for both, and the errors that it leads to.
    fn dial(&mut self, ui: &mut Ui, inputs: &Inputs) {
        let dark = ui.visuals().dark_mode;
        let bits = self.settings.bits;
        let unit = if bits == 1 { "bit" } else { "bits" };
        ui.vertical_centered(|ui| {
            ui.add_space(((ui.available_height() - DIAL - 190.0) / 2.0).max(0.0));
            if let Some(bits) = dial_ui(ui, bits, DIAL.min(ui.available_width())) {
                self.settings.bits = bits;
            }
            ui.add_space(6.0);
            let (report, tensor) = (self.photo_report(inputs), self.tensor_report(inputs));
            let about = |ui: &mut Ui, color, title: String, lines: [String; 2]| {
                ui.label(RichText::new(title).strong().color(color));
                lines.into_iter().for_each(|line| {
                    ui.label(line);
                });
                ui.add_space(6.0);
            };
            let none = || figures::NONE.to_owned();
            // Beside the curve, what the curve is of; elsewhere the figure that each side is known by.
            let on_curve = self.settings.seen == BothSeen::Curve;
            let photo_error = |r: &PhotoReport| match on_curve {
                true => format!("SQNR {}", figures::db(r.error.sqnr_db)),
                false => format!("PSNR {}", figures::db(r.error.psnr_db)),
            };
            let weight_error = |r: &TensorReport| match on_curve {
                true => format!("SQNR {}", figures::db(r.error.sqnr_db())),
                false => format!("weight error {}", figures::rho(r.error.relative_error())),
            };
            about(
                ui,
                theme::photo_color(dark),
                format!("{} colours", 1u32 << bits),
                [
                    report.map_or_else(none, photo_error),
                    report.map_or_else(none, |r| format!("{} bits a pixel", figures::bits(r.rate.bits_per_sample()))),
                ],
            );
            about(
                ui,
                theme::weights_color(dark),
                format!("{bits} {unit} a weight"),
                [
                    tensor.map_or_else(none, weight_error),
                    tensor.map_or_else(none, |r| format!("{} bits a weight", figures::bits(r.rate.bits_per_sample()))),
                ],
            );
        });
    }
}

impl Exhibit for BothExhibit {
    settings_of!(Both);

    fn reset(&mut self) {
        self.compare = Default::default();
    }

    fn update(&mut self, inputs: &Inputs) {
        let spec = self.spec();
        if let Some(document) = &inputs.photo {
            crate::view::photo::pane_slots::request_reduction(&mut self.pane.report, document, spec);
        }
        if let (Some(document), Some(original)) = (&inputs.model, &inputs.tensor_original) {
            request_tensor(&mut self.tensor, document, original, self.settings.format());
        }
        if self.settings.seen == BothSeen::Curve {
            self.request_curves(inputs);
        }
    }

    fn ui(&mut self, ui: &mut Ui, inputs: &Inputs) {
        ui.horizontal(|ui| {
            for seen in BothSeen::ALL {
                ui.selectable_value(&mut self.settings.seen, seen, seen.label());
            }
            ui.separator();
            ui.selectable_value(&mut self.settings.affine, false, "symmetric")
                .on_hover_text("−n … n times a scale; zero is a level");
            ui.selectable_value(&mut self.settings.affine, true, "from a zero point")
                .on_hover_text("0 … n times a scale, from the group's smallest weight on");
            ui.checkbox(&mut self.settings.searched, "searched").on_hover_text(
                "As on the bridge: of many scales the one with the least error, so that every code is used. Off: the \
                 group's largest weight sets the scale",
            );
        });
        let size = ui.available_size();
        let side = (DIAL + 8.0).min(size.x * 0.4);
        ui.horizontal_top(|ui| {
            let main = vec2(size.x - side - ui.spacing().item_spacing.x, size.y);
            ui.allocate_ui_with_layout(main, Layout::top_down(Align::Min), |ui| match self.settings.seen {
                BothSeen::Pictures => self.pictures(ui, inputs),
                BothSeen::Curve => self.curve(ui, inputs),
                BothSeen::Levels => levels::levels_ui(ui, self.photo_report(inputs), self.tensor_report(inputs)),
                BothSeen::Sizes => {
                    sizes::sizes_ui(ui, self.settings.bits, self.photo_report(inputs), self.tensor_report(inputs));
                }
            });
            ui.allocate_ui_with_layout(vec2(side, size.y), Layout::top_down(Align::Min), |ui| self.dial(ui, inputs));
        });
    }

    fn turn(&mut self, step: i32) {
        self.settings.bits = neighbour(self.settings.bits, step);
    }

    fn play(&mut self) {
        let at = BothSeen::ALL.iter().position(|s| *s == self.settings.seen).unwrap_or(0);
        self.settings.seen = BothSeen::ALL[(at + 1) % BothSeen::ALL.len()];
    }

    fn jobs(&mut self) -> Vec<&mut dyn Running> {
        let [report, png] = self.pane.jobs();
        vec![report, png, &mut self.tensor, &mut self.photo_rate, &mut self.tensor_rate]
    }
}
