use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::engine::samples::Samples;
use quantscope::signal::sound::bands::bands;
use quantscope::signal::sound::coder::*;

fn sound() -> Sound {
    Sound::new(&Control::unwatched()).unwrap()
}

fn cut(sound: &Sound, cut: Cut) -> SoundReport {
    sound.cut(cut, &Control::unwatched()).unwrap()
}

#[test]
fn in_time_a_bit_is_worth_six_decibels_and_rounding_is_the_weights_own() {
    let sound = sound();
    let found = [4, 6, 8, 10, 12].map(|bits| cut(&sound, Cut::Time { bits }));
    for pair in found.windows(2) {
        let gain = pair[1].error.sqnr_db() - pair[0].error.sqnr_db();
        assert!((gain - 12.04).abs() < 1.5, "{gain}");
    }
    assert_eq!(found[0].rate.index_bits, 4 * sound.samples.len() as u64);
    let format = "int4-tensor".parse::<Format>().unwrap();
    let values: Vec<[f32; 1]> = sound.samples.iter().map(|x| [*x]).collect();
    let samples = Samples::new(&values, values.len());
    let usual = format.recipe().unwrap().encode(samples, &Control::unwatched()).unwrap().decode();
    assert!(usual.iter().map(|x| x[0]).eq(found[0].samples.iter().copied()));
}

#[test]
fn bands_keep_to_the_bits_and_more_bits_are_never_worse() {
    let sound = sound();
    for masked in [false, true] {
        let found =
            [50, 100, 150, 200, 300, 400, 600, 800].map(|centibits| cut(&sound, Cut::Bands { centibits, masked }));
        for report in &found {
            let Cut::Bands { centibits, .. } = report.cut else { panic!() };
            let bits = report.rate.bits_per_sample();
            println!(
                "{:?}: {bits:.3} bits, {:.2} dB, heard {:.1} % by {:.2} dB, zeros {:.1} %",
                report.cut,
                report.error.sqnr_db(),
                100.0 * report.heard_share,
                report.excess_db,
                100.0 * report.zero_share
            );
            assert!(bits <= f64::from(centibits) / 100.0, "{bits}");
            assert!(bits > 0.85 * f64::from(centibits) / 100.0, "{bits}");
        }
        for pair in found.windows(2) {
            // After the ear more bits may go into what is heard in place of what is measured.
            assert!(masked || pair[1].error.sqnr_db() > pair[0].error.sqnr_db());
            // Noise under the ear's limit in more places may be over it, by less, in some others.
            assert!(masked || pair[1].heard_share <= pair[0].heard_share);
            assert!(pair[1].excess_db <= pair[0].excess_db);
        }
    }
}

#[test]
fn at_the_same_bits_bands_beat_samples_and_masking_trades_decibels_for_what_is_not_heard() {
    let sound = sound();
    let time = cut(&sound, Cut::Time { bits: 3 });
    let [even, masked] = [false, true].map(|masked| cut(&sound, Cut::Bands { centibits: 300, masked }));
    let figures = |r: &SoundReport| (r.rate.bits_per_sample(), r.error.sqnr_db(), r.heard_share);
    println!("time {:.3?} even {:.3?} masked {:.3?}", figures(&time), figures(&even), figures(&masked));
    assert!(even.rate.bits_per_sample() <= time.rate.bits_per_sample());
    assert!(even.error.sqnr_db() > time.error.sqnr_db() + 20.0);
    assert!(masked.error.sqnr_db() < even.error.sqnr_db() - 10.0);
    assert!(masked.heard_share < 0.01 && even.heard_share > 0.1 && time.heard_share > even.heard_share);
}

#[test]
fn noise_under_the_threshold_is_what_the_masked_steps_aim_at() {
    let sound = sound();
    let report = cut(&sound, Cut::Bands { centibits: 400, masked: true });
    let levels = sound.levels(&report, None);
    assert_eq!(levels.len(), bands().len());
    assert!(levels.iter().all(|level| level.noise_db < level.masked_db), "{levels:?}");
    assert!(report.heard_share < 0.005, "{}", report.heard_share);
    let moment = sound.levels(&report, Some(20));
    assert_ne!(moment, levels);
    assert_eq!(sound.levels(&report, Some(1 << 20)), levels, "a frame that is none is all of them");
}

#[test]
fn silence_takes_next_to_nothing_and_no_figure_is_nan() {
    let sound = Sound::of(vec![0.0; 4000], &Control::unwatched()).unwrap();
    for which in [Cut::Time { bits: 4 }, Cut::Bands { centibits: 100, masked: true }] {
        let report = cut(&sound, which);
        assert!(report.error.sqnr_db().is_infinite() && report.heard_share == 0.0);
        assert!(sound.levels(&report, None).iter().all(|l| l.noise_db == FLOOR_DB));
    }
    let nothing = Sound::of(Vec::new(), &Control::unwatched()).unwrap();
    assert!(cut(&nothing, Cut::Bands { centibits: 100, masked: false }).samples.is_empty());
}
