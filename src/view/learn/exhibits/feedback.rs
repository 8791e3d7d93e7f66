//! One loop with three filters: nearest, diffusion and GPTQ, on a photo, on a layer of the running model, and in the
//! model as a whole.

use std::sync::Arc;

use egui::{ComboBox, RichText, Slider, Ui, UiBuilder};

use super::{feedback_layer, feedback_model, feedback_photo};
use crate::engine::control::Failure;
use crate::jobs::{Running, Slot, Wake};
use crate::language::architecture::{Architecture, LAYER_PARTS};
use crate::language::generate::Choice;
use crate::lesson::exhibits::feedback::compute::{
    LayerFeedback, LayerSpec, PhotoFeedback, of_layer, of_model, of_photo,
};
use crate::lesson::exhibits::feedback::{FeedbackShow, Subject};
use crate::run::model::loaded::LoadedModel;
use crate::view::document::DocumentId;
use crate::view::learn::drawing::Painted;
use crate::view::learn::exhibit::{Exhibit, Inputs, PLAY, settings_of, turned};
use crate::view::learn::stops;
use crate::view::widgets::compare::comparison::CompareState;

pub(crate) use super::feedback_model::ModelComparison;

const LINE: f32 = 22.0;
const PROMPT: &str = "Once upon a time";
const TOKENS: usize = 100;

/// A photo reduced by nearest and by diffusion.
#[derive(Clone, Copy, PartialEq)]
struct PhotoFeedbackKey {
    document: DocumentId,
    /// The number of the palette's entries.
    colors: u16,
}

/// A layer coded in four ways.
#[derive(Clone, Copy, PartialEq)]
struct LayerFeedbackKey {
    document: DocumentId,
    spec: LayerSpec,
}

/// A model coded by nearest and by GPTQ.
#[derive(Clone, Copy, PartialEq)]
struct ModelFeedbackKey {
    document: DocumentId,
    /// The bits of each weight's code.
    bits: u8,
}

pub(crate) struct FeedbackExhibit {
    settings: FeedbackShow,
    photo: Slot<PhotoFeedbackKey, PhotoFeedback>,
    layer: Slot<LayerFeedbackKey, LayerFeedback>,
    model: Slot<ModelFeedbackKey, ModelComparison>,
    compare: CompareState,
    correlations: Painted,
}

impl FeedbackExhibit {
    pub(crate) fn new(wake: &Wake) -> Self {
        Self {
            settings: FeedbackShow::default(),
            photo: Slot::new("Reducing the photo twice", wake.clone()),
            layer: Slot::new("Coding the layer three times", wake.clone()),
            model: Slot::new("Coding the model twice", wake.clone()),
            compare: CompareState::default(),
            correlations: Painted::default(),
        }
    }

    fn layer_spec(&self, loaded: &LoadedModel) -> LayerSpec {
        let layers = loaded.runnable.architecture.config.layers;
        let place = Architecture::place(self.settings.layer.min(layers.saturating_sub(1)), self.settings.part);
        LayerSpec { place, format: self.settings.format(), correlated: self.settings.correlated }
    }

    fn request_photo(&mut self, inputs: &Inputs) {
        let Some(document) = &inputs.photo else { return };
        let (image, colors) = (document.photo.image.clone(), self.settings.colors);
        let key = PhotoFeedbackKey { document: document.id, colors };
        self.photo.request_value(key, move |control| of_photo(&image, colors, control));
    }

    fn request_layer(&mut self, document: DocumentId, loaded: &Arc<LoadedModel>) {
        let (loaded, spec) = (loaded.clone(), self.layer_spec(loaded));
        self.layer.request_value(LayerFeedbackKey { document, spec }, move |control| {
            of_layer(&loaded.model, &loaded.runnable, &loaded.inputs, spec, control)
        });
    }

    fn request_model(&mut self, document: DocumentId, loaded: &Arc<LoadedModel>) {
        let (loaded, format) = (loaded.clone(), self.settings.format());
        let key = ModelFeedbackKey { document, bits: self.settings.bits };
        self.model.request_value(key, move |control| {
            let feedback = of_model(&loaded.model, &loaded.runnable, &loaded.inputs, format, control)?;
            let speak = |model| loaded.runnable.generate(model, PROMPT, TOKENS, Choice::Greedy, control);
            let speeches = [speak(&feedback.nearest.model)?, speak(&feedback.gptq.model)?];
            let full_perplexity = loaded.runnable.reference.full().perplexity();
            let bytes = 2 * size_of::<f32>() * loaded.model.total_values() as usize;
            Ok::<_, Failure>(ModelComparison { feedback, speeches, full_perplexity, bytes })
        });
    }
}

impl Exhibit for FeedbackExhibit {
    settings_of!(Feedback);

    fn reset(&mut self) {
        self.compare = CompareState::default();
    }

    fn update(&mut self, inputs: &Inputs) {
        match (self.settings.subject, inputs.model.as_ref().zip(inputs.loaded.as_ref())) {
            (Subject::Photo, _) => self.request_photo(inputs),
            (Subject::Layer, Some((document, loaded))) => self.request_layer(document.id, loaded),
            (Subject::Model, Some((document, loaded))) => self.request_model(document.id, loaded),
            (_, None) => {}
        }
    }

