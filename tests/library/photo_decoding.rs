//! What decoders get wrong is right here, or said: pictures from the field (`fixtures/decoding`) and made ones of
//! the same kinds. What is right comes from other decoders, or is worked out beside the test.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, RgbImage, Rgba, RgbaImage};
use moxcms::ColorProfile;
use quantscope::source::open::{Source, open_bytes, open_path};
use quantscope::source::photo::Photo;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/decoding")
}

fn open(name: &str) -> Arc<Photo> {
    match open_path(&folder().join(name)) {
        Ok(Source::Photo(photo)) => photo,
        other => panic!("{name}: {other:?}"),
    }
}

fn opened(name: &str, bytes: Vec<u8>) -> Arc<Photo> {
    match open_bytes(name, bytes) {
        Ok(Source::Photo(photo)) => photo,
        other => panic!("{name}: {other:?}"),
    }
}

fn refusal(name: &str, bytes: Vec<u8>) -> String {
    let message = open_bytes(name, bytes).map(|_| ()).unwrap_err().to_string();
    assert!(message.starts_with(name) && !message.contains('\n'), "{message}");
    message
}

fn bytes_of(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn right(name: &str) -> RgbaImage {
    let stem = Path::new(name).file_stem().unwrap().to_string_lossy().into_owned();
    image::open(folder().join(format!("{stem}.right.png"))).unwrap().into_rgba8()
}

/// The greatest difference of a channel, and the mean.
fn difference(photo: &Photo, right: &RgbaImage) -> (u8, f64) {
    assert_eq!((photo.image.width, photo.image.height), right.dimensions());
    let all = photo.image.rgba.as_flattened().iter().zip(right.as_raw()).map(|(a, b)| a.abs_diff(*b));
    let sum: u64 = all.clone().map(u64::from).sum();
    (all.max().unwrap(), sum as f64 / right.as_raw().len() as f64)
}

fn assert_right(name: &str, within: u8) {
    let (most, mean) = difference(&open(name), &right(name));
    assert!(most <= within && mean < 0.3, "{name}: {most} codes, {mean} in the mean");
}

fn has_note(photo: &Photo, words: &str) -> bool {
    photo.notes.iter().any(|note| note.contains(words))
}

fn assert_note(photo: &Photo, words: &str) {
    assert!(has_note(photo, words), "'{words}' in {:?}", photo.notes);
}

#[test]
fn jpegs_of_every_sampling_and_order_of_scans_are_what_libjpeg_shows() {
    let names = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned());
    let jpegs: Vec<String> = names.filter(|n| n.ends_with(".jpg")).collect();
    let with_right = |n: &&String| folder().join(n.replace(".jpg", ".right.png")).exists() && !n.starts_with("c04");
    let (right, without): (Vec<&String>, Vec<&String>) = jpegs.iter().partition(with_right);
    assert_eq!((right.len(), without.len()), (24, 5), "{without:?}");
    for name in right {
        // Inverse transforms and upsampling may differ by a code or two; CMYK by the formula on top.
        assert_right(name, if name.contains("cmyk") { 4 } else { 3 });
        assert!(name.contains("cmyk") || open(name).notes.is_empty(), "{name}");
    }
}

#[test]
fn jpegs_that_no_decoder_here_reads_are_refused_with_the_reason() {
    let message = |name: &str| refusal(name, bytes_of(name));
    assert!(message("made_arith_7x5.jpg").contains("arithmetic coding"));
    assert!(message("made_1x4-1x2-1x2_psep_37x40.jpg").contains("in a scan of its own"));
    let with_frame = |marker: u8, precision: u8| {
        let mut bytes = bytes_of("made_2x1_n_37x40.jpg");
        let at = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        (bytes[at + 1], bytes[at + 4]) = (marker, precision);
        refusal("x.jpg", bytes)
    };
    assert!(with_frame(0xc3, 8).contains("lossless coding"));
    assert!(with_frame(0xc1, 12).contains("12 bits a channel"));
    assert!(with_frame(0xc5, 8).contains("hierarchical coding"));
}

#[test]
fn of_a_jpeg_that_ends_early_the_rows_that_are_there_are_shown_and_the_others_are_counted() {
    let photo = open("j18_eoi_inside.jpg");
    let note = photo.notes.iter().find(|note| note.contains("in the middle of its data")).unwrap();
    assert_eq!(rows_missing(note).0, rows_missing(note).1 - photo.image.height, "{note}");
    assert!(photo.image.is_opaque());
    // This one ends in its first row of blocks.
    let message = refusal("j10_truncated.jpg", bytes_of("j10_truncated.jpg"));
    assert!(message.contains("cut short: not one of its rows is whole"), "{message}");
}

