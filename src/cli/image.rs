//! `quantscope image`

use std::collections::HashSet;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::{Value, json};

use super::batch::{Batch, Bytes, Total};
use super::edits::EditArguments;
use super::refusal::Refusal;
use crate::engine::assign::dithering::{Dithering, Pattern};
use crate::engine::colour::Space;
use crate::engine::error::NameError;
use crate::engine::fit::Method;
use crate::engine::format::Format;
use crate::engine::metric::EyeError;
use crate::export::destination::{self, listed_endings};
use crate::export::exporters::PICTURES;
use crate::export::packed::{OfReduced, PNG, PngFile, PngSize, Reduced};
use crate::export::sheet::{Letters, Measured};
use crate::export::table::db_status;
use crate::export::{self, ExportError, packed, sheet};
use crate::figures;
use crate::palette::order::{self, Order};
use crate::palette::{self, FileKind, Fixed, NamedPalette, PaletteError};
use crate::picture::image::Image;
use crate::picture::png::Kind;
use crate::run::numbers::sharing;
use crate::run::photo;
use crate::run::report::{PhotoCoding, PhotoReport, SizeTruth, TileAllocation, TileReport};
use crate::run::target::{self, Target};
use crate::source::formats::photo_names;
use crate::source::open::{Source, open_path};
use crate::source::photo::Photo;
use crate::spec::{Entries, FittedPalette, Goal, PaletteSpec, PhotoSpec, Stage, TILE_SIDES, TileBudget, TileSpec};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[arg(value_name = "IN", required = true, help = format!("{} files, and folders of them", photo_names()))]
    inputs: Vec<PathBuf>,

    /// Entries of the palette, a transparent one included
    #[arg(long, short = 'n', visible_alias = "colours", value_name = "N", value_parser = clap::value_parser!(u16).range(2..=256))]
    #[arg(required_unless_present_any = ["palette", "format", "budget", "max_bytes", "min_quality"])]
    #[arg(conflicts_with_all = ["palette", "budget"])]
    colors: Option<u16>,

    /// The best picture whose PNG takes at most so many bytes (20000, 100k, 1.5M): the number of colours is found
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    #[arg(conflicts_with_all = ["colors", "palette", "format", "tile", "min_quality", "quick"])]
    max_bytes: Option<Target>,

    /// The smallest PNG that looks at least this good, by SSIMULACRA2 (90 is hardly seen, 70 good, 50 fair)
    #[arg(long, value_name = "SCORE", value_parser = quality)]
    #[arg(conflicts_with_all = ["colors", "palette", "format", "tile", "quick"])]
    min_quality: Option<Target>,

    /// Code each channel's values under a number format instead (q4_k, nf4, int4-g32 …): see 'quantscope formats'
    #[arg(long, value_name = "NAME", conflicts_with_all = ["colors", "tile", "lock", "palette", "save_palette"])]
    #[arg(conflicts_with_all = ["method", "space", "dither", "strength", "serpentine", "linear"])]
    format: Option<Format>,

    #[command(flatten)]
    pub(super) edits: EditArguments,

    /// Give each square tile of so many pixels a side a palette of its own, of --colors entries
    #[arg(long, value_name = "SIDE", conflicts_with = "palette")]
    #[arg(value_parser = clap::value_parser!(u16).range(i64::from(*TILE_SIDES.start())..=i64::from(*TILE_SIDES.end())))]
    tile: Option<u16>,

    /// With --tile: deal so many bits a pixel out to the tiles, palettes counted, each getting 1, 2, 4, 8 … colours as
    /// it deserves
    #[arg(long, value_name = "BITS", requires = "tile", value_parser = budget)]
    budget: Option<TileBudget>,

    /// With --tile: each tile gets 1, 2, 4, 8 … colours as it deserves, all together as many bits as --colors for each
    #[arg(long, requires_all = ["tile", "colors"], conflicts_with = "budget")]
    allocate: bool,

    /// Colours that must be in the palette, as #rrggbb or #rrggbbaa: several with commas, or the option again
    #[arg(long, value_name = "HEX", value_delimiter = ',', conflicts_with = "palette", value_parser = hex_color)]
    lock: Vec<HexColor>,

    #[arg(long, value_name = "FILE|NAME")]
    #[arg(help = format!("Use these colours instead: a palette file ({}), a name such as pico-8, or #rrggbb,#rrggbb …", FileKind::readable()))]
    palette: Option<PathBuf>,

    #[arg(long, value_name = "FILE")]
    #[arg(help = format!("Write the palette that was used; the ending says how: {}", listed_endings(FileKind::written().map(|kind| kind.ending))))]
    save_palette: Option<PathBuf>,

    /// What the reduction is made for: 'eye' finds palette and codes together so that the picture looks best, 'nearest'
    /// takes the least squared error in sRGB. Default: eye, unless --method, --space, --dither or --tile say how
    #[arg(long, value_name = "GOAL", value_parser = one_of::<Goal>(Goal::ALL.map(Goal::name)))]
    #[arg(conflicts_with_all = ["method", "space", "dither", "serpentine", "linear", "tile", "format"])]
    goal: Option<Goal>,

    #[arg(long, help = format!("How the palette is found; {} if nothing is said", Method::KMeans))]
    #[arg(value_parser = one_of::<Method>(Method::ALL.map(Method::name)))]
    method: Option<Method>,

    /// Where colours are compared: srgb for the least squared error, oklab for the eye, lightness where hue is not to
    /// count: given colours are then a ramp from black to white, as of a Game Boy
    #[arg(long, value_parser = one_of::<Space>(Space::ALL.map(Space::name)))]
    space: Option<Space>,

    /// How errors are spread over neighbours, or levels chosen by the threshold of a place
    #[arg(long, value_name = "PATTERN", value_parser = one_of::<Pattern>(Pattern::ALL.map(Pattern::name)))]
    dither: Option<Pattern>,

    /// How far the dither goes, in percent: at most 100, and 200 for the grain of what is best for the eye
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=200))]
    strength: u8,

    /// What a smaller file counts in what is best for the eye, in percent: 100 saves some 5 % of the bytes, 300 some 14 %
    #[arg(long, value_name = "PERCENT", default_value_t = Dithering::RATE_WEIGHT, value_parser = clap::value_parser!(u16).range(0..=1000))]
    rate_weight: u16,

    /// Error diffusion walks every other row from right to left
    #[arg(long)]
    serpentine: bool,

    /// Error diffusion adds errors up in linear light, as the eye does from afar
    #[arg(long)]
    linear: bool,

    #[arg(long, short, value_name = "OUT.png|FOLDER", help = output_help())]
    output: Option<PathBuf>,

    /// Do not pack the PNG as small as it goes: 4 to 14 % larger, and sooner there
    #[arg(long)]
    quick: bool,

    /// Write the original and its reductions (this one, and with it 256, 16 and 4 colours) side by side, with
    /// titles, palettes and figures, as a PNG
    #[arg(long, value_name = "FILE.png")]
    sheet: Option<PathBuf>,

    /// Replace files that are there already
    #[arg(long)]
    force: bool,

    /// Write nothing that is no smaller than the photo's own file
    #[arg(long, requires = "output")]
    skip_if_larger: bool,

    /// Print all figures of each photo, where there are several
    #[arg(long, short)]
    verbose: bool,

    /// Print one JSON object for each photo
    #[arg(long)]
    json: bool,
}

