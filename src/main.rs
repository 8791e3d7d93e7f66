//! Arguments; then the window, or a run without one.

use std::process::ExitCode;

use clap::Parser;
use quantscope::cli::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.run_headless()
}
