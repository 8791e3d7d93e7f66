//! One job after another, always the newest that was asked for.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use super::threads::{self, locked};
use super::turn;
use crate::engine::control::{Control, Failure};
use crate::panics::caught;

/// Called after a result was sent, from the worker's thread: wakes the window.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

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

/// How far the work is that is wanted.
#[derive(PartialEq)]
pub(super) enum State {
    Idle,
    Running,
    Cancelled,
    Failed(String),
    Complete,
}

impl From<Failure> for State {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Message(why) => Self::Failed(why),
            Failure::Stopped => Self::Cancelled,
        }
    }
}

/// Messages that have not been taken yet.
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

type Task<T> = Box<dyn FnOnce(&Emit<'_, T>, &Control<'_>) -> Result<(), Failure> + Send>;

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
            self.stop();
        }
    }

    fn has_value(&self) {
        self.valued.store(true, Ordering::SeqCst);
        if self.superseded.load(Ordering::SeqCst) {
            self.stop();
        }
    }

    fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        turn::wake_stopped();
    }

    pub(super) fn progress(&self) -> f32 {
        f32::from_bits(self.progress.load(Ordering::Relaxed))
    }
}

/// What the jobs of a worker and the thread that does them share.
#[derive(Default)]
struct Mailbox {
    pending: Option<Job>,
    /// A thread does its jobs, or is about to.
    is_served: bool,
}

pub(super) struct Worker<T> {
    pub work: Work,
    outbox: Outbox<T>,
    wake: Wake,
    last_request: u64,
}

impl<T: Send + 'static> Worker<T> {
    pub(super) fn new(doing: &'static str, wake: Wake) -> Self {
        Self { work: Work::new(doing), outbox: Outbox::default(), wake, last_request: 0 }
    }

    /// Puts this in the place of what runs, which gives way; returns the request's number.
    pub(super) fn start(&mut self, work: Task<T>, stop_when: StopWhen) -> u64 {
        self.last_request += 1;
        let (request, outbox, wake) = (self.last_request, self.outbox.clone(), self.wake.clone());
        let run = move |watch: &Watch| {
            let emit = Emit { request, outbox: &outbox, wake: &wake, watch };
            let ended = outcome(watch, Box::new(|control| work(&emit, control)));
            emit.send(ended.map_or_else(Content::Failed, |()| Content::Done));
        };
        if let Err(why) = self.work.start(Box::new(run), stop_when) {
            let failure = Failure::Message(format!("no thread can be had for it: {why}"));
            locked(&self.outbox).push(Message { request, content: Content::Failed(failure) });
            (self.wake)();
        }
        request
    }

    pub(super) fn is_working(&self) -> bool {
        locked(&self.work.mailbox).is_served
    }

    /// What has come, of whatever request, in the order of the requests.
    pub(super) fn receive(&mut self) -> Vec<Message<T>> {
        std::mem::take(&mut *locked(&self.outbox))
    }
}

/// The jobs of one slot or sweep: one runs at a time, and of those that wait the newest alone is left.
pub struct Work {
    /// What they do, in words for people.
    pub(super) doing: &'static str,
    pub(super) state: State,
    mailbox: Arc<Mutex<Mailbox>>,
    /// Of the jobs that may run still, the wanted one last.
    watches: Vec<Arc<Watch>>,
}

impl Work {
    fn new(doing: &'static str) -> Self {
        Self { doing, state: State::Idle, mailbox: Arc::default(), watches: Vec::new() }
    }

    fn start(&mut self, run: Run, stop_when: StopWhen) -> std::io::Result<()> {
        // A job that has ended, or never began, has let go of its own.
        self.watches.retain(|watch| Arc::strong_count(watch) > 1);
        self.watches.iter().for_each(|watch| watch.supersede(stop_when));
        let watch = Arc::new(Watch::default());
        self.watches.push(watch.clone());
        let mut mailbox = locked(&self.mailbox);
        mailbox.pending = Some(Job { run, watch });
        if mailbox.is_served {
            return Ok(());
        }
        let shared = self.mailbox.clone();
        let started = threads::run(Box::new(move || run_jobs(&shared)));
        mailbox.is_served = started.is_ok();
        if started.is_err() {
            mailbox.pending = None;
        }
        started
    }

    pub(super) fn progress(&self) -> Option<f32> {
        self.watches.last().map(|watch| watch.progress())
    }

    pub(super) fn stop(&mut self) {
        self.watches.drain(..).for_each(|watch| watch.supersede(StopWhen::AtOnce));
        locked(&self.mailbox).pending = None;
    }
}

impl Drop for Work {
    /// Does not wait for what runs.
    fn drop(&mut self) {
        self.stop();
    }
}

fn run_jobs(mailbox: &Mutex<Mailbox>) {
    while let Some(Job { run, watch }) = next_job(mailbox) {
        run(&watch);
    }
}

fn next_job(mailbox: &Mutex<Mailbox>) -> Option<Job> {
    let mut mailbox = locked(mailbox);
    let job = mailbox.pending.take();
    // Said under the lock: what is asked for from now on has a thread begin anew.
    mailbox.is_served = job.is_some();
    job
}

type Piece<'a> = Box<dyn FnOnce(&Control<'_>) -> Result<(), Failure> + 'a>;

/// How a piece of work ends; a panic is one of its failures.
fn outcome(watch: &Watch, work: Piece<'_>) -> Result<(), Failure> {
    let progress = |done: f32| watch.progress.store(done.clamp(0.0, 1.0).to_bits(), Ordering::Relaxed);
    let control = Control::new(&watch.stop, &progress);
    match caught(|| work(&control)) {
        // No one has stopped it: then it is a failure under a false name.
        Ok(Err(Failure::Stopped)) if !watch.stop.load(Ordering::Relaxed) => {
            Err(Failure::Message("unexpected failure: the work ended as if it had been stopped".to_owned()))
        }
        Ok(ended) => ended,
        Err(why) => Err(Failure::Message(format!("unexpected failure: {why}"))),
    }
}
