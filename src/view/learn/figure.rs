//! A picture of what is shown: the window's own pixels, cut to the exhibit.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use egui::{ColorImage, Context, Rect};

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

    pub fn ask(&mut self, ctx: &Context) {
        let Some(place) = self.place else { return };
        let (send, coming) = channel();
        let (per_point, woken) = (ctx.pixels_per_point(), ctx.clone());
        self.coming = Some(coming);
        ctx.request_screenshot(move |window| {
            // Nobody waits where another was asked for since.
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

    pub fn taken(&self) -> Option<Arc<ColorImage>> {
        self.taken.clone()
    }
}

/// The part of a picture that lies in a rectangle of points.
fn cut(image: &ColorImage, place: Rect, per_point: f32) -> ColorImage {
    let bound = |x: f32, most: usize| ((x * per_point).round().max(0.0) as usize).min(most);
    let (left, right) = (bound(place.left(), image.width()), bound(place.right(), image.width()));
    let (top, bottom) = (bound(place.top(), image.height()), bound(place.bottom(), image.height()));
    let rows = (top..bottom).flat_map(|y| &image.pixels[y * image.width() + left..y * image.width() + right.max(left)]);
    ColorImage::new([right.saturating_sub(left), bottom.saturating_sub(top)], rows.copied().collect())
}

#[cfg(test)]
mod tests {
    use egui::{Color32, pos2};

    use super::*;

    #[test]
    fn the_figure_is_the_part_of_the_window_it_stands_in() {
        let pixels = (0..60u8).map(Color32::from_gray).collect();
        let window = ColorImage::new([10, 6], pixels);
        let place = Rect::from_min_max(pos2(1.0, 1.0), pos2(3.0, 2.0));
        let figure = cut(&window, place, 2.0);
        assert_eq!(figure.size, [4, 2]);
        assert_eq!(figure.pixels[0], Color32::from_gray(22));
        assert_eq!(figure.pixels[7], Color32::from_gray(35));
        assert_eq!(cut(&window, Rect::from_min_max(pos2(4.0, 4.0), pos2(99.0, 99.0)), 2.0).size, [2, 0]);
    }
}
