//! The embedded language model: tokens a second, from the dial to new text, and the sensitivity of every
//! matrix; the least of some rounds.
//!
//! ```text
//! cargo bench --bench language -- [--threads N] [--format NAME]
//! ```

use std::time::Instant;

use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::language::generate::{Choice, continue_text};
use quantscope::run::model::runnable::RunnableModel;
use quantscope::source::builtin;
use quantscope::source::open::Source;

fn main() {
    let (mut threads, mut format) = (1, "int4-g32-clip".to_owned());
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    while let Some(arg) = args.next() {
        let mut value = || args.next().unwrap_or_default();
        match arg.as_str() {
            "--threads" => threads = value().parse().unwrap_or(1),
            "--format" => format = value(),
            other => return eprintln!("unknown option {other}"),
        }
    }
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    let format: Format = format.parse().unwrap_or_else(|why| panic!("{why}"));
    let Ok(Source::Model(model)) = builtin::model() else { return eprintln!("the sample does not open") };
    let control = Control::unwatched();
    let runnable = RunnableModel::new(&model, &control).expect("the sample runs");
    let prompt = runnable.tokenizer.encode("");
    println!("{format}, {threads} threads");

    let write = || continue_text(&runnable.full, &prompt, 250, Choice::Greedy, &control).expect("not stopped").len();
    let tokens = write();
    let seconds = least(10, write);
    println!("writing {tokens} tokens: {:.1} ms, {:.0} tokens/s", seconds * 1e3, tokens as f64 / seconds);

    let squeeze = || runnable.quantize(&model, format, &control).expect("not stopped");
    println!("quantizing: {:.1} ms", least(10, squeeze) * 1e3);
    let speak = || runnable.generate(&squeeze().model, "", 60, Choice::Greedy, &control).expect("not stopped");
    println!("dial to 60 tokens of text: {:.1} ms", least(10, speak) * 1e3);
    let quantized_model = squeeze();
    let score = || runnable.reference.evaluate(&quantized_model.model, &control).expect("not stopped");
    println!("scoring {} tokens: {:.1} ms", score().scored, least(5, score) * 1e3);
    let sensitivities = || runnable.sensitivities(&model, format, &|_| {}, &control).expect("not stopped");
    let count = runnable.architecture.matrices.len();
    println!("sensitivity of {count} matrices: {:.2} s", least(2, sensitivities));
}

fn least<T>(rounds: usize, mut work: impl FnMut() -> T) -> f64 {
    let time = |_| {
        let start = Instant::now();
        std::hint::black_box(work());
        start.elapsed().as_secs_f64()
    };
    (0..rounds).map(time).fold(f64::INFINITY, f64::min)
}
