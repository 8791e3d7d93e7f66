use std::collections::BTreeSet;
use std::sync::Arc;

use eframe::egui::{Context, Theme};
use egui_kittest::kittest::Queryable as _;
use quantscope::view::bridge::talk::speaking::Talk;
use quantscope::view::learn::act::Act;
use quantscope::view::learn::state::Learn;
use quantscope::view::shell::app::App;
use quantscope::view::shell::timings::Timings;
use quantscope::view::weights::budget::budget_state::BudgetState;
use quantscope::view::work::Work;

use crate::support::wake::test_wake;
use crate::support::{Window, drop_files, shows, wait_until, wait_until_idle, window, write_slope_named};

/// With an exhibit of every kind.
fn go_through_all(learn: &mut Learn, ctx: &Context) {
    learn.apply(&Act::Open(0), ctx);
    let mut last = None;
    while learn.place() != last {
        last = learn.place();
        learn.apply(&Act::Step(1), ctx);
    }
}

#[test]
fn every_slot_and_sweep_of_the_window_is_in_the_walk() {
    let ctx = Context::default();
    let ((wake, _), (soon, _)) = (test_wake(), test_wake());
    let (mut work, mut talk) = (Work::new(&wake, &soon), Talk::new(&wake));
    let (mut budget, mut learn) = (BudgetState::new(&wake, &soon), Learn::new(&wake));
    let mut app = App::new(&ctx, None, Vec::new(), Timings::new(None).unwrap());
    let others = work.jobs().chain(talk.jobs()).chain(budget.jobs()).count();
    assert_eq!(app.jobs().count(), others + learn.jobs().count());
    go_through_all(&mut learn, &ctx);
    // Each slot and each sweep holds one of the two; the lessons hold one more, for exhibits to come.
    let holders = (Arc::strong_count(&wake) - 2) + (Arc::strong_count(&soon) - 1);
    assert_eq!(others + learn.jobs().count(), holders);
    let mut jobs = work.jobs().chain(talk.jobs()).chain(budget.jobs()).chain(learn.jobs());
    assert!(jobs.all(|job| job.doing().starts_with(char::is_uppercase)), "said to people");
}

#[test]
fn a_job_that_fails_shows_its_cause_and_can_be_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.safetensors");
    let header = r#"{"w":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]}}"#;
    std::fs::write(&path, [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat()).unwrap();
    let mut w = window([1280.0, 800.0], Theme::Dark, Vec::new());
    wait_until_idle(&mut w);
    drop_files(&mut w, &[&path]);
    wait_until(&mut w, "the cause", |w| shows(w, "it has no values"));
    wait_until_idle(&mut w);
    let causes = |w: &mut Window| -> Vec<String> {
        w.state_mut().jobs().filter_map(|job| job.error().map(str::to_owned)).collect()
    };
    let failed = causes(&mut w);
    assert!(!failed.is_empty() && failed.iter().all(|cause| shows(&w, cause)), "{failed:?}");
    assert!(shows(&w, "Try again"));
    w.state_mut().jobs().for_each(|job| job.retry());
    assert!(causes(&mut w).is_empty());
    wait_until(&mut w, "the second failure", |w| causes(w) == failed);
}

#[test]
fn whichever_job_is_cancelled_can_be_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = window([1280.0, 800.0], Theme::Dark, Vec::new());
    wait_until_idle(&mut w);
    let drop_photo = |w: &mut Window, at: usize| {
        let path = write_slope_named(folder.path(), &format!("photo {at}.png"), at as u8);
        drop_files(w, &[&path]);
    };
    let is_busy = |w: &mut Window, at: usize| w.state_mut().jobs().nth(at).is_some_and(|job| job.is_busy());
    let (all, mut begun) = (w.state_mut().jobs().count(), BTreeSet::new());
    drop_photo(&mut w, all);
    wait_until(&mut w, "all that is done for a photo", |w| {
        begun.extend((0..all).filter(|&at| is_busy(w, at)));
        w.state_mut().is_idle()
    });
    assert!(begun.len() > 3, "{begun:?}");
    for at in begun {
        drop_photo(&mut w, at);
        wait_until(&mut w, "its turn", |w| is_busy(w, at));
        w.state_mut().jobs().for_each(|job| job.cancel());
        let (is_cancelled, doing) =
            w.state_mut().jobs().nth(at).map(|job| (job.is_cancelled(), job.doing())).expect("it was busy");
        assert!(is_cancelled && !is_busy(&mut w, at), "{doing}");
        wait_until(&mut w, doing, |w| shows(w, "Resume"));
        w.get_by_label("Resume").click();
        w.step();
        assert!(w.state_mut().jobs().all(|job| !job.is_cancelled()), "{doing}");
    }
    wait_until_idle(&mut w);
    assert!(!shows(&w, "Resume"));
}
