//! All that runs beside the window, walked in one place: whatever is asked of jobs is asked of every one.

use std::time::Instant;

use super::App;
use crate::jobs::Running;

/// Bytes of results that nobody looks at, kept for when they are wanted again.
const MOST_SPARE: usize = 64 << 20;

impl App {
    /// Every job of the window, in the order in which a user waits for them.
    fn jobs(&mut self) -> impl Iterator<Item = &mut dyn Running> {
        let Self { results, talk, budget_state, learn, .. } = self;
        results.work.jobs().chain(talk.jobs()).chain(budget_state.jobs()).chain(learn.jobs())
    }

    pub(super) fn poll_jobs(&mut self) {
        self.jobs().for_each(Running::poll);
    }

    /// Lets go of what nobody looks at, the longest unused first, as far as it is more than the bound. What a view that is
    /// not on show has shown stays until all is at rest: until then it may only wait for its turn.
    pub(super) fn bound_spares(&mut self) {
        let since = if self.busiest().is_none() { self.asked_at } else { self.started_at };
        let mut spares: Vec<_> = self.jobs().flat_map(|job| job.spares(since)).collect();
        spares.sort_unstable_by_key(|(last_use, _)| std::cmp::Reverse(*last_use));
        let mut bytes = 0;
        let surplus = spares.into_iter().find(|(_, more)| {
            bytes += more;
            bytes > MOST_SPARE
        });
        if let Some((until, _)) = surplus {
            self.jobs().for_each(|job| job.forget(until, since));
        }
    }

    /// Another document is open: what was kept of the last one is not asked for again.
    pub(super) fn forget_spares(&mut self) {
        let (now, since) = (Instant::now(), self.asked_at);
        self.jobs().for_each(|job| job.forget(now, since));
    }

    /// Stops what runs; what is shown stays.
    pub(super) fn cancel_jobs(&mut self) {
        self.jobs().for_each(Running::cancel);
    }

    /// Starts again what was cancelled or has failed.
    pub(super) fn retry_jobs(&mut self) {
        self.jobs().for_each(Running::retry);
    }

    /// What a user waits for first, in words, and how far it is; `None` when nothing runs.
    pub(in crate::view) fn busiest(&mut self) -> Option<(&'static str, Option<f32>)> {
        self.jobs().find(|job| job.is_busy()).map(|job| (job.doing(), job.progress()))
    }

    /// Whether the user has stopped something that is still wanted.
    pub(in crate::view) fn is_cancelled(&mut self) -> bool {
        self.jobs().any(|job| job.is_cancelled())
    }

    /// What went wrong with anything that is wanted, each cause once.
    pub(in crate::view) fn errors(&mut self) -> Vec<String> {
        let mut errors: Vec<String> = self.jobs().filter_map(|job| job.error().map(str::to_owned)).collect();
        errors.sort_unstable();
        errors.dedup();
        errors
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::jobs::alive;
    use crate::view::shell::timings::Timings;

    /// With an exhibit of every kind.
    fn app(ctx: &egui::Context) -> App {
        let mut app = App::new(ctx, None, Vec::new(), Timings::new(None).unwrap()).without_dialogs();
        app.learn.go_through_all();
        app
    }

    #[test]
    fn every_slot_and_sweep_of_the_window_is_in_the_walk() {
        let before = alive();
        let mut app = app(&egui::Context::default());
        assert_eq!(app.jobs().count(), alive() - before);
        assert!(app.jobs().all(|job| job.doing().starts_with(char::is_uppercase)), "said to people");
    }

    fn wait_until(window: &mut Harness<'static, App>, what: &str, done: impl Fn(&mut Harness<'static, App>) -> bool) {
        let (send, repaint) = channel();
        window.ctx.set_request_repaint_callback(move |_| {
            let _ = send.send(());
        });
        window.step();
        while !done(window) {
            repaint.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("waited too long for {what}"));
            window.step();
        }
    }

    fn shows(window: &Harness<'static, App>, text: &str) -> bool {
        window.query_all_by_label_contains(text).next().is_some()
    }

    #[test]
    fn whichever_job_fails_its_cause_is_shown_and_whichever_is_cancelled_can_be_resumed() {
        let mut window = Harness::builder().build_eframe(|cc| app(&cc.egui_ctx));
        wait_until(&mut window, "the samples", |w| w.state_mut().is_idle());
        for i in 0..window.state_mut().jobs().count() {
            let cause = format!("cause {i} of the test");
            let doing = window.state_mut().jobs().nth(i).map_or("", |job| {
                job.set_failed(&cause);
                job.doing()
            });
            window.run_steps(3);
            assert!(shows(&window, &cause), "{doing}: {cause}");
            window.state_mut().retry_jobs();
            window.step();
            window.state_mut().jobs().skip(i).take(1).for_each(Running::set_busy);
            assert!(window.state_mut().busiest().is_some());
            window.state_mut().cancel_jobs();
            // What was begun anew by the step before comes to its end.
            let resumed = |w: &mut Harness<'static, App>| shows(w, "Resume") || shows(w, "cancelled");
            wait_until(&mut window, doing, resumed);
            window.state_mut().retry_jobs();
            assert!(!window.state_mut().is_cancelled(), "{doing}");
            window.step();
        }
    }
}
