//! Streaming: as much as the line lets through, moment by moment. The same allocator deals the bits out to
//! the tiles of a photo and to the matrices of a model.
//!
//! A ladder holds every item at every rung, with the bits it takes and the error it leaves. At each step of
//! a bandwidth trace [`allocate`] chooses a rung for every item within what the line carries in that step.
//! Where the line carries less than the cheapest rungs of all items take together, nothing whole arrives:
//! the step stalls, and what was on the screen stays. The error of a tile is Σe² of its 8-bit codes; that of
//! a matrix is its relative output error (see [`OutputError`]), so that matrices of different sizes count
//! alike. Cost: the photo is reduced and the model coded once a rung; a step then costs a sort of the rungs.

use std::sync::Arc;

use rayon::prelude::*;

use crate::engine::control::{Control, Stopped};
use crate::engine::fit::Method;
use crate::engine::format::{Format, Group};
use crate::engine::indexed::{Indexed, Tiles};
use crate::engine::metric::{OutputError, decibels, over_white};
use crate::engine::random::Random;
use crate::engine::recipe::bits_for;
use crate::engine::theory::allocate::{self, Choice, Item, Refusal};
use crate::language::evaluate::Evaluation;
use crate::language::generate;
use crate::language::model::LanguageModel;
use crate::lesson::error::LessonError;
use crate::picture::Picture;
use crate::picture::image::Image;
use crate::run::model::inputs::Inputs;
use crate::run::model::runnable::{GeneratedText, RunnableModel};
use crate::run::photo;
use crate::run::reconstruct::reconstruct;
use crate::source::safetensors::Model;
use crate::spec::{FittedPalette, TensorSpec, TileSpec};

/// A line over time: what it carries in each step, in thousandths of what everything at its best takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Trace(pub Vec<u16>);

/// Full speed, a drop to a tenth in the middle third, and a slow return; with jitter.
const FULL: f32 = 1000.0;
const LOW: f32 = 100.0;

impl Trace {
    /// Full, then a fall, a low stretch and a climb back that ends short of full.
    pub fn drop_and_return(seed: u64, steps: usize) -> Self {
        let mut random = Random::seeded(seed);
        let course = |t: f32| match t {
            t if t < 0.30 => FULL,
            t if t < 0.36 => FULL + (LOW - FULL) * (t - 0.30) / 0.06,
            t if t < 0.60 => LOW,
            t if t < 0.85 => LOW + (0.8 * FULL - LOW) * (t - 0.60) / 0.25,
            _ => 0.8 * FULL,
        };
        let mut step = |i: usize| {
            let jitter = 1.0 + 0.12 * (2.0 * random.next_f32() - 1.0);
            (course(i as f32 / steps.max(1) as f32) * jitter).round().clamp(0.0, 1000.0) as u16
        };
        Self((0..steps).map(&mut step).collect())
    }
}

/// Every item at every rung.
#[derive(Debug)]
pub struct Ladder {
    /// The choices of each item, one a rung: its bits and its error.
    pub items: Vec<Item>,
    /// What the rungs are called, in the order of each item's choices.
    pub rungs: Vec<String>,
    /// The energy of all items together, which the error is measured against.
    pub energy: f64,
}

/// One step of a trace: what the line carries and what arrives.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What the line carries.
    pub budget_bits: u64,
    /// What arrives in this step.
    pub arrival: Arrival,
}

/// What arrives in one step.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrival {
    /// Every item, at the rung that the bits allow.
    Delivered {
        /// The rung of each item, in the ladder's order.
        chosen: Vec<usize>,
        /// Bits of all items together at these rungs.
        bits: u64,
        /// Sum of the items' errors at these rungs.
        error: f64,
    },
    /// The least that could be sent is more than the line carries.
    Stalled {
        /// Bits of all items together at their cheapest rungs.
        floor_bits: u64,
    },
}

impl Ladder {
    /// The bits of every item at the rung with the least error.
    pub fn best_bits(&self) -> u64 {
        let better = |a: &&Choice, b: &&Choice| a.error.total_cmp(&b.error).then(a.bits.cmp(&b.bits));
        self.items.iter().filter_map(|item| item.choices.iter().min_by(better)).map(|best| best.bits).sum()
    }

