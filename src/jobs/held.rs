//! What a value must tell of itself to be held in a slot.

/// A value of a slot, which may be kept for when it is wanted again.
pub trait Held: Send + Sync + 'static {
    /// What it takes in memory, about; of what grows with the photo or the tensor it is of.
    fn bytes(&self) -> usize;
}