/// "… 40 of 120 rows (33.3 %) …": those that are missing, and all.
fn rows_missing(note: &str) -> (u32, u32) {
    let numbers: Vec<u32> = note.split(' ').filter_map(|word| word.parse().ok()).collect();
    (numbers[0], numbers[1])
}

fn gradient(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x * 255 / width, y * 255 / height);
        image::Rgb([x as u8, y as u8, ((x * 7 + y * 3) % 256) as u8])
    })
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(picture).unwrap();
    bytes
}

/// Opens beginnings of a file, and returns how many were opened in part and how many were refused.
fn cut_everywhere(name: &str, whole_bytes: &[u8], step: usize, at_bottom: bool) -> (u32, u32) {
    let whole = opened(name, whole_bytes.to_vec());
    assert!(whole.notes.is_empty(), "{name}: {:?}", whole.notes);
    let (width, height) = (whole.image.width as usize, whole.image.height);
    let (mut parts, mut refused) = (0, 0);
    for end in (40..whole_bytes.len()).rev().step_by(step) {
        let photo = match open_bytes(name, whole_bytes[..end].to_vec()) {
            Ok(Source::Photo(photo)) => photo,
            Ok(Source::Model(_)) => panic!("{name}: a model"),
            Err(_) => {
                refused += 1;
                continue;
            }
        };
        let there = photo.image.height;
        assert_eq!(photo.image.width as usize, width);
        let first = if at_bottom { (height - there) as usize } else { 0 };
        let rows = &whole.image.rgba[first * width..][..there as usize * width];
        assert!(photo.image.rgba == rows, "{name}, cut at {end}: a made-up pixel is shown");
        if there < height {
            let note = photo.notes.iter().find(|note| note.contains("rows (")).unwrap();
            assert_eq!(rows_missing(note), (height - there, height), "{note}");
            assert!(note.contains("the file is cut short") && note.contains("left out"), "{note}");
            parts += 1;
        }
    }
    (parts, refused)
}

#[test]
fn wherever_a_picture_is_cut_what_is_shown_is_of_the_picture_and_the_rest_is_counted() {
    let picture = gradient(96, 80);
    let encoded = |format: ImageFormat, picture: &DynamicImage| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    };
    let rgb = DynamicImage::from(picture.clone());
    let wide = DynamicImage::from(rgb.to_rgb16());
    let grey = DynamicImage::from(rgb.to_luma8());
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/parrots.png");
    // Of a slope a lossless WebP holds next to nothing.
    let real = image::open(sample).unwrap().crop_imm(300, 200, 96, 80);
    let cases: [(&str, Vec<u8>, usize, bool); 6] = [
        ("cut.jpg", jpeg(&picture), 37, false),
        ("cut.png", encoded(ImageFormat::Png, &rgb), 211, false),
        ("grey.png", encoded(ImageFormat::Png, &grey), 61, false),
        ("cut.gif", encoded(ImageFormat::Gif, &rgb), 97, false),
        ("cut.bmp", encoded(ImageFormat::Bmp, &rgb), 431, true),
        ("cut.webp", encoded(ImageFormat::WebP, &real), 367, false),
    ];
    for (name, bytes, step, at_bottom) in cases {
        let (parts, refused) = cut_everywhere(name, &bytes, step, at_bottom);
        assert!(parts > 10 && refused > 0, "{name}: {parts} {refused}");
    }
    let deep = encoded(ImageFormat::Png, &wide);
    let photo = opened("deep.png", deep[..deep.len() / 2].to_vec());
    assert!(photo.image.rgba == opened("deep.png", deep).image.rgba[..photo.image.rgba.len()]);
    assert_note(&photo, "16-bit channels");
}

#[test]
fn what_stands_behind_a_whole_jpeg_changes_nothing() {
    let bytes = jpeg(&gradient(40, 40));
    let alone = opened("alone.jpg", bytes.clone());
    let flat = jpeg(&RgbImage::from_pixel(40, 40, image::Rgb([128, 128, 128])));
    for behind in [&bytes[..], b"\0\0\0\x18ftypmp42 and so on", b"trailer \xff\xd9", &flat] {
        let photo = opened("more.jpg", [&bytes, behind].concat());
        assert_eq!((&photo.image.rgba, photo.notes.len()), (&alone.image.rgba, 0));
    }
    // A picture that ends in the code with which a decoder fills what is missing.
    let photo = opened("flat.jpg", flat);
    assert!(photo.image.is_opaque() && photo.notes.is_empty(), "{:?}", photo.notes);
}

#[test]
fn a_progressive_jpeg_without_its_later_passes_is_said_to_be_coarser() {
    let whole = bytes_of("made_2x2_p_r_37x40.jpg");
    let scans: Vec<usize> = (0..whole.len() - 1).filter(|&at| whole[at..at + 2] == [0xff, 0xda]).collect();
    let photo = opened("cut.jpg", whole[..scans[3] + 20].to_vec());
    assert_note(&photo, "later passes are missing");
}

