//! Error feedback on a photo, on a layer and in a model: the raw error goes up, and the error that is left
//! where the thing is read goes down.
//!
//! The reader of a photo is the eye, which averages neighbours: Floyd–Steinberg. The reader of a layer is
//! its input: GPTQ. Both are one loop of the engine ([`diffusion`](crate::engine::assign::diffusion)) with another
//! filter, and both keep the scales, the levels and the bits of the nearest codes. Where the filter does not fit
//! the reader (inputs that have nothing to do with one another), feedback only adds noise.
//!
//! Inputs are those of the full-precision model throughout, also for its deeper layers. The embedding is
//! looked up before it is multiplied with, and so takes its nearest codes in both models.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

use crate::engine::assign::codes::How;
use crate::engine::assign::dithering::{Dithering, Pattern};
use crate::engine::assign::feedback::RowFilter;
use crate::engine::assign::gptq::row_filter;
use crate::engine::assign::kernel::KernelName;
use crate::engine::assign::quantized_rows::{polished, recoded};
use crate::engine::control::{Control, Stopped};
use crate::engine::format::Format;
use crate::engine::metric::{Gram, OutputError, ScalarError};
use crate::engine::quantized::Quantized;
use crate::engine::rate::Rate;
use crate::engine::samples::Samples;
use crate::language::architecture::Part;
use crate::language::evaluate::Evaluation;
use crate::language::model::LanguageModel;
use crate::lesson::error::LessonError;
use crate::picture::image::Image;
use crate::picture::{Picture, colourmap};
use crate::run::model::inputs::Inputs;
use crate::run::model::runnable::RunnableModel;
use crate::run::photo;
use crate::run::report::PhotoReport;
use crate::source::safetensors::Model;
use crate::spec::{FittedPalette, PaletteSpec, Stage};

/// A photo with nearest colours, and with Floyd and Steinberg's diffusion, over the same palette. Errors add
/// up in linear light, as they do in a distant eye.
#[derive(Debug)]
pub struct PhotoFeedback {
    /// Each pixel by its nearest colour.
    pub nearest: PhotoReport,
    /// By Floyd–Steinberg diffusion in linear light.
    pub diffused: PhotoReport,
}

/// Reduces the photo twice over a palette of so many colours.
///
/// # Errors
/// As [`photo::reduce`].
pub fn of_photo(image: &Image, colors: u16, control: &Control<'_>) -> Result<PhotoFeedback, LessonError> {
    let diffusion = Dithering { linear: true, ..Dithering::of(Pattern::Diffusion(KernelName::FloydSteinberg)) };
    let with = |dither| {
        photo::reduce(image, PaletteSpec { dither, ..FittedPalette::new(colors).into() }, Stage::Full, control)
    };
    Ok(PhotoFeedback { nearest: with(Dithering::NONE)?, diffused: with(diffusion)? })
}

/// How the codes of a layer are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// Each weight by its nearest level.
    Nearest,
    /// All of an error to the next weight of the row, whatever the inputs.
    AlongTheRow,
    /// As the layer's inputs have it.
    Gptq,
    /// GPTQ's codes, then changed one at a time as long as the outputs gain.
    Polished,
}

impl Way {
    /// All ways, in the order in which they are compared.
    pub const ALL: [Way; 4] = [Way::Nearest, Way::AlongTheRow, Way::Gptq, Way::Polished];

    /// The name of the way as people read it.
    pub fn label(self) -> &'static str {
        match self {
            Way::Nearest => "Nearest",
            Way::AlongTheRow => "Diffusion along the row",
            Way::Gptq => "GPTQ",
            Way::Polished => "GPTQ, polished",
        }
    }
}

/// A layer of the running model under one format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LayerSpec {
    /// The matrix's place in [`crate::language::architecture::Architecture::matrices`].
    pub place: usize,
    /// The number format of the weights.
    pub format: Format,
    /// The inputs as they are; otherwise inputs of the same powers that have nothing to do with one another.
    pub correlated: bool,
}

