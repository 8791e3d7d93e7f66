//! Where error diffusion sends the error of a sample: the classic kernels, as data.

/// One receiver of error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tap {
    /// Columns ahead, in the direction in which the row is walked.
    pub right: isize,
    /// Rows down, at most [`Kernel::ROWS`].
    pub down: usize,
    /// The part of the error that it receives, 0 to 1.
    pub share: f32,
}

/// An error diffusion kernel: the samples that receive the error of the one just coded.
pub struct Kernel {
    /// As on the command line.
    pub name: &'static str,
    /// As the window shows it.
    pub label: &'static str,
    /// Samples that come later in the order of coding; their shares add up to 1, or to less.
    pub taps: &'static [Tap],
}

impl Kernel {
    /// No kernel reaches further down than this, nor further than this to either side.
    pub const ROWS: usize = 2;
    /// Columns to either side that a kernel reaches at most.
    pub const COLUMNS: usize = 2;
}

/// `kernel![name, label, divisor; (right, down, weight), …]`: published tables are integers over a common divisor.
macro_rules! kernel {
    ($name:literal, $label:literal, $divisor:literal;
     $(($right:literal, $down:literal, $weight:literal)),* $(,)?) => {
        Kernel {
            name: $name,
            label: $label,
            taps: &[$(Tap { right: $right, down: $down, share: $weight as f32 / $divisor as f32 }),*],
        }
    };
}

rows! {
    /// The kernels of error diffusion.
    KernelName: Kernel, "kernel";

    /// Source: Floyd and Steinberg, "An adaptive algorithm for spatial greyscale", Proc. SID 17 (1976).
    FloydSteinberg = kernel!["floyd-steinberg", "Floyd–Steinberg", 16; (1, 0, 7), (-1, 1, 3), (0, 1, 5), (1, 1, 1)],

    /// Passes on only 6/8 of the error: contrast grows, and what is nearly black or white stays clean.
    /// Source: Bill Atkinson's scanning software for the Macintosh (1984), as he described it later.
    Atkinson = kernel!["atkinson", "Atkinson", 8; (1, 0, 1), (2, 0, 1), (-1, 1, 1), (0, 1, 1), (1, 1, 1), (0, 2, 1)],

    /// Source: Jarvis, Judice and Ninke, "A survey of techniques for the display of continuous tone
    /// pictures on bilevel displays", Computer Graphics and Image Processing 5 (1976).
    JarvisJudiceNinke = kernel!["jarvis", "Jarvis–Judice–Ninke", 48;
        (1, 0, 7), (2, 0, 5),
        (-2, 1, 3), (-1, 1, 5), (0, 1, 7), (1, 1, 5), (2, 1, 3),
        (-2, 2, 1), (-1, 2, 3), (0, 2, 5), (1, 2, 3), (2, 2, 1),
    ],

    /// Source: Stucki, "MECCA: a multiple-error correcting computation algorithm for bilevel image
    /// hardcopy reproduction", IBM Research Report RZ 1060 (1981).
    Stucki = kernel!["stucki", "Stucki", 42;
        (1, 0, 8), (2, 0, 4),
        (-2, 1, 2), (-1, 1, 4), (0, 1, 8), (1, 1, 4), (2, 1, 2),
        (-2, 2, 1), (-1, 2, 2), (0, 2, 4), (1, 2, 2), (2, 2, 1),
    ],

    /// Stucki's first two rows, over a power of two.
    /// Source: Daniel Burkes, "Presentation of the Burkes error filter for use in preparing
    /// continuous-tone images for presentation on bi-level devices" (1988, unpublished).
    Burkes = kernel!["burkes", "Burkes", 32;
        (1, 0, 8), (2, 0, 4),
        (-2, 1, 2), (-1, 1, 4), (0, 1, 8), (1, 1, 4), (2, 1, 2),
    ],

    /// The three-row filter: nearly that of Jarvis, Judice and Ninke, over a power of two.
    /// Source: Frankie Sierra, in public forums (1989), unpublished.
    Sierra = kernel!["sierra", "Sierra", 32;
        (1, 0, 5), (2, 0, 3),
        (-2, 1, 2), (-1, 1, 4), (0, 1, 5), (1, 1, 4), (2, 1, 2),
        (-1, 2, 2), (0, 2, 3), (1, 2, 2),
    ],
}
