//! Reading and writing together: round trips, files made by hand, and files that are cut or random.

mod builtin;
mod edit;
mod files;
mod hex;
mod order;

use quantscope::engine::control::Control;
use quantscope::engine::random::Random;
use quantscope::palette::{BUILTIN, FileKind, NamedPalette, kind_of, read};
use quantscope::picture::png::true_png;

fn sample() -> NamedPalette {
    let colors = vec![[0, 0, 0, 255], [160, 177, 194, 128], [9, 10, 11, 0], [255, 255, 255, 255], [1, 2, 3, 255]];
    let names = ["", "Grün", "", "Schnee 雪", "1 2 3"].map(str::to_owned).to_vec();
    NamedPalette { names, ..NamedPalette::new("Grüße, α 色", colors) }
}

fn colors(bytes: &[u8]) -> Vec<[u8; 4]> {
    read("x", bytes).unwrap().colors
}

fn message(bytes: &[u8]) -> String {
    read("x.gpl", bytes).unwrap_err().to_string()
}

const RED_BLUE: [[u8; 4]; 2] = [[255, 0, 0, 255], [0, 0, 255, 255]];

#[test]
fn every_builtin_list_survives_every_kind_of_file() {
    for list in BUILTIN {
        for kind in FileKind::written() {
            let list = list.palette();
            let file = kind.write(&list).unwrap();
            assert_eq!(kind_of(&file).map(|(_, kind)| kind), Some(kind), "{} as {}", list.name, kind.label);
            let back = read("x", &file).unwrap();
            assert_eq!(back.written(), list.written(), "{} as {}", list.name, kind.label);
            if kind.lost(&list).is_none() {
                assert_eq!((back.colors, back.names, back.nominal), (list.colors, list.names, list.nominal));
            }
        }
    }
}

#[test]
fn what_a_file_has_no_place_for_is_told() {
    let clear = [0; 4];
    let [red, blue] = RED_BLUE;
    let names = vec!["Red".to_owned(), String::new(), String::new()];
    let list =
        NamedPalette { names, nominal: vec![blue, clear, clear], ..NamedPalette::new("x", vec![red, clear, clear]) };
    let lost = |ending: &str| FileKind::written().find(|kind| kind.ending == ending).unwrap().lost(&list);
    assert_eq!(lost("gpl"), None);
    assert_eq!(lost("ase").unwrap(), "a .ase file has no place for alpha: 2 colours are written without");
    let told = lost("act").unwrap();
    for part in ["alpha: 1 colour is", "names: 1 colour is", "measured colours: 3 colours are"] {
        assert!(told.contains(part), "{told}");
    }
    assert!(!lost("hex").unwrap().contains("alpha"));
}

/// "shown" is a word as well: only with a colour behind it does it say how an entry is seen.
#[test]
fn measured_colours_of_files_made_by_hand_are_read() {
    let [red, blue] = RED_BLUE;
    let dark = [0x87, 0x13, 0, 255];
    for text in [
        "GIMP Palette\n255 0 0\tRed, shown #871300\n0 0 255\tas shown above\n",
        "ff0000 ; Red, shown #871300\n0000ff ; as shown above\n",
    ] {
        let list = read("x", text.as_bytes()).unwrap();
        assert_eq!((list.colors.as_slice(), list.written()), ([dark, blue].as_slice(), [red, blue].as_slice()));
        assert_eq!(list.names, ["Red", "as shown above"]);
    }
    let bare = read("x", b"GIMP Palette\n255 0 0\tff0000, shown #871300\n").unwrap();
    assert_eq!((bare.colors, bare.names, bare.nominal), (vec![dark], vec![], vec![red]));
}

#[test]
fn names_and_alphas_survive_where_the_file_has_a_place_for_them() {
    let palette = sample();
    let mut named = Vec::new();
    for kind in FileKind::written() {
        let back = read("other.file", &kind.write(&palette).unwrap()).unwrap();
        if back.name == palette.name {
            named.push(kind.ending);
        }
        let (name, names) = if back.name == palette.name {
            (palette.name.as_str(), palette.names.clone())
        } else {
            ("other", Vec::new())
        };
        assert_eq!((back.name.as_str(), back.names), (name, names), "{}", kind.label);
        let alone = |c: [u8; 4]| kind.lost(&NamedPalette::new("one", vec![c])).is_none();
        let held = |&[r, g, b, a]: &[u8; 4]| [r, g, b, if alone([r, g, b, a]) { a } else { u8::MAX }];
        let expected: Vec<_> = palette.colors.iter().map(held).collect();
        assert_eq!(back.colors, expected, "{}", kind.label);
    }
    assert!(["gpl", "ase"].iter().all(|ending| named.contains(ending)), "{named:?}");
}