/// One matrix coded in four ways under one format.
#[derive(Debug)]
pub struct LayerFeedback {
    /// The matrix, the format and the inputs.
    pub spec: LayerSpec,
    /// The bits, which are those of every way.
    pub rate: Rate,
    /// In the order of [`Way::ALL`].
    pub ways: [LayerWay; 4],
    /// How alike each two inputs are, −1 to 1, on the diverging colours.
    pub correlations: Arc<Picture>,
    /// Where GPTQ sends each column's error.
    pub filter: RowFilter,
    /// Where the colours of the error maps end.
    pub error_top: f32,
    /// Tokens that the inputs come from.
    pub tokens: u64,
}

/// The codes of one way, measured.
#[derive(Debug)]
pub struct LayerWay {
    /// How the codes were chosen.
    pub way: Way,
    /// The error of the weights.
    pub raw: ScalarError,
    /// The error of the layer's outputs.
    pub output: OutputError,
    /// Weights whose code is not the nearest.
    pub moved: usize,
    /// |error| of each weight.
    pub error_map: Arc<Picture>,
}

/// Codes one matrix in each of [`Way::ALL`] and measures weights and outputs.
///
/// # Errors
/// For people: why this format or this matrix cannot be coded with feedback.
pub fn of_layer(
    model: &Model,
    runnable: &RunnableModel,
    inputs: &Inputs,
    spec: LayerSpec,
    control: &Control<'_>,
) -> Result<LayerFeedback, LessonError> {
    let layer = Layer::read(model, runnable, inputs, spec)?;
    let samples = layer.samples();
    let nearest = layer.nearest(spec.format, control)?;
    let (along, filter) = (RowFilter::along_the_row(layer.columns), layer.filter()?);
    let code = |way: Way| -> Result<(Way, Quantized<1>), Stopped> {
        let how = match way {
            Way::Nearest => How::Nearest,
            Way::AlongTheRow => How::Feedback(&along),
            Way::Gptq | Way::Polished => How::Feedback(&filter),
        };
        let coded = recoded(&nearest, samples, how, control)?;
        Ok((way, if way == Way::Polished { polished(&coded, samples, &layer.gram, control)? } else { coded }))
    };
    let coded = [code(Way::Nearest)?, code(Way::AlongTheRow)?, code(Way::Gptq)?, code(Way::Polished)?];
    let original = layer.values.as_flattened();
    let decoded = coded.map(|(way, quantized)| (way, quantized.decode().into_flattened(), quantized.codes));
    let largest = decoded.iter().flat_map(|(_, y, _)| y.iter().zip(original).map(|(y, x)| (y - x).abs()));
    let error_top = largest.fold(f32::MIN_POSITIVE, f32::max);
    let ways = decoded.map(|(way, y, codes)| LayerWay {
        way,
        raw: ScalarError::measure(original, &y),
        output: OutputError::measure(original, &y, &layer.gram),
        moved: codes.iter().zip(&nearest.codes).filter(|(a, b)| a != b).count(),
        error_map: error_map(original, &y, layer.columns, error_top),
    });
    Ok(LayerFeedback {
        spec,
        rate: nearest.rate,
        ways,
        correlations: correlations(&layer.gram),
        filter,
        error_top,
        tokens: inputs.tokens(),
    })
}

/// A model with nearest codes, and one of the same bits with GPTQ's.
#[derive(Debug)]
pub struct ModelFeedback {
    /// The number format of all matrices.
    pub format: Format,
    /// Bits of all matrices together, the same for both models.
    pub rate: Rate,
    /// The model with nearest codes.
    pub nearest: ModelWay,
    /// The model with GPTQ's codes; its embedding has nearest ones.
    pub gptq: ModelWay,
}

/// A model whose codes were chosen in one way, measured.
#[derive(Debug)]
pub struct ModelWay {
    /// The model with the decoded weights.
    pub model: LanguageModel,
    /// The error of all weights together.
    pub raw: ScalarError,
    /// Root of the mean over the layers' matrices of their output errors' share of the outputs' power: an amplitude,
    /// as the weights' relative error is.
    pub output: f64,
    /// On the held-out text.
    pub evaluation: Evaluation,
}

