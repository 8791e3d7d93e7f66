//! Work in parts, on as many threads as there are.
//!
//! A thread that does not belong to the pool sleeps until the pool has done what it asked for, some 20 µs for each
//! time, more on a busy machine: too much for the rounds of a fit, which are as short. So a single part is done where
//! it is asked for, and so are all of them where there is one thread; [`together`] brings a whole fit into a pool.
//! The results are the same in every case.

use std::sync::Mutex;

use rayon::ThreadPool;
use rayon::prelude::*;

/// Threads that work on one fit, at most: with more its rounds spend their time waiting for each other.
const MOST_TOGETHER: usize = 8;

/// The result of each part, in order.
pub fn map<P: Send, T: Send>(parts: impl ExactSizeIterator<Item = P>, work: impl Fn(usize, P) -> T + Sync) -> Vec<T> {
    if parts.len() < 2 || rayon::current_num_threads() < 2 {
        return parts.enumerate().map(|(i, part)| work(i, part)).collect();
    }
    let parts: Vec<P> = parts.collect();
    parts.into_par_iter().enumerate().map(|(i, part)| work(i, part)).collect()
}

/// Does work with many short parallel steps in a pool of its own. In the common pool a thread that waits for a part
/// would take up whatever else was asked for meanwhile, and be gone for as long as that takes.
pub fn together<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let threads = rayon::current_num_threads().min(MOST_TOGETHER);
    if threads < 2 || rayon::current_thread_index().is_some() {
        return work();
    }
    // To start threads takes as long as a tenth of a fast fit, so pools that are done are kept for the next.
    static IDLE: Mutex<Vec<ThreadPool>> = Mutex::new(Vec::new());
    let idle = || IDLE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let kept = idle().pop();
    let builder = || rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("fit {i}"));
    match kept.map_or_else(|| builder().build(), Ok) {
        Ok(pool) => {
            let done = pool.install(work);
            idle().push(pool);
            done
        }
        Err(_) => work(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_parts_whatever_the_number_of_threads() {
        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let found = pool.install(|| map((0..100).map(|i| i * 3), |i, part| (i, part)));
            assert!(found.into_iter().eq((0..100).map(|i| (i, i * 3))));
        }
        assert!(map(std::iter::empty::<u8>(), |_, part| part).is_empty());
        assert_eq!(together(|| map([1, 2, 3].into_iter(), |_, part| part * 2)), [2, 4, 6]);
    }
}
