//! Threads that all slots and sweeps share. A piece of work never waits behind another: it is taken by a thread that is
//! idle, or a new one. A thread that stays idle ends, so that a window at rest has none of them.

use std::collections::VecDeque;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::background::lower_priority;

/// How long a thread waits for another piece before it ends: a hand that drags asks for one each frame.
const LINGER: Duration = Duration::from_millis(500);

pub(super) type Piece = Box<dyn FnOnce() + Send>;

struct Threads {
    /// At most one for each idle thread.
    pieces: VecDeque<Piece>,
    idle: usize,
}

static THREADS: Mutex<Threads> = Mutex::new(Threads { pieces: VecDeque::new(), idle: 0 });
static HAS_PIECE: Condvar = Condvar::new();

/// A mutex that stays usable after a panic: no statement in this room leaves what it guards half changed.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has a thread do the piece.
///
/// # Errors
/// The system's, when no thread can be had.
pub(super) fn run(piece: Piece) -> io::Result<()> {
    let mut threads = locked(&THREADS);
    if threads.pieces.len() < threads.idle {
        threads.pieces.push_back(piece);
        HAS_PIECE.notify_one();
        return Ok(());
    }
    let body = move || {
        lower_priority();
        let mut next = Some(piece);
        while let Some(piece) = next {
            piece();
            next = next_piece();
        }
    };
    std::thread::Builder::new().name("quantscope-job".to_owned()).spawn(body).map(drop)
}

/// None when there was none for so long that the thread is to end.
fn next_piece() -> Option<Piece> {
    let mut threads = locked(&THREADS);
    threads.idle += 1;
    let waited = HAS_PIECE.wait_timeout_while(threads, LINGER, |threads| threads.pieces.is_empty());
    let (mut threads, _) = waited.unwrap_or_else(PoisonError::into_inner);
    threads.idle -= 1;
    threads.pieces.pop_front()
}