#[test]
fn a_camera_that_says_adobe_rgb_is_believed() {
    let photo = open("c04_r03.jpg");
    assert_note(&photo, "converted to sRGB from Adobe RGB");
    let (most, mean) = difference(&photo, &right("c04_r03.jpg"));
    assert!(most <= 4 && mean < 0.6, "{most} {mean}");
    let mut other = bytes_of("c04_r03.jpg");
    let at = other.windows(3).position(|text| text == b"R03").unwrap();
    other[at + 2] = b'8';
    let photo = opened("other.jpg", other);
    assert_note(&photo, "its EXIF data say that its colours are not sRGB's");
}

const COLORS: [[u8; 3]; 6] =
    [[200, 100, 40], [20, 200, 90], [90, 30, 220], [250, 250, 10], [128, 128, 128], [255, 255, 255]];

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let crc = kind.iter().chain(content).fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xEDB8_8320 } else { c >> 1 })
    });
    [&(content.len() as u32).to_be_bytes(), kind.as_slice(), content, &(!crc).to_be_bytes()].concat()
}

/// A PNG of [`COLORS`] with these chunks behind its header.
fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    const HEADER_END: usize = 33;
    let mut plain = Vec::new();
    let picture = COLORS.as_flattened();
    PngEncoder::new(&mut plain).write_image(picture, COLORS.len() as u32, 1, image::ExtendedColorType::Rgb8).unwrap();
    let between: Vec<u8> = chunks.iter().flat_map(|(kind, content)| chunk(kind, content)).collect();
    [&plain[..HEADER_END], &between, &plain[HEADER_END..]].concat()
}

fn iccp(profile: &ColorProfile) -> Vec<u8> {
    let mut packer = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
    let profile = profile.encode().unwrap();
    let mut packed = vec![0; packer.zlib_compress_bound(profile.len())];
    let len = packer.zlib_compress(&profile, &mut packed).unwrap();
    [b"name\0\0".as_slice(), &packed[..len]].concat()
}

fn big_endian(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
}

const ADOBE: [u32; 8] = [31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000];
const SRGB: [u32; 8] = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000];

/// Codes of an RGB space with gamma 2.2 and the given matrix to linear sRGB, worked out in full precision.
fn by_matrix(gamma: f64, matrix: [[f64; 3]; 3]) -> Vec<[u8; 4]> {
    let encode = |v: f64| match v.clamp(0.0, 1.0) {
        v if v <= 0.003_130_8 => 12.92 * v,
        v => 1.055 * v.powf(1.0 / 2.4) - 0.055,
    };
    let color = |c: [u8; 3]| {
        let light = c.map(|v| (f64::from(v) / 255.0).powf(gamma));
        let mixed = matrix.map(|row| row.iter().zip(light).map(|(m, v)| m * v).sum::<f64>());
        let [r, g, b] = mixed.map(|v| (encode(v) * 255.0).round() as u8);
        [r, g, b, 255]
    };
    COLORS.map(color).to_vec()
}

const ADOBE_TO_SRGB: [[f64; 3]; 3] = [[1.39836, -0.39836, 0.0], [0.0, 1.0, 0.0], [0.0, -0.04293, 1.04293]];
const SAME: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

fn assert_near(photo: &Photo, wanted: &[[u8; 4]], within: u8) {
    for (found, wanted) in photo.image.rgba.iter().zip(wanted) {
        let near = found.iter().zip(wanted).all(|(a, b)| a.abs_diff(*b) <= within);
        assert!(near, "{found:?} for {wanted:?}, {:?}", photo.notes);
    }
}

#[test]
fn chromaticities_and_gamma_of_a_png_are_converted() {
    let gamma = |g: u32| big_endian(&[g]);
    let photo = opened("adobe.png", png(&[(b"gAMA", &gamma(45455)), (b"cHRM", &big_endian(&ADOBE))]));
    assert_near(&photo, &by_matrix(2.2, ADOBE_TO_SRGB), 2);
    assert_note(&photo, "converted to sRGB from its gamma and chromaticities");
    for g in [100_000, 55_556, 60_000] {
        let photo = opened("gamma.png", png(&[(b"gAMA", &gamma(g))]));
        assert_near(&photo, &by_matrix(100_000.0 / f64::from(g), SAME), 2);
    }
    // What stands for sRGB leaves every code as it is.
    for chunks in [
        vec![(b"gAMA", gamma(45455))],
        vec![(b"gAMA", gamma(45455)), (b"cHRM", big_endian(&SRGB))],
        vec![(b"sRGB", vec![0]), (b"gAMA", gamma(100_000)), (b"cHRM", big_endian(&ADOBE))],
    ] {
        let chunks: Vec<(&[u8; 4], &[u8])> = chunks.iter().map(|(kind, content)| (*kind, content.as_slice())).collect();
        let photo = opened("srgb.png", png(&chunks));
        assert_near(&photo, &by_codes(), 0);
        assert!(photo.notes.is_empty(), "{:?}", photo.notes);
    }
    let nonsense = opened("nonsense.png", png(&[(b"cHRM", &big_endian(&[0; 8]))]));
    assert_near(&nonsense, &by_codes(), 0);
    assert_note(&nonsense, "is not applied");
    let report = open("p11_chrm_adobe.png");
    assert_note(&report, "converted to sRGB");
}

