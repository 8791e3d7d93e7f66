use quantscope::engine::control::Control;
use quantscope::engine::fit::{Goal, Method, fit};
use quantscope::engine::samples::Samples;

/// How many levels of the grid there are along each axis, for more points than levels that have these bounds.
fn steps_per_axis<const D: usize>(bounds: [(f32, f32); D], count: usize) -> [usize; D] {
    let last = 2 * count;
    let point = |i: usize| bounds.map(|(low, high)| low + (high - low) * i as f32 / last as f32);
    let points: Vec<[f32; D]> = (0..=last).map(point).collect();
    let goal = Goal { method: Method::Uniform, count, kept: &[], stored: |p| p, exact: None };
    let book = fit(goal, Samples::new(&points, 1), &Control::unwatched()).unwrap();
    std::array::from_fn(|c| {
        let mut levels: Vec<f32> = book.points().iter().map(|p| p[c]).collect();
        levels.sort_by(f32::total_cmp);
        levels.dedup();
        levels.len()
    })
}

#[test]
fn eight_levels_of_a_cube_are_its_octants_and_a_line_takes_them_all() {
    assert_eq!(steps_per_axis([(0.0, 255.0); 3], 8), [2, 2, 2]);
    assert_eq!(steps_per_axis([(0.0, 255.0); 3], 256), [7, 6, 6]);
    assert_eq!(steps_per_axis([(0.0, 0.0), (0.0, 9.0), (5.0, 5.0)], 16), [1, 16, 1]);
    assert_eq!(steps_per_axis([(-1.0, 1.0)], 5), [5]);
}
