//! The figures of a photo's reductions as rows: one a pane, or one a kept result.

use super::table::{Cell, Column, Table, db_status};
use crate::engine::metric::EyeError;
use crate::palette::hex_line;
use crate::run::report::{PhotoFigures, SizeTruth};
use crate::spec::PhotoSpec;

/// A reduction and, once its file is there, its sizes.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Name of the photo's file, in the table's first column.
    pub file: &'a str,
    /// Settings, error and rate of the reduction.
    pub figures: PhotoFigures,
    /// Sizes of the files; none until they are known, which leaves these columns empty.
    pub sizes: Option<SizeTruth>,
}

/// The rows in the order given; [`TABLES`](super::exporters::TABLES) says what it is written as.
pub fn table(rows: &[Row<'_>]) -> Table {
    let column = |(name, unit)| Column { name, unit };
    Table { columns: COLUMNS.map(column).to_vec(), rows: rows.iter().map(cells).collect() }
}

const COLUMNS: [(&str, &str); 35] = [
    ("file", ""),
    ("method", ""),
    ("palette", ""),
    ("space", ""),
    ("dither", ""),
    ("dither_strength", ""),
    ("serpentine", ""),
    ("linear", ""),
    ("colors", ""),
    ("tile", "pixels"),
    ("locked", ""),
    ("ssimulacra2", ""),
    ("butteraugli_3norm", ""),
    ("butteraugli_max", ""),
    ("afar", ""),
    ("mse", ""),
    ("psnr_db", "dB"),
    ("psnr_afar_db", "dB"),
    ("sqnr_db", "dB"),
    ("ssim", ""),
    ("max_abs_error", ""),
    ("delta_e2000_mean", ""),
    ("delta_e2000_p95", ""),
    ("delta_e2000_max", ""),
    ("bits_per_pixel", ""),
    ("raw_bytes", ""),
    ("reduced_raw_bytes", ""),
    ("original_png_bytes", ""),
    ("png_bytes", ""),
    ("file_bytes", ""),
    ("png_against_file_percent", "%"),
    ("candidate", ""),
    ("candidate_bytes", ""),
    ("quantize_ms", "ms"),
    ("status", ""),
];

fn cells(row: &Row<'_>) -> Vec<Cell> {
    let Row { file, ref figures, sizes } = *row;
    let (spec, error) = (&figures.spec, figures.error);
    let (dither, candidate) = (spec.dither(), spec.candidate());
    // How another picture was made is not known.
    let of_ours = |cell: Cell| if candidate.is_none() { cell } else { Cell::Missing };
    // A candidate is a file already, and no PNG is written of it.
    let written = sizes.filter(|_| candidate.is_none());
    let yes_no = |yes: bool| Cell::Text(if yes { "yes" } else { "no" }.to_owned());
    let text = |text: &str| Cell::Text(text.to_owned());
    let optional = |cell: Option<Cell>| cell.unwrap_or(Cell::Missing);
    let eye = |figure: fn(EyeError) -> Option<f64>| optional(figures.eye.and_then(figure).map(Cell::Number));
    let locked: Vec<String> = spec.locked_colors().map(hex_line).collect();
    vec![
        text(file),
        // A number format stands where the method of a palette would.
        match spec {
            PhotoSpec::Numbers(format) => text(&format.to_string()),
            PhotoSpec::Candidate(_) => Cell::Missing,
            PhotoSpec::Palette(spec) => optional(spec.fitted().map(|palette| text(palette.method.name()))),
        },
        optional(spec.given().map(|palette| text(palette.name()))),
        of_ours(text(spec.space().label())),
        of_ours(text(dither.pattern.name())),
        of_ours(Cell::Number(f64::from(dither.strength()))),
        of_ours(yes_no(dither.serpentine)),
        of_ours(yes_no(dither.linear)),
        Cell::Int(figures.colors as u64),
        optional(spec.tiles().map(|tiles| Cell::Int(tiles.side() as u64))),
        optional((!locked.is_empty()).then(|| Cell::Text(locked.join(" ")))),
        eye(|eye| eye.ssimulacra2),
        eye(|eye| eye.butteraugli_3norm),
        eye(|eye| eye.butteraugli_max),
        eye(|eye| Some(eye.afar)),
        Cell::Number(error.mse),
        Cell::Number(error.psnr_db),
        Cell::Number(figures.psnr_afar_db),
        Cell::Number(error.sqnr_db),
        Cell::Number(error.ssim),
        Cell::Int(u64::from(error.max_abs)),
        Cell::Number(error.delta_e_mean),
        Cell::Number(error.delta_e_p95),
        Cell::Number(error.delta_e_max),
        Cell::Number(figures.rate.bits_per_sample()),
        optional(sizes.map(|s| Cell::Int(s.raw_bytes))),
        optional(sizes.map(|s| Cell::Int(s.reduced_raw_bytes))),
        optional(sizes.map(|s| Cell::Int(s.png_bytes))),
        optional(written.map(|s| Cell::Int(s.written_bytes))),
        optional(sizes.filter(|s| s.file_bytes > 0).map(|s| Cell::Int(s.file_bytes))),
        optional(written.and_then(|s| s.against_file_percent()).map(Cell::Number)),
        optional(candidate.map(|file| text(&file.name))),
        optional(candidate.map(|file| Cell::Int(file.file_bytes))),
        Cell::Number(figures.quantize_time.as_secs_f64() * 1000.0),
        text(db_status(error.psnr_db)),
    ]
}
