use quantscope::engine::coding::rotation::{LONGEST_RUN, Rotation, runs};
use quantscope::engine::random::Random;

#[test]
fn turning_keeps_the_power_and_turning_back_gives_the_rows() {
    let mut random = Random::seeded(2);
    for row_len in [1, 2, 3, 64, 100, 384, 5000] {
        let rows: Vec<f32> = (0..row_len * 3 - row_len / 2).map(|_| random.next_gaussian()).collect();
        let rotation = Rotation::of_rows(row_len);
        let mut turned = rows.clone();
        rotation.turn(&mut turned);
        let power = |v: &[f32]| v.iter().map(|x| f64::from(x * x)).sum::<f64>();
        assert!((power(&turned) / power(&rows) - 1.0).abs() < 1e-5, "{row_len}");
        rotation.turn_back(&mut turned);
        assert!(turned.iter().zip(&rows).all(|(a, b)| (a - b).abs() < 1e-5), "{row_len}");
    }
}

#[test]
fn an_outlier_is_spread_over_its_run() {
    let mut row = vec![0.0; 256];
    row[77] = 16.0;
    Rotation::of_rows(256).turn(&mut row);
    assert!(row.iter().all(|x| x.abs() == 1.0));
}

#[test]
fn runs_cover_a_row_once() {
    for row_len in [0, 1, 7, 384, 5000, 8192] {
        let mut next = 0;
        for run in runs(row_len) {
            assert!(run.start == next && run.len().is_power_of_two() && run.len() <= LONGEST_RUN);
            next = run.end;
        }
        assert_eq!(next, row_len);
    }
}