/// Codes all matrices with nearest codes and with GPTQ's, and runs both models on the held-out text.
///
/// # Errors
/// For people: why this format cannot be coded with feedback.
pub fn of_model(
    model: &Model,
    runnable: &RunnableModel,
    inputs: &Inputs,
    format: Format,
    control: &Control<'_>,
) -> Result<ModelFeedback, LessonError> {
    let places = 0..runnable.architecture.matrices.len();
    let coded: Vec<_> = places
        .into_par_iter()
        .map(|place| {
            let layer = Layer::read(model, runnable, inputs, LayerSpec { place, format, correlated: true })?;
            let nearest = layer.nearest(format, control)?;
            let gptq = match runnable.architecture.matrices[place].part {
                Part::Embedding => nearest.decode(),
                _ => recoded(&nearest, layer.samples(), How::Feedback(&layer.filter()?), control)?.decode(),
            };
            Ok((layer, nearest.rate, [nearest.decode(), gptq].map(Vec::into_flattened)))
        })
        .collect::<Result<_, LessonError>>()?;
    let rate = coded.iter().fold(Rate::default(), |sum, (_, rate, _)| sum + *rate);
    let way = |which: usize| -> Result<ModelWay, Stopped> {
        let mut changed = runnable.full.clone();
        let (mut raw, mut output) = (ScalarError::default(), 0.0);
        for (place, (layer, _, decoded)) in coded.iter().enumerate() {
            let original = layer.values.as_flattened();
            changed.replace(&runnable.architecture, place, &decoded[which]);
            raw = raw + ScalarError::measure(original, &decoded[which]);
            if runnable.architecture.matrices[place].part != Part::Embedding {
                output += OutputError::measure(original, &decoded[which], &layer.gram).relative();
            }
        }
        let evaluation = runnable.reference.evaluate(&changed, control)?;
        let layers = coded.len().saturating_sub(1).max(1);
        Ok(ModelWay { model: changed, raw, output: (output / layers as f64).sqrt(), evaluation })
    };
    Ok(ModelFeedback { format, rate, nearest: way(0)?, gptq: way(1)? })
}

/// A matrix with its inputs.
struct Layer<'a> {
    values: Vec<[f32; 1]>,
    columns: usize,
    gram: Cow<'a, Gram>,
}

impl<'a> Layer<'a> {
    fn read(model: &Model, runnable: &RunnableModel, inputs: &'a Inputs, spec: LayerSpec) -> Result<Self, LessonError> {
        let matrix = runnable.architecture.matrices.get(spec.place).zip(inputs.of(spec.place));
        let (m, gram) = matrix.ok_or_else(|| LessonError::Sources("the model has no such matrix".to_owned()))?;
        let mut values = Vec::with_capacity(m.rows * m.columns);
        model.read(m.tensor, 0..m.rows * m.columns, &mut values);
        let values = values.into_iter().map(|x| [if x.is_finite() { x } else { 0.0 }]).collect();
        let gram = if spec.correlated { Cow::Borrowed(gram) } else { Cow::Owned(gram.uncorrelated()) };
        Ok(Self { values, columns: m.columns, gram })
    }

    fn samples(&self) -> Samples<'_, 1> {
        Samples::new(&self.values, self.columns)
    }

    fn nearest(&self, format: Format, control: &Control<'_>) -> Result<Quantized<1>, LessonError> {
        let recipe = format.recipe().ok_or_else(|| {
            let why =
                "chooses its codes in a search of its own; error feedback needs a format whose scales are found first";
            LessonError::Sources(format!("{format} {why}, such as int4-g32"))
        })?;
        Ok(recipe.encode(self.samples(), control)?)
    }

    fn filter(&self) -> Result<RowFilter, LessonError> {
        row_filter(&self.gram)
            .ok_or_else(|| LessonError::Sources("the layer's inputs are all zero or not finite".to_owned()))
    }
}

fn error_map(original: &[f32], decoded: &[f32], width: usize, top: f32) -> Arc<Picture> {
    let code = |(x, y): (&f32, &f32)| (255.0 * ((x - y).abs() / top).min(1.0)) as u8;
    let codes: Vec<u8> = original.iter().zip(decoded).map(code).collect();
    let height = codes.len() / width.max(1);
    Arc::new(Picture::of_scale(width as u32, height as u32, codes, &colourmap::sequential()))
}

fn correlations(gram: &Gram) -> Arc<Picture> {
    let n = gram.columns();
    let code = |i: usize| (127.0 + 127.0 * gram.correlation(i / n, i % n).clamp(-1.0, 1.0)).round() as u8;
    let codes = (0..n * n).map(code).collect();
    Arc::new(Picture::new_indexed(n as u32, n as u32, codes, colourmap::diverging().to_vec()))
}
