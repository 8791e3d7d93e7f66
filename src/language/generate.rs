//! Text from a model: the likeliest token again and again, or tokens drawn by chance from a seed; and
//! which of its words another text does not have.

use super::evaluate::likeliest;
use super::model::{LanguageModel, Session, softmax};
use super::tokenizer::{END, START};
use crate::engine::control::{Control, Stopped};
use crate::engine::random::Random;

/// How the next token is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    /// The likeliest.
    Greedy,
    /// By chance, as likely as the model says at this temperature (in hundredths).
    Sampled {
        /// Equal seeds draw equal tokens.
        seed: u64,
        /// 100 leaves the model's probabilities as they are; less favours likely tokens. 0 counts as 1.
        temperature_percent: u16,
    },
}

/// The continuation of a prompt by at most `count` tokens: the prompt's tokens and what follows. It ends
/// early where the model ends its story or its context is full.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn continue_text(
    model: &LanguageModel,
    prompt: &[usize],
    count: usize,
    choice: Choice,
    control: &Control<'_>,
) -> Result<Vec<usize>, Stopped> {
    let mut session = Session::new(model);
    let mut random = Random::seeded(match choice {
        Choice::Sampled { seed, .. } => seed,
        Choice::Greedy => 0,
    });
    let mut ids = prompt.to_vec();
    let mut next = 0;
    let most = prompt.len() + count;
    while next < ids.len() && session.room() > 0 {
        if next % 32 == 0 {
            control.check()?;
        }
        let logits = session.step(ids[next]);
        next += 1;
        if next == ids.len() && ids.len() < most {
            let token = choose(logits, choice, &mut random);
            if token == START || token == END {
                break;
            }
            ids.push(token);
        }
    }
    Ok(ids)
}

fn choose(logits: &[f32], choice: Choice, random: &mut Random) -> usize {
    let Choice::Sampled { temperature_percent, .. } = choice else { return likeliest(logits) };
    let temperature = f32::from(temperature_percent.max(1)) / 100.0;
    let mut chances: Vec<f32> = logits.iter().map(|x| x / temperature).collect();
    softmax(&mut chances);
    let mut left = random.next_f32();
    for (token, chance) in chances.iter().enumerate() {
        left -= chance;
        if left < 0.0 {
            return token;
        }
    }
    likeliest(logits)
}

/// A word with the white space after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word's characters, with the white space after it.
    pub text: String,
    /// The other text does not have it in this place.
    pub differs: bool,
}

/// The words of `text`; those outside its longest common run of words with `other` differ. A text that
/// lost a word and goes on alike is alike from there on.
pub fn compare_words(text: &str, other: &str) -> Vec<Word> {
    let (ours, theirs) = (split_words(text), split_words(other));
    // longest[i][j]: the longest common subsequence of the words from i and from j on.
    let mut longest = vec![vec![0u32; theirs.len() + 1]; ours.len() + 1];
    for i in (0..ours.len()).rev() {
        for j in (0..theirs.len()).rev() {
            longest[i][j] = match ours[i].trim_end() == theirs[j].trim_end() {
                true => longest[i + 1][j + 1] + 1,
                false => longest[i + 1][j].max(longest[i][j + 1]),
            };
        }
    }
    let mut words = Vec::with_capacity(ours.len());
    let mut j = 0;
    for (i, word) in ours.iter().enumerate() {
        while j < theirs.len() && word.trim_end() != theirs[j].trim_end() && longest[i][j + 1] == longest[i][j] {
            j += 1;
        }
        let same = j < theirs.len() && word.trim_end() == theirs[j].trim_end();
        j += usize::from(same);
        words.push(Word { text: (*word).to_owned(), differs: !same });
    }
    words
}

fn split_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut spaces = false;
    for (at, c) in text.char_indices() {
        if spaces && !c.is_whitespace() {
            words.push(&text[start..at]);
            start = at;
        }
        spaces = c.is_whitespace();
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}