fn by_codes() -> Vec<[u8; 4]> {
    COLORS.map(|[r, g, b]| [r, g, b, 255]).to_vec()
}

#[test]
fn a_pngs_colours_are_told_by_the_first_of_cicp_iccp_srgb_and_chrm_that_is_there() {
    let p3 = ColorProfile::new_display_p3();
    let by_profile = opened("p3.png", png(&[(b"iCCP", &iccp(&p3))]));
    assert!(has_note(&by_profile, "Display P3") && by_profile.image.rgba != by_codes());
    let by_cicp = opened("p3.png", png(&[(b"cICP", &[12, 13, 0, 1])]));
    assert_near(&by_cicp, &by_profile.image.rgba, 2);
    assert_note(&by_cicp, "converted to sRGB from the colour space that its code points name");
    let srgb_first = opened("srgb.png", png(&[(b"cICP", &[1, 13, 0, 1]), (b"iCCP", &iccp(&p3))]));
    assert_near(&srgb_first, &by_codes(), 0);
    assert!(srgb_first.notes.is_empty(), "{:?}", srgb_first.notes);
    let profile_first = opened("p3.png", png(&[(b"iCCP", &iccp(&p3)), (b"gAMA", &big_endian(&[100_000]))]));
    assert_eq!(profile_first.image.rgba, by_profile.image.rgba);
}

#[test]
fn high_dynamic_range_is_said_not_to_be_tone_mapped() {
    for (cicp, name) in [([9, 16, 0, 1], "PQ"), ([9, 18, 0, 1], "HLG"), ([12, 16, 0, 1], "PQ")] {
        let photo = opened("hdr.png", png(&[(b"cICP", &cicp)]));
        assert_near(&photo, &by_codes(), 0);
        assert_note(&photo, &format!("({name}, high dynamic range, is not tone-mapped): codes are taken as sRGB"));
    }
    for unknown in [[200, 13, 0, 1], [2, 13, 0, 1], [9, 200, 0, 1], [9, 13, 0, 0]] {
        let photo = opened("odd.png", png(&[(b"cICP", &unknown)]));
        assert_near(&photo, &by_codes(), 0);
        assert_note(&photo, "codes are taken as sRGB");
    }
    assert_note(&open("p10_cicp_pq.png"), "PQ, high dynamic range, is not tone-mapped");
}

#[test]
fn a_profile_of_another_colour_model_is_not_applied() {
    let grey = ColorProfile::new_gray_with_gamma(1.2).encode().unwrap();
    let picture = RgbImage::from_fn(24, 4, |x, _| image::Rgb(COLORS[(x / 4) as usize]));
    let with = |encode: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = Vec::new();
        encode(&mut bytes);
        bytes
    };
    let rgba = DynamicImage::from(picture.clone()).into_rgba8();
    let files = [
        (
            "rgb.png",
            with(&|out| {
                let mut encoder = PngEncoder::new(out);
                encoder.set_icc_profile(grey.clone()).unwrap();
                encoder.write_image(&picture, 24, 4, image::ExtendedColorType::Rgb8).unwrap();
            }),
        ),
        (
            "rgba.png",
            with(&|out| {
                let mut encoder = PngEncoder::new(out);
                encoder.set_icc_profile(grey.clone()).unwrap();
                encoder.write_image(&rgba, 24, 4, image::ExtendedColorType::Rgba8).unwrap();
            }),
        ),
        (
            "rgb.jpg",
            with(&|out| {
                let mut encoder = JpegEncoder::new_with_quality(out, 100);
                encoder.set_icc_profile(grey.clone()).unwrap();
                encoder.encode_image(&picture).unwrap();
            }),
        ),
        (
            "rgb.webp",
            with(&|out| {
                let mut encoder = WebPEncoder::new_lossless(out);
                encoder.set_icc_profile(grey.clone()).unwrap();
                encoder.encode(&picture, 24, 4, image::ExtendedColorType::Rgb8).unwrap();
            }),
        ),
        (
            "indexed.png",
            with(&|out| {
                let mut info = png::Info::with_size(24, 4);
                info.color_type = png::ColorType::Indexed;
                info.palette = Some(COLORS.as_flattened().to_vec().into());
                info.icc_profile = Some(grey.clone().into());
                let mut writer = png::Encoder::with_info(out, info).unwrap().write_header().unwrap();
                let codes: Vec<u8> = (0..96).map(|i| (i % 24 / 4) as u8).collect();
                writer.write_image_data(&codes).unwrap();
            }),
        ),
    ];
    for (name, bytes) in files {
        let photo = opened(name, bytes);
        assert_note(&photo, "its colour profile is not applied (it is for grey, and the picture has colours)");
        let near =
            |(found, wanted): (&[u8; 4], &Rgba<u8>)| found.iter().zip(wanted.0).all(|(a, b)| a.abs_diff(b) <= 20);
        assert!(photo.image.rgba.iter().zip(rgba.pixels()).all(near), "{name}");
        assert!(!photo.image.is_grey());
    }
}

