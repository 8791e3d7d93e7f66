//! What is drawn of a photo's colours and errors: the histogram of its channels and the map of its errors.

use std::sync::Arc;

use super::report::ChannelHistogram;
use crate::picture::image::Image;
use crate::picture::{Picture, colourmap};

pub(super) fn heat_map(image: &Image, map: Vec<u8>) -> Arc<Picture> {
    Arc::new(Picture::of_scale(image.width, image.height, map, &colourmap::sequential()))
}

pub(super) fn histogram(colours: impl Iterator<Item = ([u8; 4], u64)>) -> ChannelHistogram {
    let mut counts = [[0; 256]; 3];
    for (rgba, count) in colours.filter(|(rgba, _)| rgba[3] > 0) {
        for (channel, value) in counts.iter_mut().zip(rgba) {
            channel[usize::from(value)] += count;
        }
    }
    ChannelHistogram(counts)
}
