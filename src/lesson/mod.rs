//! Lessons: what is said at each step, what is shown beside it and from which settings. Read from files, written to
//! files; a moment of a lesson is a lesson file that also holds the photo and the weights. No window here.

pub mod builtin;
mod claim;
mod error;
pub mod exhibits;
mod file;
mod layout;
pub mod moment;

pub use claim::{Bound, Claim, Relation};
pub use error::LessonError;
pub use exhibits::{Show, Sources};
pub use file::{open, read, write};
pub use layout::{Carried, Lesson, Step};
