//! All tensors of a model under number formats: SQNR over the whole model, bits a weight and time.
//!
//! ```text
//! cargo bench --bench weights -- [--threads N] [--rounds N] [--format NAME]… MODEL.safetensors
//! ```
//! Without a model it takes the embedded one; without formats those of the window's table. The time is
//! the least of the rounds over all tensors: read, fit, encode, decode, compare.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::engine::metric::ScalarError;
use quantscope::engine::rate::Rate;
use quantscope::run::tensor::sweep;
use quantscope::source::builtin;
use quantscope::source::open::{Source, open_path};
use quantscope::spec::WeightSettings;

fn main() {
    let (mut threads, mut rounds, mut formats, mut file) = (1, 3, Vec::<Format>::new(), None::<PathBuf>);
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    while let Some(arg) = args.next() {
        let mut value = || args.next().unwrap_or_default();
        match arg.as_str() {
            "--threads" => threads = value().parse().unwrap_or(1),
            "--rounds" => rounds = value().parse().unwrap_or(1),
            "--format" => formats.push(value().parse().unwrap_or_else(|why| panic!("{why}"))),
            _ => file = Some(arg.into()),
        }
    }
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    let model = match file.map_or_else(builtin::model, |path| open_path(&path)) {
        Ok(Source::Model(model)) => model,
        Ok(_) => return eprintln!("this is a photo"),
        Err(error) => return eprintln!("{error}"),
    };
    if formats.is_empty() {
        formats = [8, 4, 2].map(|bits| WeightSettings::default().format(bits)).to_vec();
    }
    let values: usize = model.tensors.iter().map(|t| t.values).sum();
    println!("{}: {} tensors, {values} values, {threads} threads", model.name, model.tensors.len());
    println!("{:<24}{:>10}{:>10}{:>10}{:>14}", "format", "bits", "SQNR dB", "ms", "GB/s of f32");
    let row = |name: &str, formats: &[Format]| {
        let mut least = f64::INFINITY;
        let mut sums = (ScalarError::default(), Rate::default());
        for _ in 0..rounds.max(1) {
            let found = Mutex::new((ScalarError::default(), Rate::default()));
            let start = Instant::now();
            let add = |cell: quantscope::report::SweepCell| {
                if let (Ok((error, rate)), Ok(mut sums)) = (cell.outcome, found.lock()) {
                    *sums = (sums.0 + error, sums.1 + rate);
                }
            };
            sweep(&model, formats, &add, &Control::unwatched()).expect("nobody stops it");
            least = least.min(start.elapsed().as_secs_f64());
            sums = found.into_inner().expect("no thread has failed");
        }
        let speed = (values * 4 * formats.len()) as f64 / least / 1e9;
        let (bits, sqnr) = (sums.1.bits_per_sample(), sums.0.sqnr_db());
        println!("{name:<24}{bits:>10.4}{sqnr:>10.2}{:>10.0}{speed:>14.2}", least * 1e3);
    };
    formats.iter().for_each(|f| row(&f.to_string(), &[*f]));
    if formats.len() > 1 {
        row("all together", &formats);
    }
}
