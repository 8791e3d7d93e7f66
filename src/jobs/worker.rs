//! One job after another, always the newest that was asked for, on a thread that is there while there are jobs: a
//! program with many slots has few threads, and no more memory of their own, once it is at rest.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use super::{Failure, Wake, step_back};
use crate::engine::control::Control;
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
    /// A thread takes what is pending, or waits for it still.
    is_served: bool,
    closed: bool,
}

/// How long a thread waits for another job before it ends: a hand that drags asks for one each frame.
const LINGER: Duration = Duration::from_millis(500);

type Shared<T> = Arc<(Mutex<Mailbox<T>>, Condvar)>;

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
    mailbox: Shared<T>,
    inbox: Receiver<Message<T>>,
    send: Sender<Message<T>>,
    wake: Wake,
    /// Of the jobs that may run still, the wanted one last.
    watches: Vec<Arc<Watch>>,
    last_request: u64,
    /// Whether the thread is at a job, wanted or not.
    working: Arc<AtomicBool>,
}

impl<T: Send + 'static> Worker<T> {
    pub fn new(wake: Wake) -> Self {
        #[cfg(test)]
        ALIVE.set(ALIVE.get() + 1);
        let mailbox =
            Arc::new((Mutex::new(Mailbox { pending: None, is_served: false, closed: false }), Condvar::new()));
        let (send, inbox) = channel();
        Self { mailbox, inbox, send, wake, watches: Vec::new(), last_request: 0, working: Arc::default() }
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
        let mut mailbox = locked(lock);
        mailbox.pending = Some(Job { request: self.last_request, work, watch });
        if mailbox.is_served {
            bell.notify_one();
        } else {
            match self.serve() {
                Ok(()) => mailbox.is_served = true,
                Err(why) => {
                    mailbox.pending = None;
                    let failure = Failure::Message(format!("no thread can be had for it: {why}"));
                    // The receiver is here.
                    let _ = self.send.send(Message { request: self.last_request, content: Content::Failed(failure) });
                    (self.wake)();
                }
            }
        }
        self.last_request
    }

    /// Starts a thread for what is pending.
    fn serve(&self) -> std::io::Result<()> {
        let (mailbox, send, wake, working) =
            (self.mailbox.clone(), Mutex::new(self.send.clone()), self.wake.clone(), self.working.clone());
        let body = move || {
            step_back();
            run_jobs(&mailbox, &send, &wake, &working);
        };
        std::thread::Builder::new().name("quantscope-job".to_owned()).spawn(body).map(drop)
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
        #[cfg(test)]
        ALIVE.set(ALIVE.get() - 1);
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
        let outcome = caught(|| work(&emit, &control));
        working.store(false, Ordering::Relaxed);
        let was_stopped = watch.stop.load(Ordering::Relaxed);
        emit.send(match outcome {
            Ok(Ok(())) => Content::Done,
            // Said by nobody: then it is a failure under a false name.
            Ok(Err(Failure::Stopped)) if !was_stopped => Content::Failed(Failure::Message(FALSE_STOP.to_owned())),
            Ok(Err(failure)) => Content::Failed(failure),
            Err(why) => Content::Failed(Failure::Message(format!("unexpected failure: {why}"))),
        });
    }
}

const FALSE_STOP: &str = "unexpected failure: the work ended as if it had been stopped";

fn next_job<T>(mailbox: &Shared<T>) -> Option<Job<T>> {
    let (lock, bell) = &**mailbox;
    let none_yet = |mailbox: &mut Mailbox<T>| !mailbox.closed && mailbox.pending.is_none();
    let waited = bell.wait_timeout_while(locked(lock), LINGER, none_yet);
    let (mut mailbox, _) = waited.unwrap_or_else(|poisoned| poisoned.into_inner());
    let job = mailbox.pending.take();
    // Said under the lock: what is asked for from now on starts another thread.
    mailbox.is_served = job.is_some();
    job
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