fn output_help() -> String {
    let others = PICTURES.iter().filter(|kind| ***kind != PNG);
    let others = others.map(|kind| format!("a {} where the name ends in .{}", kind.label, kind.ending));
    format!(
        "Write the indexed PNG here ({}): a file, or a folder (made where its name ends in '/') in which each is called \
         after its photo",
        others.collect::<Vec<_>>().join(", ")
    )
}

fn picture_kind(path: &Path) -> Result<&'static OfReduced, ExportError> {
    destination::find(path, "a picture", PICTURES.iter().map(|kind| (kind.ending, *kind)))
}

/// What is listed by its name.
fn one_of<T>(names: impl IntoIterator<Item = &'static str>) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = NameError> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(names).try_map(|name| name.parse::<T>())
}

impl Arguments {
    fn locked(&self) -> Fixed {
        let colors = self.lock.iter().map(|color| color.0).collect();
        Fixed::new(NamedPalette::new("locked", colors))
    }

    /// # Errors
    /// A line for people when the palette cannot be had.
    pub(super) fn spec(&self) -> Result<PhotoSpec, Refusal> {
        if let Some(format) = self.format {
            return Ok(PhotoSpec::Numbers(format));
        }
        let (method, space, pattern) = self.way();
        let entries = match &self.palette {
            Some(named) => Entries::Given(fixed_palette(named)?),
            None => Entries::Fitted(FittedPalette {
                method,
                colors: self.colors.unwrap_or(256),
                locked: (!self.lock.is_empty()).then(|| self.locked()),
                tiles: self.tile.map(|side| TileSpec {
                    side,
                    budget: self.budget.or(self.allocate.then_some(TileBudget::SameSize)),
                }),
            }),
        };
        let dither = Dithering {
            pattern,
            strength_percent: self.strength.min(pattern.most_percent()),
            serpentine: self.serpentine,
            linear: self.linear,
            rate_weight_percent: self.rate_weight,
        };
        Ok(PaletteSpec { entries, space, dither: dither.canonical() }.into())
    }

