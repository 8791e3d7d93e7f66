//! A log of what happened when, for measuring and for end-to-end tests: one JSON object a line.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

/// Frames longer than this are logged one by one.
const SLOW_FRAME_MILLIS: f64 = 33.0;

/// A log of events and slow frames; without a file it counts frames and writes nothing.
pub struct Timings {
    start: Instant,
    file: Option<File>,
    frames: u64,
    slowest: f64,
}

impl Timings {
    /// Opens the log at `path`, to add to what it holds; without a path nothing is written.
    ///
    /// # Errors
    /// A sentence for people when the file cannot be written, or is none of these logs: nothing else is added to.
    pub fn new(path: Option<&Path>) -> Result<Self, String> {
        let open = |p: &Path| open_log(p).map_err(|e| format!("{}: {e}", p.display()));
        Ok(Self { start: Instant::now(), file: path.map(open).transpose()?, frames: 0, slowest: 0.0 })
    }

    /// Adds a line to the log, if there is one: milliseconds since the start, `name`, and the fields of `details`.
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

fn open_log(path: &Path) -> std::io::Result<File> {
    let mut file = File::options().create(true).append(true).read(true).open(path)?;
    let mut first = [0];
    // A device has nothing that could be spoilt, and may have nothing to read yet.
    let is_other = file.metadata()?.is_file() && file.read(&mut first)? > 0 && first != *b"{";
    match is_other {
        true => Err(std::io::Error::other("it is no log of this program, and is left as it is; give another name")),
        false => Ok(file),
    }
}

impl Drop for Timings {
    fn drop(&mut self) {
        let (frames, slowest) = (self.frames, self.slowest);
        self.event("exit", json!({ "frames": frames, "slowest_frame_ms": slowest }));
    }
}
