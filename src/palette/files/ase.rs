//! Adobe's swatch exchange: blocks of colours and of the groups they are in.
//!
//! Adobe has not published the format; this follows what is known of it: Olivier Berten, "Color swatches
//! file formats" (Adobe Swatch Exchange). All numbers are big-endian.

use super::gather::Gather;
use super::kind::{Alphas, Evidence, FileKind, Write};
use crate::engine::colour::srgb8_from_linear;
use crate::palette::error::{FileFault, PaletteError};
use crate::palette::named::NamedPalette;

pub(super) static KIND: FileKind = FileKind {
    label: "Adobe swatch exchange",
    known_as: "Adobe .ase",
    ending: "ase",
    evidence: |bytes| bytes.starts_with(b"ASEF").then_some(Evidence::Marked),
    read,
    write: Some(Write { alphas: Alphas::None, names: true, bytes: write }),
};

const GROUP_START: u16 = 0xc001;
const GROUP_END: u16 = 0xc002;
const COLOR: u16 = 0x0001;

/// The name of the first group.
fn read(bytes: &[u8], gather: &mut Gather) -> Result<Option<String>, FileFault> {
    let mut file = Take(bytes);
    // The number of blocks, after the signature and the version.
    let count = file.take::<8>().and_then(|_| file.take()).map(u32::from_be_bytes);
    let count = count.ok_or("is cut short in its header")?;
    let mut group = None;
    for number in 1..=count {
        let cut = || format!("is cut short: block {number} of {count} is not whole");
        let (kind, content) = file.block().ok_or_else(cut)?;
        let mut content = Take(content);
        let broken = || format!("is damaged: block {number} is shorter than what it holds");
        match kind {
            COLOR => {
                let name = content.name().ok_or_else(broken)?;
                let model = content.take::<4>().ok_or_else(broken)?;
                let color = match &model {
                    b"RGB " => content.floats().map(from_rgb),
                    b"Gray" | b"GRAY" => content.floats().map(|[grey]| from_rgb([grey; 3])),
                    b"CMYK" => content.floats().map(from_cmyk),
                    b"LAB " | b"Lab " => content.floats().map(from_lab),
                    other => {
                        let other = String::from_utf8_lossy(other);
                        return Err(format!("has in block {number} a colour of an unknown model: '{other}'").into());
                    }
                };
                let color = color.ok_or_else(broken)?;
                gather.push_entry(color, &name)?;
            }
            GROUP_START if group.is_none() => group = Some(content.name().ok_or_else(broken)?),
            // The end of a group, and what may be added some day: a block says how long it is.
            _ => {}
        }
    }
    Ok(group)
}

/// What is left to read; each step gives nothing when there is not enough.
struct Take<'a>(&'a [u8]);

impl<'a> Take<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    fn bytes(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(head)
    }

    fn block(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = u16::from_be_bytes(self.take()?);
        let len = u32::from_be_bytes(self.take()?);
        Some((kind, self.bytes(usize::try_from(len).ok()?)?))
    }

    /// The number of UTF-16 units and then those; the last is a zero.
    fn name(&mut self) -> Option<String> {
        let units = u16::from_be_bytes(self.take()?);
        let (pairs, _) = self.bytes(usize::from(units) * 2)?.as_chunks::<2>();
        let units: Vec<u16> =
            pairs.iter().map(|&pair| u16::from_be_bytes(pair)).take_while(|&unit| unit != 0).collect();
        Some(String::from_utf16_lossy(&units))
    }

    /// Nothing also when one is not a number.
    fn floats<const N: usize>(&mut self) -> Option<[f32; N]> {
        let mut floats = [0.0; N];
        for float in &mut floats {
            *float = f32::from_be_bytes(self.take()?);
        }
        floats.iter().all(|float| float.is_finite()).then_some(floats)
    }
}

/// Channels from 0 to 1, taken as sRGB; what is outside is clamped.
fn from_rgb(rgb: [f32; 3]) -> [u8; 4] {
    let [r, g, b] = rgb.map(|channel| (channel.clamp(0.0, 1.0) * 255.0).round() as u8);
    [r, g, b, u8::MAX]
}

/// The file has no profile of its inks, so this is the ideal one: each ink takes its own light away.
fn from_cmyk([c, m, y, k]: [f32; 4]) -> [u8; 4] {
    from_rgb([c, m, y].map(|ink| (1.0 - ink.clamp(0.0, 1.0)) * (1.0 - k.clamp(0.0, 1.0))))
}

/// CIELAB under D50, as Adobe uses it, with L from 0 to 1; adapted to the D65 of sRGB by Bradford's
/// method. Sources: CIE 15:2004; ICC.1:2010 (the white point); Bruce Lindbloom, "RGB/XYZ Matrices".
fn from_lab([lightness, a, b]: [f32; 3]) -> [u8; 4] {
    let fy = (lightness.clamp(0.0, 1.0) * 100.0 + 16.0) / 116.0;
    let (fx, fz) = (fy + a.clamp(-128.0, 127.0) / 500.0, fy - b.clamp(-128.0, 127.0) / 200.0);
    let linear = |f: f32| if f > 6.0 / 29.0 { f.powi(3) } else { (116.0 * f - 16.0) * 27.0 / 24389.0 };
    let (x, y, z) = (0.964_22 * linear(fx), linear(fy), 0.825_21 * linear(fz));
    let [r, g, b] = [
        3.133_856 * x - 1.616_866_7 * y - 0.490_614_6 * z,
        -0.978_768_4 * x + 1.916_141_5 * y + 0.033_454 * z,
        0.071_945_3 * x - 0.228_991_4 * y + 1.405_242_7 * z,
    ]
    .map(srgb8_from_linear);
    [r, g, b, u8::MAX]
}

/// One group with the palette's name, and in it the colours as RGB swatches with their names, or else their codes.
fn write(name: &str, palette: &NamedPalette) -> Result<Vec<u8>, PaletteError> {
    /// Neither a spot colour nor a global one.
    const NORMAL: u16 = 2;
    let mut bytes = b"ASEF\0\x01\0\0".to_vec();
    bytes.extend((palette.colors.len() as u32 + 2).to_be_bytes());
    push_block(&mut bytes, GROUP_START, &units_of(name));
    for (place, &color) in palette.written().iter().enumerate() {
        let [r, g, b, _] = color;
        let mut content = units_of(&palette.called(place, color));
        content.extend(b"RGB ");
        content.extend([r, g, b].iter().flat_map(|&channel| (f32::from(channel) / 255.0).to_be_bytes()));
        content.extend(NORMAL.to_be_bytes());
        push_block(&mut bytes, COLOR, &content);
    }
    push_block(&mut bytes, GROUP_END, &[]);
    Ok(bytes)
}

fn push_block(bytes: &mut Vec<u8>, kind: u16, content: &[u8]) {
    bytes.extend(kind.to_be_bytes());
    bytes.extend((content.len() as u32).to_be_bytes());
    bytes.extend(content);
}

/// The number of UTF-16 units and then those, a zero at the end counted; names are tidied, thus short.
fn units_of(name: &str) -> Vec<u8> {
    let units: Vec<u16> = name.encode_utf16().chain([0]).collect();
    [units.len() as u16].iter().chain(&units).flat_map(|unit| unit.to_be_bytes()).collect()
}