    /// How the palette is found, where colours are compared, and the dither: what is said, or what the goal wants.
    fn way(&self) -> (Method, Space, Pattern) {
        let says_how = self.method.is_some() || self.space.is_some() || self.dither.is_some() || self.tile.is_some();
        let custom = says_how || self.serpentine || self.linear;
        let goal = self.goal.unwrap_or(if custom { Goal::Nearest } else { Goal::Eye });
        let (method, space, pattern) = goal.row().way;
        (self.method.unwrap_or(method), self.space.unwrap_or(space), self.dither.unwrap_or(pattern))
    }
}

/// Bytes, also by the thousand and by the million.
fn bytes(text: &str) -> Result<Target, String> {
    let (number, unit) = match text.trim_end_matches(['B', 'b']) {
        text if text.ends_with(['k', 'K']) => (&text[..text.len() - 1], 1e3),
        text if text.ends_with('M') => (&text[..text.len() - 1], 1e6),
        text => (text, 1.0),
    };
    match number.trim().parse::<f64>() {
        Ok(n) if n > 0.0 && n * unit < 1e15 => Ok(Target::MaxBytes((n * unit) as u64)),
        _ => Err("a size such as 20000, 100k or 1.5M".to_owned()),
    }
}

fn quality(text: &str) -> Result<Target, String> {
    match text.parse::<f64>() {
        Ok(score) if (-1000.0..=100.0).contains(&score) => Ok(Target::MinQuality(score)),
        _ => Err("a SSIMULACRA2 score, 100 at most".to_owned()),
    }
}

/// Hundredths of a bit.
fn budget(text: &str) -> Result<TileBudget, String> {
    match text.parse::<f64>() {
        Ok(bits) if bits > 0.0 && bits <= 24.0 => Ok(TileBudget::Centibits((bits * 100.0).round().max(1.0) as u16)),
        _ => Err("give bits a pixel, above 0 and at most 24".to_owned()),
    }
}

/// A colour of the command line.
#[derive(Clone, Copy, Debug)]
struct HexColor([u8; 4]);

fn hex_color(text: &str) -> Result<HexColor, Box<dyn Error + Send + Sync>> {
    match palette::parse_hex(text)? {
        [.., 0] => Err("a colour of alpha 0 cannot be seen; lock one that can".into()),
        color => Ok(HexColor(color)),
    }
}

/// Colours with commas between them, a palette that is part of the program, or else a file.
fn fixed_palette(named: &Path) -> Result<Fixed, Refusal> {
    if let Some(colors) = named.to_str().filter(|text| text.starts_with('#')) {
        // A colour as it is written, and where that is another, as it is seen: "#ff0000=#871300".
        let both = |text: &str| -> Result<([u8; 4], [u8; 4]), PaletteError> {
            let (written, seen) = text.split_once('=').unwrap_or((text, text));
            Ok((palette::parse_hex(written)?, palette::parse_hex(seen)?))
        };
        let listed: Result<Vec<_>, _> = colors.split(',').map(both).collect();
        let listed = listed.map_err(|why| Refusal::Input(why.to_string()))?;
        if listed.len() > palette::MOST_COLORS {
            return Err(Refusal::input("a palette has 256 colours at most"));
        }
        let (nominal, colors): (Vec<_>, Vec<_>) = listed.into_iter().unzip();
        let nominal = if nominal == colors { Vec::new() } else { nominal };
        return Ok(Fixed::new(NamedPalette { nominal, ..NamedPalette::new("listed colours", colors) }));
    }
    if let Some(builtin) = named.to_str().and_then(palette::find) {
        return Ok(Fixed::new(builtin.palette()));
    }
    if matches!(named.try_exists(), Ok(false)) {
        let names = palette::BUILTIN.iter().map(|b| b.name).collect::<Vec<_>>().join(", ");
        let why = format!("no such file, and no palette of the program's own ({names})");
        return Err(Refusal::Input(why).about(named.display()));
    }
    Ok(crate::source::palette::open(named)?)
}

/// Returns what of it the file does not hold.
fn save_palette(path: &Path, report: &PhotoReport) -> Result<Option<String>, Refusal> {
    if let Some(tiles) = report.tiles().filter(|tiles| tiles.colors > palette::MOST_COLORS) {
        let why = format!("the tiles have {} colours, a palette has 256 at most", tiles.colors);
        return Err(Refusal::Input(why).about(path.display()));
    }
    let kind = palette_kind(path)?;
    let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let list = order::listed(Order::Listed, &report.palette, report.spec.given(), name);
    export::write_whole(path, &kind.write(&list)?)?;
    Ok(kind.lost(&list).map(|lost| format!("{}: {lost}", path.display())))
}

