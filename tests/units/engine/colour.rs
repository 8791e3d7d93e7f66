use quantscope::engine::colour::{
    cube_root, delta_e2000, lab_from_srgb8, linear_from_srgb8, oklab_from_codes_each, oklab_from_srgb8,
    oklab_from_srgb8_each, srgb_code_from_linear, srgb8_from_linear, srgb8_from_oklab,
};

/// Sharma, Wu, Dalal 2005, table 1: L a b, L a b, difference.
const PAIRS: [[f32; 7]; 34] = [
    [50.0, 2.6772, -79.7751, 50.0, 0.0, -82.7485, 2.0425],
    [50.0, 3.1571, -77.2803, 50.0, 0.0, -82.7485, 2.8615],
    [50.0, 2.8361, -74.0200, 50.0, 0.0, -82.7485, 3.4412],
    [50.0, -1.3802, -84.2814, 50.0, 0.0, -82.7485, 1.0],
    [50.0, -1.1848, -84.8006, 50.0, 0.0, -82.7485, 1.0],
    [50.0, -0.9009, -85.5211, 50.0, 0.0, -82.7485, 1.0],
    [50.0, 0.0, 0.0, 50.0, -1.0, 2.0, 2.3669],
    [50.0, -1.0, 2.0, 50.0, 0.0, 0.0, 2.3669],
    [50.0, 2.49, -0.001, 50.0, -2.49, 0.0009, 7.1792],
    [50.0, 2.49, -0.001, 50.0, -2.49, 0.0010, 7.1792],
    [50.0, 2.49, -0.001, 50.0, -2.49, 0.0011, 7.2195],
    [50.0, 2.49, -0.001, 50.0, -2.49, 0.0012, 7.2195],
    [50.0, -0.001, 2.49, 50.0, 0.0009, -2.49, 4.8045],
    [50.0, -0.001, 2.49, 50.0, 0.0010, -2.49, 4.8045],
    [50.0, -0.001, 2.49, 50.0, 0.0011, -2.49, 4.7461],
    [50.0, 2.5, 0.0, 50.0, 0.0, -2.5, 4.3065],
    [50.0, 2.5, 0.0, 73.0, 25.0, -18.0, 27.1492],
    [50.0, 2.5, 0.0, 61.0, -5.0, 29.0, 22.8977],
    [50.0, 2.5, 0.0, 56.0, -27.0, -3.0, 31.9030],
    [50.0, 2.5, 0.0, 58.0, 24.0, 15.0, 19.4535],
    [50.0, 2.5, 0.0, 50.0, 3.1736, 0.5854, 1.0],
    [50.0, 2.5, 0.0, 50.0, 3.2972, 0.0, 1.0],
    [50.0, 2.5, 0.0, 50.0, 1.8634, 0.5757, 1.0],
    [50.0, 2.5, 0.0, 50.0, 3.2592, 0.3350, 1.0],
    [60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644],
    [63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630],
    [61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731],
    [35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645],
    [22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373],
    [36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146],
    [90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441],
    [90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381],
    [6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377],
    [2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082],
];

#[test]
fn all_34_published_pairs_agree_both_ways() {
    for [l1, a1, b1, l2, a2, b2, expected] in PAIRS {
        for (x, y) in [([l1, a1, b1], [l2, a2, b2]), ([l2, a2, b2], [l1, a1, b1])] {
            let found = delta_e2000(x, y);
            assert!((found - expected).abs() < 1e-4, "{x:?} {y:?}: {found} against {expected}");
        }
    }
}

/// The formula as it was published, with angles.
fn by_angles(first: [f32; 3], second: [f32; 3]) -> f64 {
    let [l1, a1, b1] = first.map(f64::from);
    let [l2, a2, b2] = second.map(f64::from);
    let pow7 = |c: f64| c.powi(7) / (c.powi(7) + 25f64.powi(7));
    let g = 0.5 * (1.0 - pow7((a1.hypot(b1) + a2.hypot(b2)) / 2.0).sqrt());
    let (a1, a2) = ((1.0 + g) * a1, (1.0 + g) * a2);
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue = |a: f64, b: f64| if a == 0.0 && b == 0.0 { 0.0 } else { b.atan2(a).to_degrees().rem_euclid(360.0) };
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let dh = match h2 - h1 {
        _ if c1 * c2 == 0.0 => 0.0,
        d if d > 180.0 => d - 360.0,
        d if d < -180.0 => d + 360.0,
        d => d,
    };
    let h = match h1 + h2 {
        sum if c1 * c2 == 0.0 => sum,
        sum if (h1 - h2).abs() <= 180.0 => sum / 2.0,
        sum if sum < 360.0 => (sum + 360.0) / 2.0,
        sum => (sum - 360.0) / 2.0,
    };
    let big_dh = 2.0 * (c1 * c2).sqrt() * (dh / 2.0).to_radians().sin();
    let (l, c) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0) - 0.20 * cos(4.0 * h - 63.0);
    let sl = 1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt();
    let turn = 30.0 * (-((h - 275.0) / 25.0).powi(2)).exp();
    let rt = -2.0 * pow7(c).sqrt() * (2.0 * turn).to_radians().sin();
    let (l, c, h) = ((l2 - l1) / sl, (c2 - c1) / (1.0 + 0.045 * c), big_dh / (1.0 + 0.015 * c * t));
    (l * l + c * c + h * h + rt * c * h).max(0.0).sqrt()
}

