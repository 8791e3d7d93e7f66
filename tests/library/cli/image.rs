//! `quantscope image`: what it writes and what it prints.

use serde_json::Value;

use super::{asset, failure, success};

#[test]
fn an_image_gives_a_png_that_is_what_the_figures_say() {
    let folder = tempfile::tempdir().unwrap();
    let photo = asset("parrots.png");
    let out = folder.path().join("small.png");
    for (colors, dither) in [("16", "none"), ("16", "floyd-steinberg"), ("5", "none"), ("256", "none")] {
        let arguments = [
            "image",
            photo.to_str().unwrap(),
            "--colors",
            colors,
            "--dither",
            dither,
            "-o",
            out.to_str().unwrap(),
            "--force",
            "--json",
        ];
        let figures: Value = serde_json::from_str(&success(&arguments)).unwrap();
        let file = std::fs::read(&out).unwrap();
        assert_eq!(figures["png_bytes"], file.len());
        assert_eq!((&figures["width"], &figures["height"]), (&768.into(), &512.into()));
        let reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
        let entries = reader.info().palette.as_ref().unwrap().len() / 3;
        assert_eq!(figures["colors"], entries);
        assert_eq!(entries.to_string(), colors, "exactly as many as were asked for");
        let (before, after) =
            (image::open(&photo).unwrap().into_rgb8(), image::load_from_memory(&file).unwrap().into_rgb8());
        let squares: f64 = before.iter().zip(after.iter()).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
        let mse = squares / before.len() as f64;
        let reported = figures["mse"].as_f64().unwrap();
        assert!((mse - reported).abs() < 1e-9 * mse, "{mse} {reported}");
        let psnr = 10.0 * (255.0 * 255.0 / mse).log10();
        assert!((psnr - figures["psnr_db"].as_f64().unwrap()).abs() < 1e-9);
        for name in ["ssim", "delta_e2000_mean", "bits_per_pixel", "original_png_bytes", "quantize_ms"] {
            assert!(figures[name].as_f64().is_some_and(|x| x > 0.0), "{name}: {figures}");
        }
    }
}

#[test]
fn a_sheet_shows_the_original_and_three_reductions_and_packing_makes_files_smaller() {
    let folder = tempfile::tempdir().unwrap();
    let (photo, sheet) = (asset("parrots.png"), folder.path().join("sheet.png"));
    let out = folder.path().join("out.png");
    let arguments = ["image", photo.to_str().unwrap(), "--colors", "12", "--sheet", sheet.to_str().unwrap()];
    let more = ["-o", out.to_str().unwrap(), "--json"];
    let figures: Value = serde_json::from_str(&success(&[&arguments[..], &more].concat())).unwrap();
    assert_eq!(figures["written_bytes"], std::fs::metadata(&out).unwrap().len());
    assert!(figures["png_bytes"].as_u64() < figures["png_bytes_before_packing"].as_u64(), "{figures}");
    let quick = ["image", photo.to_str().unwrap(), "--colors", "12", "--quick", "--json"];
    let quick: Value = serde_json::from_str(&success(&quick)).unwrap();
    assert_eq!(quick["png_bytes"], figures["png_bytes_before_packing"]);
    let (sheet, original) = (image::open(&sheet).unwrap().into_rgb8(), image::open(&photo).unwrap().into_rgb8());
    // Two columns and two rows of pictures of 768 × 512.
    assert!(sheet.width() > 2 * 768 && sheet.height() > 2 * 512, "{:?}", sheet.dimensions());
    let first = (0..400).flat_map(|y| (0..40).map(move |x| (x, y)));
    let found = first
        .into_iter()
        .find(|&(x, y)| (0..64).all(|i| sheet.get_pixel(x + i * 12, y) == original.get_pixel(i * 12, 0)));
    let (x, y) = found.expect("the original's first row is on the sheet");
    assert!(original.enumerate_pixels().step_by(97).all(|(i, j, p)| sheet.get_pixel(x + i, y + j) == p));
    let reduced = image::open(&out).unwrap().into_rgb8();
    // The third cell: 256, 12 (in place of 16) and 4 follow the original.
    let cell = (0..sheet.height() - 512).find(|&y| {
        reduced.get_pixel(5, 0) == sheet.get_pixel(x + 5, y)
            && reduced.enumerate_pixels().step_by(997).all(|(i, j, p)| sheet.get_pixel(x + i, y + j) == p)
    });
    assert!(cell.is_some_and(|cell| cell > y + 512));
    let message =
        failure(&["image", photo.to_str().unwrap(), photo.to_str().unwrap(), "-n", "4", "--sheet", "a.png"], 2);
    assert!(message.contains("a sheet is of one photo"), "{message}");
}

