//! The command line: the window with files, or the same engine without a window.

mod batch;
mod compare;
mod convert;
mod demo;
mod edits;
mod files;
mod formats;
mod image;
mod interrupt;
mod mix;
mod progress;
mod refusal;
mod size;
pub mod weights;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::engine::format;
use crate::export::sheet::Letters;
use crate::picture::edits::PhotoEdits;
use crate::spec::PhotoSpec;
use refusal::Refusal;

const EXAMPLES: &str = "\
Examples:
  quantscope                                     open the window on the embedded samples
  quantscope photo.jpg model.safetensors         open the window with these files
  quantscope image photo.jpg --colors 16 -o small.png
  quantscope image photo.jpg --max-bytes 100k -o small.png
  quantscope image photo.jpg --colors 16 --space oklab --dither floyd-steinberg --json
  quantscope image photo.jpg --crop 10:9 --resize 160x144 --palette game-boy -o sprite.png
  quantscope image photos/ --colors 64 -o reduced/ --skip-if-larger
  quantscope compare photo.jpg theirs.png ours.png         the figures of files that are there
  quantscope weights model.safetensors --format int4-g32 --format nf4 --csv -o errors.csv
  quantscope weights model.safetensors --tensor '*attn*' --format kmeans4-row
  quantscope weights model.safetensors --budget 4.5 --formats q4_k,q5_k,q6_k,q8_0 --html -o report.html
  quantscope weights model.gguf --budget 4.5 --imatrix imatrix.gguf --lock 'output.weight=q6_k' --recipe
  quantscope weights model.safetensors --stats
  quantscope convert model.safetensors --format q4_k -o small.gguf
  quantscope size 70b
  quantscope formats
  quantscope demo -o demo                        the samples' results as files, without a window

Exit status: 0 success, 1 bad input, 2 bad usage, 130 stopped by Ctrl-C.";

/// See quantization: photos cut to a few colours, model weights cut to a few bits.
#[derive(Parser, Debug)]
#[command(name = "quantscope", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// Photos and models to open in the window
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Append a line of JSON for each event of the window (first frame, results, slow frames) to this file
    #[arg(long, value_name = "FILE")]
    pub log_timings: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Reduce a photo to a palette and print the figures
    Image(image::Arguments),
    /// Measure pictures that were made elsewhere against their original, as reductions of our own are
    Compare(compare::Arguments),
    /// Measure the error of a model's tensors under number formats
    Weights(weights::Arguments),
    /// Write a model with its tensors quantized: a GGUF, or a .safetensors of what they decode to
    Convert(convert::Arguments),
    /// How large a model is under the usual formats, and which memories that fits
    Size(size::Arguments),
    /// List the number formats
    Formats(formats::Arguments),
    /// Write the results of the embedded samples into a folder: a photo at 256, 16 and 4 colours, the tensors of a model
    /// under 8, 4 and 2 bits, and a page with both
    Demo(demo::Arguments),
}

impl Arguments {
    /// Whether this is for the window.
    pub fn wants_window(&self) -> bool {
        self.command.is_none()
    }

    /// The edits and the reduction that are asked for, where photos are to be reduced and what is asked for can be had.
    pub fn reduction(&self) -> Option<(PhotoEdits, PhotoSpec)> {
        match &self.command {
            Some(Command::Image(arguments)) => Some((arguments.edits.edits(), arguments.spec().ok()?)),
            _ => None,
        }
    }

    /// Runs a sub-command: results to standard output, one line on standard error when it fails.
    pub fn run_headless(self, letters: &mut Letters<'_>) -> ExitCode {
        interrupt::watch();
        let outcome = match self.command {
            Some(Command::Image(arguments)) => image::run(&arguments, letters),
            Some(Command::Compare(arguments)) => compare::run(&arguments, letters),
            Some(Command::Weights(arguments)) => weights::run(&arguments),
            Some(Command::Convert(arguments)) => convert::run(&arguments),
            Some(Command::Size(arguments)) => size::run(&arguments),
            Some(Command::Formats(arguments)) => formats::run(&arguments),
            Some(Command::Demo(arguments)) => demo::run(&arguments, letters),
            None => Ok(()),
        };
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) if interrupt::is_stopped() => {
                eprintln!("quantscope: stopped; what was begun is not there");
                ExitCode::from(interrupt::EXIT_STATUS)
            }
            Err(refusal) => {
                let status = if matches!(refusal, Refusal::Usage(_)) { ExitCode::from(2) } else { ExitCode::FAILURE };
                eprintln!("quantscope: {}", refusal.message());
                status
            }
        }
    }
}

/// Adds the number formats of the file that the environment names, if it names one.
///
/// # Errors
/// One line for people that names the file and what is wrong with it.
pub fn add_own_formats() -> Result<(), String> {
    let Some(path) = std::env::var_os("QUANTSCOPE_FORMATS").map(PathBuf::from) else { return Ok(()) };
    let named = |why: String| format!("{}: {why}", path.display());
    let text = std::fs::read_to_string(&path).map_err(|e| named(e.to_string()))?;
    format::register(&text).map_err(|e| named(e.to_string()))
}
