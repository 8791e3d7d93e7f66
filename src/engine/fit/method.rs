//! The methods of fitting, and what they are called.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    Uniform,
    MedianCut,
    Octree,
    Wu,
    Lloyd,
    #[serde(rename = "kmeans")]
    KMeans,
}

impl Method {
    pub const ALL: [Method; 6] =
        [Method::KMeans, Method::Lloyd, Method::Wu, Method::Octree, Method::MedianCut, Method::Uniform];

    /// As on the command line and in format names.
    pub fn name(self) -> &'static str {
        match self {
            Method::Uniform => "uniform",
            Method::MedianCut => "median-cut",
            Method::Octree => "octree",
            Method::Wu => "wu",
            Method::Lloyd => "lloyd",
            Method::KMeans => "kmeans",
        }
    }

    /// What a palette maker calls it.
    pub fn palette_label(self) -> &'static str {
        match self {
            Method::Uniform => "Uniform",
            Method::MedianCut => "Median cut",
            Method::Octree => "Octree",
            Method::Wu => "Wu",
            Method::Lloyd => "Lloyd's rounds",
            Method::KMeans => "k-means",
        }
    }

    /// What the same method is called when it chooses levels on the number line.
    pub fn levels_label(self) -> &'static str {
        match self {
            Method::Uniform => "Uniform levels",
            Method::MedianCut => "Equal-count levels (median cut)",
            Method::Octree => "Binary-tree levels (octree)",
            Method::Wu => "Least-variance cuts (Wu)",
            Method::Lloyd => "Lloyd's rounds from equal counts",
            Method::KMeans => "Lloyd–Max levels (k-means)",
        }
    }
}
