//! Collecting the colours of a file. A list keeps every entry in its place, the same colour twice included; of a picture
//! each colour is taken once, in the order of their first places. All are counted, for a message on too many.

use std::collections::HashSet;

use crate::palette::error::FileFault;
use crate::palette::hex::parse_hex;
use crate::palette::named::{MOST_COLORS, NamedPalette, SHOWN};
use crate::palette::one_line::tidy_name;

/// Beyond it, colours are no longer counted: a photo must not take memory for a message.
const MOST_COUNTED: usize = 1 << 16;

/// An entry of a list.
#[derive(Debug)]
struct Listed {
    color: [u8; 4],
    /// Empty where it has none.
    name: String,
    /// As what it is seen, where its name says so.
    seen: Option<[u8; 4]>,
}

impl Listed {
    /// At the end of a name may stand as what the colour is seen: "Red, shown #871300".
    fn new(color: [u8; 4], text: &str) -> Self {
        let measured = text.rsplit_once(SHOWN).filter(|(_, code)| code.starts_with('#'));
        let measured =
            measured.and_then(|(name, code)| Some((name.trim_end_matches([' ', ',']), parse_hex(code).ok()?)));
        let (name, seen) = measured.map_or((text, None), |(name, [r, g, b, _])| (name, Some([r, g, b, color[3]])));
        // Files without names of their own have codes in their place.
        let is_code = parse_hex(name).is_ok_and(|code| code[..3] == color[..3]);
        Self { color, name: tidy_name(name).filter(|_| !is_code).unwrap_or_default(), seen }
    }
}

/// The colours of a palette file that is being read.
#[derive(Debug, Default)]
pub struct Gather {
    /// The first entries of a list, in their places.
    list: Vec<Listed>,
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
            self.list.push(Listed::new(color, name));
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

    /// The colours with their names and what is written for them, as a list without a name. A list with more entries
    /// than a palette holds gives its different colours.
    ///
    /// # Errors
    /// When there is no colour, or more different ones than a palette holds.
    pub fn finish(self) -> Result<NamedPalette, FileFault> {
        match self.seen.len() {
            0 => Err("holds no colours".into()),
            count if count > MOST_COLORS => {
                Err(FileFault::TooLarge(format!("has {count} colours; a palette holds at most {MOST_COLORS}")))
            }
            _ if self.listed == 0 || self.listed > MOST_COLORS => Ok(NamedPalette::new("", self.colors)),
            _ => {
                let named = self.list.iter().any(|entry| !entry.name.is_empty());
                let measured = self.list.iter().any(|entry| entry.seen.is_some());
                let mut list = NamedPalette::default();
                for Listed { color, name, seen } in self.list {
                    list.colors.push(seen.unwrap_or(color));
                    list.names.extend(named.then_some(name));
                    list.nominal.extend(measured.then_some(color));
                }
                Ok(list)
            }
        }
    }
}
