//! Palettes that are part of the program, as data.

use super::named::NamedPalette;

/// A palette that is part of the program, with the names that the command line and lists show.
#[derive(Debug)]
pub struct Builtin {
    /// As the command line takes it.
    pub name: &'static str,
    /// As a list shows it.
    pub label: &'static str,
    /// Where the colours are from, in one line.
    pub source: &'static str,
    /// sRGB and straight alpha, in the palette's own order.
    pub colors: &'static [[u8; 4]],
}

impl Builtin {
    /// The palette as a list, called by its label; its colours have no names.
    pub fn palette(&self) -> NamedPalette {
        NamedPalette::new(self.label, self.colors.to_vec())
    }
}

/// The built-in palette of that name, in capitals or not.
pub fn find(name: &str) -> Option<&'static Builtin> {
    BUILTIN.iter().find(|b| b.name.eq_ignore_ascii_case(name.trim()))
}

/// In the order in which they are listed: plain ramps, regular cubes, machines by age.
pub static BUILTIN: &[Builtin] = &[
    Builtin { name: "bw", label: "Black and white", source: "the two ends of the grey ramp", colors: &greys::<2>() },
    Builtin { name: "grey-4", label: "4 greys", source: "even steps of sRGB codes", colors: &greys::<4>() },
    Builtin { name: "grey-16", label: "16 greys", source: "even steps of sRGB codes", colors: &greys::<16>() },
    Builtin { name: "grey-256", label: "256 greys", source: "every sRGB code", colors: &greys::<256>() },
    Builtin {
        name: "web-safe",
        label: "Web-safe 216",
        source: "the 6 × 6 × 6 cube of 8-bit browsers, 1996: steps of 0x33",
        colors: &web_safe(),
    },
    Builtin {
        name: "rgb332",
        label: "RGB 3-3-2",
        source: "3 bits of red, 3 of green, 2 of blue, each spread evenly over 0 to 255",
        colors: &rgb332(),
    },
    Builtin {
        name: "cga-16",
        label: "CGA 16",
        source: "IBM Color/Graphics Adapter, 1981: RGBI on the IBM 5153 monitor, its dark yellow turned brown",
        colors: &CGA_16,
    },
    Builtin {
        name: "cga-cyan",
        label: "CGA 4: cyan, magenta, white",
        source: "CGA mode 4, palette 1 in high intensity on black, as the BIOS sets it",
        colors: &opaque([0x000000, 0x55ffff, 0xff55ff, 0xffffff]),
    },
    Builtin {
        name: "cga-green",
        label: "CGA 4: green, red, yellow",
        source: "CGA mode 4, palette 0 in high intensity on black",
        colors: &opaque([0x000000, 0x55ff55, 0xff5555, 0xffff55]),
    },
    Builtin {
        name: "zx-spectrum",
        label: "ZX Spectrum",
        source: "Sinclair, 1982: 8 colours in two levels of brightness, taken as 0xd7 and 0xff; black is one",
        colors: &opaque([
            0x000000, 0x0000d7, 0xd70000, 0xd700d7, 0x00d700, 0x00d7d7, 0xd7d700, 0xd7d7d7, 0x0000ff, 0xff0000,
            0xff00ff, 0x00ff00, 0x00ffff, 0xffff00, 0xffffff,
        ]),
    },
    Builtin {
        name: "c64",
        label: "Commodore 64",
        source: "the 16 colours of the VIC-II as Philip \"Pepto\" Timmermann calculated them, 2001",
        colors: &opaque([
            0x000000, 0xffffff, 0x68372b, 0x70a4b2, 0x6f3d86, 0x588d43, 0x352879, 0xb8c76f, 0x6f4f25, 0x433900,
            0x9a6759, 0x444444, 0x6c6c6c, 0x9ad284, 0x6c5eb5, 0x959595,
        ]),
    },
    Builtin {
        name: "ega-16",
        label: "EGA 16 (and VGA text)",
        source: "IBM Enhanced Graphics Adapter, 1984: its registers at power-on, the colours of CGA; VGA starts the same",
        colors: &CGA_16,
    },
    Builtin {
        name: "ega-64",
        label: "EGA 64",
        source: "all values of an EGA register, two bits a channel, in the order of the registers' codes",
        colors: &ega_64(),
    },
    Builtin {
        name: "windows-16",
        label: "Windows VGA 16",
        source: "the 16 colours of Windows on VGA, 1990; the named colours of HTML 4",
        colors: &opaque([
            0x000000, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080, 0x008080, 0xc0c0c0, 0x808080, 0xff0000,
            0x00ff00, 0xffff00, 0x0000ff, 0xff00ff, 0x00ffff, 0xffffff,
        ]),
    },
    Builtin {
        name: "game-boy",
        label: "Game Boy",
        source: "Nintendo, 1989: the four greens by which its screen is commonly shown; hardware has no sRGB codes",
        colors: &opaque([0x0f380f, 0x306230, 0x8bac0f, 0x9bbc0f]),
    },
    Builtin {
        name: "pico-8",
        label: "PICO-8",
        source: "the 16 colours of the fantasy console's manual, Lexaloffle, 2015",
        colors: &opaque([
            0x000000, 0x1d2b53, 0x7e2553, 0x008751, 0xab5236, 0x5f574f, 0xc2c3c7, 0xfff1e8, 0xff004d, 0xffa300,
            0xffec27, 0x00e436, 0x29adff, 0x83769c, 0xff77a8, 0xffccaa,
        ]),
    },
];

