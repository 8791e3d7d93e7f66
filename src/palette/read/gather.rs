//! Collecting the colours of a file: each once, in the order of their first places, and all counted
//! even when they are too many, so that the message can say how many.

use std::collections::HashSet;

use crate::palette::MOST_COLORS;

/// Beyond it, colours are no longer counted: a photo must not take memory for a message.
const MOST_COUNTED: usize = 1 << 16;

#[derive(Debug, Default)]
pub struct Gather {
    colors: Vec<[u8; 4]>,
    seen: HashSet<[u8; 4]>,
    last: Option<[u8; 4]>,
}

impl Gather {
    /// # Errors
    /// When there are far too many different colours.
    pub fn push(&mut self, color: [u8; 4]) -> Result<(), String> {
        // Neighbours are often alike, in a picture above all.
        if self.last == Some(color) {
            return Ok(());
        }
        self.last = Some(color);
        // What cannot be seen is one entry, whatever colour it carries.
        let seen_as = if color[3] == 0 { [0; 4] } else { color };
        if self.seen.insert(seen_as) && self.colors.len() < MOST_COLORS {
            self.colors.push(color);
        }
        if self.seen.len() > MOST_COUNTED {
            return Err(format!("has more than {MOST_COUNTED} colours; a palette holds at most {MOST_COLORS}"));
        }
        Ok(())
    }

    /// # Errors
    /// When there is no colour, or more than a palette holds.
    pub fn finish(self) -> Result<Vec<[u8; 4]>, String> {
        match self.seen.len() {
            0 => Err("holds no colours".to_owned()),
            1..=MOST_COLORS => Ok(self.colors),
            count => Err(format!("has {count} colours; a palette holds at most {MOST_COLORS}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(colors: impl IntoIterator<Item = [u8; 4]>) -> Result<Vec<[u8; 4]>, String> {
        let mut gather = Gather::default();
        colors.into_iter().try_for_each(|c| gather.push(c))?;
        gather.finish()
    }

    fn colors(count: u32) -> impl Iterator<Item = [u8; 4]> {
        (0..count).map(|i| (i << 8 | 0xff).to_be_bytes())
    }

    #[test]
    fn of_equal_colours_the_first_place_counts() {
        let (a, b) = ([1, 2, 3, 255], [3, 2, 1, 255]);
        assert_eq!(gathered([b, a, b, b, a]).unwrap(), [b, a]);
        assert_eq!(gathered([[1, 2, 3, 0], a, [9, 9, 9, 0]]).unwrap(), [[1, 2, 3, 0], a]);
        assert_eq!(gathered([[1, 2, 3, 4], a]).unwrap().len(), 2);
    }

    #[test]
    fn too_many_are_counted_without_their_repetitions() {
        assert_eq!(gathered(colors(256).chain(colors(256))).unwrap().len(), 256);
        assert_eq!(gathered(colors(257)).unwrap_err(), "has 257 colours; a palette holds at most 256");
        assert_eq!(gathered(colors(10_000)).unwrap_err(), "has 10000 colours; a palette holds at most 256");
        assert_eq!(gathered(colors(1 << 20)).unwrap_err(), "has more than 65536 colours; a palette holds at most 256");
        assert_eq!(gathered([]).unwrap_err(), "holds no colours");
    }
}
