//! How a tensor is drawn: which weights, in lines of which width, in which colours.

use crate::picture::Picture;
use crate::picture::colourmap;
use crate::source::tensor::Tensor;

/// Pictures and hover read-outs hold at most this many weights of a tensor: its first rows.
pub const PICTURED: usize = 1 << 22;
/// A preview looks at rows spread over the pictured ones, about this many weights.
const PREVIEW: usize = 1 << 18;
/// A tensor of one row is drawn in lines of about the square root of its length.
const ONE_ROW_AT_MOST: usize = 64;

/// Weights that the pictures hold: whole rows where the tensor is a matrix.
pub fn pictured(info: &Tensor) -> usize {
    let row = info.row_len().max(1);
    if info.values <= PICTURED || row > PICTURED { info.values.min(PICTURED) } else { PICTURED / row * row }
}

/// Cells in a line of the heat map: a row of the matrix, except that a tensor of one long row is wrapped.
pub fn picture_width(info: &Tensor) -> usize {
    let row = info.row_len().max(1);
    if row < info.values || row <= ONE_ROW_AT_MOST {
        return row;
    }
    (row as f64).sqrt().ceil() as usize
}

/// Rows spread over the pictured ones and the step between them, when there are enough to choose from.
pub(super) fn preview_rows(info: &Tensor, pictured: &[f32]) -> Option<(Vec<f32>, usize)> {
    let row = info.row_len();
    let rows = pictured.len() / row.max(1);
    let step = (pictured.len() / PREVIEW).min(rows / 16);
    if step < 2 || picture_width(info) != row {
        return None;
    }
    Some(((0..rows).step_by(step).flat_map(|r| &pictured[r * row..(r + 1) * row]).copied().collect(), step))
}

/// The heat map's last colours: the weight that 99.5 % of weights stay under in size.
pub(super) fn typical_top(values: &[f32]) -> f32 {
    let step = (values.len() / 200_000).max(1);
    let mut sizes: Vec<f32> = values.iter().step_by(step).filter(|x| x.is_finite()).map(|x| x.abs()).collect();
    if sizes.is_empty() {
        return 1.0;
    }
    let at = (sizes.len() - 1) * 199 / 200;
    let (_, top, _) = sizes.select_nth_unstable_by(at, f32::total_cmp);
    if *top > 0.0 { *top } else { sizes.iter().copied().fold(f32::MIN_POSITIVE, f32::max) }
}

/// The error map's brightest colour: the error that 99.5 % stay under.
pub(super) fn error_top(x: &[f32], y: &[f32]) -> f32 {
    let errors: Vec<f32> = x.iter().zip(y).map(|(x, y)| x - y).collect();
    typical_top(&errors)
}

/// 0 … 254 for −top … +top, the middle exactly zero; 255 for what is no finite number.
pub(super) fn diverging_code(x: f32, top: f32) -> u8 {
    if !x.is_finite() { 255 } else { (127.0 + (x / top).clamp(-1.0, 1.0) * 127.0).round() as u8 }
}

pub(super) fn kept_hole(original: f32, code: u8) -> u8 {
    if original.is_finite() { code } else { 255 }
}

pub(super) fn error_code(x: f32, y: f32, top: f32) -> u8 {
    if x.is_finite() { ((x - y).abs() / top * 255.0).clamp(0.0, 255.0) as u8 } else { 0 }
}

/// Weights as codes of the diverging map, in lines of `width`; the last line is filled up with zeros.
pub(super) fn weights_picture(mut codes: Vec<u8>, width: usize) -> Picture {
    let height = codes.len().div_ceil(width).max(1);
    codes.resize(height * width, diverging_code(0.0, 1.0));
    Picture::new_indexed(width as u32, height as u32, codes, colourmap::diverging().to_vec())
}

/// Errors as codes of the sequential map, in lines of `width`; the last line is filled up with zeros.
pub(super) fn errors_picture(mut codes: Vec<u8>, width: usize) -> Picture {
    let height = codes.len().div_ceil(width).max(1);
    codes.resize(height * width, 0);
    Picture::of_scale(width as u32, height as u32, codes, &colourmap::sequential())
}
