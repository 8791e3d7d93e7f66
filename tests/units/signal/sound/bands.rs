use quantscope::signal::sound::RATE;
use quantscope::signal::sound::bands::*;
use quantscope::signal::sound::mdct::LINES;

#[test]
fn barks_are_those_of_the_table() {
    // Zwicker's band edges, in hertz.
    for (hertz, bark) in [(100.0, 1.0), (510.0, 5.0), (1270.0, 10.0), (2700.0, 15.0), (6400.0, 20.0), (12000.0, 23.0)] {
        assert!((bark_of_hertz(hertz) - bark).abs() < 0.25, "{hertz}: {}", bark_of_hertz(hertz));
    }
}

#[test]
fn the_bands_share_out_all_lines_in_order() {
    let bands = bands();
    assert!((23..=25).contains(&bands.len()), "{}", bands.len());
    let mut next = 0;
    for band in &bands {
        assert_eq!(band.lines.start, next);
        assert!(
            band.lines.contains(&((hertz_of_line(0.0) + band.hertz) as usize * 2 * LINES / RATE as usize))
                || band.lines.len() < 3
        );
        next = band.lines.end;
    }
    assert_eq!(next, LINES);
    assert!(bands.windows(2).all(|b| b[0].bark < b[1].bark && b[0].hertz < b[1].hertz));
}
