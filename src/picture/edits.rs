//! Edits of a picture before it is reduced, as plain data, and their forms as text: cut out, set levels, resize,
//! pixelate, in this order.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::area::Area;
use super::error::{EditError, FormError};

/// A picture of more pixels is neither opened nor made: 256 mebipixels, of which a decode to 16-bit RGBA takes 2 GiB.
pub const MOST_PIXELS: u64 = 1 << 28;

/// What is done to a picture before it is reduced; by default nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct PhotoEdits {
    /// The part that is kept; `None`: all of it.
    pub crop: Option<Crop>,
    /// Which codes become black and white, and how bright the middle is.
    pub levels: Option<Levels>,
    /// The size that the kept part is brought to.
    pub resize: Option<Resize>,
    /// Pixels a side of square blocks that get one colour each, at least 2; 0 and 1 change nothing.
    pub pixelate: u16,
}

/// The part of a picture that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Crop {
    /// This area.
    Area(Area),
    /// The largest area of this width to this height, in the middle.
    Aspect(u32, u32),
}

/// The size that a picture is brought to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resize {
    /// To this width and height, whatever the aspect.
    Exact(u32, u32),
    /// To this width; the aspect is kept.
    Width(u32),
    /// To this height; the aspect is kept.
    Height(u32),
    /// To so many hundredths of a percent of each side.
    Percent(u32),
}

/// Tones as programs for photos set them: `((code − black) / (white − black)) ^ (1 / gamma)` of the sRGB codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Levels {
    /// The code that becomes 0, and all below it.
    pub black: u8,
    /// The code that becomes 255, and all above it; greater than `black`.
    pub white: u8,
    /// Hundredths of the exponent: above 100 the middle becomes brighter.
    pub gamma_percent: u16,
}

/// What edits come to for a picture of a certain size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What is cut out.
    pub area: Area,
    /// The width and height of the result.
    pub size: (u32, u32),
}

impl PhotoEdits {
    /// Whether nothing is changed.
    pub fn is_none(&self) -> bool {
        let Self { crop, levels, resize, pixelate } = self;
        crop.is_none() && levels.is_none() && resize.is_none() && *pixelate < 2
    }

    /// What the edits come to for a picture of this width and height.
    ///
    /// # Errors
    /// [`EditError`] where nothing would be left, the area is not in the picture, or the result would be too large.
    pub fn plan(&self, width: u32, height: u32) -> Result<Plan, EditError> {
        let whole = Area { x: 0, y: 0, width, height };
        let area = self.crop.map_or(whole, |crop| crop.of(width, height));
        let ends = [(area.x, area.width, width), (area.y, area.height, height)];
        if area.width == 0 || area.height == 0 {
            return Err(EditError::CutToNothing(area));
        }
        if ends.iter().any(|&(start, len, side)| start.checked_add(len).is_none_or(|end| end > side)) {
            return Err(EditError::Outside { area, width, height });
        }
        let size = self.resize.map_or(Some((area.width, area.height)), |resize| resize.of(area.width, area.height));
        let (width, height) = size.ok_or(EditError::TooLarge)?;
        if width == 0 || height == 0 {
            return Err(EditError::ResizedToNothing { from: (area.width, area.height), to: (width, height) });
        }
        if u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Err(EditError::TooLarge);
        }
        Ok(Plan { area, size: (width, height) })
    }

    /// What is done to a picture of this width and height, in words: "cut to 80 × 60 pixels at (10, 4), blocks of 4
    /// pixels".
    pub fn words(&self, width: u32, height: u32) -> String {
        let Ok(Plan { area, size }) = self.plan(width, height) else { return String::new() };
        let mut words = Vec::new();
        if self.crop.is_some() {
            words.push(format!("cut to {} × {} pixels at ({}, {})", area.width, area.height, area.x, area.y));
        }
        words.extend(self.levels.map(|levels| format!("levels {levels}")));
        words.extend(self.resize.map(|_| format!("resized to {} × {} pixels", size.0, size.1)));
        words.extend((self.pixelate > 1).then(|| format!("blocks of {} pixels", self.pixelate)));
        words.join(", ")
    }
}

impl Crop {
    fn of(self, width: u32, height: u32) -> Area {
        let (across, down) = match self {
            Self::Area(area) => return area,
            Self::Aspect(across, down) => (u64::from(across), u64::from(down)),
        };
        // Rounded down, so that it lies within, and at least a pixel of what is asked for.
        let side = |of: u32, part: u64, whole: u64| (u64::from(of) * part / whole.max(1)).max(part.min(1)) as u32;
        let (w, h) = match u64::from(width) * down > u64::from(height) * across {
            true => (side(height, across, down), height),
            false => (width, side(width, down, across)),
        };
        Area { x: width.saturating_sub(w) / 2, y: height.saturating_sub(h) / 2, width: w, height: h }
    }
}