#[test]
fn a_name_that_ends_in_gif_gives_a_gif_with_the_same_pixels() {
    let folder = tempfile::tempdir().unwrap();
    let photo = asset("parrots.png");
    let pixels = ["small.png", "small.GIF"].map(|name| {
        let out = folder.path().join(name);
        success(&["image", photo.to_str().unwrap(), "--colors", "16", "-o", out.to_str().unwrap()]);
        let bytes = std::fs::read(&out).unwrap();
        assert_eq!(bytes.starts_with(b"GIF89a"), name.ends_with("GIF"));
        image::load_from_memory(&bytes).unwrap().into_rgb8()
    });
    assert_eq!(pixels[0], pixels[1]);
}

#[test]
fn every_method_and_space_runs_and_kmeans_has_the_least_error() {
    let photo = asset("parrots.png");
    let mse = |method: &str, space: &str| {
        let arguments = ["image", photo.to_str().unwrap(), "-n", "16", "--method", method, "--space", space, "--json"];
        serde_json::from_str::<Value>(&success(&arguments)).unwrap()["mse"].as_f64().unwrap()
    };
    let best = mse("kmeans", "srgb");
    for (method, space) in
        [("uniform", "srgb"), ("median-cut", "srgb"), ("octree", "srgb"), ("wu", "srgb"), ("kmeans", "oklab")]
    {
        assert!(best < mse(method, space), "{method} {space}");
    }
}

#[test]
fn the_figures_of_the_eye_are_told_as_text_and_as_json() {
    let photo = asset("parrots.png");
    let figures = |colors: &str| {
        let found: Value =
            serde_json::from_str(&success(&["image", photo.to_str().unwrap(), "-n", colors, "--json"])).unwrap();
        ["ssimulacra2", "butteraugli_3norm", "butteraugli_max", "afar"].map(|name| found[name].as_f64().unwrap())
    };
    let (many, few) = (figures("128"), figures("8"));
    assert!(many[0] > few[0] && many[0] < 100.0, "{many:?} {few:?}");
    assert!((1..4).all(|i| many[i] < few[i] && many[i] > 0.0), "{many:?} {few:?}");
    let text = success(&["image", photo.to_str().unwrap(), "-n", "8"]);
    let at = |name: &str| text.find(name).unwrap_or_else(|| panic!("{name} is missing: {text}"));
    assert!(at("SSIMULACRA2") < at("butteraugli") && at("butteraugli") < at("PSNR"), "{text}");
}

#[test]
fn dither_raises_the_raw_psnr_error_and_lowers_what_is_seen_from_afar() {
    let photo = asset("parrots.png");
    let figures = |more: &[&str]| {
        let mut arguments = vec!["image", photo.to_str().unwrap(), "-n", "16", "--json"];
        arguments.extend(more);
        let found: Value = serde_json::from_str(&success(&arguments)).unwrap();
        (found["psnr_db"].as_f64().unwrap(), found["psnr_afar_db"].as_f64().unwrap())
    };
    let plain = figures(&["--goal", "nearest"]);
    for pattern in ["floyd-steinberg", "atkinson", "sierra", "blue-noise", "bayer8"] {
        let dithered = figures(&["--dither", pattern, "--serpentine"]);
        assert!(dithered.0 < plain.0 && dithered.1 > plain.1, "{pattern}: {dithered:?} {plain:?}");
    }
    assert_eq!(figures(&["--dither", "stucki", "--strength", "0"]), plain);
}

