//! The kinds of files that are written, by what they are written from; who reads a list knows all of them. Palettes have
//! their own list, [`FileKind`](crate::palette::FileKind).

use super::document::{self, OfDocument};
use super::gif;
use super::packed::{self, OfReduced};
use super::table::{self, OfTable};
use super::webp;

/// What a photo's reduction can be written as; the first is the usual one.
pub static PICTURES: &[&OfReduced] = &[&packed::PNG, &gif::GIF, &webp::WEBP];
/// What a table of figures can be written as.
pub static TABLES: &[&OfTable] = &[&table::CSV, &table::JSON];
/// What a report can be written as.
pub static DOCUMENTS: &[&OfDocument] = &[&document::MARKDOWN, &document::HTML];