fn palette_kind(path: &Path) -> Result<&'static FileKind, ExportError> {
    destination::find(path, "a palette", FileKind::written().map(|kind| (kind.ending, kind)))
}

impl Arguments {
    /// What can be seen to be wrong without a photo.
    fn check_usage(&self, folder: Option<&Path>, many: bool) -> Result<(), Refusal> {
        let (output, palette) = (self.output.as_deref().filter(|_| folder.is_none()), self.save_palette.as_deref());
        if many {
            let refused = [
                (output, "not a folder; several photos cannot go into one file"),
                (palette, "several photos have several palettes"),
                (self.sheet.as_deref(), "a sheet is of one photo"),
            ];
            if let Some((path, why)) = refused.into_iter().find_map(|(path, why)| Some((path?, why))) {
                return Err(Refusal::input(why).about(path.display()));
            }
        }
        output.map(picture_kind).transpose()?;
        palette.map(palette_kind).transpose()?;
        self.sheet.as_ref().map(|path| destination::ending(path, "a sheet", &["png"])).transpose()?;
        let mut names = HashSet::new();
        match [output, palette, self.sheet.as_deref()].into_iter().flatten().find(|path| !names.insert(*path)) {
            Some(path) => Err(Refusal::input("one file cannot hold two of the results").about(path.display())),
            None => Ok(()),
        }
    }

    /// The folder that files are written into, whether it is there already or not.
    fn folder(&self, many: bool) -> Option<&Path> {
        let path = self.output.as_deref()?;
        let named_so = path.to_string_lossy().ends_with(std::path::is_separator);
        let plain = || many && path.extension().is_none() && !path.exists();
        (path.is_dir() || named_so || plain()).then_some(path)
    }
}

/// Reduces the photos one after another. What is wrong with one of them stops no other.
pub(super) fn run(arguments: &Arguments, letters: &mut Letters<'_>) -> Result<(), Refusal> {
    let mut batch = Batch::of(&arguments.inputs);
    let folder = arguments.folder(batch.many);
    arguments.check_usage(folder, batch.many).map_err(Refusal::usage)?;
    let spec = arguments.spec()?;
    let form: Form = match () {
        () if arguments.json => json_line,
        () if batch.many && !arguments.verbose => one_line,
        () => lines,
    };
    if let Some(folder) = folder.filter(|_| !batch.photos.is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| Refusal::from(e).about(folder.display()))?;
    }
    let (mut failures, mut written) = (std::mem::take(&mut batch.failures), HashSet::new());
    let mut total = Total::default();
    for input in &batch.photos {
        let in_folder = folder.map(|folder| folder.join(name_in_folder(input, &spec)));
        let output = in_folder.or_else(|| arguments.output.clone());
        if let Some(path) = output.as_ref().filter(|path| !written.insert((*path).clone())) {
            failures.push(format!("{}: another photo has gone to {}", input.display(), path.display()));
            continue;
        }
        match run_one((arguments, &spec, form), (input, output.as_deref()), letters) {
            Ok(sizes) => sizes.add_to(&mut total),
            Err(why) => failures.push(why.message()),
        }
    }
    if batch.many && !arguments.json {
        super::files::deliver(&batch.total(&total, failures.len()), None)?;
    }
    if failures.is_empty() { Ok(()) } else { Err(Refusal::Input(failures.join("\nquantscope: "))) }
}

/// How a photo's figures are told.
type Form = fn(&Photo, &Measured, &Sizes, &[String]) -> String;

/// N entries are N: those that are locked, and the transparent one, are among them.
fn refuse_too_many_locked(palette: &FittedPalette, image: &Image) -> Result<(), Refusal> {
    let different: HashSet<[u8; 4]> = palette.locked.iter().flat_map(|locked| locked.colors()).copied().collect();
    let (locked, clear) = (different.len(), usize::from(image.has_hidden()));
    let (most, transparent) = (usize::from(palette.colors), if clear > 0 { " and a transparent entry" } else { "" });
    if locked > 0 && locked + clear > most {
        let why = format!("{locked} locked colours{transparent} are more than the {most} of --colors; raise it");
        return Err(Refusal::Input(why));
    }
    Ok(())
}

