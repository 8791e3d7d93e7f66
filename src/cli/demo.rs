//! `quantscope demo`: what the window shows of its samples, as files; for a machine without a display.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::refusal::Refusal;
use super::{image, weights};
use crate::engine::control::Stopped;
use crate::export::document::{Document, Picture};
use crate::export::packed::PngFile;
use crate::export::sheet::{Letters, Measured, Sheet};
use crate::export::{self, packed, sheet, weights_report};
use crate::figures;
use crate::run::photo;
use crate::run::report::{PhotoOriginal, PhotoReport};
use crate::source::builtin;
use crate::source::model::Model;
use crate::source::open::Source;
use crate::source::photo::Photo;
use crate::spec::{FittedPalette, Stage, WeightSettings};

const COLORS: [u16; 3] = [256, 16, 4];
const BITS: [u8; 3] = [8, 4, 2];

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The folder to write into, made where there is none
    #[arg(long, short, value_name = "FOLDER")]
    output: PathBuf,

    /// Replace files that are there already
    #[arg(long)]
    force: bool,
}

/// A file to be written: its name in the folder, what it is, and its bytes.
struct File {
    name: String,
    what: String,
    bytes: Arc<Vec<u8>>,
}

/// All files are made before the first is written.
pub(super) fn run(arguments: &Arguments, letters: &mut Letters<'_>) -> Result<(), Refusal> {
    let (photo, model) = samples()?;
    let files = files(&photo, &model, letters)?;
    for file in &files {
        super::files::check_free(&arguments.output.join(&file.name), arguments.force)?;
    }
    write_all(arguments, &files)?;
    super::files::deliver(&listing(arguments, &files), None)
}

fn samples() -> Result<(Arc<Photo>, Arc<Model>), Refusal> {
    match (builtin::photo()?, builtin::model()?) {
        (Source::Photo(photo), Source::Model(model)) => Ok((photo, model)),
        _ => Err(Refusal::input("the samples are not what they should be")),
    }
}

fn files(photo: &Photo, model: &Model, letters: &mut Letters<'_>) -> Result<Vec<File>, Refusal> {
    let control = super::interrupt::control();
    let original = photo::original(&photo.image, Stage::Full, &control)?;
    let full = packed::original(&photo.image, &control)?.packed(&control)?;
    let reduced = reductions(photo)?;
    let stem = stem(&photo.name);
    let mut files: Vec<File> = reduced
        .iter()
        .zip(COLORS)
        .map(|((report, png), colors)| File {
            name: format!("{stem}-{colors}.png"),
            what: format!("{} at {}", photo.name, report.spec.title()),
            bytes: png.bytes.clone(),
        })
        .collect();
    let measured: Vec<Measured> = reduced
        .iter()
        .map(|(report, png)| {
            let eye = photo::eye_error(&photo.image, report, &control)?;
            Ok(Measured { report: report.clone(), eye, png: Some(png.size) })
        })
        .collect::<Result<_, Stopped>>()?;
    let sheet = sheet::of_reductions(photo, (&original, Some(full.size)), &measured);
    let drawn = sheet::write(&sheet, letters, &control)?;
    files.push(File {
        name: format!("{stem}-sheet.png"),
        what: "all of them side by side, with palettes and figures".to_owned(),
        bytes: Arc::new(drawn),
    });
    let pngs: Vec<&PngFile> = std::iter::once(&full).chain(reduced.iter().map(|(_, png)| png)).collect();
    files.extend(weights_files(model, &sheet, &pngs, photo, &original)?);
    Ok(files)
}

/// A file's name without its ending.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn reductions(photo: &Photo) -> Result<Vec<(Arc<PhotoReport>, PngFile)>, Refusal> {
    let one = |colors| -> Result<(Arc<PhotoReport>, PngFile), Refusal> {
        let spec = FittedPalette::new(colors);
        let report = photo::reduce(&photo.image, spec, Stage::Full, &super::interrupt::control())?;
        let png = image::reduced_png(&report, true)?;
        Ok((Arc::new(report), png))
    };
    COLORS.map(one).into_iter().collect()
}

/// The table of tensors, and the page with both sides.
fn weights_files(
    model: &Model,
    sheet: &Sheet<'_>,
    pngs: &[&PngFile],
    photo: &Photo,
    original: &PhotoOriginal,
) -> Result<Vec<File>, Refusal> {
    let formats = BITS.map(|bits| WeightSettings::default().format(bits));
    let tensors: Vec<usize> = (0..model.tensors.len()).collect();
    let rows = weights::measure(model, &tensors, &formats, None, &super::interrupt::control())?;
    let table = weights_report::error_table(model, &rows);
    let of_weights = weights::document(model, &tensors, &formats, None, &rows)?;
    let pictures = sheet.cells.iter().zip(pngs).map(|(cell, png)| Picture {
        title: cell.title.clone(),
        lines: cell.lines.iter().filter(|line| !line.is_empty()).cloned().collect(),
        png: png.bytes.clone(),
    });
    let about = format!(
        "the photo {}: {}, reduced to 256, 16 and 4 by a palette fitted to it",
        photo.name,
        figures::colours(original.colors as u64)
    );
    let about_model = format!("the model {}, its tensors under 8, 4 and 2 bits", model.name);
    let page = Document {
        title: "A photo in few colours, a model in few bits".to_owned(),
        lines: [about, about_model].into_iter().chain(of_weights.lines).collect(),
        pictures: pictures.collect(),
        plots: of_weights.plots,
        tables: of_weights.tables,
    };
    let stem = stem(&model.name);
    let file = |name: String, what: &str, text: String| File {
        name,
        what: what.to_owned(),
        bytes: Arc::new(text.into_bytes()),
    };
    let what = "errors of the model's tensors under 8, 4 and 2 bits";
    Ok(vec![
        file(format!("{stem}-tensors.csv"), what, table.to_csv()),
        file(format!("{stem}-tensors.txt"), "the same, aligned for reading", table.to_text()),
        file("quantscope.html".to_owned(), "one page with all of it: open it in a browser", page.to_html()),
    ])
}

/// All of the files, or none that was not there before.
fn write_all(arguments: &Arguments, files: &[File]) -> Result<(), Refusal> {
    let folder = &arguments.output;
    let made = !folder.exists();
    fs::create_dir_all(folder)
        .map_err(|e| Refusal::input(format!("the folder cannot be made ({e})")).about(folder.display()))?;
    let mut fresh = Vec::new();
    for file in files {
        let path = folder.join(&file.name);
        if !path.exists() {
            fresh.push(path.clone());
        }
        if let Err(why) = export::write_whole(&path, &file.bytes) {
            // What cannot be taken away again is the least of the troubles of such a disk.
            fresh.iter().for_each(|path| drop(fs::remove_file(path)));
            if made {
                let _ = fs::remove_dir(folder);
            }
            return Err(why.into());
        }
    }
    Ok(())
}

fn listing(arguments: &Arguments, files: &[File]) -> String {
    let width = files.iter().map(|file| file.name.len()).max().unwrap_or(0);
    let line = |file: &File| {
        let size = weights_report::bytes_text(file.bytes.len() as u64);
        format!("  {:<width$}  {size:>9}  {}\n", file.name, file.what)
    };
    format!("{}:\n{}", arguments.output.display(), files.iter().map(line).collect::<String>())
}
