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
    /// sRGB and straight alpha, in the palette's own order: as they are seen.
    pub colors: &'static [[u8; 4]],
    /// What the colours are called, in the same order; empty where they have no names.
    pub names: &'static [&'static str],
    /// What is written for each colour, where that is not how it is seen: see [`NamedPalette::nominal`].
    pub nominal: &'static [[u8; 4]],
}

/// What a row leaves out.
const PLAIN: Builtin = Builtin { name: "", label: "", source: "", colors: &[], names: &[], nominal: &[] };

impl Builtin {
    /// The palette as a list, called by its label.
    pub fn palette(&self) -> NamedPalette {
        NamedPalette {
            name: self.label.to_owned(),
            colors: self.colors.to_vec(),
            names: self.names.iter().map(|&name| name.to_owned()).collect(),
            nominal: self.nominal.to_vec(),
        }
    }
}

/// The built-in palette of that name, in capitals or not.
pub fn find(name: &str) -> Option<&'static Builtin> {
    BUILTIN.iter().find(|b| b.name.eq_ignore_ascii_case(name.trim()))
}

/// In the order in which they are listed: plain ramps, regular cubes, machines by age, palettes by pixel artists from few
/// colours to many, and panels of electronic ink. Those that were copied were compared in two independent places.
pub static BUILTIN: &[Builtin] = &[
    Builtin {
        name: "bw",
        label: "Black and white",
        source: "the two ends of the grey ramp",
        colors: &greys::<2>(),
        ..PLAIN
    },
    Builtin { name: "grey-4", label: "4 greys", source: "even steps of sRGB codes", colors: &greys::<4>(), ..PLAIN },
    Builtin { name: "grey-16", label: "16 greys", source: "even steps of sRGB codes", colors: &greys::<16>(), ..PLAIN },
    Builtin { name: "grey-256", label: "256 greys", source: "every sRGB code", colors: &greys::<256>(), ..PLAIN },
    Builtin {
        name: "web-safe",
        label: "Web-safe 216",
        source: "the 6 × 6 × 6 cube of 8-bit browsers, 1996: steps of 0x33",
        colors: &web_safe(),
        ..PLAIN
    },
    Builtin {
        name: "rgb332",
        label: "RGB 3-3-2",
        source: "3 bits of red, 3 of green, 2 of blue, each spread evenly over 0 to 255",
        colors: &rgb332(),
        ..PLAIN
    },
    Builtin {
        name: "apple-ii",
        label: "Apple II low resolution",
        source: "Apple, 1977: 16 colours of an NTSC screen, taken as Aseprite and others list them; both greys are there",
        colors: &opaque([
            0x000000, 0x6c2940, 0x403578, 0xd93cf0, 0x135740, 0x808080, 0x2697f0, 0xbfb4f8, 0x404b07, 0xd9680f,
            0x808080, 0xeca8bf, 0x26c30f, 0xbfca87, 0x93d6bf, 0xffffff,
        ]),
        names: &[
            "Black",
            "Magenta",
            "Dark blue",
            "Purple",
            "Dark green",
            "Grey 1",
            "Medium blue",
            "Light blue",
            "Brown",
            "Orange",
            "Grey 2",
            "Pink",
            "Green",
            "Yellow",
            "Aqua",
            "White",
        ],
        ..PLAIN
    },
    Builtin {
        name: "cga-16",
        label: "CGA 16",
        source: "IBM Color/Graphics Adapter, 1981: RGBI on the IBM 5153 monitor, its dark yellow turned brown",
        colors: &CGA_16,
        ..PLAIN
    },
    Builtin {
        name: "cga-cyan",
        label: "CGA 4: cyan, magenta, white",
        source: "CGA mode 4, palette 1 in high intensity on black, as the BIOS sets it",
        colors: &opaque([0x000000, 0x55ffff, 0xff55ff, 0xffffff]),
        ..PLAIN
    },
    Builtin {
        name: "cga-green",
        label: "CGA 4: green, red, yellow",
        source: "CGA mode 4, palette 0 in high intensity on black",
        colors: &opaque([0x000000, 0x55ff55, 0xff5555, 0xffff55]),
        ..PLAIN
    },
    Builtin {
        name: "bbc-micro",
        label: "BBC Micro and teletext",
        source: "Acorn, 1981, and teletext: one bit a channel, in the order of the codes",
        colors: &opaque([0x000000, 0xff0000, 0x00ff00, 0xffff00, 0x0000ff, 0xff00ff, 0x00ffff, 0xffffff]),
        ..PLAIN
    },
    Builtin {
        name: "zx-spectrum",
        label: "ZX Spectrum",
        source: "Sinclair, 1982: 8 colours in two levels of brightness, taken as 0xd7 and 0xff; black is one",
        colors: &opaque([
            0x000000, 0x0000d7, 0xd70000, 0xd700d7, 0x00d700, 0x00d7d7, 0xd7d700, 0xd7d7d7, 0x0000ff, 0xff0000,
            0xff00ff, 0x00ff00, 0x00ffff, 0xffff00, 0xffffff,
        ]),
        ..PLAIN
    },
    Builtin {
        name: "c64",
        label: "Commodore 64",
        source: "the 16 colours of the VIC-II as Philip \"Pepto\" Timmermann calculated them, 2001",
        colors: &opaque([
            0x000000, 0xffffff, 0x68372b, 0x70a4b2, 0x6f3d86, 0x588d43, 0x352879, 0xb8c76f, 0x6f4f25, 0x433900,
            0x9a6759, 0x444444, 0x6c6c6c, 0x9ad284, 0x6c5eb5, 0x959595,
        ]),
        ..PLAIN
    },
    Builtin {
        name: "nes",
        label: "NES (64 registers)",
        source: "Nintendo, 1983: by the number of the register, with its blacks; the values that Lospec lists, as NTSC has no sRGB codes",
        colors: &opaque([
            0x7c7c7c, 0x0000fc, 0x0000bc, 0x4428bc, 0x940084, 0xa80020, 0xa81000, 0x881400, 0x503000, 0x007800,
            0x006800, 0x005800, 0x004058, 0x000000, 0x000000, 0x000000, 0xbcbcbc, 0x0078f8, 0x0058f8, 0x6844fc,
            0xd800cc, 0xe40058, 0xf83800, 0xe45c10, 0xac7c00, 0x00b800, 0x00a800, 0x00a844, 0x008888, 0x000000,
            0x000000, 0x000000, 0xf8f8f8, 0x3cbcfc, 0x6888fc, 0x9878f8, 0xf878f8, 0xf85898, 0xf87858, 0xfca044,
            0xf8b800, 0xb8f818, 0x58d854, 0x58f898, 0x00e8d8, 0x787878, 0x000000, 0x000000, 0xfcfcfc, 0xa4e4fc,
            0xb8b8f8, 0xd8b8f8, 0xf8b8f8, 0xf8a4c0, 0xf0d0b0, 0xfce0a8, 0xf8d878, 0xd8f878, 0xb8f8b8, 0xb8f8d8,
            0x00fcfc, 0xf8d8f8, 0x000000, 0x000000,
        ]),
        ..PLAIN
    },
    Builtin {
        name: "msx",
        label: "MSX",
        source: "TMS9918 of the MSX, 1983: the values of WebMSX, blueMSX and Aseprite; colour 0 is transparent and taken as black",
        colors: &opaque([
            0x000000, 0x000000, 0x3eb849, 0x74d07d, 0x5955e0, 0x8076f1, 0xb95e51, 0x65dbef, 0xdb6559, 0xff897d,
            0xccc35e, 0xded087, 0x3aa241, 0xb766b5, 0xcccccc, 0xffffff,
        ]),
        names: &[
            "Transparent",
            "Black",
            "Medium green",
            "Light green",
            "Dark blue",
            "Light blue",
            "Dark red",
            "Cyan",
            "Medium red",
            "Light red",
            "Dark yellow",
            "Light yellow",
            "Dark green",
            "Magenta",
            "Grey",
            "White",
        ],
        ..PLAIN
    },
    Builtin {
        name: "ega-16",
        label: "EGA 16 (and VGA text)",
        source: "IBM Enhanced Graphics Adapter, 1984: its registers at power-on, the colours of CGA; VGA starts the same",
        colors: &CGA_16,
        ..PLAIN
    },
    Builtin {
        name: "ega-64",
        label: "EGA 64",
        source: "all values of an EGA register, two bits a channel, in the order of the registers' codes",
        colors: &ega_64(),
        ..PLAIN
    },
    Builtin {
        name: "amstrad-cpc",
        label: "Amstrad CPC",
        source: "Amstrad, 1984: three levels a channel, in the order of BASIC's numbers; the levels as CPCWiki has them",
        colors: &amstrad_cpc(),
        ..PLAIN
    },
    Builtin {
        name: "master-system",
        label: "Sega Master System",
        source: "Sega, 1985: all values of a colour's byte, two bits a channel, red lowest",
        colors: &master_system(),
        ..PLAIN
    },
    Builtin {
        name: "windows-16",
        label: "Windows VGA 16",
        source: "the 16 colours of Windows on VGA, 1990; the named colours of HTML 4",
        colors: &opaque([
            0x000000, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080, 0x008080, 0xc0c0c0, 0x808080, 0xff0000,
            0x00ff00, 0xffff00, 0x0000ff, 0xff00ff, 0x00ffff, 0xffffff,
        ]),
        ..PLAIN
    },
    Builtin {
        name: "game-boy",
        label: "Game Boy",
        source: "Nintendo, 1989: the four greens by which its screen is commonly shown; hardware has no sRGB codes. A \
                 photo takes all four when colours are compared by Lightness",
        colors: &opaque([0x0f380f, 0x306230, 0x8bac0f, 0x9bbc0f]),
        ..PLAIN
    },
    Builtin {
        name: "pico-8",
        label: "PICO-8",
        source: "the 16 colours of the fantasy console's manual, Lexaloffle, 2015",
        colors: &opaque([
            0x000000, 0x1d2b53, 0x7e2553, 0x008751, 0xab5236, 0x5f574f, 0xc2c3c7, 0xfff1e8, 0xff004d, 0xffa300,
            0xffec27, 0x00e436, 0x29adff, 0x83769c, 0xff77a8, 0xffccaa,
        ]),
        ..PLAIN
    },
    Builtin {
        name: "sweetie-16",
        label: "Sweetie 16",
        source: "GrafxKid; the default palette of TIC-80",
        colors: &opaque([
            0x1a1c2c, 0x5d275d, 0xb13e53, 0xef7d57, 0xffcd75, 0xa7f070, 0x38b764, 0x257179, 0x29366f, 0x3b5dc9,
            0x41a6f6, 0x73eff7, 0xf4f4f4, 0x94b0c2, 0x566c86, 0x333c57,
        ]),
        ..PLAIN
    },
    Builtin {
        name: "db16",
        label: "DawnBringer 16",
        source: "Richard \"DawnBringer\" Fhager, Pixel Joint, topic 12795",
        colors: &opaque([
            0x140c1c, 0x442434, 0x30346d, 0x4e4a4e, 0x854c30, 0x346524, 0xd04648, 0x757161, 0x597dce, 0xd27d2c,
            0x8595a1, 0x6daa2c, 0xd2aa99, 0x6dc2ca, 0xdad45e, 0xdeeed6,
        ]),
        ..PLAIN
    },
    Builtin {
        name: "db32",
        label: "DawnBringer 32",
        source: "Richard \"DawnBringer\" Fhager, Pixel Joint, topic 16247",
        colors: &opaque([
            0x000000, 0x222034, 0x45283c, 0x663931, 0x8f563b, 0xdf7126, 0xd9a066, 0xeec39a, 0xfbf236, 0x99e550,
            0x6abe30, 0x37946e, 0x4b692f, 0x524b24, 0x323c39, 0x3f3f74, 0x306082, 0x5b6ee1, 0x639bff, 0x5fcde4,
            0xcbdbfc, 0xffffff, 0x9badb7, 0x847e87, 0x696a6a, 0x595652, 0x76428a, 0xac3232, 0xd95763, 0xd77bba,
            0x8f974a, 0x8a6f30,
        ]),
        ..PLAIN
    },
    Builtin {
        name: "endesga-32",
        label: "Endesga 32",
        source: "ENDESGA Studios, as Lospec lists it",
        colors: &opaque([
            0xbe4a2f, 0xd77643, 0xead4aa, 0xe4a672, 0xb86f50, 0x733e39, 0x3e2731, 0xa22633, 0xe43b44, 0xf77622,
            0xfeae34, 0xfee761, 0x63c74d, 0x3e8948, 0x265c42, 0x193c3e, 0x124e89, 0x0099db, 0x2ce8f5, 0xffffff,
            0xc0cbdc, 0x8b9bb4, 0x5a6988, 0x3a4466, 0x262b44, 0x181425, 0xff0044, 0x68386c, 0xb55088, 0xf6757a,
            0xe8b796, 0xc28569,
        ]),
        ..PLAIN
    },
    Builtin {
        name: "endesga-64",
        label: "Endesga 64",
        source: "ENDESGA Studios, as Lospec lists it",
        colors: &opaque([
            0xff0040, 0x131313, 0x1b1b1b, 0x272727, 0x3d3d3d, 0x5d5d5d, 0x858585, 0xb4b4b4, 0xffffff, 0xc7cfdd,
            0x92a1b9, 0x657392, 0x424c6e, 0x2a2f4e, 0x1a1932, 0x0e071b, 0x1c121c, 0x391f21, 0x5d2c28, 0x8a4836,
            0xbf6f4a, 0xe69c69, 0xf6ca9f, 0xf9e6cf, 0xedab50, 0xe07438, 0xc64524, 0x8e251d, 0xff5000, 0xed7614,
            0xffa214, 0xffc825, 0xffeb57, 0xd3fc7e, 0x99e65f, 0x5ac54f, 0x33984b, 0x1e6f50, 0x134c4c, 0x0c2e44,
            0x00396d, 0x0069aa, 0x0098dc, 0x00cdf9, 0x0cf1ff, 0x94fdff, 0xfdd2ed, 0xf389f5, 0xdb3ffd, 0x7a09fa,
            0x3003d9, 0x0c0293, 0x03193f, 0x3b1443, 0x622461, 0x93388f, 0xca52c9, 0xc85086, 0xf68187, 0xf5555d,
            0xea323c, 0xc42430, 0x891e2b, 0x571c27,
        ]),
        ..PLAIN
    },
    Builtin {
        name: "aap-64",
        label: "AAP-64",
        source: "Adigun Polack, Pixel Joint, picture 119466",
        colors: &opaque([
            0x060608, 0x141013, 0x3b1725, 0x73172d, 0xb4202a, 0xdf3e23, 0xfa6a0a, 0xf9a31b, 0xffd541, 0xfffc40,
            0xd6f264, 0x9cdb43, 0x59c135, 0x14a02e, 0x1a7a3e, 0x24523b, 0x122020, 0x143464, 0x285cc4, 0x249fde,
            0x20d6c7, 0xa6fcdb, 0xffffff, 0xfef3c0, 0xfad6b8, 0xf5a097, 0xe86a73, 0xbc4a9b, 0x793a80, 0x403353,
            0x242234, 0x221c1a, 0x322b28, 0x71413b, 0xbb7547, 0xdba463, 0xf4d29c, 0xdae0ea, 0xb3b9d1, 0x8b93af,
            0x6d758d, 0x4a5462, 0x333941, 0x422433, 0x5b3138, 0x8e5252, 0xba756a, 0xe9b5a3, 0xe3e6ff, 0xb9bffb,
            0x849be4, 0x588dbe, 0x477d85, 0x23674e, 0x328464, 0x5daf8d, 0x92dcba, 0xcdf7e2, 0xe4d2aa, 0xc7b08b,
            0xa08662, 0x796755, 0x5a4e44, 0x423934,
        ]),
        ..PLAIN
    },
    Builtin {
        name: "resurrect-64",
        label: "Resurrect 64",
        source: "Kerrie Lake, as Lospec lists it",
        colors: &opaque([
            0x2e222f, 0x3e3546, 0x625565, 0x966c6c, 0xab947a, 0x694f62, 0x7f708a, 0x9babb2, 0xc7dcd0, 0xffffff,
            0x6e2727, 0xb33831, 0xea4f36, 0xf57d4a, 0xae2334, 0xe83b3b, 0xfb6b1d, 0xf79617, 0xf9c22b, 0x7a3045,
            0x9e4539, 0xcd683d, 0xe6904e, 0xfbb954, 0x4c3e24, 0x676633, 0xa2a947, 0xd5e04b, 0xfbff86, 0x165a4c,
            0x239063, 0x1ebc73, 0x91db69, 0xcddf6c, 0x313638, 0x374e4a, 0x547e64, 0x92a984, 0xb2ba90, 0x0b5e65,
            0x0b8a8f, 0x0eaf9b, 0x30e1b9, 0x8ff8e2, 0x323353, 0x484a77, 0x4d65b4, 0x4d9be6, 0x8fd3ff, 0x45293f,
            0x6b3e75, 0x905ea9, 0xa884f3, 0xeaaded, 0x753c54, 0xa24b6f, 0xcf657f, 0xed8099, 0x831c5d, 0xc32454,
            0xf04f78, 0xf68181, 0xfca790, 0xfdcbb0,
        ]),
        ..PLAIN
    },
    Builtin {
        name: "eink-spectra-6",
        label: "E Ink Spectra 6",
        source: "nominal codes of 6-ink panels; seen as aitjcize measured one (esp32-photoframe; also in epdoptimize)",
        colors: &opaque([0x020202, 0xbec8c8, 0xcdca00, 0x871300, 0x05409e, 0x27663c]),
        names: &["Black", "White", "Yellow", "Red", "Blue", "Green"],
        nominal: &opaque([0x000000, 0xffffff, 0xffff00, 0xff0000, 0x0000ff, 0x00ff00]),
    },
    Builtin {
        name: "eink-acep-7",
        label: "E Ink ACeP, 7 colours",
        source: "nominal codes of 7-ink panels; seen as Pimoroni gives them for its UC8159 panels (saturated palette of inky)",
        colors: &opaque([0x393039, 0xffffff, 0x3a5b46, 0x3d3b5e, 0x9c484b, 0xd0be47, 0xb16a49]),
        names: &["Black", "White", "Green", "Blue", "Red", "Yellow", "Orange"],
        nominal: &opaque([0x000000, 0xffffff, 0x00ff00, 0x0000ff, 0xff0000, 0xffff00, 0xff8000]),
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

/// BASIC counts three levels of blue, then of red, then of green.
const fn amstrad_cpc() -> [[u8; 4]; 27] {
    const LEVELS: [u8; 3] = [0, 0x80, 0xff];
    let mut colors = [[u8::MAX; 4]; 27];
    let mut i = 0;
    while i < 27 {
        colors[i] = [LEVELS[i / 3 % 3], LEVELS[i / 9], LEVELS[i % 3], u8::MAX];
        i += 1;
    }
    colors
}

/// A byte's lowest bits are those of red, then come green and blue.
const fn master_system() -> [[u8; 4]; 64] {
    let mut colors = [[u8::MAX; 4]; 64];
    let mut i: u8 = 0;
    while i < 64 {
        colors[i as usize] = [(i & 3) * 0x55, (i >> 2 & 3) * 0x55, (i >> 4) * 0x55, u8::MAX];
        i += 1;
    }
    colors
}
