//! One picture in a rectangle: a texture of exactly the visible part at the screen's resolution,
//! made anew only when what it shows has changed.

use std::sync::{Arc, Weak};

use egui::{Color32, ColorImage, Pos2, Rect, TextureHandle, TextureOptions, Ui, pos2, vec2};

use crate::picture::{Picture, Window};

/// The texture of one pane and what it was made from.
#[derive(Default)]
pub(super) struct PaneTexture {
    texture: Option<TextureHandle>,
    made_from: Option<Made>,
}

struct Made {
    /// A weak reference keeps the address from being used for another picture, and lets the pixels be freed.
    picture: Weak<Picture>,
    window: Window,
    size: [usize; 2],
}

/// What is to be seen: a part of a picture that stands for one of `extent` pixels.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub name: &'a str,
    pub picture: &'a Arc<Picture>,
    pub extent: (u32, u32),
    pub window: Window,
}

/// A rectangle on whole physical pixels, with its size in them.
#[derive(Clone, Copy, Debug)]
pub(super) struct PixelRect {
    pub rect: Rect,
    pub size: [usize; 2],
    pub per_point: f32,
}

impl PixelRect {
    pub(super) fn new(rect: Rect, per_point: f32) -> Self {
        let snap = |p: Pos2| pos2((p.x * per_point).round() / per_point, (p.y * per_point).round() / per_point);
        let rect = Rect::from_min_max(snap(rect.min), snap(rect.max));
        let pixels = |length: f32| (length * per_point).round().max(1.0) as usize;
        Self { rect, size: [pixels(rect.width()), pixels(rect.height())], per_point }
    }

    pub(super) fn size_f64(&self) -> (f64, f64) {
        (self.size[0] as f64, self.size[1] as f64)
    }

    /// Physical pixels from the corner.
    pub(super) fn offset(&self, at: Pos2) -> (f64, f64) {
        let d = (at - self.rect.min) * self.per_point;
        (f64::from(d.x), f64::from(d.y))
    }

    /// Where picture pixel (x, y) lies on screen.
    pub(super) fn place(&self, window: Window, (x, y): (f64, f64), size: f64) -> Rect {
        let to_points = |v: f64| (v * window.zoom) as f32 / self.per_point;
        let corner = self.rect.min + vec2(to_points(x - window.left), to_points(y - window.top));
        Rect::from_min_size(corner, vec2(to_points(size), to_points(size)))
    }
}

impl PaneTexture {
    /// Paints the picture; `clip` may cut off a part (the split's other side).
    pub(super) fn paint(&mut self, ui: &Ui, view: &View<'_>, at: PixelRect, clip: Rect) {
        let View { picture, extent, window, name } = *view;
        let size = at.size;
        let fresh = self
            .made_from
            .as_ref()
            .is_some_and(|m| m.picture.as_ptr() == Arc::as_ptr(picture) && m.window == window && m.size == size);
        if !fresh {
            let rgba = picture.resample(extent, window, size[0], size[1]);
            let image = ColorImage::from_rgba_unmultiplied(size, rgba.as_flattened());
            match &mut self.texture {
                Some(texture) => texture.set(image, TextureOptions::NEAREST),
                None => self.texture = Some(ui.ctx().load_texture(name, image, TextureOptions::NEAREST)),
            }
            self.made_from = Some(Made { picture: Arc::downgrade(picture), window, size });
        }
        if let Some(texture) = &self.texture {
            let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            ui.painter().with_clip_rect(clip.intersect(ui.clip_rect())).image(
                texture.id(),
                at.rect,
                whole,
                Color32::WHITE,
            );
        }
    }
}

/// Squares behind what is transparent.
pub(crate) fn paint_squares(ui: &Ui, rect: Rect, side: f32) {
    let (light, dark) = (Color32::from_gray(204), Color32::from_gray(170));
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.rect_filled(rect, 0.0, light);
    for j in 0..(rect.height() / side).ceil() as i32 {
        for i in (j % 2..(rect.width() / side).ceil() as i32).step_by(2) {
            let corner = rect.min + vec2(i as f32, j as f32) * side;
            painter.rect_filled(Rect::from_min_size(corner, vec2(side, side)), 0.0, dark);
        }
    }
}
