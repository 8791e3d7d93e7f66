//! Messages in the window: what went wrong, with which file; what was saved where.

/// More than this many at once would bury the window: the oldest go.
const MOST: usize = 5;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    pub text: String,
    pub is_error: bool,
}

#[derive(Default)]
pub(crate) struct Notices(Vec<Notice>);

impl Notices {
    pub(crate) fn error(&mut self, text: String) {
        self.push(Notice { text, is_error: true });
    }

    pub(crate) fn done(&mut self, text: String) {
        self.0.retain(|n| n.is_error);
        self.push(Notice { text, is_error: false });
    }

    pub(crate) fn dismiss(&mut self, at: usize) {
        if at < self.0.len() {
            self.0.remove(at);
        }
    }

    pub(crate) fn all(&self) -> &[Notice] {
        &self.0
    }

    fn push(&mut self, notice: Notice) {
        self.0.retain(|n| *n != notice);
        self.0.push(notice);
        let surplus = self.0.len().saturating_sub(MOST);
        self.0.drain(..surplus);
    }
}
