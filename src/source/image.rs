//! Pixels as 8-bit sRGB codes with straight alpha, and the different colours among them.

use std::sync::OnceLock;

use rayon::prelude::*;

#[derive(Debug)]
pub struct Image {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<[u8; 4]>,
    colours: OnceLock<Colours>,
    traits: OnceLock<Traits>,
}

#[derive(Debug, Clone, Copy)]
struct Traits {
    grey: bool,
    hidden: bool,
    translucent: bool,
}

/// The different colours that can be seen, with their pixel counts.
#[derive(Debug)]
pub struct Colours {
    /// Ascending as big-endian numbers: red first, alpha last.
    pub keys: Vec<[u8; 4]>,
    pub counts: Vec<u32>,
    /// Pixels with alpha 0: whatever colour they carry is nobody's.
    pub hidden: u64,
    /// `buckets[b]..buckets[b + 1]` are the keys whose upper 16 bits are b.
    buckets: Vec<u32>,
}

/// Pixels that one task maps.
const BAND: usize = 1 << 16;

impl Image {
    pub fn new(width: u32, height: u32, rgba: Vec<[u8; 4]>) -> Self {
        debug_assert_eq!(rgba.len(), width as usize * height as usize);
        Self { width, height, rgba, colours: OnceLock::new(), traits: OnceLock::new() }
    }

    /// Every pixel opaque with equal channels: such a picture is a table of numbers.
    pub fn is_grey(&self) -> bool {
        self.traits().grey
    }

    /// Whether any pixel has an alpha between 0 and 255.
    pub fn has_translucency(&self) -> bool {
        self.traits().translucent
    }

    pub fn is_opaque(&self) -> bool {
        !self.traits().translucent && !self.traits().hidden
    }

    fn traits(&self) -> Traits {
        *self.traits.get_or_init(|| {
            let all = |test: &(dyn Fn(&[u8; 4]) -> bool + Sync)| self.rgba.par_chunks(BAND).all(|b| b.iter().all(test));
            Traits {
                grey: all(&|c| c[0] == c[1] && c[1] == c[2] && c[3] == 255),
                hidden: !all(&|c| c[3] != 0),
                translucent: !all(&|c| c[3] == 0 || c[3] == 255),
            }
        })
    }

    /// The different colours; counted at the first call (off the window's thread), then kept.
    pub fn colours(&self) -> &Colours {
        self.colours.get_or_init(|| Colours::count(&self.rgba))
    }

    /// A subsample of at most about `pixels` pixels: every k-th of every k-th row, so that each is a
    /// colour of the photo.
    pub fn preview(&self, pixels: usize) -> Image {
        let step = (self.rgba.len() as f64 / pixels.max(1) as f64).sqrt().ceil().max(1.0) as usize;
        let (width, height) = (self.width as usize, self.height as usize);
        let rows = (step / 2..height.max(step / 2 + 1)).step_by(step).map(|y| y.min(height - 1));
        let columns = || (step / 2..width.max(step / 2 + 1)).step_by(step).map(|x| x.min(width - 1));
        let rgba: Vec<[u8; 4]> = rows.flat_map(|y| columns().map(move |x| self.rgba[y * width + x])).collect();
        let small_width = columns().count();
        Image::new(small_width as u32, (rgba.len() / small_width) as u32, rgba)
    }
}

impl Colours {
    fn count(rgba: &[[u8; 4]]) -> Self {
        let mut numbers: Vec<u32> = rgba.par_iter().filter(|c| c[3] > 0).map(|c| u32::from_be_bytes(*c)).collect();
        let hidden = (rgba.len() - numbers.len()) as u64;
        numbers.par_sort_unstable();
        let (mut keys, mut counts) = (Vec::new(), Vec::new());
        for run in numbers.chunk_by(|a, b| a == b) {
            keys.push(run[0].to_be_bytes());
            counts.push(run.len() as u32);
        }
        let mut buckets = vec![0u32; (1 << 16) + 1];
        for key in &keys {
            buckets[bucket_of(*key) + 1] += 1;
        }
        for b in 1..buckets.len() {
            buckets[b] += buckets[b - 1];
        }
        Self { keys, counts, hidden, buckets }
    }

