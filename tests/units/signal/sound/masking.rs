use quantscope::signal::sound::bands::bands;
use quantscope::signal::sound::masking::*;

#[test]
fn spreading_is_greatest_at_the_band_itself_and_reaches_farther_up_than_down() {
    assert!(spreading_db(0.0).abs() < 0.02, "{}", spreading_db(0.0));
    // About −25 dB a Bark downwards, −10 upwards.
    let slope = |from: f64| spreading_db(from) - spreading_db(from - from.signum());
    assert!((slope(-5.0) + 25.0).abs() < 1.0 && (slope(5.0) + 10.0).abs() < 1.0, "{} {}", slope(-5.0), slope(5.0));
}

#[test]
fn quiet_is_best_heard_through_at_three_to_four_kilohertz() {
    assert!((quiet_db(1000.0) - 3.4).abs() < 0.6 && quiet_db(100.0) > 20.0 && quiet_db(15_000.0) > 40.0);
    assert!((2..=50).map(|k| 200.0 * f64::from(k)).all(|f| quiet_db(f) >= quiet_db(3400.0) - 0.2));
}

#[test]
fn a_loud_band_hides_noise_in_itself_and_less_of_it_farther_away() {
    let bands = bands();
    let ear = Ear::new(&bands, 256.0);
    let mut powers = vec![0.0; bands.len()];
    powers[10] = 1e4;
    let hidden = ear.thresholds(&powers, 1.0);
    assert!(hidden[10] < powers[10] && hidden[10] > hidden[11] && hidden[11] > hidden[13] && hidden[10] > hidden[9]);
    // Noise hides more than a tone of the same power.
    assert!(ear.thresholds(&powers, 0.0)[10] > hidden[10]);
    let silence = ear.thresholds(&vec![0.0; bands.len()], 0.5);
    assert!(silence.iter().all(|x| *x > 0.0));
}

#[test]
fn a_lone_line_is_tonal_and_an_even_spectrum_is_not() {
    let mut lone = vec![0.0; 512];
    lone[40] = 1.0;
    assert_eq!(tonality(&lone), 1.0);
    assert!(tonality(&[0.5; 512]) < 1e-9);
    assert!(tonality(&[0.0; 512]) < 1e-9);
}
