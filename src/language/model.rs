//! The forward pass of a llama model, one token at a time, with the keys and values of earlier tokens
//! kept: RMS norm, rotary positions (rotate-half), grouped-query attention, SiLU-gated layers, and the
//! embedding once more as the output (Touvron et al. 2023; Su et al. 2021).
//!
//! Cost: two operations a weight and token, and the attention to all earlier tokens: on stories260K some
//! 20,000 tokens a second on one thread (`benches/language.rs`). All sums are in f32 and in a fixed order.

use std::sync::Arc;

use super::architecture::{Architecture, Config, Matrix, Part};
use super::packed::Packed;
use crate::source::safetensors::Model;

/// The weights of a llama model, as f32 and laid out for fast products.
#[derive(Clone, Debug)]
pub struct LanguageModel {
    /// The sizes of the model.
    pub config: Config,
    /// A row a token.
    embedding: Arc<[f32]>,
    /// In the order of [`Architecture::matrices`]; a copy shares those that are not replaced.
    matrices: Vec<Arc<Packed>>,
    norms: Vec<LayerNorms>,
    last_norm: Vec<f32>,
}

#[derive(Clone, Debug)]
struct LayerNorms {
    before_attention: Vec<f32>,
    before_mlp: Vec<f32>,
}

impl LanguageModel {
    /// The model as it is stored.
    pub fn read(model: &Model, architecture: &Architecture) -> Self {
        let values = |tensor: usize| {
            let mut out = Vec::new();
            model.read(tensor, 0..model.tensors[tensor].values, &mut out);
            out
        };
        let matrices: Vec<Vec<f32>> = architecture.matrices.iter().map(|m| values(m.tensor)).collect();
        let pack = |(m, values): (&Matrix, &Vec<f32>)| Arc::new(Packed::new(m.rows, m.columns, values));
        Self {
            config: architecture.config,
            matrices: architecture.matrices.iter().zip(&matrices).map(pack).collect(),
            embedding: matrices.into_iter().next().unwrap_or_default().into(),
            norms: architecture
                .norms
                .iter()
                .map(|n| LayerNorms { before_attention: values(n.before_attention), before_mlp: values(n.before_mlp) })
                .collect(),
            last_norm: values(architecture.last_norm),
        }
    }

    /// Puts other weights in the place of a matrix.
    pub fn replace(&mut self, architecture: &Architecture, place: usize, values: &[f32]) {
        let m = architecture.matrices[place];
        self.matrices[place] = Arc::new(Packed::new(m.rows, m.columns, values));
        if m.part == Part::Embedding {
            self.embedding = values.into();
        }
    }

    fn matrix(&self, layer: usize, part: Part) -> &Packed {
        &self.matrices[Architecture::place(layer, part)]
    }
}

/// Receives the inputs of the matrices while a [`Session`] runs.
pub trait Tap {
    /// Called with input `x` of the matrix at `place` in [`Architecture::matrices`], once a token.
    fn input(&mut self, place: usize, x: &[f32]);
}

/// Ignores every input.
impl Tap for () {
    fn input(&mut self, _place: usize, _x: &[f32]) {}
}

/// A text in the making: what earlier tokens left behind.
pub struct Session<'a> {
    model: &'a LanguageModel,
    position: usize,
    /// By layer, key-value head and component; side by side over positions.
    keys: Vec<f32>,
    /// By layer and position; side by side over the heads' components.
    values: Vec<f32>,
    rotations: Vec<(f32, f32)>,
    scratch: Scratch,
}

struct Scratch {
    x: Vec<f32>,
    normed: Vec<f32>,
    query: Vec<f32>,
    key: Vec<f32>,
    mixed: Vec<f32>,
    gate: Vec<f32>,
    up: Vec<f32>,
    out: Vec<f32>,
    scores: Vec<f32>,
    logits: Vec<f32>,
}

impl<'a> Session<'a> {
    /// A session before its first token.
    pub fn new(model: &'a LanguageModel) -> Self {
        let c = model.config;
        let zeros = |n: usize| vec![0.0; n];
        Self {
            model,
            position: 0,
            keys: zeros(c.layers * c.kv_width() * c.context),
            values: zeros(c.layers * c.kv_width() * c.context),
            rotations: rotations(c),
            scratch: Scratch {
                x: zeros(c.width),
                normed: zeros(c.width),
                query: zeros(c.width),
                key: zeros(c.kv_width()),
                mixed: zeros(c.width),
                gate: zeros(c.hidden),
                up: zeros(c.hidden),
                out: zeros(c.width),
                scores: zeros(c.context),
                logits: zeros(c.vocabulary),
            },
        }
    }

    /// Tokens that still fit.
    pub fn room(&self) -> usize {
        self.model.config.context - self.position
    }

    /// Takes the next token and returns the logits of the one after it. A token that is none is read as
    /// token 0; one beyond the context is not read, and the logits stay those of the last.
    pub fn step(&mut self, token: usize) -> &[f32] {
        self.step_with(token, &mut ())
    }

    /// Works as [`Session::step`] does, and shows `tap` the input of each matrix on the way.
    pub fn step_with(&mut self, token: usize, tap: &mut impl Tap) -> &[f32] {
        if self.room() == 0 {
            return &self.scratch.logits;
        }
        let (model, c) = (self.model, self.model.config);
        let row = if token < c.vocabulary { token } else { 0 };
        self.scratch.x.copy_from_slice(&model.embedding[row * c.width..(row + 1) * c.width]);
        for layer in 0..c.layers {
            self.attend(layer, tap);
            self.think(layer, tap);
        }
        let s = &mut self.scratch;
        normalise(&s.x, &model.last_norm, c.epsilon, &mut s.normed);
        tap.input(0, &s.normed);
        model.matrices[0].times(&s.normed, &mut s.logits);
        self.position += 1;
        &self.scratch.logits
    }

