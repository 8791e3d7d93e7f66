//! What is shown and said of a reduction of the photo: its report, its title and figures, the pixel under the pointer.

use crate::engine::colour::{delta_e2000, lab_from_srgb8};
use crate::engine::metric::{EyeError, over_white};
use crate::figures;
use crate::jobs::Running;
use crate::picture::Picture;
use crate::picture::image::Image;
use crate::run::report::PhotoReport;
use crate::spec::{PhotoSpec, Stage};
use crate::view::document::{DocumentId, PhotoKey};
use crate::view::photo::pane_slots::PhotoPane;
use crate::view::widgets::codebook;

/// The report on show, if it is of this photo.
pub(crate) fn shown_report(pane: &PhotoPane, document: DocumentId) -> Option<&PhotoReport> {
    pane.report.shown().filter(|(key, _)| key.document == document).map(|(_, report)| &**report)
}

/// How far the newer result is, when what is shown is not what is wanted.
pub(crate) fn stale(pane: &PhotoPane, wanted: &PhotoKey) -> Option<f32> {
    let current = pane.report.shown().is_some_and(|(key, r)| key == wanted && r.stage == Stage::Full);
    (!current && pane.report.is_busy()).then(|| pane.report.progress().unwrap_or(0.0))
}

/// The title of the settings that made the picture, or of those that are wanted while there is none.
pub(crate) fn title(report: Option<&PhotoReport>, wanted: &PhotoSpec) -> String {
    report.map_or(wanted, |r| &r.spec).title()
}

pub(crate) fn caption(report: &PhotoReport) -> String {
    let preview = match report.stage {
        Stage::Preview => "preview  ",
        Stage::Draft => "draft  ",
        Stage::Full => "",
    };
    format!("{preview}{}  ΔE {}", figures::db(report.error.psnr_db), figures::delta_e(report.error.delta_e_mean))
}

/// The figures of the eye, where there are any: "SSIMULACRA2 85.7  butteraugli 0.82".
pub(crate) fn eye_caption(eye: EyeError) -> Option<String> {
    let score = ssimulacra2_caption(eye)?;
    Some(format!("{score}  butteraugli {}", figures::eye_difference(eye.butteraugli_3norm)))
}

/// The first figure of the eye, for where there is no room for more.
pub(crate) fn ssimulacra2_caption(eye: EyeError) -> Option<String> {
    eye.ssimulacra2.map(|score| format!("SSIMULACRA2 {}", figures::ssimulacra2(Some(score))))
}

/// Figures one after another, those that there are.
pub(crate) fn joined(figures: impl IntoIterator<Item = Option<String>>) -> String {
    figures.into_iter().flatten().collect::<Vec<_>>().join("  ")
}

/// The palette's entry for a pixel of the photo.
pub(crate) fn entry_at(report: &PhotoReport, extent: (u32, u32), x: u32, y: u32) -> Option<usize> {
    let (x, y) = in_picture(&report.picture, extent, x, y);
    let of_tile = || report.palette.iter().position(|e| e.rgba == report.picture.pixel(x, y));
    report.picture.code(x, y).map(usize::from).or_else(of_tile)
}

pub(crate) fn color_at(image: &Image, (x, y): (u32, u32)) -> Option<[u8; 4]> {
    image.rgba.get(y as usize * image.width as usize + x as usize).copied()
}

/// A pixel of the photo in a picture that may be a smaller preview.
pub(crate) fn in_picture(picture: &Picture, extent: (u32, u32), x: u32, y: u32) -> (u32, u32) {
    let scaled = |v: u32, of: u32, to: u32| (u64::from(v) * u64::from(to) / u64::from(of.max(1))) as u32;
    (scaled(x, extent.0, picture.width), scaled(y, extent.1, picture.height))
}

/// The palette's entry for a pixel in a reduction, and its colour.
pub(crate) fn entry_and_color_at(
    report: &PhotoReport,
    extent: (u32, u32),
    (x, y): (u32, u32),
) -> Option<(usize, [u8; 4])> {
    let entry = entry_at(report, extent, x, y)?;
    report.palette.get(entry).map(|stored| (entry, stored.rgba))
}

pub(crate) fn delta_e_between(original: [u8; 4], reduced: [u8; 4]) -> f32 {
    let lab = |c: [u8; 4]| lab_from_srgb8(over_white(c));
    delta_e2000(lab(original), lab(reduced))
}

/// The magnifier's lines: the colour; the entry; its error.
pub(crate) fn lens_text(image: &Image, reports: &[Option<&PhotoReport>], pane: usize, at: (u32, u32)) -> Vec<String> {
    let Some(original) = color_at(image, at) else { return Vec::new() };
    let Some(pane) = pane.checked_sub(1) else {
        let alpha = figures::percent(u64::from(original[3]), 255);
        let is_clear = original[3] < 255;
        return [codebook::hex(original)].into_iter().chain(is_clear.then(|| format!("alpha {alpha}"))).collect();
    };
    let Some(report) = reports[pane] else { return Vec::new() };
    let extent = (image.width, image.height);
    let (x, y) = in_picture(&report.picture, extent, at.0, at.1);
    let color = report.picture.pixel(x, y);
    let entry = entry_at(report, extent, at.0, at.1).filter(|_| report.has_palette());
    let entry = entry.map(|entry| format!("entry {entry}"));
    let delta = format!("ΔE {:.1}", delta_e_between(original, color));
    [codebook::hex(color)].into_iter().chain(entry).chain([delta]).collect()
}

/// "(312, 88) #c89f6a → entry 11 #c99d66, ΔE 1.2"
pub(crate) fn pixel_text(image: &Image, report: Option<&PhotoReport>, x: u32, y: u32) -> String {
    let Some(original) = color_at(image, (x, y)) else { return String::new() };
    let mut text = format!("({x}, {y})  {}", codebook::hex(original));
    let extent = (image.width, image.height);
    if let Some(report) = report.filter(|r| !r.has_palette()) {
        let (x, y) = in_picture(&report.picture, extent, x, y);
        let reduced = report.picture.pixel(x, y);
        let channels: Vec<String> =
            (0..3).map(|c| format!("{:+}", i16::from(reduced[c]) - i16::from(original[c]))).collect();
        text += &format!("  →  {}   ΔE {:.1}", codebook::hex(reduced), delta_e_between(original, reduced));
        text += &format!("   red, green, blue {}", channels.join(", "));
    } else if let Some((report, (entry, color))) =
        report.and_then(|r| entry_and_color_at(r, extent, (x, y)).map(|e| (r, e)))
    {
        let delta = delta_e_between(original, color);
        text += &format!("  →  entry {entry}  {}   ΔE {delta:.1}", codebook::hex(color));
        if report.stage == Stage::Preview {
            text += "   (preview)";
        }
    }
    text
}
