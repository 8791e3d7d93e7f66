//! One job after another, always the newest that was asked for, on a thread that is there while there are jobs: a
//! program with many slots has few threads, and no more memory of their own, once it is at rest.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use super::wake::{Wake, lower_priority};
use crate::engine::control::{Control, Failure};
use crate::panics::caught;

/// What a job hands over, with the number of the request it belongs to.
pub(super) struct Message<T> {
    pub request: u64,
    pub content: Content<T>,
}

pub(super) enum Content<T> {
    Value { value: T, last: bool },
    Failed(Failure),
    Done,
}

/// Messages that nobody has taken yet.
type Outbox<T> = Arc<Mutex<Vec<Message<T>>>>;

/// Where a job sends its values.
pub struct Emit<'a, T> {
    request: u64,
    outbox: &'a Outbox<T>,
    wake: &'a Wake,
    watch: &'a Watch,
}

impl<T> Emit<'_, T> {
    /// A value that a better one will follow, or one of many.
    pub fn emit(&self, value: T) {
        self.send(Content::Value { value, last: false });
        self.watch.has_value();
    }

    /// The result as it stays: worth keeping for when the same is asked for again.
    pub fn emit_final(&self, value: T) {
        self.send(Content::Value { value, last: true });
        self.watch.has_value();
    }

    /// Sends first, then wakes: the window must find what it was woken for.
    fn send(&self, content: Content<T>) {
        locked(self.outbox).push(Message { request: self.request, content });
        (self.wake)();
    }
}

type Work<T> = Box<dyn FnOnce(&Emit<'_, T>, &Control<'_>) -> Result<(), Failure> + Send>;

/// One piece of work with the way that its values go: what a thread runs, whatever the values are, so that threads and
/// their queues are compiled once.
type Run = Box<dyn FnOnce(&Watch) + Send>;

struct Job {
    run: Run,
    watch: Arc<Watch>,
}

/// When a newer request stops the job that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StopWhen {
    AtOnce,
    /// When it has handed over a value.
    AfterAValue,
}

/// The stop flag and the progress of one job.
#[derive(Default)]
pub(super) struct Watch {
    stop: AtomicBool,
    progress: AtomicU32,
    /// It has handed over a value.
    valued: AtomicBool,
    /// It goes on to its first value only.
    superseded: AtomicBool,
}

