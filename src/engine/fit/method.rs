//! The list of the methods of fitting.

use serde::{Deserialize, Serialize};

use super::cloud::Cloud;
use super::row::Row;
use crate::engine::control::{Control, Stopped};
use crate::engine::trace::Trace;

/// A method a line, by the file that has its `ROW` and its `fit`: that is called by its name, as there is one for each
/// dimension.
macro_rules! methods {
    ($($method:ident = $($file:ident)::+),+ $(,)?) => {
        rows! {
            #[derive(Serialize, Deserialize)]
            #[serde(into = "String", try_from = "String")]
            Method: Row, "method";
            $($method = $($file)::+::ROW),+
        }

        impl Method {
            /// `free` entries to stand beside those that are kept.
            pub(super) fn fit<const D: usize>(
                self,
                cloud: &Cloud<D>,
                kept: &[[f32; D]],
                free: usize,
                trace: &mut Trace<D>,
                control: &Control<'_>,
            ) -> Result<Vec<[f32; D]>, Stopped> {
                match self {
                    $(Method::$method => $($file)::+::fit(cloud, kept, free, trace, control)),+
                }
            }
        }
    };
}

methods! {
    KMeans = super::kmeans,
    Lloyd = super::lloyd,
    Wu = super::wu,
    Octree = super::octree,
    MedianCut = super::median_cut,
    Uniform = super::uniform,
}

kept_by_name!(Method);