#[test]
fn the_formula_without_angles_is_the_published_one() {
    let mut random = quantscope::engine::random::Random::seeded(12);
    let mut lab = |spread: f32| -> [f32; 3] {
        [random.next_f32() * 100.0, (random.next_f32() - 0.5) * spread, (random.next_f32() - 0.5) * spread]
    };
    for round in 0..60_000 {
        let first = lab([250.0, 40.0, 1.0][round % 3]);
        let mut second = lab([250.0, 40.0, 1.0][round / 3 % 3]);
        match round % 5 {
            // Near each other, on an axis, without chroma.
            0 => second = std::array::from_fn(|c| first[c] + (second[c] - 50.0) / 1000.0),
            1 => second[1] = 0.0,
            2 => second[2] = 0.0,
            3 => (second[1], second[2]) = (0.0, 0.0),
            _ => {}
        }
        let (found, published) = (delta_e2000(first, second), by_angles(first, second));
        assert!((f64::from(found) - published).abs() < 1e-5, "{first:?} {second:?}: {found} {published}");
        assert_eq!(delta_e2000(first, first), 0.0);
    }
}

#[test]
fn lightness_and_its_two_axes_are_those_of_the_standard() {
    // Lindbloom's calculator, D65: white, the primaries, a dark grey below the linear part's end.
    let known: [([u8; 3], [f32; 3]); 5] = [
        ([255, 255, 255], [100.0, 0.0053, -0.0104]),
        ([255, 0, 0], [53.2408, 80.0925, 67.2032]),
        ([0, 255, 0], [87.7347, -86.1827, 83.1793]),
        ([0, 0, 255], [32.2970, 79.1875, -107.8602]),
        ([3, 3, 3], [0.8226, 0.0, 0.0]),
    ];
    for (rgb, lab) in known {
        let found = lab_from_srgb8(rgb);
        assert!(found.iter().zip(lab).all(|(x, y)| (x - y).abs() < 0.02), "{rgb:?}: {found:?} {lab:?}");
    }
}

#[test]
fn the_cube_root_is_true_to_the_last_digits() {
    for step in 1..=1_000_000u32 {
        let x = step as f32 / 1e6;
        let exact = f64::from(x).cbrt();
        assert!((f64::from(cube_root(x)) / exact - 1.0).abs() < 2.5e-7, "{x}: {} {exact}", cube_root(x));
    }
    assert_eq!(cube_root(0.0), 0.0);
}

#[test]
fn oklab_of_many_is_oklab_of_each() {
    let colors: Vec<[u8; 4]> = (0..5001u32).map(|i| (i * 3367).to_le_bytes()).collect();
    let each: Vec<[f32; 3]> = colors.iter().map(|c| oklab_from_srgb8([c[0], c[1], c[2]])).collect();
    assert_eq!(oklab_from_srgb8_each(&colors), each);
    let codes: Vec<[f32; 3]> = colors.iter().map(|c| [c[0], c[1], c[2]].map(f32::from)).collect();
    assert_eq!(oklab_from_codes_each(&codes), each);
    // Between codes the path is straight in light.
    let [below, between, above] = [[9.0; 3], [9.25; 3], [10.0; 3]];
    let light = |p: [f32; 3]| oklab_from_codes_each(&[p])[0][0].powi(3);
    assert!((light(between) - 0.75 * light(below) - 0.25 * light(above)).abs() < 1e-6);
}

#[test]
fn oklab_gives_every_colour_back() {
    // A lattice of 52³ colours, the corners among them.
    let steps = || (0..=255u8).step_by(5);
    for r in steps() {
        for g in steps() {
            for b in steps() {
                assert_eq!(srgb8_from_oklab(oklab_from_srgb8([r, g, b])), [r, g, b]);
            }
        }
    }
}

#[test]
fn known_colours_have_their_known_coordinates() {
    let close = |a: [f32; 3], b: [f32; 3], within: f32| {
        assert!(a.iter().zip(b).all(|(x, y)| (x - y).abs() < within), "{a:?} {b:?}");
    };
    close(lab_from_srgb8([255, 255, 255]), [100.0, 0.0, 0.0], 0.01);
    close(lab_from_srgb8([255, 0, 0]), [53.24, 80.09, 67.20], 0.02);
    close(oklab_from_srgb8([255, 255, 255]), [1.0, 0.0, 0.0], 1e-4);
    close(oklab_from_srgb8([255, 0, 0]), [0.627_96, 0.224_86, 0.125_85], 1e-4);
}

#[test]
fn the_table_of_codes_is_true_to_the_formula() {
    for step in 0..=100_000 {
        let linear = step as f32 / 100_000.0;
        let code = srgb_code_from_linear(linear);
        let l = f64::from(linear);
        let exact = 255.0 * if l <= 0.003_130_8 { l * 12.92 } else { 1.055 * l.powf(1.0 / 2.4) - 0.055 };
        assert!((f64::from(code) - exact).abs() < 0.01, "{linear} {code} {exact}");
    }
    for code in 0..=255 {
        assert!((srgb_code_from_linear(linear_from_srgb8(code)) - f32::from(code)).abs() < 0.01, "{code}");
    }
}

#[test]
fn linear_light_gives_every_code_back() {
    for code in 0..=255 {
        assert_eq!(srgb8_from_linear(linear_from_srgb8(code)), code);
    }
}