/// `photo.jpg` at 16 colours is `photo-16.png`.
fn name_in_folder(input: &Path, spec: &PhotoSpec) -> String {
    let stem = input.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(FittedPalette { colors, tiles, .. }) = spec.fitted() else {
        return format!("{stem}-{}.png", spec.title());
    };
    match tiles {
        None => format!("{stem}-{colors}.png"),
        Some(TileSpec { side, budget: Some(TileBudget::Centibits(n)) }) => {
            format!("{stem}-{}bits-tile{side}.png", f64::from(*n) / 100.0)
        }
        Some(TileSpec { side, .. }) => format!("{stem}-{colors}-tile{side}.png"),
    }
}

fn run_one(
    (arguments, spec, form): (&Arguments, &PhotoSpec, Form),
    (input, output): (&Path, Option<&Path>),
    letters: &mut Letters<'_>,
) -> Result<Sizes, Refusal> {
    let name = input.display();
    let control = super::interrupt::control();
    let (mut photo, edits) = match open_path(input)? {
        Source::Photo(photo) => (photo, arguments.edits.edits()),
        Source::Model(_) => return Err(Refusal::input("this is a model; use 'quantscope weights'").about(name)),
    };
    if !edits.is_none() {
        photo = Arc::new(photo.edited(edits, &control).map_err(|why| Refusal::from(why).about(&name))?);
    }
    for path in [output, arguments.save_palette.as_deref(), arguments.sheet.as_deref()].into_iter().flatten() {
        super::files::check_free(path, arguments.force)?;
    }
    if let Some(TileBudget::Centibits(hundredths)) = spec.tiles().and_then(|tiles| tiles.budget) {
        let asked = f64::from(hundredths) / 100.0;
        let floor = spec.palette().and_then(|spec| photo::tile_budget_floor(&photo.image, spec));
        if let Some(floor) = floor.filter(|floor| asked < *floor) {
            return Err(Refusal::Input(format!(
                "{name}: the budget of {asked} bits a pixel is under the floor: one colour a tile of this side takes \
                 {floor:.3}; raise the budget or take larger tiles"
            )));
        }
    }
    if let Some(palette) = spec.fitted() {
        refuse_too_many_locked(palette, &photo.image).map_err(|why| why.about(&name))?;
    }
    let spec = match (arguments.max_bytes.or(arguments.min_quality), spec) {
        (Some(target), PhotoSpec::Palette(base)) => {
            let found = target::best(&photo.image, base, target, &packed::png_size, &control);
            &PhotoSpec::Palette(found.map_err(|why| Refusal::Input(format!("{name}: {why}")))?.spec)
        }
        _ => spec,
    };
    let failed = |e: ExportError| Refusal::from(e).about(&name);
    let report =
        photo::reduce(&photo.image, spec.clone(), Stage::Full, &control).map_err(|fault| failed(fault.into()))?;
    let image = &photo.image;
    let eye = photo::eye_error(image, &report, &control).map_err(|fault| failed(fault.into()))?;
    let pack = !arguments.quick;
    // One after the other: both at once would hold two files and their pixels.
    let png = reduced_png(&report, pack).map_err(failed)?;
    let original = original_png(image, pack).map_err(failed)?;
    let mut output_file = OutputFile::NotAsked;
    if let Some(path) = output {
        let reduced = Reduced { picture: report.written(), png: png.clone(), pack: false };
        let bytes = (picture_kind(path)?.write)(&reduced, &control).map_err(failed)?;
        let len = bytes.len() as u64;
        output_file = if arguments.skip_if_larger && len >= photo.file_bytes {
            OutputFile::Skipped(len)
        } else {
            export::write_whole(path, &bytes)?;
            OutputFile::Written(len, path.to_owned())
        };
    }
    let lost = arguments.save_palette.as_ref().map(|path| save_palette(path, &report)).transpose()?.flatten();
    let notes: Vec<String> = photo.notes.iter().cloned().chain(report.notes()).chain(lost).collect();
    let truth = SizeTruth::new(&photo, (&report.spec, report.rate), original.alike(png.size), png.size.bytes());
    let sizes = Sizes { truth, original, png: png.size, output: output_file };
    let measured = Measured { report: Arc::new(report), eye, png: Some(png.size) };
    if let Some(path) = &arguments.sheet {
        write_sheet(path, &photo, &measured, original, letters).map_err(failed)?;
    }
    super::files::deliver(&form(&photo, &measured, &sizes, &notes), None)?;
    Ok(sizes)
}

pub(super) fn reduced_png(report: &PhotoReport, pack: bool) -> Result<PngFile, ExportError> {
    let control = super::interrupt::control();
    let quick = PngFile::quick(crate::picture::png::of_picture(&report.written(), &control)?);
    if pack { quick.packed(&control) } else { Ok(quick) }
}

