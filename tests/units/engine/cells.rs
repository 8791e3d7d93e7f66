use quantscope::engine::cells::{Bounds, Boxes, Near, halving_order, nearest_on_paths, path_bits};
use quantscope::engine::codebook::Codebook;
use quantscope::engine::random::Random;

fn agrees<const D: usize>(entries: usize, whole: bool) {
    let mut random = Random::seeded(entries as u64);
    // Whole coordinates make ties common.
    let mut point = || -> [f32; D] {
        std::array::from_fn(|_| {
            let x = random.next_f32() * 40.0;
            if whole { x.round() } else { x }
        })
    };
    let mut points: Vec<[f32; D]> = (0..entries).map(|_| point()).collect();
    points.sort_by(|a, b| a.partial_cmp(b).unwrap());
    points.dedup();
    let book = Codebook::new(points);
    let values: Vec<[f32; D]> = (0..20_000).map(|_| point()).collect();
    let mut codes = vec![0; values.len()];
    let boxes = Boxes::new(&values, book.len());
    assert!(boxes.are_sorted());
    boxes.nearest(&book, &mut codes);
    for (x, code) in values.iter().zip(codes) {
        assert_eq!(code, book.nearest(*x));
    }
}

#[test]
fn boxes_change_nothing_but_the_time() {
    for entries in [64, 256, 1000] {
        agrees::<2>(entries, false);
        agrees::<3>(entries, false);
        agrees::<3>(entries, true);
        agrees::<4>(entries, true);
    }
}

fn paths_agree<const D: usize>(entries: usize) {
    let mut random = Random::seeded(entries as u64);
    let mut point = || -> [f32; D] { std::array::from_fn(|_| (random.next_f32() * 60.0 - 9.0).round()) };
    let points: Vec<[f32; D]> = (0..9_001).map(|_| point()).collect();
    let book = Codebook::new((0..entries).map(|_| point()).collect());
    let (paths, values): (Vec<u32>, Vec<[f32; D]>) =
        halving_order(&points).into_iter().map(|(path, i)| (path, points[i as usize])).unzip();
    let mut codes = vec![0; values.len()];
    nearest_on_paths(&book, &values, &paths, [path_bits(D) - 4, path_bits(D) - 8], &mut codes);
    for (x, &code) in values.iter().zip(&codes) {
        assert_eq!(code, book.nearest(*x));
    }
}

#[test]
fn paths_change_nothing_but_the_time() {
    for entries in [1, 4, 20, 300] {
        paths_agree::<2>(entries);
        paths_agree::<3>(entries);
        paths_agree::<4>(entries);
    }
}

#[test]
fn where_every_distance_overflows_all_entries_are_near() {
    let book = Codebook::new(vec![[3e38; 3], [-3e38; 3]]);
    let (all, mut near) = (Near::all(&book), Near::default());
    near.collect(&all, &Bounds { low: [-3e38; 3], high: [3e38; 3] }, 0.0);
    assert_eq!(near.entries(), [0, 1]);
    near.collect(&all.without(0), &Bounds { low: [3e38; 3], high: [3e38; 3] }, 0.0);
    assert_eq!(near.least([3e38; 3]), f32::INFINITY);
}

#[test]
fn an_entry_that_is_left_out_is_nobodys_nearest() {
    let book = Codebook::new((0..20).map(|i| [i as f32, 0.0]).collect());
    let mut near = Near::default();
    near.collect(&Near::all(&book).without(9), &Bounds { low: [9.0, 0.0], high: [9.0, 1.0] }, 0.0);
    assert_eq!(near.entries(), [8, 10]);
    assert_eq!(near.least([9.0, 0.5]), 1.25);
}

#[test]
fn what_is_sorted_by_its_bits_is_found_sorted() {
    let points: Vec<[f32; 2]> = (0..256u32).map(|i| [(i >> 4 & 15) as f32 * 16.0, (i & 15) as f32 * 16.0]).collect();
    let sorted: Vec<[f32; 2]> = halving_order(&points).into_iter().map(|(_, i)| points[i as usize]).collect();
    assert!(halving_order(&sorted).into_iter().map(|(_, i)| i).eq(0..256));
    let quarter = |p: &[f32; 2]| (p[0] >= 128.0, p[1] >= 128.0);
    assert_eq!(sorted.chunk_by(|a, b| quarter(a) == quarter(b)).count(), 4);
}

#[test]
fn points_in_one_spot_and_few_points_need_no_boxes() {
    let book = Codebook::new((0..64).map(|i| [i as f32, 0.0, 0.0]).collect());
    for values in [vec![[1.0; 3]; 5000], vec![[1.0, 2.0, 3.0]; 10]] {
        let mut out = vec![9; values.len()];
        let boxes = Boxes::new(&values, 64);
        assert!(!boxes.are_sorted());
        boxes.nearest(&book, &mut out);
        assert!(out.iter().all(|&k| k == 1));
    }
}
