use quantscope::figures::*;

#[test]
fn figures_are_written_as_people_read_them() {
    assert_eq!((db(27.349), db(f64::INFINITY)), ("27.3 dB".to_owned(), "exact".to_owned()));
    assert_eq!((kilobytes(60_240), kilobytes(1_234_567)), ("60.2 kB".to_owned(), "1\u{2009}235 kB".to_owned()));
    assert_eq!(
        (percent(1, 3), percent(1, 1_000_000), percent(0, 5)),
        ("33.3 %".into(), "< 0.01 %".into(), "0.00 %".into())
    );
    assert_eq!(
        (count(7), count(1234), count(1_234_567)),
        ("7".into(), "1\u{2009}234".into(), "1\u{2009}234\u{2009}567".into())
    );
    assert_eq!(
        (significant(0.088_54), significant(-12.345), significant(1.0e-9)),
        ("0.0885".into(), "-12.3".into(), "1.00e-9".into())
    );
    assert_eq!((ratio(4.914), ratio(9.999), ratio(345.6)), ("4.91 : 1".into(), "10.0 : 1".into(), "346 : 1".into()));
    assert_eq!([90.2, -68.0, -3.44, 0.01, 1234.0].map(change), ["+90 %", "−68 %", "−3.4 %", "±0 %", "+1\u{2009}234 %"]);
    assert_eq!([Some(85.66), Some(-14.0), None].map(ssimulacra2), ["85.7", "−14.0", "–"]);
    assert_eq!([Some(0.818), Some(0.0), None].map(eye_difference), ["0.82", "0.00", "–"]);
    assert_eq!((shape(&[64, 172]), shape(&[])), ("64 × 172".into(), "scalar".into()));
}