/// For sprites the place in the list is what counts.
#[test]
fn order_and_repetitions_survive_every_kind_of_file() {
    let [red, blue] = RED_BLUE;
    let list = NamedPalette::new("list", vec![blue, red, blue, [255; 4], red, red]);
    for kind in FileKind::written() {
        assert_eq!(colors(&kind.write(&list).unwrap()), list.colors, "{}", kind.label);
    }
}

#[test]
fn names_in_comments_are_read() {
    let named = |text: &str| {
        let NamedPalette { name, names, .. } = read("x", text.as_bytes()).unwrap();
        (name, names)
    };
    let red_blue = ["red", "blue"].map(str::to_owned).to_vec();
    let paint_net = ";paint.net Palette File\r\n;Palette Name: Two\r\nFFFF0000 ;red\r\nFF0000FF ; blue\r\n";
    assert_eq!(named(paint_net), ("Two".into(), red_blue.clone()));
    assert_eq!(named("ff0000 // red\n0000ff // blue\n"), ("x".into(), red_blue.clone()));
    let listed = "GIMP Palette\n#Palette Name: Two\n#Colors: 2\n255 0 0\tred\n0 0 255\tblue\n";
    assert_eq!(named(listed), ("Two".into(), red_blue));
    assert_eq!(named("GIMP Palette\nName: Own\n#Palette Name: Two\n255 0 0\tff0000\n"), ("Own".into(), vec![]));
}

#[test]
fn gimp_palettes_made_by_hand_are_read() {
    let text = "\u{feff}GIMP Palette \r\nName: By hand\r\nColumns: 4\r\n# a comment: of sorts\r\n\r\n255 0\t0 Red\r\n\
        \t  0   0 255   Blue: the deep one  \r\n255 0 0\tRed again   ";
    let [red, blue] = RED_BLUE;
    let names = ["Red", "Blue: the deep one", "Red again"].map(str::to_owned).to_vec();
    let expected = NamedPalette { names, ..NamedPalette::new("By hand", vec![red, blue, red]) };
    assert_eq!(read("x", text.as_bytes()), Ok(expected.clone()));
    let old_mac = text.replace("\r\n", "\r");
    assert_eq!(colors(old_mac.as_bytes()), expected.colors);
    let without_header = b"GIMP Palette\n#\n255 0 0\n0 0 255";
    assert_eq!(colors(without_header), RED_BLUE);
    let latin = read("x", b"GIMP Palette\nName: Caf\xe9\n255 0 0 Gr\xfcn\n0 0 255").unwrap();
    assert_eq!((latin.name.as_str(), latin.colors.as_slice()), ("Café", RED_BLUE.as_slice()));
    let alpha = b"GIMP Palette\nChannels: RGBA\n#\n1 2 3 4 Untitled\n";
    assert_eq!(colors(alpha), [[1, 2, 3, 4]]);
}

#[test]
fn lists_of_hexadecimal_colours_made_by_hand_are_read() {
    for text in [
        "FF0000\n0000ff\n",
        "\u{feff}#ff0000  \r\n\r\n#00f\r\n",
        "# red and blue\n// both\nff0000 ; red\n0000ff // blue",
        "ff0000ff\r0000ffff\r",
        ";paint.net Palette File\r\n;Colors: 2\r\nFFFF0000\r\nFF0000FF ;blue\r\n",
        "; six digits are opaque\nFF0000\n0000FF",
    ] {
        assert_eq!(colors(text.as_bytes()), RED_BLUE, "{text}");
    }
    assert_eq!(colors(b"; alpha first\n80010203\n"), [[1, 2, 3, 0x80]]);
    assert_eq!(colors(b"01020380\n"), [[1, 2, 3, 0x80]]);
    assert_eq!(colors(b";Palette de caf\xe9\nff010203"), [[1, 2, 3, 255]]);
}

#[test]
fn jasc_palettes_made_by_hand_are_read() {
    assert_eq!(colors(b"JASC-PAL\r\n0100\r\n2\r\n255 0 0\r\n0 0 255 \r\n"), RED_BLUE);
    assert_eq!(colors(b"JASC-PAL\n0100\n2\n255 0 0\n0 0 255 255\n\n"), RED_BLUE);
}

