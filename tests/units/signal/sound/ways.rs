use quantscope::engine::control::Control;
use quantscope::signal::sound::coder::Sound;

#[test]
fn all_ways_keep_to_the_bits_but_samples_below_two() {
    let sound = Sound::new(&Control::unwatched()).unwrap();
    for centibits in [50, 75, 100, 150, 200, 300, 400, 600] {
        let found = sound.ways(centibits, &Control::unwatched()).unwrap();
        let bits = found.each_ref().map(|r| r.rate.bits_per_sample());
        let most = f64::from(centibits) / 100.0;
        assert!(bits[0] <= most.max(2.0) + 0.01 && bits[1] <= most && bits[2] <= most, "{bits:?}");
        // What the lesson says: bands win in decibels, and masking in what is heard, however few the bits.
        assert!(found[1].error.sqnr_db() > found[0].error.sqnr_db());
        println!("{:.3?}", found.each_ref().map(|r| (r.error.sqnr_db(), r.heard_share, r.excess_db)));
        assert!(found[2].excess_db <= found[1].excess_db && found[1].excess_db < found[0].excess_db);
        // Where there are bits enough for all, neither is heard.
        assert!(!(75..=400).contains(&centibits) || found[2].excess_db < found[1].excess_db - 0.1);
    }
}

#[test]
fn a_share_of_the_piece_is_a_frame_of_it() {
    let sound = Sound::of(vec![0.1; 5120], &Control::unwatched()).unwrap();
    let last = sound.frames() - 1;
    assert_eq!((sound.frame_at(-1.0), sound.frame_at(0.5), sound.frame_at(9.0)), (0, last.div_ceil(2), last));
}
