//! Samples → quantized. Knows nothing of files, windows or threads of its own.

/// A type that is written by its name: serde keeps it as text.
macro_rules! kept_by_name {
    ($name:ty) => {
        impl From<$name> for String {
            fn from(named: $name) -> String {
                named.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(name: String) -> Result<Self, String> {
                name.parse()
            }
        }
    };
}

pub mod assign;
pub mod block;
pub mod cells;
pub mod codebook;
pub mod coding;
pub mod colour;
pub mod control;
pub mod fit;
pub mod format;
pub mod fused;
pub mod grouping;
pub mod indexed;
pub mod metric;
pub mod one_by_one;
pub mod quantized;
pub mod random;
pub mod rate;
pub mod recipe;
pub mod samples;
pub mod scale;
pub mod simd;
pub mod tasks;
pub mod theory;
pub mod trace;
