//! A log of what happened when, for measuring and for end-to-end tests: one JSON object a line.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

/// Frames longer than this are logged one by one.
const SLOW_FRAME_MILLIS: f64 = 33.0;

pub struct Timings {
    start: Instant,
    file: Option<File>,
    frames: u64,
    slowest: f64,
}

impl Timings {
    /// # Errors
    /// A sentence for people when the file cannot be written.
    pub fn new(path: Option<&Path>) -> Result<Self, String> {
        let open =
            |p: &Path| File::options().create(true).append(true).open(p).map_err(|e| format!("{}: {e}", p.display()));
        Ok(Self { start: Instant::now(), file: path.map(open).transpose()?, frames: 0, slowest: 0.0 })
    }

    pub fn event(&mut self, name: &str, details: Value) {
        let Some(file) = &mut self.file else { return };
        let mut line = json!({ "ms": self.start.elapsed().as_secs_f64() * 1000.0, "event": name });
        if let (Some(line), Value::Object(details)) = (line.as_object_mut(), details) {
            line.extend(details);
        }
        // In one piece: it is read while it is written. A log that cannot be written is no reason to stop working.
        let _ = file.write_all(format!("{line}\n").as_bytes());
    }

    /// `millis`: what the frame cost on the UI thread, or the whole of the last one with its painting if
    /// that was more.
    pub fn frame(&mut self, millis: f64) {
        self.frames += 1;
        self.slowest = self.slowest.max(millis);
        if self.frames == 1 {
            self.event("first_frame", json!({ "frame_ms": millis }));
        } else if millis > SLOW_FRAME_MILLIS {
            self.event("slow_frame", json!({ "frame_ms": millis, "frame": self.frames }));
        }
    }
}

impl Drop for Timings {
    fn drop(&mut self) {
        let (frames, slowest) = (self.frames, self.slowest);
        self.event("exit", json!({ "frames": frames, "slowest_frame_ms": slowest }));
    }
}
