//! How far long work is, on the terminal's error stream; nothing where that is no terminal.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

pub(super) struct Progress {
    what: &'static str,
    total: usize,
    state: Option<Mutex<State>>,
}

struct State {
    done: usize,
    shown_at: Instant,
}

const EVERY: Duration = Duration::from_millis(100);

impl Progress {
    pub(super) fn new(what: &'static str, total: usize) -> Self {
        let state = std::io::stderr().is_terminal().then(|| Mutex::new(State { done: 0, shown_at: Instant::now() }));
        Self { what, total: total.max(1), state }
    }

    pub(super) fn one_more(&self) {
        self.show(|state| {
            state.done += 1;
            state.done as f32 / self.total as f32
        });
    }

    /// 0 to 1.
    pub(super) fn share(&self, share: f32) {
        self.show(|_| share);
    }

    fn show(&self, share: impl FnOnce(&mut State) -> f32) {
        let Some(state) = &self.state else { return };
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let share = share(&mut state);
        if state.shown_at.elapsed() >= EVERY {
            state.shown_at = Instant::now();
            // A terminal that is gone shows nothing.
            let _ = write!(std::io::stderr(), "\r{} {:.0} % ", self.what, share * 100.0);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.state.is_some() {
            let _ = write!(std::io::stderr(), "\r{:width$}\r", "", width = self.what.len() + 8);
        }
    }
}
