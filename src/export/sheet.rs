//! One picture of a photo and its reductions side by side, with titles, palettes and figures drawn in: for a
//! report, a slide, a message to someone without this program.
//!
//! Pictures stand pixel for pixel where they fit; larger ones are averaged down in linear light and small ones
//! magnified by a whole number, and the heading says so. Letters come from the caller, who has fonts.

use std::sync::Arc;

use crate::engine::control::Control;
use crate::engine::metric::EyeError;
use crate::export::ExportError;
use crate::export::packed::{PngFile, PngSize};
use crate::figures;
use crate::picture::png;
use crate::picture::{Picture, Window};
use crate::run::report::{PhotoFigures, PhotoOriginal, PhotoReport, SizeTruth};
use crate::source::photo::Photo;
use crate::spec::PhotoSpec;

type Rgba = [u8; 4];

/// A line of text as coverage, 0 to 255 a pixel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Pixels a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// One byte a pixel, top row first: 0 is clear, 255 is fully covered.
    pub coverage: Vec<u8>,
}

/// Draws a line of text in letters of so many pixels.
pub type Letters<'a> = dyn FnMut(&str, f32) -> Text + 'a;

/// One picture with what is said of it.
pub struct Cell<'a> {
    /// The line above the picture.
    pub title: String,
    /// The lines below the picture and its palette, in fainter ink; a line that is too wide is cut short.
    pub lines: Vec<String>,
    /// The picture, as large as the first one of the sheet: all are drawn into rectangles of that size.
    pub picture: &'a Picture,
    /// sRGB and straight alpha of each palette entry, drawn as a strip of swatches; empty: no strip.
    pub palette: Vec<Rgba>,
}

/// Pictures of equal size in a grid, under one heading.
pub struct Sheet<'a> {
    /// The line above all pictures; the zoom is added to it where it is not 100 %.
    pub heading: String,
    /// The pictures, row by row.
    pub cells: Vec<Cell<'a>>,
}

const GROUND: Rgba = [247, 247, 247, 255];
const INK: [u8; 3] = [20, 20, 20];
const FAINT_INK: [u8; 3] = [90, 90, 90];
/// Behind what is transparent, in squares of so many pixels.
const SQUARES: [Rgba; 2] = [[204, 204, 204, 255], [170, 170, 170, 255]];
const SQUARE: usize = 8;

/// Pictures are no larger than this on the sheet.
const MOST: (u32, u32) = (1600, 1200);
/// Pictures that are smaller than this both ways are magnified.
const LEAST: u32 = 320;
/// What text needs to be read.
const NARROWEST: usize = 400;
/// Pixels around the pictures and between them.
pub const GAP: usize = 16;
/// Width to height of a sheet: that of most screens.
const SHAPE: f64 = 1.6;

/// A reduction with what takes longer to measure, where it is known.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The reduction and its figures.
    pub report: Arc<PhotoReport>,
    /// What models of the eye make of it.
    pub eye: Option<EyeError>,
    /// The size of its PNG.
    pub png: Option<PngSize>,
}

/// The photo and its reductions.
pub fn of_reductions<'a>(
    photo: &Photo,
    original: (&'a PhotoOriginal, Option<PngSize>),
    reductions: &'a [Measured],
) -> Sheet<'a> {
    let (original, original_png) = original;
    let mut cells = vec![Cell {
        title: "Original".to_owned(),
        lines: original_lines(photo, original.colors, original_png.map(PngSize::bytes)),
        picture: &original.picture,
        palette: Vec::new(),
    }];
    let specs: Vec<&PhotoSpec> = reductions.iter().map(|measured| &measured.report.spec).collect();
    for Measured { report, eye, png } in reductions {
        let sizes = original_png.zip(*png).map(|(original, reduced)| {
            SizeTruth::new(photo, (&report.spec, report.rate), original.alike(reduced), reduced.bytes())
        });
        cells.push(Cell {
            title: report.spec.title_among(&specs),
            lines: reduction_lines(photo, report.figures(*eye), sizes),
            picture: &report.picture,
            palette: report.palette.iter().map(|e| e.rgba).collect(),
        });
    }
    Sheet { heading: photo.name.clone(), cells }
}

/// What is said of the photo itself.
fn original_lines(photo: &Photo, colors: usize, png_bytes: Option<u64>) -> Vec<String> {
    let image = &photo.image;
    let kind = true_colour(photo);
    let file = figures::file(photo.format, photo.file_bytes);
    let size = png_bytes.map(|bytes| format!("{kind} {}", figures::kilobytes(bytes)));
    vec![
        format!("{} × {} pixels, {}", image.width, image.height, figures::colours(colors as u64)),
        format!("the file: {file}"),
        size.unwrap_or_default(),
    ]
}

