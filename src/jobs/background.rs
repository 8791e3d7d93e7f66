//! Long work on many items, behind whatever is looked at.
//!
//! A thread of a pool takes the next part of the work that it is in before it takes new work: a sweep over all
//! tensors, once begun, would keep the pool that all jobs share from every other job until it is done. So each sweep
//! has a pool of its own for as long as it runs, and the system lets the shared pool's threads go first: on two cores
//! a sweep beside a reduction gets about a tenth of the time, and all of it when nothing else runs.

/// Added to the niceness of the thread that asks: two parts in three go to work that is not in the background, and even beside a
/// window that draws all the time enough is left to come to an end.
#[cfg(target_os = "linux")]
const NICE: i32 = 3;

/// Does the work on threads of its own, as many as there are cores; `rayon`'s parallel iterators inside use those.
pub fn in_background<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let name = |i: usize| format!("quantscope-sweep-{i}");
    match rayon::ThreadPoolBuilder::new().thread_name(name).start_handler(|_| go_last()).build() {
        Ok(pool) => pool.install(work),
        // Without threads of its own it takes its turn among the others.
        Err(_) => work(),
    }
}

fn go_last() {
    // Where the system refuses, the threads share the time evenly.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICE);
}

/// Lets the window's own thread go first from now on. For threads that work for it: on a machine with few
/// cores a frame would otherwise wait behind them.
pub fn lower_priority() {
    // Where the system refuses, work goes on as it was.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(5);
}
