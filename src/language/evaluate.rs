//! How well a model predicts a held-out text, and how far its predictions are from full precision's.
//!
//! Over the scored tokens, in nats: cross-entropy = mean −ln q(token); perplexity = e^cross-entropy;
//! KL = mean Σ p·ln(p/q), p the full-precision model's probabilities and q this one's; top-1 agreement =
//! the share of places where both think the same token likeliest. Rule: the text's tokens in chunks of
//! 256, each scored after one start token.
//!
//! The text is our own (`assets/eval_story.txt`): plain English in the manner of the model's training
//! stories. KL falls with every bit; perplexity wobbles where the loss is small: show both.

use rayon::prelude::*;

use super::model::{LanguageModel, Session, Tap};
use super::tokenizer::{START, Tokenizer};
use crate::engine::control::{Control, Stopped};

/// The held-out text that models are scored on: our own, so that no training set has it.
pub static HELD_OUT: &str = include_str!("../../assets/eval_story.txt");

const CHUNK: usize = 256;

/// What full precision predicts, everywhere in the text.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The text's tokens without the start.
    tokens: Vec<usize>,
    /// ln p of every token of the vocabulary, a row a place in the text.
    log_p: Vec<f32>,
    cross_entropy: f64,
}

/// How well a model predicts the held-out text, as means over the scored tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// Mean −ln q of the text's tokens, in nats.
    pub cross_entropy: f64,
    /// Mean KL divergence from the full-precision model's probabilities, in nats.
    pub kl: f64,
    /// 0 to 1.
    pub agreement: f64,
    /// Tokens of the text that were scored.
    pub scored: usize,
}

impl Evaluation {
    /// e to the power of the cross-entropy: 1 for perfect predictions.
    pub fn perplexity(&self) -> f64 {
        self.cross_entropy.exp()
    }
}

impl Reference {
    /// Runs the full-precision model over [`HELD_OUT`] and keeps what it predicts at every place.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn new(full: &LanguageModel, tokenizer: &Tokenizer, control: &Control<'_>) -> Result<Self, Stopped> {
        let tokens = tokenizer.encode(HELD_OUT).split_off(1);
        let vocabulary = full.config.vocabulary;
        let mut log_p = vec![0.0; tokens.len() * vocabulary];
        let rows = log_p.par_chunks_mut(CHUNK * vocabulary).zip(tokens.par_chunks(CHUNK));
        rows.try_for_each(|(rows, tokens)| {
            let mut rows = rows.chunks_exact_mut(vocabulary);
            predict(full, tokens, control, &mut (), |logits| {
                if let Some(row) = rows.next() {
                    row.copy_from_slice(logits);
                }
            })
        })?;
        let surprise = |(row, &token): (&[f32], &usize)| -f64::from(row[token]);
        let total: f64 = log_p.chunks_exact(vocabulary).zip(&tokens).map(surprise).sum();
        Ok(Self { cross_entropy: total / tokens.len().max(1) as f64, tokens, log_p })
    }

    /// The full-precision model on its own text.
    pub fn full(&self) -> Evaluation {
        Evaluation { cross_entropy: self.cross_entropy, kl: 0.0, agreement: 1.0, scored: self.tokens.len() }
    }

    /// Scores a model on the text against the full-precision predictions.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn evaluate(&self, model: &LanguageModel, control: &Control<'_>) -> Result<Evaluation, Stopped> {
        let vocabulary = model.config.vocabulary;
        let chunks = self.tokens.par_chunks(CHUNK).zip(self.log_p.par_chunks(CHUNK * vocabulary));
        let sums: Vec<[f64; 3]> = chunks
            .map(|(tokens, log_p)| {
                let mut sums = [0.0; 3];
                let mut places = log_p.chunks_exact(vocabulary).zip(tokens);
                predict(model, tokens, control, &mut (), |log_q| {
                    let Some((log_p, &token)) = places.next() else { return };
                    let agreement = f64::from(u8::from(likeliest(log_p) == likeliest(log_q)));
                    sums = added(sums, [-f64::from(log_q[token]), divergence(log_p, log_q), agreement]);
                })?;
                Ok(sums)
            })
            .collect::<Result<_, Stopped>>()?;
        let scored = self.tokens.len();
        // Added in order: the same figures whatever the thread count.
        let total = sums.into_iter().fold([0.0; 3], added);
        let [cross_entropy, kl, agreement] = total.map(|sum| sum / scored.max(1) as f64);
        Ok(Evaluation { cross_entropy, kl, agreement, scored })
    }

    /// Runs the text through the model and shows `tap` the input of each matrix.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn tap_inputs(&self, model: &LanguageModel, tap: &mut impl Tap, control: &Control<'_>) -> Result<(), Stopped> {
        self.tokens.chunks(CHUNK).try_for_each(|tokens| predict(model, tokens, control, tap, |_| {}))
    }
}

/// Hands over ln q before each of the tokens, which come after a start token.
fn predict(
    model: &LanguageModel,
    tokens: &[usize],
    control: &Control<'_>,
    tap: &mut impl Tap,
    mut each: impl FnMut(&[f32]),
) -> Result<(), Stopped> {
    let mut session = Session::new(model);
    let mut log_q = vec![0.0; model.config.vocabulary];
    let read = [START].into_iter().chain(tokens.iter().copied()).take(tokens.len());
    for (at, token) in read.enumerate() {
        if at % 32 == 0 {
            control.check()?;
        }
        log_softmax(session.step_with(token, tap), &mut log_q);
        each(&log_q);
    }
    Ok(())
}

fn added(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|i| a[i] + b[i])
}

fn log_softmax(logits: &[f32], out: &mut [f32]) {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|x| f64::from((x - top).exp())).sum();
    let below = top + sum.ln() as f32;
    out.iter_mut().zip(logits).for_each(|(out, x)| *out = x - below);
}

/// Σ p·ln(p/q).
fn divergence(log_p: &[f32], log_q: &[f32]) -> f64 {
    log_p.iter().zip(log_q).map(|(&p, &q)| f64::from(p.exp()) * f64::from(p - q)).sum()
}

/// The first of the largest.
pub(super) fn likeliest(x: &[f32]) -> usize {
    x.iter().enumerate().fold((0, f32::NEG_INFINITY), |best, (at, &x)| if x > best.1 { (at, x) } else { best }).0
}