pub(super) fn original_png(image: &Image, pack: bool) -> Result<PngSize, ExportError> {
    let control = super::interrupt::control();
    let quick = packed::original(image, &control)?;
    Ok(if pack { quick.packed(&control)?.size } else { quick.size })
}

/// What files take, and what that saves.
struct Sizes {
    truth: SizeTruth,
    original: PngSize,
    png: PngSize,
    output: OutputFile,
}

/// The file of `--output`, with its bytes.
enum OutputFile {
    NotAsked,
    Written(u64, PathBuf),
    /// It would be no smaller than the photo's own.
    Skipped(u64),
}

impl Sizes {
    /// Bytes of the file that was written.
    fn written(&self) -> Option<u64> {
        if let OutputFile::Written(bytes, _) = self.output { Some(bytes) } else { None }
    }

    fn add_to(&self, total: &mut Total) {
        total.photos += 1;
        if let OutputFile::Skipped(_) = self.output {
            total.kept += 1;
            return;
        }
        total.before += self.truth.file_bytes;
        total.after += self.written().unwrap_or(self.png.bytes());
    }
}

/// The usual numbers of colours, this reduction's in place of the nearest; given colours and number formats stand alone.
fn sheet_specs(spec: &PhotoSpec) -> Vec<PhotoSpec> {
    let PhotoSpec::Palette(PaletteSpec { entries: Entries::Fitted(palette), space, dither }) = spec else {
        return vec![spec.clone()];
    };
    let (mut colors, (space, dither)) = ([256, 16, 4], (*space, *dither));
    let far = |n: u16| (f64::from(n).ln() - f64::from(palette.colors).ln()).abs();
    if let Some(nearest) = colors.iter_mut().min_by(|a, b| far(**a).total_cmp(&far(**b))) {
        *nearest = palette.colors;
    }
    let fitted = |colors| Entries::Fitted(FittedPalette { colors, ..palette.clone() });
    colors.map(|colors| PaletteSpec { entries: fitted(colors), space, dither }.into()).to_vec()
}

fn write_sheet(
    path: &Path,
    photo: &Photo,
    measured: &Measured,
    original_png: PngSize,
    letters: &mut Letters<'_>,
) -> Result<(), ExportError> {
    let control = super::interrupt::control();
    let original = photo::original(&photo.image, Stage::Full, &control)?;
    let mut reductions = Vec::new();
    for spec in sheet_specs(&measured.report.spec) {
        if spec == measured.report.spec {
            reductions.push(measured.clone());
            continue;
        }
        let other = photo::reduce(&photo.image, spec, Stage::Full, &control)?;
        let eye = photo::eye_error(&photo.image, &other, &control)?;
        let is_packed = measured.png.is_some_and(|png| png.packed.is_some());
        let png = Some(reduced_png(&other, is_packed)?.size);
        reductions.push(Measured { report: Arc::new(other), eye, png });
    }
    let sheet = sheet::of_reductions(photo, (&original, Some(original_png)), &reductions);
    let bytes = sheet::write(&sheet, letters, &control)?;
    export::write_whole(path, &bytes)
}

fn json_line(photo: &Photo, measured: &Measured, sizes: &Sizes, notes: &[String]) -> String {
    let truth = sizes.truth;
    let of_png = json!({
        "png": crate::picture::png::kind_of(&measured.report.picture).label(),
        "png_bytes": sizes.png.bytes(),
        "png_bytes_before_packing": sizes.png.quick,
        "png_against_file_percent": truth.against_file_percent(),
        "original_png_bytes": sizes.original.bytes(),
        "png_ratio": truth.png_ratio(),
        "written_bytes": sizes.written(),
        "quantize_ms": measured.report.quantize_time.as_secs_f64() * 1000.0,
    });
    figures_json(photo, measured, (truth, notes), of_png)
}

