//! Undo and redo on the photo's tab: one history of what its acts change, which belongs to one photo.

use std::collections::VecDeque;

use crate::palette::edit::PaletteSource;
use crate::view::photo::settings::{MOST_PANES, PhotoSettings};

/// Everything that an act on the photo can change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The settings of all panes.
    pub settings: PhotoSettings,
    /// What each pane wanted before its palette was edited by hand.
    pub unedited: [Option<PaletteSource>; MOST_PANES],
    /// The numbers of the results on the shelf.
    pub kept: Vec<u64>,
    /// The kept result that each pane shows in place of what the settings say.
    pub shown: [Option<u64>; MOST_PANES],
}

/// Steps back.
pub const MOST_STEPS: usize = 100;

/// The states that undo and redo lead to.
#[derive(Default)]
pub struct History {
    now: Snapshot,
    past: VecDeque<Snapshot>,
    future: Vec<Snapshot>,
    /// Whether changes still belong to the last act.
    in_act: bool,
    /// The last act was to look at kept results: flicking through them is one act.
    looking: bool,
}

impl History {
    /// The history of a photo that was just opened: there is nothing to go back to.
    pub fn new(now: Snapshot) -> Self {
        Self { now, ..Self::default() }
    }

    /// Takes the state at the end of a frame. While something is `held` (a slider under the pointer, a number being
    /// typed), all changes are one act.
    pub fn record(&mut self, now: Snapshot, held: bool) {
        if now == self.now {
            self.in_act &= held;
            return;
        }
        let looks = Snapshot { shown: self.now.shown, ..now.clone() } == self.now;
        let goes_on = self.in_act || (looks && self.looking);
        if !goes_on {
            if self.past.len() == MOST_STEPS {
                self.past.pop_front();
            }
            self.past.push_back(self.now.clone());
        }
        self.future.clear();
        (self.now, self.in_act, self.looking) = (now, held, looks);
    }

    /// The state before the last act.
    pub fn undo(&mut self) -> Option<&Snapshot> {
        // An act that came back to where it began changed nothing.
        while self.past.back().is_some_and(|before| *before == self.now) {
            self.past.pop_back();
        }
        let before = self.past.pop_back()?;
        let after = std::mem::replace(&mut self.now, before);
        self.future.push(after);
        (self.in_act, self.looking) = (false, false);
        Some(&self.now)
    }

    /// The state after the act that was undone last.
    pub fn redo(&mut self) -> Option<&Snapshot> {
        let after = self.future.pop()?;
        let before = std::mem::replace(&mut self.now, after);
        self.past.push_back(before);
        (self.in_act, self.looking) = (false, false);
        Some(&self.now)
    }

    /// Whether there is an earlier state that differs from this one.
    pub fn can_undo(&self) -> bool {
        self.past.iter().any(|before| *before != self.now)
    }

    /// Whether an act was undone that can be made again.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// The state at the end of the last frame.
    pub fn now(&self) -> &Snapshot {
        &self.now
    }

    /// While another photo was on show, results were kept and removed: what this photo's acts lead to has these as well.
    /// `kept` lists all that are on the shelf now.
    pub fn catch_up(&mut self, kept: &[u64]) {
        let was = std::mem::take(&mut self.now.kept);
        let new: Vec<u64> = kept.iter().copied().filter(|number| !was.contains(number)).collect();
        let gone = |number: &u64| was.contains(number) && !kept.contains(number);
        for state in self.past.iter_mut().chain(&mut self.future) {
            state.kept.retain(|number| !gone(number));
            state.kept.extend(&new);
            state.kept.sort_unstable();
            state.kept.dedup();
        }
        self.now.kept = kept.to_vec();
    }

    /// Whether a kept result can come back.
    pub fn mentions(&self, number: u64) -> bool {
        self.past.iter().chain(&self.future).any(|state| state.kept.contains(&number))
    }
}
