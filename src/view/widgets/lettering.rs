//! Text as coverage, for pictures that leave the program: the window's own fonts, without a window.

use egui::epaint::text::{FontDefinitions, Fonts, TextOptions};
use egui::{Color32, ColorImage, FontId, Pos2, Vec2};

use crate::export::sheet::Text;
use crate::view::theme;

/// The window's fonts, laid out at one pixel a point.
pub struct Lettering(Fonts);

impl Default for Lettering {
    fn default() -> Self {
        let fonts: FontDefinitions = theme::fonts();
        Self(Fonts::new(TextOptions::default(), fonts))
    }
}

impl Lettering {
    /// One line in letters of `size` pixels.
    pub fn draw(&mut self, text: &str, size: f32) -> Text {
        let line = text.replace(char::is_control, " ");
        let mut view = self.0.with_pixels_per_point(1.0);
        let galley = view.layout_no_wrap(line, FontId::proportional(size), Color32::WHITE);
        let atlas = view.image();
        let extent = galley.size();
        let (width, height) = (extent.x.ceil() as usize, extent.y.ceil() as usize);
        let mut text = Text { width, height, coverage: vec![0; width * height] };
        for row in &galley.rows {
            // A quad a letter: two corners say where it stands and where in the atlas its shape is.
            for quad in row.row.visuals.mesh.vertices[row.row.visuals.glyph_vertex_range.clone()].as_chunks::<4>().0 {
                let (first, last) = (quad[0], quad[3]);
                copy(&atlas, (first.uv, last.uv), &mut text, first.pos + row.pos.to_vec2());
            }
        }
        text
    }
}

fn copy(atlas: &ColorImage, (from, to): (Pos2, Pos2), text: &mut Text, at: Pos2) {
    let size: Vec2 = (to - from).round();
    let (from, at) = (from.round(), at.round());
    for j in 0..size.y as usize {
        for i in 0..size.x as usize {
            let (x, y) = (at.x as isize + i as isize, at.y as isize + j as isize);
            let (u, v) = (from.x as usize + i, from.y as usize + j);
            if (0..text.width as isize).contains(&x) && (0..text.height as isize).contains(&y) && u < atlas.size[0] {
                let place = y as usize * text.width + x as usize;
                let alpha = atlas.pixels.get(v * atlas.size[0] + u).map_or(0, |c| c.a());
                text.coverage[place] = text.coverage[place].max(alpha);
            }
        }
    }
}