/// A line of all that is to be said of a reduction or a candidate, whatever it is written as, and of what `more` says.
pub(super) fn figures_json(
    photo: &Photo,
    Measured { report, eye, .. }: &Measured,
    (truth, notes): (SizeTruth, &[String]),
    mut more: Value,
) -> String {
    let error = &report.error;
    let (palette, dither) = (report.spec.palette(), report.spec.dither());
    // The eye's pattern has a method and a space of its own.
    let is_for_eye = dither.grain().is_some();
    // How another picture was made is not known.
    let is_ours = report.spec.candidate().is_none();
    let format = match report.spec {
        PhotoSpec::Palette(_) | PhotoSpec::Candidate(_) => None,
        PhotoSpec::Numbers(format) => Some(format),
    };
    // JSON has no infinity: an exact result has null decibels.
    let mut object = json!({
        "file": photo.name,
        "width": photo.image.width,
        "height": photo.image.height,
        "edits": (!photo.edits.is_none()).then_some(photo.edits),
        "format": format,
        "method": report.spec.fitted().filter(|_| !is_for_eye).map(|palette| palette.method),
        "palette": report.spec.given().map(Fixed::name),
        "locked": report.spec.locked_colors().map(palette::hex_line).collect::<Vec<_>>(),
        "tile": report.spec.tiles().map(TileSpec::side),
        "tile_colors": report.tiles().map(|tiles| tiles.entries),
        "tile_allocation": report.tile_allocation().map(tile_allocation_json),
        "space": palette.filter(|_| !is_for_eye).map(|spec| spec.space),
        "dither": palette.map(|spec| spec.dither.pattern),
        "dither_strength": is_ours.then_some(dither.strength()),
        "serpentine": is_ours.then_some(dither.serpentine),
        "linear": is_ours.then_some(dither.linear),
        "rate_weight": dither.grain().map(|_| f64::from(dither.rate_weight_percent) / 100.0),
        "colors": report.colors(),
        "mse": error.mse,
        "status": db_status(error.psnr_db),
        "psnr_db": error.psnr_db,
        "psnr_afar_db": report.psnr_afar_db,
        "sqnr_db": error.sqnr_db,
        "ssim": error.ssim,
        "max_abs_error": error.max_abs,
        "delta_e2000_mean": error.delta_e_mean,
        "delta_e2000_p95": error.delta_e_p95,
        "delta_e2000_max": error.delta_e_max,
        "bits_per_pixel": report.rate.bits_per_sample(),
        "file_bytes": (truth.file_bytes > 0).then_some(truth.file_bytes),
        "raw_bytes": truth.raw_bytes,
        "reduced_raw_bytes": truth.reduced_raw_bytes,
        "raw_ratio": truth.raw_ratio(),
        "notes": notes,
    });
    for (name, figure) in eye.iter().flat_map(EyeError::named) {
        object[name] = figure.into();
    }
    if let (Value::Object(of_file), Value::Object(all)) = (&mut more, object) {
        of_file.extend(all);
    }
    format!("{more}\n")
}

fn tile_allocation_json(tile_allocation: &TileAllocation) -> serde_json::Value {
    let each = |bits: u64| bits as f64 / tile_allocation.rate.samples.max(1) as f64;
    json!({
        "budget_bits_per_pixel": each(tile_allocation.budget_bits),
        "floor_bits_per_pixel": each(tile_allocation.floor_bits),
        "tiles_by_colors": tile_allocation.rungs,
        "slope": tile_allocation.slope,
        "uniform_colors": tile_allocation.uniform.map(|u| u.colors),
        "uniform_bits_per_pixel": tile_allocation.uniform.map(|u| each(u.bits)),
        "gain_over_uniform_db": tile_allocation.uniform.map(|u| u.gain_db),
        "code_bits_by_tile": tile_allocation.bits,
    })
}

/// "16, 2 of them locked", "18 000 in 6144 tiles of 8 x 8 with 4 each".
fn colours_text(report: &PhotoReport) -> String {
    let locked = match report.spec.locked_colors().count() {
        0 => String::new(),
        n => format!(", {n} of them locked"),
    };
    match &report.coding {
        PhotoCoding::Palette | PhotoCoding::Numbers(_) | PhotoCoding::TrueColour { .. } => {
            format!("{}{locked}", report.colors())
        }
        PhotoCoding::Tiles(TileReport { side, count, entries, colors, allocation }) => {
            let each = if allocation.is_some() { "at most" } else { "each" };
            format!("{colors} in {count} tiles of {side} x {side} with {entries} {each}{locked}")
        }
    }
}

/// What the tiles got, and what it gains.
fn tile_allocation_lines(tile_allocation: &TileAllocation) -> String {
    let pixels = tile_allocation.rate.samples.max(1) as f64;
    let rungs: Vec<String> = tile_allocation.rungs.iter().map(|(colors, tiles)| format!("{colors}: {tiles}")).collect();
    let mut text = format!("  tiles by colours {}\n", rungs.join(", "));
    if let Some(slope) = tile_allocation.slope {
        text += &format!("  slope           the last step took away {slope:.3} of squared error a bit\n");
    }
    if let Some(uniform) = tile_allocation.uniform {
        text += &format!(
            "  {} for each tile takes {:.3} bits a pixel; dealing those out gains {:+.2} dB, before any dither\n",
            uniform.colors,
            uniform.bits as f64 / pixels,
            uniform.gain_db
        );
    }
    text
}

