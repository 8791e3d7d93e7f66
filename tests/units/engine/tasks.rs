use quantscope::engine::tasks::{filled, gather, map, together};

#[test]
fn results_come_in_the_order_of_the_parts_whatever_the_number_of_threads() {
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let found = pool.install(|| map((0..100).map(|i| i * 3), |i, part| (i, part)));
        assert!(found.into_iter().eq((0..100).map(|i| (i, i * 3))));
    }
    assert!(map(std::iter::empty::<u8>(), |_, part| part).is_empty());
    assert_eq!(together(|| map([1, 2, 3].into_iter(), |_, part| part * 2)), [2, 4, 6]);
}

#[test]
fn a_list_is_filled_to_its_end() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    for len in [0, 1, 1_000_003] {
        assert!(pool.install(|| filled(7u8, len)) == vec![7; len]);
    }
}

#[test]
fn every_item_is_in_one_of_the_sums() {
    let items: Vec<u64> = (0..1_003).collect();
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let sum = |sum: &mut u64, part: &[u64]| *sum += part.iter().sum::<u64>();
        let sums = pool.install(|| gather(&items, 10, || 0, sum));
        assert!((1..=threads).contains(&sums.len()));
        assert_eq!(sums.into_iter().sum::<u64>(), 1_003 * 1_002 / 2);
    }
    assert!(gather(&[0u8; 0], 10, || 0, |_, _| ()).is_empty());
}
