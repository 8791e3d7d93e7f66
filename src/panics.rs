//! Panics of decoders, which others wrote and which are fed what strangers made, as errors.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Whether a panic of this thread is caught by [`caught`], which reports it: then nothing is printed.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` on this thread; a panic in it becomes an error with the panic's message, and nothing is printed.
/// Panics of other threads that `work` starts are printed as ever.
///
/// # Errors
/// The message of the panic, in one line.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    silence_caught_panics();
    let outer = CAUGHT.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(outer);
    outcome.map_err(|payload| text_of(&*payload).replace(char::is_control, " "))
}

/// The hook is the process's; it is wrapped once, and passes on what is not caught here.
fn silence_caught_panics() {
    static WRAPPED: Once = Once::new();
    WRAPPED.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !CAUGHT.get() {
                before(info);
            }
        }));
    });
}

/// What a panic says.
pub fn text_of(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_one_line_and_the_next_call_works() {
        assert_eq!(caught(|| -> u8 { panic!("index {} of\n3", 7) }), Err("index 7 of 3".to_owned()));
        assert_eq!(caught(|| 3), Ok(3));
        assert!(!CAUGHT.get(), "panics outside are printed again");
    }

    #[test]
    fn a_caught_panic_inside_another_call_ends_with_it() {
        let inner = || {
            let inner = caught(|| panic!("inner"));
            assert!(CAUGHT.get());
            inner
        };
        assert_eq!(caught(inner), Ok(Err::<(), _>("inner".to_owned())));
    }
}