static CGA_16: [[u8; 4]; 16] = opaque([
    0x000000, 0x0000aa, 0x00aa00, 0x00aaaa, 0xaa0000, 0xaa00aa, 0xaa5500, 0xaaaaaa, 0x555555, 0x5555ff, 0x55ff55,
    0x55ffff, 0xff5555, 0xff55ff, 0xffff55, 0xffffff,
]);

/// 0xrrggbb, each.
const fn opaque<const N: usize>(codes: [u32; N]) -> [[u8; 4]; N] {
    let mut colors = [[u8::MAX; 4]; N];
    let mut i = 0;
    while i < N {
        let [_, r, g, b] = codes[i].to_be_bytes();
        colors[i] = [r, g, b, u8::MAX];
        i += 1;
    }
    colors
}

/// From black to white; all the lengths used divide 255 evenly.
const fn greys<const N: usize>() -> [[u8; 4]; N] {
    let mut colors = [[u8::MAX; 4]; N];
    let mut i = 0;
    while i < N {
        let grey = (i * 255 / (N - 1)) as u8;
        colors[i] = [grey, grey, grey, u8::MAX];
        i += 1;
    }
    colors
}

const fn web_safe() -> [[u8; 4]; 216] {
    let mut colors = [[u8::MAX; 4]; 216];
    let mut i = 0;
    while i < 216 {
        colors[i] = [(i / 36) as u8 * 0x33, (i / 6 % 6) as u8 * 0x33, (i % 6) as u8 * 0x33, u8::MAX];
        i += 1;
    }
    colors
}

const fn rgb332() -> [[u8; 4]; 256] {
    let mut colors = [[u8::MAX; 4]; 256];
    let mut i = 0;
    while i < 256 {
        // To the nearest of 255 / 7 steps; 255 / 3 is whole.
        let (r, g, b) = ((i >> 5) * 510 + 7, (i >> 2 & 7) * 510 + 7, (i & 3) * 85);
        colors[i] = [(r / 14) as u8, (g / 14) as u8, b as u8, u8::MAX];
        i += 1;
    }
    colors
}

/// A register's bits are r g b R G B from the highest: a capital is worth two thirds of the channel.
const fn ega_64() -> [[u8; 4]; 64] {
    let mut colors = [[u8::MAX; 4]; 64];
    let mut i: u8 = 0;
    while i < 64 {
        let r = (i >> 2 & 1) * 0xaa + (i >> 5 & 1) * 0x55;
        let g = (i >> 1 & 1) * 0xaa + (i >> 4 & 1) * 0x55;
        let b = (i & 1) * 0xaa + (i >> 3 & 1) * 0x55;
        colors[i as usize] = [r, g, b, u8::MAX];
        i += 1;
    }
    colors
}
