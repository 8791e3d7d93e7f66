//! The figures of a photo's reductions as rows: one a pane, or one a kept result.

use super::table::{Cell, Column, Table, db_status};
use crate::palette::hex_line;
use crate::run::report::{PhotoFigures, SizeTruth};

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

const COLUMNS: [(&str, &str); 29] = [
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
    ("quantize_ms", "ms"),
    ("status", ""),
];

fn cells(row: &Row<'_>) -> Vec<Cell> {
    let Row { file, ref figures, sizes } = *row;
    let (spec, error) = (&figures.spec, figures.error);
    let yes_no = |yes: bool| Cell::Text(if yes { "yes" } else { "no" }.to_owned());
    let text = |text: &str| Cell::Text(text.to_owned());
    let optional = |found: Option<Cell>| found.unwrap_or(Cell::Missing);
    let locked: Vec<String> = spec.locked_colors().map(hex_line).collect();
    vec![
        text(file),
        // A number format stands where the method of a palette would.
        match spec.format {
            Some(format) => text(&format.to_string()),
            None => optional(spec.palette.is_none().then(|| text(spec.method.name()))),
        },
        optional(spec.palette.as_ref().map(|palette| text(palette.name()))),
        text(spec.space.label()),
        text(spec.dither.pattern.name()),
        Cell::Number(f64::from(spec.dither.strength())),
        yes_no(spec.dither.serpentine),
        yes_no(spec.dither.linear),
        Cell::Int(figures.colors as u64),
        optional(spec.tile_side().map(|side| Cell::Int(side as u64))),
        optional((!locked.is_empty()).then(|| Cell::Text(locked.join(" ")))),
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
        optional(sizes.map(|s| Cell::Int(s.written_bytes))),
        optional(sizes.filter(|s| s.file_bytes > 0).map(|s| Cell::Int(s.file_bytes))),
        optional(sizes.and_then(|s| s.against_file_percent()).map(Cell::Number)),
        Cell::Number(figures.quantize_time.as_secs_f64() * 1000.0),
        text(db_status(error.psnr_db)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::control::Control;
    use crate::picture::image::Image;
    use crate::run::photo;
    use crate::source::photo::Photo;
    use crate::spec::{PhotoSpec, Stage};

    #[test]
    fn a_row_says_what_was_asked_for_and_what_came_of_it() {
        let image = Image::new(64, 4, (0..=255).map(|v| [v, 255 - v, v / 2, 255]).collect());
        let reports = [(4, None), (2, Some(8))].map(|(colors, tile)| {
            let spec = PhotoSpec { colors, tile, ..PhotoSpec::default() };
            photo::reduce(&image, spec, Stage::Full, &Control::unwatched()).unwrap()
        });
        let photo = Photo {
            name: "a.png".to_owned(),
            path: None,
            file_bytes: 60,
            format: "PNG",
            image: image.into(),
            notes: Vec::new(),
        };
        let sizes = SizeTruth::new(&photo, reports[0].rate, (999, 111), 90);
        let rows = [
            Row { file: "a, b.png", figures: reports[0].figures(), sizes: Some(sizes) },
            Row { file: "a.png", figures: reports[1].figures(), sizes: None },
        ];
        let table = table(&rows);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        let json: serde_json::Value = serde_json::from_str(&table.to_json()).unwrap();
        assert_eq!((&json[0]["colors"], &json[0]["tile"]), (&4.into(), &serde_json::Value::Null));
        assert_eq!((&json[0]["raw_bytes"], &json[0]["png_bytes"]), (&768.into(), &90.into()));
        assert_eq!((&json[0]["file_bytes"], &json[0]["png_against_file_percent"]), (&60.into(), &50.0.into()));
        assert_eq!(json[0]["mse"].as_f64().unwrap(), reports[0].error.mse);
        assert_eq!((&json[1]["tile"], &json[1]["png_bytes"]), (&8.into(), &serde_json::Value::Null));
        assert!(table.to_csv().lines().nth(1).unwrap().starts_with("\"a, b.png\",kmeans,,"), "{}", table.to_csv());
    }
}
