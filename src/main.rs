//! Arguments; then the window, or a run without one.

use std::process::ExitCode;

use clap::Parser;
use quantscope::cli::{self, Arguments};
use quantscope::panics;
use quantscope::view;

fn main() -> ExitCode {
    panics::keep_quiet();
    panics::caught(run).unwrap_or_else(|why| {
        eprintln!("quantscope: unexpected failure: {why}");
        ExitCode::FAILURE
    })
}

fn run() -> ExitCode {
    // Before the arguments, which may name formats of the user's own.
    if let Err(message) = cli::add_own_formats() {
        eprintln!("quantscope: {message}");
        return ExitCode::FAILURE;
    }
    let arguments = Arguments::parse();
    if !arguments.wants_window() {
        // Made when a sheet is drawn: few runs need letters.
        let mut lettering = None;
        return arguments.run_headless(&mut |text, size| {
            lettering.get_or_insert_with(view::widgets::lettering::Lettering::default).draw(text, size)
        });
    }
    view::shell::allocator::restart_with_settings();
    match view::run(arguments.files, arguments.log_timings.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("quantscope: {message}");
            ExitCode::FAILURE
        }
    }
}