/// What models of the eye say; a picture that is too small for them is told so.
fn eye_lines(eye: EyeError) -> String {
    let least = EyeError::LEAST_SIDE;
    let models = match (eye.ssimulacra2, eye.butteraugli_3norm, eye.butteraugli_max) {
        (Some(score), Some(norm), Some(max)) => {
            format!("  SSIMULACRA2     {score:.2}\n  butteraugli     {norm:.3} 3-norm, {max:.3} at most\n")
        }
        _ => format!("  SSIMULACRA2     –, for pictures of {least} x {least} pixels and more, as is butteraugli\n"),
    };
    format!("{models}  seen from afar  {:.3}, Oklab distance x 100\n", eye.afar)
}

/// One line, for a photo among several.
fn one_line(photo: &Photo, Measured { report, eye, .. }: &Measured, sizes: &Sizes, notes: &[String]) -> String {
    let file = sizes.truth.file_bytes;
    let told = match &sizes.output {
        OutputFile::NotAsked => Bytes(file, sizes.png.bytes()).to_string(),
        OutputFile::Written(bytes, path) => format!("{}, written to {}", Bytes(file, *bytes), path.display()),
        OutputFile::Skipped(bytes) => format!("{}, not written", Bytes(file, *bytes)),
    };
    let notes: String = notes.iter().map(|note| format!("; {note}")).collect();
    let quality = match eye.and_then(|eye| eye.ssimulacra2) {
        Some(score) => format!("SSIMULACRA2 {score:.1}"),
        None => format!("PSNR {}", figures::db(report.error.psnr_db)),
    };
    format!("{}: {quality}, {told}{notes}\n", photo.name)
}

fn lines(photo: &Photo, Measured { report, eye, .. }: &Measured, sizes: &Sizes, notes: &[String]) -> String {
    let (error, truth) = (&report.error, sizes.truth);
    let db = |x: f64| if x.is_finite() { format!("{x:.2} dB") } else { "exact".to_owned() };
    let kind = crate::picture::png::kind_of(&report.picture);
    let packed = match sizes.png.packed {
        Some(packed) if packed < sizes.png.quick => format!(", packed from {}", sizes.png.quick),
        _ => String::new(),
    };
    let (psnr, afar) = (db(error.psnr_db), db(report.psnr_afar_db));
    let format = match report.spec {
        PhotoSpec::Palette(_) | PhotoSpec::Candidate(_) => String::new(),
        PhotoSpec::Numbers(format) => format!("  format          {format}: {}\n", sharing(format)),
    };
    let mut text = format!(
        "{}: {} x {} pixels\n{format}  colours         {}\n{}  PSNR            {psnr}, from afar {afar}\n  SSIM            {:.4}\n  ΔE2000          \
         {:.2} mean, {:.2} at 95 %, {:.2} at most\n  bits per pixel  {:.3}\n  {:<15} {} bytes{}\n  against file    \
         {}, {} has {} bytes\n  {:<15} {} bytes, {:.2} : 1\n  raw bytes       {} : {}, {:.2} : 1\n  quantized in    {:.0} ms\n",
        photo.name,
        photo.image.width,
        photo.image.height,
        colours_text(report),
        eye.map(eye_lines).unwrap_or_default(),
        error.ssim,
        error.delta_e_mean,
        error.delta_e_p95,
        error.delta_e_max,
        report.rate.bits_per_sample(),
        kind.label(),
        sizes.png.bytes(),
        packed,
        truth.against_file(),
        photo.name,
        truth.file_bytes,
        if photo.image.is_opaque() { "24-bit PNG" } else { "32-bit PNG" },
        sizes.original.bytes(),
        truth.png_ratio(),
        truth.raw_bytes,
        truth.reduced_raw_bytes,
        truth.raw_ratio(),
        report.quantize_time.as_secs_f64() * 1000.0,
    );
    let change = |bytes: u64| figures::change((bytes as f64 / truth.file_bytes.max(1) as f64 - 1.0) * 100.0);
    match sizes.output {
        OutputFile::Written(bytes, _) if bytes != sizes.png.bytes() => {
            text += &format!("  written         {bytes} bytes, {} against the file\n", change(bytes));
        }
        OutputFile::Skipped(bytes) => {
            text += &format!("  not written     {bytes} bytes are no fewer than the file's\n");
        }
        OutputFile::Written(..) | OutputFile::NotAsked => {}
    }
    text += &report.tile_allocation().map(tile_allocation_lines).unwrap_or_default();
    if kind == Kind::TrueColour && report.tiles().is_some() {
        text +=
            "  note            a PNG has one palette of 256 colours: the tiles have more, so it is in true colour\n";
    }
    for note in notes {
        text += &format!("  note            {note}\n");
    }
    text
}
