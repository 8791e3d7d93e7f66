//! What a reduction saves, like against like: raw pixels against raw pixels, PNG against PNG by one encoder.

use crate::export::packed::PngSize;
use crate::figures;
use crate::picture::image::Image;
use crate::run::report::{PhotoCoding, PhotoOriginal, PhotoReport, SizeTruth};
use crate::source::photo::Photo;
use crate::spec::Stage;
use crate::view::document::PhotoDocument;
use crate::view::results::Results;
use crate::view::state::State;
use crate::view::widgets::figure_rows::Figure;

fn raw_bits(image: &Image) -> u64 {
    if image.is_opaque() { 24 } else { 32 }
}

fn raw_bytes(image: &Image) -> u64 {
    image.rgba.len() as u64 * raw_bits(image) / 8
}

/// What is to be said of the photo itself.
pub(crate) fn original_figures(
    state: &State,
    results: &Results,
    document: &PhotoDocument,
    original: &PhotoOriginal,
) -> Vec<Figure> {
    let image = &document.photo.image;
    let (bits, size) = (raw_bits(image), results.full_png());
    let pixels = figures::count(image.rgba.len() as u64);
    let file = figures::file(document.photo.format, document.photo.file_bytes);
    let mut rows = vec![
        Figure::new("colours", figures::count(original.colors as u64)).of_stage(original.stage),
        Figure::new("pixels, raw", format!("{pixels}, {}", figures::kilobytes(raw_bytes(image)))),
        Figure::new(format!("{bits}-bit PNG"), size.map_or("…".to_owned(), |s| figures::kilobytes(s.bytes())))
            .with_hint(format!(
                "These pixels written again in {bits} bits by the encoder of the reductions{}",
                packed_text(size)
            )),
        Figure::new("the file", file),
    ];
    rows.extend(claim(state, results, document));
    rows
}

/// The claim that is made of palettes, beside what it comes to: of the pane with the most entries.
fn claim(_state: &State, results: &Results, document: &PhotoDocument) -> Option<Figure> {
    let panes = results.work.photo_panes.iter().enumerate().filter_map(|(pane, slots)| {
        let (_, report) = slots.report.shown()?;
        let has_one_palette = matches!(report.coding, PhotoCoding::Palette);
        let usable = has_one_palette && report.stage == Stage::Full;
        usable.then_some((report.palette.len(), pane))
    });
    let (entries, pane) = panes.max_by_key(|&(entries, pane)| (entries, std::cmp::Reverse(pane)))?;
    let (bits, code) = (raw_bits(&document.photo.image), u64::from(crate::engine::recipe::bits_for(entries)));
    let part = part_in_words(bits, code)?;
    let sizes = results.pane_sizes(pane)?;
    let raw = figures::percent(sizes.reduced_raw_bytes, sizes.raw_bytes);
    let png = figures::percent(sizes.reduced_png_bytes, sizes.png_bytes);
    let hint = format!(
        "{entries} colours take {code} bits a pixel in place of {bits}, and that is said to make {part} of the size. Of \
         raw pixels it does, whatever the photo ({raw} with the palette). Of files it depends on the photo: here the PNG \
         is {png} of the same photo's {bits}-bit PNG, both by one encoder.",
    );
    Some(Figure::new(format!("{entries} colours, of {bits} bits"), format!("raw {raw}, PNG {png}")).with_hint(hint))
}

fn part_in_words(bits: u64, code: u64) -> Option<&'static str> {
    match (bits, code) {
        (24, 8) => Some("a third"),
        (32, 8) => Some("a quarter"),
        (24, 4) => Some("a sixth"),
        (32, 4) => Some("an eighth"),
        (24, 2) => Some("a twelfth"),
        (24, 1) => Some("a 24th"),
        _ => None,
    }
}

/// What is to be said of a pane's size: its raw pixels and its file.
pub(crate) fn pane_figures(_state: &State, results: &Results, pane: usize, report: &PhotoReport) -> Vec<Figure> {
    let Some(document) = results.photos.current() else { return Vec::new() };
    let bits = raw_bits(&document.photo.image);
    // Raw sizes need no files.
    let raw = SizeTruth::new(&document.photo, (&report.spec, report.rate), (1, 1), 1);
    let raw_figure = format!(
        "{}, {}, {}",
        figures::kilobytes(raw.reduced_raw_bytes),
        figures::percent(raw.reduced_raw_bytes, raw.raw_bytes),
        figures::ratio(raw.raw_ratio())
    );
    let what = match report.coding {
        PhotoCoding::TrueColour { .. } => "The pixels",
        _ => "Codes and palette",
    };
    let raw_hint = format!(
        "{what} without any packing, against {bits} bits a pixel: {} against {} bytes",
        figures::count(raw.reduced_raw_bytes),
        figures::count(raw.raw_bytes)
    );
    let size = results.work.photo_panes.get(pane).and_then(|slots| slots.file()).map(|f| f.size);
    let kind = if matches!(report.coding, PhotoCoding::Palette) { "indexed PNG" } else { "PNG" };
    let truth = results.pane_sizes(pane);
    let share = |truth: SizeTruth| figures::percent(truth.reduced_png_bytes, truth.png_bytes);
    let png_figure = match (size, truth) {
        (Some(_), Some(truth)) => format!("{}; {} of a {bits}-bit PNG", truth.written(), share(truth)),
        (Some(size), None) => figures::kilobytes(size.bytes()),
        _ => "…".to_owned(),
    };
    let png_hint = match (size, truth) {
        (Some(s), Some(truth)) => format!(
            "The file that Save writes: {} bytes{}; {} against {} ({}). These pixels in {bits} bits, by the same \
             encoder: {}, {}",
            figures::count(s.bytes()),
            packed_text(Some(s)),
            truth.against_file(),
            document.photo.name,
            figures::kilobytes(truth.file_bytes),
            figures::kilobytes(truth.png_bytes),
            figures::ratio(truth.png_ratio())
        ),
        (Some(s), None) => format!("The file that Save writes: {} bytes", figures::count(s.bytes())),
        _ => "The file is being made".to_owned(),
    };
    let file = match report.spec.candidate() {
        Some(candidate) => candidate_figure(&document.photo, candidate, raw),
        None => Figure::new(kind, png_figure).with_hint(png_hint),
    };
    vec![
        Figure::new(format!("{} bits a pixel, raw", figures::bits(report.rate.bits_per_sample())), raw_figure)
            .with_hint(raw_hint),
        file,
    ]
}

/// The file of a picture from elsewhere.
fn candidate_figure(photo: &Photo, candidate: &Photo, sizes: SizeTruth) -> Figure {
    let Photo { name, format, file_bytes, .. } = candidate;
    let size = if *file_bytes > 0 { sizes.written() } else { figures::NONE.to_owned() };
    Figure::new(format!("the file, {format}"), size).with_hint(format!(
        "{name} has {} bytes, {} {}",
        figures::count(*file_bytes),
        photo.name,
        figures::count(photo.file_bytes)
    ))
}

/// What the packing did, or that it is not done yet.
fn packed_text(size: Option<PngSize>) -> String {
    match size {
        Some(PngSize { quick, packed: Some(packed) }) if packed < quick => {
            format!(", packed from {}", figures::count(quick))
        }
        _ => String::new(),
    }
}
