//! Which levels a code may choose from: multiples of the step, or two interleaved sets in turns.
//!
//! With a trellis there are two sets, the multiples of the step and those moved half a step outwards,
//! with 0. A machine of eight states says which serves the next weight; the last bit of a code moves it.
//! Together the sets are twice as fine as the step, but a code names a level of one. Sources: Ungerboeck,
//! IEEE Trans. Inf. Theory 28 (1982), for the machine; Marcellin and Fischer 1990; and the dependent
//! quantization of H.266 (2020) for sets that both have 0.

#[derive(Clone, Copy)]
pub(super) struct Steps {
    pub next: &'static [[u8; 2]],
    set_of: &'static [u8],
}

impl Steps {
    pub(super) fn new(trellis: bool) -> Self {
        if trellis {
            let next = &[[0, 1], [2, 3], [5, 4], [7, 6], [1, 0], [3, 2], [4, 5], [6, 7]];
            Self { next, set_of: &[0, 1, 0, 1, 0, 1, 0, 1] }
        } else {
            Self { next: &[[0, 0]], set_of: &[0] }
        }
    }

    /// The set of levels of a state: 0 or 1.
    #[inline]
    pub(super) fn set(self, state: usize) -> usize {
        usize::from(self.set_of[state])
    }

    #[inline]
    pub(super) fn next(self, state: usize, code: i32) -> usize {
        usize::from(self.next[state][(code & 1) as usize])
    }
}

/// The size of a level in steps.
#[inline]
pub(super) fn size(set: usize, magnitude: u32) -> f32 {
    if magnitude == 0 { 0.0 } else { magnitude as f32 - 0.5 * set as f32 }
}
