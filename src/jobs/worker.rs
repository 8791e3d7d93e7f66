//! One named thread that does one job after another, always the newest that was asked for.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use super::{Failure, Wake, step_back};
use crate::engine::control::Control;
use crate::panics;

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

/// Where a job sends its values.
pub struct Emit<'a, T> {
    request: u64,
    send: &'a Mutex<Sender<Message<T>>>,
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
        // The receiver is gone when the slot is: then nobody waits for the value.
        let _ = locked(self.send).send(Message { request: self.request, content });
        (self.wake)();
    }
}

type Work<T> = Box<dyn FnOnce(&Emit<'_, T>, &Control<'_>) -> Result<(), Failure> + Send>;

struct Job<T> {
    request: u64,
    work: Work<T>,
    watch: Arc<Watch>,
}

/// When a newer request stops the job that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Giving {
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
    fn supersede(&self, giving: Giving) {
        self.superseded.store(true, Ordering::SeqCst);
        if giving == Giving::AtOnce || self.valued.load(Ordering::SeqCst) {
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

struct Mailbox<T> {
    pending: Option<Job<T>>,
    closed: bool,
}

type Shared<T> = Arc<(Mutex<Mailbox<T>>, Condvar)>;

pub(super) struct Worker<T> {
    mailbox: Shared<T>,
    inbox: Receiver<Message<T>>,
    /// Of the jobs that may run still, the wanted one last.
    watches: Vec<Arc<Watch>>,
    last_request: u64,
    /// Whether the thread is at a job, wanted or not.
    working: Arc<AtomicBool>,
}

impl<T: Send + 'static> Worker<T> {
    pub fn new(name: &str, wake: Wake) -> Self {
        let mailbox: Shared<T> = Arc::new((Mutex::new(Mailbox { pending: None, closed: false }), Condvar::new()));
        let (send, inbox) = channel();
        let (jobs, working) = (mailbox.clone(), Arc::new(AtomicBool::new(false)));
        let at_work = working.clone();
        let body = move || {
            step_back();
            run_jobs(&jobs, &Mutex::new(send), &wake, &at_work);
        };
        // Without a thread every request stays pending and the status bar says so; nothing is lost.
        let _ = std::thread::Builder::new().name(format!("quantscope-{name}")).spawn(body);
        Self { mailbox, inbox, watches: Vec::new(), last_request: 0, working }
    }

    /// Puts this in the place of what runs, which gives way; returns the request's number.
    pub fn start(&mut self, work: Work<T>, giving: Giving) -> u64 {
        // A job that has ended, or never began, has let go of its own.
        self.watches.retain(|watch| Arc::strong_count(watch) > 1);
        self.watches.iter().for_each(|watch| watch.supersede(giving));
        self.last_request += 1;
        let watch = Arc::new(Watch::default());
        self.watches.push(watch.clone());
        let (lock, bell) = &*self.mailbox;
        locked(lock).pending = Some(Job { request: self.last_request, work, watch });
        bell.notify_one();
        self.last_request
    }

    pub fn stop(&mut self) {
        self.watches.drain(..).for_each(|watch| watch.supersede(Giving::AtOnce));
        locked(&self.mailbox.0).pending = None;
    }

    pub fn is_working(&self) -> bool {
        self.working.load(Ordering::Relaxed)
    }

    pub fn progress(&self) -> Option<f32> {
        self.watches.last().map(|watch| watch.progress())
    }

    /// What has come, of whatever request, in the order of the requests.
    pub fn receive(&mut self) -> Vec<Message<T>> {
        self.inbox.try_iter().collect()
    }
}

impl<T> Drop for Worker<T> {
    /// Asks the thread to end and does not wait for it.
    fn drop(&mut self) {
        self.watches.iter().for_each(|watch| watch.supersede(Giving::AtOnce));
        let (lock, bell) = &*self.mailbox;
        let mut mailbox = locked(lock);
        mailbox.closed = true;
        mailbox.pending = None;
        bell.notify_one();
    }
}

fn run_jobs<T>(mailbox: &Shared<T>, send: &Mutex<Sender<Message<T>>>, wake: &Wake, working: &AtomicBool) {
    while let Some(job) = next_job(mailbox) {
        working.store(true, Ordering::Relaxed);
        let watch = job.watch;
        let emit = Emit { request: job.request, send, wake, watch: &watch };
        let progress = |done: f32| watch.progress.store(done.clamp(0.0, 1.0).to_bits(), Ordering::Relaxed);
        let control = Control::new(&watch.stop, &progress);
        let work = job.work;
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&emit, &control)));
        working.store(false, Ordering::Relaxed);
        emit.send(match outcome {
            Ok(Ok(())) => Content::Done,
            Ok(Err(failure)) => Content::Failed(failure),
            Err(panic) => {
                Content::Failed(Failure::Message(format!("unexpected failure: {}", panics::text_of(&*panic))))
            }
        });
    }
}

fn next_job<T>(mailbox: &Shared<T>) -> Option<Job<T>> {
    let (lock, bell) = &**mailbox;
    let mut mailbox = locked(lock);
    loop {
        if mailbox.closed {
            return None;
        }
        if let Some(job) = mailbox.pending.take() {
            return Some(job);
        }
        mailbox = bell.wait(mailbox).unwrap_or_else(|poisoned| poisoned.into_inner());
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
