//! The image side against its peers, on real photos, in one run: quality and time at 256, 64, 16 and 4
//! colours without dither.
//!
//! ```text
//! cargo bench --bench photo -- [--threads N] [--rounds N] [--only NAME] [--lloyd] [--starts N] [--cpu] [--megapixels N] PHOTO.png…
//! cargo bench --bench photo -- --report [--threads N] [--rounds N] [--megapixels N] PHOTO.png…
//! cargo bench --bench photo -- --eye [--spec WORDS]… [--threads N] [--rounds N] [--cpu] [--only NAME] PHOTO.png…
//! ```
//! Without photos it takes the embedded sample. Times are the least of the rounds, fit and mapping of
//! every pixel together; the quality is the mean over the photos, all measured by the same code. `--megapixels` enlarges
//! the photos to so many, with noise; `--starts` shows beside it how far many random starts get at 16 and 4 colours; `--cpu` takes what processors spent instead of the clock, for a busy machine.
//! `--report` measures what the window and the command line wait for: the reduction alone, the whole report, the memory
//! of both above that of the photo (Linux), and the preview after a change.
//! `--eye` measures what the eye makes of settings and of a peer, photo by photo and on the mean: SSIMULACRA2, the 3-norm
//! of butteraugli, the Oklab distance from afar, the packed PNG in kB, seconds a megapixel. Settings are words with
//! commas: a method, a space, a dither (`eye` too), its strength, `serpentine`, `linear`. Where none are given: the best for
//! the eye, k-means in sRGB, and k-means in Oklab with Floyd–Steinberg at 75 %.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use quantette::color_map::IndexedColorMap;
use quantette::deps::palette::Srgb;
use quantette::dither::FloydSteinberg;
use quantette::kmeans::{Kmeans, KmeansOptions};
use quantette::wu::{BinnerU8x3, WuU8x3};
use quantette::{ImageRef, PaletteSize, Pipeline, QuantizeMethod};
use rayon::prelude::*;

use quantscope::engine::assign::dithering::Dithering;
use quantscope::engine::codebook::{Codebook, distance_squared};
use quantscope::engine::colour::Space;
use quantscope::engine::control::Control;
use quantscope::engine::fit::Method;
use quantscope::engine::indexed::Indexed;
use quantscope::engine::metric::{EyeError, compare_indexed};
use quantscope::engine::random::Random;
use quantscope::export::packed::PngFile;
use quantscope::picture::image::Image;
use quantscope::picture::png::indexed_png;
use quantscope::run::photo::{quantize, reduce};
use quantscope::source::builtin;
use quantscope::source::open::{Source, open_path};
use quantscope::spec::Stage;
use quantscope::spec::{Entries, FittedPalette, PaletteSpec};

const COUNTS: [u16; 4] = [256, 64, 16, 4];

struct Options {
    threads: usize,
    rounds: usize,
    lloyd: bool,
    /// Random starts of a long search at 4 and 16 colours; none where it is 0.
    starts: usize,
    cpu: bool,
    report: bool,
    eye: bool,
    /// What `--eye` measures, as it was written and as it is meant.
    specs: Vec<(String, PaletteSpec)>,
    megapixels: usize,
    /// Only ways whose name contains this.
    only: String,
    photos: Vec<PathBuf>,
}

impl Options {
    const NONE: Self = Self {
        threads: 1,
        rounds: 5,
        lloyd: false,
        starts: 0,
        cpu: false,
        report: false,
        eye: false,
        specs: Vec::new(),
        megapixels: 0,
        only: String::new(),
        photos: Vec::new(),
    };
}

fn options() -> Options {
    let mut options = Options::NONE;
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|n| n.parse().ok()).unwrap_or(1);
        match arg.as_str() {
            "--threads" => options.threads = number(),
            "--rounds" => options.rounds = number(),
            "--only" => options.only = args.next().unwrap_or_default(),
            "--megapixels" => options.megapixels = number(),
            "--report" => options.report = true,
            "--eye" => options.eye = true,
            "--spec" => options.specs.extend(args.next().map(|words| (words.clone(), spec_of(&words)))),
            "--cpu" => options.cpu = true,
            "--lloyd" => options.lloyd = true,
            "--starts" => options.starts = number(),
            _ => options.photos.push(arg.into()),
        }
    }
    options
}