    /// The place of a colour of this photo among the keys.
    #[inline]
    fn id(&self, colour: [u8; 4]) -> usize {
        let bucket = bucket_of(colour);
        let (start, end) = (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
        start + self.keys[start..end].partition_point(|k| *k < colour)
    }

    /// For each pixel of the photo these colours were counted in, the entry of `table` that stands at
    /// its colour's place; `hidden` for pixels that cannot be seen.
    pub fn map_pixels<T: Copy + Send + Sync>(&self, pixels: &[[u8; 4]], table: &[T], hidden: T, out: &mut Vec<T>) {
        debug_assert_eq!(table.len(), self.keys.len());
        out.clear();
        out.resize(pixels.len(), hidden);
        out.par_chunks_mut(BAND).zip(pixels.par_chunks(BAND)).for_each(|(out, pixels)| {
            // Neighbours are often alike: the last look-up is kept.
            let mut last = ([0; 4], hidden);
            for (slot, &colour) in out.iter_mut().zip(pixels) {
                if colour[3] == 0 {
                    continue;
                }
                if colour != last.0 {
                    last = (colour, table[self.id(colour)]);
                }
                *slot = last.1;
            }
        });
    }
}

fn bucket_of(colour: [u8; 4]) -> usize {
    usize::from(colour[0]) << 8 | usize::from(colour[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    fn noise(width: u32, height: u32, mask: u64) -> Image {
        let mut random = Random::seeded(9);
        let mut pixel = || (random.next_u64() & mask).to_le_bytes()[..4].try_into().unwrap();
        Image::new(width, height, (0..width * height).map(|_| pixel()).collect())
    }

    #[test]
    fn colours_are_counted_once_each_and_hidden_pixels_not_at_all() {
        let image = noise(200, 100, 0x0103_0107_0107);
        let colours = image.colours();
        assert!(colours.keys.windows(2).all(|k| k[0] < k[1]));
        let visible: u64 = colours.counts.iter().map(|&n| u64::from(n)).sum();
        assert_eq!(visible + colours.hidden, 20_000);
        for (key, count) in colours.keys.iter().zip(&colours.counts) {
            assert_eq!(image.rgba.iter().filter(|c| *c == key).count(), *count as usize);
        }
    }

    #[test]
    fn mapping_pixels_agrees_with_a_naive_look_up() {
        for mask in [u64::MAX, 0xff0f_0f0f, 0x0103_0303] {
            let image = noise(100, 70, mask);
            let colours = image.colours();
            let table: Vec<u32> = (0..colours.keys.len() as u32).collect();
            let mut ids = Vec::new();
            colours.map_pixels(&image.rgba, &table, u32::MAX, &mut ids);
            for (colour, id) in image.rgba.iter().zip(ids) {
                let expected = colours.keys.iter().position(|k| k == colour && colour[3] > 0);
                assert_eq!(expected.map_or(u32::MAX, |p| p as u32), id);
            }
        }
    }

    #[test]
    fn a_preview_is_small_keeps_the_shape_and_shows_only_colours_of_the_photo() {
        let image = noise(400, 200, u64::MAX);
        let small = image.preview(1000);
        assert!(small.rgba.len() <= 1000 && small.width == 2 * small.height, "{} {}", small.width, small.height);
        assert!(small.rgba.iter().all(|c| image.rgba.contains(c)));
        let dot = noise(1, 1, u64::MAX).preview(10);
        assert_eq!((dot.width, dot.height), (1, 1));
        let line = noise(5000, 1, u64::MAX).preview(100);
        assert_eq!(line.height, 1);
    }

    #[test]
    fn grey_and_alpha_are_noticed() {
        let image = |pixels: &[[u8; 4]]| Image::new(pixels.len() as u32, 1, pixels.to_vec());
        assert!(image(&[[7, 7, 7, 255]]).is_grey());
        assert!(!image(&[[7, 7, 7, 254]]).is_grey());
        assert!(image(&[[7, 7, 7, 254]]).has_translucency());
        assert!(!image(&[[7, 7, 7, 0]]).has_translucency());
        assert!(!image(&[[7, 7, 7, 0]]).is_opaque() && image(&[[7, 8, 7, 255]]).is_opaque());
    }
}
