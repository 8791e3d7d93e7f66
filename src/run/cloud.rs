//! The colours of a photo as a cloud of points in space.
//!
//! The photo's different colours, in the order of [`Colours`](crate::picture::colours::Colours) in which near ones stand together, are cut
//! into as many runs as there are to be points; each run is shown as its most frequent colour with the
//! pixels of all. The same photo gives the same points. Cost: one pass over the different colours.
//!
//! A palette stands among the points; each point belongs to the entry that lies nearest where the reduction
//! compares colours, which without dither and tiles is the entry that its pixels got.

use super::axes;
use crate::engine::codebook::Codebook;
use crate::engine::colour::oklab_from_srgb8;
use crate::engine::control::{Control, Stopped};
use crate::palette::Entry;
use crate::picture::image::Image;
use crate::spec::PhotoSpec;

/// More points than this only hide each other.
pub const MOST_POINTS: usize = 6000;

/// The axes of the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloudSpace {
    /// The 8-bit sRGB codes of red, green and blue.
    Rgb,
    /// Oklab: lightness upright, a and b across.
    Oklab,
}

/// One or several near colours of a photo, shown as a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CloudPoint {
    /// 8-bit sRGB: the most frequent of the colours that the point stands for.
    pub rgb: [u8; 3],
    /// Pixels that it stands for.
    pub pixels: u64,
}

/// A photo's colours, at most [`MOST_POINTS`] of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Cloud {
    /// The points, near colours one after another.
    pub points: Vec<CloudPoint>,
    /// Different colours that the points stand for.
    pub colors: usize,
}

/// A photo's colours and a palette among them.
#[derive(Clone, Debug)]
pub struct CloudReport {
    /// The settings of the reduction whose palette is shown.
    pub spec: PhotoSpec,
    /// The photo's colours.
    pub cloud: Cloud,
    /// The palette's entries whose alpha is not 0.
    pub entries: Vec<CloudEntry>,
    /// For each point, which of `entries` it belongs to; none where there are no entries.
    pub owners: Vec<u8>,
    /// Where all lies, for each of [`CloudSpace::ALL`].
    pub places: [Places; 2],
}

/// An entry of a palette, and its index there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloudEntry {
    /// Place in the reduction's palette, which is its code where there are no tiles.
    pub index: usize,
    /// The colour and its pixels.
    pub entry: Entry,
}

/// Places in the cube from −1 to 1.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// One for each of [`Cloud::points`].
    pub points: Vec<[f32; 3]>,
    /// One for each of [`CloudReport::entries`].
    pub entries: Vec<[f32; 3]>,
}

impl CloudSpace {
    /// Every space, in the order of [`CloudReport::places`].
    pub const ALL: [CloudSpace; 2] = [CloudSpace::Rgb, CloudSpace::Oklab];

    /// The name in the window's pickers.
    pub fn label(self) -> &'static str {
        match self {
            CloudSpace::Rgb => "RGB",
            CloudSpace::Oklab => "Oklab",
        }
    }

    /// Right, upright, and toward the eye.
    pub fn axes(self) -> [&'static str; 3] {
        match self {
            CloudSpace::Rgb => ["red", "green", "blue"],
            CloudSpace::Oklab => ["a", "L", "b"],
        }
    }

    /// Where a colour lies in the cube from −1 to 1. Oklab's lightness fills the cube; a and b are drawn
    /// in the same unit, so that distances are right in all directions.
    pub fn place(self, rgb: [u8; 3]) -> [f32; 3] {
        match self {
            CloudSpace::Rgb => rgb.map(|v| f32::from(v) / 127.5 - 1.0),
            CloudSpace::Oklab => {
                let [lightness, a, b] = oklab_from_srgb8(rgb);
                [a * 2.0, lightness * 2.0 - 1.0, b * 2.0]
            }
        }
    }
}

/// The photo's visible colours as at most [`MOST_POINTS`] points.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn cloud(image: &Image, control: &Control<'_>) -> Result<Cloud, Stopped> {
    let colours = image.colours();
    control.check()?;
    let run = colours.keys.len().div_ceil(MOST_POINTS).max(1);
    let runs = colours.keys.chunks(run).zip(image.colour_counts().chunks(run));
    let points = runs.filter_map(|(keys, counts)| {
        let most = (0..keys.len()).max_by_key(|&i| (counts[i], std::cmp::Reverse(i)))?;
        let [r, g, b, _] = keys[most];
        Some(CloudPoint { rgb: [r, g, b], pixels: counts.iter().map(|&n| u64::from(n)).sum() })
    });
    Ok(Cloud { points: points.collect(), colors: colours.keys.len() })
}

/// The cloud with a reduction's palette in it.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn cloud_report(
    image: &Image,
    palette: &[Entry],
    spec: PhotoSpec,
    control: &Control<'_>,
) -> Result<CloudReport, Stopped> {
    let cloud = cloud(image, control)?;
    control.check()?;
    let seen = palette.iter().enumerate().filter(|(_, e)| e.rgba[3] > 0);
    let entries: Vec<CloudEntry> = seen.map(|(index, &entry)| CloudEntry { index, entry }).collect();
    let places = CloudSpace::ALL.map(|space| Places {
        points: cloud.points.iter().map(|p| space.place(p.rgb)).collect(),
        entries: entries.iter().map(|e| space.place(rgb_of(e.entry.rgba))).collect(),
    });
    let owners = owners(&cloud, &entries, &spec);
    Ok(CloudReport { spec, cloud, entries, owners, places })
}

fn owners(cloud: &Cloud, entries: &[CloudEntry], spec: &PhotoSpec) -> Vec<u8> {
    if entries.is_empty() {
        return Vec::new();
    }
    let axes = axes::of_opaque(spec.space());
    let point = axes.point;
    // At most 256 entries, so the index fits.
    let colors: Vec<[u8; 4]> = entries.iter().take(256).map(|e| e.entry.rgba).collect();
    let of_fitted = || colors.iter().map(|&color| point(color)).collect();
    let book = Codebook::new(if spec.given().is_some() { axes.of_given(&colors) } else { of_fitted() });
    let opaque = |[r, g, b]: [u8; 3]| [r, g, b, 255];
    cloud.points.iter().map(|p| book.nearest(point(opaque(p.rgb))) as u8).collect()
}

fn rgb_of([r, g, b, _]: [u8; 4]) -> [u8; 3] {
    [r, g, b]
}