/// Settings of as many colours as may be; a word that means nothing ends the program.
fn spec_of(words: &str) -> PaletteSpec {
    let (mut palette, mut space, mut dither) = (FittedPalette::new(256), Space::Srgb, Dithering::default());
    for word in words.split(',') {
        if let Ok(method) = word.parse() {
            palette.method = method;
        } else if let Ok(found) = word.parse() {
            space = found;
        } else if let Ok(pattern) = word.parse() {
            dither.pattern = pattern;
        } else if let Ok(percent) = word.parse() {
            dither.strength_percent = percent;
        } else {
            match word {
                "serpentine" => dither.serpentine = true,
                "linear" => dither.linear = true,
                _ => panic!("no method, space, dither or strength is called {word}"),
            }
        }
    }
    PaletteSpec { space, dither, ..palette.into() }
}

/// The settings with so many colours.
fn with_colors(spec: &PaletteSpec, count: u16) -> PaletteSpec {
    let mut spec = spec.clone();
    if let Entries::Fitted(palette) = &mut spec.entries {
        palette.colors = count;
    }
    spec
}

/// Codes and palette of one way to reduce an image.
type Reduced = (Vec<u8>, Vec<[u8; 4]>);
/// What alone is timed.
type Work = Box<dyn FnOnce() -> Reduced>;
type Way = (&'static str, Reduce);
/// Takes what it works on out of the image as its kind of input, then returns the work.
type Reduce = fn(&Image, u16) -> Work;

const WAYS: &[Way] = &[
    ("ours k-means sRGB", |image, n| ours(image, n, Method::KMeans, Space::Srgb)),
    ("ours k-means Oklab", |image, n| ours(image, n, Method::KMeans, Space::Oklab)),
    ("ours Wu sRGB", |image, n| ours(image, n, Method::Wu, Space::Srgb)),
    ("ours median cut sRGB", |image, n| ours(image, n, Method::MedianCut, Space::Srgb)),
    ("ours octree sRGB", |image, n| ours(image, n, Method::Octree, Space::Srgb)),
    ("quantette k-means Oklab", |image, n| quantette_pipeline(image, n, None)),
    ("quantette k-means sRGB", quantette_kmeans_srgb),
    ("quantette Wu sRGB", quantette_wu_srgb),
    ("color_quant NeuQuant", neuquant),
];

fn ours(image: &Image, colors: u16, method: Method, space: Space) -> Work {
    ours_of(image, PaletteSpec { space, ..FittedPalette { method, ..FittedPalette::new(colors) }.into() })
}

fn ours_of(image: &Image, spec: PaletteSpec) -> Work {
    // A fresh image: the search for its colours is part of the work.
    let fresh = Image::new(image.width, image.height, image.rgba.clone());
    Box::new(move || {
        let found = quantize(&fresh, &spec, &Control::unwatched()).expect("nobody stops it");
        (found.codes, found.palette)
    })
}

fn srgb(image: &Image) -> Vec<Srgb<u8>> {
    image.rgba.iter().map(|c| Srgb::new(c[0], c[1], c[2])).collect()
}

fn opaque(palette: &[Srgb<u8>]) -> Vec<[u8; 4]> {
    palette.iter().map(|c| [c.red, c.green, c.blue, 255]).collect()
}

fn size(colors: u16) -> PaletteSize {
    PaletteSize::try_from(colors).expect("at most 256")
}

fn quantette_pipeline(image: &Image, colors: u16, dither: Option<FloydSteinberg>) -> Work {
    let (pixels, width, height) = (srgb(image), image.width, image.height);
    Box::new(move || {
        let reference = ImageRef::new(width, height, &pixels).expect("it fits");
        let found = Pipeline::new()
            .palette_size(size(colors))
            .ditherer(dither)
            .quantize_method(QuantizeMethod::kmeans())
            .parallel(rayon::current_num_threads() > 1)
            .input_image(reference)
            .output_srgb8_indexed_image();
        (found.indices().to_vec(), opaque(found.palette()))
    })
}

fn quantette_wu_srgb(image: &Image, colors: u16) -> Work {
    let (pixels, width, height) = (srgb(image), image.width, image.height);
    Box::new(move || {
        let reference = ImageRef::new(width, height, &pixels).expect("it fits");
        let map = WuU8x3::run_image(reference, BinnerU8x3::rgb()).expect("not empty").color_map(size(colors));
        (map.map_to_indices(&pixels), opaque(IndexedColorMap::palette(&map)))
    })
}

fn quantette_kmeans_srgb(image: &Image, colors: u16) -> Work {
    let (pixels, width, height) = (srgb(image), image.width, image.height);
    Box::new(move || {
        let reference = ImageRef::new(width, height, &pixels).expect("it fits");
        let start = WuU8x3::run_image(reference, BinnerU8x3::rgb()).expect("not empty").palette(size(colors));
        let map = Kmeans::run_image(reference, start, KmeansOptions::new()).into_color_map();
        (map.map_to_indices(&pixels), opaque(IndexedColorMap::palette(&map)))
    })
}

fn neuquant(image: &Image, colors: u16) -> Work {
    let pixels = image.rgba.clone();
    Box::new(move || {
        let bytes = pixels.as_flattened();
        let net = color_quant::NeuQuant::new(10, usize::from(colors).max(4), bytes);
        let codes = bytes.chunks_exact(4).map(|c| net.index_of(c) as u8).collect();
        (codes, net.color_map_rgba().as_chunks::<4>().0.to_vec())
    })
}

/// Every colour of a photo as a point, with the pixels that have it.
struct Points {
    points: Vec<[f32; 3]>,
    weights: Vec<f64>,
}

fn point(c: &[u8; 4]) -> [f32; 3] {
    [f32::from(c[0]), f32::from(c[1]), f32::from(c[2])]
}

impl Points {
    fn of(image: &Image) -> Self {
        let points = image.colours().keys.iter().map(point).collect();
        Self { points, weights: image.colour_counts().iter().map(|&n| f64::from(n)).collect() }
    }

    /// Lloyd's rounds over every colour until nothing moves any more: where the entries end, and the squared error.
    fn settled(&self, mut centers: Vec<[f32; 3]>) -> (Vec<[f32; 3]>, f64) {
        let (mut last, mut codes) = (f64::INFINITY, vec![0u16; self.points.len()]);
        loop {
            let book = Codebook::new(centers.clone());
            book.nearest_each(&self.points, &mut codes);
            let mut sums = vec![[0.0f64; 4]; centers.len()];
            let mut error = 0.0;
            for ((p, &w), &k) in self.points.iter().zip(&self.weights).zip(&codes) {
                let k = usize::from(k);
                error += w * f64::from(distance_squared(*p, centers[k]));
                (0..3).for_each(|c| sums[k][c] += w * f64::from(p[c]));
                sums[k][3] += w;
            }
            if last - error <= 1e-6 * error {
                return (centers, error);
            }
            last = error;
            for (center, sum) in centers.iter_mut().zip(&sums).filter(|(_, s)| s[3] > 0.0) {
                *center = std::array::from_fn(|c| (sum[c] / sum[3]) as f32);
            }
        }
    }

    /// Colours drawn one after another, each the likelier the more it is missed so far (k-means++).
    fn drawn(&self, count: usize, random: &mut Random) -> Vec<[f32; 3]> {
        let mut missed: Vec<f64> = self.weights.clone();
        let mut centers: Vec<[f32; 3]> = Vec::new();
        while centers.len() < count {
            let mut place = f64::from(random.next_f32()) * missed.iter().sum::<f64>();
            let found = missed.iter().position(|m| {
                place -= m;
                place < 0.0
            });
            let center = self.points[found.unwrap_or(0)];
            for (i, p) in self.points.iter().enumerate() {
                let far = self.weights[i] * f64::from(distance_squared(*p, center));
                missed[i] = if centers.is_empty() { far } else { missed[i].min(far) };
            }
            centers.push(center);
        }
        centers
    }
}

fn mapped(image: &Image, centers: &[[f32; 3]]) -> Reduced {
    let palette: Vec<[u8; 4]> =
        centers.iter().map(|c| [c[0].round() as u8, c[1].round() as u8, c[2].round() as u8, 255]).collect();
    let book = Codebook::new(palette.iter().map(point).collect());
    (image.rgba.iter().map(|c| book.nearest(point(c)) as u8).collect(), palette)
}

/// Lloyd's algorithm from Wu's palette.
fn lloyd_to_convergence(image: &Image, colors: u16) -> Work {
    let image = Image::new(image.width, image.height, image.rgba.clone());
    Box::new(move || {
        let (_, start) = ours(&image, colors, Method::Wu, Space::Srgb)();
        let (centers, _) = Points::of(&image).settled(start.iter().map(point).collect());
        mapped(&image, &centers)
    })
}

/// The best of what Lloyd's algorithm makes of so many random starts: how good a palette can be at all, nearly.
fn best_of_starts(image: &Image, colors: u16, starts: usize) -> Reduced {
    let points = Points::of(image);
    let found = (0..starts as u64)
        .into_par_iter()
        .map(|seed| points.settled(points.drawn(usize::from(colors), &mut Random::seeded(seed))));
    let best = found.min_by(|a, b| a.1.total_cmp(&b.1)).expect("at least one start");
    mapped(image, &best.0)
}

#[derive(Default, Clone, Copy)]
struct Figures {
    psnr: f64,
    delta_e: f64,
    millis_per_megapixel: f64,
}

/// Nanoseconds: on the clock, or that all threads spent on a processor, which others on the machine do not add to.
fn now(cpu: bool, start: Instant) -> f64 {
    #[cfg(target_os = "linux")]
    if cpu {
        let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        return spent.tv_sec as f64 * 1e9 + spent.tv_nsec as f64;
    }
    let _ = cpu;
    start.elapsed().as_secs_f64() * 1e9
}

/// The photo with so many megapixels: blended between its pixels, and noise of two steps at most.
fn enlarged(image: &Image, megapixels: usize) -> Image {
    let scale = (megapixels as f64 * 1e6 / image.rgba.len() as f64).sqrt();
    let (width, height) = (image.width as usize, image.height as usize);
    let [large_width, large_height] = [width, height].map(|side| (side as f64 * scale).round() as usize);
    let mut random = Random::seeded(1);
    let mut rgba = Vec::with_capacity(large_width * large_height);
    for y in 0..large_height {
        let (row, down) = parted(y as f64 / scale, height - 1);
        let rows = [row, (row + 1).min(height - 1)].map(|row| &image.rgba[row * width..(row + 1) * width]);
        for x in 0..large_width {
            let (column, right) = parted(x as f64 / scale, width - 1);
            let next = (column + 1).min(width - 1);
            let noise = random.next_u64().to_le_bytes();
            rgba.push(std::array::from_fn(|c| {
                let [above, below] = rows.map(|row| blend(row[column][c], row[next][c], right));
                let value = above + (below - above) * down;
                if c == 3 { value as u8 } else { (value + f64::from(noise[c] % 5) - 2.0).clamp(0.0, 255.0) as u8 }
            }));
        }
    }
    Image::new(large_width as u32, large_height as u32, rgba)
}

fn blend(a: u8, b: u8, part: f64) -> f64 {
    f64::from(a) + (f64::from(b) - f64::from(a)) * part
}

/// The whole part of a place, at most the last one, and the rest.
fn parted(place: f64, last: usize) -> (usize, f64) {
    let place = place.min(last as f64);
    (place as usize, place.fract())
}

/// A figure of this process in bytes; 0 where the system does not tell.
fn memory(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default();
    line.trim_matches([':', ' ', '\t']).split(' ').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// The least seconds of the rounds, and the most memory of the first above what there was before it.
fn cost(options: &Options, work: impl Fn()) -> (f64, u64) {
    // The peak starts anew from here.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before = memory("VmRSS");
    let (mut least, mut grown) = (f64::INFINITY, 0);
    for round in 0..options.rounds.max(1) {
        let start = Instant::now();
        work();
        least = least.min(start.elapsed().as_secs_f64());
        if round == 0 {
            grown = memory("VmHWM").saturating_sub(before);
        }
    }
    (least, grown)
}

/// What one waits for with a photo of this size.
fn waits(image: &Image, options: &Options) {
    let control = Control::unwatched();
    let pixels = image.rgba.len() as f64;
    println!("{} × {}: {:.1} megapixels", image.width, image.height, pixels / 1e6);
    let shown = |what: &str, colors: u16, (seconds, bytes): (f64, u64)| {
        println!(
            "  {what:<24} {colors:>4} colours {:>8.0} ms {:>6.1} bytes a pixel",
            seconds * 1e3,
            bytes as f64 / pixels
        );
    };
    for colors in COUNTS {
        let spec = FittedPalette::new(colors).into();
        let fresh = || drop(quantize(&Image::new(image.width, image.height, image.rgba.clone()), &spec, &control));
        let (seconds, bytes) = cost(options, fresh);
        // The copy that keeps the image fresh is no part of it.
        shown("fit and map", colors, (seconds, bytes.saturating_sub(4 * image.rgba.len() as u64)));
    }
    let spec = FittedPalette::new(256);
    shown(
        "whole report, first",
        256,
        cost(&Options { rounds: 1, ..Options::NONE }, || drop(reduce(image, spec.clone(), Stage::Full, &control))),
    );
    for colors in COUNTS {
        let spec = FittedPalette::new(colors);
        shown(
            "whole report, again",
            colors,
            cost(options, || drop(reduce(image, spec.clone(), Stage::Full, &control))),
        );
    }
    shown(
        "preview, first",
        256,
        cost(&Options { rounds: 1, ..Options::NONE }, || drop(reduce(image, spec.clone(), Stage::Preview, &control))),
    );
    for colors in COUNTS {
        let spec = FittedPalette::new(colors);
        shown(
            "preview, after a change",
            colors,
            cost(options, || drop(reduce(image, spec.clone(), Stage::Preview, &control))),
        );
    }
}

/// What the eye makes of a reduction, what its file takes, and its time.
const EYE: [&str; 5] = ["SSIMULACRA2", "butteraugli", "afar", "PNG kB", "s/MP"];

fn eye_figures(image: &Image, way: impl Fn() -> Work, options: &Options) -> [f64; EYE.len()] {
    let control = Control::unwatched();
    let (mut least, mut reduced) = (f64::INFINITY, (Vec::new(), Vec::new()));
    for _ in 0..options.rounds.max(1) {
        let work = way();
        let clock = Instant::now();
        let start = now(options.cpu, clock);
        reduced = work();
        least = least.min((now(options.cpu, clock) - start) / 1e9);
    }
    let indexed = Indexed { width: image.width as usize, codes: &reduced.0, palette: &reduced.1, tiles: None };
    let eye = EyeError::measure(&image.rgba, indexed, &control).expect("nobody stops it");
    let png = indexed_png(image.width, image.height, &reduced.0, &reduced.1, &control).expect("it has a palette");
    let png = PngFile::quick(png).packed(&control).expect("nobody stops it").size.bytes();
    let of_model = |figure: Option<f64>| figure.unwrap_or(f64::NAN);
    let seconds = least / (image.rgba.len() as f64 / 1e6);
    [of_model(eye.ssimulacra2), of_model(eye.butteraugli_3norm), eye.afar, png as f64 / 1e3, seconds]
}

/// A line a photo and one of means, for every way to reduce it.
fn eyes(images: &[(String, Arc<Image>)], options: &Options) {
    let given = options.specs.clone();
    let usual =
        || ["eye", "kmeans,srgb", "kmeans,oklab,floyd-steinberg,75,serpentine"].map(|w| (w.to_owned(), spec_of(w)));
    let specs = if given.is_empty() { usual().to_vec() } else { given };
    type ByCount = Box<dyn Fn(&Image, u16) -> Work>;
    let ours = specs.into_iter().map(|(name, spec)| -> (String, ByCount) {
        (name, Box::new(move |image, n| ours_of(image, with_colors(&spec, n))))
    });
    let peer: ByCount = Box::new(|image, n| quantette_pipeline(image, n, Some(FloydSteinberg::new())));
    println!("{}, {} threads; {}", images.len(), options.threads, EYE.join(" / "));
    let line = |name: &str, cells: &[[f64; EYE.len()]]| {
        print!("{name:<24}");
        for [score, distance, afar, kilobytes, seconds] in cells {
            print!("  {score:>6.2} / {distance:.3} / {afar:.3} / {kilobytes:.1} / {seconds:.2}");
        }
        println!();
    };
    let ways = ours.chain([("quantette k-means Oklab, Floyd-Steinberg".to_owned(), peer)]);
    for (name, way) in ways.filter(|(name, _)| name.contains(&options.only)) {
        println!("{name}, at {COUNTS:?} colours");
        let mut means = [[0.0; EYE.len()]; COUNTS.len()];
        for (name, image) in images {
            let cells = COUNTS.map(|n| eye_figures(image, || way(image, n), options));
            for (mean, cell) in means.iter_mut().flatten().zip(cells.iter().flatten()) {
                *mean += cell / images.len() as f64;
            }
            line(name, &cells);
        }
        line("mean", &means);
    }
}

fn measured(images: &[Arc<Image>], way: Reduce, colors: u16, options: &Options) -> Figures {
    let mut mean = Figures::default();
    for image in images {
        let megapixels = image.rgba.len() as f64 / 1e6;
        let mut least = f64::INFINITY;
        let mut result = None;
        for _ in 0..options.rounds.max(1) {
            let work = way(image, colors);
            let clock = Instant::now();
            let start = now(options.cpu, clock);
            result = Some(work());
            least = least.min((now(options.cpu, clock) - start) / 1e6);
        }
        let (psnr, delta_e) = quality(image, &result.expect("at least one round"));
        let share = 1.0 / images.len() as f64;
        mean.psnr += psnr * share;
        mean.delta_e += delta_e * share;
        mean.millis_per_megapixel += least / megapixels * share;
    }
    mean
}

/// PSNR and mean CIEDE2000.
fn quality(image: &Image, (codes, palette): &Reduced) -> (f64, f64) {
    let indexed = Indexed { width: image.width as usize, codes, palette, tiles: None };
    let found = compare_indexed(&image.rgba, indexed, 20.0, &Control::unwatched()).expect("nobody stops it");
    (found.error.psnr_db, found.error.delta_e_mean)
}

fn main() {
    let options = options();
    if let Some(threads) = NonZeroUsize::new(options.threads) {
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global();
    }
    let opened = options.photos.iter().map(|p| open_path(p)).chain(options.photos.is_empty().then(builtin::photo));
    let named: Vec<(String, Arc<Image>)> = opened
        .filter_map(|source| match source {
            Ok(Source::Photo(photo)) => Some((photo.name.clone(), photo.image.clone())),
            Ok(_) => None,
            Err(error) => {
                eprintln!("{error}");
                None
            }
        })
        .map(|(name, image)| match options.megapixels {
            0 => (name, image),
            megapixels => (name, Arc::new(enlarged(&image, megapixels))),
        })
        .collect();
    if options.eye {
        return eyes(&named, &options);
    }
    let images: Vec<Arc<Image>> = named.into_iter().map(|(_, image)| image).collect();
    if options.report {
        images.iter().for_each(|image| waits(image, &options));
        return;
    }
    println!("{} photos, {} threads; PSNR dB / mean ΔE2000 / ms per megapixel", images.len(), options.threads);
    print!("{:<26}", "");
    COUNTS.iter().for_each(|n| print!("{n:>26}"));
    println!();
    let row = |name: &str, way: Reduce| {
        print!("{name:<26}");
        for n in COUNTS {
            let f = measured(&images, way, n, &options);
            print!("{:>26}", format!("{:.3} / {:.3} / {:.1}", f.psnr, f.delta_e, f.millis_per_megapixel));
        }
        println!();
    };
    for &(name, way) in WAYS.iter().filter(|(name, _)| name.contains(&options.only)) {
        row(name, way);
    }
    if options.lloyd {
        row("Lloyd to convergence", lloyd_to_convergence);
    }
    if options.starts > 0 {
        for colors in [16, 4] {
            let found = images.iter().map(|image| quality(image, &best_of_starts(image, colors, options.starts)).0);
            let mean = found.sum::<f64>() / images.len() as f64;
            println!("best of {} random starts at {colors} colours: {mean:.3} dB", options.starts);
        }
    }
}
