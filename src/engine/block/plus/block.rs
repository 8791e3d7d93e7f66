//! Blocks as a search sees them: scaled to sizes near 1, one by one or side by side.

use crate::engine::block::lanes::{Lanes, WIDTH};
use crate::engine::block::number::greatest_size;

/// Σ w·(x − y)².
#[inline(always)]
pub(crate) fn squared_error(x: &[f32], importance: Option<&[f32]>, y: &[f32]) -> f64 {
    let square = |(x, y): (&f32, &f32)| (f64::from(*x) - f64::from(*y)).powi(2);
    let squares = x.iter().zip(y).map(square);
    match importance {
        None => squares.sum(),
        Some(w) => squares.zip(w).map(|(square, w)| square * f64::from(counted(*w))).sum(),
    }
}

#[inline(always)]
fn counted(importance: f32) -> f32 {
    if importance.is_finite() && importance > 0.0 { importance } else { 0.0 }
}

/// What a search sees of a block.
pub(crate) struct Block<const N: usize> {
    /// The weights times a power of two that brings them near 1, where squares neither vanish nor overflow.
    pub x: [f32; N],
    /// Importances, the greatest of them 1.
    pub w: [f32; N],
    /// That power of two undone: a scale of `x` times this is a scale of the block.
    pub unit: f32,
    /// The weights as they are.
    pub original: [f32; N],
}

impl<const N: usize> Block<N> {
    #[inline(always)]
    fn new(original: &[f32; N], importance: Option<&[f32]>) -> Self {
        // Sizes that f32 cannot bring to 1 in one multiplication are brought near enough.
        let exponent = (greatest_size(original).to_bits() >> 23).clamp(127 - 100, 127 + 100);
        let unit = f32::from_bits(exponent << 23);
        let up = f32::from_bits((254 - exponent) << 23);
        let mut w = [1.0; N];
        if let Some(importance) = importance {
            for (w, importance) in w.iter_mut().zip(importance) {
                *w = counted(*importance);
            }
            let greatest = greatest_size(&w);
            w = if greatest > 0.0 { w.map(|w| w / greatest) } else { [1.0; N] };
        }
        Self { x: original.map(|x| x * up), w, unit, original: *original }
    }
}

#[inline(always)]
fn part<const N: usize>(importance: Option<&[f32]>, block: usize) -> Option<&[f32]> {
    importance.map(|w| &w[block * N..(block + 1) * N])
}

/// Block by block.
#[inline(always)]
pub(crate) fn each<const N: usize, const B: usize>(
    row: &[f32],
    importance: Option<&[f32]>,
    bytes: &mut Vec<u8>,
    search: impl Fn(&Block<N>) -> [u8; B],
) {
    for (k, x) in row.as_chunks::<N>().0.iter().enumerate() {
        bytes.extend_from_slice(&search(&Block::new(x, part::<N>(importance, k))));
    }
}

/// WIDTH blocks, one a lane.
pub(crate) struct Blocks<const N: usize> {
    pub x: [Lanes; N],
    pub w: [Lanes; N],
    pub unit: Lanes,
    pub original: [[f32; N]; WIDTH],
}

/// WIDTH blocks at a time; a last, short group is filled up with zeros.
#[inline(always)]
pub(crate) fn side_by_side<const N: usize, const B: usize>(
    row: &[f32],
    importance: Option<&[f32]>,
    bytes: &mut Vec<u8>,
    search: impl Fn(&Blocks<N>) -> [[u8; B]; WIDTH],
) {
    let zero = Lanes::all(0.0);
    let all = row.as_chunks::<N>().0;
    for (group, originals) in all.chunks(WIDTH).enumerate() {
        let mut blocks =
            Blocks { x: [zero; N], w: [Lanes::all(1.0); N], unit: Lanes::all(1.0), original: [[0.0; N]; WIDTH] };
        for (k, x) in originals.iter().enumerate() {
            let block = Block::new(x, part::<N>(importance, group * WIDTH + k));
            for i in 0..N {
                blocks.x[i].0[k] = block.x[i];
                blocks.w[i].0[k] = block.w[i];
            }
            blocks.unit.0[k] = block.unit;
            blocks.original[k] = block.original;
        }
        bytes.extend_from_slice(search(&blocks)[..originals.len()].as_flattened());
    }
}
