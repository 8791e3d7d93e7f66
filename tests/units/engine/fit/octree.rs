use quantscope::engine::control::Control;
use quantscope::engine::fit::{Goal, Method, fit};
use quantscope::engine::samples::Samples;

fn fitted<const D: usize>(points: &[([f32; D], f32)], count: usize) -> Vec<[f32; D]> {
    let (points, weights): (Vec<[f32; D]>, Vec<f32>) = points.iter().copied().unzip();
    let goal = Goal { method: Method::Octree, count, kept: &[], stored: |p| p, exact: None };
    let samples = Samples { weights: Some(&weights), ..Samples::new(&points, 1) };
    let mut found = fit(goal, samples, &Control::unwatched()).unwrap().points().to_vec();
    found.sort_by(|a, b| a.partial_cmp(b).unwrap());
    found
}

#[test]
fn the_deepest_cubes_are_folded_first_and_the_least_used_of_them_before_others() {
    // 0 and 1 share a cube of the last level, and so do 254 and 255; 100 stands alone.
    let points = [([0.0; 3], 5.0), ([1.0; 3], 5.0), ([254.0; 3], 1.0), ([255.0; 3], 3.0), ([100.0; 3], 0.1)];
    assert_eq!(fitted(&points, 4), [[0.0; 3], [1.0; 3], [100.0; 3], [254.75; 3]]);
    assert_eq!(fitted(&points, 3), [[0.5; 3], [100.0; 3], [254.75; 3]]);
}

#[test]
fn on_a_line_the_tree_is_binary_and_halves_where_there_are_points() {
    let points: Vec<([f32; 1], f32)> = (0..64).map(|i| ([i as f32], 1.0)).collect();
    assert_eq!(fitted(&points, 4), [[7.5], [23.5], [39.5], [55.5]]);
}

#[test]
fn a_cube_is_folded_only_as_far_as_it_takes() {
    let corners: Vec<([f32; 3], f32)> =
        (0..8).map(|i| ([i & 1, i >> 1 & 1, i >> 2 & 1].map(|bit| bit as f32 * 255.0), 1.0 + i as f32)).collect();
    for count in 1..=8 {
        assert_eq!(fitted(&corners, count).len(), count);
    }
    // The two least used corners become one.
    let seven = fitted(&corners, 7);
    assert!(seven.contains(&[2.0 / 3.0 * 255.0, 0.0, 0.0]), "{seven:?}");
}
