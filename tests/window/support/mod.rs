//! The window without a display: a harness around the real application, drawn by the CPU.

pub(crate) mod soft_renderer;
#[path = "../../units/support/wake.rs"]
pub(crate) mod wake;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use eframe::egui;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use quantscope::view::shell::app::App;
use quantscope::view::shell::drops::Drops;
use quantscope::view::shell::timings::Timings;

pub(crate) type Window = Harness<'static, App>;

pub(crate) fn window(size: [f32; 2], theme: egui::Theme, files: Vec<PathBuf>) -> Window {
    let mut window = Harness::builder()
        .with_size(egui::Vec2::from(size))
        .with_theme(theme)
        .with_max_steps(64)
        .renderer(soft_renderer::SoftRenderer::default())
        .build_eframe(|cc| {
            // Without a file no log is written, and none is refused.
            let timings = Timings::new(None).unwrap_or_else(|why| panic!("{why}"));
            // Where the pointer was last is where it drops.
            let drops = Drops { pointer: Box::new(|ctx| ctx.pointer_latest_pos()), ..Drops::default() };
            App::new(&cc.egui_ctx, None, files, timings).without_dialogs().with_drops(drops)
        });
    window.input_mut().max_texture_side = Some(16384);
    window.step();
    window
}

/// Steps the window until it is as wanted: a frame is drawn when one is asked for, as the desktop does it.
pub(crate) fn wait_until(window: &mut Window, what: &str, mut done: impl FnMut(&mut Window) -> bool) {
    let latest = Instant::now() + Duration::from_secs(180);
    let (send, repaint) = channel();
    // Nobody asks for frames of a window that is waited for no longer.
    window.ctx.set_request_repaint_callback(move |info| {
        let _ = send.send(info.delay);
    });
    let mut due = Instant::now();
    while !done(window) {
        while let Ok(delay) = repaint.recv_timeout(due.saturating_duration_since(Instant::now())) {
            due = due.min(Instant::now() + delay);
        }
        assert!(due < latest, "waited too long for: {what}");
        due = latest;
        window.step();
    }
}

pub(crate) fn wait_until_idle(window: &mut Window) {
    wait_until(window, "all work to end", |w| w.state_mut().is_idle());
    window.step();
}

pub(crate) fn shows(window: &Window, text: &str) -> bool {
    window.query_all_by_label_contains(text).next().is_some()
}

/// A photo of 96 × 64 pixels with 6144 colours.
pub(crate) fn write_slope(folder: &Path) -> PathBuf {
    write_slope_named(folder, "slope.png", 0)
}

/// The same with more red by so much, as another file.
pub(crate) fn write_slope_named(folder: &Path, name: &str, red: u8) -> PathBuf {
    let path = folder.join(name);
    let color = |x, y| {
        let [r, g, b] = slope_color(x, y);
        image::Rgb([r.wrapping_add(red), g, b])
    };
    image::RgbImage::from_fn(96, 64, color).save(&path).unwrap();
    path
}

pub(crate) fn slope_color(x: u32, y: u32) -> [u8; 3] {
    [(x * 2) as u8, (y * 3) as u8, (x + y) as u8]
}

/// The photo's tab with that photo; the pane of 16 colours is the chosen one.
pub(crate) fn window_with_slope() -> Window {
    let folder = tempfile::tempdir().unwrap();
    let path = write_slope(folder.path());
    // Opened at the start, so that no time goes into the sample photo.
    let mut w = window([1280.0, 800.0], egui::Theme::Dark, vec![path]);
    wait_until(&mut w, "the photo", |w| shows(w, "slope.png"));
    wait_until_idle(&mut w);
    w
}

/// On the photo's tab: nearest colours in all panes, and their settings one by one.
pub(crate) fn nearest_one_by_one(w: &mut Window) {
    for label in ["Nearest colours", "Custom"] {
        w.get_by_label(label).click();
        w.run_steps(3);
    }
    wait_until_idle(w);
    w.run_steps(2);
}

/// A file that is dropped.
#[derive(Debug)]
pub(crate) struct Dropped(pub(crate) PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|e| e.to_string())
    }
}

/// Drops files onto the first thing of that label.
pub(crate) fn drop_onto(window: &mut Window, label: &str, paths: &[&Path]) {
    let at = window.get_all_by_label_contains(label).next().unwrap_or_else(|| panic!("no {label}")).rect().center();
    window.hover_at(at);
    window.step();
    drop_files(window, paths);
}

/// Lets files hover for a frame, then drops them.
pub(crate) fn drop_files(window: &mut Window, paths: &[&Path]) {
    let hovered = |p: &&Path| egui::HoveredFile { path: Some(p.to_path_buf()), ..Default::default() };
    window.input_mut().hovered_files = paths.iter().map(hovered).collect();
    window.step();
    window.input_mut().hovered_files.clear();
    for path in paths {
        window.input_mut().dropped_files.push(Arc::new(Dropped(path.to_path_buf())));
    }
    window.step();
}