#[test]
fn a_given_palette_is_used_as_it_is_and_can_be_written_and_read_back() {
    let photo = asset("parrots.png");
    let photo = photo.to_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (out, again) = (folder.path().join("out.png"), folder.path().join("again.png"));
    for kind in ["gpl", "hex", "act", "pal", "ase", "png"] {
        let file = folder.path().join(format!("palette.{kind}"));
        let (out, file) = (out.to_str().unwrap(), file.to_str().unwrap());
        success(&["image", photo, "--palette", "pico-8", "-o", out, "--save-palette", file, "--force"]);
        success(&["image", photo, "--palette", file, "-o", again.to_str().unwrap(), "--force"]);
        let (first, second) = (image::open(out).unwrap().into_rgb8(), image::open(&again).unwrap().into_rgb8());
        assert_eq!(first, second, "{kind}");
        assert!(first.pixels().any(|p| p.0 == [0xff, 0xcc, 0xaa]), "PICO-8's peach is in the parrots");
    }
    let garbage = folder.path().join("garbage.gpl");
    std::fs::write(&garbage, b"GIMP Palette\nnonsense").unwrap();
    for (palette, words) in [(garbage.to_str().unwrap(), "garbage.gpl"), ("no-such-palette", "pico-8")] {
        let message = failure(&["image", photo, "--palette", palette], 1);
        assert!(message.contains(words) && message.lines().count() == 1, "{message}");
    }
}

#[test]
fn more_locked_colours_than_entries_are_refused_in_one_line() {
    let photo = asset("parrots.png").to_str().unwrap().to_owned();
    let lock = "#ff00ff,#123456,#010203,#abcdef,#ffffff";
    let refused = failure(&["image", &photo, "-n", "4", "--lock", lock], 1);
    assert!(refused.contains("5 locked colours are more than the 4 of --colors"), "{refused}");
    assert_eq!(refused.trim().lines().count(), 1);
    let figures = success(&["image", &photo, "-n", "5", "--lock", lock, "--json"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&figures).unwrap()["colors"], 5);
}

#[test]
fn a_palette_file_goes_through_entry_by_entry_with_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let photo = asset("parrots.png").to_str().unwrap().to_owned();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let list = "GIMP Palette\nName: Sprites\nColumns: 4\n#\n255 255 255\tpaper\n  0   0   0\tink\n255 255 255\tsnow\n\
        200  90  40\tc85a28\n";
    std::fs::write(at("in.gpl"), list).unwrap();
    success(&["image", &photo, "--palette", &at("in.gpl"), "-o", &at("out.png"), "--save-palette", &at("back.gpl")]);
    assert_eq!(std::fs::read_to_string(at("back.gpl")).unwrap(), list);
    let file = std::fs::File::open(at("out.png")).unwrap();
    let reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().unwrap();
    assert_eq!(reader.info().palette.as_deref().unwrap(), [255, 255, 255, 0, 0, 0, 255, 255, 255, 200, 90, 40]);
}

#[test]
fn alpha_that_a_palette_file_has_no_place_for_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let photo = asset("parrots.png").to_str().unwrap().to_owned();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(at("in.hex"), "#ff000080\n#000000ff\n").unwrap();
    let output = |to: &str| success(&["image", &photo, "--palette", &at("in.hex"), "--save-palette", &at(to)]);
    assert!(output("x.ase").contains("no place for alpha: 1 colour is written without"));
    assert!(!output("x.hex").contains("alpha"));
    assert_eq!(std::fs::read_to_string(at("x.hex")).unwrap(), "#ff000080\n#000000ff\n");
}

