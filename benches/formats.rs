//! Number formats over all matrices of a checkpoint: bits a weight, SQNR over the whole model, and speed.
//!
//! ```text
//! cargo bench --bench formats -- [--threads N] [--flat] [--format NAME]… MODEL.safetensors
//! python3 benches/ggml_peer.py MODEL.safetensors
//! ```
//! Without formats: every row of the table. Floating matrices only, as converters quantize them; `--flat` takes
//! them in rows of 256 where that goes, so that each format has its own blocks and none stands in for it.
//! The first table is a whole pass over the model (read, plan, encode, decode, compare), once, tensors side by
//! side as the command line takes them. The second is what the block formats do to 32,768 weights that stay in
//! the cache, one thread, the best of many rounds: the same as the peer script measures of ggml; and all of it
//! with the error, where integers by groups are coded and decoded in one pass.

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use quantscope::engine::block::{Kind, decode_row, encode_row};
use quantscope::engine::control::Control;
use quantscope::engine::format::{Format, LevelRule, table};
use quantscope::engine::metric::ScalarError;
use quantscope::engine::rate::Rate;
use quantscope::run::tensor::measure;
use quantscope::source::builtin;
use quantscope::source::open::{Source, open_path};
use quantscope::source::safetensors::Model;
use quantscope::spec::TensorSpec;
use rayon::prelude::*;

/// Weights of the second table.
const CACHED: usize = 1 << 15;
/// Integers by groups in the second table.
const GROUPS: [&str; 6] = ["int8-g32", "int8-g128", "int4-g32", "int4-g128", "int4-g32-affine", "int4-g128-affine"];
/// For each figure of the second table.
const PATIENCE: Duration = Duration::from_millis(60);

fn main() {
    let (mut threads, mut flat, mut formats, mut file) = (1, false, Vec::<Format>::new(), None::<PathBuf>);
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    while let Some(arg) = args.next() {
        let mut value = || args.next().unwrap_or_default();
        match arg.as_str() {
            "--threads" => threads = value().parse().unwrap_or(1),
            "--flat" => flat = true,
            "--format" => formats.push(value().parse().unwrap_or_else(|why| panic!("{why}"))),
            _ => file = Some(arg.into()),
        }
    }
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    let mut model = match file.map_or_else(builtin::model, |path| open_path(&path)) {
        Ok(Source::Model(model)) => model,
        Ok(_) => return eprintln!("this is a photo"),
        Err(error) => return eprintln!("{error}"),
    };
    if flat {
        flatten(Arc::get_mut(&mut model).expect("nothing else holds it"));
    }
    if formats.is_empty() {
        formats = table().into_iter().map(|row| row.format).collect();
    }
    whole_model(&model, &formats, threads);
    in_cache(&model, &formats);
}

fn flatten(model: &mut Model) {
    for tensor in model.tensors.iter_mut().filter(|t| t.shape.len() == 2 && t.values.is_multiple_of(256)) {
        tensor.shape = vec![tensor.values / 256, 256];
    }
}

fn whole_model(model: &Model, formats: &[Format], threads: usize) {
    let matrices: Vec<usize> = (0..model.tensors.len())
        .filter(|&t| model.tensors[t].shape.len() == 2 && model.tensors[t].dtype.is_float())
        .collect();
    let values: usize = matrices.iter().map(|&t| model.tensors[t].values).sum();
    println!("{}: {} matrices, {values} weights, {threads} threads", model.name, matrices.len());
    println!("{:<22}{:>10}{:>10}{:>10}{:>12}", "format", "bits", "SQNR dB", "seconds", "GB/s of f32");
    for &format in formats {
        let start = Instant::now();
        let one = |&tensor: &usize| measure(model, TensorSpec { tensor, format }, &Control::unwatched()).ok();
        let found: Vec<_> = matrices.par_iter().filter_map(one).collect();
        let (mut error, mut rate) = (ScalarError::default(), Rate::default());
        for (e, r) in found {
            (error, rate) = (error + e, rate + r);
        }
        let seconds = start.elapsed().as_secs_f64();
        let speed = values as f64 * 4.0 / seconds / 1e9;
        let (bits, sqnr) = (rate.bits_per_sample(), error.sqnr_db());
        println!("{:<22}{bits:>10.4}{sqnr:>10.2}{seconds:>10.2}{speed:>12.3}", format.to_string());
    }
}

fn in_cache(model: &Model, formats: &[Format]) {
    let Some(tensor) = (0..model.tensors.len()).find(|&t| model.tensors[t].values >= CACHED) else { return };
    let mut x = Vec::new();
    model.read(tensor, 0..CACHED, &mut x);
    println!("\n{CACHED} weights in the cache, one thread, GB/s of f32");
    println!("{:<22}{:>10}{:>10}{:>16}", "format", "encode", "decode", "and the error");
    let speed = |seconds: f64| CACHED as f64 * 4.0 / seconds / 1e9;
    for kind in formats.iter().filter_map(|format| plain_block(*format)) {
        let (mut bytes, mut decoded) = (Vec::new(), Vec::new());
        let encode = least_seconds(|| {
            bytes.clear();
            encode_row(kind, &x, &mut bytes).expect("whole blocks");
        });
        let decode = least_seconds(|| {
            decoded.clear();
            decode_row(kind, &bytes, &mut decoded).expect("whole blocks");
        });
        let all = encode + decode + seconds_of_error(&x, &decoded);
        println!("{:<22}{:>10.3}{:>10.2}{:>16.3}", kind.name(), speed(encode), speed(decode), speed(all));
    }
    for format in GROUPS {
        let recipe = format.parse::<Format>().ok().and_then(|format| format.recipe()).expect("integers by groups");
        let once = || recipe.decoded(&x, CACHED).expect("a plain scale").0;
        let all = least_seconds(|| _ = black_box(once())) + seconds_of_error(&x, &once());
        println!("{format:<22}{:>10}{:>10}{:>16.3}", "", "", speed(all));
    }
}

fn seconds_of_error(x: &[f32], decoded: &[f32]) -> f64 {
    least_seconds(|| _ = black_box(ScalarError::measure(x, decoded)))
}

fn plain_block(format: Format) -> Option<Kind> {
    match format.rule {
        LevelRule::Block(kind) if format == Format::block(kind) => Some(kind),
        _ => None,
    }
}

fn least_seconds(mut work: impl FnMut()) -> f64 {
    let (start, mut least) = (Instant::now(), f64::INFINITY);
    while start.elapsed() < PATIENCE {
        let round = Instant::now();
        work();
        least = least.min(round.elapsed().as_secs_f64());
    }
    least
}
