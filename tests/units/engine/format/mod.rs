mod double;
mod fallback;
mod name;
mod user;

use quantscope::engine::control::Control;
use quantscope::engine::format::{Format, LevelRule, PATTERNS, table};
use quantscope::engine::recipe::Levels;
use quantscope::engine::samples::Samples;

fn encoded(format: Format, values: &[[f32; 1]], columns: usize) -> quantscope::engine::quantized::Quantized<1> {
    format.recipe().unwrap().encode(Samples::new(values, columns), &Control::unwatched()).unwrap()
}

#[test]
fn every_row_is_found_by_its_name_and_prints_as_it() {
    for row in table() {
        assert_eq!(row.name.parse::<Format>(), Ok(row.format), "{}", row.name);
        assert_eq!(row.format.to_string(), row.name);
        assert!(!row.purpose.is_empty() && !row.layout.is_empty() && !row.source.is_empty(), "{}", row.name);
    }
    for pattern in PATTERNS.iter() {
        assert!(pattern.example.parse::<Format>().is_ok(), "{}", pattern.example);
    }
    assert!(table().len() > 60);
}

#[test]
fn bits_told_beforehand_are_those_of_the_receipt() {
    for (rows, columns) in [(4, 256), (3, 100), (130, 140), (1, 7)] {
        let values: Vec<[f32; 1]> = (0..rows * columns).map(|i| [(i as f32 * 0.7).sin()]).collect();
        for row in table() {
            // Levels that are learned: no more than there are values.
            if row.format.recipe().is_none() || (matches!(row.format.rule, LevelRule::Fitted(_)) && columns < 256) {
                continue;
            }
            let measured = encoded(row.format, &values, columns).rate.bits_per_sample();
            let told = row.format.bits_per_weight(rows, columns);
            assert!((measured - told).abs() < 1e-9, "{} {rows} × {columns}: {measured}, told {told}", row.name);
        }
    }
}

#[test]
fn bits_per_weight_agree_with_the_published_layouts() {
    let bits = |name: &str| name.parse::<Format>().unwrap().bits_per_weight(4, 256);
    for (name, expected) in [
        ("int4-g32", 4.5),
        ("int4-g32-affine", 4.625),
        ("int4-g128", 4.125),
        ("int4-g128-affine", (4.0 * 128.0 + 4.0 + 16.0) / 128.0),
        ("int8-tensor", 8.0 + 32.0 / 1024.0),
        ("kmeans2-row", 2.0 + 4.0 * 16.0 / 256.0),
        ("nf4", 4.5),
        ("mxint8", 8.25),
        ("mxfp4", 4.25),
        ("mxfp6_e2m3", 6.25),
        ("nvfp4", 4.5),
        ("fp8_e4m3", 8.0),
        ("q4_k", 4.5),
        ("q3_k", 3.4375),
        ("q6_k", 6.5625),
        ("tq1_0", 1.6875),
    ] {
        assert_eq!(bits(name), expected, "{name}");
    }
    assert!((bits("nf4-dq") - 4.127).abs() < 1e-3);
    assert_eq!(bits("e2m1-g16"), 4.5 + 32.0 / 1024.0);
    // A row of 100 in runs of 32 has four scales.
    let format: Format = "int4-g32".parse().unwrap();
    assert_eq!(format.bits_per_weight(2, 100), 4.0 + 4.0 * 16.0 / 100.0);
    // What converters fall back to is counted.
    assert_eq!("q4_k".parse::<Format>().unwrap().bits_per_weight(2, 96), 5.5);
    assert_eq!("q4_k".parse::<Format>().unwrap().bits_per_weight(2, 172), 16.0);
}

#[test]
fn one_number_in_every_format_is_what_facts_say() {
    let stored = |name: &str| encoded(name.parse().unwrap(), &[[1.0], [0.847_291_7]], 2).decode_one(1)[0];
    assert!((stored("int8-tensor") - 108.0 / 127.0).abs() < 1e-6);
    assert!((stored("int4-tensor") - 6.0 / 7.0).abs() < 1e-6);
    assert_eq!(stored("nf4-g64"), quantscope::engine::block::NF4[14]);
    // Its own block's largest value: saturated.
    let alone = encoded("e2m1-g32-e8m0".parse().unwrap(), &[[0.847_291_7]], 1);
    assert_eq!(alone.decode_one(0)[0], 0.75);
}

#[test]
fn two_bit_symmetric_has_three_levels_and_one_bit_has_two() {
    let levels = |name: &str| {
        let Levels::Fixed { book, .. } = name.parse::<Format>().unwrap().recipe().unwrap().levels else { panic!() };
        book.points().iter().map(|p| p[0]).collect::<Vec<_>>()
    };
    assert_eq!(levels("int2-g32"), [-1.0, 0.0, 1.0]);
    assert_eq!(levels("int1-g32"), [-1.0, 1.0]);
    assert_eq!(levels("int2-g32-clip"), [-2.0, -1.0, 0.0, 1.0]);
    assert_eq!(levels("int8-g32").len(), 255);
    assert_eq!(levels("int2-g32-affine"), [0.0, 1.0, 2.0, 3.0]);
    assert_eq!(levels("fp8_e4m3-row").len(), 253);
}

#[test]
fn stochastic_rounding_keeps_the_mean_and_repeats() {
    let values: Vec<[f32; 1]> = (0..65536).map(|i| if i % 256 == 0 { [7.0] } else { [0.3] }).collect();
    let format: Format = "int4-g256-sr".parse().unwrap();
    let [a, b] = [(); 2].map(|()| encoded(format, &values, 256));
    assert_eq!(a.codes, b.codes);
    let mean = (0..values.len()).filter(|i| i % 256 != 0).map(|i| f64::from(a.decode_one(i)[0])).sum::<f64>();
    let mean = mean / (65536.0 - 256.0);
    assert!((mean - 0.3).abs() < 0.01, "{mean}");
    let nearest = encoded("int4-g256".parse().unwrap(), &values, 256);
    assert_eq!(nearest.decode_one(1)[0], 0.0);
}
