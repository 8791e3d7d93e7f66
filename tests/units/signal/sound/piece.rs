use quantscope::signal::sound::piece::*;

#[test]
fn it_is_four_seconds_within_full_scale_and_the_same_every_time() {
    let sound = piece();
    assert_eq!(sound.len(), 128_000);
    let top = sound.iter().fold(0.0f32, |top, x| top.max(x.abs()));
    assert!((top - 0.9).abs() < 1e-6);
    assert_eq!(sound, piece());
}

#[test]
fn it_ends_far_more_quietly_than_it_begins() {
    let sound = piece();
    let power = |x: &[f32]| x.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / x.len() as f64;
    assert!(power(&sound[..32_000]) > 30.0 * power(&sound[120_000..]));
    assert!(power(&sound[120_000..]) > 1e-9);
    assert!((hertz(69) - 440.0).abs() < 1e-9 && (hertz(81) - 880.0).abs() < 1e-9);
}