#[test]
fn a_grey_picture_under_a_profile_for_rgb_keeps_its_codes() {
    let grey = image::GrayImage::from_fn(16, 1, |x, _| image::Luma([x as u8 * 17]));
    let with = |profile: &ColorProfile| {
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile.encode().unwrap()).unwrap();
        encoder.write_image(&grey, 16, 1, image::ExtendedColorType::L8).unwrap();
        opened("grey.png", bytes)
    };
    let codes: Vec<[u8; 4]> = (0..16).map(|i| [i * 17, i * 17, i * 17, 255]).collect();
    let wide = with(&ColorProfile::new_pro_photo_rgb());
    assert_eq!(wide.image.rgba, codes);
    assert_note(&wide, "(it is for RGB, and the picture is grey): codes are taken as sRGB");
    let srgb = with(&ColorProfile::new_srgb());
    assert_eq!((&srgb.image.rgba, srgb.notes.len()), (&codes, 0));
}

#[test]
fn greys_stay_grey_under_a_wide_profile_in_8_and_in_16_bits() {
    for profile in [ColorProfile::new_pro_photo_rgb(), ColorProfile::new_adobe_rgb(), ColorProfile::new_bt2020()] {
        let profile = profile.encode().unwrap();
        let ramp = RgbImage::from_fn(256, 1, |x, _| image::Rgb([x as u8; 3]));
        let (mut bytes, mut wide_bytes) = (Vec::new(), Vec::new());
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile.clone()).unwrap();
        encoder.write_image(&ramp, 256, 1, image::ExtendedColorType::Rgb8).unwrap();
        let wide: Vec<u8> = (0..4096u16).flat_map(|v| [v * 16; 3]).flat_map(u16::to_ne_bytes).collect();
        let mut encoder = PngEncoder::new(&mut wide_bytes);
        encoder.set_icc_profile(profile).unwrap();
        encoder.write_image(&wide, 4096, 1, image::ExtendedColorType::Rgb16).unwrap();
        for bytes in [bytes, wide_bytes] {
            let photo = opened("ramp.png", bytes);
            assert_note(&photo, "converted to sRGB from its colour profile");
            assert!(photo.image.is_grey());
            assert!(photo.image.rgba.is_sorted());
        }
    }
}

/// A TIFF of directories of tag, type and values; the pixels of each stand behind all.
struct Tiff {
    little_endian: bool,
    pages: Vec<Page>,
}

struct Page {
    size: (u32, u32),
    channels: u32,
    bits: u32,
    samples: Vec<u8>,
    /// Further tags with a SHORT or LONG, and bytes of the type UNDEFINED.
    numbers: Vec<(u16, u32)>,
    bytes: Vec<(u16, Vec<u8>)>,
}

