//! A photo as a model: each channel a matrix, a row for each line of pixels.
//!
//! Values are sRGB codes less 128: whole numbers around 0, as weights are numbers around 0. A grey photo is
//! one matrix. Hidden pixels are no numbers, and so have no say in any scale and no part in any error.

use std::collections::BTreeMap;

use half::f16;
use safetensors::Dtype as Stored;

use super::bytes::Bytes;
use super::model::{Caveats, Container, Model};
use super::tensor::{Dtype, Tensor};
use crate::picture::image::Image;

/// What an sRGB code is counted from.
pub const MIDDLE: i16 = 128;

/// Rows are filled up to a multiple of `row_multiple` with their last pixel.
pub fn planes(image: &Image, row_multiple: usize) -> Model {
    let names: &[&str] = if image.is_grey() { &["grey"] } else { &["red", "green", "blue"] };
    let (width, height) = (image.width as usize, image.height as usize);
    let row = width.next_multiple_of(row_multiple.max(1));
    let (dtype, size) = if image.has_hidden() { (Stored::F16, 2) } else { (Stored::I8, 1) };
    let mut bytes = Vec::with_capacity(names.len() * row * height * size);
    let mut tensors = Vec::new();
    for (channel, name) in names.iter().enumerate() {
        let start = bytes.len();
        for pixels in image.rgba.chunks(width.max(1)) {
            let last = pixels.last().copied().unwrap_or_default();
            let padding = std::iter::repeat_n(last, row - width);
            pixels.iter().copied().chain(padding).for_each(|c| push(c, channel, dtype, &mut bytes));
        }
        tensors.push(Tensor {
            name: (*name).to_owned(),
            dtype: Dtype::Plain(dtype),
            shape: vec![height, row],
            values: height * row,
            file: 0,
            bytes: start..bytes.len(),
            packed: None,
        });
    }
    Model {
        name: "photo".to_owned(),
        path: None,
        file_bytes: bytes.len() as u64,
        container: Container::Safetensors,
        tensors,
        metadata: BTreeMap::new(),
        caveats: Caveats::default(),
        files: vec![Bytes::Held(bytes)],
    }
}

fn push(c: [u8; 4], channel: usize, dtype: Stored, bytes: &mut Vec<u8>) {
    let value = i16::from(c[channel]) - MIDDLE;
    if dtype == Stored::I8 {
        bytes.push(value as i8 as u8);
    } else {
        let value = if c[3] == 0 { f16::NAN } else { f16::from_f32(f32::from(value)) };
        bytes.extend(value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(model: &Model, tensor: usize) -> Vec<f32> {
        let mut values = Vec::new();
        model.read(tensor, 0..model.tensors[tensor].values, &mut values);
        values
    }

    #[test]
    fn a_photo_is_three_matrices_and_a_grey_one_is_one() {
        let photo = Image::new(3, 1, vec![[0, 128, 255, 255], [1, 2, 3, 255], [9, 9, 9, 255]]);
        let model = planes(&photo, 4);
        let shapes: Vec<&[usize]> = model.tensors.iter().map(|t| t.shape.as_slice()).collect();
        assert_eq!(shapes, [[1, 4]; 3]);
        assert_eq!(read(&model, 0), [-128.0, -127.0, -119.0, -119.0], "the last pixel fills the row up");
        assert_eq!(read(&model, 2), [127.0, -125.0, -119.0, -119.0]);
        let grey = planes(&Image::new(2, 1, vec![[7, 7, 7, 255]; 2]), 1);
        assert_eq!((grey.tensors.len(), read(&grey, 0)), (1, vec![-121.0; 2]));
    }

    #[test]
    fn hidden_pixels_are_no_numbers() {
        let model = planes(&Image::new(2, 1, vec![[200, 1, 2, 0], [200, 1, 2, 255]]), 1);
        let red = read(&model, 0);
        assert!(red[0].is_nan() && red[1] == 72.0);
    }
}
