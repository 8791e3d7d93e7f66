//! All tensors of a model under number formats: SQNR over the whole model, bits a weight and time; then
//! twelve formats at once, and what the allocator's mix gains over one format at the same bytes.
//!
//! ```text
//! cargo bench --bench weights -- [--threads N] [--rounds N] [--format NAME]… MODEL.safetensors
//! ```
//! The mix is told three ways. "As converters write": rows that fit no K-quant block take another type, so
//! few choices are left where rows are 384 long. "Flat": the same weights cut into rows of 256, which no
//! converter writes: what K-quants themselves can do. And on a language model that runs: its KL to full
//! precision, the error counted plainly and weighed by what comes into each matrix.
//!
//! Found so far, on all-MiniLM-L6-v2 at the bytes of `q4_k` (flat): with the total error made least the mix gains 0.07
//! dB over all weights and 0.44 dB in the mean of the tensors, as its tensors are much alike. On stories260K at the bytes
//! of `int4-g32-clip` it makes the KL larger (0.089 to 0.118): least weight error is not least harm. So there is a second
//! way, by what each tensor's error costs in KL.
//!
//! Without a model it takes the embedded one; without formats those of the window's table. The time is
//! the least of the rounds over all tensors: read, fit, encode, decode, compare.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::engine::metric::ScalarError;
use quantscope::engine::rate::Rate;
use quantscope::engine::theory::allocate::Objective;
use quantscope::run::mix::{Budget, Duty, Measurements, Plan, Total, measure_all};
use quantscope::run::model::kl_report::measure_sensitivity;
use quantscope::run::model::runnable::RunnableModel;
use quantscope::run::tensor::sweep;
use quantscope::source::builtin;
use quantscope::source::imatrix::Importance;
use quantscope::source::model::Model;
use quantscope::source::open::{Source, open_bytes, open_path};
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
            let add = |cell: quantscope::run::report::SweepCell| {
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
    twelve(&model);
    println!("\nmix and uniform at the same bytes");
    let k_quants = ["q2_k", "q3_k", "q4_k", "q5_k", "q6_k", "q8_0"];
    let small = ["q2_k", "q3_k", "mxfp4", "iq4_nl", "q4_k", "q5_k", "q6_k", "q8_0"];
    gain("as converters write", &model, &small, "iq4_nl");
    gain("as converters write", &model, &k_quants, "q5_k");
    match flat(&model) {
        Some(flat) => {
            gain("flat", &flat, &k_quants, "q4_k");
            gain("flat, our search", &flat, &["q2_k+", "q3_k+", "q4_k+", "q5_k+", "q6_k+", "q8_0"], "q4_k+");
        }
        None => println!("flat: not a .safetensors of F32"),
    }
    language();
}

/// The window's table with twelve columns: the time to the first cell and to the last.
fn twelve(model: &Model) {
    const NAMES: [&str; 12] =
        ["q8_0", "q6_k", "q5_k", "q4_k", "q3_k", "q2_k", "q4_0", "q5_0", "iq4_nl", "nf4", "mxfp4", "int4-g32-clip"];
    let formats = NAMES.map(format);
    let (first, start) = (Mutex::new(None), Instant::now());
    let note = |_| _ = first.lock().map(|mut first| *first.get_or_insert(start.elapsed()));
    sweep(model, &formats, &note, &Control::unwatched()).expect("nobody stops it");
    let all = start.elapsed().as_secs_f64();
    let first = first.into_inner().ok().flatten().unwrap_or_default().as_secs_f64();
    println!("\n12 formats on all tensors: {all:.2} s, the first cell after {:.0} ms", first * 1e3);
}

fn format(name: &str) -> Format {
    name.parse().unwrap_or_else(|why| panic!("{why}"))
}

fn measured(model: &Model, plan: &Plan, importance: Option<&Importance>) -> Measurements {
    let found = Mutex::new(Measurements::new());
    let emit = |spec, outcome| _ = found.lock().map(|mut found| found.insert(spec, outcome));
    measure_all(model, &plan.wanted(), importance, &emit, &Control::unwatched()).expect("nobody stops it");
    found.into_inner().expect("no thread has failed")
}