    /// What the token takes from the ones before it.
    fn attend(&mut self, layer: usize, tap: &mut impl Tap) {
        let (model, c, s) = (self.model, self.model.config, &mut self.scratch);
        let (head, kv, at) = (c.head(), c.kv_width(), self.position);
        normalise(&s.x, &model.norms[layer].before_attention, c.epsilon, &mut s.normed);
        for part in [Part::Query, Part::Key, Part::Value] {
            tap.input(Architecture::place(layer, part), &s.normed);
        }
        model.matrix(layer, Part::Query).times(&s.normed, &mut s.query);
        model.matrix(layer, Part::Key).times(&s.normed, &mut s.key);
        let values = &mut self.values[layer * c.context * kv..(layer + 1) * c.context * kv];
        model.matrix(layer, Part::Value).times(&s.normed, &mut values[at * kv..(at + 1) * kv]);
        let turns = &self.rotations[at * head / 2..(at + 1) * head / 2];
        s.query.chunks_exact_mut(head).for_each(|q| rotate(q, turns));
        s.key.chunks_exact_mut(head).for_each(|k| rotate(k, turns));
        let keys = &mut self.keys[layer * kv * c.context..(layer + 1) * kv * c.context];
        for (component, k) in s.key.iter().enumerate() {
            keys[component * c.context + at] = *k;
        }
        let shared_by = c.heads / c.kv_heads;
        for (h, (query, mixed)) in s.query.chunks_exact(head).zip(s.mixed.chunks_exact_mut(head)).enumerate() {
            let first = h / shared_by * head;
            let scores = &mut s.scores[..=at];
            scores.fill(0.0);
            for (i, q) in query.iter().enumerate() {
                let keys = &keys[(first + i) * c.context..][..=at];
                scores.iter_mut().zip(keys).for_each(|(score, k)| *score += q * k);
            }
            let scale = 1.0 / (head as f32).sqrt();
            scores.iter_mut().for_each(|score| *score *= scale);
            softmax(scores);
            mixed.fill(0.0);
            for (weight, value) in scores.iter().zip(values.chunks_exact(kv)) {
                mixed.iter_mut().zip(&value[first..]).for_each(|(m, v)| *m += weight * v);
            }
        }
        tap.input(Architecture::place(layer, Part::Output), &s.mixed);
        model.matrix(layer, Part::Output).times(&s.mixed, &mut s.out);
        s.x.iter_mut().zip(&s.out).for_each(|(x, o)| *x += o);
    }

    /// What the token makes of it by itself.
    fn think(&mut self, layer: usize, tap: &mut impl Tap) {
        let (model, c, s) = (self.model, self.model.config, &mut self.scratch);
        normalise(&s.x, &model.norms[layer].before_mlp, c.epsilon, &mut s.normed);
        for part in [Part::Gate, Part::Up] {
            tap.input(Architecture::place(layer, part), &s.normed);
        }
        model.matrix(layer, Part::Gate).times(&s.normed, &mut s.gate);
        model.matrix(layer, Part::Up).times(&s.normed, &mut s.up);
        s.gate.iter_mut().zip(&s.up).for_each(|(g, u)| *g = *g / (1.0 + (-*g).exp()) * u);
        tap.input(Architecture::place(layer, Part::Down), &s.gate);
        model.matrix(layer, Part::Down).times(&s.gate, &mut s.out);
        s.x.iter_mut().zip(&s.out).for_each(|(x, o)| *x += o);
    }
}

/// x ÷ √(mean x² + ε), times the norm's weights.
fn normalise(x: &[f32], weights: &[f32], epsilon: f32, out: &mut [f32]) {
    let mean = x.iter().map(|x| x * x).sum::<f32>() / x.len() as f32;
    let scale = 1.0 / (mean + epsilon).sqrt();
    for ((out, x), w) in out.iter_mut().zip(x).zip(weights) {
        *out = x * scale * w;
    }
}

/// Sine and cosine of every position and pair of components.
fn rotations(c: Config) -> Vec<(f32, f32)> {
    let half = c.head() / 2;
    let turn = |i: usize| f64::from(c.theta).powf(-(i as f64) / half as f64) as f32;
    (0..c.context).flat_map(|p| (0..half).map(move |i| (p as f32 * turn(i)).sin_cos())).collect()
}

/// Turns the pairs (i, i + half) of a head.
fn rotate(head: &mut [f32], turns: &[(f32, f32)]) {
    let (low, high) = head.split_at_mut(turns.len());
    for ((a, b), (sin, cos)) in low.iter_mut().zip(high).zip(turns) {
        (*a, *b) = (*a * cos - *b * sin, *b * cos + *a * sin);
    }
}

/// In place; sums to 1.
pub(super) fn softmax(x: &mut [f32]) {
    let top = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    x.iter_mut().for_each(|x| *x = (*x - top).exp());
    let sum: f32 = x.iter().sum();
    x.iter_mut().for_each(|x| *x /= sum);
}

/// A matrix in words: `layer 2 query`.
pub fn matrix_label(layer: usize, part: Part) -> String {
    match part {
        Part::Embedding => part.label().to_owned(),
        _ => format!("layer {} {}", layer + 1, part.label()),
    }
}
