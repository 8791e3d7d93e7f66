//! Messages in the window: what went wrong, with which file; what was saved where.

use std::path::PathBuf;

use crate::view::shell::savable::Savable;

/// As many are in sight at once; those before them are counted and can be shown.
const IN_SIGHT: usize = 5;
/// Nobody reads further back.
const MOST: usize = 200;

/// What a message is about: what failed is no news any more once the same succeeds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum About {
    Opening(PathBuf),
    Saving(Savable),
    Copying,
    Pasting,
    Keeping,
    Editing,
    Mix,
    /// Nothing that is tried again.
    Itself,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    pub text: String,
    pub is_error: bool,
    about: About,
}

/// All messages that were not dismissed, the latest last.
#[derive(Default)]
pub(crate) struct Notices {
    list: Vec<Notice>,
    shows_all: bool,
}

impl Notices {
    pub(crate) fn error(&mut self, about: About, text: String) {
        self.push(Notice { text, is_error: true, about });
    }

    /// Takes the place of the last message of this kind, and of what failed before at the same.
    pub(crate) fn done(&mut self, about: About, text: String) {
        self.list.retain(|notice| notice.is_error);
        self.succeeded(&about);
        self.push(Notice { text, is_error: false, about });
    }

    /// What failed before at the same has come about, and there is nothing else to say of it.
    pub(crate) fn succeeded(&mut self, about: &About) {
        self.list.retain(|notice| notice.about != *about || *about == About::Itself);
    }

    pub(crate) fn dismiss(&mut self, at: usize) {
        if at < self.list.len() {
            self.list.remove(at);
        }
        self.shows_all &= self.list.len() > IN_SIGHT;
    }

    pub(crate) fn dismiss_all(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn show_all(&mut self) {
        self.shows_all = true;
    }

    /// Those in sight, each with its place in the list.
    pub(crate) fn in_sight(&self) -> impl ExactSizeIterator<Item = (usize, &Notice)> {
        let earlier = self.earlier();
        self.list.iter().enumerate().skip(earlier)
    }

    /// How many lie before those in sight.
    pub(crate) fn earlier(&self) -> usize {
        if self.shows_all { 0 } else { self.list.len().saturating_sub(IN_SIGHT) }
    }

    fn push(&mut self, notice: Notice) {
        self.list.retain(|n| *n != notice);
        self.list.push(notice);
        let surplus = self.list.len().saturating_sub(MOST);
        self.list.drain(..surplus);
    }
}
