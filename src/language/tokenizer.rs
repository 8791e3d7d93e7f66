//! Text to tokens and back: byte-pair encoding with scores, as sentencepiece does it.
//!
//! Encoding: the start token, then a single space, then the text's characters (those that are no token
//! as their bytes), then again and again the adjacent pair whose union is the token of the highest score,
//! the first on a tie (Sennrich et al. 2016). Decoding joins the tokens' bytes and drops the leading space.

use std::collections::HashMap;

use serde::Deserialize;

/// The token that begins every text.
pub const START: usize = 1;
/// The token with which a model ends a text.
pub const END: usize = 2;
/// The token of byte 0.
const FIRST_BYTE: usize = 3;

static STORIES: &str = include_str!("../../assets/stories260K.tokenizer.json");

#[derive(Deserialize)]
struct File {
    /// Each character stands for a byte.
    tokens: Vec<String>,
    scores: Vec<f32>,
}

/// The tokens of a vocabulary with the scores that decide which pairs are joined.
#[derive(Clone, Debug)]
pub struct Tokenizer {
    tokens: Vec<Vec<u8>>,
    scores: Vec<f32>,
    places: HashMap<Vec<u8>, usize>,
}

impl Tokenizer {
    /// The one of the embedded model.
    pub fn stories() -> Self {
        Self::parse(STORIES).unwrap_or_else(|_| Self { tokens: Vec::new(), scores: Vec::new(), places: HashMap::new() })
    }

    fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let file: File = serde_json::from_str(text)?;
        let bytes = |token: &String| token.chars().map(|c| c as u8).collect::<Vec<u8>>();
        let tokens: Vec<Vec<u8>> = file.tokens.iter().map(bytes).collect();
        let mut places = HashMap::new();
        for (at, token) in tokens.iter().enumerate().skip(FIRST_BYTE) {
            places.entry(token.clone()).or_insert(at);
        }
        Ok(Self { tokens, scores: file.scores, places })
    }

    /// Tokens in the vocabulary.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether the vocabulary has no tokens.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The tokens of a text, [`START`] first; an empty text is [`START`] alone.
    pub fn encode(&self, text: &str) -> Vec<usize> {
        let mut ids = vec![START];
        if text.is_empty() {
            return ids;
        }
        ids.extend(self.places.get(b" ".as_slice()));
        for c in text.chars() {
            let mut buffer = [0; 4];
            let bytes = c.encode_utf8(&mut buffer).as_bytes();
            match self.places.get(bytes) {
                Some(&id) => ids.push(id),
                None => ids.extend(bytes.iter().map(|&b| usize::from(b) + FIRST_BYTE)),
            }
        }
        while let Some((at, union)) = self.best_pair(&ids) {
            ids[at] = union;
            ids.remove(at + 1);
        }
        ids
    }

    /// The first of the adjacent pairs whose union has the highest score.
    fn best_pair(&self, ids: &[usize]) -> Option<(usize, usize)> {
        let mut best: Option<(usize, usize)> = None;
        for (at, pair) in ids.windows(2).enumerate().skip(1) {
            let union = [self.tokens[pair[0]].as_slice(), self.tokens[pair[1]].as_slice()].concat();
            let Some(&id) = self.places.get(&union) else { continue };
            if best.is_none_or(|(_, other)| self.scores[id] > self.scores[other]) {
                best = Some((at, id));
            }
        }
        best
    }

    /// Bytes that are no text come out as `�`.
    pub fn decode(&self, ids: &[usize]) -> String {
        let mut bytes = Vec::new();
        for (at, &id) in ids.iter().enumerate() {
            let piece = self.piece(id);
            let leads = at > 0 && ids[at - 1] == START && piece.first() == Some(&b' ');
            bytes.extend_from_slice(&piece[usize::from(leads)..]);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn piece(&self, id: usize) -> Vec<u8> {
        match self.tokens.get(id) {
            Some(_) if id == START || id == END => Vec::new(),
            Some(token) => byte_of(token).map_or_else(|| token.clone(), |b| vec![b]),
            None => Vec::new(),
        }
    }
}

/// `<0x0A>` → 10.
fn byte_of(token: &[u8]) -> Option<u8> {
    let hex = token.strip_prefix(b"<0x")?.strip_suffix(b">")?;
    u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()
}
