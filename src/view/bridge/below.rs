//! The choice of three below the dial.

/// What stands below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Below {
    /// The plot of error against bits, for the photo, the tensor and all layers.
    #[default]
    Error,
    /// What the model writes at full precision and quantized.
    Says,
    /// For each matrix quantized alone, what the model makes of it and the matrix's own error.
    Layers,
}

impl Below {
    /// The choice that follows, round through all three.
    pub fn next(self) -> Self {
        match self {
            Below::Error => Below::Says,
            Below::Says => Below::Layers,
            Below::Layers => Below::Error,
        }
    }
}
