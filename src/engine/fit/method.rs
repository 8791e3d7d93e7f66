//! The list of the methods of fitting.

use serde::{Deserialize, Serialize};

use super::row::{Row, Task};
use crate::engine::control::Stopped;
use crate::engine::trace::Trace;

/// A method a line, by the file that has its `ROW` and its `fit`: that is called by its name, as there is one for each
/// dimension.
macro_rules! methods {
    ($($(#[$doc:meta])* $method:ident = $($file:ident)::+),+ $(,)?) => {
        rows! {
            /// The methods that fit a codebook to samples.
            #[derive(Serialize, Deserialize)]
            #[serde(into = "String", try_from = "String")]
            Method: Row, "method";
            $($(#[$doc])* $method = $($file)::+::ROW),+
        }

        impl Method {
            /// The entries that the task asks for.
            pub(super) fn fit<const D: usize>(
                self,
                task: Task<'_, D>,
                trace: &mut Trace<D>,
            ) -> Result<Vec<[f32; D]>, Stopped> {
                match self {
                    $(Method::$method => $($file)::+::fit(task, trace)),+
                }
            }
        }
    };
}

methods! {
    /// Lloyd's rounds from Wu's codebook, with swaps; the exact optimum on a line.
    KMeans = super::kmeans,
    /// Lloyd's rounds alone: the local minimum near their start.
    Lloyd = super::lloyd,
    /// Greedy cuts of boxes, each the one that lowers the squared error most.
    Wu = super::wu,
    /// Cubes halved along every axis, the least used of the deepest given up first.
    Octree = super::octree,
    /// Boxes split at the median of their longest side, the most populous first.
    MedianCut = super::median_cut,
    /// The middles of equal cells between the least and the greatest value.
    Uniform = super::uniform,
}

kept_by_name!(Method);
