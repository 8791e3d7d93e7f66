use quantscope::view::widgets::orbit::{LEAST_ZOOM, MOST_ZOOM, Orbit, REACH, cube_edges};

fn close(a: f32, b: f32) -> bool {
    (a - b).abs() < 1e-5
}

#[test]
fn from_the_front_x_is_right_y_is_up_and_z_comes_near() {
    let seen = Orbit::new(0.0, 0.0).see([0.5, 0.25, 1.0]);
    assert!(close(seen.right, 0.5 / REACH) && close(seen.up, 0.25 / REACH) && close(seen.near, 1.0));
}

#[test]
fn from_above_y_comes_near_and_a_quarter_turn_brings_z_to_the_left() {
    let above = Orbit::new(0.0, std::f32::consts::FRAC_PI_2).see([0.0, 1.0, 0.0]);
    assert!(close(above.near, 1.0) && close(above.up, 0.0));
    let turned = Orbit::new(std::f32::consts::FRAC_PI_2, 0.0).see([0.0, 0.0, 1.0]);
    assert!(close(turned.right, -1.0 / REACH) && close(turned.near, 0.0));
}

#[test]
fn lengths_stay_and_no_corner_leaves_the_view() {
    for i in 0..50 {
        let mut orbit = Orbit::default();
        orbit.turn(i as f32 * 0.37, i as f32 * 0.11 - 2.0);
        for (a, b) in cube_edges() {
            let length = |p: [f32; 3]| {
                let s = orbit.see(p);
                s.right.hypot(s.up) * REACH
            };
            let full = |p: [f32; 3]| length(p).hypot(orbit.see(p).near);
            assert!(close(full(a), REACH) && close(full(b), REACH));
            assert!(length(a) <= REACH + 1e-5);
        }
    }
}

#[test]
fn the_cube_has_twelve_different_edges_of_length_two() {
    let edges = cube_edges();
    for (i, (a, b)) in edges.iter().enumerate() {
        let length: f32 = a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum();
        assert_eq!(length, 4.0);
        assert!(edges[..i].iter().all(|e| e != &(*a, *b)));
    }
}

#[test]
fn zoom_and_height_stay_within_their_ends() {
    let mut orbit = Orbit::default();
    orbit.turn(1e4, 1e4);
    orbit.zoom_by(1e9);
    assert_eq!(orbit.zoom(), MOST_ZOOM);
    assert!(close(orbit.see([0.0, 1.0, 0.0]).near, 1.0), "straight from above");
    orbit.zoom_by(f32::NAN);
    orbit.zoom_by(1e-9);
    assert_eq!(orbit.zoom(), LEAST_ZOOM);
}