#[test]
fn lines_that_hold_no_colour_are_named() {
    for (text, expected) in [
        ("GIMP Palette\n", "'x.gpl' holds no colours"),
        (
            "GIMP Palette\n1 2 3\n256 0 0 Red",
            "'x.gpl' has in line 3 no colour: '256 0 0 Red'; it takes three numbers from 0 to 255",
        ),
        ("GIMP Palette\r\n\r\n1 2", "'x.gpl' has in line 3 no colour: '1 2'; it takes three numbers from 0 to 255"),
        (
            "GIMP Palette\n-1 2 3: x",
            "'x.gpl' has in line 2 no colour: '-1 2 3: x'; it takes three numbers from 0 to 255",
        ),
        (
            "GIMP Palette\nChannels: RGBA\n1 2 3 Red",
            "'x.gpl' has in line 3 no colour: '1 2 3 Red'; it takes four numbers from 0 to 255",
        ),
        ("JASC-PAL", "'x.gpl' is cut short after its first line"),
        ("JASC-PAL\n0200\n1\n1 2 3", "'x.gpl' is a JASC palette of version '0200'; 0100 can be read"),
        ("JASC-PAL\n0100\n", "'x.gpl' is cut short before its number of colours"),
        (
            "JASC-PAL\n0100\n99999999999999999999\n1 2 3",
            "'x.gpl' has in line 3 no number of colours: '99999999999999999999'",
        ),
        ("JASC-PAL\n0100\n0\n", "'x.gpl' holds no colours"),
        ("JASC-PAL\n0100\n4000000000\n1 2 3", "'x.gpl' says that 4000000000 is its number of colours, but holds 1"),
        ("JASC-PAL\n0100\n1\n1 2 3\n4 5 6", "'x.gpl' says that 1 is its number of colours, but holds 2"),
        ("ff0000\nblue", "'x.gpl' has in line 2 no colour: 'blue'; it takes one as a0b1c2"),
        ("ff0000\nface", "'x.gpl' has in line 2 no colour: 'face'; it takes one as a0b1c2"),
        (";only a comment\n", "'x.gpl' holds no colours"),
    ] {
        assert_eq!(message(text.as_bytes()), expected);
    }
    let long = format!("GIMP Palette\n{}", "x".repeat(100_000));
    assert!(message(long.as_bytes()).len() < 120);
}

#[test]
fn too_many_colours_are_counted() {
    let lines = |count: u32| (0..count).map(|i| format!("{i:06x}\n")).collect::<String>();
    assert_eq!(message(lines(10_000).as_bytes()), "'x.gpl' has 10000 colours; a palette holds at most 256");
    assert_eq!(message(lines(257).as_bytes()), "'x.gpl' has 257 colours; a palette holds at most 256");
    assert_eq!(colors(lines(256).as_bytes()).len(), 256);
    assert_eq!(colors(lines(256).repeat(3).as_bytes()).len(), 256);
}

#[test]
fn a_png_gives_its_palette_or_the_colours_of_its_pixels() {
    let control = Control::unwatched();
    // An indexed picture gives entries that no pixel uses, too.
    let [red, blue] = RED_BLUE;
    let indexed = quantscope::picture::png::indexed_png(1, 1, &[1], &[red, [1, 2, 3, 4], blue], &control).unwrap();
    assert_eq!(colors(&indexed), [red, [1, 2, 3, 4], blue]);

    let strip = [blue, blue, red, red, blue, red];
    assert_eq!(colors(&true_png(2, 3, &strip, &control).unwrap()), [blue, red]);
    let clear = [red, [1, 2, 3, 0], [3, 2, 1, 0], blue, [9, 9, 9, 100], red];
    assert_eq!(colors(&true_png(3, 2, &clear, &control).unwrap()), [red, [1, 2, 3, 0], blue, [9, 9, 9, 100]]);

    let many: Vec<[u8; 4]> = (0..1000u32).map(|i| (i << 8 | 0xff).to_be_bytes()).collect();
    let png = true_png(100, 10, &many, &control).unwrap();
    assert_eq!(
        read("photo.png", &png).unwrap_err().to_string(),
        "'photo.png' has 1000 colours; a palette holds at most 256"
    );
}

/// A PNG by the encoder alone, for the kinds that the program does not write.
fn png(width: u32, color: png::ColorType, depth: png::BitDepth, trns: Option<&'static [u8]>, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, 1);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if let Some(trns) = trns {
        encoder.set_trns(trns);
    }
    encoder.write_header().unwrap().write_image_data(data).unwrap();
    bytes
}

