//! A photo and a model down a line whose bandwidth drops and comes back.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StreamingShow {
    /// The moment looked at, from 0.
    pub moment: usize,
}

impl StreamingShow {
    /// Moments of the timeline. What the line carries in each is drawn from the lesson's seed.
    pub const MOMENTS: usize = 60;

    pub(super) fn check(&self) -> Result<(), String> {
        if self.moment < Self::MOMENTS {
            Ok(())
        } else {
            Err(format!("moment {}; 0 to {} can be shown", self.moment, Self::MOMENTS - 1))
        }
    }
}
