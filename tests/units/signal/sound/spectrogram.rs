use std::f64::consts::TAU;

use quantscope::engine::control::Control;
use quantscope::signal::sound::RATE;
use quantscope::signal::sound::spectrogram::*;

#[test]
fn a_sine_is_one_bright_line_at_its_height() {
    let sine = |hertz: f64| -> Vec<f32> {
        (0..16_000).map(|i| (TAU * hertz * f64::from(i) / f64::from(RATE)).sin() as f32).collect()
    };
    for hertz in [500.0, 2000.0, 9000.0] {
        let picture = of(&sine(hertz), &Control::unwatched()).unwrap();
        assert_eq!((picture.width, picture.height), (63, ROWS as u32));
        let column: Vec<u8> = (0..ROWS as u32).map(|y| picture.code(30, y).unwrap()).collect();
        let brightest = (0..ROWS).max_by_key(|y| column[*y]).unwrap();
        let found = hertz_of_row(brightest);
        assert!((found / hertz - 1.0).abs() < 0.06, "{hertz}: {found}");
        assert!(column[brightest] > 250 && column[(brightest + 40) % ROWS] < 60);
    }
}

#[test]
fn silence_is_dark_and_no_sound_at_all_is_a_picture_too() {
    for samples in [vec![0.0; 3000], Vec::new()] {
        let picture = of(&samples, &Control::unwatched()).unwrap();
        assert!(picture.indexed().unwrap().codes.iter().all(|k| *k == 0));
    }
}

#[test]
fn rows_rise_and_reach_from_the_lowest_to_the_highest_frequency() {
    let rows = rows();
    assert_eq!((rows[0].end, rows[ROWS - 1].start), (WINDOW / 2, 0));
    assert!(rows.windows(2).all(|r| r[0].start >= r[1].start && r[0].end >= r[1].end));
}