#[test]
fn a_png_of_any_depth_gives_colours_of_8_bits() {
    use png::{BitDepth, ColorType};
    let grey = |v: u8| [v, v, v, 255];
    let bits = png(3, ColorType::Grayscale, BitDepth::Two, None, &[0b11_01_00_00]);
    assert_eq!(colors(&bits), [grey(255), grey(85), grey(0)]);
    let deep = png(2, ColorType::Rgb, BitDepth::Sixteen, None, &[255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255]);
    assert_eq!(colors(&deep), RED_BLUE);
    let alpha = png(2, ColorType::GrayscaleAlpha, BitDepth::Eight, None, &[7, 8, 9, 255]);
    assert_eq!(colors(&alpha), [[7, 7, 7, 8], grey(9)]);
    let keyed = png(2, ColorType::Grayscale, BitDepth::Eight, Some(&[0, 7]), &[7, 9]);
    assert_eq!(colors(&keyed), [[7, 7, 7, 0], grey(9)]);
}

#[test]
fn a_png_that_is_damaged_or_huge_is_refused() {
    let whole = true_png(40, 40, &[[1, 2, 3, 255]; 1600], &Control::unwatched()).unwrap();
    assert_eq!(message(&whole[..whole.len() - 20]), "'x.gpl' is a PNG that is cut short");
    assert!(message(&whole[..20]).starts_with("'x.gpl' is a PNG that is cut short"));
    let mut damaged = whole.clone();
    damaged[18] ^= 1;
    assert!(message(&damaged).starts_with("'x.gpl' is a damaged PNG"), "{}", message(&damaged));
    // A hundred bytes that promise 60 000 × 60 000 pixels.
    let mut huge = Vec::new();
    let mut encoder = png::Encoder::new(&mut huge, 60_000, 60_000);
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().unwrap();
    writer.write_chunk(png::chunk::IDAT, &[]).unwrap();
    drop(writer);
    assert_eq!(message(&huge), "'x.gpl' is a picture of 60000 × 60000 pixels, too many for a palette");
}

/// One valid file of each kind that is read.
fn valid_files() -> Vec<Vec<u8>> {
    let mut files: Vec<Vec<u8>> = FileKind::written().map(|kind| kind.write(&sample()).unwrap()).collect();
    files.push(true_png(3, 1, &[[1, 2, 3, 255], [4, 5, 6, 7], [8, 9, 0, 255]], &Control::unwatched()).unwrap());
    files.push(b"RIFF\x18\0\0\0PAL data\x0c\0\0\0\0\x03\x02\0\x01\x02\x03\0\x04\x05\x06\0".to_vec());
    files.push(b";paint.net\r\nFF010203\r\n80010203\r\n".to_vec());
    files.push("\u{feff}GIMP Palette\r\nName: Ä\r\nChannels: RGBA\r\n1 2 3 4 a\r\n".as_bytes().to_vec());
    files.push(files[2][..768].to_vec());
    files
}

/// Whatever it is, reading it ends, and what it gives keeps the promises.
fn must_hold(bytes: &[u8]) {
    match read("a file", bytes) {
        Ok(palette) => {
            assert!((1..=256).contains(&palette.colors.len()));
            assert!(!palette.name.is_empty() && !palette.name.contains(char::is_control));
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.starts_with("'a file' ") && message.len() < 300, "{message}");
            assert!(!message.contains(char::is_control), "{message}");
        }
    }
}

#[test]
fn no_cut_of_any_file_panics() {
    for file in valid_files() {
        assert!(read("x", &file).is_ok());
        for len in 0..file.len() {
            must_hold(&file[..len]);
        }
    }
}

#[test]
fn no_random_bytes_panic() {
    let mut random = Random::seeded(1);
    let mut below = |limit: usize| (random.next_u64() % limit as u64) as usize;
    let starts: [&[u8]; 10] = [
        b"",
        b"ASEF\0\x01\0\0\0\0",
        b"RIFF\0\0\0\0PAL data",
        b"GIMP Palette\n",
        b"JASC-PAL\n0100\n",
        b";",
        b"ff0000\n",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x04\0\0\0\x04\x08\x03",
        b"\xef\xbb\xbf",
    ];
    let words: [&[u8]; 8] = [b"1 2 3", b"\n", b"\r", b"#", b"Name:", b"FFFFFF", b"\xff\xff\xff\xff", b"\0\0\0\x01"];
    for round in 0..20_000 {
        let mut bytes = starts[round % starts.len()].to_vec();
        for _ in 0..below(40) {
            match below(3) {
                0 => bytes.extend(words[below(words.len())]),
                _ => bytes.push(below(256) as u8),
            }
        }
        must_hold(&bytes);
        if round % 10 == 0 {
            must_hold(&(0..[768, 772][round / 10 % 2]).map(|_| below(256) as u8).collect::<Vec<u8>>());
        }
    }
    // Valid files with a few bytes changed get further in.
    for file in valid_files() {
        for _ in 0..2000 {
            let mut bytes = file.clone();
            for _ in 0..=below(4) {
                let at = below(bytes.len());
                bytes[at] = [0, 1, 0x7f, 0xff, below(256) as u8][below(5)];
            }
            must_hold(&bytes);
        }
    }
}

