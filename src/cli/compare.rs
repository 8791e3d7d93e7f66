//! `quantscope compare`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::image::{figures_json, original_png, reduced_png};
use super::refusal::Refusal;
use crate::engine::metric::EyeError;
use crate::export::destination;
use crate::export::sheet::{self, Letters, Measured};
use crate::export::table::{Cell, ColumnOf, Table};
use crate::export::{self, ExportError};
use crate::run::compare::photo::check_sizes;
use crate::run::error::RunError;
use crate::run::photo;
use crate::run::report::SizeTruth;
use crate::source::formats::photo_names;
use crate::source::open::{Source, open_path};
use crate::source::photo::Photo;
use crate::spec::{Candidate, PhotoSpec, Stage};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[arg(value_name = "ORIGINAL", help = format!("The picture that others were made of: a {} file", photo_names()))]
    original: PathBuf,

    /// Pictures that were made of it, of the same size
    #[arg(value_name = "CANDIDATE", required = true)]
    candidates: Vec<PathBuf>,

    /// Write the original and the candidates side by side, with titles, palettes and figures, as a PNG
    #[arg(long, value_name = "FILE.png")]
    sheet: Option<PathBuf>,

    /// Replace the file where there is one of that name
    #[arg(long, requires = "sheet")]
    force: bool,

    /// Print a JSON object for each candidate, with the keys of 'quantscope image --json'
    #[arg(long)]
    json: bool,
}

/// A candidate and how it measures up.
struct Compared {
    file: Arc<Photo>,
    measured: Measured,
    sizes: SizeTruth,
}

pub(super) fn run(arguments: &Arguments, letters: &mut Letters<'_>) -> Result<(), Refusal> {
    if let Some(path) = &arguments.sheet {
        destination::ending(path, "a sheet", &["png"]).map_err(|why| Refusal::from(why).usage())?;
        super::files::check_free(path, arguments.force)?;
    }
    let original = picture(&arguments.original)?;
    let (mut compared, mut failures) = (Vec::new(), Vec::new());
    for path in &arguments.candidates {
        match compare(&original, path) {
            Ok(one) if arguments.json => {
                super::files::deliver(&json_line(&original, &one), None)?;
                compared.push(one);
            }
            Ok(one) => compared.push(one),
            Err(why) => failures.push(why.message()),
        }
    }
    if !arguments.json && !compared.is_empty() {
        super::files::deliver(&lines(&original, &compared), None)?;
    }
    if let Some(path) = arguments.sheet.as_ref().filter(|_| !compared.is_empty()) {
        write_sheet(path, &original, &compared, letters).map_err(|why| Refusal::from(why).about(path.display()))?;
    }
    if failures.is_empty() { Ok(()) } else { Err(Refusal::Input(failures.join("\nquantscope: "))) }
}

fn picture(path: &Path) -> Result<Arc<Photo>, Refusal> {
    match open_path(path)? {
        Source::Photo(photo) => Ok(photo),
        Source::Model(_) => {
            Err(Refusal::input("this is a model; only pictures can be compared so far").about(path.display()))
        }
    }
}

fn compare(original: &Photo, path: &Path) -> Result<Compared, Refusal> {
    let file = picture(path)?;
    check_sizes(original, &file)?;
    let spec = PhotoSpec::Candidate(Candidate(file.clone()));
    let (image, control) = (&original.image, super::interrupt::control());
    let failed = |why: RunError| Refusal::from(why).about(path.display());
    let report = photo::reduce(image, spec, Stage::Full, &control).map_err(failed)?;
    let eye = photo::eye_error(image, &report, &control).map_err(|why| failed(why.into()))?;
    // What it is as a PNG of ours is not asked for.
    let sizes = SizeTruth::new(original, (&report.spec, report.rate), (0, 0), 0);
    Ok(Compared { file, measured: Measured { report: Arc::new(report), eye, png: None }, sizes })
}

fn json_line(original: &Photo, Compared { file, measured, sizes }: &Compared) -> String {
    let of_candidate = json!({
        "candidate": file.name,
        "candidate_bytes": file.file_bytes,
        "candidate_against_file_percent": sizes.against_file_percent(),
    });
    let notes: Vec<String> = original.notes.iter().chain(&file.notes).cloned().collect();
    figures_json(original, measured, (*sizes, &notes), of_candidate)
}

/// A figure of models of the eye, which small pictures do not have.
fn eye(one: &Compared, figure: fn(EyeError) -> Option<f64>) -> Cell {
    one.measured.eye.and_then(figure).map_or(Cell::Missing, Cell::Number)
}

fn lines(original: &Photo, compared: &[Compared]) -> String {
    let columns: [ColumnOf<&Compared>; 13] = [
        ("candidate", "", |one| Cell::text(&*one.file.name)),
        ("colors", "", |one| Cell::Int(one.measured.report.colors() as u64)),
        ("ssimulacra2", "", |one| eye(one, |eye| eye.ssimulacra2)),
        ("butteraugli_3norm", "", |one| eye(one, |eye| eye.butteraugli_3norm)),
        ("afar", "", |one| eye(one, |eye| Some(eye.afar))),
        ("psnr", "dB", |one| Cell::Number(one.measured.report.error.psnr_db)),
        ("ssim", "", |one| Cell::Number(one.measured.report.error.ssim)),
        ("delta_e2000_mean", "", |one| Cell::Number(one.measured.report.error.delta_e_mean)),
        ("p95", "", |one| Cell::Number(one.measured.report.error.delta_e_p95)),
        ("max", "", |one| Cell::Number(one.measured.report.error.delta_e_max)),
        ("bits_per_pixel", "", |one| Cell::Number(one.measured.report.rate.bits_per_sample())),
        ("bytes", "", |one| Cell::Int(one.file.file_bytes)),
        ("against_file", "", |one| Cell::text(one.sizes.against_file())),
    ];
    let Photo { name, image, file_bytes, notes, .. } = original;
    let mut text = format!("{name}: {} x {} pixels, {file_bytes} bytes\n", image.width, image.height);
    text += &Table::of(compared, &columns).to_text();
    let of_candidates = compared.iter().flat_map(|one| one.file.notes.iter().map(|note| (&one.file.name, note)));
    for (name, note) in notes.iter().map(|note| (name, note)).chain(of_candidates) {
        text += &format!("note  {name}: {note}\n");
    }
    text
}

fn write_sheet(
    path: &Path,
    photo: &Photo,
    compared: &[Compared],
    letters: &mut Letters<'_>,
) -> Result<(), ExportError> {
    let control = super::interrupt::control();
    let original = photo::original(&photo.image, Stage::Full, &control)?;
    let png = original_png(&photo.image, false)?;
    let mut candidates = Vec::new();
    for Compared { measured, .. } in compared {
        let png = Some(reduced_png(&measured.report, false)?.size);
        candidates.push(Measured { png, ..measured.clone() });
    }
    let sheet = sheet::of_reductions(photo, (&original, Some(png)), &candidates);
    export::write_whole(path, &sheet::write(&sheet, letters, &control)?)
}
