use std::collections::HashSet;

use quantscope::palette::builtin::*;

fn colors(name: &str) -> &'static [[u8; 4]] {
    find(name).unwrap().colors
}

#[test]
fn lists_hold_what_their_names_say_and_no_colour_twice_but_those_of_registers() {
    for (name, len) in [
        ("bw", 2),
        ("grey-4", 4),
        ("grey-16", 16),
        ("grey-256", 256),
        ("web-safe", 216),
        ("rgb332", 256),
        ("cga-16", 16),
        ("cga-cyan", 4),
        ("cga-green", 4),
        ("zx-spectrum", 15),
        ("c64", 16),
        ("ega-16", 16),
        ("ega-64", 64),
        ("windows-16", 16),
        ("game-boy", 4),
        ("pico-8", 16),
        ("nes", 64),
        ("msx", 16),
        ("apple-ii", 16),
        ("bbc-micro", 8),
        ("amstrad-cpc", 27),
        ("master-system", 64),
        ("sweetie-16", 16),
        ("db16", 16),
        ("db32", 32),
        ("endesga-32", 32),
        ("endesga-64", 64),
        ("aap-64", 64),
        ("resurrect-64", 64),
        ("eink-spectra-6", 6),
        ("eink-acep-7", 7),
    ] {
        assert_eq!(colors(name).len(), len, "{name}");
    }
    for list in BUILTIN {
        let different: HashSet<_> = list.colors.iter().collect();
        let of_registers = ["nes", "msx", "apple-ii"].contains(&list.name);
        assert_eq!(different.len() < list.colors.len(), of_registers, "{}", list.name);
        assert!([0, list.colors.len()].contains(&list.names.len()), "{}", list.name);
        assert!([0, list.colors.len()].contains(&list.nominal.len()), "{}", list.name);
        assert!(list.colors.iter().all(|c| c[3] == 255));
        assert!(list.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        assert!(!list.source.is_empty() && !list.source.contains('\n'));
    }
    let names: HashSet<_> = BUILTIN.iter().map(|b| b.name).collect();
    assert_eq!(names.len(), BUILTIN.len());
}

#[test]
fn a_name_is_found_in_capitals_too_and_an_unknown_one_is_not() {
    assert_eq!(find("PICO-8").unwrap().palette().name, "PICO-8");
    assert!(find("pico").is_none() && find("").is_none());
}

#[test]
fn calculated_lists_have_their_known_entries() {
    assert_eq!(colors("grey-16")[1], [0x11, 0x11, 0x11, 255]);
    assert_eq!(colors("web-safe")[215], [255; 4]);
    assert_eq!(colors("web-safe")[36], [0x33, 0, 0, 255]);
    assert_eq!(colors("rgb332")[1 << 5], [36, 0, 0, 255]);
    assert_eq!(colors("rgb332")[4 << 5 | 7 << 2 | 2], [146, 255, 170, 255]);
    assert_eq!(colors("rgb332")[255], [255; 4]);
    assert_eq!((colors("amstrad-cpc")[3], colors("amstrad-cpc")[15]), ([128, 0, 0, 255], [255, 128, 0, 255]));
    assert_eq!((colors("master-system")[3], colors("master-system")[16]), ([255, 0, 0, 255], [0, 0, 85, 255]));
    let [by_code, by_byte] = ["ega-64", "master-system"].map(|name| colors(name).iter().collect::<HashSet<_>>());
    assert_eq!(by_code, by_byte, "both have two bits a channel");
    // The registers of the default 16: codes 0 to 5, 0x14 for brown, 7, and 0x38 to 0x3f.
    let registers = [0, 1, 2, 3, 4, 5, 0x14, 7, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f];
    let default: Vec<_> = registers.iter().map(|&r| colors("ega-64")[r]).collect();
    assert_eq!(default, colors("ega-16"));
}