    /// The rungs with the least total error within `budget_bits`, or a stall where even the cheapest take more.
    ///
    /// # Errors
    /// An item that can be stored in no way.
    pub fn step(&self, budget_bits: u64) -> Result<Step, Refusal> {
        let arrival = match allocate::allocate(&self.items, budget_bits) {
            Ok(all) => Arrival::Delivered { chosen: all.chosen, bits: all.bits, error: all.error },
            Err(Refusal::UnderFloor { floor_bits }) => Arrival::Stalled { floor_bits },
            Err(other) => return Err(other),
        };
        Ok(Step { budget_bits, arrival })
    }

    /// One step for each entry of the trace, in thousandths of [`Ladder::best_bits`].
    ///
    /// # Errors
    /// An item that can be stored in no way.
    pub fn play(&self, trace: &Trace) -> Result<Vec<Step>, Refusal> {
        let best = u128::from(self.best_bits());
        trace.0.iter().map(|&thousandths| self.step((best * u128::from(thousandths) / 1000) as u64)).collect()
    }

    /// Signal over error, in decibels; none for a step that stalls.
    pub fn sqnr_db(&self, step: &Step) -> Option<f64> {
        match step.arrival {
            Arrival::Delivered { error, .. } => Some(decibels(self.energy, error)),
            Arrival::Stalled { .. } => None,
        }
    }

    /// How many items stand on each rung.
    pub fn rung_counts(&self, chosen: &[usize]) -> Vec<usize> {
        (0..self.rungs.len()).map(|rung| chosen.iter().filter(|c| **c == rung).count()).collect()
    }
}

/// Colours a tile, from one (24 bits a tile) up.
const TILE_COLORS: [u16; 7] = [1, 2, 4, 8, 16, 32, 64];
const TILE_SIDE: u16 = 32;
/// A larger photo is streamed as every k-th pixel of every k-th row.
const MOST_PIXELS: usize = 1 << 19;

/// A photo in tiles, each with a palette of its own, at every rung.
#[derive(Debug)]
pub struct PhotoLadder {
    /// The tiles, row by row; an error is Σe² of 8-bit sRGB codes over white.
    pub ladder: Ladder,
    /// The photo as it is streamed: a large one is subsampled.
    pub image: Arc<Image>,
    /// Tiles in a row of tiles.
    pub tiles_across: usize,
    /// The whole photo at each rung.
    rungs: Vec<Vec<[u8; 4]>>,
}

/// Reduces the photo, in tiles of 32 × 32 pixels, to 1, 2, 4 … 64 colours a tile.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn photo_ladder(image: &Arc<Image>, control: &Control<'_>) -> Result<PhotoLadder, Stopped> {
    let image = if image.rgba.len() > MOST_PIXELS { Arc::new(image.preview(MOST_PIXELS)) } else { image.clone() };
    let width = (image.width as usize).max(1);
    let tiles = Tiles::new(width, usize::from(TILE_SIDE), 0);
    let count = tiles.count(image.height as usize);
    let mut items = vec![Item::default(); count];
    let mut rungs = Vec::new();
    for (i, colors) in TILE_COLORS.into_iter().enumerate() {
        control.progress(i as f32 / TILE_COLORS.len() as f32);
        let of_tiles = Some(TileSpec { side: TILE_SIDE, budget: None });
        let spec = FittedPalette { method: Method::Wu, tiles: of_tiles, ..FittedPalette::new(colors) };
        let reduction = photo::quantize(&image, &spec.into(), control)?;
        let indexed = Indexed { width, codes: &reduction.codes, palette: &reduction.palette, tiles: reduction.tiles };
        let pixels: Vec<[u8; 4]> = indexed.pixels().collect();
        for (item, choice) in items.iter_mut().zip(tile_choices(&image, tiles, &pixels, colors)) {
            item.choices.push(choice);
        }
        rungs.push(pixels);
    }
    let energy = image.rgba.iter().map(|c| over_white(*c).iter().map(|v| f64::from(*v).powi(2)).sum::<f64>()).sum();
    let names = TILE_COLORS.map(|colors| if colors == 1 { "1 colour".to_owned() } else { format!("{colors} colours") });
    let ladder = Ladder { items, rungs: names.into(), energy };
    Ok(PhotoLadder { ladder, image, tiles_across: tiles.across, rungs })
}

