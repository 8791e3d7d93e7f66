//! What is known of drops onto the window, and where a dropped palette goes.

use egui::{Context, Pos2};

use crate::view::command_table::OPEN;

/// Where the pointer is in the window while files are dragged over it: the window's own events do not say.
pub type Pointer = Box<dyn Fn(&Context) -> Option<Pos2>>;

/// What of a drop reaches the window.
pub struct Drops {
    /// Whether dropped files are delivered at all: on Wayland they are not.
    pub arrive: bool,
    /// Finds the pointer during a drag, in points of the window.
    pub pointer: Pointer,
}

impl Default for Drops {
    fn default() -> Self {
        Self { arrive: true, pointer: Box::new(|_| None) }
    }
}

impl Drops {
    /// `can` where files can be dropped onto the window, or else `cannot`.
    pub fn or<T>(&self, can: T, cannot: T) -> T {
        if self.arrive { can } else { cannot }
    }

    /// What a tab says that has nothing to show yet.
    pub fn invitation(&self, what: &str) -> String {
        self.or(format!("Drop {what} here, or press {OPEN}."), format!("Press {OPEN} to open {what}."))
    }
}