impl Resize {
    /// Rounded to the nearest pixel; a side that follows from the other has at least one. `None` beyond all sizes.
    fn of(self, width: u32, height: u32) -> Option<(u32, u32)> {
        let scaled = |side: u32, to: u32, of: u32| {
            let of = u64::from(of.max(1));
            u32::try_from((u64::from(side) * u64::from(to) + of / 2) / of).ok()
        };
        let follows = |side, to: u32, of| scaled(side, to, of).map(|length| length.max(to.min(1)));
        match self {
            Self::Exact(width, height) => Some((width, height)),
            Self::Width(w) => Some((w, follows(height, w, width)?)),
            Self::Height(h) => Some((follows(width, h, height)?, h)),
            Self::Percent(hundredths) => {
                Some((scaled(width, hundredths, 10_000)?, scaled(height, hundredths, 10_000)?))
            }
        }
    }
}

/// Serialized in the form in which it is written on the command line.
macro_rules! serialized_as_text {
    ($($kind:ty),*) => {
        $(impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        })*
    };
}

serialized_as_text!(Crop, Levels, Resize);

fn form(text: &str, wanted: &'static str) -> FormError {
    FormError { text: text.to_owned(), wanted }
}

/// "AxB" with a letter x or a cross between the numbers.
fn sides(text: &str) -> Option<(&str, &str)> {
    text.split_once(['x', 'X', '×'])
}

impl FromStr for Crop {
    type Err = FormError;

    fn from_str(text: &str) -> Result<Self, FormError> {
        let aspect = || {
            let (across, down) = text.split_once(':')?;
            let [across, down] = [across, down].map(|side| side.trim().parse().ok().filter(|&side| side > 0));
            Some(Self::Aspect(across?, down?))
        };
        let area = || {
            let mut parts = text.splitn(3, ',').map(str::trim);
            let (x, y) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            let (width, height) = sides(parts.next()?)?;
            Some(Self::Area(Area { x, y, width: width.parse().ok()?, height: height.parse().ok()? }))
        };
        aspect().or_else(area).ok_or_else(|| form(text, "an area as X,Y,WxH in pixels, or an aspect as 16:9"))
    }
}

impl fmt::Display for Crop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Area(Area { x, y, width, height }) => write!(f, "{x},{y},{width}x{height}"),
            Self::Aspect(across, down) => write!(f, "{across}:{down}"),
        }
    }
}

impl FromStr for Resize {
    type Err = FormError;

    fn from_str(text: &str) -> Result<Self, FormError> {
        let number = |text: &str| text.trim().parse::<u32>().ok();
        let parsed = if let Some(percent) = text.strip_suffix('%') {
            let percent = percent.trim().parse::<f64>().ok().filter(|p| (0.0..=40_000_000.0).contains(p));
            percent.map(|percent| Self::Percent((percent * 100.0).round() as u32))
        } else {
            sides(text).and_then(|sides| match sides {
                (width, "") => number(width).map(Self::Width),
                ("", height) => number(height).map(Self::Height),
                (width, height) => Some(Self::Exact(number(width)?, number(height)?)),
            })
        };
        parsed.ok_or_else(|| form(text, "a size as 160x144, 800x or x600 (the aspect is kept), or 50%"))
    }
}

impl fmt::Display for Resize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(width, height) => write!(f, "{width}x{height}"),
            Self::Width(width) => write!(f, "{width}x"),
            Self::Height(height) => write!(f, "x{height}"),
            Self::Percent(hundredths) => write!(f, "{}%", f64::from(*hundredths) / 100.0),
        }
    }
}

impl Levels {
    /// Every code as it is.
    pub const NONE: Self = Self { black: 0, white: u8::MAX, gamma_percent: 100 };

    /// Hundredths of the exponents that can be set.
    pub const GAMMAS: std::ops::RangeInclusive<u16> = 10..=999;

    /// What each code becomes.
    pub fn codes(self) -> [u8; 256] {
        let (black, white) = (f64::from(self.black), f64::from(self.white));
        let exponent = 100.0 / f64::from(self.gamma_percent.max(1));
        std::array::from_fn(|code| {
            let share = ((code as f64 - black) / (white - black).max(1.0)).clamp(0.0, 1.0);
            (share.powf(exponent) * 255.0).round() as u8
        })
    }
}

impl FromStr for Levels {
    type Err = FormError;

    fn from_str(text: &str) -> Result<Self, FormError> {
        let parse = || {
            let mut parts = text.splitn(3, ',').map(str::trim);
            let (black, white): (u8, u8) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            let gamma = parts.next().map_or(Some(1.0), |gamma| gamma.parse::<f64>().ok())?;
            let gamma_percent = (gamma * 100.0).round() as u16;
            let possible = black < white && Self::GAMMAS.contains(&gamma_percent);
            possible.then_some(Self { black, white, gamma_percent })
        };
        let wanted = "levels as BLACK,WHITE or BLACK,WHITE,GAMMA: codes from 0 to 255, the first below the second, and an \
                      exponent from 0.1 to 9.99";
        parse().ok_or_else(|| form(text, wanted))
    }
}

impl fmt::Display for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.black, self.white)?;
        match self.gamma_percent {
            100 => Ok(()),
            gamma => write!(f, ",{}", f64::from(gamma) / 100.0),
        }
    }
}
