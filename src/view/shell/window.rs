//! The window is opened, and what it says where it cannot be.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::app::App;
use super::timings::Timings;
use super::{desktop, no_window};
use crate::view::shell::fault::Fault;
use crate::{jobs, panics};

const NAME: &str = "Quantscope";

/// Opens the window and returns when it is closed.
///
/// # Errors
/// A line for people when there is no display or a library is missing.
pub fn run(files: Vec<PathBuf>, log_timings: Option<&Path>) -> Result<(), String> {
    #[cfg(target_os = "linux")]
    if let Some(cause) = no_window::no_display(|name: &str| std::env::var_os(name)) {
        return Err(no_window::explained(&cause));
    }
    let timings = Timings::new(log_timings)?;
    // Only fails where a pool exists already, which then serves.
    let threads = rayon::ThreadPoolBuilder::new().thread_name(|i| format!("compute-{i}"));
    let _ = threads.start_handler(|_| jobs::lower_priority()).build_global();
    // What a frame cannot do without is done on this thread and others of its own, which do not wait behind the jobs'.
    let painters = rayon::ThreadPoolBuilder::new().use_current_thread().thread_name(|i| format!("paint-{i}"));
    let _painters = painters.build();
    let mut options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title(NAME)
            .with_inner_size([1280.0, 800.0])
            .with_min_inner_size([900.0, 560.0])
            .with_icon(icon()),
        renderer: eframe::Renderer::Glow,
        // Their owner may be slow, and a frame does not wait: see `clipboard`.
        clipboard_shortcuts: false,
        ..Default::default()
    };
    desktop::prefer_x11(&mut options);
    let (fault, is_open) = (Fault::default(), Arc::new(AtomicBool::new(false)));
    let (app_fault, opens) = (fault.clone(), is_open.clone());
    let create: eframe::AppCreator<'_> = Box::new(move |cc| {
        opens.store(true, Ordering::Relaxed);
        desktop::bring_back(cc);
        let app = App::new(&cc.egui_ctx, cc.storage, files, timings).with_drops(desktop::drops(cc));
        Ok(Box::new(app.with_fault(app_fault)))
    });
    // A missing library makes the window system's code panic; that, too, deserves a sentence.
    let outcome = panics::caught(|| eframe::run_native(NAME, options, create));
    if let Some(why) = fault.get() {
        return Err(why.clone());
    }
    match outcome {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(no_window::explained(&no_window::cause_of(&error.to_string(), &format!("{error:?}")))),
        Err(panic) if is_open.load(Ordering::Relaxed) => Err(format!("the window failed and was closed: {panic}")),
        Err(panic) => Err(no_window::explained(&no_window::cause_of(&panic.text, ""))),
    }
}

/// Sixteen swatches, drawn here so that no file is needed.
fn icon() -> egui::IconData {
    const SIDE: u32 = 64;
    let map = crate::picture::colourmap::sequential();
    let rgba = (0..SIDE * SIDE)
        .flat_map(|i| {
            let (x, y) = (i % SIDE, i / SIDE);
            let edge = x % 16 == 0 || y % 16 == 0;
            let code = (y / 16 * 4 + x / 16) * 15 + 20;
            if edge { [0; 4] } else { map[code.min(255) as usize] }
        })
        .collect();
    egui::IconData { rgba, width: SIDE, height: SIDE }
}
