//! The shelf of kept results: settings that were tried, with their figures and files' sizes, to be flicked
//! through, compared two at a time, and gone back to.
//!
//! A result is made by its settings and the photo alone, so what must be kept is little: the settings, the
//! figures and a small picture. Pixels are held besides, within a bound, so that showing a result again takes
//! no time; those without are reduced anew when they are shown.

pub mod kept;
pub(crate) mod panel;
pub(crate) mod versus;
