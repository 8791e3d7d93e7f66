//! Panics as errors: what happened, and where in the sources.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};

thread_local! {
    /// Whether a panic of this thread is caught by [`caught`], which reports it: then nothing is printed.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Whether panics of every thread are reported by whoever catches them.
static QUIET: AtomicBool = AtomicBool::new(false);

/// The last panic of any thread: where it was, the hook alone is told.
static LAST: Mutex<Option<Panic>> = Mutex::new(None);

/// What a panic said, and where it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panic {
    /// In one line.
    pub text: String,
    place: Option<String>,
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{} ({place})", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// From now on no panic is printed by the thread that it happens in: the program says what it has caught.
pub fn keep_quiet() {
    watch();
    QUIET.store(true, Ordering::Relaxed);
}

/// Runs `work` on this thread; a panic in it becomes an error, and nothing is printed. Panics of other threads that
/// `work` starts are printed as ever.
///
/// # Errors
/// The panic.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Panic> {
    watch();
    let outer = CAUGHT.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(outer);
    outcome.map_err(|payload| {
        let text = text_of(&*payload);
        let last = LAST.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // It may have come through a pool from another thread, and another may have happened since.
        let place = last.filter(|last| last.text == text).and_then(|last| last.place);
        Panic { text, place }
    })
}

/// The hook is the process's; it is wrapped once, and passes on what is not caught here.
fn watch() {
    static WRAPPED: Once = Once::new();
    WRAPPED.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place = info.location().map(|at| format!("{}:{}", in_sources(at.file()), at.line()));
            let panic = Panic { text: text_of(info.payload()), place };
            *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
            if !CAUGHT.get() && !QUIET.load(Ordering::Relaxed) {
                before(info);
            }
        }));
    });
}

fn text_of(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|s| (*s).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    text.map_or_else(|| "no message".to_owned(), |text| text.replace(char::is_control, " "))
}

/// The path of a source file from `src` on, after the name of the library where it is another's: where the sources lay
/// on the machine that the program was built on is no one else's business.
pub fn in_sources(path: &str) -> &str {
    match path.rfind("/src/") {
        Some(at) => &path[path[..at].rfind('/').map_or(0, |before| before + 1)..],
        None => path,
    }
}