impl Watch {
    fn supersede(&self, stop_when: StopWhen) {
        self.superseded.store(true, Ordering::SeqCst);
        if stop_when == StopWhen::AtOnce || self.valued.load(Ordering::SeqCst) {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    fn has_value(&self) {
        self.valued.store(true, Ordering::SeqCst);
        if self.superseded.load(Ordering::SeqCst) {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    pub fn progress(&self) -> f32 {
        f32::from_bits(self.progress.load(Ordering::Relaxed))
    }
}

struct Mailbox {
    pending: Option<Job>,
    /// A thread takes what is pending, or waits for it still.
    is_served: bool,
    closed: bool,
}

/// How long a thread waits for another job before it ends: a hand that drags asks for one each frame.
const LINGER: Duration = Duration::from_millis(500);

/// What a worker and its thread share.
struct Shared {
    mailbox: Mutex<Mailbox>,
    bell: Condvar,
    /// Whether the thread is at a job, wanted or not.
    working: AtomicBool,
}

#[cfg(test)]
thread_local! {
    static ALIVE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How many slots and sweeps there are that this thread has made.
#[cfg(test)]
pub(crate) fn alive() -> usize {
    ALIVE.get()
}

pub(super) struct Worker<T> {
    thread: Thread,
    outbox: Outbox<T>,
    wake: Wake,
    last_request: u64,
}

impl<T: Send + 'static> Worker<T> {
    pub fn new(wake: Wake) -> Self {
        Self { thread: Thread::new(), outbox: Outbox::default(), wake, last_request: 0 }
    }

    /// Puts this in the place of what runs, which gives way; returns the request's number.
    pub fn start(&mut self, work: Work<T>, stop_when: StopWhen) -> u64 {
        self.last_request += 1;
        let (request, outbox, wake) = (self.last_request, self.outbox.clone(), self.wake.clone());
        let run = move |watch: &Watch| {
            let emit = Emit { request, outbox: &outbox, wake: &wake, watch };
            let ended = outcome(watch, Box::new(|control| work(&emit, control)));
            emit.send(ended.map_or_else(Content::Failed, |()| Content::Done));
        };
        if let Err(why) = self.thread.start(Box::new(run), stop_when) {
            let failure = Failure::Message(format!("no thread can be had for it: {why}"));
            locked(&self.outbox).push(Message { request, content: Content::Failed(failure) });
            (self.wake)();
        }
        request
    }

    pub fn stop(&mut self) {
        self.thread.stop();
    }

    pub fn is_working(&self) -> bool {
        self.thread.shared.working.load(Ordering::Relaxed)
    }

    pub fn progress(&self) -> Option<f32> {
        self.thread.watches.last().map(|watch| watch.progress())
    }

    /// What has come, of whatever request, in the order of the requests.
    pub fn receive(&mut self) -> Vec<Message<T>> {
        std::mem::take(&mut *locked(&self.outbox))
    }
}

/// A thread that is there while it has jobs, and a little longer.
struct Thread {
    shared: Arc<Shared>,
    /// Of the jobs that may run still, the wanted one last.
    watches: Vec<Arc<Watch>>,
}

impl Thread {
    fn new() -> Self {
        #[cfg(test)]
        ALIVE.set(ALIVE.get() + 1);
        let mailbox = Mutex::new(Mailbox { pending: None, is_served: false, closed: false });
        let shared = Arc::new(Shared { mailbox, bell: Condvar::new(), working: AtomicBool::new(false) });
        Self { shared, watches: Vec::new() }
    }

    fn start(&mut self, run: Run, stop_when: StopWhen) -> std::io::Result<()> {
        // A job that has ended, or never began, has let go of its own.
        self.watches.retain(|watch| Arc::strong_count(watch) > 1);
        self.watches.iter().for_each(|watch| watch.supersede(stop_when));
        let watch = Arc::new(Watch::default());
        self.watches.push(watch.clone());
        let mut mailbox = locked(&self.shared.mailbox);
        mailbox.pending = Some(Job { run, watch });
        if mailbox.is_served {
            self.shared.bell.notify_one();
            return Ok(());
        }
        let shared = self.shared.clone();
        let body = move || {
            lower_priority();
            run_jobs(&shared);
        };
        let started = std::thread::Builder::new().name("quantscope-job".to_owned()).spawn(body).map(drop);
        mailbox.is_served = started.is_ok();
        if started.is_err() {
            mailbox.pending = None;
        }
        started
    }

    fn stop(&mut self) {
        self.watches.drain(..).for_each(|watch| watch.supersede(StopWhen::AtOnce));
        locked(&self.shared.mailbox).pending = None;
    }
}

impl Drop for Thread {
    /// Asks the thread to end and does not wait for it.
    fn drop(&mut self) {
        #[cfg(test)]
        ALIVE.set(ALIVE.get() - 1);
        self.stop();
        locked(&self.shared.mailbox).closed = true;
        self.shared.bell.notify_one();
    }
}

fn run_jobs(shared: &Shared) {
    while let Some(Job { run, watch }) = next_job(shared) {
        shared.working.store(true, Ordering::Relaxed);
        run(&watch);
        shared.working.store(false, Ordering::Relaxed);
    }
}

fn next_job(shared: &Shared) -> Option<Job> {
    let none_yet = |mailbox: &mut Mailbox| !mailbox.closed && mailbox.pending.is_none();
    let waited = shared.bell.wait_timeout_while(locked(&shared.mailbox), LINGER, none_yet);
    let (mut mailbox, _) = waited.unwrap_or_else(|poisoned| poisoned.into_inner());
    let job = mailbox.pending.take();
    // Said under the lock: what is asked for from now on starts another thread.
    mailbox.is_served = job.is_some();
    job
}

type Piece<'a> = Box<dyn FnOnce(&Control<'_>) -> Result<(), Failure> + 'a>;

/// How a piece of work ends; a panic is one of its failures.
fn outcome(watch: &Watch, work: Piece<'_>) -> Result<(), Failure> {
    let progress = |done: f32| watch.progress.store(done.clamp(0.0, 1.0).to_bits(), Ordering::Relaxed);
    let control = Control::new(&watch.stop, &progress);
    match caught(|| work(&control)) {
        // Said by nobody: then it is a failure under a false name.
        Ok(Err(Failure::Stopped)) if !watch.stop.load(Ordering::Relaxed) => {
            Err(Failure::Message(FALSE_STOP.to_owned()))
        }
        Ok(ended) => ended,
        Err(why) => Err(Failure::Message(format!("unexpected failure: {why}"))),
    }
}

const FALSE_STOP: &str = "unexpected failure: the work ended as if it had been stopped";

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