/// Bits (codes and a palette of 24 bits an entry) and error of each tile.
fn tile_choices(image: &Image, tiles: Tiles, pixels: &[[u8; 4]], colors: u16) -> Vec<Choice> {
    let width = (image.width as usize).max(1);
    let mut choices = vec![Choice { bits: u64::from(colors) * 24, error: 0.0 }; tiles.count(image.height as usize)];
    let code_bits = u64::from(bits_for(usize::from(colors)));
    for (i, (x, y)) in image.rgba.iter().zip(pixels).enumerate() {
        let choice = &mut choices[tiles.grouping().group_of(i, width)];
        let (x, y) = (over_white(*x), over_white(*y));
        choice.bits += code_bits;
        choice.error += x.iter().zip(y).map(|(x, y)| f64::from(x.abs_diff(y)).powi(2)).sum::<f64>();
    }
    choices
}

impl PhotoLadder {
    /// Bits of a pixel's code on a rung.
    pub fn bits_of(rung: usize) -> u8 {
        TILE_COLORS.get(rung).map_or(0, |colors| bits_for(usize::from(*colors)) as u8)
    }

    /// The photo with each tile at its rung.
    pub fn picture(&self, chosen: &[usize]) -> Picture {
        let width = (self.image.width as usize).max(1);
        let grouping = Tiles::new(width, usize::from(TILE_SIDE), 0).grouping();
        let pixel = |i: usize| {
            let rung = chosen.get(grouping.group_of(i, width)).copied().unwrap_or(0);
            self.rungs.get(rung).map_or([0; 4], |pixels| pixels[i])
        };
        let rgba = (0..self.image.rgba.len()).into_par_iter().map(pixel).collect();
        Picture::new_rgba(Arc::new(Image::new(self.image.width, self.image.height, rgba)))
    }
}

/// Bits of a weight's code.
const WEIGHT_BITS: [u8; 7] = [1, 2, 3, 4, 5, 6, 8];

/// A model's matrices at every rung.
#[derive(Debug)]
pub struct ModelLadder {
    /// The matrices in the model's order; an error is the relative output error.
    pub ladder: Ladder,
    /// By rung and matrix.
    decoded: Vec<Vec<Vec<f32>>>,
}

/// Codes every matrix in integers of 1 to 8 bits and measures its output error on `inputs`.
///
/// # Errors
/// For people: a tensor that cannot be read.
pub fn model_ladder(
    model: &Model,
    runnable: &RunnableModel,
    inputs: &Inputs,
    control: &Control<'_>,
) -> Result<ModelLadder, LessonError> {
    let matrices = &runnable.architecture.matrices;
    let mut items = vec![Item::default(); matrices.len()];
    let mut decoded = Vec::new();
    let formats = WEIGHT_BITS.map(|bits| Format::int(bits, Group::Run(32)).with_clip());
    for (i, format) in formats.into_iter().enumerate() {
        control.progress(i as f32 / formats.len() as f32);
        let coded: Vec<(Choice, Vec<f32>)> = (0..matrices.len())
            .into_par_iter()
            .map(|place| {
                let tensor = matrices[place].tensor;
                let part = reconstruct(model, TensorSpec { tensor, format }, control)?;
                let mut original = Vec::new();
                model.read(tensor, 0..part.values.len(), &mut original);
                let error = |gram| OutputError::measure(&original, &part.values, gram).relative();
                let error = inputs.of(place).map_or(f64::NAN, error);
                Ok((Choice { bits: part.rate.total_bits(), error }, part.values))
            })
            .collect::<Result<_, LessonError>>()?;
        items.iter_mut().zip(&coded).for_each(|(item, (choice, _))| item.choices.push(*choice));
        decoded.push(coded.into_iter().map(|(_, values)| values).collect());
    }
    let names = formats.map(|f| if f.bits == 1 { "1 bit".to_owned() } else { format!("{} bits", f.bits) });
    Ok(ModelLadder { ladder: Ladder { items, rungs: names.into(), energy: matrices.len() as f64 }, decoded })
}

impl ModelLadder {
    /// Bits of a weight's code on a rung.
    pub fn bits_of(rung: usize) -> u8 {
        WEIGHT_BITS.get(rung).copied().unwrap_or(0)
    }

