//! A picture of what is shown: the window's own pixels, cut to the exhibit.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use egui::{ColorImage, Context, Rect};

/// The capture of the exhibit on show.
#[derive(Default)]
pub struct Figure {
    /// Where the exhibit is, in points.
    place: Option<Rect>,
    coming: Option<Receiver<ColorImage>>,
    taken: Option<Arc<ColorImage>>,
}

impl Figure {
    /// Where the exhibit was drawn in this frame.
    pub fn set_place(&mut self, rect: Rect) {
        self.place = Some(rect);
    }

    /// Asks the window for its pixels.
    pub fn ask(&mut self, ctx: &Context) {
        let Some(place) = self.place else { return };
        let (send, coming) = channel();
        let (per_point, woken) = (ctx.pixels_per_point(), ctx.clone());
        self.coming = Some(coming);
        ctx.request_screenshot(move |window| {
            // The receiver is gone where another figure was asked for since.
            let _ = send.send(cut(&window, place, per_point));
            woken.request_repaint();
        });
    }

    /// Takes the picture when it has come; true once.
    pub fn take(&mut self) -> bool {
        let Some(picture) = self.coming.as_ref().and_then(|coming| coming.try_recv().ok()) else { return false };
        self.coming = None;
        self.taken = Some(Arc::new(picture));
        true
    }

    /// The last picture that has come.
    pub fn taken(&self) -> Option<Arc<ColorImage>> {
        self.taken.clone()
    }
}

/// The part of a picture that lies in a rectangle of points, of which each has `per_point` pixels.
pub fn cut(image: &ColorImage, place: Rect, per_point: f32) -> ColorImage {
    let bound = |x: f32, most: usize| ((x * per_point).round().max(0.0) as usize).min(most);
    let (left, right) = (bound(place.left(), image.width()), bound(place.right(), image.width()));
    let (top, bottom) = (bound(place.top(), image.height()), bound(place.bottom(), image.height()));
    let rows = (top..bottom).flat_map(|y| &image.pixels[y * image.width() + left..y * image.width() + right.max(left)]);
    ColorImage::new([right.saturating_sub(left), bottom.saturating_sub(top)], rows.copied().collect())
}
