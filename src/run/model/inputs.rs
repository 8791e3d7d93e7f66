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

fn gather_grams(
    model: &LanguageModel,
    architecture: &Architecture,
    tokens: &[usize],
    control: &Control<'_>,
) -> Result<Vec<Gram>, Stopped> {
    let mut listener = Listener { grams: grams_of(architecture) };
    let mut session = Session::new(model);
    for (at, &token) in tokens.iter().enumerate() {
        if at % 16 == 0 {
            control.check()?;
        }
        session.step_with(token, &mut listener);
    }
    Ok(listener.grams)
}

/// None yet; matrices whose inputs are gathered elsewhere stay empty.
fn grams_of(architecture: &Architecture) -> Vec<Gram> {
    let columns = |(place, m): (usize, &crate::language::architecture::Matrix)| {
        if gathered_at(place) == place { m.columns } else { 0 }
    };
    architecture.matrices.iter().enumerate().map(columns).map(Gram::new).collect()
}

struct Listener {
    grams: Vec<Gram>,
}

impl Tap for Listener {
    fn input(&mut self, place: usize, x: &[f32]) {
        if gathered_at(place) == place {
            self.grams[place].add(x);
        }
    }
}

/// Query, key and value have one input, and so have gate and up: the place at which it is listened to.
fn gathered_at(place: usize) -> usize {
    let Some(inside) = place.checked_sub(1) else { return place };
    let layer = inside / LAYER_PARTS.len();
    match LAYER_PARTS[inside % LAYER_PARTS.len()] {
        Part::Key | Part::Value => Architecture::place(layer, Part::Query),
        Part::Up => Architecture::place(layer, Part::Gate),
        _ => place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::builtin;
    use crate::source::open::Source;

    #[test]
    fn every_matrix_has_inputs_of_its_width_and_those_that_share_them_agree() {
        let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
        let control = Control::unwatched();
        let runnable = RunnableModel::new(&model, &control).unwrap();
        let inputs = Inputs::of_own_stories(&runnable, &control).unwrap();
        assert!(inputs.tokens() > 800, "{}", inputs.tokens());
        for (place, m) in runnable.architecture.matrices.iter().enumerate() {
            let gram = inputs.of(place).unwrap();
            assert_eq!(gram.columns(), m.columns, "{m:?}");
            assert!((0..m.columns).all(|j| gram.at(j, j) > 0.0), "{m:?}");
        }
        // Gathered are the inputs that the matrix reads: at every place the sums are the same.
        struct All(Vec<f64>);
        impl Tap for All {
            fn input(&mut self, place: usize, x: &[f32]) {
                self.0[place] += x.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
            }
        }
        let mut all = All(vec![0.0; runnable.architecture.matrices.len()]);
        let mut session = Session::new(&runnable.full);
        let tokens = runnable.tokenizer.encode("Once upon a time there was a bird.");
        for &token in &tokens {
            session.step_with(token, &mut all);
        }
        let grams = gather_grams(&runnable.full, &runnable.architecture, &tokens, &control).unwrap();
        for (place, power) in all.0.iter().enumerate() {
            let gram = &grams[gathered_at(place)];
            let sum: f64 = (0..gram.columns()).map(|j| gram.at(j, j)).sum();
            assert!((sum / power - 1.0).abs() < 1e-9, "{place}");
        }
        let again = Inputs::of_own_stories(&runnable, &control).unwrap();
        assert_eq!(again.grams, inputs.grams);
    }
}
