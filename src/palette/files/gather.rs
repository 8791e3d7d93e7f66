//! Collecting the colours of a file. A list keeps every entry in its place, the same colour twice included; of a picture
//! each colour is taken once, in the order of their first places. All are counted, for a message on too many.

use std::collections::HashSet;

use crate::palette::error::FileFault;
use crate::palette::hex::parse_hex;
use crate::palette::named::MOST_COLORS;
use crate::palette::one_line::tidy_name;

/// Beyond it, colours are no longer counted: a photo must not take memory for a message.
const MOST_COUNTED: usize = 1 << 16;

/// The colours of a palette file that is being read.
#[derive(Debug, Default)]
pub struct Gather {
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
    /// Adds an entry of a list, with its name or an empty one; its code is no name.
    ///
    /// # Errors
    /// When there are far too many different colours.
    pub fn push_entry(&mut self, color: [u8; 4], name: &str) -> Result<(), FileFault> {
        self.listed += 1;
        if self.list.len() < MOST_COLORS {
            // Files without names of their own have codes in their place.
            let is_code = parse_hex(name).is_ok_and(|code| code[..3] == color[..3]);
            self.list.push((color, tidy_name(name).filter(|_| !is_code).unwrap_or_default()));
        }
        self.push(color)
    }

    /// Adds a pixel of a picture.
    ///
    /// # Errors
    /// When there are far too many different colours.
    pub fn push(&mut self, color: [u8; 4]) -> Result<(), FileFault> {
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
            let why = format!("has more than {MOST_COUNTED} colours; a palette holds at most {MOST_COLORS}");
            return Err(FileFault::TooLarge(why));
        }
        Ok(())
    }

    /// The colours and their names. A list with more entries than a palette holds gives its different colours.
    ///
    /// # Errors
    /// When there is no colour, or more different ones than a palette holds.
    pub fn finish(self) -> Result<(Vec<[u8; 4]>, Vec<String>), FileFault> {
        match self.seen.len() {
            0 => Err("holds no colours".into()),
            count if count > MOST_COLORS => {
                Err(FileFault::TooLarge(format!("has {count} colours; a palette holds at most {MOST_COLORS}")))
            }
            _ if self.listed == 0 || self.listed > MOST_COLORS => Ok((self.colors, Vec::new())),
            _ => {
                let (colors, names): (Vec<[u8; 4]>, Vec<String>) = self.list.into_iter().unzip();
                let named = names.iter().any(|name| !name.is_empty());
                Ok((colors, if named { names } else { Vec::new() }))
            }
        }
    }
}
