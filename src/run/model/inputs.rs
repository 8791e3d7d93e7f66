//! What goes into each matrix of a model while it reads: H = XᵀX, for errors at a layer's output.
//!
//! The text is the model's own: four stories that it writes in full precision, drawn by chance from fixed
//! seeds, so that nothing is fitted to the held-out text on which models are compared. Cost: columns²
//! products a token and matrix.

use rayon::prelude::*;

use super::runnable::RunnableModel;
use crate::engine::control::{Control, Stopped};
use crate::engine::metric::Gram;
use crate::language::architecture::{Architecture, LAYER_PARTS, Part};
use crate::language::generate::{Choice, continue_text};
use crate::language::model::{LanguageModel, Session, Tap};

const STORIES: u64 = 4;
const TOKENS: usize = 256;

/// The inputs of all matrices, by their places in [`Architecture::matrices`].
#[derive(Clone, Debug)]
pub struct Inputs {
    grams: Vec<Gram>,
}

impl Inputs {
    /// The inputs while the full-precision model reads stories that it wrote itself.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn of_own_stories(runnable: &RunnableModel, control: &Control<'_>) -> Result<Self, Stopped> {
        let parts: Vec<Vec<Gram>> = (0..STORIES)
            .into_par_iter()
            .map(|seed| {
                let choice = Choice::Sampled { seed, temperature_percent: 100 };
                let start = runnable.tokenizer.encode("");
                let tokens = continue_text(&runnable.full, &start, TOKENS, choice, control)?;
                gather_grams(&runnable.full, &runnable.architecture, &tokens, control)
            })
            .collect::<Result<_, Stopped>>()?;
        // Added in order: the same sums whatever the thread count.
        let mut grams = grams_of(&runnable.architecture);
        for part in parts {
            grams.iter_mut().zip(&part).for_each(|(sum, part)| sum.merge(part));
        }
        Ok(Self { grams })
    }

    /// H = XᵀX of the matrix at `place` in [`Architecture::matrices`]; none beyond the last matrix.
    pub fn of(&self, place: usize) -> Option<&Gram> {
        self.grams.get(gathered_at(place))
    }

    /// Tokens that were read.
    pub fn tokens(&self) -> u64 {
        self.grams.first().map_or(0, Gram::inputs)
    }
}

/// The inputs of each matrix while the model reads these tokens, by [`gathered_at`]; those of the other matrices stay
/// empty.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn gather_grams(
    model: &LanguageModel,
    architecture: &Architecture,
    tokens: &[usize],
    control: &Control<'_>,
) -> Result<Vec<Gram>, Stopped> {
    let mut sums = GramSums { grams: grams_of(architecture) };
    let mut session = Session::new(model);
    for (at, &token) in tokens.iter().enumerate() {
        if at % 16 == 0 {
            control.check()?;
        }
        session.step_with(token, &mut sums);
    }
    Ok(sums.grams)
}

/// None yet; matrices whose inputs are gathered elsewhere stay empty.
fn grams_of(architecture: &Architecture) -> Vec<Gram> {
    let columns = |(place, m): (usize, &crate::language::architecture::Matrix)| {
        if gathered_at(place) == place { m.columns } else { 0 }
    };
    architecture.matrices.iter().enumerate().map(columns).map(Gram::new).collect()
}

struct GramSums {
    grams: Vec<Gram>,
}

impl Tap for GramSums {
    fn input(&mut self, place: usize, x: &[f32]) {
        if gathered_at(place) == place {
            self.grams[place].add(x);
        }
    }
}

/// The place in [`Architecture::matrices`] at which the inputs of the matrix at `place` are gathered: query, key and value
/// have one input, and so have gate and up.
pub fn gathered_at(place: usize) -> usize {
    let Some(inside) = place.checked_sub(1) else { return place };
    let layer = inside / LAYER_PARTS.len();
    match LAYER_PARTS[inside % LAYER_PARTS.len()] {
        Part::Key | Part::Value => Architecture::place(layer, Part::Query),
        Part::Up => Architecture::place(layer, Part::Gate),
        _ => place,
    }
}