impl Tiff {
    fn write(&self) -> Vec<u8> {
        let half = |v: u32| if self.little_endian { (v as u16).to_le_bytes() } else { (v as u16).to_be_bytes() };
        let word = |v: u32| if self.little_endian { v.to_le_bytes() } else { v.to_be_bytes() };
        let mut file = if self.little_endian { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
        let mut link = file.len();
        file.extend(word(0));
        for page in &self.pages {
            let pixels = file.len() as u32;
            file.extend(&page.samples);
            let bits = file.len() as u32;
            (0..page.channels.max(3)).for_each(|_| file.extend(half(page.bits)));
            let mut entries = vec![
                (256, 4, 1, page.size.0),
                (257, 4, 1, page.size.1),
                (258, 3, page.channels, bits),
                (259, 3, 1, 1),
                (262, 3, 1, if page.channels < 3 { 1 } else { 2 }),
                (273, 4, 1, pixels),
                (277, 3, 1, page.channels),
                (278, 4, 1, page.size.1),
                (279, 4, 1, page.samples.len() as u32),
            ];
            entries.extend(page.numbers.iter().map(|&(tag, value)| (tag, 3, 1, value)));
            for (tag, bytes) in &page.bytes {
                entries.push((*tag, 7, bytes.len() as u32, file.len() as u32));
                file.extend(bytes);
            }
            entries.sort();
            file.extend(&[0][..file.len() % 2]);
            let at = file.len() as u32;
            file.splice(link..link + 4, word(at));
            file.extend(half(entries.len() as u32));
            for (tag, kind, count, value) in entries {
                file.extend([half(u32::from(tag)), half(kind)].concat());
                file.extend(word(count));
                match (kind, count) {
                    (3, 1) => file.extend([half(value), half(0)].concat()),
                    _ => file.extend(word(value)),
                }
            }
            link = file.len();
            file.extend(word(0));
        }
        file
    }
}

impl Page {
    fn of_colors() -> Self {
        let samples = COLORS.as_flattened().to_vec();
        Self { size: (6, 1), channels: 3, bits: 8, samples, numbers: Vec::new(), bytes: Vec::new() }
    }
}

#[test]
fn the_profile_of_a_tiff_is_applied() {
    let profile = ColorProfile::new_display_p3();
    let wanted = opened("p3.png", png(&[(b"iCCP", &iccp(&profile))]));
    for little_endian in [true, false] {
        let page = Page { bytes: vec![(34675, profile.encode().unwrap())], ..Page::of_colors() };
        let photo = opened("p3.tif", Tiff { little_endian, pages: vec![page] }.write());
        assert_eq!((&photo.image.rgba, &photo.notes), (&wanted.image.rgba, &wanted.notes));
        let plain = opened("plain.tif", Tiff { little_endian, pages: vec![Page::of_colors()] }.write());
        assert_eq!((&plain.image.rgba, plain.notes.len()), (&by_codes(), 0));
    }
}

#[test]
fn colours_that_a_tiff_has_multiplied_by_alpha_are_divided_by_it() {
    let report = open("t11_assoc.tif");
    assert_note(&report, "multiplied by alpha in the file, are divided by it again");
    for (found, wanted) in report.image.rgba.iter().zip(right("t11_assoc.tif").pixels()) {
        let within = if found[3] > 100 { 1 } else { 255 / found[3].max(1) };
        assert!(found[3] == 0 || found.iter().zip(wanted.0).all(|(a, b)| a.abs_diff(b) <= within), "{found:?}");
    }
    // 16 bits, where nothing of the colour is lost; and alpha that is not multiplied with.
    let alphas = [65535u64, 40000, 3000];
    let samples = |premultiplied: bool| -> Vec<u8> {
        let channel =
            |v: u8, alpha| if premultiplied { u64::from(v) * 257 * alpha / 65535 } else { u64::from(v) * 257 };
        let pixel =
            |alpha: u64| [200, 100, 40].map(|v| channel(v, alpha)).into_iter().chain([alpha]).collect::<Vec<_>>();
        alphas.iter().flat_map(|&a| pixel(a)).flat_map(|v| (v as u16).to_le_bytes()).collect()
    };
    for (kind, premultiplied) in [(1, true), (2, false)] {
        let (samples, numbers) = (samples(premultiplied), vec![(338, kind)]);
        let page = Page { size: (3, 1), channels: 4, bits: 16, samples, numbers, bytes: Vec::new() };
        let photo = opened("alpha.tif", Tiff { little_endian: true, pages: vec![page] }.write());
        assert_eq!(has_note(&photo, "divided by it again"), premultiplied);
        assert_near(&photo, &alphas.map(|a| [200, 100, 40, (a / 257) as u8]), 1);
    }
}

#[test]
fn of_a_tiff_the_first_full_page_is_shown_and_the_others_are_counted() {
    let pages = open("t09_pages.tif");
    assert_note(&pages, "the first of 2 pages");
    assert_eq!(difference(&pages, &right("t09_pages.tif")).0, 0);
    let report = open("t17_thumb.tif");
    assert_eq!((report.image.width, report.image.height), (90, 65));
    assert_note(&report, "the full picture of a file that begins with a reduced one");
    // The reduced one behind the full one is not a page, nor is a mask; the old tag says the same.
    for reduced in [(254, 1), (254, 4), (255, 2)] {
        let small = || Page { size: (1, 1), samples: vec![9, 9, 9], numbers: vec![reduced], ..Page::of_colors() };
        for (pages, words) in
            [(vec![Page::of_colors(), small()], None), (vec![small(), Page::of_colors()], Some("begins with"))]
        {
            let photo = opened("reduced.tif", Tiff { little_endian: false, pages }.write());
            assert_near(&photo, &by_codes(), 0);
            assert_eq!(photo.notes.iter().any(|n| words.is_some_and(|w| n.contains(w))), words.is_some());
            assert_eq!(photo.notes.len(), usize::from(words.is_some()));
        }
    }
}

#[test]
fn a_chain_of_directories_that_bites_its_tail_ends() {
    let mut file = Tiff { little_endian: true, pages: vec![Page::of_colors()] }.write();
    let first = file[4..8].to_vec();
    let end = file.len();
    file[end - 4..].copy_from_slice(&first);
    assert!(refusal("ring.tif", file).contains("cycle"));
}

#[test]
fn the_first_frame_of_a_webp_stands_at_its_place_with_nothing_around_it() {
    for name in ["w03_anim_red.webp", "w03_anim_white.webp"] {
        let photo = open(name);
        assert_eq!(difference(&photo, &right(name)).0, 0, "{name}");
        assert_note(&photo, "the first frame of an animation");
    }
    // The canvas has no alpha by its header, and is larger than the frame.
    let mut still = Vec::new();
    let frame = RgbaImage::from_fn(4, 2, |x, y| Rgba([x as u8 * 50, y as u8 * 90, 7, if x == 3 { 100 } else { 255 }]));
    WebPEncoder::new_lossless(&mut still).encode(&frame, 4, 2, image::ExtendedColorType::Rgba8).unwrap();
    for (frames, flags) in [(1, 0x02u8), (2, 0x12)] {
        let riff = |kind: &[u8; 4], content: &[u8]| {
            let padding = &[0][..content.len() % 2];
            [kind.as_slice(), &(content.len() as u32).to_le_bytes(), content, padding].concat()
        };
        let frame_chunk =
            riff(b"ANMF", &[&[1, 0, 0, 2, 0, 0, 3, 0, 0, 1, 0, 0, 9, 0, 0, 0][..], &still[12..]].concat());
        let canvas = riff(b"VP8X", &[flags, 0, 0, 0, 9, 0, 0, 7, 0, 0]);
        let animation = riff(b"ANIM", &[1, 2, 3, 255, 0, 0]);
        let content = [b"WEBP".to_vec(), canvas, animation, frame_chunk.repeat(frames)].concat();
        let photo = opened("small.webp", riff(b"RIFF", &content));
        assert_eq!(has_note(&photo, "first frame"), frames > 1);
        let wanted = |x: u32, y: u32| match (x.checked_sub(2), y.checked_sub(4)) {
            (Some(x), Some(y)) if x < 4 && y < 2 => frame.get_pixel(x, y).0,
            _ => [0; 4],
        };
        let pixels: Vec<[u8; 4]> = (0..80).map(|i| wanted(i % 10, i / 10)).collect();
        assert_eq!(photo.image.rgba, pixels);
    }
}

#[test]
fn what_a_webp_says_of_itself_and_cannot_be_read_is_told() {
    let mut still = Vec::new();
    WebPEncoder::new_lossless(&mut still).encode(&[9; 24], 4, 2, image::ExtendedColorType::Rgb8).unwrap();
    for (kind, flag, words) in [(b"ICCP", 0x20, "its colour profile is not applied"), (b"EXIF", 8, "its EXIF data")] {
        let canvas = [b"VP8X\x0a\0\0\0".as_slice(), &[flag, 0, 0, 0, 3, 0, 0, 1, 0, 0]].concat();
        let cut_short = [kind.as_slice(), &100u32.to_le_bytes(), &[1, 2, 3, 4]].concat();
        let content = [b"WEBP".as_slice(), &canvas, &still[12..], &cut_short].concat();
        let file = [b"RIFF".as_slice(), &(content.len() as u32).to_le_bytes(), &content].concat();
        assert_note(&opened("small.webp", file), words);
    }
}

#[test]
fn an_avif_has_the_colours_and_alphas_of_another_decoder_and_is_turned_as_it_says() {
    let deep = open("a01_420_10bit_alpha.avif");
    let (most, mean) = difference(&deep, &right("a01_420_10bit_alpha.avif"));
    assert!(most <= 2 && mean < 0.6, "{most} {mean}");
    assert_note(&deep, "10-bit channels reduced to 8 bits");
    let divided = open("a02_premultiplied.avif");
    assert_note(&divided, "divided by it again");
    for (found, wanted) in divided.image.rgba.iter().zip(right("a02_premultiplied.avif").pixels()) {
        assert_eq!(found[3], wanted.0[3]);
        // Where little is seen, little is known of the colour.
        let near = found.iter().zip(wanted.0).all(|(a, b)| a.abs_diff(b) <= 4);
        assert!(near || found[3] < 128, "{found:?} {wanted:?}");
    }
    let turned = open("a03_turned_p3.avif");
    assert_note(&turned, "turned upright");
    assert_note(&turned, "converted to sRGB from the colour space");
    // The right end of the first row, which is red, is now above its left end, which is blue.
    let pixels = &turned.image.rgba;
    assert_eq!((turned.image.width, turned.image.height), (32, 48));
    assert!(pixels[0][0] > 200 && pixels[47 * 32][0] < 60 && pixels[47 * 32][2] > 90, "{:?}", pixels[47 * 32]);
    let whole = bytes_of("a01_420_10bit_alpha.avif");
    assert!(refusal("cut.avif", whole[..whole.len() / 2].to_vec()).contains("cut short"));
}

#[test]
fn alphas_of_a_bitmap_count_where_its_header_declares_them_and_not_where_they_are_all_0() {
    assert_eq!(difference(&open("b06_rgb_v5_mask.bmp"), &right("b06_rgb_v5_mask.bmp")).0, 0);
    let zero = open("b11_a1555_zero.bmp");
    let (most, _) = difference(&zero, &right("b11_a1555_zero.bmp"));
    assert!(most <= 1 && zero.image.is_opaque(), "{most}");
    assert_note(&zero, "its alphas are all 0 and are passed over");
    // The same with every alpha 0, and without the mask.
    let bytes = bytes_of("b06_rgb_v5_mask.bmp");
    let mut all_zero = bytes.clone();
    let pixels = bytes[10] as usize;
    all_zero[pixels..].as_chunks_mut::<4>().0.iter_mut().for_each(|p| p[3] = 0);
    assert!(opened("zero.bmp", all_zero).image.is_opaque());
    let mut no_mask = bytes;
    no_mask[66..70].fill(0);
    let photo = opened("no mask.bmp", no_mask);
    assert!(photo.image.is_opaque() && photo.notes.is_empty());
}

#[test]
fn the_profile_in_a_bitmap_is_applied() {
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let mut bytes = bytes_of("b06_rgb_v5_mask.bmp");
    let plain = opened("plain.bmp", bytes.clone());
    let at = (bytes.len() - 14) as u32;
    bytes[70..74].copy_from_slice(b"DEBM");
    bytes[126..130].copy_from_slice(&at.to_le_bytes());
    bytes[130..134].copy_from_slice(&(profile.len() as u32).to_le_bytes());
    let photo = opened("p3.bmp", [bytes, profile].concat());
    assert_note(&photo, "converted to sRGB from its colour profile (Display P3)");
    assert_ne!(photo.image.rgba, plain.image.rgba);
}

#[test]
fn an_animated_png_is_said_to_be_one_wherever_its_chunk_stands() {
    let photo = open("p09b_apng_far.png");
    assert_note(&photo, "the first frame of an animation");
    assert_eq!(difference(&photo, &right("p09b_apng_far.png")).0, 0);
    let frame = [big_endian(&[0, 6, 1, 0, 0]), vec![0, 1, 0, 10, 0, 0]].concat();
    let text = vec![b'x'; 10_000];
    let control = |frames: u32| big_endian(&[frames, 0]);
    let note =
        |chunks: &[(&[u8; 4], &[u8])]| opened("anim.png", png(chunks)).notes.first().cloned().unwrap_or_default();
    assert_eq!(note(&[(b"tEXt", &text), (b"acTL", &control(3))]), "the still picture of an animation");
    assert_eq!(note(&[(b"acTL", &control(1)), (b"fcTL", &frame)]), "");
    assert_eq!(note(&[(b"tEXt", b"k\0acTL is a chunk")]), "");
}

#[test]
fn a_short_file_that_claims_a_vast_picture_is_refused_before_it_is_decoded() {
    let vast = |width: u32, height: u32| {
        let size = (width - 1) | (height - 1) << 14;
        let mut content = vec![0x2f];
        content.extend(size.to_le_bytes());
        content.resize(126, 0);
        [b"RIFF\x8a\0\0\0WEBPVP8L\x7e\0\0\0".as_slice(), &content].concat()
    };
    let message = refusal("bomb.webp", vast(16383, 13245));
    assert!(message.contains("claims 16383 × 13245 pixels in 126 bytes"), "{message}");
    // Bytes that are no part of the picture do not help.
    let padded = [vast(16383, 13245), b"JUNK\0\0\x01\0".to_vec(), vec![7; 1 << 16]].concat();
    assert!(refusal("bomb.webp", padded).contains("in 126 bytes"));
}

#[test]
fn no_cut_and_no_flipped_byte_of_any_picture_makes_opening_it_panic() {
    let mut random = quantscope::engine::random::Random::seeded(45);
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        for _ in 0..10 {
            let mut broken = bytes.clone();
            for _ in 0..1 + random.next_u64() % 4 {
                let at = random.next_u64() as usize % broken.len();
                broken[at] = random.next_u64() as u8;
            }
            if random.next_u64().is_multiple_of(4) {
                broken.truncate(random.next_u64() as usize % broken.len());
            }
            if let Err(error) = open_bytes(&name, broken) {
                assert!(!error.to_string().contains('\n'));
            }
        }
    }
}

#[test]
fn faults_are_told_apart() {
    let cut = |name: &str| {
        let bytes = bytes_of(name);
        refusal(name, bytes[..bytes.len() * 2 / 3].to_vec())
    };
    assert!(cut("t11_assoc.tif").contains("cut short"), "{}", cut("t11_assoc.tif"));
}
