use quantscope::engine::theory::size::{COMMON, Size, parameters};

fn named(format: &str) -> Size {
    let found = COMMON.iter().find(|b| b.format == format).unwrap_or_else(|| panic!("{format}"));
    Size::new(70e9, found.bits)
}

/// FACTS: a 70-billion-parameter model, weights only, as printed: GB, GiB.
#[test]
fn seventy_billion_parameters_take_what_the_table_says() {
    for (format, bits, gb, gib) in [
        ("fp32", 32.0, "280", "260.8"),
        ("fp16 / bf16", 16.0, "140", "130.4"),
        ("int8, bare", 8.0, "70", "65.2"),
        ("int8 g128", 8.125, "71.1", "66.2"),
        ("q8_0", 8.5, "74.4", "69.3"),
        ("int4, bare", 4.0, "35", "32.6"),
        ("nf4, double-quantized", 4.127, "36.1", "33.6"),
        ("gptq 4-bit g128", 4.156, "36.4", "33.9"),
        ("mxfp4", 4.25, "37.2", "34.6"),
        ("q4_k, nvfp4", 4.5, "39.4", "36.7"),
        ("int2, bare", 2.0, "17.5", "16.3"),
        ("q2_k", 2.625, "23.0", "21.4"),
    ] {
        let size = named(format);
        // Halves may be printed either way.
        let near = |x: f64, text: &str| (x - text.parse::<f64>().unwrap()).abs() <= 0.0501;
        assert!((size.bits_per_weight - bits).abs() < 0.0005, "{format}");
        assert!(near(size.gigabytes(), gb), "{format}: {} GB", size.gigabytes());
        assert!(near(size.gibibytes(), gib), "{format}: {} GiB", size.gibibytes());
    }
}

/// FACTS: "140 GB shrinks to 35 GB at 8 bits, 17 GB at 4 bits".
#[test]
fn the_usual_mistake_is_off_by_exactly_two() {
    for (bits, told) in [(8.0, 35.0), (4.0, 17.5)] {
        let size = Size::new(70e9, bits);
        assert_eq!(size.mistaken_gigabytes(), told);
        assert_eq!(size.gigabytes(), 2.0 * told);
    }
}

#[test]
fn the_smallest_memory_that_holds_the_weights_is_named() {
    assert_eq!(Size::new(70e9, 16.0).fits_in(), None);
    assert_eq!(Size::new(70e9, 8.0).fits_in(), Some(80));
    assert_eq!(Size::new(70e9, 4.5).fits_in(), Some(48));
    assert_eq!(Size::new(70e9, 2.0).fits_in(), Some(24));
    // 7.45 GiB are less than 8, and leave too little to run in.
    assert_eq!(Size::new(8e9, 8.0).fits_in(), Some(12));
    assert_eq!(Size::new(8e9, 6.5).fits_in(), Some(8));
}

#[test]
fn a_memory_that_is_full_to_the_brim_does_not_fit() {
    let full = Size::new(f64::from(1u32 << 30), 8.0 * 24.0);
    assert_eq!(full.gibibytes(), 24.0);
    assert_eq!((full.free_gibibytes(24), full.free_gibibytes(32)), (None, Some(8.0)));
    // What is sold as 24 GB holds 24 GB of 10⁹ bytes and more.
    assert!(Size::new(24e9, 8.0).free_gibibytes(24).is_some_and(|free| free > 1.6));
}

#[test]
fn parameters_are_read_as_people_write_them() {
    for (text, number) in [("70b", 70e9), ("1.1B", 1.1e9), ("350m", 350e6), ("22_713_216", 22_713_216.0), ("7e9", 7e9)]
    {
        assert_eq!(parameters(text), Ok(number), "{text}");
    }
    for text in ["", "b", "-7b", "0", "many", "nan", "inf"] {
        assert!(parameters(text).unwrap_err().to_string().contains(&format!("'{text}'")), "{text}");
    }
}
