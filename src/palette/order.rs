//! The order of a palette's entries. One that was given is written in its own order, however it is shown; one that was
//! fitted as it is shown.

use super::{Fixed, NamedPalette};
use crate::engine::colour::{luma_from_srgb8, oklab_from_srgb8};
use crate::palette::Entry;

/// How the entries of a palette are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// As a given palette lists its colours; a fitted one from dark to light.
    Listed,
    /// From dark to light.
    Lightness,
    /// The most used first.
    Use,
    /// Greys from dark to light, then around the circle from red.
    Hue,
}

impl Order {
    /// Every order, as pickers list them.
    pub const ALL: [Order; 4] = [Order::Listed, Order::Lightness, Order::Use, Order::Hue];

    /// The order's name in pickers.
    pub fn label(self) -> &'static str {
        match self {
            Order::Listed => "As listed",
            Order::Lightness => "Lightness",
            Order::Use => "Use",
            Order::Hue => "Hue",
        }
    }

    /// One line that says what the order does, without a full stop.
    pub fn hint(self) -> &'static str {
        match self {
            Order::Listed => "In the order of a given palette; a fitted one from dark to light",
            Order::Lightness => "From dark to light",
            Order::Use => "The most used first",
            Order::Hue => "Greys first, then around the colour circle",
        }
    }
}

/// The entries in order: which entry of `palette` stands at each place. As listed, each stands at the place of its code,
/// which is where a picture's file has it. In all other orders entries that are fully transparent come first; equals
/// stay in the palette's own order.
pub fn arranged(order: Order, palette: &[Entry]) -> Vec<u8> {
    let mut places: Vec<u8> = (0..=u8::MAX).take(palette.len()).collect();
    if order == Order::Listed {
        return places;
    }
    let key = |&i: &u8| {
        let entry = palette[usize::from(i)];
        let clear = entry.rgba[3] > 0;
        let (a, b) = match order {
            Order::Listed | Order::Lightness => (0.0, lightness(entry.rgba)),
            Order::Use => (-(entry.count as f64), 0.0),
            Order::Hue => hue(entry.rgba),
        };
        (clear, a, b)
    };
    places.sort_by(|x, y| {
        let (x, y) = (key(x), key(y));
        x.0.cmp(&y.0).then(x.1.total_cmp(&y.1)).then(x.2.total_cmp(&y.2))
    });
    places
}

/// A reduction's palette as a list to be written. One that was given is written as it is: its places are data, and what
/// was added for hidden pixels is no part of it. A fitted one is written in order, under `name`.
pub fn listed(order: Order, palette: &[Entry], given: Option<&Fixed>, name: String) -> NamedPalette {
    match given {
        Some(given) => NamedPalette::clone(given.list()),
        None => {
            let places = arranged(order, palette).into_iter();
            NamedPalette::new(name, places.map(|k| palette[usize::from(k)].rgba).collect())
        }
    }
}

/// Where each entry stands: the inverse of [`arranged`].
pub fn places(arranged: &[u8]) -> Vec<u8> {
    let mut places = vec![0; arranged.len()];
    for (place, &entry) in arranged.iter().enumerate() {
        if let Some(out) = places.get_mut(usize::from(entry)) {
            *out = place as u8;
        }
    }
    places
}

/// As the reductions sort: alpha, then luma.
fn lightness([r, g, b, alpha]: [u8; 4]) -> f64 {
    f64::from(alpha) * 1000.0 + f64::from(luma_from_srgb8([r, g, b]))
}

/// −1 for greys, or else the angle in Oklab from 0 to 2π, turned so that sRGB's red is first; then lightness.
fn hue([r, g, b, _]: [u8; 4]) -> (f64, f64) {
    /// Below this chroma the eye sees grey.
    const GREY: f32 = 0.02;
    /// Just before sRGB's red, which lies at 29°.
    const START: f32 = 0.45;
    let [lightness, x, y] = oklab_from_srgb8([r, g, b]);
    let angle = if x.hypot(y) < GREY { -1.0 } else { (y.atan2(x) - START).rem_euclid(std::f32::consts::TAU) };
    (f64::from(angle), f64::from(lightness))
}
