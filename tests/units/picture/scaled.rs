use std::sync::Arc;

use quantscope::engine::colour::{linear_from_srgb8, srgb8_from_linear};
use quantscope::picture::image::Image;
use quantscope::picture::{Picture, Window};

fn checker(width: u32, height: u32) -> Vec<u8> {
    (0..width * height).map(|i| ((i % width + i / width) % 2) as u8).collect()
}

fn numbered(width: u32, height: u32) -> Picture {
    let rgba = (0..width * height).map(|i| [(i % width) as u8, (i / width) as u8, 9, 255]).collect();
    Picture::new_rgba(Arc::new(Image::new(width, height, rgba)))
}

fn window(left: f64, top: f64, zoom: f64) -> Window {
    Window { left, top, zoom }
}

#[test]
fn at_100_percent_pixels_are_copied() {
    let picture = numbered(50, 40);
    let out = picture.resample((50, 40), window(3.0, 5.0, 1.0), 20, 10);
    for (i, c) in out.iter().enumerate() {
        assert_eq!(*c, [3 + (i % 20) as u8, 5 + (i / 20) as u8, 9, 255]);
    }
}

#[test]
fn from_200_percent_every_output_pixel_is_the_pixel_it_lies_in() {
    let picture = numbered(50, 40);
    for zoom in [2.0, 3.0, 4.7, 16.0] {
        let out = picture.resample((50, 40), window(10.25, 7.5, zoom), 64, 64);
        for (i, c) in out.iter().enumerate() {
            let (x, y) = ((i % 64) as f64, (i / 64) as f64);
            let expected = [(10.25 + (x + 0.5) / zoom) as u8, (7.5 + (y + 0.5) / zoom) as u8];
            assert_eq!(c[..2], expected, "{zoom}");
        }
    }
}

#[test]
fn outside_is_transparent() {
    let out = numbered(10, 10).resample((10, 10), window(-5.0, -5.0, 1.0), 20, 20);
    assert_eq!(out.iter().filter(|c| c[3] == 0).count(), 300);
    assert_eq!((out[0], out[5 * 20 + 5]), ([0; 4], [0, 0, 9, 255]));
}

#[test]
fn a_checker_seen_from_afar_is_the_grey_that_the_eye_sees() {
    let picture = Picture::new_indexed(1024, 1024, checker(1024, 1024), vec![[0, 0, 0, 255], [255; 4]]);
    let out = picture.resample((1024, 1024), window(0.0, 0.0, 0.25), 256, 256);
    // Half the light of white is code 188, not 128.
    assert!(out.iter().all(|c| c[0].abs_diff(188) <= 1), "{:?}", out[0]);
}

/// The mean light under each output pixel, by its definition: from every pixel of the full picture, in f64.
fn by_definition(picture: &Picture, w: Window, width: usize, height: usize) -> Vec<[f64; 3]> {
    let covered = |start: f64, k: u32| {
        move |i: usize| {
            let at = |i: usize| start + i as f64 / w.zoom;
            (at(i + 1).min(f64::from(k + 1)) - at(i).max(f64::from(k))).max(0.0)
        }
    };
    let mut out = vec![[0.0; 3]; width * height];
    for (j, row) in out.chunks_mut(width).enumerate() {
        for (i, out) in row.iter_mut().enumerate() {
            let mut area = 0.0;
            for y in (0..picture.height).filter(|&y| covered(w.top, y)(j) > 0.0) {
                for x in (0..picture.width).filter(|&x| covered(w.left, x)(i) > 0.0) {
                    let share = covered(w.top, y)(j) * covered(w.left, x)(i);
                    area += share;
                    for (sum, v) in out.iter_mut().zip(picture.pixel(x, y)) {
                        *sum += share * f64::from(linear_from_srgb8(v));
                    }
                }
            }
            out.iter_mut().for_each(|sum| *sum /= area);
        }
    }
    out
}