/// The format that is written under an ending.
fn kind(ending: &str) -> &'static FileKind {
    FileKind::written().find(|kind| kind.ending == ending).unwrap()
}

fn two_lines(colors: &[[u8; 4]]) -> NamedPalette {
    NamedPalette::new("Two\nlines", colors.to_vec())
}

fn text(ending: &str, alpha: u8) -> String {
    String::from_utf8(kind(ending).write(&two_lines(&[[0, 9, 255, 255], [160, 177, 194, alpha]])).unwrap()).unwrap()
}

#[test]
fn texts_are_exactly_these() {
    let gpl = "GIMP Palette\nName: Two lines\nColumns: 2\n#\n  0   9 255\t0009ff\n160 177 194\ta0b1c2\n";
    assert_eq!(text("gpl", 255), gpl);
    assert_eq!(text("hex", 255), "0009ff\na0b1c2\n");
    assert_eq!(text("pal", 255), "JASC-PAL\r\n0100\r\n2\r\n0 9 255\r\n160 177 194\r\n");
    let gpl = "GIMP Palette\nChannels: RGBA\nName: Two lines\nColumns: 2\n#\n  0   9 255 255\t0009ff\n\
        160 177 194   7\ta0b1c2\n";
    assert_eq!(text("gpl", 7), gpl);
    assert_eq!(text("hex", 7), "#0009ffff\n#a0b1c207\n");
}

#[test]
fn what_a_file_has_no_place_for_is_said() {
    let mixed = two_lines(&[[1, 2, 3, 255], [4, 5, 6, 7], [8, 9, 10, 0]]);
    for (ending, count) in [("act", "1 colour is"), ("pal", "2 colours are"), ("ase", "2 colours are")] {
        let lost = format!("a .{ending} file has no place for alpha: {count} written without");
        assert_eq!(kind(ending).lost(&mixed), Some(lost));
    }
    assert!(["gpl", "hex", "png"].iter().all(|ending| kind(ending).lost(&mixed).is_none()));
    assert!(FileKind::written().all(|kind| kind.lost(&two_lines(&[[9, 9, 9, 255]])).is_none()));
}

#[test]
fn a_colour_table_says_how_many_count_and_which_is_clear() {
    let tail = |colors: &[[u8; 4]]| kind("act").write(&two_lines(colors)).unwrap()[768..].to_vec();
    assert_eq!(tail(&[[1, 2, 3, 255], [4, 5, 6, 0]]), [0, 2, 0, 1]);
    assert_eq!(tail(&[[1, 2, 3, 9]; 256]), [1, 0, 0xff, 0xff]);
}

#[test]
fn swatches_are_laid_out_byte_for_byte() {
    let one = NamedPalette::new("N", vec![[255, 0, 0, 255]]);
    let group = b"\xc0\x01\0\0\0\x06\0\x02\0N\0\0";
    let color = b"\0\x01\0\0\0\x22\0\x07\0f\0f\x000\x000\x000\x000\0\0RGB \x3f\x80\0\0\0\0\0\0\0\0\0\0\0\x02";
    let end = b"\xc0\x02\0\0\0\0";
    let expected = [b"ASEF\0\x01\0\0\0\0\0\x03".as_slice(), group, color, end].concat();
    assert_eq!(kind("ase").write(&one).unwrap(), expected);
}

#[test]
fn none_and_too_many_are_refused() {
    for kind in FileKind::written() {
        assert_eq!(kind.write(&two_lines(&[])).unwrap_err().to_string(), "the palette holds no colours");
        let expected = "the palette has 257 colours; a palette file holds at most 256";
        assert_eq!(kind.write(&two_lines(&[[0; 4]; 257])).unwrap_err().to_string(), expected);
    }
}
