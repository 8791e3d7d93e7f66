//! What every slot and sweep can be asked, whatever it holds: so that the work of a view can be listed.

use super::{Slot, Sweep};

pub trait Running {
    fn is_busy(&self) -> bool;

    /// From 0 to 1, where it is known.
    fn progress(&self) -> Option<f32>;

    /// What went wrong, for people.
    fn error(&self) -> Option<&str>;

    /// Stops what runs; what is shown stays.
    fn cancel(&mut self);

    /// Starts again what was cancelled or has failed.
    fn retry(&mut self);
}

macro_rules! running {
    ($kind:ident, $($bound:path),+) => {
        impl<K: Clone + PartialEq + Send + 'static, T: $($bound +)+ 'static> Running for $kind<K, T> {
            fn is_busy(&self) -> bool {
                self.is_busy()
            }

            fn progress(&self) -> Option<f32> {
                self.progress()
            }

            fn error(&self) -> Option<&str> {
                self.error()
            }

            fn cancel(&mut self) {
                self.cancel();
            }

            fn retry(&mut self) {
                self.retry();
            }
        }
    };
}

running!(Slot, Send, Sync);
running!(Sweep, Send);