/// A dither of two colours, by the 4 × 4 matrix of Bayer.
fn bayer(width: u32, height: u32, level: u32) -> Picture {
    const BAYER: [[u32; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
    let code = |i| u8::from(BAYER[(i / width % 4) as usize][(i % width % 4) as usize] < level);
    let codes = (0..width * height).map(code).collect();
    Picture::new_indexed(width, height, codes, vec![[30, 60, 140, 255], [230, 210, 90, 255]])
}

#[test]
fn below_100_percent_each_pixel_on_screen_is_the_mean_light_of_the_area_that_it_covers() {
    let picture = bayer(120, 90, 7);
    for zoom in [0.46, 0.51, 0.61, 0.9] {
        let (w, size) = (window(2.0 / zoom, 1.0 / zoom, zoom), (40, 30));
        let drawn = picture.resample((120, 90), w, size.0, size.1);
        for (drawn, right) in drawn.iter().zip(by_definition(&picture, w, size.0, size.1)) {
            let near = |c: usize| (i32::from(drawn[c]) - i32::from(srgb8_from_linear(right[c] as f32))).abs() <= 1;
            assert!((0..3).all(near), "{zoom}: {drawn:?} {right:?}");
        }
    }
}

#[test]
fn a_dithered_grey_has_the_same_light_everywhere_at_every_zoom() {
    let picture = bayer(1200, 900, 7);
    let right = linear_from_srgb8(30) + (linear_from_srgb8(230) - linear_from_srgb8(30)) * 7.0 / 16.0;
    for percent in [7, 13, 25, 33, 39, 46, 51, 61, 75, 80, 90, 99] {
        let zoom = f64::from(percent) / 100.0;
        let side = (900.0 * zoom) as usize;
        let drawn = picture.resample((1200, 900), window(0.0, 0.0, zoom), side, side);
        // As patches of 40 × 40 pixels of the file, larger than which a false pattern would be seen as clouds.
        let patch = ((40.0 * zoom) as usize).max(1);
        for (x, y) in (0..side / patch).flat_map(|x| (0..side / patch).map(move |y| (x * patch, y * patch))) {
            let pixels = (0..patch * patch).map(|i| drawn[(y + i / patch) * side + x + i % patch]);
            let mean = pixels.map(|c| linear_from_srgb8(c[0])).sum::<f32>() / (patch * patch) as f32;
            assert!((mean - right).abs() < 0.12 * right, "{percent} % at {x}, {y}: {mean} for {right}");
        }
    }
}

#[test]
fn a_scale_is_averaged_before_it_is_coloured() {
    let colors: [[u8; 4]; 256] = quantscope::picture::colourmap::sequential();
    let codes = (0..600 * 600).map(|i| if (i % 600 + i / 600) % 2 == 0 { 0 } else { 200 }).collect();
    let picture = Picture::of_scale(600, 600, codes, &colors);
    for zoom in [0.05, 0.25, 0.4, 0.5] {
        let out = picture.resample((600, 600), window(0.0, 0.0, zoom), 20, 20);
        assert!(out.iter().all(|c| *c == colors[100]), "{zoom}: {:?}", out[0]);
    }
    let out = picture.resample((600, 600), window(0.0, 0.0, 0.61), 300, 300);
    assert!(out.iter().all(|c| colors.contains(c)), "only colours of the scale are seen");
}

#[test]
fn what_lies_beside_transparent_pixels_keeps_its_colour_and_the_edge_its_alpha() {
    let rgba = (0..64 * 64).map(|i| if i % 64 < 33 { [200, 30, 10, 255] } else { [0; 4] }).collect();
    let picture = Picture::new_rgba(Arc::new(Image::new(64, 64, rgba)));
    let out = picture.resample((64, 64), window(0.0, 0.0, 0.5), 40, 40);
    assert_eq!((out[15], out[17]), ([200, 30, 10, 255], [0; 4]));
    assert_eq!(out[16], [200, 30, 10, 128]);
    assert_eq!(out[33], [0; 4], "beyond the picture");
}

#[test]
fn a_preview_stands_where_the_full_picture_will() {
    let (full, small) = (numbered(64, 64), numbered(16, 16));
    let shown = small.resample((64, 64), window(0.0, 0.0, 1.0), 64, 64);
    let real = full.resample((64, 64), window(0.0, 0.0, 1.0), 64, 64);
    for (s, r) in shown.iter().zip(real) {
        assert_eq!(s[0], r[0] / 4);
    }
}

#[test]
fn a_thumbnail_is_the_whole_picture_in_its_shape_and_no_larger() {
    for (width, height, size) in [(300, 100, (60, 20)), (100, 400, (10, 40)), (8, 6, (8, 6)), (5000, 1, (60, 1))] {
        let codes = (0..width * height).map(|i| u8::from(i % width >= width / 2)).collect();
        let picture = Picture::new_indexed(width, height, codes, vec![[9, 9, 9, 255], [200, 200, 200, 255]]);
        let small = picture.thumbnail(60, 40);
        assert_eq!((small.width, small.height, small.rgba.len()), (size.0, size.1, size.0 * size.1));
        assert!(small.rgba.iter().all(|c| c[3] == 255) && small.rgba[0] == [9, 9, 9, 255], "{width}");
        assert_eq!(small.rgba[size.0 - 1], [200, 200, 200, 255], "{width}");
    }
}

#[test]
fn indexed_and_full_pixels_are_drawn_alike_at_every_zoom() {
    let palette: Vec<[u8; 4]> = (0..=255).map(|v| [v, 255 - v, 128, 255]).collect();
    let codes: Vec<u8> = (0..300 * 280).map(|i| (i * 7 % 256) as u8).collect();
    let rgba = codes.iter().map(|&k| palette[usize::from(k)]).collect();
    let indexed = Picture::new_indexed(300, 280, codes, palette);
    let full = Picture::new_rgba(Arc::new(Image::new(300, 280, rgba)));
    for zoom in [0.3, 0.5, 1.0, 1.5, 2.0, 7.0] {
        let [a, b] = [&indexed, &full].map(|p| p.resample((300, 280), window(11.3, 5.9, zoom), 90, 80));
        assert_eq!(a, b, "{zoom}");
    }
}

#[test]
fn a_recoloured_picture_differs_in_the_pixels_of_one_colour_and_in_no_other() {
    let (red, green, blue) = ([255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]);
    let picture = Picture::new_indexed(2, 2, vec![0, 1, 1, 0], vec![red, green]);
    let other = picture.recoloured(green, blue).expect("one palette");
    assert_eq!((picture.rgba(), other.rgba()), (vec![red, green, green, red], vec![red, blue, blue, red]));
    let photo = Picture::new_rgba(Arc::new(Image::new(1, 1, vec![red])));
    assert!(photo.recoloured(red, blue).is_none(), "there is no palette");
}
