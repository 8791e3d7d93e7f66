//! The lessons that are part of the program.

use super::{Lesson, LessonError, read};

/// In the order in which they are given.
pub static TEXTS: [&str; 12] = [
    include_str!("../../assets/lessons/01-sixteen-million-to-256.toml"),
    include_str!("../../assets/lessons/02-numbers-get-the-same-treatment.toml"),
    include_str!("../../assets/lessons/03-8-4-2.toml"),
    include_str!("../../assets/lessons/04-choosing-the-palette.toml"),
    include_str!("../../assets/lessons/05-local-palettes.toml"),
    include_str!("../../assets/lessons/06-what-it-costs.toml"),
    include_str!("../../assets/lessons/07-why-it-works.toml"),
    include_str!("../../assets/lessons/08-dither-and-feedback.toml"),
    include_str!("../../assets/lessons/09-jpeg.toml"),
    include_str!("../../assets/lessons/10-mp3.toml"),
    include_str!("../../assets/lessons/11-streaming.toml"),
    include_str!("../../assets/lessons/12-the-right-simplification.toml"),
];

/// The built-in lessons, in the order of [`TEXTS`].
///
/// # Errors
/// A line for people; a test holds that there is none.
pub fn all() -> impl Iterator<Item = Result<Lesson, LessonError>> {
    TEXTS.into_iter().map(|text| read(text.as_bytes()))
}