    fn ui(&mut self, ui: &mut Ui, inputs: &Inputs) {
        ui.horizontal(|ui| self.controls_ui(ui, inputs));
        let area = ui.available_rect_before_wrap();
        let line = area.with_min_y(area.bottom() - LINE);
        let main = area.with_max_y(line.top() - 2.0);
        let text = ui
            .scope_builder(UiBuilder::new().max_rect(main), |ui| match self.settings.subject {
                Subject::Photo => self.photo_ui(ui, inputs),
                Subject::Layer => self.layer_ui(ui, inputs),
                Subject::Model => self.model_ui(ui, inputs),
            })
            .inner;
        let instead = inputs.loaded.as_ref().and_then(|loaded| loaded.instead.as_ref());
        let instead = instead.filter(|_| self.settings.subject != Subject::Photo);
        ui.scope_builder(UiBuilder::new().max_rect(line), |ui| {
            let response = ui.label(RichText::new(text.unwrap_or_default()).weak());
            if let Some(why) = instead {
                response.on_hover_text(format!("This is the sample model: {why}"));
            }
        });
        ui.advance_cursor_after_rect(area);
    }

    fn turn(&mut self, step: i32) {
        let settings = &mut self.settings;
        if settings.subject != Subject::Photo {
            settings.bits = settings.bits.saturating_add_signed(step.signum() as i8).clamp(2, 8);
            return;
        }
        settings.colors = stops::next(&stops::COLORS, settings.colors, step);
    }

    /// Switches between the real inputs of the layer and inputs that are not correlated.
    fn play(&mut self) {
        if self.settings.subject == Subject::Layer {
            self.settings.correlated = !self.settings.correlated;
        }
    }

    fn jobs(&mut self) -> Vec<&mut dyn Running> {
        vec![&mut self.photo, &mut self.layer, &mut self.model]
    }
}

impl FeedbackExhibit {
    fn controls_ui(&mut self, ui: &mut Ui, inputs: &Inputs) {
        ui.spacing_mut().slider_width = (ui.available_width() * 0.24).clamp(90.0, 300.0);
        let settings = &mut self.settings;
        if settings.subject == Subject::Photo {
            let label = ui.label("Colours");
            ui.add(Slider::new(&mut settings.colors, 2..=256).logarithmic(true))
                .on_hover_text(turned("Entries of the palette, the same for both"))
                .labelled_by(label.id);
            return;
        }
        let label = ui.label("Bits");
        ui.add(Slider::new(&mut settings.bits, 2..=8))
            .on_hover_text(turned("Of each weight's code; 32 weights share a scale"))
            .labelled_by(label.id);
        if settings.subject == Subject::Model {
            return;
        }
        let layers = inputs.loaded.as_ref().map_or(1, |loaded| loaded.runnable.architecture.config.layers);
        let label = ui.label("Layer");
        let mut number = settings.layer.min(layers.saturating_sub(1)) + 1;
        if ui.add(egui::DragValue::new(&mut number).range(1..=layers)).labelled_by(label.id).changed() {
            settings.layer = number - 1;
        }
        let combo = ComboBox::from_id_salt("feedback-part").selected_text(settings.part.label()).width(76.0);
        let response = combo.show_ui(ui, |ui| {
            for part in LAYER_PARTS {
                ui.selectable_value(&mut settings.part, part, part.label());
            }
        });
        response.response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::ComboBox, true, "Matrix"));
        ui.checkbox(&mut settings.correlated, "Real inputs")
            .on_hover_text(PLAY.tip_for("Off: inputs just as strong that have nothing to do with one another"));
    }

    fn photo_ui(&mut self, ui: &mut Ui, inputs: &Inputs) -> Option<String> {
        let document = inputs.photo.as_ref()?;
        let shown = self.photo.shown().filter(|(key, _)| key.document == document.id);
        let fresh = shown.is_some_and(|(key, _)| key.colors == self.settings.colors);
        let stale = (!fresh).then(|| self.photo.progress().unwrap_or(0.0));
        feedback_photo::photo_ui(ui, &mut self.compare, inputs, shown.map(|(_, feedback)| &**feedback), stale);
        Some("The filter: where the error of a pixel goes. Nearest sends it nowhere; all else is the same.".to_owned())
    }

    fn layer_ui(&mut self, ui: &mut Ui, inputs: &Inputs) -> Option<String> {
        let loaded = inputs.loaded.as_ref();
        let Some((_, feedback)) = self.layer.shown() else {
            ui.label(
                inputs
                    .load_error
                    .as_deref()
                    .unwrap_or("The model writes four stories, to measure the inputs of its layers…"),
            );
            return None;
        };
        let feedback = feedback.clone();
        self.settings.column = self.settings.column.min(feedback.filter.columns().saturating_sub(1));
        feedback_layer::layer_ui(ui, &feedback, &mut self.correlations, &mut self.settings.column);
        let bits = crate::figures::bits(feedback.rate.bits_per_sample());
        let tokens = crate::figures::count(feedback.tokens);
        let whose = loaded.and_then(|v| v.instead.as_ref()).map_or("", |_| "Sample model. ");
        Some(format!(
            "{whose}Inputs from {tokens} tokens of the model's own stories. {bits} bits a weight in all three."
        ))
    }

    fn model_ui(&mut self, ui: &mut Ui, inputs: &Inputs) -> Option<String> {
        let Some((_, comparison)) = self.model.shown() else {
            ui.label(inputs.load_error.as_deref().unwrap_or("The whole model is coded twice…"));
            return None;
        };
        feedback_model::model_ui(ui, comparison);
        let bits = crate::figures::bits(comparison.feedback.rate.bits_per_sample());
        let whose = inputs.loaded.as_ref().and_then(|v| v.instead.as_ref()).map_or("", |_| "Sample model. ");
        Some(format!("{whose}{bits} bits a weight in both: the same scales, the same levels, other codes."))
    }
}
