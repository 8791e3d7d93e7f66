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
            type Error = $crate::engine::error::NameError;
            fn try_from(name: String) -> Result<Self, Self::Error> {
                name.parse()
            }
        }
    };
}

/// A type of which no two things share a name: equal and hashed by it.
macro_rules! known_by_name {
    ($named:ty) => {
        impl PartialEq for $named {
            fn eq(&self, other: &Self) -> bool {
                self.name == other.name
            }
        }

        impl Eq for $named {}

        impl std::hash::Hash for $named {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.name.hash(state);
            }
        }
    };
}

/// Sums of several kinds that add up kind by kind.
macro_rules! added_by_field {
    ($sums:ident: $($field:ident),+) => {
        impl std::ops::Add for $sums {
            type Output = Self;

            fn add(self, o: Self) -> Self {
                Self { $($field: self.$field + o.$field),+ }
            }
        }
    };
}

/// A list of things of one kind, a line a thing: an enum of which each variant stands for a row. All that is known of a
/// thing is in its row, the name among it; the command line, pickers, documents, saved settings and tests read the list.
macro_rules! rows {
    ($(#[$about:meta])* $list:ident: $row:ty, $what:literal; $($(#[$doc:meta])* $thing:ident = $is:expr),+ $(,)?) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $list {
            $($(#[$doc])* $thing),+
        }

        impl $list {
            /// In the order in which they are offered.
            pub const ALL: [Self; [$(Self::$thing),+].len()] = [$(Self::$thing),+];

            /// All that is known of it.
            pub const fn row(self) -> &'static $row {
                match self {
                    $(Self::$thing => const { &$is }),+
                }
            }

            /// As on the command line and in files.
            pub const fn name(self) -> &'static str {
                self.row().name
            }

            /// The thing of a name as on the command line and in files.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|thing| thing.name() == name)
            }
        }

        impl std::fmt::Display for $list {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $list {
            type Err = $crate::engine::error::NameError;
            fn from_str(name: &str) -> Result<Self, Self::Err> {
                Self::from_name(name).ok_or_else(|| Self::Err::Unknown { what: $what, name: name.to_owned() })
            }
        }
    };
}

pub(crate) use rows;

pub mod assign;
pub mod block;
pub mod cells;
pub mod codebook;
pub mod coding;
pub mod colour;
pub mod control;
pub mod error;
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