    /// The model with each matrix at its rung.
    pub fn model(&self, runnable: &RunnableModel, chosen: &[usize]) -> LanguageModel {
        let mut model = runnable.full.clone();
        for (place, rung) in chosen.iter().enumerate() {
            if let Some(values) = self.decoded.get(*rung).and_then(|rung| rung.get(place)) {
                model.replace(&runnable.architecture, place, values);
            }
        }
        model
    }
}

/// A photo and a model down two lines of the same trace.
#[derive(Debug)]
pub struct Streams {
    /// What both lines carry, each in thousandths of its own best.
    pub trace: Trace,
    /// The photo at every rung.
    pub photo: PhotoLadder,
    /// The model at every rung.
    pub model: ModelLadder,
    /// What arrives of the photo, one a step of the trace.
    pub photo_steps: Vec<Step>,
    /// What arrives of the model, one a step of the trace.
    pub model_steps: Vec<Step>,
}

/// Computes the ladders of the photo and of the model, and plays the trace on both.
///
/// # Errors
/// For people: a tensor that cannot be read, or that no rung can hold.
pub fn streams(
    image: &Arc<Image>,
    (model, runnable, inputs): (&Model, &RunnableModel, &Inputs),
    trace: Trace,
    control: &Control<'_>,
) -> Result<Streams, LessonError> {
    let why = "a part of the photo or of the model has no error that is a number";
    let no_rung = |_: Refusal| LessonError::Sources(why.to_owned());
    let half = |done: f32| control.progress(done / 2.0);
    let photo = photo_ladder(image, &control.with_progress(&half))?;
    let rest = |done: f32| control.progress(0.5 + done / 2.0);
    let model = model_ladder(model, runnable, inputs, &control.with_progress(&rest))?;
    let photo_steps = photo.ladder.play(&trace).map_err(no_rung)?;
    let model_steps = model.ladder.play(&trace).map_err(no_rung)?;
    Ok(Streams { trace, photo, model, photo_steps, model_steps })
}

/// The moment at which that arrived whole which is on the screen at a moment. None before anything did.
pub fn arrived(steps: &[Step], at: usize) -> Option<usize> {
    (0..steps.len().min(at + 1)).rev().find(|&i| matches!(steps[i].arrival, Arrival::Delivered { .. }))
}

/// What is on the screen at a moment: the last that arrived whole. None before anything did.
pub fn on_screen(steps: &[Step], at: usize) -> Option<&[usize]> {
    match &steps.get(arrived(steps, at)?)?.arrival {
        Arrival::Delivered { chosen, .. } => Some(chosen.as_slice()),
        Arrival::Stalled { .. } => None,
    }
}

/// What is seen and read at a moment.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// The photo as it last arrived whole; `None` before it did.
    pub picture: Option<Arc<Picture>>,
    /// What the model writes, and what the held-out text makes of it.
    pub spoken: Option<(GeneratedText, Evaluation)>,
}

/// Tokens that the model goes on with at each moment.
const SPOKEN: usize = 40;

impl Streams {
    /// What all rungs of both take in memory.
    pub fn bytes(&self) -> usize {
        let pixels: usize = self.photo.rungs.iter().map(|rung| size_of_val(rung.as_slice())).sum();
        let weights = self.model.decoded.iter().flatten().map(|matrix| size_of_val(matrix.as_slice()));
        pixels + weights.sum::<usize>()
    }

    /// The picture at a moment; quickly there.
    pub fn picture_at(&self, at: usize) -> Option<Arc<Picture>> {
        on_screen(&self.photo_steps, at).map(|chosen| Arc::new(self.photo.picture(chosen)))
    }

    /// What the model of a moment writes after `prompt`, and how far it is from full precision.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn spoken_at(
        &self,
        runnable: &RunnableModel,
        at: usize,
        prompt: &str,
        control: &Control<'_>,
    ) -> Result<Option<(GeneratedText, Evaluation)>, Stopped> {
        let Some(chosen) = on_screen(&self.model_steps, at) else { return Ok(None) };
        let model = self.model.model(runnable, chosen);
        let speech = runnable.generate(&model, prompt, SPOKEN, generate::Choice::Greedy, control)?;
        Ok(Some((speech, runnable.reference.evaluate(&model, control)?)))
    }
}
