//! Why the window had to be closed.

use std::sync::{Arc, OnceLock};

/// Why the window had to be closed, for whoever opened it.
pub type Fault = Arc<OnceLock<String>>;