#[test]
fn tiles_and_locked_colours_are_told_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (photo, out) = (asset("parrots.png"), folder.path().join("tiles.png"));
    let (photo, file) = (photo.to_str().unwrap(), out.to_str().unwrap());
    let common = ["image", photo, "--colors", "4", "--tile", "8", "--lock", "#ff00ff", "--lock", "123456"];
    let json = [common.as_slice(), &["--json", "-o", file]].concat();
    let figures: Value = serde_json::from_str(&success(&json)).unwrap();
    assert_eq!((&figures["tile"], &figures["tile_colors"]), (&8.into(), &4.into()));
    assert_eq!(figures["locked"], serde_json::json!(["#ff00ff", "#123456"]));
    assert_eq!(figures["png"], "true-colour PNG");
    // 2 bits a code, 2 entries of its own a tile, and the two locked ones once.
    let bits = 2.0 + 2.0 * 24.0 / 64.0 + 48.0 / (768.0 * 512.0);
    assert!((figures["bits_per_pixel"].as_f64().unwrap() - bits).abs() < 1e-9, "{figures}");
    assert_eq!(figures["png_bytes"], std::fs::metadata(&out).unwrap().len());
    assert_eq!(figures["raw_bytes"], 768 * 512 * 3);
    assert_eq!(figures["reduced_raw_bytes"], (bits * 768.0 * 512.0 / 8.0).round() as u64);
    let ratio = figures["original_png_bytes"].as_f64().unwrap() / figures["png_bytes"].as_f64().unwrap();
    assert!((figures["png_ratio"].as_f64().unwrap() - ratio).abs() < 1e-9);
    let output = success(&common);
    assert!(output.contains("in 6144 tiles of 8 x 8 with 4 each, 2 of them locked"), "{output}");
    assert!(output.contains("true-colour PNG") && output.contains("so it is in true colour"), "{output}");
    let refused = failure(&[common.as_slice(), &["--save-palette", &format!("{file}.gpl")]].concat(), 1);
    assert!(refused.contains("colours, a palette has 256 at most"), "{refused}");
    for bad in [["--tile", "3"], ["--tile", "65"], ["--lock", "mauve"], ["--lock", "#12345600"]] {
        failure(&[["image", photo, "--colors", "4"].as_slice(), &bad].concat(), 2);
    }
}

#[test]
fn several_photos_go_into_a_folder_and_a_broken_one_stops_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let (broken, out) = (folder.path().join("broken.png"), folder.path().join("out"));
    std::fs::write(&broken, b"\x89PNG\r\n\x1a\nbroken").unwrap();
    std::fs::create_dir(&out).unwrap();
    let (photo, out_name) = (asset("parrots.png"), out.to_str().unwrap());
    let copy = folder.path().join("copy.png");
    std::fs::copy(&photo, &copy).unwrap();
    let inputs = [broken.to_str().unwrap(), photo.to_str().unwrap(), copy.to_str().unwrap()];
    let mut arguments = vec!["image"];
    arguments.extend(inputs);
    arguments.extend(["-n", "4", "-o", out_name]);
    let message = failure(&arguments, 1);
    assert!(message.contains("broken.png") && message.lines().count() == 1, "{message}");
    for name in ["parrots-4.png", "copy-4.png"] {
        assert_eq!(image::open(out.join(name)).unwrap().width(), 768, "{name}");
    }
    *arguments.last_mut().unwrap() = copy.to_str().unwrap();
    assert!(failure(&arguments, 2).contains("not a folder"));
}

#[test]
fn a_photo_goes_under_any_number_format_and_the_file_is_what_it_decodes_to() {
    let folder = tempfile::tempdir().unwrap();
    let (photo, out) = (asset("parrots.png"), folder.path().join("out.png"));
    let (photo, path) = (photo.to_str().unwrap(), out.to_str().unwrap());
    let mut last = f64::INFINITY;
    for (format, bits) in [("q8_0", 8.5), ("q4_k", 4.5), ("nf4", 4.5), ("mxfp4", 4.25), ("int2-g32", 2.5)] {
        let told = success(&["image", photo, "--format", format, "-o", path, "--force", "--json"]);
        let figures: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(figures["bits_per_pixel"].as_f64(), Some(3.0 * bits), "{format}");
        assert_eq!((&figures["format"], &figures["method"]), (&Value::from(format), &Value::Null));
        let (before, after) = (image::open(photo).unwrap().into_rgb8(), image::open(&out).unwrap().into_rgb8());
        let squares = before.as_raw().iter().zip(after.as_raw()).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2));
        let mse = squares.sum::<f64>() / before.as_raw().len() as f64;
        assert!((mse - figures["mse"].as_f64().unwrap()).abs() < 1e-9, "{format}");
        let psnr = figures["psnr_db"].as_f64().unwrap();
        assert!(psnr < last, "{format}: fewer bits, more error");
        last = psnr;
    }
    let told = success(&["image", photo, "--format", "q4_k"]);
    assert!(told.contains("q4_k: each channel's values in blocks of 256 along the line"), "{told}");
    failure(&["image", photo, "--format", "q4_k", "--colors", "16"], 2);
    failure(&["image", photo, "--format", "q9_z"], 2);
}

