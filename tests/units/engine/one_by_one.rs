use quantscope::engine::codebook::Codebook;
use quantscope::engine::one_by_one::OneByOne;
use quantscope::engine::random::Random;

fn agrees<const D: usize>(entries: usize, bounds: [(f32, f32); D]) {
    let mut random = Random::seeded(entries as u64);
    // Whole coordinates make ties and points on the sides of boxes common.
    let mut point = |wide: f32, whole: bool| -> [f32; D] {
        std::array::from_fn(|_| {
            let x = (random.next_f32() - 0.5) * wide + 20.0;
            if whole { x.round() } else { x }
        })
    };
    let mut points: Vec<[f32; D]> = (0..entries).map(|_| point(48.0, true)).collect();
    points.sort_by(|a, b| a.partial_cmp(b).unwrap());
    points.dedup();
    let book = Codebook::new(points);
    let mut search = OneByOne::new(&book, bounds);
    for i in 0..4000 {
        let x = point(80.0, i % 2 == 0);
        assert_eq!(search.nearest(x), book.nearest(x), "{D} {entries} {x:?}");
    }
}

#[test]
fn it_finds_what_a_look_at_every_entry_finds_ties_and_points_outside_included() {
    for entries in [1, 23, 24, 64, 256] {
        agrees::<3>(entries, [(0.0, 40.0), (4.0, 36.0), (0.0, 40.0)]);
        agrees::<4>(entries, [(0.0, 40.0); 4]);
        agrees::<2>(entries, [(0.0, 40.0), (20.0, 20.0)]);
        agrees::<1>(entries, [(0.0, 40.0)]);
    }
    agrees::<3>(100, [(f32::NEG_INFINITY, f32::INFINITY); 3]);
    agrees::<3>(100, [(f32::INFINITY, f32::NEG_INFINITY); 3]);
}

#[test]
fn what_is_no_number_gets_an_answer() {
    let book = Codebook::<3>::new((0..30).map(|k| [k as f32, 0.0, 1.0]).collect());
    let mut search = OneByOne::new(&book, [(0.0, 30.0); 3]);
    assert!(search.nearest([f32::NAN; 3]) < 30 && search.nearest([f32::INFINITY; 3]) < 30);
}