/// The mix at the bytes of one format for all.
fn gain(what: &str, model: &Model, names: &[&str], uniform: &str) {
    let plan = Plan::new(model, &names.iter().map(|name| format(name)).collect::<Vec<_>>(), &[]).expect("formats");
    let found = measured(model, &plan, None);
    let one = plan.uniform(model, &found, None, format(uniform));
    let each = |bits: u64| bits as f64 / model.total_values() as f64;
    println!(
        "{what}: {uniform} {:.4} bits {:.2} dB, mean of tensors {:.2}, of ρ² {:.2}; mixes of {}",
        each(one.bits),
        one.counted_db(),
        one.mean_db(),
        one.relative_db(),
        names.join(" ")
    );
    let mix = plan.mix(model, &found, None, Budget::Bits(one.bits)).expect("the uniform choice fits");
    println!(
        "    mix       {:.4} bits {:+.2} dB, mean of tensors {:+.2}, of ρ² {:+.2} ({} tensors with another type)",
        each(mix.total.bits),
        mix.total.counted_db() - one.counted_db(),
        mix.total.mean_db() - one.mean_db(),
        mix.total.relative_db() - one.relative_db(),
        mix.stand_ins
    );
}

/// The matrices that are whole numbers of 256 weights, as rows of 256.
fn flat(model: &Model) -> Option<Arc<Model>> {
    let chosen = || {
        (0..model.tensors.len()).filter(|&t| {
            let tensor = &model.tensors[t];
            tensor.shape.len() == 2
                && tensor.dtype.name() == "F32"
                && tensor.values.is_multiple_of(256)
                && tensor.dtype.is_float()
        })
    };
    let (mut header, mut at) = (serde_json::Map::new(), 0);
    for t in chosen() {
        let tensor = &model.tensors[t];
        let end = at + tensor.bytes.len();
        header.insert(
            tensor.name.clone(),
            serde_json::json!({
                "dtype": "F32", "shape": [tensor.values / 256, 256], "data_offsets": [at, end],
            }),
        );
        at = end;
    }
    let text = serde_json::Value::Object(header).to_string();
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text.as_bytes());
    chosen().for_each(|t| bytes.extend(model.tensor_bytes(t).unwrap_or_default()));
    match open_bytes("flat.safetensors", bytes) {
        Ok(Source::Model(model)) if !model.tensors.is_empty() => Some(model),
        _ => None,
    }
}

/// The embedded language model: what the mixes do to its predictions.
fn language() {
    let Ok(Source::Model(model)) = builtin::model() else { return eprintln!("the sample does not open") };
    let control = Control::unwatched();
    let runnable = RunnableModel::new(&model, &control).expect("the sample runs");
    let own = runnable.importance(&model, &control).expect("not stopped").bind(&model).expect("its own");
    let names = ["int2-g32-clip", "int3-g32-clip", "int4-g32-clip", "int5-g32", "int6-g32", "int8-g32"];
    let formats = names.map(format);
    println!("\n{}: KL to full precision, mixes of {} at the bytes of one", model.name, names.join(" "));
    println!("{:<16}{:<22}{:>8}{:>8}{:>8}{:>9}", "uniform", "", "bits", "dB", "mean dB", "KL");
    let kl = |format_of: &(dyn Fn(usize) -> Option<Format> + Sync), importance| {
        let quantized_model = runnable.quantize_each(&model, format_of, importance, &control).expect("not stopped");
        runnable.reference.evaluate(&quantized_model.model, &control).expect("not stopped").kl
    };
    let heard = measure_sensitivity(&model, &control).expect("not stopped").expect("the sample runs");
    let plan = Plan::new(&model, &formats, &[]).expect("formats");
    let (plain, weighed) = (measured(&model, &plan, None), measured(&model, &plan, Some(&own)));
    for uniform in &names[1..4] {
        let one = plan.uniform(&model, &plain, None, format(uniform));
        let line = |what: &str, total: Total, kl: f64| {
            let bits = total.bits as f64 / model.total_values() as f64;
            let (db, mean) = (total.error.sqnr_db(), total.mean_db());
            println!("{uniform:<16}{what:<22}{bits:>8.3}{db:>8.2}{mean:>8.2}{kl:>9.4}");
        };
        line("for all", one, kl(&|t| (plan.duties[t] == Duty::Free).then(|| format(uniform)), None));
        for objective in Objective::ALL {
            let plan = match objective {
                Objective::Kl => plan.clone().with_kl_weights(heard.clone()),
                Objective::WeightError => plan.clone(),
            };
            for (found, importance, word) in [(&plain, None, ""), (&weighed, Some(&own), ", weighed")] {
                let mix = plan.mix(&model, found, importance, Budget::Bits(one.bits)).expect("the uniform choice fits");
                let what = format!("mix, {}{word}", objective.name());
                line(&what, mix.total, kl(&|t| mix.rows[t].format, importance));
            }
        }
    }
}
