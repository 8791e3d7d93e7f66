//! Pure-CPU `egui_kittest::TestRenderer`: no GPU, no Vulkan/GL driver, no display. Deterministic.
use eframe::egui::{self, Color32, ImageData, Pos2, TextureId, TexturesDelta, epaint};
use egui_kittest::TestRenderer;
use std::collections::HashMap;

struct Tex {
    w: usize,
    h: usize,
    px: Vec<Color32>,
    opt: egui::TextureOptions,
}

#[derive(Default)]
pub(crate) struct SoftRenderer {
    tex: HashMap<TextureId, Tex>,
}

impl TestRenderer for SoftRenderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, deltas) in delta.set.drain() {
            for d in deltas {
                let ImageData::Color(img) = &d.image;
                let [w, h] = img.size;
                match d.pos {
                    None => {
                        self.tex.insert(id, Tex { w, h, px: img.pixels.clone(), opt: d.options });
                    }
                    Some([x, y]) => {
                        if let Some(t) = self.tex.get_mut(&id) {
                            for r in 0..h {
                                let dst = (y + r) * t.w + x;
                                t.px[dst..dst + w].copy_from_slice(&img.pixels[r * w..(r + 1) * w]);
                            }
                        }
                    }
                }
            }
        }
        for id in delta.free.drain() {
            self.tex.remove(&id);
        }
    }

    fn render(&mut self, ctx: &egui::Context, output: &egui::FullOutput) -> Result<image::RgbaImage, String> {
        let ppp = output.pixels_per_point;
        let size = ctx.content_rect().size() * ppp;
        let (w, h) = (size.x.round() as usize, size.y.round() as usize);
        let mut fb = vec![[0.0f32; 4]; w * h];
        for p in ctx.tessellate(output.shapes.clone(), ppp) {
            let c = p.clip_rect;
            let clip = [
                ((c.min.x * ppp).round().max(0.0) as usize).min(w),
                ((c.min.y * ppp).round().max(0.0) as usize).min(h),
                ((c.max.x * ppp).round().max(0.0) as usize).min(w),
                ((c.max.y * ppp).round().max(0.0) as usize).min(h),
            ];
            match p.primitive {
                epaint::Primitive::Mesh(m) => {
                    let t = self.tex.get(&m.texture_id).ok_or_else(|| format!("missing texture {:?}", m.texture_id))?;
                    for tri in m.indices.chunks_exact(3) {
                        let v = [m.vertices[tri[0] as usize], m.vertices[tri[1] as usize], m.vertices[tri[2] as usize]];
                        raster(&mut fb, w, clip, ppp, v, t);
                    }
                }
                epaint::Primitive::Callback(_) => return Err("paint callbacks unsupported by SoftRenderer".into()),
            }
        }
        let mut out = image::RgbaImage::new(w as u32, h as u32);
        for (o, f) in out.pixels_mut().zip(&fb) {
            o.0 = std::array::from_fn(|i| (f[i].clamp(0.0, 1.0) * 255.0 + 0.5) as u8);
        }
        Ok(out)
    }
}

fn sample(t: &Tex, u: f32, v: f32) -> [f32; 4] {
    let at = |x: i64, y: i64| -> [f32; 4] {
        let x = x.clamp(0, t.w as i64 - 1) as usize;
        let y = y.clamp(0, t.h as i64 - 1) as usize;
        t.px[y * t.w + x].to_array().map(|c| c as f32 / 255.0)
    };
    let (x, y) = (u * t.w as f32, v * t.h as f32);
    if t.opt.magnification == egui::TextureFilter::Nearest {
        return at(x.floor() as i64, y.floor() as i64);
    }
    let (x, y) = (x - 0.5, y - 0.5);
    let (x0, y0) = (x.floor(), y.floor());
    let (fx, fy) = (x - x0, y - y0);
    let (a, b, c, d) = (
        at(x0 as i64, y0 as i64),
        at(x0 as i64 + 1, y0 as i64),
        at(x0 as i64, y0 as i64 + 1),
        at(x0 as i64 + 1, y0 as i64 + 1),
    );
    std::array::from_fn(|i| (a[i] * (1.0 - fx) + b[i] * fx) * (1.0 - fy) + (c[i] * (1.0 - fx) + d[i] * fx) * fy)
}

fn raster(fb: &mut [[f32; 4]], w: usize, clip: [usize; 4], ppp: f32, mut v: [epaint::Vertex; 3], t: &Tex) {
    // 24.8 fixed point, top-left fill rule => every shared edge is covered exactly once.
    let fix = |p: Pos2| [(p.x * ppp * 256.0).round() as i64, (p.y * ppp * 256.0).round() as i64];
    let mut p = [fix(v[0].pos), fix(v[1].pos), fix(v[2].pos)];
    let area = |a: [i64; 2], b: [i64; 2], c: [i64; 2]| (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    let mut full = area(p[0], p[1], p[2]);
    if full == 0 {
        return;
    }
    if full < 0 {
        p.swap(1, 2);
        v.swap(1, 2);
        full = -full;
    }
    let lo = |i: usize| p.iter().map(|q| q[i]).min().unwrap().div_euclid(256).max(0) as usize;
    let hi = |i: usize| (p.iter().map(|q| q[i]).max().unwrap().div_euclid(256) + 1).max(0) as usize;
    let (x0, y0, x1, y1) = (lo(0).max(clip[0]), lo(1).max(clip[1]), hi(0).min(clip[2]), hi(1).min(clip[3]));
    let bias = |a: [i64; 2], b: [i64; 2]| {
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        if dy < 0 || (dy == 0 && dx > 0) { 0 } else { -1 }
    };
    let bs = [bias(p[1], p[2]), bias(p[2], p[0]), bias(p[0], p[1])];
    let col = v.map(|q| q.color.to_array().map(|c| c as f32 / 255.0));
    let inv = 1.0 / full as f32;
    for y in y0..y1 {
        for x in x0..x1 {
            let q = [x as i64 * 256 + 128, y as i64 * 256 + 128];
            let e = [area(p[1], p[2], q), area(p[2], p[0], q), area(p[0], p[1], q)];
            if (0..3).any(|i| e[i] + bs[i] < 0) {
                continue;
            }
            let b = e.map(|k| k as f32 * inv);
            let s = sample(
                t,
                b[0] * v[0].uv.x + b[1] * v[1].uv.x + b[2] * v[2].uv.x,
                b[0] * v[0].uv.y + b[1] * v[1].uv.y + b[2] * v[2].uv.y,
            );
            let src: [f32; 4] =
                std::array::from_fn(|i| s[i] * (b[0] * col[0][i] + b[1] * col[1][i] + b[2] * col[2][i]));
            let d = &mut fb[y * w + x];
            for i in 0..4 {
                d[i] = src[i] + d[i] * (1.0 - src[3]);
            }
        }
    }
}
