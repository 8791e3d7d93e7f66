//! One file an exhibit.

pub mod photo;