/// What is said of a reduction.
fn reduction_lines(photo: &Photo, figures: PhotoFigures, sizes: Option<SizeTruth>) -> Vec<String> {
    let e = figures.error;
    let format = figures.spec.candidate().map_or("PNG", |candidate| candidate.format);
    let file = sizes
        .map(|s| format!("{format} {}, {} against the file", figures::kilobytes(s.written_bytes), s.against_file()));
    let alike = sizes.map(|s| {
        let [png, raw] = [s.png_ratio(), s.raw_ratio()].map(figures::ratio);
        format!("against a {} {png}; raw against raw {raw}", true_colour(photo))
    });
    vec![
        figures.spec.words(),
        figures.eye.map(eye_line).unwrap_or_default(),
        format!(
            "PSNR {}, from afar {};  ΔE2000 {}, 95 %: {}",
            figures::db(e.psnr_db),
            figures::db(figures.psnr_afar_db),
            figures::delta_e(e.delta_e_mean),
            figures::delta_e(e.delta_e_p95)
        ),
        file.unwrap_or_default(),
        alike.unwrap_or_default(),
    ]
}

fn eye_line(eye: EyeError) -> String {
    format!(
        "SSIMULACRA2 {}, butteraugli {}, from afar {}",
        figures::ssimulacra2(eye.ssimulacra2),
        figures::eye_difference(eye.butteraugli_3norm),
        figures::eye_difference(Some(eye.afar))
    )
}

fn true_colour(photo: &Photo) -> &'static str {
    if photo.image.is_opaque() { "24-bit PNG" } else { "32-bit PNG" }
}

/// The sheet as a full-colour PNG.
///
/// # Errors
/// [`ExportError::Stopped`]; [`ExportError::Unfit`] for a sheet without pictures.
pub fn write(sheet: &Sheet<'_>, letters: &mut Letters<'_>, control: &Control<'_>) -> Result<Vec<u8>, ExportError> {
    let layout =
        Layout::of(sheet).ok_or_else(|| ExportError::Unfit("there is no picture to put on a sheet".to_owned()))?;
    let mut canvas = Canvas::new(layout.width, layout.height);
    let heading = if layout.zoom == 1.0 {
        sheet.heading.clone()
    } else {
        format!("{}  (shown at {:.0} %)", sheet.heading, layout.zoom * 100.0)
    };
    let room = layout.width - 2 * GAP;
    canvas.write(&fitted(letters, &heading, layout.size * 1.4, room), (GAP, GAP), INK);
    for (i, cell) in sheet.cells.iter().enumerate() {
        control.check()?;
        control.progress(0.5 * i as f32 / sheet.cells.len() as f32);
        draw_cell(&mut canvas, &layout, cell, layout.corner(i), letters);
    }
    let quick = png::true_png(layout.width as u32, layout.height as u32, &canvas.pixels, control)?;
    let packed = PngFile::quick(quick).packed(control)?;
    Ok(Arc::unwrap_or_clone(packed.bytes))
}

fn draw_cell(canvas: &mut Canvas, layout: &Layout, cell: &Cell<'_>, (x, y): (usize, usize), letters: &mut Letters<'_>) {
    let line = layout.line();
    let mut y = y;
    canvas.write(&fitted(letters, &cell.title, layout.size * 1.2, layout.cell_width), (x, y), INK);
    y += line + line / 4;
    canvas.draw(cell.picture, layout, (x, y));
    y += layout.picture.1 + 4;
    canvas.swatches(&cell.palette, (x, y), (layout.picture.0, line));
    y += line + 4;
    for text in &cell.lines {
        canvas.write(&fitted(letters, text, layout.size, layout.cell_width), (x, y), FAINT_INK);
        y += line;
    }
}

/// A line in letters of `size` pixels, as much of it as `room` pixels hold: what is cut off becomes an ellipsis.
pub fn fitted(letters: &mut Letters<'_>, text: &str, size: f32, room: usize) -> Text {
    let drawn = letters(text, size);
    if drawn.width <= room {
        return drawn;
    }
    let mut kept: Vec<char> = text.chars().take(text.chars().count() * room / drawn.width.max(1)).collect();
    loop {
        let shorter: String = kept.iter().chain(&['…']).collect();
        let drawn = letters(&shorter, size);
        if drawn.width <= room || kept.pop().is_none() {
            return drawn;
        }
    }
}

/// Where everything stands, in pixels of the sheet.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Pictures side by side.
    pub columns: usize,
    /// Sheet pixels a picture pixel.
    pub zoom: f64,
    picture: (usize, usize),
    cell_width: usize,
    cell_height: usize,
    /// The size of the letters.
    size: f32,
    /// The whole sheet's.
    pub width: usize,
    /// The whole sheet's.
    pub height: usize,
}