#[test]
fn transparent_pixels_stay_transparent_and_take_no_colours() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in.png"), folder.path().join("out.png"));
    // Seven visible colours; behind the hidden half, a thousand that nobody sees.
    let picture = image::RgbaImage::from_fn(64, 32, |x, y| {
        if x < 32 {
            image::Rgba([(x % 7 * 30) as u8, 80, 10, 255])
        } else {
            image::Rgba([(x * y) as u8, x as u8, y as u8, 0])
        }
    });
    picture.save(&input).unwrap();
    success(&["image", input.to_str().unwrap(), "--colors", "8", "-o", out.to_str().unwrap()]);
    let reduced = image::open(&out).unwrap().into_rgba8();
    for (before, after) in picture.pixels().zip(reduced.pixels()) {
        assert_eq!(after.0[3], before.0[3]);
        assert!(before.0[3] == 0 || before == after, "all seven colours fit: {before:?} {after:?}");
    }
}

#[test]
fn bits_are_allocated_to_tiles_within_the_budget_and_gain_over_the_same_for_each() {
    let photo = asset("parrots.png");
    let photo = photo.to_str().unwrap();
    let common = ["image", photo, "--quick", "--method", "wu", "--tile"];
    let told = |more: &[&str]| -> Value {
        serde_json::from_str(&success(&[&common[..], more, &["--json"]].concat())).unwrap()
    };
    let (allocated, uniform) = (told(&["8", "--budget", "3.5"]), told(&["8", "--colors", "4"]));
    assert!(allocated["bits_per_pixel"].as_f64() <= uniform["bits_per_pixel"].as_f64());
    assert!(allocated["psnr_db"].as_f64().unwrap() > uniform["psnr_db"].as_f64().unwrap() + 1.0);
    let (gain, floor) =
        (&allocated["tile_allocation"]["gain_over_uniform_db"], &allocated["tile_allocation"]["floor_bits_per_pixel"]);
    assert!(gain.as_f64() > Some(1.0) && allocated["tile_allocation"]["uniform_colors"] == 4);
    assert_eq!(allocated["tile_allocation"]["code_bits_by_tile"].as_array().unwrap().len(), 6144);
    let by_colors = allocated["tile_allocation"]["tiles_by_colors"].as_array().unwrap();
    assert_eq!(by_colors.iter().map(|rung| rung[1].as_u64().unwrap()).sum::<u64>(), 6144);
    assert!(by_colors.iter().filter(|rung| rung[1].as_u64() > Some(100)).count() >= 3, "{by_colors:?}");
    // One colour of 24 bits for 64 pixels, and the number of its rung.
    assert_eq!(floor.as_f64(), Some(27.0 / 64.0));
    let text = success(&[&common[..], &["8", "--budget", "3.5"]].concat());
    assert!(text.contains("tiles by colours 1: ") && text.contains("4 for each tile takes 3.500 bits"), "{text}");
    let refused = failure(&[&common[..], &["8", "--budget", "0.3"]].concat(), 1);
    assert!(refused.contains("under the floor") && refused.contains("0.422"), "{refused}");
    failure(&["image", photo, "--budget", "3"], 2);
    failure(&["image", photo, "--budget", "3", "--tile", "8", "--colors", "4"], 2);
}
