//! Collecting the colours of a file. A list keeps every entry in its place, the same colour twice included; of a picture
//! each colour is taken once, in the order of their first places. All are counted even when they are too many, so that the
//! message can say how many.

use std::collections::HashSet;

use crate::palette::named::MOST_COLORS;
use crate::palette::one_line::tidy_name;

/// Beyond it, colours are no longer counted: a photo must not take memory for a message.
const MOST_COUNTED: usize = 1 << 16;

#[derive(Debug, Default)]
pub(super) struct Gather {
    /// The first entries of a list with their names, in their places.
    list: Vec<([u8; 4], String)>,
    /// Entries of the list, those beyond the first included.
    listed: usize,
    /// The first different colours.
    colors: Vec<[u8; 4]>,
    seen: HashSet<[u8; 4]>,
    last: Option<[u8; 4]>,
}

impl Gather {
    /// An entry of a list.
    ///
    /// # Errors
    /// When there are far too many different colours.
    pub(super) fn push_entry(&mut self, color: [u8; 4], name: &str) -> Result<(), String> {
        self.listed += 1;
        if self.list.len() < MOST_COLORS {
            self.list.push((color, tidy_name(name).unwrap_or_default()));
        }
        self.push(color)
    }

    /// A pixel.
    ///
    /// # Errors
    /// When there are far too many different colours.
    pub(super) fn push(&mut self, color: [u8; 4]) -> Result<(), String> {
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

    /// The colours and their names. A list with more entries than a palette holds gives its different colours.
    ///
    /// # Errors
    /// When there is no colour, or more different ones than a palette holds.
    pub(super) fn finish(self) -> Result<(Vec<[u8; 4]>, Vec<String>), String> {
        match self.seen.len() {
            0 => Err("holds no colours".to_owned()),
            count if count > MOST_COLORS => Err(format!("has {count} colours; a palette holds at most {MOST_COLORS}")),
            _ if self.listed == 0 || self.listed > MOST_COLORS => Ok((self.colors, Vec::new())),
            _ => {
                let (colors, names): (Vec<[u8; 4]>, Vec<String>) = self.list.into_iter().unzip();
                let named = names.iter().any(|name| !name.is_empty());
                Ok((colors, if named { names } else { Vec::new() }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(colors: impl IntoIterator<Item = [u8; 4]>) -> Result<Vec<[u8; 4]>, String> {
        let mut gather = Gather::default();
        colors.into_iter().try_for_each(|c| gather.push(c))?;
        Ok(gather.finish()?.0)
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
    fn a_list_keeps_every_entry_in_its_place() {
        let (a, b, clear) = ([1, 2, 3, 255], [3, 2, 1, 255], [0; 4]);
        let list = |entries: &[([u8; 4], &str)]| {
            let mut gather = Gather::default();
            entries.iter().try_for_each(|(color, name)| gather.push_entry(*color, name)).unwrap();
            gather.finish().unwrap()
        };
        let found = list(&[(b, "one"), (a, ""), (b, " two\n"), (b, ""), (clear, ""), (clear, "")]);
        assert_eq!(found.0, [b, a, b, b, clear, clear]);
        assert_eq!(found.1, ["one", "", "two", "", "", ""]);
        assert_eq!(list(&[(a, ""), (a, "")]), (vec![a, a], vec![]));
        // More entries than a palette holds, and few colours: each once.
        assert_eq!(list(&[(a, "x"), (b, "y")].repeat(200)), (vec![a, b], vec![]));
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