impl Layout {
    /// The layout of a sheet; none for one without pictures.
    pub fn of(sheet: &Sheet<'_>) -> Option<Self> {
        let first = sheet.cells.first()?.picture;
        let zoom = zoom_of(first.width, first.height);
        let side = |pixels: u32| ((f64::from(pixels) * zoom).round() as usize).max(1);
        let picture = (side(first.width), side(first.height));
        let cell_width = picture.0.max(NARROWEST);
        let size = (cell_width as f32 / 42.0).clamp(13.0, 34.0);
        let lines = sheet.cells.iter().map(|c| c.lines.len()).max().unwrap_or(0);
        let mut layout = Self { columns: 1, zoom, picture, cell_width, cell_height: 0, size, width: 0, height: 0 };
        let line = layout.line();
        layout.cell_height = line + line / 4 + picture.1 + 4 + line + 4 + lines * line;
        let count = sheet.cells.len();
        let shape = |columns: usize| {
            let (w, h) = layout.extent(columns, count);
            (w as f64 / h as f64 / SHAPE).ln().abs()
        };
        let even = (1..=count).filter(|&columns| count.is_multiple_of(columns));
        layout.columns = even.min_by(|&a, &b| shape(a).total_cmp(&shape(b))).unwrap_or(1);
        (layout.width, layout.height) = layout.extent(layout.columns, count);
        Some(layout)
    }

    /// The height of a line of text.
    pub fn line(&self) -> usize {
        (self.size * 1.45).round() as usize
    }

    fn heading(&self) -> usize {
        GAP + 2 * self.line()
    }

    fn extent(&self, columns: usize, cells: usize) -> (usize, usize) {
        let rows = cells.div_ceil(columns);
        (GAP + columns * (self.cell_width + GAP), self.heading() + rows * (self.cell_height + GAP))
    }

    /// Where the cell at place `i` begins, with its title.
    pub fn corner(&self, i: usize) -> (usize, usize) {
        let (column, row) = (i % self.columns, i / self.columns);
        (GAP + column * (self.cell_width + GAP), self.heading() + row * (self.cell_height + GAP))
    }
}

/// Sheet pixels a picture pixel, for pictures of this size.
pub fn zoom_of(width: u32, height: u32) -> f64 {
    let larger = width.max(height).max(1);
    if larger < LEAST {
        return f64::from(LEAST / larger);
    }
    (f64::from(MOST.0) / f64::from(width)).min(f64::from(MOST.1) / f64::from(height)).min(1.0)
}

struct Canvas {
    width: usize,
    pixels: Vec<Rgba>,
}

impl Canvas {
    fn new(width: usize, height: usize) -> Self {
        Self { width, pixels: vec![GROUND; width * height] }
    }

    /// Straight alpha over what is there.
    fn blend(&mut self, (x, y): (usize, usize), [r, g, b, alpha]: Rgba) {
        let Some(pixel) = self.pixels.get_mut(y * self.width + x).filter(|_| x < self.width) else { return };
        let (alpha, rest) = (u32::from(alpha), 255 - u32::from(alpha));
        for (out, value) in pixel.iter_mut().zip([r, g, b]) {
            *out = ((u32::from(value) * alpha + u32::from(*out) * rest + 127) / 255) as u8;
        }
    }

    fn write(&mut self, text: &Text, (x, y): (usize, usize), [r, g, b]: [u8; 3]) {
        for (j, row) in text.coverage.chunks(text.width.max(1)).enumerate() {
            for (i, &coverage) in row.iter().enumerate() {
                self.blend((x + i, y + j), [r, g, b, coverage]);
            }
        }
    }

    fn draw(&mut self, picture: &Picture, layout: &Layout, (x, y): (usize, usize)) {
        let (width, height) = layout.picture;
        let window = Window { left: 0.0, top: 0.0, zoom: layout.zoom };
        let drawn = picture.resample((picture.width, picture.height), window, width, height);
        for (j, row) in drawn.chunks(width).enumerate() {
            row.iter().enumerate().for_each(|(i, &color)| self.paint((x, y), (i, j), color));
        }
    }

    /// A pixel of what begins at a corner, with squares behind where it is transparent.
    fn paint(&mut self, (x, y): (usize, usize), (i, j): (usize, usize), color: Rgba) {
        if color[3] < 255 {
            self.blend((x + i, y + j), SQUARES[(i / SQUARE + j / SQUARE) % 2]);
        }
        self.blend((x + i, y + j), color);
    }

    /// A strip of all colours, as wide as the picture.
    fn swatches(&mut self, palette: &[Rgba], corner: (usize, usize), (width, height): (usize, usize)) {
        for i in (0..width).filter(|_| !palette.is_empty()) {
            (0..height).for_each(|j| self.paint(corner, (i, j), palette[i * palette.len() / width]));
        }
    }
}
