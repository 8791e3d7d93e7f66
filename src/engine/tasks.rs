//! Work in parts, on as many threads as there are.
//!
//! A thread that does not belong to the pool sleeps until the pool has done what it asked for, some 20 µs for each
//! time, more on a busy machine: too much for the rounds of a fit, which are as short. So a single part is done where
//! it is asked for, and so are all of them where there is one thread; [`together`] brings a whole fit into a pool.
//! The results are the same in every case.

use std::cell::OnceCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};

use rayon::ThreadPool;
use rayon::prelude::*;

/// Threads that work on one fit, at most: with more its rounds spend their time waiting for each other.
const MOST_TOGETHER: usize = 8;

/// The result of each part, in order.
pub fn map<P: Send, T: Send>(parts: impl ExactSizeIterator<Item = P>, work: impl Fn(usize, P) -> T + Sync) -> Vec<T> {
    if parts.len() < 2 || rayon::current_num_threads() < 2 {
        return parts.enumerate().map(|(i, part)| work(i, part)).collect();
    }
    let parts: Vec<Mutex<Option<P>>> = parts.map(|part| Mutex::new(Some(part))).collect();
    let done: Vec<Mutex<Option<T>>> = parts.iter().map(|_| Mutex::new(None)).collect();
    each(parts.len(), &|i| {
        if let Some(part) = inner(&parts[i]).take() {
            let result = work(i, part);
            *inner(&done[i]) = Some(result);
        }
    });
    done.into_iter().filter_map(|result| result.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())).collect()
}

/// Does the work of every number below `count`. The only place where threads share work out, and not generic: what
/// they need is compiled once and not for each kind of part and result.
fn each(count: usize, work: &(dyn Fn(usize) + Sync)) {
    // One by one: parts take unequal times, and few of them would otherwise be given out in lumps.
    (0..count).into_par_iter().with_max_len(1).for_each(work);
}

fn inner<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// So many of one value, written by all threads: memory that is new to the program costs as much as the work on it.
pub fn filled<T: Copy + Send + Sync>(value: T, len: usize) -> Vec<T> {
    const FEWEST: usize = 1 << 16;
    if len < FEWEST || rayon::current_num_threads() < 2 {
        return vec![value; len];
    }
    rayon::iter::repeat_n(value, len).with_min_len(FEWEST).collect()
}

/// In ascending order.
pub fn sort<T: Ord + Send>(items: &mut [T]) {
    const FEWEST: usize = 1 << 12;
    if items.len() < FEWEST || rayon::current_num_threads() < 2 {
        items.sort_unstable()
    } else {
        items.par_sort_unstable()
    }
}

/// Sums over many items, one a thread: each thread takes the next `band` of them when it is done with the last, so that
/// none waits for another. Which items a sum is of is left to chance: only for what adds up the same in any order.
pub fn gather<I: Sync, S: Send>(
    items: &[I],
    band: usize,
    new: impl Fn() -> S + Sync,
    add: impl Fn(&mut S, &[I]) + Sync,
) -> Vec<S> {
    let next = AtomicUsize::new(0);
    let threads = rayon::current_num_threads().min(items.len().div_ceil(band));
    let band = if threads < 2 { items.len().max(1) } else { band };
    let sums = map(0..threads.max(1), |_, _| {
        let mut sum = None;
        while let Some(rest) = items.get(next.fetch_add(band, Ordering::Relaxed)..).filter(|rest| !rest.is_empty()) {
            add(sum.get_or_insert_with(&new), rest.get(..band).unwrap_or(rest));
        }
        sum
    });
    sums.into_iter().flatten().collect()
}

/// Does work with many short parallel steps in a pool of its own. In the common pool a thread that waits for a part
/// would take up whatever else was asked for meanwhile, and be gone for as long as that takes.
pub fn together<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread_local! {
        /// To start threads takes as long as a tenth of a fast fit, so a pool is kept for the next one that is asked for
        /// by the same thread, and ends with it.
        static POOL: OnceCell<Option<ThreadPool>> = const { OnceCell::new() };
    }
    let threads = rayon::current_num_threads().min(MOST_TOGETHER);
    if threads < 2 || rayon::current_thread_index().is_some() {
        return work();
    }
    let builder = || rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("fit-{i}"));
    POOL.with(|pool| match pool.get_or_init(|| builder().build().ok()) {
        Some(pool) => pool.install(work),
        None => work(),
    })
}
